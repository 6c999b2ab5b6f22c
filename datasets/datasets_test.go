package datasets

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// t0 is 2025-01-06 00:00 UTC, a Monday.
const t0 = int64(1736121600000)

func pairOf(t testing.TB, id string) market.Pair {
	t.Helper()
	p, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	return p
}

// walk returns n valid minutes of a random walk rounded to ticks.
func walk(p market.Pair, n int) *market.Series {
	r := rand.New(rand.NewPCG(7, 11))
	f := frame{time: make([]int64, n)}
	for k := range f.cols {
		f.cols[k] = make([]float64, n)
	}
	ticks := int64(9500000)
	for i := range n {
		open, cl := ticks, ticks+r.Int64N(2001)-1000
		ticks = cl
		f.time[i] = t0 + int64(i)*int64(Minute)
		for k, x := range []int64{open, max(open, cl) + r.Int64N(300), min(open, cl) - r.Int64N(300), cl, 0, cl - 1, cl + 1} {
			f.cols[k][i] = float64(x) / 100
		}
		f.cols[4][i] = float64(r.Int64N(1e7)) / 1e5
	}
	return f.series(p, Minute, false)
}

// equalSeries reports the first difference of two series.
func equalSeries(t *testing.T, got, want *market.Series) {
	t.Helper()
	if got.Pair != want.Pair || got.IntervalMS != want.IntervalMS || !slices.Equal(got.Time, want.Time) {
		t.Fatalf("got %s at %d with %d times, want %s at %d with %d", got.Pair.ID, got.IntervalMS, len(got.Time), want.Pair.ID, want.IntervalMS, len(want.Time))
	}
	g, w := frameOf(got), frameOf(want)
	for k := range g.cols {
		if (g.cols[k] == nil) != (w.cols[k] == nil) || !slices.Equal(g.cols[k], w.cols[k]) {
			t.Fatalf("column %s differs", columnNames[k])
		}
	}
}

var formats = []Format{Parquet, Arrow, CSV}

func TestWrittenCandlesReadBackTheSame(t *testing.T) {
	ctx, pair := context.Background(), pairOf(t, "BTCUSD")
	full := walk(pair, groupRows+1000)
	bare := *full
	bare.Volume, bare.Bid, bare.Ask = nil, nil, nil
	closeOnly := *full
	closeOnly.Open, closeOnly.High, closeOnly.Low = full.Close, full.Close, full.Close
	for name, want := range map[string]*market.Series{"all columns": full, "prices only": &bare, "close only": &closeOnly} {
		for _, format := range formats {
			t.Run(name+"/"+string(format), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
				if err := Write(ctx, path, want); err != nil {
					t.Fatal(err)
				}
				first, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				c, err := Read(ctx, path, market.Pairs(), Select{})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				equalSeries(t, c.Series, want)
				if c.CloseOnly != CloseOnly(want) || CloseOnly(c.Series) != CloseOnly(want) {
					t.Errorf("close only: declared %v, shared %v", c.CloseOnly, CloseOnly(c.Series))
				}
				if err := Write(ctx, path, c.Series); err != nil {
					t.Fatal(err)
				}
				if second, _ := os.ReadFile(path); !slices.Equal(first, second) {
					t.Error("writing what was read gives other bytes")
				}
				onlyFile(t, filepath.Dir(path))
			})
		}
	}
}

// onlyFile checks that a folder holds one file: no temporary was left.
func onlyFile(t *testing.T, folder string) {
	t.Helper()
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("%d files in the folder, want 1", len(entries))
	}
}

func TestWriteLeavesNothingWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := walk(pairOf(t, "BTCUSD"), 10)
	for _, format := range formats {
		folder := t.TempDir()
		err := Write(ctx, filepath.Join(folder, Name{"BTCUSD", Minute, format}.String()), s)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", format, err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 0 {
			t.Errorf("%s: %d files left", format, len(entries))
		}
	}
}

func TestWriteToAFolderThatIsNotThereFails(t *testing.T) {
	s := walk(pairOf(t, "BTCUSD"), 10)
	for _, format := range formats {
		path := filepath.Join(t.TempDir(), "absent", Name{"BTCUSD", Minute, format}.String())
		if err := Write(context.Background(), path, s); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v, want os.ErrNotExist", format, err)
		}
	}
}

