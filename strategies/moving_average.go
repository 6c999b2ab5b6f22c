package strategies

// Average names a moving average of closes.
type Average string

// The moving averages.
const (
	SMA Average = "sma" // simple: every close of the period weighs the same
	EMA Average = "ema" // exponential: a close weighs 2/(period+1), the older the less
)

// movingAverage follows the closes of a pair, one candle a call, in constant
// time and without memory of its own: the column is its window.
type movingAverage struct {
	value float64 // once period closes have passed

	period      int
	exponential bool
	alpha       float64 // the weight of a close in the exponential average
	share       float64 // in the simple one: 1/period
	sum         float64 // of the last period closes
	due         int     // closes until the sum is made anew
}

func newMovingAverage(kind Average, period int) movingAverage {
	return movingAverage{
		period: period, exponential: kind == EMA,
		alpha: 2 / float64(period+1), share: 1 / float64(period),
	}
}

// take follows the close at i; those before it must have been taken, in order.
// An exponential average starts as the simple one of its first period.
func (m *movingAverage) take(closes []float64, i int) {
	switch {
	case i >= m.period && m.exponential:
		m.value += float64(m.alpha * (closes[i] - m.value))
	case i >= m.period && m.due > 1:
		m.due--
		m.sum += closes[i] - closes[i-m.period]
		m.value = m.sum * m.share
	default:
		m.renew(closes[max(0, i+1-m.period) : i+1])
	}
}

// renewPeriods is how many periods pass until the sum is made anew.
const renewPeriods = 8

// renew makes the sum anew, so that rounding can't pile up: that is an eighth of
// an addition a candle. Before the first period is full there is no average yet.
func (m *movingAverage) renew(window []float64) {
	if len(window) < m.period {
		return
	}
	m.due, m.sum = renewPeriods*m.period, 0
	for _, x := range window {
		m.sum += x
	}
	m.value = m.sum * m.share
}
