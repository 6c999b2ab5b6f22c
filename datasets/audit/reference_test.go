package audit

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// referenceFolder is one kind of real candles.
type referenceFolder struct {
	name     string
	interval datasets.Interval
	zone     string // of times that name none
	pair     func(base string) string
}

func referenceFolders() []referenceFolder {
	return []referenceFolder{
		{"crypto-1m", datasets.Minute, "UTC", func(b string) string { return b[:3] + "USD" }},
		{"crypto-5m", 5 * datasets.Minute, "UTC", func(b string) string { return strings.Split(strings.Split(b, "__")[1], "_")[0] + "USD" }},
		{"forex-15m", 15 * datasets.Minute, "UTC", func(b string) string { return b[:6] }},
		{"forex-1m", datasets.Minute, "UTC", func(b string) string { return b[:6] }},
		{"equities-5m", 5 * datasets.Minute, "America/New_York", func(b string) string { return strings.Split(b, "_")[0] }},
	}
}

// reference lists the files of a folder of real candles, or skips the test.
func (f referenceFolder) files(t testing.TB) []string {
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("PTNSIM_REFERENCE names no folder of reference candles")
	}
	paths, _ := filepath.Glob(filepath.Join(root, "candles", f.name, "*.csv.gz"))
	if len(paths) == 0 {
		t.Fatalf("no candles in %s", f.name)
	}
	return paths
}

// read reads a file of real candles: time, open, high, low, close and perhaps
// volume.
func (f referenceFolder) read(t testing.TB, path string) *market.Series {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := market.LoadZone(f.zone)
	if err != nil {
		t.Fatal(err)
	}
	clock := text.ZoneClock{Zone: zone}
	id := f.pair(filepath.Base(path))
	s := &market.Series{Pair: pairOf(id), IntervalMS: int64(f.interval)}
	lines := bufio.NewScanner(unzipped)
	lines.Scan() // the header
	for lines.Scan() {
		cells := strings.Split(lines.Text(), ",")
		var x [5]float64
		for k, cell := range cells[1:min(6, len(cells))] {
			if x[k], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		s.Time = append(s.Time, referenceTime(t, &clock, cells[0]))
		s.Open, s.High, s.Low, s.Close = append(s.Open, x[0]), append(s.High, x[1]), append(s.Low, x[2]), append(s.Close, x[3])
		if len(cells) > 5 {
			s.Volume = append(s.Volume, x[4])
		}
	}
	return s
}

func referenceTime(t testing.TB, clock *text.ZoneClock, cell string) int64 {
	if ms, err := strconv.ParseInt(cell, 10, 64); err == nil {
		return ms
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, cell); err == nil {
			ms := at.UnixMilli()
			if layout == "2006-01-02 15:04:05" {
				var ok bool
				if ms, ok = clock.UTC(ms); !ok {
					t.Fatalf("time %s", cell)
				}
			}
			return ms
		}
	}
	t.Fatalf("time %q", cell)
	return 0
}

// pairOf returns a known pair, or a cross that the network does not list.
func pairOf(id string) market.Pair {
	if p, ok := market.FindPair(market.Pairs(), id); ok {
		return p
	}
	return market.Pair{ID: id, Class: market.Forex, Base: id[:3], Quote: id[3:]}
}

func audit(t testing.TB, s *market.Series, chunk int, o Options) *Report {
	t.Helper()
	o.Pair, o.Interval = s.Pair, datasets.Interval(s.IntervalMS)
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < s.Len(); i += chunk {
		if err := a.Check(s.Slice(i, min(i+chunk, s.Len()))); err != nil {
			t.Fatal(err)
		}
	}
	r, err := a.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func show(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d rows\n", r.Pair.ID, r.Interval, r.Rows)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %-7s %-13s %6d row %d: %s | %s | %s\n", f.Severity, f.Problem, f.Count, f.Row, f.Found, f.Cause, f.Remedy)
	}
	return b.String()
}

// TestReferenceCandles tells what is found in real candles and is known of them
// (the folder's INDEX.md). What is not listed must not be above a note.
func TestReferenceCandles(t *testing.T) {
	type doubt struct {
		problem Problem
		first   string // found, a part of it
	}
	known := map[string][]doubt{
		// BTC and ETH against USDT on Binance are complete: 525,600 minutes of 2025.
		"crypto-1m/BTCUSD": nil, "crypto-1m/ETHUSD": nil,
		// A liquidation on New Year's Eve: the wick is real, nobody bought there.
		"crypto-5m/SOLUSD": {{Spike, "from 124.2 to 132.75"}},
		// Holes of 2 to 5 hours that the tolerance for forex, 8 hours, takes.
		"forex-15m/AUDCAD": {{MissingTime, "2025-04-02T05:00:00Z to 2025-04-02T08:00:00Z, 3h"}},
		"forex-15m/AUDJPY": {{MissingTime, "2025-05-14T10:00:00Z to 2025-05-14T12:00:00Z, 2h"}},
		"forex-15m/EURCAD": {{MissingTime, "2025-04-03T18:00:00Z to 2025-04-03T21:00:00Z, 3h"}},
		"forex-15m/GBPCAD": {{MissingTime, "2025-08-31T22:00:00Z to 2025-09-01T01:00:00Z, 3h"}},
		"forex-15m/NZDCHF": {{MissingTime, "2025-11-18T12:00:00Z to 2025-11-18T17:00:00Z, 5h"}},
		"forex-15m/USDJPY": {{MissingTime, "2025-09-08T01:00:00Z to 2025-09-08T06:00:00Z, 5h"}},
		// From 10 March 2026 the volume is tiny.
		"equities-5m/AAPL": {{ZeroVolume, "2026-03-1"}}, "equities-5m/AMZN": {{ZeroVolume, "2026-03-1"}},
		"equities-5m/GOOG": {{ZeroVolume, "2026-03-1"}}, "equities-5m/MSFT": {{ZeroVolume, "2026-03-1"}},
		"equities-5m/NVDA": {{ZeroVolume, "2026-03-1"}}, "equities-5m/TSLA": {{ZeroVolume, "2026-03-1"}},
	}
	for _, f := range referenceFolders() {
		for _, path := range f.files(t) {
			s := f.read(t, path)
			name := f.name + "/" + s.Pair.ID
			t.Run(name, func(t *testing.T) {
				r := audit(t, s, 32768, Options{})
				var above []Finding
				for _, x := range r.Findings {
					if x.Severity != Note {
						above = append(above, x)
					}
				}
				if f.name == "crypto-1m" && (len(r.Findings) > 0 || r.Gaps.Count > 0 || r.Rows != 525600) {
					t.Error(show(r))
				}
				ok := len(above) == len(known[name])
				for i, x := range above {
					ok = ok && x.Severity == Warning && x.Problem == known[name][i].problem && strings.Contains(x.Found, known[name][i].first)
				}
				if !ok {
					t.Errorf("expected %v, found\n%s", known[name], show(r))
				}
				if shut := r.Find(MarketClosed); f.name == "equities-5m" && shut != nil && shut.FromMS < 1757894400000 {
					t.Errorf("candles before the session begin on 2025-09-15, found %s", shut.Found)
				}
			})
		}
	}
}
