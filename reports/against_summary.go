package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// against is where the strategy would stand in a population: what each metric is
// worth among the others, its place and its pay, and how its challenge went.
func (s *summary) against() error {
	a := s.Against
	if a == nil {
		return nil
	}
	s.gap()
	s.sides(s.paint(bold, "Against "+legible(a.Population)), count(a.Miners, "miner")+", "+strconv.Itoa(a.Ranked)+" in the main competition")
	s.gap()
	if err := s.percentiles(); err != nil {
		return err
	}
	s.place()
	s.pay()
	s.line("Challenge", s.challengeAgainst())
	s.fate()
	s.needed()
	if len(a.Draws) > 0 {
		s.line("Luck", drawsText(a.Draws, a.Career != nil && a.Career.Main))
	}
	return nil
}

// percentiles is a table of the metrics that count, each with its percentile; none
// where the miner is not ranked.
func (s *summary) percentiles() error {
	t := Table{Columns: []Column{{Head: "Metric"}, {Head: "value", Right: true}, {Head: "weight", Right: true}, {Head: "percentile", Right: true}, {Head: ""}}}
	for _, m := range scoring.AllMetrics() {
		weight := m.Weight(s.Rules.Set.Weights)
		percentile, known := s.Against.Judgement.Percentiles[m].Get()
		if weight == 0 || !known {
			continue
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(metricName(m)), ValueCell(s.Against.Judgement.Metrics[m]), TextCell(plainPercent(weight)),
			TextCell(hundredths(percentile)), TextCell(s.paint(standingTint(percentile), bar(percentile, 20))),
		})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if err := t.renderText(&s.out); err != nil {
		return err
	}
	s.gap()
	return nil
}

