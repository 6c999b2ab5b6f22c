package scoring

import "github.com/ptnsim/ptnsim/sim/rules"

// adjustedReturn is the drawdown-adjusted return of 2024: the annual return of
// the last days times [riskNormalization]. Its days count alike, whatever the
// recency weights: it has a metric of its own for the last of them. Rules §10.
func (s *sample) adjustedReturn(a rules.AdjustedReturn, mdd []float64) float64 {
	recent := *s
	recent.returns, recent.weights = last(s.returns, a.Days), nil
	return recent.annualReturn() * a.Scale * riskNormalization(a, mdd)
}

// riskNormalization is 1/D × upper(D), with D the drawdown in percent. It is 0
// for a drawdown too small to mean anything and for one that is too large.
func riskNormalization(a rules.AdjustedReturn, mdd []float64) float64 {
	factor := drawdownFactor(a.Drawdown, last(mdd, a.Checkpoints))
	if factor >= 1-a.DrawdownMin || factor <= 1-a.DrawdownMax {
		return 0
	}
	drawdown := 1 - factor
	upper := min((a.DrawdownMax-drawdown)/a.Ramp, 1)
	return upper / (100 * drawdown)
}
