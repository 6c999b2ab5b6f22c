package audit

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// writeSet writes a data set of clean series into a folder.
func writeSet(t testing.TB, folder string, format datasets.Format, all ...*market.Series) {
	t.Helper()
	u, err := datasets.BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Abort()
	for _, s := range all {
		name := datasets.Name{Pair: s.Pair.ID, Interval: datasets.Interval(s.IntervalMS), Format: format}
		w, err := u.Create(name, datasets.WriterOptions{Pair: s.Pair, Columns: datasets.OHLC | datasets.Volume, Calendar: datasets.MarketCalendar})
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
	if err := u.Commit(context.Background(), datasets.Manifest{}); err != nil {
		t.Fatal(err)
	}
}

// TestFilesJudgesWhatIsThereAndWhatIsNot: a sound file, a broken one, one that the
// manifest lists and is gone, one that it doesn't list, one that was changed, and
// one that is no candle file.
func TestFilesJudgesWhatIsThereAndWhatIsNot(t *testing.T) {
	folder := t.TempDir()
	writeSet(t, folder, datasets.CSV, cleanSeries(t, "BTCUSD", datasets.Minute, 1000),
		cleanSeries(t, "EURUSD", datasets.Minute, 1000), cleanSeries(t, "NVDA", datasets.Minute, 1000), cleanSeries(t, "AAPL", datasets.Minute, 1000))
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(folder, "NVDA-1m.csv")); err != nil {
		t.Fatal(err)
	}
	changed, err := os.ReadFile(filepath.Join(folder, "AAPL-1m.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(changed), "\n")
	write("AAPL-1m.csv", strings.Join(lines[:500], "")+strings.Join(lines[501:], ""))
	write("EURUSD-1m.csv", "time,open,high,low,close\n2025-01-06T00:00:00Z,1,x,1,1\n")
	write("GBPUSD-1m.csv", "time,close\n2025-01-06T00:00:00Z,1.25\n2025-01-06T00:01:00Z,1.25\n")
	write("notes.csv", "a,b\n")

	var told []int
	found, err := Files(context.Background(), []string{folder}, market.Pairs(), Options{}, func(n, of int) { told = append(told, n, of) })
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Problem{
		"BTCUSD-1m.csv": nil, "AAPL-1m.csv": {Changed, MissingTime}, "EURUSD-1m.csv": {Changed, Unreadable},
		"NVDA-1m.csv": {Changed}, "GBPUSD-1m.csv": {Changed}, "notes.csv": {Unreadable},
	}
	for _, r := range found {
		name := filepath.Base(r.File)
		problems, expected := want[name]
		if !expected {
			t.Errorf("a report on %s", name)
		}
		delete(want, name)
		if len(problems) != len(r.Findings) {
			t.Errorf("%s: found %s, expected %v", name, show(r), problems)
			continue
		}
		for i, p := range problems {
			if r.Findings[i].Problem != p || r.Findings[i].Found == "" {
				t.Errorf("%s: found %s, expected %v", name, show(r), problems)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("no report on %v", want)
	}
	if len(told) != 12 || told[10] != 6 || told[11] != 6 {
		t.Errorf("progress told %v, expected 6 of 6 at last", told)
	}
}

// TestFilesRefusesPathsWithoutCandles: nothing to judge is no success.
func TestFilesRefusesPathsWithoutCandles(t *testing.T) {
	for path, problem := range map[string]error{t.TempDir(): datasets.ErrEmpty, filepath.Join(t.TempDir(), "nowhere"): datasets.ErrMissing} {
		if _, err := Files(context.Background(), []string{path}, market.Pairs(), Options{}, nil); !errors.Is(err, problem) {
			t.Errorf("%s: found %v, expected %v", path, err, problem)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	folder := t.TempDir()
	writeSet(t, folder, datasets.Arrow, cleanSeries(t, "BTCUSD", datasets.Minute, 1000))
	if _, err := Files(ctx, []string{folder}, market.Pairs(), Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: found %v", err)
	}
}

// TestReportAsJSON: the names that programs rely on.
func TestReportAsJSON(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 3)
	s.Close[1] = -1
	text, err := json.Marshal(audit(t, s, 3, Options{File: "BTCUSD-1m.csv"}))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"file":"BTCUSD-1m.csv","pair":"BTCUSD","class":"crypto","interval":"1m","columns":"open,high,low,close,volume",` +
		`"rows":3,"first_ms":1736121600000,"end_ms":1736121780000,"worst":"error","gaps":{"count":0,"total_ms":0,"longest":[]},` +
		`"findings":[{"problem":"not_positive","severity":"error","count":1,"row":2,"from_ms":1736121660000,"to_ms":1736121720000,` +
		`"found":"close -1","cause":"missing prices written as 0, or a column taken for another",` +
		`"remedy":"repair the rows at the source, or leave them out with --on-bad drop",` +
		`"first":[{"row":2,"from_ms":1736121660000,"to_ms":1736121720000,"found":"close -1"}]}],` +
		`"days":[{"start_ms":1736121600000,"open_ms":180000,"present_ms":180000,"closed_ms":0,"candles":3,"volume":`
	if !strings.HasPrefix(string(text), want) {
		t.Errorf("found %s\nexpected %s", text, want)
	}
}

// BenchmarkFiles measures the audit of mapped Arrow files, of as many as there
// are cores.
func BenchmarkFiles(b *testing.B) {
	folder := b.TempDir()
	const rows = 4 << 20
	writeSet(b, folder, datasets.Arrow, cleanSeries(b, "BTCUSD", datasets.Minute, rows), cleanSeries(b, "ETHUSD", datasets.Minute, rows))
	if err := os.Remove(filepath.Join(folder, datasets.ManifestName)); err != nil { // hashing is measured elsewhere
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		found, err := Files(context.Background(), []string{folder}, market.Pairs(), Options{}, nil)
		if err != nil || len(found) != 2 || found[0].Rows != rows {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2*rows*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
