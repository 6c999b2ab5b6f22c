package strategies

import "github.com/ptnsim/ptnsim/strategies/indicator"

// Average names a moving average of closes.
type Average string

// The moving averages.
const (
	SMA Average = "sma" // simple: every close of the period weighs the same
	EMA Average = "ema" // exponential: a close weighs 2/(period+1), the older the less
)

// movingAverage is one of them, of the closes of a pair.
type movingAverage struct {
	exponential bool
	sma         indicator.SMA
	ema         indicator.EMA
}

func newMovingAverage(kind Average, period int) movingAverage {
	if kind == EMA {
		return movingAverage{exponential: true, ema: *indicator.NewEMA(period)}
	}
	return movingAverage{sma: *indicator.NewSMA(period)}
}

// take follows the close at i; those before it must have been taken, in order.
func (m *movingAverage) take(closes []float64, i int) {
	if m.exponential {
		m.ema.Follow(closes, i)
		return
	}
	m.sma.Follow(closes, i)
}

// value is NaN until a period of closes has passed.
func (m *movingAverage) value() float64 {
	if m.exponential {
		return m.ema.Value(0)
	}
	return m.sma.Value(0)
}
