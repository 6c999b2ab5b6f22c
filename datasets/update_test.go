package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
)

// put writes a series into a data set in chunks of some rows.
func put(t testing.TB, folder string, s *market.Series, format Format, rows int, about Manifest) ManifestFile {
	t.Helper()
	u := updated(t, folder, true, s, format, rows)
	if err := u.Commit(context.Background(), about); err != nil {
		t.Fatal(err)
	}
	return u.files[0]
}

// updated returns an update of a folder that a series was put into, in chunks of
// some rows.
func updated(t testing.TB, folder string, replace bool, s *market.Series, format Format, rows int) *Update {
	t.Helper()
	u, err := BeginUpdate(folder, replace)
	if err != nil {
		t.Fatal(err)
	}
	name := Name{s.Pair.ID, Interval(s.IntervalMS), format}
	w, err := u.Create(name, WriterOptions{Pair: s.Pair, Columns: Stored(s), Calendar: MarketCalendar})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for i := 0; i < s.Len(); i += rows {
		if err := w.Append(s.Slice(i, min(i+rows, s.Len()))); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	u.Put(file)
	return u
}

// names lists what is in a folder, hidden things too.
func names(t testing.TB, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// TestAWriterWritesTheBytesOfWrite: as a stream in any chunks, and whole, a
// series makes the same file.
func TestAWriterWritesTheBytesOfWrite(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), groupRows+1000)
	for _, format := range formats {
		name := Name{"BTCUSD", Minute, format}
		whole := filepath.Join(t.TempDir(), name.String())
		if err := Write(context.Background(), whole, s); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(whole)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(want)
		for _, rows := range []int{1 << 20, 40_001} {
			folder := t.TempDir()
			file := put(t, folder, s, format, rows, Manifest{})
			got, err := os.ReadFile(filepath.Join(folder, name.String()))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s in chunks of %d: %d bytes, %v, want the %d of Write", format, rows, len(got), err, len(want))
			}
			if file.SHA256 != hex.EncodeToString(sum[:]) || file.Bytes != int64(len(want)) || file.Rows != int64(s.Len()) ||
				file.FirstMS != t0 || file.LastMS != t0+int64(s.Len()-1)*int64(Minute) {
				t.Errorf("%s is described as %+v", format, file)
			}
			if left := names(t, folder); left != name.String()+" "+ManifestName && left != ManifestName+" "+name.String() {
				t.Errorf("the folder has %s", left)
			}
		}
	}
}

