package ingest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// t0 is 2025-01-06 00:00 UTC, a Monday.
const t0 = int64(1736121600000)

// minutes are the lines of candles of a minute from t0 + from minutes on, whose
// close is close(i) in the i-th minute since t0.
func minutes(from, to int, close func(i int) float64) string {
	var b strings.Builder
	b.WriteString("time,open,high,low,close,volume\n")
	for i := from; i < to; i++ {
		c := close(i)
		fmt.Fprintf(&b, "%d,%v,%v,%v,%v,%d\n", t0+int64(i)*60000, c, c+1, c-1, c, i+1)
	}
	return b.String()
}

func level(i int) float64 { return 90000 + float64(i%7) }

// files writes files into a folder and finds them again.
func files(t *testing.T, texts map[string]string) []vendors.Input {
	t.Helper()
	folder := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	inputs, err := vendors.Find([]string{folder}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return inputs
}

// read reads a data set's pair whole.
func read(t *testing.T, folder, name string) *market.Series {
	t.Helper()
	c, err := datasets.Read(context.Background(), filepath.Join(folder, name), market.Pairs(), datasets.Select{Calendar: datasets.MarketCalendar})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.Series
}

// TestFilesOfAPairBecomeOneSeries: whatever their names' order, and in whatever
// they are packed.
func TestFilesOfAPairBecomeOneSeries(t *testing.T) {
	inputs := files(t, map[string]string{
		"a/BTCUSDT-1m-late.csv":  minutes(2000, 3000, level),
		"b/BTCUSDT-1m-early.csv": minutes(0, 1000, level),
		"ETHUSDT-1m.csv":         minutes(0, 500, level),
	})
	archive := filepath.Join(t.TempDir(), "BTCUSDT-1m-middle.zip")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	member, err := z.Create("deep/BTCUSDT-1m-middle.csv")
	if err == nil {
		_, err = member.Write([]byte(minutes(1000, 2000, level)))
	}
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	middle, err := vendors.Find([]string{archive}, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	plan := Plan{Inputs: append(inputs, middle...), Known: market.Pairs(), Command: "ptnsim data import", About: datasets.Manifest{Source: "made"}}
	done, err := plan.Run(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(done) != 2 || done[0].Pair.ID != "BTCUSD" || done[0].File.Rows != 3000 || done[1].Pair.ID != "ETHUSD" || done[1].File.Rows != 500 {
		t.Fatalf("imported %+v", done)
	}
	s := read(t, folder, "BTCUSD-1m.parquet")
	if s.Len() != 3000 {
		t.Fatalf("%d rows", s.Len())
	}
	for i := range s.Len() {
		if s.Time[i] != t0+int64(i)*60000 || s.Close[i] != level(i) || s.High[i] != level(i)+1 || s.Volume[i] != float64(i+1) {
			t.Fatalf("row %d: %d %v %v %v", i, s.Time[i], s.Close[i], s.High[i], s.Volume[i])
		}
	}
	m, err := datasets.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	o := m.Find("BTCUSD-1m.parquet").Origin
	var names []string
	for _, in := range o.Inputs {
		names = append(names, in.Name)
		if len(in.SHA256) != 64 || in.Bytes == 0 {
			t.Errorf("input %+v", in)
		}
	}
	want := []string{"BTCUSDT-1m-early.csv", "BTCUSDT-1m-middle.zip/deep/BTCUSDT-1m-middle.csv", "BTCUSDT-1m-late.csv"}
	if !slices.Equal(names, want) || o.Command != plan.Command || o.Policies["on-gap"] != "fail" || m.Source != "made" || len(o.Detected) == 0 {
		t.Errorf("the manifest says %+v of %+v", o, m)
	}
}

// TestOverlappingFilesFollowThePolicy: minutes 600 to 999 are in both files, those
// from 800 on with another close.
func TestOverlappingFilesFollowThePolicy(t *testing.T) {
	other := func(i int) float64 {
		if i >= 800 {
			return level(i) + 0.5
		}
		return level(i)
	}
	agree := files(t, map[string]string{"BTCUSD-a.csv": minutes(0, 1000, level), "BTCUSD-b.csv": minutes(600, 2000, level)})
	differ := files(t, map[string]string{"BTCUSD-a.csv": minutes(0, 1000, level), "BTCUSD-b.csv": minutes(600, 2000, other)})
	cases := []struct {
		name    string
		inputs  []vendors.Input
		policy  audit.Choice
		refused string
	}{
		{"identical, no policy", agree, "", "2025-01-06T10:00:00Z"},
		{"identical, keep", agree, audit.Keep, ""},
		{"conflicting, keep", differ, audit.Keep, "2025-01-06T13:20:00Z"},
		{"conflicting, drop", differ, audit.Drop, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			folder := t.TempDir()
			_, err := Plan{Inputs: tc.inputs, Known: market.Pairs(), Policies: audit.Policies{OnDuplicate: tc.policy}}.Run(context.Background(), folder)
			if tc.refused != "" {
				if r, ok := errors.AsType[*datasets.Refusal](err); !ok || !strings.Contains(err.Error(), tc.refused) || r.Line == 0 {
					t.Errorf("got %v, want a refusal of %s with its line", err, tc.refused)
				}
				if entries, _ := os.ReadDir(folder); len(entries) > 0 {
					t.Errorf("%v was left", entries)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			s := read(t, folder, "BTCUSD-1m.parquet")
			if s.Len() != 2000 || s.Close[700] != level(700) || s.Close[999] != level(999) {
				t.Errorf("%d rows, closes %v and %v", s.Len(), s.Close[700], s.Close[999])
			}
			m, err := datasets.ReadManifest(folder)
			if err != nil {
				t.Fatal(err)
			}
			total := int64(0)
			for _, c := range m.Files[0].Origin.Changes {
				total += c.Count
			}
			if total != 400 {
				t.Errorf("400 candles were dropped, the manifest says %+v", m.Files[0].Origin.Changes)
			}
		})
	}
}

func TestSymbolsDecideThePair(t *testing.T) {
	ctx := context.Background()
	btc := files(t, map[string]string{"BTCUSDT-1m.csv": minutes(0, 100, level)})
	odd := files(t, map[string]string{"FOOBAR-1m.csv": minutes(0, 100, level)})
	both := files(t, map[string]string{"BTCUSDT-1m.csv": minutes(0, 100, level), "FOOBAR-1m.csv": minutes(0, 100, level), "ETHUSDT-1m.csv": minutes(0, 50, level)})
	cases := []struct {
		name   string
		plan   Plan
		want   string // pairs, or
		refuse string
	}{
		{"as the file says", Plan{Inputs: btc}, "BTCUSD", ""},
		{"another than the file says", Plan{Inputs: btc, Pairs: []string{"ETHUSD"}}, "", "which is BTCUSD"},
		{"unknown", Plan{Inputs: odd}, "", `the symbol "FOOBAR"`},
		{"unknown, as told", Plan{Inputs: odd, Pairs: []string{"ETHUSD"}}, "ETHUSD", ""},
		{"unknown among others", Plan{Inputs: both}, "", "--skip-unknown"},
		{"unknown passed over", Plan{Inputs: both, SkipUnknown: true}, "BTCUSD ETHUSD", ""},
		{"one of several", Plan{Inputs: both[:2], Pairs: []string{"ETHUSD"}}, "ETHUSD", ""},
		{"none of them", Plan{Inputs: btc, Pairs: []string{"XRPUSD", "SOLUSD"}}, "", "no candles of XRPUSD, SOLUSD"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			tc.plan.Known, tc.plan.DryRun = market.Pairs(), true
			done, err := tc.plan.Run(ctx, "")
			if tc.refuse != "" {
				if err == nil || !strings.Contains(err.Error(), tc.refuse) {
					t.Errorf("got %v, want a refusal with %q", err, tc.refuse)
				}
				return
			}
			var got []string
			for _, d := range done {
				got = append(got, d.Pair.ID)
			}
			if err != nil || strings.Join(got, " ") != tc.want {
				t.Errorf("%v, %v, want %s", got, err, tc.want)
			}
		})
	}
}

// TestTradesBecomeCandles: 10 trades in three minutes by hand.
func TestTradeFilesBecomeCandles(t *testing.T) {
	var b strings.Builder
	b.WriteString("time,price,volume\n")
	for i, price := range []float64{90000, 90010, 89990, 90005, 90001, 90002, 90002, 90003, 90000, 90004} {
		fmt.Fprintf(&b, "%d,%v,%v\n", t0+int64(i)*18000, price, 0.5)
	}
	inputs := files(t, map[string]string{"BTCUSD-trades.csv": b.String()})
	plan := Plan{Inputs: inputs, Known: market.Pairs(), Format: datasets.CSV, Options: vendors.Options{Interval: datasets.Minute, Format: "trades"}}
	folder := t.TempDir()
	done, err := plan.Run(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	// Every 18 s: the first minute has the trades 0 to 3 (0, 18, 36, 54 s), the
	// second 4 to 6 (72, 90, 108 s), the third 7 to 9 (126, 144, 162 s).
	want := "time,open,high,low,close,volume\n" +
		"2025-01-06T00:00:00Z,90000,90010,89990,90005,2\n" +
		"2025-01-06T00:01:00Z,90001,90002,90001,90002,1.5\n" +
		"2025-01-06T00:02:00Z,90003,90004,90000,90004,1.5\n"
	got, err := os.ReadFile(filepath.Join(folder, "BTCUSD-1m.csv"))
	if err != nil || string(got) != want || done[0].Read != 10 {
		t.Errorf("%d rows read, %v, made\n%s", done[0].Read, err, got)
	}
	plan.Options.Interval = 0
	if _, err := plan.Run(context.Background(), t.TempDir()); !errors.Is(err, datasets.ErrInterval) {
		t.Errorf("without an interval: %v", err)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	done, err := Plan{Inputs: files(t, map[string]string{"BTCUSD.csv": minutes(0, 100, level)}), Known: market.Pairs(), DryRun: true}.Run(context.Background(), folder)
	if err != nil || done[0].File.Rows != 100 || done[0].Report == nil {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was made")
	}
}

func TestCandlesOutsideTheRangeAreCutAndCounted(t *testing.T) {
	folder := t.TempDir()
	plan := Plan{Inputs: files(t, map[string]string{"BTCUSD.csv": minutes(0, 100, level)}), Known: market.Pairs(), FromMS: t0 + 10*60000, ToMS: t0 + 30*60000}
	done, err := plan.Run(context.Background(), folder)
	if err != nil || done[0].Cut != 80 || done[0].File.Rows != 20 || done[0].File.FirstMS != plan.FromMS || done[0].File.LastMS != plan.ToMS-60000 {
		t.Errorf("%+v, %v", done, err)
	}
	plan.FromMS, plan.ToMS = t0+1000*60000, 0
	if _, err := plan.Run(context.Background(), t.TempDir()); !errors.Is(err, datasets.ErrRange) {
		t.Errorf("a range without candles: %v", err)
	}
}

func TestAColumnThatNotEveryFileHasIsLeftOut(t *testing.T) {
	bare := strings.ReplaceAll(minutes(100, 200, level), ",volume", "")
	lines := strings.Split(strings.TrimSpace(bare), "\n")
	for i := 1; i < len(lines); i++ {
		lines[i] = lines[i][:strings.LastIndex(lines[i], ",")]
	}
	folder := t.TempDir()
	done, err := Plan{Inputs: files(t, map[string]string{
		"BTCUSD-1.csv": minutes(0, 100, level), "BTCUSD-2.csv": strings.Join(lines, "\n") + "\n",
	}), Known: market.Pairs()}.Run(context.Background(), folder)
	if err != nil || done[0].File.Columns != "open,high,low,close" || done[0].File.Rows != 200 {
		t.Fatalf("%+v, %v", done, err)
	}
	if !slices.ContainsFunc(done[0].Said, func(s string) bool { return strings.Contains(s, "volume left out") }) {
		t.Errorf("said %q", done[0].Said)
	}
}

func TestAnInterruptedImportLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	folder := filepath.Join(t.TempDir(), "candles")
	plan := Plan{Inputs: files(t, map[string]string{"BTCUSD.csv": minutes(0, 200_000, level), "ETHUSD.csv": minutes(0, 200_000, level)}), Known: market.Pairs()}
	plan.Progress = func(int) { cancel() }
	if _, err := plan.Run(ctx, folder); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was left")
	}
}

// trades are lines of trades of 1 at 90000, one every second of [from, to).
func trades(from, to int) string {
	var b strings.Builder
	b.WriteString("time,price,size\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "%d,90000,1\n", t0+int64(i)*1000)
	}
	return b.String()
}

// TestTicksThatTwoFilesShareAreRefused: they would count twice. A day that ends in
// the second in which the next begins is no overlap.
func TestTicksThatTwoFilesShareAreRefused(t *testing.T) {
	cases := map[string]struct {
		from, to int // of the second file; the first has the seconds 0 to 599
		refused  bool
	}{
		"the same again": {0, 600, true},
		"a part":         {300, 900, true},
		"within":         {100, 200, true},
		"two seconds":    {598, 900, true},
		"the last one":   {599, 900, false},
		"none":           {600, 900, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			inputs := files(t, map[string]string{"BTCUSD-trades-1.csv": trades(0, 600), "BTCUSD-trades-2.csv": trades(tc.from, tc.to)})
			folder := t.TempDir()
			_, err := Plan{Inputs: inputs, Known: market.Pairs(), Options: vendors.Options{Interval: datasets.Minute}}.Run(context.Background(), folder)
			if tc.refused {
				if !errors.Is(err, datasets.ErrDuplicate) || !strings.Contains(err.Error(), "--include") {
					t.Errorf("got %v, want a refusal", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for _, v := range read(t, folder, "BTCUSD-1m.parquet").Volume {
				total += v
			}
			if want := float64(600 + tc.to - tc.from); total != want {
				t.Errorf("the volume is %v, want %v", total, want)
			}
		})
	}
}

func TestTicksBecomeOnlyCandlesOfTheCommonGrid(t *testing.T) {
	for _, tc := range []struct {
		name     string
		interval datasets.Interval
		taken    bool
	}{
		{"BTCUSD", datasets.Day, true}, {"BTCUSD", 7 * datasets.Day, false}, {"BTCUSD", 7 * datasets.Minute, false},
		{"EURUSD", 30 * datasets.Minute, true}, {"EURUSD", datasets.Hour, false}, {"NVDA", datasets.Hour, false},
	} {
		inputs := files(t, map[string]string{tc.name + "-trades.csv": trades(0, 100)})
		_, err := Plan{Inputs: inputs, Known: market.Pairs(), Options: vendors.Options{Interval: tc.interval}, DryRun: true,
			Policies: audit.Policies{OnScale: audit.Keep}}.Run(context.Background(), "")
		if tc.taken != (err == nil) || !tc.taken && !errors.Is(err, datasets.ErrInterval) {
			t.Errorf("%s at %s: %v", tc.name, tc.interval, err)
		}
	}
}

// TestRowsAreCountedInTheirOwnFile: a bad row of an input whose rows are not
// lines is named by its place in that input, whatever was cut off before it and
// whichever rows of another input came between.
func TestRowsAreCountedInTheirOwnFile(t *testing.T) {
	candles := func(from, to, step, bad int) string {
		var rows []string
		for i := from; i < to; i += step {
			high := 2.5
			if i == bad {
				high = 0.5
			}
			rows = append(rows, fmt.Sprintf("[%d,2,%v,1.5,2,1]", t0+int64(i)*60000, high))
		}
		return "[" + strings.Join(rows, ",") + "]"
	}
	// Even minutes in one file, odd ones in the other: minute 2401 is row 1201 of
	// the second.
	inputs := files(t, map[string]string{"XRPUSD-1m-a.json": candles(0, 4000, 2, -1), "XRPUSD-1m-b.json": candles(1, 4000, 2, 2401)})
	columns := map[string]string{"time": "1", "open": "2", "high": "3", "low": "4", "close": "5", "volume": "6"}
	plan := Plan{Inputs: inputs, Known: market.Pairs(), Options: vendors.Options{Columns: columns, Interval: datasets.Minute}, DryRun: true, FromMS: t0 + 1000*60000}
	_, err := plan.Run(context.Background(), "")
	r, ok := errors.AsType[*datasets.Refusal](err)
	if !ok || r.Row != 1201 || filepath.Base(r.File) != "XRPUSD-1m-b.json" {
		t.Errorf("got %v, want row 1201 of the second file", err)
	}
}