func TestSelectReadsTheRangeAndWarmup(t *testing.T) {
	ctx, n := context.Background(), 3*groupRows
	s := walk(pairOf(t, "BTCUSD"), n)
	minute := func(i int) int64 { return t0 + int64(i)*int64(Minute) }
	cases := []struct {
		name            string
		sel             Select
		from, start, to int // rows of the file
	}{
		{"all", Select{}, 0, 0, n},
		{"one row", Select{FromMS: minute(5), ToMS: minute(6)}, 5, 5, 6},
		{"second group", Select{FromMS: minute(groupRows), ToMS: minute(2 * groupRows)}, groupRows, groupRows, 2 * groupRows},
		{"across groups", Select{FromMS: minute(groupRows - 3), ToMS: minute(groupRows + 3)}, groupRows - 3, groupRows - 3, groupRows + 3},
		{"warm-up", Select{FromMS: minute(groupRows + 2), ToMS: minute(groupRows + 9), WarmupMS: 10 * int64(Minute)}, groupRows - 8, groupRows + 2, groupRows + 9},
		{"less warm-up than asked for", Select{FromMS: minute(4), ToMS: minute(9), WarmupMS: int64(Day)}, 0, 4, 9},
		{"to the end", Select{FromMS: minute(n - 2), ToMS: minute(n)}, n - 2, n - 2, n},
		{"columns", Select{FromMS: minute(7), ToMS: minute(9), Columns: Close | Bid}, 7, 7, 9},
	}
	for _, format := range formats {
		path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
		if err := Write(ctx, path, s); err != nil {
			t.Fatal(err)
		}
		for _, tc := range cases {
			t.Run(string(format)+"/"+tc.name, func(t *testing.T) {
				c, err := Read(ctx, path, market.Pairs(), tc.sel)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				want := *s.Slice(tc.from, tc.to)
				if tc.sel.Columns != 0 {
					want = market.Series{Pair: s.Pair, IntervalMS: s.IntervalMS, Time: want.Time, Close: want.Close, Bid: want.Bid}
				}
				equalSeries(t, c.Series, &want)
				if got := tc.from + c.Start; got != tc.start || c.FirstRow != int64(tc.from) {
					t.Errorf("range starts at row %d after row %d, want %d after %d", got, c.FirstRow, tc.start, tc.from)
				}
				if c.FirstMS != t0 || c.EndMS != minute(n) {
					t.Errorf("the file spans %s to %s", formatMS(c.FirstMS), formatMS(c.EndMS))
				}
				streamed := collect(t, path, tc.sel)
				equalSeries(t, streamed, c.Series)
			})
		}
	}
}

// collect copies a stream together, in chunks that don't divide a row group.
func collect(t *testing.T, path string, sel Select) *market.Series {
	t.Helper()
	var all frame
	var last *market.Series
	for s, err := range Chunks(context.Background(), path, market.Pairs(), sel, 1000) {
		if err != nil {
			t.Fatal(err)
		}
		last = s
		f := frameOf(s)
		all.time = append(all.time, f.time...)
		for k, col := range f.cols {
			if col != nil {
				all.cols[k] = append(all.cols[k], col...)
			}
		}
	}
	return all.series(last.Pair, Interval(last.IntervalMS), false)
}

func TestAStreamMayBeLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "BTCUSD-1m.parquet")
	if err := Write(context.Background(), path, walk(pairOf(t, "BTCUSD"), 5000)); err != nil {
		t.Fatal(err)
	}
	chunks := 0
	for s, err := range Chunks(context.Background(), path, market.Pairs(), Select{}, 1000) {
		if err != nil || s.Len() != 1000 {
			t.Fatalf("%v", err)
		}
		if chunks++; chunks == 2 {
			break
		}
	}
	if chunks != 2 {
		t.Errorf("%d chunks, want 2", chunks)
	}
}

func TestClosedCandlesHoldNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "BTCUSD-1m.arrow")
	if err := Write(context.Background(), path, walk(pairOf(t, "BTCUSD"), 100)); err != nil {
		t.Fatal(err)
	}
	c, err := Read(context.Background(), path, market.Pairs(), Select{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Error(err)
	}
	if c.Series.Len() != 0 {
		t.Error("the closed series can still be read")
	}
}

func TestIntervalNames(t *testing.T) {
	for name, want := range map[string]Interval{"1s": Second, "1m": Minute, "5m": 5 * Minute, "15m": 15 * Minute, "90m": 90 * Minute, "1h": Hour, "4h": 4 * Hour, "1d": Day, "7d": 7 * Day} {
		got, err := ParseInterval(name)
		if err != nil || got != want || got.String() != name {
			t.Errorf("%s: got %d (%s), %v; want %d", name, got, got, err, want)
		}
	}
	if v, err := ParseInterval("60m"); err != nil || v.String() != "1h" {
		t.Errorf("60m is %s, %v; want 1h", v, err)
	}
	for _, name := range []string{"", "m", "0m", "-1m", "+1m", "01m", "1", "1M", "1 m", "1.5h", "99999999999d", "400d", "1w"} {
		if v, err := ParseInterval(name); err == nil {
			t.Errorf("%q was taken as %s", name, v)
		}
	}
}

func TestFileNames(t *testing.T) {
	want := Name{"BRK-B", 5 * Minute, Arrow}
	got, err := ParseName(filepath.Join("some-folder", want.String()))
	if err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, path := range []string{"BTCUSD.parquet", "BTCUSD-1m", "BTCUSD-1m.txt", "-1m.csv", "BTCUSD-x.csv", "BTCUSD_1m.csv"} {
		if _, err := ParseName(path); !errors.Is(err, ErrName) {
			t.Errorf("%s: %v, want ErrName", path, err)
		}
	}
}

