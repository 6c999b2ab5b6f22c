package reports

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// metrics is a table of what counts for the score: the metrics of the rule set
// that have a weight, with what holds each down, and the penalties.
func (s *summary) metrics() error {
	t := Table{Columns: []Column{
		{Head: "Metric"}, {Head: "value", Right: true}, {Head: "weight", Right: true}, {Head: "note"},
	}}
	for _, m := range scoring.AllMetrics() {
		weight := m.Weight(s.Rules.Set.Weights)
		if weight == 0 {
			continue
		}
		value := s.Assessment.Metrics[m]
		note := s.metricNote(m, value)
		t.Rows = append(t.Rows, []Cell{TextCell(metricName(m)), ValueCell(value), TextCell(plainPercent(weight)), TextCell(s.paint(yellow, note))})
	}
	p := s.Assessment.Penalties
	t.Rows = append(t.Rows, []Cell{
		TextCell("Penalties"), TextCell("× " + penaltyFigure(p.Total)), TextCell(""), TextCell(s.paint(yellow, s.penaltyNote(p))),
	})
	if err := t.renderText(&s.out); err != nil {
		return err
	}
	s.gap()
	return nil
}

// metricName is a metric's name for people.
func metricName(m scoring.Metric) string {
	switch m {
	case scoring.Calmar:
		return "Calmar"
	case scoring.Sharpe:
		return "Sharpe"
	case scoring.Omega:
		return "Omega"
	case scoring.Sortino:
		return "Sortino"
	case scoring.StatisticalConfidence:
		return "Confidence (t)"
	case scoring.ReturnLong:
		return "Return, long"
	case scoring.ReturnShort:
		return "Return, short"
	}
	return m.String()
}

// metricNote says what holds a metric down; "" for nothing. Rules §10.
func (s *summary) metricNote(m scoring.Metric, value scoring.Value) string {
	set, days := s.Rules.Set, s.Assessment.Days
	x, known := value.Get()
	switch m {
	case scoring.ReturnLong, scoring.ReturnShort:
		return s.adjustedReturnNote(m, x)
	case scoring.Calmar:
		switch {
		case x != 0:
		case days == 0:
			return "no full day yet"
		case set.Calmar.Drawdown == rules.DrawdownOfMean:
			return "0: the mean drawdown is 0, or reaches " + plainPercent(set.Calmar.DrawdownMax)
		case s.Assessment.MaxDrawdown == 0:
			return "0: without a drawdown it has no value"
		case s.Assessment.MaxDrawdown >= set.Calmar.DrawdownMax:
			return "0: the drawdown reaches " + plainPercent(set.Calmar.DrawdownMax)
		}
	default:
		if days < set.Metrics.DaysMin {
			return fmt.Sprintf("no confidence: %s of %d", count(days, "full day"), set.Metrics.DaysMin)
		}
	}
	switch {
	case !known:
		return "unknown"
	case m == scoring.Omega && x < 1:
		return "the losing days outweigh the others"
	case m == scoring.StatisticalConfidence && x == set.StatisticalConfidence.NoConfidence:
		return "no confidence: every day is the same"
	case m == scoring.Sortino && x == 0:
		return "0: fewer than 2 days below the risk-free rate"
	case m == scoring.StatisticalConfidence && x < 0:
		return "the average day loses"
	case x < 0 && m == scoring.Calmar && !set.Calmar.RiskFree:
		return "the average day loses"
	case x < 0 && m != scoring.Omega:
		return "the days earn less than the risk-free rate"
	}
	return ""
}

// adjustedReturnNote is metricNote of the drawdown-adjusted returns, whose
// bounds the drawdown itself seldom tells exactly: it may be a mean, or of the
// last days only.
func (s *summary) adjustedReturnNote(m scoring.Metric, x float64) string {
	terms := s.Rules.Set.ReturnLong
	if m == scoring.ReturnShort {
		terms = s.Rules.Set.ReturnShort
	}
	switch {
	case x == 0 && s.Assessment.Days == 0:
		return "no full day yet"
	case x == 0:
		return fmt.Sprintf("0: its drawdown is not between %s and %s", plainPercent(terms.DrawdownMin), plainPercent(terms.DrawdownMax))
	case x < 0:
		return "the average day loses"
	}
	return ""
}

func penaltyFigure(x float64) string {
	if x == 1 {
		return "1"
	}
	return figure(x)
}

// penaltyNote says which penalty takes something. Half of the score gone to
// martingale is where its sigmoid has its middle. Rules §11.
func (s *summary) penaltyNote(p scoring.Penalties) string {
	switch {
	case p.Drawdown == 0:
		return "drawdown over the limit of " + plainPercent(s.Rules.Set.DrawdownPenalty.Limit) + ": the score is 0"
	case p.Martingale.Or(1) < 0.9:
		return "martingale: adding to losing positions"
	}
	return ""
}