// TestContentNamesTheCandles computes the content hash as its documentation says,
// and finds it the same in every format.
func TestContentNamesTheCandles(t *testing.T) {
	s := walk(pairOf(t, "EURUSD"), 3000)
	s.Bid, s.Ask = nil, nil
	all := sha256.New()
	fmt.Fprintf(all, "ptnsim-candles-1\n60000 ms\ntime,open,high,low,close,volume\n3000 rows\n")
	column := func(words []uint64) {
		h := sha256.New()
		for _, w := range words {
			h.Write(binary.LittleEndian.AppendUint64(nil, w))
		}
		all.Write(h.Sum(nil))
	}
	var times []uint64
	for _, ms := range s.Time {
		times = append(times, uint64(ms))
	}
	column(times)
	for _, col := range [][]float64{s.Open, s.High, s.Low, s.Close, s.Volume} {
		var bits []uint64
		for _, x := range col {
			bits = append(bits, math.Float64bits(x))
		}
		column(bits)
	}
	want := hex.EncodeToString(all.Sum(nil))
	for _, format := range formats {
		folder := t.TempDir()
		if file := put(t, folder, s, format, 777, Manifest{}); file.Content != want {
			t.Errorf("%s: content %s, want %s", format, file.Content, want)
		}
		os.Remove(filepath.Join(folder, ManifestName)) // so that it is computed from the file
		set, err := OpenSet(OpenOptions{}, folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Verify(context.Background(), nil); err != nil || set.Files[0].Content != want {
			t.Errorf("%s: read as %s, %v, want %s", format, set.Files[0].Content, err, want)
		}
	}
	s.Close[2999] = math.Nextafter(s.Close[2999], 0)
	if file := put(t, t.TempDir(), s, Parquet, 777, Manifest{}); file.Content == want {
		t.Error("other candles have the same content")
	}
}

// TestGapsAreCountedAgainstTheMarket: EURUSD minutes from Friday 2025-01-10
// 16:58 New York (21:58 UTC). The market closes at 22:00 and opens on Sunday
// 22:00 UTC, so the weekend is no gap; 22:00 to 22:03 on Sunday is one of 3
// minutes, and 22:04 to 22:05 one of a minute.
func TestGapsAreCountedAgainstTheMarket(t *testing.T) {
	friday := t0 + 4*int64(Day) + 21*int64(Hour) + 58*int64(Minute)
	sunday := t0 + 6*int64(Day) + 22*int64(Hour)
	times := []int64{friday, friday + 60000, sunday + 180000, sunday + 300000}
	s := walk(pairOf(t, "EURUSD"), len(times))
	s.Time = times
	for _, rows := range []int{1, 4} {
		file := put(t, t.TempDir(), s, CSV, rows, Manifest{})
		want := Gaps{Count: 2, TotalMS: 240000, Longest: []Gap{
			{FromMS: friday + 120000, ToMS: sunday + 180000, OpenMS: 180000},
			{FromMS: sunday + 240000, ToMS: sunday + 300000, OpenMS: 60000},
		}}
		if file.Gaps.Count != want.Count || file.Gaps.TotalMS != want.TotalMS || !slices.Equal(file.Gaps.Longest, want.Longest) {
			t.Errorf("in chunks of %d: %+v, want %+v", rows, file.Gaps, want)
		}
	}
}

func TestTheLongestGapsAreKept(t *testing.T) {
	var g Gaps
	for i := range int64(3 * maxGapsKept) {
		g.Add(Gap{FromMS: i, OpenMS: i % (2 * maxGapsKept)})
	}
	// The lengths 0 to 199 once and 0 to 99 a second time: 100 to 199 are kept.
	if g.Count != 3*maxGapsKept || len(g.Longest) != maxGapsKept || g.Longest[0].FromMS != maxGapsKept || g.Longest[maxGapsKept-1].FromMS != 2*maxGapsKept-1 {
		t.Errorf("%d gaps, kept %d from %+v to %+v", g.Count, len(g.Longest), g.Longest[0], g.Longest[len(g.Longest)-1])
	}
}

func TestAWriterRefusesWhatNoReaderTakes(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), 10)
	s.Time[7] = s.Time[6]
	folder := t.TempDir()
	w, err := NewWriter(folder, Name{"BTCUSD", Minute, Parquet}, WriterOptions{Pair: s.Pair, Columns: AllColumns})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	refused(t, w.Append(s), ErrDuplicate, filepath.Join(folder, "BTCUSD-1m.parquet"), "row 8")
	if _, err := w.Close(); !errors.Is(err, ErrDuplicate) {
		t.Errorf("closed with %v", err)
	}
	if left := names(t, folder); left != "" {
		t.Errorf("it left %s", left)
	}
}

func TestAnUpdateThatIsGivenUpLeavesTheFolderAsItWas(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), 100)
	for _, format := range formats {
		folder := filepath.Join(t.TempDir(), "new")
		u, err := BeginUpdate(folder, false)
		if err != nil {
			t.Fatal(err)
		}
		w, err := u.Create(Name{"BTCUSD", Minute, format}, WriterOptions{Pair: s.Pair, Columns: AllColumns})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Append(s); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		u.Abort()
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the folder is there, with %s", format, names(t, folder))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	folder := t.TempDir()
	u, err := BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(ctx, Manifest{}); !errors.Is(err, context.Canceled) || names(t, folder) != "" {
		t.Errorf("committed with %v, leaving %s", err, names(t, folder))
	}
}

