package convert

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// write writes candle files into a folder.
func write(t testing.TB, folder string, format datasets.Format, all ...*market.Series) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		name := datasets.Name{Pair: s.Pair.ID, Interval: datasets.Interval(s.IntervalMS), Format: format}
		if err := datasets.Write(context.Background(), filepath.Join(folder, name.String()), s); err != nil {
			t.Fatal(err)
		}
	}
}

// options are those that every conversion of the tests has.
func options(out string, paths ...string) Options {
	return Options{Paths: paths, Out: out, Pairs: market.Pairs(), Hours: hoursOf, Command: "ptnsim data convert"}
}

func bytesOf(t testing.TB, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustRun(t testing.TB, o Options) []Made {
	t.Helper()
	made, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func read(t testing.TB, path ...string) *market.Series {
	t.Helper()
	c, err := datasets.Read(context.Background(), filepath.Join(path...), market.Pairs(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.Series
}

// odd are candles whose numbers need every digit.
func odd(t testing.TB, id string, n int) *market.Series {
	s := &market.Series{Pair: pairOf(t, id), IntervalMS: 60_000}
	x := 1.0 / 3
	for i := range n {
		x = float64(x*1.0000001) + 1e-13
		s.Time = append(s.Time, utc(t, "2025-03-03 00:00")+int64(i)*60_000)
		s.Open, s.Close = append(s.Open, x), append(s.Close, x/1.00001)
		s.High, s.Low, s.Volume = append(s.High, x*1.1), append(s.Low, x/1.1), append(s.Volume, 1e3*x)
	}
	return s
}

func TestFormatsKeepEveryBit(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	closeOnly := odd(t, "ETHUSD", 3000)
	closeOnly.Open, closeOnly.High, closeOnly.Low, closeOnly.Volume = closeOnly.Close, closeOnly.Close, closeOnly.Close, nil
	write(t, in, datasets.Parquet, odd(t, "BTCUSD", 200_000), closeOnly)
	last := in
	var content []string
	for _, format := range []datasets.Format{datasets.Arrow, datasets.CSV, datasets.Parquet} {
		var folders [2]string
		for k, twice := range []string{"", "-again"} {
			folders[k] = filepath.Join(dir, string(format)+twice)
			o := options(folders[k], last)
			o.Format = format
			made := mustRun(t, o)
			content = append(content, made[0].Content+" "+made[1].Content)
		}
		for _, name := range []string{"BTCUSD-1m." + string(format), "ETHUSD-1m." + string(format), datasets.ManifestName} {
			if bytesOf(t, folders[0], name) != bytesOf(t, folders[1], name) {
				t.Errorf("%s: converting twice makes different bytes", name)
			}
		}
		last = folders[0]
	}
	for _, name := range []string{"BTCUSD-1m.parquet", "ETHUSD-1m.parquet"} {
		if bytesOf(t, last, name) != bytesOf(t, in, name) {
			t.Errorf("%s: Parquet to Arrow to CSV to Parquet changed the file", name)
		}
	}
	if len(slices.Compact(content)) != 1 {
		t.Errorf("formats differ in content: %v", content)
	}
	if !datasets.CloseOnly(read(t, last, "ETHUSD-1m.parquet")) {
		t.Error("closes became candles")
	}
}

func TestManifestTellsTheOrigin(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	write(t, in, datasets.CSV, numbered(t, pairOf(t, "BTCUSD"), datasets.Minute, span{"2025-03-03 00:01", "2025-03-03 00:13"}))
	calendar := func(p market.Pair, from, to int64) (datasets.Calendar, error) {
		return datasets.MarketCalendar(p, from, to)
	}
	recorded, err := datasets.Record(context.Background(), in, market.Pairs(), datasets.Manifest{Source: "an exchange", Licence: "CC0"}, calendar)
	if err != nil {
		t.Fatal(err)
	}
	o := options(out, in)
	o.Interval, o.Format, o.Rename = 5*datasets.Minute, datasets.Arrow, map[string]string{"BTCUSD": "ETHUSD"}
	mustRun(t, o)
	m, err := datasets.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	if m.Source != "an exchange" || m.Licence != "CC0" || len(m.Files) != 1 || m.Files[0].Name != "ETHUSD-5m.arrow" || m.Files[0].Rows != 1 {
		t.Fatalf("%+v", m)
	}
	origin := m.Files[0].Origin
	if origin.Command != "ptnsim data convert" || origin.Policies["interval"] != "1m to 5m" || origin.Policies["grid"] != "session" || origin.Policies["partial"] != "ends" {
		t.Errorf("%+v", origin)
	}
	if in := recorded.Files[0]; !slices.Equal(origin.Inputs, []datasets.OriginInput{{Name: "BTCUSD-1m.csv", Bytes: in.Bytes, SHA256: in.SHA256}}) {
		t.Errorf("inputs %+v", origin.Inputs)
	}
	want := []datasets.Change{
		{What: "renamed from BTCUSD to ETHUSD (files)", Count: 1},
		{What: "dropped coarse candles that are cut off at the first or last candle", Count: 2},
	}
	if !slices.Equal(origin.Changes, want) {
		t.Errorf("changes %+v, want %+v", origin.Changes, want)
	}
}

func TestRunMergesCutsAndAligns(t *testing.T) {
	dir := t.TempDir()
	btc, eth := pairOf(t, "BTCUSD"), pairOf(t, "ETHUSD")
	january, february := filepath.Join(dir, "january"), filepath.Join(dir, "february")
	const m = datasets.Minute
	write(t, january, datasets.Parquet, numbered(t, btc, m, span{"2025-01-31 23:00", "2025-02-01 00:00"}), numbered(t, eth, m, span{"2025-01-31 23:30", "2025-02-01 00:00"}))
	write(t, february, datasets.CSV, numbered(t, btc, m, span{"2025-02-01 00:00", "2025-02-01 01:00"}),
		numbered(t, eth, m, span{"2025-02-01 00:00", "2025-02-01 00:10"}, span{"2025-02-01 00:20", "2025-02-01 01:30"}))

	tests := []struct {
		name     string
		o        Options
		btc, eth []string // first and last time, number of candles
	}{
		{"merged", Options{}, []string{"2025-01-31T23:00:00Z", "2025-02-01T00:59:00Z", "120"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T01:29:00Z", "110"}},
		{"a window of all", Options{Align: AlignWindow}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:59:00Z", "90"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:59:00Z", "80"}},
		{"times that all have", Options{Align: AlignTimes}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:59:00Z", "80"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:59:00Z", "80"}},
		{"cut within one file", Options{FromMS: utc(t, "2025-02-01 00:05"), ToMS: utc(t, "2025-02-01 00:50")},
			[]string{"2025-02-01T00:05:00Z", "2025-02-01T00:49:00Z", "45"}, []string{"2025-02-01T00:05:00Z", "2025-02-01T00:49:00Z", "35"}},
		{"wider than the files", Options{FromMS: utc(t, "2025-01-01 00:00"), ToMS: utc(t, "2025-03-01 00:00")},
			[]string{"2025-01-31T23:00:00Z", "2025-02-01T00:59:00Z", "120"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T01:29:00Z", "110"}},
		// ETH's quarter of an hour from 00:00 has ten minutes, the next also ten.
		{"coarser, aligned", Options{Interval: 15 * m, Align: AlignTimes},
			[]string{"2025-01-31T23:30:00Z", "2025-02-01T00:45:00Z", "6"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:45:00Z", "6"}},
		{"coarser, whole ones only, aligned", Options{Interval: 15 * m, Align: AlignTimes, Partial: DropPartial},
			[]string{"2025-01-31T23:30:00Z", "2025-02-01T00:45:00Z", "4"}, []string{"2025-01-31T23:30:00Z", "2025-02-01T00:45:00Z", "4"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := tt.o
			base := options(filepath.Join(t.TempDir(), "out"), january, february)
			o.Paths, o.Out, o.Pairs, o.Hours, o.Merge, o.Format = base.Paths, base.Out, base.Pairs, base.Hours, true, datasets.Parquet
			made := mustRun(t, o)
			for k, want := range [][]string{tt.btc, tt.eth} {
				s := read(t, o.Out, made[k].Name)
				got := []string{stamp(s.Time[0]), stamp(s.Time[s.Len()-1]), strconv.Itoa(s.Len())}
				if !slices.Equal(got, want) || made[k].Rows != int64(s.Len()) {
					t.Errorf("%s: %v, want %v", made[k].Name, got, want)
				}
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	const m = datasets.Minute
	btc := numbered(t, pairOf(t, "BTCUSD"), m, span{"2025-01-01 00:00", "2025-01-01 00:10"})
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	write(t, a, datasets.CSV, btc)
	write(t, b, datasets.CSV, numbered(t, pairOf(t, "BTCUSD"), m, span{"2025-01-01 00:05", "2025-01-01 00:15"}))
	write(t, c, datasets.CSV, numbered(t, pairOf(t, "ETHUSD"), 5*m, span{"2025-02-01 00:00", "2025-02-01 01:00"}))
	tests := []struct {
		name    string
		change  func(o *Options)
		problem error
		say     string
	}{
		{"its own input", func(o *Options) { o.Out = a }, datasets.ErrExists, "a: found the folder that is read, expected another one"},
		{"two files without a merge", func(o *Options) { o.Paths = []string{a, b} }, datasets.ErrInterval, "--merge"},
		{"a conflict", func(o *Options) { o.Paths, o.Merge = []string{a, b}, true }, datasets.ErrDuplicate, "--on-conflict"},
		{"nothing there", func(o *Options) { o.Paths = []string{filepath.Join(dir, "no")} }, datasets.ErrMissing, "no such file"},
		{"a pair that is not there", func(o *Options) { o.Only = []string{"ETHUSD"} }, datasets.ErrMissing, "no candles of ETHUSD"},
		{"a name that nobody knows", func(o *Options) { o.Rename = map[string]string{"BTCUSD": "ETHUDS"} }, datasets.ErrPair, `the pair "ETHUDS"`},
		{"a rename of nothing", func(o *Options) { o.Rename = map[string]string{"XBTUSD": "ETHUSD"} }, datasets.ErrMissing, "no candles of XBTUSD"},
		{"no multiple", func(o *Options) { o.Interval = 90 * datasets.Second }, datasets.ErrInterval, "a multiple of 1m"},
		{"a range without candles", func(o *Options) { o.FromMS = utc(t, "2026-01-01 00:00") }, datasets.ErrEmpty, "no candle left for BTCUSD-1m.csv"},
		{"pairs that never overlap", func(o *Options) { o.Paths, o.Align = []string{a, c}, AlignWindow }, datasets.ErrRange, "pairs whose candles overlap"},
		{"times of other intervals", func(o *Options) {
			o.Paths, o.Align = []string{a, c}, AlignTimes
			write(t, c, datasets.CSV, numbered(t, pairOf(t, "ETHUSD"), 5*m, span{"2025-01-01 00:00", "2025-01-01 00:10"}))
		}, datasets.ErrInterval, "the interval of the others, 1m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options(filepath.Join(dir, "out"), a)
			tt.change(&o)
			before := bytesOf(t, a, "BTCUSD-1m.csv")
			_, err := Run(context.Background(), o)
			if !errors.Is(err, tt.problem) || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("%v, want %v that says %q", err, tt.problem, tt.say)
			}
			if _, err := os.Stat(filepath.Join(dir, "out")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something was left: %v", err)
			}
			if bytesOf(t, a, "BTCUSD-1m.csv") != before {
				t.Error("the input changed")
			}
		})
	}
}

func TestRunRefusesChangedInput(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	s := numbered(t, pairOf(t, "BTCUSD"), datasets.Minute, span{"2025-01-01 00:00", "2025-01-01 00:10"})
	write(t, in, datasets.CSV, s)
	if _, err := datasets.Record(context.Background(), in, market.Pairs(), datasets.Manifest{}, datasets.MarketCalendar); err != nil {
		t.Fatal(err)
	}
	s.Close[3] += 0.125
	write(t, in, datasets.CSV, s)
	if _, err := Run(context.Background(), options(filepath.Join(dir, "out"), in)); !errors.Is(err, datasets.ErrChanged) {
		t.Errorf("%v, want %v", err, datasets.ErrChanged)
	}
	if err := os.Remove(filepath.Join(in, "BTCUSD-1m.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), options(filepath.Join(dir, "out"), in)); !errors.Is(err, datasets.ErrMissing) {
		t.Errorf("%v, want %v", err, datasets.ErrMissing)
	}
}

func TestRunKeepsColumns(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	write(t, in, datasets.Arrow, odd(t, "BTCUSD", 100))
	for columns, want := range map[datasets.Columns]string{datasets.OHLC: "open,high,low,close", datasets.Close: "close", datasets.Close | datasets.Volume: "close,volume"} {
		o := options(filepath.Join(dir, want), in)
		o.Columns = columns
		if made := mustRun(t, o); made[0].Columns != want {
			t.Errorf("%s, want %s", made[0].Columns, want)
		}
		if s := read(t, o.Out, "BTCUSD-1m.arrow"); datasets.CloseOnly(s) != (columns&datasets.Open == 0) {
			t.Errorf("%s: close-only is %v", want, datasets.CloseOnly(s))
		}
	}
}

// What is known of the candles that a file is made of goes with them.
func TestOriginInherits(t *testing.T) {
	before := func(gaps, filled, firstMS int64) *datasets.ManifestFile {
		return &datasets.ManifestFile{Origin: &datasets.Origin{
			Command: "ptnsim data import x.csv", Changes: []datasets.Change{{What: "filled gaps", Count: filled}},
			Findings: []datasets.FindingCount{{Problem: "gap", Severity: "warning", Count: gaps, FirstMS: firstMS}},
		}}
	}
	j := job{pair: pairOf(t, "BTCUSD"), fine: datasets.Minute, name: datasets.Name{Pair: "BTCUSD", Interval: datasets.Minute}}
	for k, entry := range []*datasets.ManifestFile{before(2, 10, 5000), before(3, 20, 4000), nil} {
		in := input{about: datasets.OriginInput{Name: "file" + strconv.Itoa(k)}}
		in.Entry, in.Pair = entry, j.pair
		j.files = append(j.files, in)
	}
	o := Options{Command: "ptnsim data convert", OnConflict: FirstConflict}
	got := o.origin(&j, &tally{merged: Merged{Identical: 7, Conflicts: 1}})
	changes := []datasets.Change{{What: "filled gaps", Count: 30}, {What: "merged identical candles", Count: 7}, {What: "settled conflicting candles, kept the first", Count: 1}}
	if !slices.Equal(got.Changes, changes) {
		t.Errorf("changes %+v, want %+v", got.Changes, changes)
	}
	if want := []datasets.FindingCount{{Problem: "gap", Severity: "warning", Count: 5, FirstMS: 4000}}; !slices.Equal(got.Findings, want) {
		t.Errorf("findings %+v, want %+v", got.Findings, want)
	}
	detected := []string{"file0 was made by: ptnsim data import x.csv", "file1 was made by: ptnsim data import x.csv"}
	if len(got.Inputs) != 3 || !slices.Equal(got.Detected, detected) || got.Policies["on-conflict"] != "first" {
		t.Errorf("%+v", got)
	}
}

// However long the file: a million rows are 48 MiB of columns.
func TestRunKeepsMemoryFlat(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	write(t, in, datasets.Parquet, odd(t, "BTCUSD", 1<<20))
	if _, err := datasets.Record(context.Background(), in, market.Pairs(), datasets.Manifest{}, datasets.MarketCalendar); err != nil {
		t.Fatal(err)
	}
	for _, format := range []datasets.Format{datasets.Arrow, datasets.Parquet} {
		o := options(filepath.Join(dir, string(format)), in)
		o.Format = format
		live, steps := uint64(0), 0
		o.Progress = func(done, total int64) {
			if steps++; steps%8 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				live = max(live, m.HeapAlloc)
			}
		}
		mustRun(t, o)
		if steps < 32 || live == 0 || live > 32<<20 {
			t.Errorf("%s: %d MiB live at the most, in %d steps", format, live>>20, steps)
		}
	}
}

func TestRunInterruptedLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	write(t, in, datasets.Parquet, odd(t, "BTCUSD", 1<<17), odd(t, "ETHUSD", 1<<17))
	if _, err := datasets.Record(context.Background(), in, market.Pairs(), datasets.Manifest{}, datasets.MarketCalendar); err != nil {
		t.Fatal(err)
	}
	for _, align := range []Align{NoAlign, AlignTimes} {
		ctx, cancel := context.WithCancel(context.Background())
		o := options(filepath.Join(dir, "out"), in)
		o.Align = align
		o.Progress = func(done, total int64) {
			if done > total*3/4 {
				cancel()
			}
		}
		if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("align %q: %v, want %v", align, err, context.Canceled)
		}
		if _, err := os.Stat(o.Out); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("align %q: something was left: %v", align, err)
		}
	}
}