// hundredths writes a percentile for people.
func hundredths(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// standingTint is the colour of a percentile.
func standingTint(percentile float64) tint {
	switch {
	case percentile >= 0.75:
		return green
	case percentile < 0.25:
		return red
	}
	return yellow
}

// place is the combined score, and the rank that it brings.
func (s *summary) place() {
	a, j := s.Against, &s.Against.Judgement
	if score, known := j.Score.Get(); known {
		text := figure(score)
		if j.Penalties.Total != 1 {
			text += ", penalties of × " + penaltyFigure(j.Penalties.Total) + " included"
		}
		if j.Challenge != nil {
			if p, known := j.Challenge.Percentile.Get(); known {
				text += ": a percentile of " + ratio(p, s.Rules.Set.Challenge.PercentileMin)
			}
		}
		s.line("Combined score", text)
	}
	switch {
	case j.Rank != nil:
		s.line("Rank", s.paint(bold, fmt.Sprintf("%d of %d", *j.Rank, a.Ranked)))
	case j.State == scoring.StateChallenge:
		s.line("Rank", "none: it is in its challenge, and is held against the "+strconv.Itoa(a.Ranked)+" of the main competition")
	default:
		s.line("Rank", s.paint(red, "none: it is out at the end"))
	}
}

// pay is the weight at the end, and what was accrued until then.
func (s *summary) pay() {
	j := &s.Against.Judgement
	s.line("Weight", fmt.Sprintf("%s: %s of the emission at the end", figure(j.Weight), percent(j.EmissionShare)))
	c := s.Against.Career
	if c == nil {
		return
	}
	if c.EmissionAll == 0 {
		s.line("Emission", "nobody was paid over the range")
		return
	}
	text := fmt.Sprintf("%s of %s that all were paid, at %s a day", figure(c.Emission), figure(c.EmissionAll), plain(c.EmissionPerDay))
	if c.WeightsEveryMS > 0 {
		text += "; weights set every " + span(c.WeightsEveryMS)
	}
	s.line("Emission", text)
}

// challengeAgainst says whether and when the miner passed its challenge. Rules §13.
func (s *summary) challengeAgainst() string {
	c, now := s.Against.Career, s.Against.Judgement.Challenge
	bound := s.Rules.Set.Challenge.PercentileMin
	needs := "; " + plain(bound) + " is needed"
	switch {
	case c == nil && now != nil:
		return s.paint(verdictTint(now.Verdict), verdictText(now.Verdict)) + " at the end: " + now.Reason + "; when it would have passed, only a tournament tells"
	case c == nil && s.Against.Judgement.State != scoring.StateMain:
		return "not known: it is out at the end"
	case c == nil:
		return "not played: it is ranked at the end only, as one of the main competition"
	case c.Main:
		return "none: it began in the main competition"
	case c.PromotedMS > 0:
		text := fmt.Sprintf("%s on %s after %s", s.paint(green, "passed"), date(c.PromotedMS), count(c.Days, "full day"))
		if p, known := c.Percentile.Get(); known {
			text += " with a percentile of " + ratio(p, bound) + needs
		}
		return text
	case c.Elimination != nil:
		text := fmt.Sprintf("%s: it ended on %s after %s", s.paint(red, "not passed"), date(c.Elimination.TimeMS), count(c.Days, "full day"))
		if p, known := c.Percentile.Get(); known {
			text += " with a percentile of " + ratio(p, bound) + needs
		}
		return text
	case c.SlotLostMS > 0:
		return s.paint(red, "not passed") + ": it lost its slot on " + date(c.SlotLostMS)
	case now != nil:
		return s.paint(yellow, "not passed yet") + ": " + now.Reason
	}
	return s.paint(yellow, "not passed yet")
}

// ratio writes a percentile that decides, with as many digits as tell it from the
// bound.
func ratio(x, bound float64) string {
	for digits := 4; ; digits++ {
		text := strconv.FormatFloat(x, 'f', digits, 64)
		if shown, err := strconv.ParseFloat(text, 64); err != nil || digits > 16 || (shown >= bound) == (x >= bound) {
			return text
		}
	}
}

// fate is how the miner ended, if it did.
func (s *summary) fate() {
	c := s.Against.Career
	if c == nil {
		return
	}
	if e := c.Elimination; e != nil {
		s.line(s.paint(red, "Eliminated"), fmt.Sprintf("%s on %s UTC at a drawdown of %s", e.Reason, minute(e.TimeMS), percent(e.Drawdown)))
	}
	if c.SlotLostMS > 0 {
		text := "on " + date(c.SlotLostMS)
		if c.Taker != "" {
			text += ", to " + legible(c.Taker)
		}
		s.line(s.paint(red, "Slot lost"), text)
	}
}

// needed says what would bring the miner further.
func (s *summary) needed() {
	a, set := s.Against, s.Rules.Set
	var parts []string
	if missing, known := a.missing(); known {
		parts = append(parts, figure(missing)+" more of the combined score for the next place")
	}
	if c := a.Judgement.Challenge; c != nil {
		if p, known := c.Percentile.Get(); known && p < set.Challenge.PercentileMin {
			parts = append(parts, fmt.Sprintf("a percentile of %s for the main competition, where it has %s", plain(set.Challenge.PercentileMin), ratio(p, set.Challenge.PercentileMin)))
		}
		if c.Days < c.DaysNeeded {
			parts = append(parts, fmt.Sprintf("%d more full days", c.DaysNeeded-c.Days))
		}
	}
	if len(parts) > 0 {
		s.line("Takes", strings.Join(parts, ", "))
	}
	if m, found := a.holdsBack(set); found {
		p := a.Judgement.Percentiles[m].Or(0)
		s.line("Holds it back", fmt.Sprintf("most of all %s: a percentile of %s at a weight of %s", metricName(m), hundredths(p), plainPercent(m.Weight(set.Weights))))
	}
}

// verdictText is a verdict for people.
func verdictText(v sim.Verdict) string { return strings.ReplaceAll(string(v), "_", " ") }

func verdictTint(v sim.Verdict) tint {
	switch v {
	case sim.ChallengePassed:
		return green
	case sim.ChallengeFailed:
		return red
	}
	return yellow
}
