package indicator

import "math"

// Momentum is the close less the close a period of candles earlier.
type Momentum struct {
	value  float64
	period int
}

// NewMomentum makes a momentum. It panics if the period is not from 1 to
// MaxPeriod.
func NewMomentum(period int) *Momentum {
	checkPeriod(period, 1)
	return &Momentum{math.NaN(), period}
}

// Take implements Indicator.
func (m *Momentum) Take(b Bars, i int) {
	if i >= m.period {
		m.value = b.Close[i] - b.Close[i-m.period]
	}
}

// Value implements Indicator.
func (m *Momentum) Value(int) float64 { return m.value }

// ROC is the rate of change: the return of the close over a period of candles, a
// fraction.
type ROC struct {
	value  float64
	period int
}

// NewROC makes a rate of change. It panics if the period is not from 1 to
// MaxPeriod.
func NewROC(period int) *ROC {
	checkPeriod(period, 1)
	return &ROC{math.NaN(), period}
}

// Take implements Indicator.
func (r *ROC) Take(b Bars, i int) {
	if i >= r.period {
		r.value = b.Close[i]/b.Close[i-r.period] - 1
	}
}

// Value implements Indicator.
func (r *ROC) Value(int) float64 { return r.value }
