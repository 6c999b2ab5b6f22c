package rules

import "math"

// The checks of how an account is judged: Rules §10 to §14.

func (c *checks) metrics(s *Set) {
	over(c, "metrics.days_in_year", s.Metrics.DaysInYear, 0)
	within(c, "metrics.risk_free_annual", s.Metrics.RiskFreeAnnual, 0, 1)
	atLeast(c, "metrics.days_min", s.Metrics.DaysMin, 0)
	over(c, "metrics.volatility_min", s.Metrics.VolatilityMin, 0)
	within(c, "recency.floor", s.Recency.Floor, 0, 1)
	atLeast(c, "recency.decay", s.Recency.Decay, 0)
	share(c, "calmar.drawdown_max", s.Calmar.DrawdownMax)
	finite(c, "sharpe.no_confidence", s.Sharpe.NoConfidence)
	finite(c, "omega.no_confidence", s.Omega.NoConfidence)
	over(c, "omega.loss_min", s.Omega.LossMin, 0)
	over(c, "omega.weight_min", s.Omega.WeightMin, 0)
	finite(c, "sortino.no_confidence", s.Sortino.NoConfidence)
	finite(c, "statistical_confidence.no_confidence", s.StatisticalConfidence.NoConfidence)
	atLeast(c, "statistical_confidence.variance_min", s.StatisticalConfidence.VarianceMin, 0)
}

func (c *checks) adjustedReturn(path string, r AdjustedReturn) {
	atLeast(c, path+".days", r.Days, 0)
	atLeast(c, path+".checkpoints", r.Checkpoints, 0)
	over(c, path+".scale", r.Scale, 0)
	within(c, path+".drawdown_min", r.DrawdownMin, 0, 1)
	share(c, path+".drawdown_max", r.DrawdownMax)
	ordered(c, path+".drawdown_min", r.DrawdownMin, path+".drawdown_max", r.DrawdownMax)
	share(c, path+".ramp", r.Ramp)
}

func (c *checks) weights(s *Set) {
	const tolerance = 1e-12
	w := s.Weights
	sum := 0.0
	for _, part := range []struct {
		path  string
		value float64
	}{
		{"weights.calmar", w.Calmar},
		{"weights.sharpe", w.Sharpe},
		{"weights.omega", w.Omega},
		{"weights.sortino", w.Sortino},
		{"weights.statistical_confidence", w.StatisticalConfidence},
		{"weights.return_long", w.ReturnLong},
		{"weights.return_short", w.ReturnShort},
	} {
		within(c, part.path, part.value, 0, 1)
		sum += part.value
	}
	if !(math.Abs(sum-1) <= tolerance) {
		c.add("weights", "weights that sum to "+textOf(sum), "a sum of 1")
	}
}

func (c *checks) penalties(s *Set) {
	share(c, "drawdown_penalty.limit", s.DrawdownPenalty.Limit)
	atLeast(c, "drawdown_penalty.last_checkpoints", s.DrawdownPenalty.LastCheckpoints, 0)
	m := s.Martingale
	period(c, "martingale.window", m.Window)
	atLeast(c, "martingale.steps", m.Steps, 1)
	atLeast(c, "martingale.return_power", m.ReturnPower, 0)
	within(c, "martingale.sigmoid_shift", m.SigmoidShift, 0, 1)
	atLeast(c, "martingale.sigmoid_slope", m.SigmoidSlope, 0)
	within(c, "martingale.exponent_max", m.ExponentMax, 0, 700) // exp(710) overflows
}

func (c *checks) competition(s *Set) {
	k := s.Competition
	over(c, "competition.softmax_temperature", k.SoftmaxTemperature, 0)
	share(c, "competition.target_miners", k.TargetMiners)
	share(c, "competition.target_emission", k.TargetEmission)
	period(c, "competition.weights_every", k.WeightsEvery)
}

func (c *checks) challenge(s *Set) {
	period(c, "challenge.duration", s.Challenge.Duration)
	period(c, "challenge.check_every", s.Challenge.CheckEvery)
	atLeast(c, "challenge.days_min", s.Challenge.DaysMin, 0)
	within(c, "challenge.percentile_min", s.Challenge.PercentileMin, 0, 1)
	within(c, "challenge.weight", s.Challenge.Weight, 0, 1)
	atLeast(c, "registration.slots", s.Registration.Slots, 1)
	wait(c, "registration.immunity", s.Registration.Immunity)
}
