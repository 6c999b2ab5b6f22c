package script

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// chart is a pair's finished candles as a script sees them, and the indicators
// that follow them.
type chart struct {
	run      *run
	now      func() sim.Candles
	tests    bool // it shows candles to a test, and to nothing else
	columns  map[string]starlark.Sequence
	gauges   []*gauge
	bars     indicator.Bars // of the first n candles
	n        int
	interval starlark.Value
}

// charted is what has a chart.
type charted interface{ chartOf() *chart }

func (r *run) newChart(now func() sim.Candles, tests bool) *chart {
	c := &chart{run: r, now: now, tests: tests, interval: starlark.MakeInt64(now().IntervalMS())}
	c.columns = make(map[string]starlark.Sequence)
	for _, of := range priceColumns() {
		if of.optional && of.read(now()) == nil {
			continue
		}
		c.columns[of.name] = &column[float64]{func() []float64 {
			if c.hidden() {
				return nil
			}
			return of.read(c.now())
		}}
	}
	c.columns["time"] = &column[int64]{func() []int64 {
		if c.hidden() {
			return nil
		}
		return c.now().Time()
	}}
	return c
}

// hidden tells when nothing can be seen: a test looks at later candles than the
// clock does, and what else it saw would depend on how far ahead it looks.
func (c *chart) hidden() bool { return c.tests != (c.run.phase == looking) }

// priceColumn is a column of candles by its name.
type priceColumn struct {
	name     string
	read     func(sim.Candles) []float64
	optional bool // data may lack it
}

func priceColumns() []priceColumn {
	return []priceColumn{
		{"open", sim.Candles.Open, false}, {"high", sim.Candles.High, false},
		{"low", sim.Candles.Low, false}, {"close", sim.Candles.Close, false},
		{"volume", sim.Candles.Volume, true}, {"bid", sim.Candles.Bid, true}, {"ask", sim.Candles.Ask, true},
	}
}

// chartAttributes are the columns, for a class that has a chart.
func chartAttributes[T charted]() map[string]attribute[T] {
	attributes := map[string]attribute[T]{
		"interval": func(t T) (starlark.Value, error) { return t.chartOf().interval, nil },
		"count": func(t T) (starlark.Value, error) {
			return starlark.MakeInt(t.chartOf().columns["close"].Len()), nil
		},
	}
	names := []string{"time"}
	for _, c := range priceColumns() {
		names = append(names, c.name)
	}
	for _, name := range names {
		attributes[name] = func(t T) (starlark.Value, error) {
			if c, ok := t.chartOf().columns[name]; ok {
				return c, nil
			}
			return starlark.None, nil // the data has no such column
		}
	}
	return attributes
}

// barsNow is the columns as indicators take them, and how many candles they have.
func (c *chart) barsNow() (indicator.Bars, int) {
	if c.hidden() {
		return indicator.Bars{}, 0
	}
	candles := c.now()
	if n := candles.Len(); n != c.n {
		c.bars, c.n = barsOf(candles), n
	}
	return c.bars, c.n
}

func barsOf(c sim.Candles) indicator.Bars {
	return indicator.Bars{Open: c.Open(), High: c.High(), Low: c.Low(), Close: c.Close(), Volume: c.Volume()}
}

// none is a value that does not exist.
func none() float64 { return math.NaN() }
