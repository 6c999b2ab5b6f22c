package compose

import (
	"math"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
)

const (
	hourMS = 60 * 60_000
	dayMS  = 24 * hourMS
	yearMS = 365 * dayMS
)

// returnsMin is how many returns a volatility takes at least. Its standard error
// over n of them is 1/√(2n) of it: 16 % with these.
const returnsMin = 20

// realised is the volatility of the candles that closed within the last windowMS
// of the last one: the root of the sum of their squared log returns, a year; NaN
// if there are too few. What counts is the time that the returns span, with the
// hours in which the market was closed: so no calendar comes into it.
func realised(candles sim.Candles, windowMS int64) float64 {
	times, closes := candles.Time(), candles.Close()
	sum, n := 0.0, 0
	last := len(times) - 1
	i := last
	for ; i > 0 && times[last]-times[i-1] <= windowMS; i-- {
		r := portable.Log(closes[i] / closes[i-1])
		sum += float64(r * r)
		n++
	}
	if n < returnsMin {
		return math.NaN()
	}
	return math.Sqrt(sum / float64(times[last]-times[i]) * yearMS)
}
