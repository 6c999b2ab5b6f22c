package reports

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// subnetWidthUsual is the width of a page that no terminal shows.
const subnetWidthUsual = 120

// SubnetSummary writes what a designer wants to know of a tournament at a glance:
// how many miners came to what, how the emission was shared out, how the miners
// stand at the end, and what happened last. The tables show as much as the width
// has room for.
func SubnetSummary(w io.Writer, s *Subnet, options SummaryOptions) error {
	width := max(cmp.Or(options.Width, subnetWidthUsual), summaryWidthMin)
	p := subnetSummary{page: page{width: width, color: options.Color}, Subnet: s, all: options.All}
	p.heading()
	p.counts()
	p.emission()
	p.penalised()
	for _, write := range []func() error{p.groups, p.main, p.challengers, p.gone, p.events} {
		if err := write(); err != nil {
			return err
		}
	}
	p.warnings()
	p.gap()
	digest := options.Digest
	if digest == "" {
		digest = SubnetDigest(s)
	}
	p.line("Digest", digest)
	if options.Folder != "" {
		p.line("Results", options.Folder)
	}
	_, err := p.out.WriteTo(w)
	return err
}

// subnetSummary is a summary of a subnet being written.
type subnetSummary struct {
	page
	*Subnet
	all       bool // leave no row out
	explained bool // it has said which percentiles the columns are
	dated     bool // and of which time the figures are
	toldAll   bool // and how to see every miner
}

// heading says what was played.
func (p *subnetSummary) heading() {
	set, r := p.Rules.Set, p.Result
	p.sides(p.paint(bold, legible(cmp.Or(p.Name, "subnet"))), legible(set.Name))
	p.sides(p.paint(faint, minute(r.FromMS)+" to "+minute(r.ToMS)+" UTC"), p.paint(faint, span(r.ToMS-r.FromMS)))
	var pairs []string
	for _, f := range p.Dataset {
		pairs = append(pairs, f.Pair+" "+f.Interval)
	}
	if len(pairs) > 0 {
		p.labelled("", 0, p.paint(faint, shorten(pairs, 8)))
	}
	p.labelled("", 0, p.paint(faint, fmt.Sprintf("weights set every %s, challengers checked every %s",
		asPlayed(r.WeightsEveryMS, set.Competition.WeightsEvery), asPlayed(r.ChecksEveryMS, set.Challenge.CheckEvery))))
	p.gap()
}

// asPlayed is a length of time, and what the rules say where that is another.
func asPlayed(ms int64, rule rules.Duration) string {
	if ms == rule.MS() {
		return rule.String()
	}
	return fmt.Sprintf("%s (the rules say %s)", rules.Duration(ms), rule)
}

// counts says what became of the miners.
func (p *subnetSummary) counts() {
	c := CountSubnet(p.Result)
	var ends []string
	for _, end := range []struct {
		miners int
		where  string
	}{
		{c.Main, "in the main competition"}, {c.Challenge, "in the challenge"}, {c.Eliminated, "eliminated"}, {c.Deregistered, "deregistered"},
	} {
		if end.miners > 0 {
			ends = append(ends, fmt.Sprintf("%d %s", end.miners, end.where))
		}
	}
	text := fmt.Sprintf("%d registered", c.Registered)
	if len(ends) > 0 {
		text += ": " + strings.Join(ends, ", ")
	}
	p.line("Miners", text)
	if c.Promoted > 0 {
		p.line("  promoted", fmt.Sprint(c.Promoted))
	}
	var reasons []string
	for _, e := range c.Eliminations {
		reasons = append(reasons, fmt.Sprintf("%s %d", e.Reason, e.Miners))
	}
	if len(reasons) > 0 {
		p.line("  eliminated", p.paint(red, strings.Join(reasons, ", ")))
	}
	slots := fmt.Sprintf("%d", p.Rules.Set.Registration.Slots)
	if c.SlotsLost > 0 {
		slots += fmt.Sprintf(", of which newcomers took %d from others", c.SlotsLost)
	}
	if c.Refused > 0 {
		slots += ", " + p.paint(yellow, fmt.Sprintf("%s refused for want of one", count(c.Refused, "registration")))
	}
	p.line("Slots", slots)
}

