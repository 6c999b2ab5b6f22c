package indicator

import "math"

// SMA is the simple moving average: every value of the period weighs the same.
//
// Its arithmetic, for who wants the same to the last digit: the first mean is at
// candle period-1 (from 0). There the period's values are summed, oldest first;
// so they are at every 8·period candles after it, lest rounding pile up. In
// between the sum changes by the difference of the value that comes and the one
// that leaves: sum + (new - old). The mean is sum × (1/period).
type SMA struct {
	value  float64
	period int
	share  float64 // 1/period
	sum    float64 // of the last period values
	due    int     // candles until the sum is made anew
}

// renewPeriods is how many periods pass until a sum is made anew: that costs an
// eighth of an addition a candle.
const renewPeriods = 8

// NewSMA makes a simple average. It panics if the period is not from 1 to
// MaxPeriod.
func NewSMA(period int) *SMA {
	m := newSMA(period)
	return &m
}

func newSMA(period int) SMA {
	checkPeriod(period, 1)
	return SMA{value: math.NaN(), period: period, share: 1 / float64(period)}
}

// Take implements Indicator: the average of closes.
func (m *SMA) Take(b Bars, i int) { m.Follow(b.Close, i) }

// Follow takes the value i of any column, as Take does of closes.
func (m *SMA) Follow(column []float64, i int) {
	switch {
	case m.due > 1:
		m.due--
		m.sum += column[i] - column[i-m.period]
		m.value = m.sum * m.share
	case i >= m.period-1:
		m.renew(column[i+1-m.period : i+1])
	}
}

func (m *SMA) renew(window []float64) {
	m.due, m.sum = renewPeriods*m.period, 0
	for _, x := range window {
		m.sum += x
	}
	m.value = m.sum * m.share
}

// Value implements Indicator.
func (m *SMA) Value(int) float64 { return m.value }
