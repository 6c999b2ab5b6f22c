package indicator

import "math"

// WMA is the linearly weighted moving average of closes: the newest weighs as
// much as the period, the oldest 1.
type WMA struct {
	value    float64
	period   int
	sum      float64 // of the last period closes
	weighted float64 // of them, each times its weight
	total    float64 // of the weights
	due      int     // candles until the sums are made anew
}

// NewWMA makes a weighted average. It panics if the period is not from 1 to
// MaxPeriod.
func NewWMA(period int) *WMA {
	checkPeriod(period, 1)
	n := float64(period)
	return &WMA{value: math.NaN(), period: period, total: n * (n + 1) / 2}
}

// Take implements Indicator.
func (m *WMA) Take(b Bars, i int) {
	switch {
	case m.due > 1:
		m.due--
		// Each weight falls by one: the sum of them all goes, the newest comes.
		m.weighted += float64(float64(m.period)*b.Close[i]) - m.sum
		m.sum += b.Close[i] - b.Close[i-m.period]
	case i >= m.period-1:
		m.renew(b.Close[i+1-m.period : i+1])
	default:
		return
	}
	m.value = m.weighted / m.total
}

func (m *WMA) renew(window []float64) {
	m.due, m.sum, m.weighted = renewPeriods*m.period, 0, 0
	for k, x := range window {
		m.sum += x
		m.weighted += float64(float64(k+1) * x)
	}
}

// Value implements Indicator.
func (m *WMA) Value(int) float64 { return m.value }
