package sim

import (
	"fmt"
	"math"
)

// Column is a value a candle that was computed beforehand over a feed's whole
// series. A strategy sees it as far as it sees the candles.
type Column struct {
	feed   *Feed
	values []float64
}

// Precompute declares a causal computation over all candles of the feed: compute
// gets the whole series of the run and returns a value for each candle, and the
// value of candle i may depend on the candles 0 to i alone. Nothing but
// VerifyCausal checks that. To be called in Init.
//
// It is for speed: one loop over columns, and with WakeOnChange the strategy is
// called only when its signal changes.
func (f *Feed) Precompute(compute func(Candles) []float64) *Column {
	if f.seat.run.started {
		f.seat.run.refuse(errTooLate)
	}
	n := f.series.Len()
	values := compute(Candles{series: f.series, n: n})
	if len(values) != n {
		f.seat.run.refuse(fmt.Errorf("%s: a precomputed column has %d values; expected one for each of %d candles", f.Pair(), len(values), n))
		values = make([]float64, n)
	}
	return &Column{feed: f, values: values}
}

// Values are the values of the finished candles, oldest first.
func (c *Column) Values() []float64 { return column(c.values, c.feed.seen) }

// Last is the value of the last finished candle; NaN if there is none.
func (c *Column) Last() float64 {
	if c.feed.seen == 0 {
		return math.NaN()
	}
	return c.values[c.feed.seen-1]
}