// emission says what was paid, and how it is shared out at the end.
func (p *subnetSummary) emission() {
	r, rule := p.Result, p.Rules.Set.Competition
	text := fmt.Sprintf("%s paid, %s a day", amount(r.Emission), amount(r.EmissionPerDay))
	if p.paysFees() {
		fees := 0.0
		for i := range r.Miners {
			fees += r.Miners[i].Fee
		}
		text += fmt.Sprintf("; registrations cost %s, %s each", amount(fees), amount(r.RegistrationFee))
	}
	p.line("Emission", text)
	if !p.weightsSet() {
		p.line("", p.paint(yellow, p.Result.NeverWeighed()))
		return
	}
	best, known := p.concentration().Get()
	switch {
	case !known:
		p.line("", "nobody has a weight at the end")
		return
	case len(p.those(standsInMain)) < concentrationMinersMin: // the best 40 % of two are one
		return
	}
	p.line("  the best "+plainPercent(rule.TargetMiners), fmt.Sprintf("of the main competition get %s %s of its weight (target %s), Gini %.2f",
		bar(best, 20), percent(best), plainPercent(rule.TargetEmission), p.gini().Or(0)))
}

// concentrationMinersMin is how many miners the main competition has at least where
// the page says how unequally it is paid.
const concentrationMinersMin = 3

// penaltyTelling is what a penalty leaves of a score at most where the page names it:
// it takes more than a twentieth.
const penaltyTelling = 0.95

// penalised names the miners that a penalty takes much from, with its cause: those of
// the main competition, the best first, then the challengers. Rules §11.
func (p *subnetSummary) penalised() {
	var names []string
	for _, m := range p.ordered() {
		if standingOf(m) == standsOut || m.Judgement.Penalties.Total >= penaltyTelling {
			continue
		}
		names = append(names, abridged(m.Name, detailMetrics.nameMax())+"\u00a0"+penaltyCause(&m.Judgement.Penalties))
	}
	if len(names) == 0 {
		return
	}
	limit := penalisedMax
	if p.all {
		limit = len(names)
	}
	p.line(p.paint(yellow, "Penalised"), shorten(names, limit))
}

// penalisedMax is how many miners that line names.
const penalisedMax = 8

// penaltyCause is which penalty takes something, and what it leaves: "martingale
// × 0.5000"; of two that of both.
func penaltyCause(penalties *scoring.Penalties) string {
	var causes []string
	if penalties.Martingale.Or(1) < 1 {
		causes = append(causes, "martingale")
	}
	if penalties.Drawdown < 1 {
		causes = append(causes, "drawdown")
	}
	return strings.Join(causes, "\u00a0and\u00a0") + "\u00a0×\u00a0" + penaltyFigure(penalties.Total)
}

// warnings shows the first ones.
func (p *subnetSummary) warnings() {
	all := p.otherWarnings()
	if len(all) == 0 {
		return
	}
	p.gap()
	shown := all
	if !p.all {
		shown = all[:min(len(all), warningsMax)]
	}
	for i, text := range shown {
		label := ""
		if i == 0 {
			label = p.paint(yellow, "Warnings")
		}
		p.line(label, briefWarning(legible(text), p.width-labelWidth))
	}
	if more := len(all) - len(shown); more > 0 {
		p.line("", fmt.Sprintf("and %d more: --format json has them all", more))
	}
}

// amount writes an amount of the emission in a sentence: up to six digits.
func amount(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// shortMetricName is a metric's name over a column of percentiles.
func shortMetricName(m scoring.Metric) string {
	switch m {
	case scoring.StatisticalConfidence:
		return "t"
	case scoring.ReturnLong:
		return "RetL"
	case scoring.ReturnShort:
		return "RetS"
	}
	return metricName(m)[:3]
}