func TestAnUpdateReplacesOnlyWhenAsked(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), 100)
	folder := t.TempDir()
	put(t, folder, s, CSV, 100, Manifest{Source: "a walk", Licence: "none"})
	u, err := BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Abort()
	_, err = u.Create(Name{"BTCUSD", Minute, Parquet}, WriterOptions{Pair: s.Pair, Columns: AllColumns})
	refused(t, err, ErrExists, filepath.Join(folder, "BTCUSD-1m.csv"), "--force")

	put(t, folder, s, Parquet, 100, Manifest{})
	m, err := ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	if m.Source != "" || m.Licence != "" || len(m.Files) != 1 || m.Files[0].Name != "BTCUSD-1m.parquet" {
		t.Errorf("the manifest is %+v", m)
	}
	if got := names(t, folder); strings.Contains(got, "csv") {
		t.Errorf("the folder has %s", got)
	}

	// What is said of files that stay stays.
	put(t, folder, s, Parquet, 100, Manifest{Source: "a walk", Licence: "CC0"})
	eth := *s
	eth.Pair = pairOf(t, "ETHUSD")
	put(t, folder, &eth, Parquet, 100, Manifest{Source: "another walk", Licence: "CC0"})
	if m, err = ReadManifest(folder); err != nil || m.Source != "a walk; another walk" || m.Licence != "CC0" || len(m.Files) != 2 {
		t.Errorf("the manifest is %+v, %v", m, err)
	}
}

// TestARunIsToldOfEveryChange: what Verify and OpenSet make of a data set that
// is not what its manifest says.
func TestARunIsToldOfEveryChange(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), 100)
	cases := map[string]struct {
		change  func(folder string) error
		problem error
		says    string
	}{
		"nothing": {change: func(string) error { return nil }},
		"a byte": {func(folder string) error {
			path := filepath.Join(folder, "BTCUSD-1m.csv")
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b[len(b)-2] ^= 1
			return os.WriteFile(path, b, 0o644)
		}, ErrChanged, "BTCUSD-1m.csv: found other bytes than dataset.json describes"},
		"a file more": {func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "ETHUSD-1m.csv"), []byte("time,close\n"), 0o644)
		}, ErrChanged, "ETHUSD-1m.csv: found a file that dataset.json does not list"},
		"a file less":          {func(folder string) error { return os.Remove(filepath.Join(folder, "EURUSD-1m.csv")) }, ErrMissing, "EURUSD-1m.csv"},
		"the manifest's bytes": {edit("100", "1e2"), ErrManifest, ManifestName},
		"a field":              {edit(`"rows"`, `"raws"`), ErrManifest, `unknown field "raws"`},
		"the schema":           {edit("dataset-1", "dataset-9"), ErrManifest, "dataset-9"},
		"a path":               {edit(`"name": "BTC`, `"name": "../BTC`), ErrManifest, "../BTC"},
		"a name that is none":  {edit(`"name": "BTCUSD-1m.csv"`, `"name": "passwd"`), ErrManifest, "passwd"},
		"a hash that is none":  {edit(`"sha256": "`, `"sha256": "0`), ErrManifest, "the hash"},
		"the candles' hash":    {flip("content"), ErrChanged, "dataset.json: found a content of BTCUSD-1m.csv"},
		"the hash":             {flip("sha256"), ErrChanged, "BTCUSD-1m.csv"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			put(t, folder, s, CSV, 100, Manifest{})
			e := *s
			e.Pair = pairOf(t, "EURUSD")
			put(t, folder, &e, CSV, 100, Manifest{})
			if err := tc.change(folder); err != nil {
				t.Fatal(err)
			}
			set, err := OpenSet(OpenOptions{}, folder)
			if err == nil {
				err = set.Verify(context.Background(), nil)
			}
			if !errors.Is(err, tc.problem) || tc.problem != nil && !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v, want %v with %q", err, tc.problem, tc.says)
			}
		})
	}
}

