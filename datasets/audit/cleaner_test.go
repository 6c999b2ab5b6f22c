package audit

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// TestPolicies: what each choice makes of each problem: a change, a refusal, or
// nothing.
func TestPolicies(t *testing.T) {
	double := func(s *market.Series) { repeat(s, 700) }
	conflict := func(s *market.Series) { repeat(s, 700); s.Volume[701]++ }
	hole := func(s *market.Series) { without(s, 600, 720) }
	wick := func(s *market.Series) { s.High[700] *= 1.5 }
	jump := func(s *market.Series) { scaled(s, 700, 702, 2) }
	weekend := func(s *market.Series) { s.Time[999] = s.Time[0] + 5*dayMS + dayMS/2 }
	nan := func(s *market.Series) { s.Close[700] = math.NaN() }
	cases := []struct {
		name, pair string
		spoil      func(s *market.Series)
		policies   Policies
		rows       int // that come out of 1000, or 0 if refused
		changes    []datasets.Change
		refused    error
		says       []string // parts of the refusal
	}{
		{"a double fails", "BTCUSD", double, Policies{}, 0, nil, datasets.ErrDuplicate, []string{"f.csv: line 703: found 2025-01-06T11:40:00Z twice", "--on-duplicate keep"}},
		{"a double is kept once", "BTCUSD", double, Policies{OnDuplicate: Keep}, 1000, []datasets.Change{{What: "dropped identical duplicates", Count: 1}}, nil, nil},
		{"a conflict is not kept", "BTCUSD", conflict, Policies{OnDuplicate: Keep}, 0, nil, datasets.ErrDuplicate, []string{"with volume", "--on-duplicate drop"}},
		{"a conflict drops the second", "BTCUSD", conflict, Policies{OnDuplicate: Drop}, 1000, []datasets.Change{{What: "dropped conflicting duplicates after the first", Count: 1}}, nil, nil},
		{"a gap fails", "BTCUSD", hole, Policies{}, 0, nil, datasets.ErrGap, []string{"line 602: found no candle from 2025-01-06T10:00:00Z to 2025-01-06T12:00:00Z, 2h, expected at most 1h", "--on-gap"}},
		{"a gap is kept", "BTCUSD", hole, Policies{OnGap: Keep}, 880, nil, nil, nil},
		{"a gap is filled", "BTCUSD", hole, Policies{OnGap: Fill}, 1000, []datasets.Change{{What: "filled gaps", Count: 1}, {What: "made flat candles for gaps", Count: 120, Made: true}}, nil, nil},
		{"a gap within the tolerance passes", "EURUSD", hole, Policies{}, 880, nil, nil, nil},
		{"a wick fails", "BTCUSD", wick, Policies{}, 0, nil, ErrSpike, []string{"line 702: found a price spike at 2025-01-06T11:40:00Z", "--on-spike"}},
		{"a wick is kept", "BTCUSD", wick, Policies{OnSpike: Keep}, 1000, nil, nil, nil},
		{"a wick is dropped", "BTCUSD", wick, Policies{OnSpike: Drop}, 999, []datasets.Change{{What: "dropped candles of spikes", Count: 1}}, nil, nil},
		{"a wick is filled", "BTCUSD", wick, Policies{OnSpike: Fill}, 1000, []datasets.Change{{What: "replaced candles of spikes with flat ones", Count: 1, Made: true}}, nil, nil},
		{"two wrong closes are filled", "BTCUSD", jump, Policies{OnSpike: Fill}, 1000, []datasets.Change{{What: "replaced candles of spikes with flat ones", Count: 2, Made: true}}, nil, nil},
		{"two wrong closes are dropped", "BTCUSD", jump, Policies{OnSpike: Drop}, 998, []datasets.Change{{What: "dropped candles of spikes", Count: 2}}, nil, nil},
		{"a weekend's candle is kept", "EURUSD", weekend, Policies{OnGap: Keep}, 1000, nil, nil, nil},
		{"a weekend's candle is dropped", "EURUSD", weekend, Policies{OnClosed: Drop}, 999, []datasets.Change{{What: "dropped candles of a closed market", Count: 1}}, nil, nil},
		{"a weekend's candle fails", "EURUSD", weekend, Policies{OnClosed: Fail}, 0, nil, ErrClosed, []string{"line 1001: found a candle at 2025-01-11T12:00:00Z", "--on-closed"}},
		{"no number fails", "BTCUSD", nan, Policies{}, 0, nil, datasets.ErrNotFinite, []string{"line 702: found close NaN", "--on-bad drop"}},
		{"no number is dropped", "BTCUSD", nan, Policies{OnBad: Drop}, 999, []datasets.Change{{What: "dropped rows whose values are no candle", Count: 1}}, nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := cleanSeries(t, c.pair, datasets.Minute, 1000)
			c.spoil(s)
			var out []int64
			o := Options{File: "f.csv", Pair: s.Pair, Interval: datasets.Minute}
			cleaner, err := NewCleaner(o, c.policies, func(s *market.Series) error { out = append(out, s.Time...); return nil })
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < s.Len() && err == nil; i += 100 { // a header is line 1
				err = cleaner.Clean(s.Slice(i, min(i+100, s.Len())), Place{Line: int64(i) + 2})
			}
			if err == nil {
				err = cleaner.Finish()
			}
			if !errors.Is(err, c.refused) {
				t.Fatalf("found the error %v, expected %v", err, c.refused)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("found %q, expected %q in it", err, part)
				}
			}
			if c.refused == nil && (len(out) != c.rows || !slices.IsSorted(out)) || !reflect.DeepEqual(cleaner.Changes(), c.changes) {
				t.Errorf("found %d rows and %v, expected %d and %v", len(out), cleaner.Changes(), c.rows, c.changes)
			}
		})
	}
}

