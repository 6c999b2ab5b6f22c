package scoring

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

func ruleSet(t testing.TB, name string) *rules.Set {
	t.Helper()
	const day = 86400_000
	s := &rules.Set{}
	s.Ledger = rules.Ledger{Checkpoint: day / 2, Window: 90 * day, Marking: "documented", Day: "documented", FirstCheckpoint: "documented"}
	s.Drawdown = rules.Drawdown{Limit: .1, AtLimit: rules.AtLimitSurvives}
	s.Elimination = rules.Elimination{Main: true, Challenge: true}
	s.Metrics = rules.Metrics{DaysInYear: 365, RiskFreeAnnual: .0419, DaysMin: 60, VolatilityMin: .01, Variance: "population"}
	s.Recency = rules.Recency{Enabled: true, Floor: .4, Decay: .08}
	s.Calmar = rules.Calmar{RiskFree: true, Drawdown: "max", DrawdownMax: .1}
	s.Sharpe.NoConfidence = -100
	s.Sortino.NoConfidence = -100
	s.Omega = rules.Omega{LossMin: .01, WeightMin: .01}
	s.StatisticalConfidence = rules.StatisticalConfidence{NoConfidence: -100, VarianceMin: 1e-8}
	s.ReturnLong = rules.AdjustedReturn{Drawdown: "mean", Scale: 100, DrawdownMin: .005, DrawdownMax: .1, Ramp: .05}
	s.ReturnShort = s.ReturnLong
	s.ReturnShort.Days, s.ReturnShort.Checkpoints = 7, 14
	s.Weights = rules.Weights{Calmar: .2, Sharpe: .2, Omega: .2, Sortino: .2, StatisticalConfidence: .2}
	s.DrawdownPenalty = rules.DrawdownPenalty{Limit: .1, AtLimit: "spares"}
	s.Martingale = rules.Martingale{Enabled: true, Window: 90 * day, Steps: 2, ReturnPower: 25, SigmoidShift: .1, SigmoidSlope: 50, ExponentMax: 100}
	s.Scoring.PositionFilter = "none"
	s.Competition = rules.Competition{Percentiles: "documented", SoftmaxTemperature: .125, TargetMiners: .4, TargetEmission: .9}
	s.Challenge = rules.Challenge{Start: "registration", Duration: 90 * day, DaysMin: 60, PercentileMin: .75, Weight: 1.2e-5, Reasons: "split"}
	if name == "ptn-2024-12" || name == "ptn-4.8.12" {
		s.Elimination.Main = false
		s.Recency.Enabled = false
		s.Weights = rules.Weights{Sharpe: .175, Omega: .175, Sortino: .175, StatisticalConfidence: .175, ReturnLong: .2, ReturnShort: .1}
		s.DrawdownPenalty.LastCheckpoints = 10
		s.Competition.SoftmaxTemperature = .2
		s.Challenge.DaysMin = 0
	}
	if name == "ptn-5.4.0" || name == "ptn-4.8.12" {
		s.Ledger.Day = "deployed"
		s.Metrics.DaysInYear = 252
		s.DrawdownPenalty.AtLimit = "penalises"
		s.Scoring.PositionFilter = "closed_60s"
		s.Competition.Percentiles = "deployed"
		s.Challenge.Start = "first_order"
	}
	switch name {
	case "ptn-5.4.0":
		s.Drawdown.AtLimit = rules.AtLimitEliminates
		s.Recency.Enabled = false
		s.Calmar.RiskFree = false
	case "ptn-4.8.12":
		s.Metrics.Variance = "sample"
		s.StatisticalConfidence.VarianceMin = 0
		s.ReturnLong.Drawdown, s.ReturnLong.Scale = "max", 1
		s.ReturnShort.Drawdown, s.ReturnShort.Scale, s.ReturnShort.Days = "max", 1, 14
		s.Challenge.Reasons = "single"
	case "ptn-2025-02", "ptn-2024-12":
	default:
		t.Fatal(name)
	}
	return s
}