// edit replaces a text in the manifest, where it stands first.
func edit(from, to string) func(string) error {
	return func(folder string) error {
		path := filepath.Join(folder, ManifestName)
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !strings.Contains(string(b), from) {
			return fmt.Errorf("no %q in %s", from, b)
		}
		return os.WriteFile(path, []byte(strings.Replace(string(b), from, to, 1)), 0o644)
	}
}

// flip changes the last digit of the first hash of a field.
func flip(field string) func(string) error {
	return func(folder string) error {
		path := filepath.Join(folder, ManifestName)
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		key := `"` + field + `": "`
		i := strings.Index(string(b), key) + len(key) + 63
		b[i] = "10"[b[i]&1] // another digit than it was
		return os.WriteFile(path, b, 0o644)
	}
}

// TestUpdatesOfOneFolderTakeTurns: what each of many put is in the manifest.
func TestUpdatesOfOneFolderTakeTurns(t *testing.T) {
	folder := t.TempDir()
	pairs := market.Pairs()[:20]
	errs := make([]error, len(pairs))
	var all sync.WaitGroup
	for i, pair := range pairs {
		u := updated(t, folder, false, walk(pair, 50), CSV, 50)
		all.Go(func() { errs[i] = u.Commit(context.Background(), Manifest{}) })
	}
	all.Wait()
	m, err := ReadManifest(folder)
	if err := errors.Join(append(errs, err)...); err != nil || len(m.Files) != len(pairs) {
		t.Errorf("%d files are described, %v, want %d", len(m.Files), err, len(pairs))
	}
}

// TestTheSecondOfTwoUpdatesIsRefused: both began when the folder was empty.
func TestTheSecondOfTwoUpdatesIsRefused(t *testing.T) {
	folder, s := t.TempDir(), walk(pairOf(t, "BTCUSD"), 50)
	var updates [2]*Update
	for i := range updates {
		updates[i] = updated(t, folder, false, s.Slice(0, 50-i), CSV, 50)
	}
	if err := updates[0].Commit(context.Background(), Manifest{}); err != nil {
		t.Fatal(err)
	}
	if err := updates[1].Commit(context.Background(), Manifest{}); !errors.Is(err, ErrExists) {
		t.Errorf("the second: %v", err)
	}
	if m, err := ReadManifest(folder); err != nil || m.Files[0].Rows != 50 {
		t.Errorf("%+v, %v", m, err)
	}
	if got := names(t, folder); got != "BTCUSD-1m.csv "+ManifestName {
		t.Errorf("the folder has %s", got)
	}
}

// TestACommitThatFailsPutsEverythingBack: of two files the second is gone before
// it can be placed.
func TestACommitThatFailsPutsEverythingBack(t *testing.T) {
	folder := t.TempDir()
	btc, eth := walk(pairOf(t, "BTCUSD"), 50), walk(pairOf(t, "ETHUSD"), 50)
	put(t, folder, btc, Parquet, 50, Manifest{Source: "first"})
	before, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	u, err := BeginUpdate(folder, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*market.Series{btc.Slice(0, 20), eth} {
		w, err := u.Create(Name{s.Pair.ID, Minute, CSV}, WriterOptions{Pair: s.Pair, Columns: AllColumns})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Append(s); err != nil {
			t.Fatal(err)
		}
		file, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		u.Put(file)
	}
	if err := os.Remove(filepath.Join(u.staging, "ETHUSD-1m.csv")); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(context.Background(), Manifest{Source: "second"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("committed with %v", err)
	}
	after, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("the manifest is %s, %v", after, err)
	}
	if got := names(t, folder); got != "BTCUSD-1m.parquet "+ManifestName {
		t.Errorf("the folder has %s", got)
	}
	set, err := OpenSet(OpenOptions{}, folder)
	if err == nil {
		err = set.Verify(context.Background(), nil)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestWhatAKilledUpdateLeftIsRemoved: but not what another is writing.
func TestWhatAKilledUpdateLeftIsRemoved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no lock to tell by")
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, stagingPrefix+"dead", "deep"), 0o777); err != nil {
		t.Fatal(err)
	}
	alive, err := BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Abort()
	other, err := BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Abort()
	got := strings.Fields(names(t, folder))
	slices.Sort(got)
	want := []string{filepath.Base(alive.staging), filepath.Base(other.staging)}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the folder has %v, want %v", got, want)
	}
}