// TestFillIsFlatAtTheLastClose: in the open market only, without volume, with the
// bid and ask before.
func TestFillIsFlatAtTheLastClose(t *testing.T) {
	s := cleanSeries(t, "EURUSD", datasets.Minute, 7200)
	s.Bid, s.Ask = slices.Clone(s.Low), slices.Clone(s.High)
	// The week ends after 7080 minutes: the hole is the last 60 minutes and the
	// first 30 of the next.
	without(s, 7020, 7110)
	out, c, err := cleaned(t, s, 1000, Options{}, Policies{OnGap: Fill})
	if err != nil {
		t.Fatal(err)
	}
	if want := []datasets.Change{{What: "filled gaps", Count: 1}, {What: "made flat candles for gaps", Count: 90, Made: true}}; !reflect.DeepEqual(c.Changes(), want) || out.Len() != 7200 {
		t.Fatalf("found %v and %d rows, expected %v and 7200", c.Changes(), out.Len(), want)
	}
	if !reflect.DeepEqual(out.Time, cleanSeries(t, "EURUSD", datasets.Minute, 7200).Time) {
		t.Error("the filled times are not those of the open market")
	}
	for i := 7020; i < 7110; i++ {
		got := [7]float64{out.Open[i], out.High[i], out.Low[i], out.Close[i], out.Volume[i], out.Bid[i], out.Ask[i]}
		x := s.Close[7019]
		if want := [7]float64{x, x, x, x, 0, s.Bid[7019], s.Ask[7019]}; got != want {
			t.Fatalf("row %d: found %v, expected %v", i+1, got, want)
		}
	}
}

// TestTooLongToFill: a gap of over a month is data that was never there.
func TestTooLongToFill(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 60*1440)
	without(s, 1000, 1000+32*1440)
	_, _, err := cleaned(t, s, 5000, Options{}, Policies{OnGap: Fill})
	if !errors.Is(err, datasets.ErrGap) || !strings.Contains(err.Error(), "expected at most 31d of open market to fill") {
		t.Errorf("found %v", err)
	}
}