func TestOpenSet(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"ETHUSD-5m.csv", "BTCUSD-1m.parquet", "BTCUSD-5m.arrow", ".BTCUSD-1h.parquet.1.tmp", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name    string
		options OpenOptions
		want    string // the files, or
		problem error
		says    string
	}{
		{name: "the coarser", options: OpenOptions{Interval: map[string]Interval{"": 5 * Minute}}, want: "BTCUSD-5m.arrow ETHUSD-5m.csv"},
		{name: "by pair", options: OpenOptions{Interval: map[string]Interval{"BTCUSD": Minute}}, want: "BTCUSD-1m.parquet ETHUSD-5m.csv"},
		{name: "one pair", options: OpenOptions{Only: []string{"ETHUSD"}}, want: "ETHUSD-5m.csv"},
		{name: "two intervals", problem: ErrInterval, says: "--interval 1m or 5m"},
		{name: "absent pair", options: OpenOptions{Only: []string{"EURUSD", "ETHUSD"}}, problem: ErrMissing, says: "no candles of EURUSD"},
		{name: "unknown pair asked for", options: OpenOptions{Only: []string{"BTCUSDT"}}, problem: ErrPair, says: "did you mean BTCUSD"},
		{name: "no such interval", options: OpenOptions{Interval: map[string]Interval{"": Day}}, problem: ErrMissing, says: "another interval"},
		{name: "unknown file", options: OpenOptions{Pairs: []market.Pair{{ID: "ETHUSX"}}}, problem: ErrPair, says: `found the pair "BTCUSD"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			set, err := OpenSet(tc.options, folder)
			if tc.problem != nil {
				if !errors.Is(err, tc.problem) || !strings.Contains(err.Error(), tc.says) {
					t.Fatalf("%v, want %v with %q", err, tc.problem, tc.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, f := range set.Files {
				names = append(names, filepath.Base(f.Path))
			}
			if got := strings.Join(names, " "); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestOpenSetRefusesWhatIsNotThere(t *testing.T) {
	if _, err := OpenSet(OpenOptions{}, filepath.Join(t.TempDir(), "absent")); !errors.Is(err, ErrMissing) {
		t.Errorf("%v, want ErrMissing", err)
	}
	if _, err := OpenSet(OpenOptions{}, t.TempDir()); !errors.Is(err, ErrEmpty) {
		t.Errorf("%v, want ErrEmpty", err)
	}
}

func TestTablesReadBackTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.parquet")
	columns := []Column{{"time", TimestampMS, false}, {"n", Int64, true}, {"x", Float64, true}, {"plain", Float64, false}, {"pair", String, false}, {"ok", Bool, false}}
	n := groupRows + 10
	times, ints, floats, plain, strs, bools := make([]int64, n), make([]int64, n), make([]float64, n), make([]float64, n), make([]string, n), make([]bool, n)
	for i := range n {
		times[i], ints[i], floats[i], plain[i], strs[i], bools[i] = t0+int64(i), int64(i%7)-3, float64(i)/8, -float64(i), strings.Repeat("é", i%5), i%3 == 0
		if i%11 == 0 {
			ints[i], floats[i] = NullInt64, math.NaN()
		}
	}
	var bytes [2][]byte
	for run, batch := range []int{n, 999} {
		w, err := NewTable(path, columns)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Abort()
		for i := 0; i < n; i += batch {
			j := min(n, i+batch)
			if err := w.Append(times[i:j], ints[i:j], floats[i:j], plain[i:j], strs[i:j], bools[i:j]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		bytes[run], _ = os.ReadFile(path)
	}
	if !slices.Equal(bytes[0], bytes[1]) {
		t.Error("the bytes depend on the batches")
	}
	onlyFile(t, filepath.Dir(path))
	got, err := ReadTable(path)
	if err != nil {
		t.Fatal(err)
	}
	sameFloat := func(a, b float64) bool { return a == b || a != a && b != b }
	if got.Rows != n || !slices.Equal(got.Columns, columns) || !slices.Equal(got.Int64s("time"), times) ||
		!slices.Equal(got.Int64s("n"), ints) || !slices.EqualFunc(got.Float64s("x"), floats, sameFloat) ||
		!slices.Equal(got.Float64s("plain"), plain) || !slices.Equal(got.Strings("pair"), strs) || !slices.Equal(got.Bools("ok"), bools) {
		t.Errorf("the table read is not the table written: %v", got.Columns)
	}
	if got.Int64s("absent") != nil || got.Float64s("n") != nil {
		t.Error("a column that is not there was found")
	}
}

func TestAnAbortedTableLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	w, err := NewTable(filepath.Join(folder, "x.parquet"), []Column{{Name: "x", Kind: Float64}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(make([]float64, 2*groupRows)); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	if entries, _ := os.ReadDir(folder); len(entries) != 0 {
		t.Errorf("%d files left", len(entries))
	}
}

func TestAnEmptyTableIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	w, err := NewTable(path, []Column{{Name: "x", Kind: Float64}, {Name: "s", Kind: String}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTable(path)
	if err != nil || got.Rows != 0 || len(got.Columns) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}
