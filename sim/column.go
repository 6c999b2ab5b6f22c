package sim

import (
	"fmt"
	"math"
)

// Column is a value a candle that was computed beforehand over a feed's whole
// series. A strategy sees it as far as it sees the candles.
//
// Most columns are decisions that seldom change, and a subnet holds hundreds of
// them: one of long runs of equal values is kept as those runs.
type Column struct {
	feed   *Feed
	values []float64 // of every candle; nil where runs hold them
	runs   []valueRun
	at     int // the run that Last was in
}

// valueRun is a value that holds from a candle to the next run.
type valueRun struct {
	from  int
	value float64
}

// runsWorth is how many values a run must hold on average to be worth keeping.
const runsWorth = 8

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
	c := &Column{feed: f, values: values}
	if runs := runsOf(values); runs != nil {
		c.values, c.runs = nil, runs
	}
	return c
}

// runsOf are the runs of equal values, to the bit; nil if they are too many to be
// worth it.
func runsOf(values []float64) []valueRun {
	most := len(values) / runsWorth
	var runs []valueRun
	for i, v := range values {
		if i > 0 && math.Float64bits(v) == math.Float64bits(values[i-1]) {
			continue
		}
		if len(runs) == most {
			return nil
		}
		runs = append(runs, valueRun{i, v})
	}
	return runs
}

// Values are the values of the finished candles, oldest first.
func (c *Column) Values() []float64 {
	if c.runs != nil {
		c.unfold()
	}
	return column(c.values, c.feed.seen)
}

// unfold turns the runs into values: somebody looks at more than the last one.
func (c *Column) unfold() {
	c.values = make([]float64, c.feed.series.Len())
	for k, run := range c.runs {
		end := len(c.values)
		if k+1 < len(c.runs) {
			end = c.runs[k+1].from
		}
		for i := run.from; i < end; i++ {
			c.values[i] = run.value
		}
	}
	c.runs = nil
}

// Last is the value of the last finished candle; NaN if there is none.
func (c *Column) Last() float64 {
	last := c.feed.seen - 1
	switch {
	case last < 0:
		return math.NaN()
	case c.runs == nil:
		return c.values[last]
	}
	for c.at+1 < len(c.runs) && c.runs[c.at+1].from <= last { // candles only become more
		c.at++
	}
	return c.runs[c.at].value
}

// changes returns a test of whether a candle's value differs from the one before.
// Candles are asked about in their order, each at most once.
func (c *Column) changes() wakeTest {
	if c.runs == nil {
		values := c.values
		return func(i int) bool { return i > 0 && differs(values[i], values[i-1]) }
	}
	runs, next := c.runs, 1
	return func(i int) bool {
		for next < len(runs) && runs[next].from < i {
			next++
		}
		return next < len(runs) && runs[next].from == i && differs(runs[next].value, runs[next-1].value)
	}
}
