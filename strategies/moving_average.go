package strategies

import "github.com/ptnsim/ptnsim/strategies/indicator"

// Average names a moving average of closes.
type Average string

// The moving averages.
const (
	SMA Average = "sma" // simple: every close of the period weighs the same
	EMA Average = "ema" // exponential: a close weighs 2/(period+1), the older the less
)

// movingAverage follows the closes of a pair, one candle a call.
type movingAverage interface {
	Follow(closes []float64, i int)
	Value(output int) float64 // NaN until period closes have passed
}

func newMovingAverage(kind Average, period int) movingAverage {
	if kind == EMA {
		return indicator.NewEMA(period)
	}
	return indicator.NewSMA(period)
}
