package sim

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// TestRunsOfAColumnAreItsValues: whether a column is kept as runs or not, it shows
// the same values and wakes at the same candles.
func TestRunsOfAColumnAreItsValues(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var values []float64
		for range rapid.IntRange(1, 5).Draw(rt, "runs") {
			v := rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, 2, math.NaN()}).Draw(rt, "value")
			for range rapid.IntRange(1, 30).Draw(rt, "length") {
				values = append(values, v)
			}
		}
		f := &Feed{series: &market.Series{Time: make([]int64, len(values))}}
		runs := runsOf(values)
		changed := 0
		for i := 1; i < len(values); i++ {
			if math.Float64bits(values[i]) != math.Float64bits(values[i-1]) {
				changed++
			}
		}
		if (runs != nil) != (changed+1 <= len(values)/runsWorth) {
			rt.Fatalf("%d runs in %d values are kept as %d", changed+1, len(values), len(runs))
		}
		plain, folded := &Column{feed: f, values: values}, &Column{feed: f, runs: runs}
		if runs == nil {
			folded.values = values
		}
		changes, want := folded.changes(), plain.changes()
		for i := range values {
			if rapid.IntRange(0, 3).Draw(rt, "skip") == 0 {
				continue // not every candle is looked at
			}
			f.seen = i + 1
			if math.Float64bits(folded.Last()) != math.Float64bits(plain.Last()) || changes(i) != want(i) {
				rt.Fatalf("candle %d: %g, want %g", i, folded.Last(), plain.Last())
			}
		}
		bits := func(xs []float64) (b []uint64) {
			for _, x := range xs {
				b = append(b, math.Float64bits(x))
			}
			return b
		}
		if !slices.Equal(bits(folded.Values()), bits(values[:f.seen])) || math.Float64bits(folded.Last()) != math.Float64bits(plain.Last()) {
			rt.Fatalf("unfolded: %v, want %v", folded.Values(), values)
		}
	})
}
