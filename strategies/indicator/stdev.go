package indicator

// StDev is the standard deviation of the last closes, as of a whole population
// (the divisor is the period), as Bollinger has it.
type StDev struct{ moments }

// NewStDev makes a standard deviation. It panics if the period is not from 2 to
// MaxPeriod.
func NewStDev(period int) *StDev { return &StDev{newMoments(period, 2)} }

// Take implements Indicator.
func (s *StDev) Take(b Bars, i int) {
	s.take(func(k int) float64 { return b.Close[k] }, i)
}

// Value implements Indicator.
func (s *StDev) Value(int) float64 { return s.deviation(s.period) }