// TestAKilledCommitIsUndoneByTheNextUpdate: it had moved the old candles aside,
// and not yet placed its manifest.
func TestAKilledCommitIsUndoneByTheNextUpdate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no lock to tell by")
	}
	folder := t.TempDir()
	put(t, folder, walk(pairOf(t, "BTCUSD"), 50), CSV, 50, Manifest{})
	killed := filepath.Join(folder, stagingPrefix+"killed")
	if err := os.Mkdir(killed, 0o777); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(folder, "BTCUSD-1m.csv")
	if err := errors.Join(os.Rename(old, filepath.Join(killed, "replaced-BTCUSD-1m.csv")),
		os.WriteFile(old, []byte("half"), 0o644), os.WriteFile(filepath.Join(killed, ManifestName), []byte("{}"), 0o644)); err != nil {
		t.Fatal(err)
	}
	put(t, folder, walk(pairOf(t, "ETHUSD"), 50), CSV, 50, Manifest{})
	set, err := OpenSet(OpenOptions{}, folder)
	if err == nil {
		err = set.Verify(context.Background(), nil)
	}
	if err != nil || len(set.Files) != 2 {
		t.Errorf("%v; the folder has %s", err, names(t, folder))
	}
	// Once the manifest is in place the old candles are no more needed.
	if err := errors.Join(os.Mkdir(killed, 0o777), os.WriteFile(filepath.Join(killed, "replaced-BTCUSD-1m.csv"), []byte("old"), 0o644)); err != nil {
		t.Fatal(err)
	}
	put(t, folder, walk(pairOf(t, "SOLUSD"), 50), CSV, 50, Manifest{})
	if set, err = OpenSet(OpenOptions{}, folder); err == nil {
		err = set.Verify(context.Background(), nil)
	}
	if got := names(t, folder); err != nil || strings.Contains(got, "killed") {
		t.Errorf("%v; the folder has %s", err, got)
	}
}