// TestClosesAloneStayAlone: what is known by its closes only goes out so.
func TestClosesAloneStayAlone(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 2000)
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	without := s.Slice(0, 1000)
	rest := s.Slice(1050, 2000)
	c, err := NewCleaner(Options{Pair: s.Pair, Interval: datasets.Minute}, Policies{OnGap: Fill}, func(s *market.Series) error {
		if !datasets.CloseOnly(s) {
			t.Error("open, high and low are columns of their own")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Clean(without, Place{}), c.Clean(rest, Place{}), c.Finish()); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Report(); err != nil || r.Columns != datasets.Close|datasets.Volume || r.Rows != 2000 {
		t.Errorf("found %v, %v, %v", r.Columns, r.Rows, err)
	}
}

// TestPlacesNameFileAndLine: a refusal names the row of the file that it is in,
// even after rows were left out and files changed.
func TestPlacesNameFileAndLine(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 3000)
	s.Close[100] = math.NaN() // of a.csv, is dropped
	scaled(s, 2500, 2501, 2)  // row 1501 of b.csv
	c, err := NewCleaner(Options{File: "BTCUSD", Pair: s.Pair, Interval: datasets.Minute}, Policies{OnBad: Drop}, func(*market.Series) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	err = c.Clean(s.Slice(0, 1000), Place{File: "a.csv"})
	for i := 1000; i < 3000 && err == nil; i += 400 {
		err = c.Clean(s.Slice(i, i+400), Place{File: "b.csv"})
	}
	if err == nil {
		err = c.Finish()
	}
	r, ok := errors.AsType[*datasets.Refusal](err)
	if !ok || r.File != "b.csv" || r.Row != 1501 || r.Line != 0 {
		t.Errorf("found %v, expected row 1501 of b.csv", err)
	}
	if again := c.Clean(s.Slice(0, 1), Place{}); !errors.Is(again, ErrSpike) {
		t.Errorf("after a refusal found %v, expected it again", again)
	}
}

// TestPolicyTextsReadBack: the text form of policies sets the same policies.
func TestPolicyTextsReadBack(t *testing.T) {
	names, choices := PolicyFlags()
	for i, name := range names {
		for _, choice := range choices[i] {
			var p, q Policies
			if err := p.Set(name, string(choice)); err != nil {
				t.Fatal(err)
			}
			for flag, text := range p.Map() {
				if err := q.Set(flag, text); err != nil {
					t.Fatal(err)
				}
			}
			if q.String() != p.String() || !strings.Contains(p.String(), "--"+name+" "+string(choice)) {
				t.Errorf("found %s, expected %s", q, p)
			}
		}
		var p Policies
		if err := p.Set(name, "guess"); err == nil || !strings.HasPrefix(err.Error(), `found "guess", expected `) {
			t.Errorf("--%s guess: %v", name, err)
		}
	}
}

// TestHostileRowsAreReported: whatever the bits, nothing panics, and what is
// cleaned passes the check of runs.
func TestHostileRowsAreReported(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pair := rapid.SampledFrom([]string{"BTCUSD", "EURUSD", "NVDA"}).Draw(rt, "pair")
		interval := rapid.SampledFrom([]datasets.Interval{1, datasets.Second, datasets.Minute, 45 * datasets.Minute, datasets.Hour, 4 * datasets.Hour, 7 * datasets.Day}).Draw(rt, "interval")
		s := &market.Series{Pair: pairOf(pair), IntervalMS: int64(interval)}
		times := rapid.OneOf(rapid.Int64(), rapid.Int64Range(0, 4e12), rapid.Map(rapid.Int64Range(0, 100), func(n int64) int64 { return 1736121600000 + n*int64(interval) }))
		number := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), 0, -1, 1, 1.1, 10, 1e12}))
		for range rapid.IntRange(1, 100).Draw(rt, "rows") {
			s.Time = append(s.Time, times.Draw(rt, "time"))
			open := number.Draw(rt, "open")
			s.Open, s.Close = append(s.Open, open), append(s.Close, open)
			s.High, s.Low = append(s.High, open), append(s.Low, number.Draw(rt, "low"))
			s.Volume = append(s.Volume, number.Draw(rt, "volume"))
		}
		audit(t, s, 7, Options{})
		out, _, err := cleaned(t, s, 9, Options{}, Policies{OnDuplicate: Drop, OnBad: Drop, OnGap: Keep, OnSpike: Drop, OnClock: Keep, OnScale: Keep})
		if err != nil {
			rt.Fatal(err)
		}
		check := datasets.Checker{File: "cleaned", IntervalMS: int64(interval)}
		if err := check.Check(out); err != nil {
			rt.Error(err)
		}
	})
}
