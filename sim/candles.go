package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/market"
)

// Candles is a view of a pair's finished candles: nothing past the last of them
// can be reached through it. The columns are shared with the run; a strategy
// must not write to them.
type Candles struct {
	series *market.Series
	n      int
}

// Len is the number of finished candles.
func (c Candles) Len() int { return c.n }

// IntervalMS is the length of a candle.
func (c Candles) IntervalMS() int64 { return c.series.IntervalMS }

// Time is when each candle opened, UTC ms.
func (c Candles) Time() []int64 { return c.series.Time[:c.n:c.n] }

// Open is the column of opening prices.
func (c Candles) Open() []float64 { return column(c.series.Open, c.n) }

// High is the column of highest prices.
func (c Candles) High() []float64 { return column(c.series.High, c.n) }

// Low is the column of lowest prices.
func (c Candles) Low() []float64 { return column(c.series.Low, c.n) }

// Close is the column of closing prices.
func (c Candles) Close() []float64 { return column(c.series.Close, c.n) }

// Volume is the column of volumes; nil if the data has none.
func (c Candles) Volume() []float64 { return column(c.series.Volume, c.n) }

// Bid is the column of closing bids; nil if the data has none.
func (c Candles) Bid() []float64 { return column(c.series.Bid, c.n) }

// Ask is the column of closing asks; nil if the data has none.
func (c Candles) Ask() []float64 { return column(c.series.Ask, c.n) }

// LastClose is the close of the last finished candle; NaN if there is none.
func (c Candles) LastClose() float64 {
	if c.n == 0 {
		return math.NaN()
	}
	return c.series.Close[c.n-1]
}

// column cuts a column off at n and leaves it no capacity to look past it.
func column(col []float64, n int) []float64 {
	if col == nil {
		return nil
	}
	return col[:n:n]
}