// TestRecordDescribesTheFolderAsItIs: after a change of one's own.
func TestRecordDescribesTheFolderAsItIs(t *testing.T) {
	ctx := context.Background()
	s := walk(pairOf(t, "BTCUSD"), 100)
	folder := t.TempDir()
	want := put(t, folder, s, CSV, 100, Manifest{Source: "a walk"})
	if err := edit(want.SHA256, strings.Repeat("0", 64))(folder); err != nil {
		t.Fatal(err)
	}
	m, err := Record(ctx, folder, market.Pairs(), Manifest{Licence: "CC0"}, MarketCalendar)
	if err != nil {
		t.Fatal(err)
	}
	if m.Source != "a walk" || m.Licence != "CC0" || len(m.Files) != 1 || m.Files[0].SHA256 != want.SHA256 || m.Files[0].Content != want.Content ||
		m.Files[0].Rows != want.Rows || m.Files[0].Columns != want.Columns {
		t.Errorf("recorded %+v, want %+v", m, want)
	}
	set, err := OpenSet(OpenOptions{}, folder)
	if err == nil {
		err = set.Verify(ctx, nil)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestMemoryForgetsWhatChanged: a hash is remembered only for a file of the same
// size and time, and never for one that was written a moment ago.
func TestMemoryForgetsWhatChanged(t *testing.T) {
	ctx := context.Background()
	folder, memoryFile := t.TempDir(), filepath.Join(t.TempDir(), "deep", "verified.json")
	path := filepath.Join(folder, "BTCUSD-1m.csv")
	now := time.Now().Add(time.Hour) // what is written now was written an hour ago
	write := func(close string, age time.Duration) {
		text := "time,close\n1736121600000," + close + "\n1736121660000,5\n"
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		at := now.Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	verified := func() string {
		t.Helper()
		m := OpenMemory(memoryFile, now)
		set, err := OpenSet(OpenOptions{}, folder)
		if err == nil {
			err = set.Verify(ctx, m)
		}
		if err == nil {
			err = m.Save()
		}
		if err != nil {
			t.Fatal(err)
		}
		return set.Files[0].SHA256
	}
	hash := func(close string) string {
		sum := sha256.Sum256([]byte("time,close\n1736121600000," + close + "\n1736121660000,5\n"))
		return hex.EncodeToString(sum[:])
	}
	write("4", time.Second) // too fresh to be remembered
	verified()
	write("6", time.Second)
	if got := verified(); got != hash("6") {
		t.Error("a fresh file was remembered")
	}
	write("4", time.Hour)
	verified()
	if err := poison(memoryFile); err != nil {
		t.Fatal(err)
	}
	if got := verified(); got != strings.Repeat("0", 64) {
		t.Error("an old file was not remembered")
	}
	if runtime.GOOS == "linux" || runtime.GOOS == "darwin" { // which tell of changes with an old time
		write("7", time.Hour)
		if got := verified(); got != hash("7") {
			t.Error("a file that was changed under its old time and size was taken for the old one")
		}
	}
	write("7", 2*time.Hour)
	if got := verified(); got != hash("7") {
		t.Error("a file of another time was remembered")
	}
	write("70", 2*time.Hour)
	if got := verified(); got != hash("70") {
		t.Error("a file of another size was remembered")
	}
	if err := os.WriteFile(memoryFile, []byte("{nonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := verified(); got != hash("70") {
		t.Error("a damaged memory gives another hash")
	}
}

// poison makes a memory claim a hash that no file has, so that what is taken from
// it shows.
func poison(memoryFile string) error {
	b, err := os.ReadFile(memoryFile)
	if err != nil {
		return err
	}
	b = regexp.MustCompile(`"sha256":"[0-9a-f]{64}"`).ReplaceAll(b, []byte(`"sha256":"`+strings.Repeat("0", 64)+`"`))
	return os.WriteFile(memoryFile, b, 0o644)
}

func TestSetsAreFoundBelowAFolder(t *testing.T) {
	root := t.TempDir()
	s := walk(pairOf(t, "BTCUSD"), 10)
	put(t, filepath.Join(root, "b", "deep"), s, CSV, 10, Manifest{})
	put(t, filepath.Join(root, ".hidden"), s, CSV, 10, Manifest{})
	if err := os.MkdirAll(filepath.Join(root, "a"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), filepath.Join(root, "a", "BTCUSD-1m.csv"), s); err != nil {
		t.Fatal(err)
	}
	got, err := Sets(context.Background(), root)
	if want := []string{filepath.Join(root, "a"), filepath.Join(root, "b", "deep")}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func FuzzManifest(f *testing.F) {
	folder := f.TempDir()
	s := walk(pairOf(f, "BTCUSD"), 10)
	put(f, folder, s, CSV, 10, Manifest{Source: "a walk"})
	b, err := os.ReadFile(filepath.Join(folder, ManifestName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"schema":"ptnsim-dataset-1","files":[{"name":"../x-1m.csv"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest("dataset.json", data)
		if err != nil {
			if _, ok := errors.AsType[*Refusal](err); !ok {
				t.Errorf("not a refusal: %v", err)
			}
			return
		}
		for _, e := range m.Files {
			if filepath.Base(e.Name) != e.Name {
				t.Errorf("%q leads out of the folder", e.Name)
			}
		}
		text, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseManifest("dataset.json", text); err != nil {
			t.Errorf("what was read and written is refused: %v", err)
		}
	})
}
