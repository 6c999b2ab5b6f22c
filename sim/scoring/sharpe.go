package scoring

// sharpe is the annual excess return over the volatility. Rules §10.
func (s *sample) sharpe() float64 { return s.excessOver(s.volatility()) }
