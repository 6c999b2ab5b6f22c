package audit

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// drawSeries draws the kind of a clean series.
func drawSeries(t *rapid.T, tb testing.TB) *market.Series {
	pair := rapid.SampledFrom([]string{"BTCUSD", "EURUSD", "NVDA"}).Draw(t, "pair")
	interval := rapid.SampledFrom([]datasets.Interval{datasets.Minute, 5 * datasets.Minute, 15 * datasets.Minute, 30 * datasets.Minute}).Draw(t, "interval")
	return cleanSeries(tb, pair, interval, rapid.IntRange(1500, 4000).Draw(t, "rows"))
}

// fault is one way to spoil a row.
type fault struct {
	problem Problem
	spoil   func(s *market.Series, i int)
}

func faults() []fault {
	return []fault{
		{Unsorted, func(s *market.Series, i int) { s.Time[i-1], s.Time[i] = s.Time[i], s.Time[i-1] }},
		{Duplicate, func(s *market.Series, i int) { repeat(s, i-1) }},
		{Conflict, func(s *market.Series, i int) { repeat(s, i-1); s.Close[i] = s.Low[i]; s.Volume[i]++ }},
		{OffGrid, func(s *market.Series, i int) { s.Time[i] += 1000 }},
		{NotFinite, func(s *market.Series, i int) { s.Close[i] = math.NaN() }},
		{NotPositive, func(s *market.Series, i int) { s.Low[i] = -1 }},
		{Inconsistent, func(s *market.Series, i int) { s.Open[i] = s.High[i] * 2 }},
		{BadVolume, func(s *market.Series, i int) { s.Volume[i] = -1 }},
		{Spike, func(s *market.Series, i int) { s.High[i] *= 1.3 }},
		{Spike, func(s *market.Series, i int) { scaled(s, i, i+1, 0.5) }},
	}
}

// TestOneFaultIsOneFinding: a fault anywhere is found at its row, and is the only
// finding above a note.
func TestOneFaultIsOneFinding(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSeries(rt, t)
		if f := audit(t, s, s.Len(), Options{}).Findings; len(f) > 0 {
			rt.Fatalf("findings in a clean series: %+v", f)
		}
		f := rapid.SampledFrom(faults()).Draw(rt, "fault")
		i := rapid.IntRange(100, s.Len()-100).Draw(rt, "row")
		f.spoil(s, i)
		r := audit(t, s, rapid.IntRange(1, s.Len()).Draw(rt, "chunk"), Options{})
		for _, x := range r.Findings {
			if x.Severity != Note && (x.Problem != f.problem || x.Count != 1 || x.Row != int64(i)+1) {
				rt.Errorf("%s at row %d: found\n%s", f.problem, i+1, show(r))
			}
		}
		if r.Find(f.problem) == nil {
			rt.Errorf("%s at row %d: found\n%s", f.problem, i+1, show(r))
		}
	})
}

// spoiled draws a series with many faults.
func spoiled(t *rapid.T, tb testing.TB) *market.Series {
	s := drawSeries(t, tb)
	if rapid.Bool().Draw(t, "quotes") {
		s.Bid, s.Ask = slices.Clone(s.Low), slices.Clone(s.High)
	}
	for range rapid.IntRange(0, 20).Draw(t, "faults") {
		f := rapid.SampledFrom(faults()).Draw(t, "fault")
		f.spoil(s, rapid.IntRange(1, s.Len()-2).Draw(t, "row"))
	}
	for range rapid.IntRange(0, 5).Draw(t, "holes") {
		i := rapid.IntRange(1, s.Len()-400).Draw(t, "hole")
		without(s, i, i+rapid.IntRange(1, 200).Draw(t, "length"))
	}
	if rapid.Bool().Draw(t, "flat") {
		i := rapid.IntRange(1, s.Len()-300).Draw(t, "stand")
		flatten(s, i, i+200)
	}
	return s
}

// TestChunksChangeNothing: the report is the same however the rows are cut.
func TestChunksChangeNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := spoiled(rt, t)
		whole := audit(t, s, s.Len(), Options{})
		cut := audit(t, s, rapid.IntRange(1, 300).Draw(rt, "chunk"), Options{})
		if !reflect.DeepEqual(whole, cut) {
			rt.Errorf("whole:\n%s\n%+v\ncut:\n%s\n%+v", show(whole), whole.Gaps, show(cut), cut.Gaps)
		}
	})
}

// cleaned runs a series through a cleaner.
func cleaned(t testing.TB, s *market.Series, chunk int, o Options, p Policies) (*market.Series, *Cleaner, error) {
	t.Helper()
	o.Pair, o.Interval = s.Pair, datasets.Interval(s.IntervalMS)
	out := newBuffer(s, datasets.CloseOnly(s), &o)
	c, err := NewCleaner(o, p, func(s *market.Series) error {
		out.add(s, 0, s.Len())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < s.Len() && err == nil; i += chunk {
		err = c.Clean(s.Slice(i, min(i+chunk, s.Len())), Place{})
	}
	if err == nil {
		err = c.Finish()
	}
	return &out.Series, c, err
}

// TestCleanedPasses: with every policy set to repair, what comes out has no
// error, no spike that a policy saw, and is told by the report as it is; and
// however the rows are cut, it is the same.
func TestCleanedPasses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := spoiled(rt, t)
		p := Policies{OnDuplicate: Drop, OnBad: Drop, OnGap: Fill,
			OnSpike:  rapid.SampledFrom([]Choice{Drop, Fill}).Draw(rt, "on-spike"),
			OnClosed: rapid.SampledFrom([]Choice{Keep, Drop}).Draw(rt, "on-closed")}
		out, c, err := cleaned(t, s, s.Len(), Options{}, p)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := c.Report()
		if err != nil {
			rt.Fatal(err)
		}
		if fresh := audit(t, out, out.Len(), Options{}); !reflect.DeepEqual(r, fresh) {
			rt.Errorf("the cleaner reports\n%s\nan auditor\n%s", show(r), show(fresh))
		}
		if r.Worst() == Error || r.Find(MissingTime) != nil {
			rt.Errorf("after cleaning (%v):\n%s", c.Changes(), show(r))
		}
		again, c2, err := cleaned(t, s, rapid.IntRange(1, 300).Draw(rt, "chunk"), Options{}, p)
		if err != nil || !reflect.DeepEqual(out, again) || !reflect.DeepEqual(c.Changes(), c2.Changes()) {
			rt.Errorf("cut otherwise, the cleaner makes something else: %v, %v, %v", c.Changes(), c2.Changes(), err)
		}
	})
}

// TestCleanSeriesPassesUnchanged: the default policies change nothing in candles
// without fault.
func TestCleanSeriesPassesUnchanged(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSeries(rt, t)
		out, c, err := cleaned(t, s, rapid.IntRange(1, s.Len()).Draw(rt, "chunk"), Options{}, Policies{})
		if err != nil || c.Changes() != nil || !reflect.DeepEqual(out.Time, s.Time) || !reflect.DeepEqual(out.Close, s.Close) {
			rt.Errorf("%v, %v, %d of %d rows", err, c.Changes(), out.Len(), s.Len())
		}
	})
}
