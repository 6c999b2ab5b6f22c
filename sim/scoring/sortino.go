package scoring

// sortino is the annual excess return over the volatility of the days that
// earn less than the risk-free rate. Rules §10.
func (s *sample) sortino() float64 { return s.excessOver(s.downsideVolatility()) }
