package scoring

import "github.com/ptnsim/ptnsim/sim/rules"

// calmar is the annual return over the drawdown, both as fractions; 0 without
// days, without a drawdown, and at or over the largest allowed. Rules §10.
func (s *sample) calmar(c rules.Calmar, mdd []float64) float64 {
	factor := drawdownFactor(c.Drawdown, mdd)
	if len(s.returns) == 0 || factor >= 1 || factor <= 1-c.DrawdownMax {
		return 0
	}
	if c.RiskFree {
		return s.annualExcess() / (1 - factor)
	}
	return s.annualReturn() / (1 - factor)
}
