package indicator

import "github.com/ptnsim/ptnsim/market/portable"

// Volatility is the standard deviation of the last log returns of the close, as
// of a sample (the divisor is the period less one), of one candle: not
// annualised. A period of n returns takes n+1 closes.
type Volatility struct{ moments }

// NewVolatility makes a volatility. It panics if the period is not from 2 to
// MaxPeriod.
func NewVolatility(period int) *Volatility { return &Volatility{newMoments(period, 2)} }

// Take implements Indicator.
func (v *Volatility) Take(b Bars, i int) {
	if i > 0 {
		v.take(func(k int) float64 { return portable.Log(b.Close[k+1] / b.Close[k]) }, i-1)
	}
}

// Value implements Indicator.
func (v *Volatility) Value(int) float64 { return v.deviation(v.period - 1) }
