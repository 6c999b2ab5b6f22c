package reports

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim"
)

// SummaryOptions is how a summary is written. The zero value is plain text.
type SummaryOptions struct {
	Color  bool
	Width  int    // of the terminal, in characters; 0, or more than 90: 90
	Digest string // of the run, where it is known already; "": it is computed
	Folder string // where the results were written; "": nowhere
	All    bool   // every row of a table, however many there are
}

const (
	summaryWidthMax = 90
	summaryWidthMin = 60
)

// Summary writes what a trader wants to know of a run at a glance: what it
// made, how near it came to the limit, what the metrics are worth and what
// hurts them, what it cost, what became of the orders.
func Summary(w io.Writer, run *Run, options SummaryOptions) error {
	width := min(cmp.Or(options.Width, summaryWidthMax), summaryWidthMax)
	s := summary{page: page{width: max(width, summaryWidthMin), color: options.Color}, Run: run}
	s.heading()
	s.result()
	if err := s.metrics(); err != nil {
		return err
	}
	s.costs()
	s.orders()
	s.positions()
	s.verdicts()
	if err := s.against(); err != nil {
		return err
	}
	s.warnings()
	s.gap()
	digest := options.Digest
	if digest == "" {
		digest = Digest(run)
	}
	s.line("Digest", digest)
	if options.Folder != "" {
		s.line("Results", options.Folder)
	}
	_, err := s.out.WriteTo(w)
	return err
}

// summary is a summary being written.
type summary struct {
	page
	*Run
}

// heading says what was run.
func (s *summary) heading() {
	what := s.paint(bold, s.Strategy)
	for _, p := range s.Params {
		if p.Value != "" {
			what += " " + p.Name + "=" + p.Value
		}
	}
	where := legible(s.Rules.Set.Name) + " · " + competitionName(s.As)
	if s.Fill != sim.FillNextOpen {
		where += " · fill at the last close"
	}
	if s.LatencyMS > 0 {
		where += " · latency " + latency(s.LatencyMS)
	}
	s.sides(what, where)
	res := s.Result
	left := minute(res.FromMS) + " to " + minute(res.ToMS) + " UTC"
	s.sides(s.paint(faint, left), s.paint(faint, span(res.ToMS-res.FromMS)))
	var pairs []string
	for _, f := range s.Dataset {
		pairs = append(pairs, f.Pair+" "+f.Interval)
	}
	if len(pairs) > 0 {
		s.labelled("", 0, s.paint(faint, shorten(pairs, 8)))
	}
	s.gap()
}

func latency(ms int64) string { return (time.Duration(ms) * time.Millisecond).String() }

// shorten lists the first few of many names.
func shorten(names []string, limit int) string {
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:limit], ", "), len(names)-limit)
}

// result is the numbers that decide: return, drawdown, days.
func (s *summary) result() {
	res, set := s.Result, s.Rules.Set
	gain := res.FinalReturn - 1
	text := s.paint(sign(gain), right(change(gain), 9)) + "   value " + figure(res.FinalReturn)
	if yearly, ok := annualised(res); ok {
		text += ", " + change(yearly) + " a year"
	}
	s.line("Return", text)

	s.drawdown()

	days, need := s.Assessment.Days, set.Metrics.DaysMin
	if days < need {
		s.line("Full days", s.paint(yellow, right(strconv.Itoa(days), 7))+fmt.Sprintf("     of the %d that the metrics need", need))
	} else {
		s.line("Full days", right(strconv.Itoa(days), 7)+"     in the window")
	}
	s.gap()
}

// drawdown is the largest of the run against the limit; the window that the
// metrics see may have moved past it.
func (s *summary) drawdown() {
	set, worst := s.Rules.Set, runDrawdown(s.Result)
	limit := set.Drawdown.Limit
	eliminates := set.Elimination.Main
	if s.As == sim.InChallenge {
		eliminates = set.Elimination.Challenge
	}
	text := right(percent(worst), 9) + "   of no limit: a drawdown does not eliminate under these rules"
	if eliminates {
		part := worst / limit
		text = fmt.Sprintf("%s   %s %s of the limit of %s", right(percent(worst), 9),
			s.paint(danger(part), bar(part, 20)), wholePercent(part), plainPercent(limit))
	}
	s.line("Max drawdown", text)
	if s.Result.MaxDrawdown < worst {
		s.line("  in the window", right(percent(s.Result.MaxDrawdown), 9))
	}
}

// right moves a text to the right end of so many characters.
func right(text string, characters int) string {
	return strings.Repeat(" ", max(characters-displayed(text), 0)) + text
}

// wholePercent writes how much of something is used up.
func wholePercent(part float64) string {
	if part > 0 && part < 0.01 {
		return "under 1 %"
	}
	// Rounded down: 99.7 % of a limit is not all of it. 62 % of it in binary is
	// a little less.
	return fmt.Sprintf("%.0f %%", math.Floor(100*part+1e-9))
}

// annualised is the return that a year like the account's life would make. Of less
// than 60 days it would say nothing.
func annualised(res *sim.Result) (fraction float64, ok bool) {
	end := res.ToMS
	if res.Elimination != nil {
		end = res.Elimination.TimeMS
	}
	days := float64(end-res.FromMS) / dayMS
	if days < 60 || res.FinalReturn <= 0 {
		return 0, false
	}
	return math.Pow(res.FinalReturn, 365/days) - 1, true
}

func sign(x float64) tint {
	switch {
	case x > 0:
		return green
	case x < 0:
		return red
	}
	return plainTint
}

// danger is the colour of a part of a limit.
func danger(part float64) tint {
	switch {
	case part >= 0.8:
		return red
	case part >= 0.5:
		return yellow
	}
	return green
}

// costs says where the money went that the market didn't take.
func (s *summary) costs() {
	costs, set := CostsOf(s.Result), s.Rules.Set
	parts := []string{"carry " + percent(costs.Carry)}
	if set.TransactionFee.Enabled {
		parts = append(parts, "transaction fee "+percent(costs.TransactionFee))
	}
	if set.Slippage.Enabled || costs.SlippageEstimate > 0 {
		parts = append(parts, "slippage about "+percent(costs.SlippageEstimate))
	}
	s.line("Costs", strings.Join(parts, ", "))
}

func (s *summary) orders() {
	c := CountOrders(s.Result.Orders)
	if c.Orders == 0 {
		s.line("Orders", s.paint(yellow, "none: the strategy never traded"))
		return
	}
	parts := []string{fmt.Sprintf("%d accepted", c.Accepted)}
	if c.Clamped > 0 {
		parts = append(parts, fmt.Sprintf("%d clamped", c.Clamped))
	}
	if c.Rejected > 0 {
		parts = append(parts, s.paint(yellow, fmt.Sprintf("%d rejected", c.Rejected)))
	}
	if c.Ignored > 0 {
		parts = append(parts, fmt.Sprintf("%d ignored", c.Ignored))
	}
	if waiting := c.Orders - c.Accepted - c.Clamped - c.Rejected - c.Ignored; waiting > 0 {
		parts = append(parts, fmt.Sprintf("%d waiting", waiting))
	}
	s.line("Orders", fmt.Sprintf("%d: %s", c.Orders, strings.Join(parts, ", ")))
	var reasons []string
	for _, r := range c.Reasons {
		reasons = append(reasons, fmt.Sprintf("%s %d", r.Reason, r.Orders))
	}
	if len(reasons) > 0 {
		s.line("  turned away", strings.Join(reasons, ", "))
	}
}

// positions says how the trades went.
func (s *summary) positions() {
	all := s.Result.Positions
	if len(all) == 0 {
		return
	}
	closed, won, held := 0, 0, int64(0)
	best, worst := &all[0], &all[0]
	for i := range all {
		p := &all[i]
		if p.Closed {
			closed++
			held += p.CloseMS - p.OpenMS
			if p.ReturnAtClose > 1 {
				won++
			}
		}
		if p.ReturnAtClose > best.ReturnAtClose {
			best = p
		}
		if p.ReturnAtClose < worst.ReturnAtClose {
			worst = p
		}
	}
	text := fmt.Sprintf("%d: %d closed, %d open", len(all), closed, len(all)-closed)
	if closed > 0 {
		text += fmt.Sprintf("; %.0f %% of the closed won, held %s on average", 100*float64(won)/float64(closed), span(held/int64(closed)))
	}
	s.line("Positions", text)
	if len(all) > 1 {
		s.line("  best, worst", s.trade(best)+"; "+s.trade(worst))
	}
}

// trade is one position in a few words.
func (s *summary) trade(p *sim.PositionRecord) string {
	gain := p.ReturnAtClose - 1
	return fmt.Sprintf("%s %s of %s", p.Pair, s.paint(sign(gain), change(gain)), date(p.OpenMS))
}

// verdicts say whether the account lives, and how its challenge stands.
func (s *summary) verdicts() {
	if s.Against != nil && s.Result.Elimination == nil {
		return
	}
	s.gap()
	if e := s.Result.Elimination; e != nil {
		text := fmt.Sprintf("%s on %s UTC at a drawdown of %s", e.Reason, minute(e.TimeMS), percent(e.Drawdown))
		if e.Pair != "" {
			text += fmt.Sprintf(", by %s at %s", e.Pair, plain(e.Price))
		}
		s.line(s.paint(red, "Eliminated"), text)
	}
	if s.Against != nil {
		return // what one account alone can't tell, its population does: below
	}
	c := s.Result.Challenge
	verdict, hue := "running", yellow
	switch c.Verdict {
	case sim.ChallengePassed:
		verdict, hue = "passed", green
	case sim.ChallengeFailed:
		verdict, hue = "failed", red
	case sim.ChallengeRankUnknown:
		verdict = "rank unknown"
	}
	s.line("Challenge", s.paint(hue, verdict)+": "+c.Reason)
	s.causality()
}

// causality says what the causality test found.
func (s *summary) causality() {
	found := s.Causality
	if found == nil {
		return
	}
	text := fmt.Sprintf("no order changed with the future, in %d plays and %d futures (--verify-points takes more)", found.Runs, found.Points)
	if found.Note != "" {
		text += "; " + found.Note
	}
	s.line("Causality", s.paint(green, "passed")+": "+text)
}

// warningsMax is how many different warnings a summary shows.
const warningsMax = 6

// warnings shows each warning once, those of the run before those of orders.
func (s *summary) warnings() {
	texts := distinctWarnings(s.Result)
	if len(texts) == 0 {
		return
	}
	s.gap()
	for i, text := range texts[:min(len(texts), warningsMax)] {
		label := ""
		if i == 0 {
			label = s.paint(yellow, "Warnings")
		}
		s.line(label, text)
	}
	if more := len(texts) - warningsMax; more > 0 {
		s.line("", fmt.Sprintf("and %d more: result.json has them all", more))
	}
}

// distinctWarnings are the run's warnings, each once: with how often it came, or
// with the pairs that it came for.
func distinctWarnings(res *sim.Result) []string {
	all := slices.Clone(res.Warnings)
	for i := range res.Orders {
		all = append(all, res.Orders[i].Warnings...)
	}
	var texts []string // without their pairs
	times, pairs := map[string]int{}, map[string][]string{}
	for _, text := range all {
		pair, rest, ok := strings.Cut(text, ": ")
		if !ok || strings.Contains(pair, " ") {
			pair, rest = "", text
		}
		if times[rest]++; times[rest] == 1 {
			texts = append(texts, rest)
		}
		if pair != "" && !slices.Contains(pairs[rest], pair) {
			pairs[rest] = append(pairs[rest], pair)
		}
	}
	for i, text := range texts {
		switch ids := pairs[text]; {
		case len(ids) > 0:
			texts[i] = strings.Join(ids, ", ") + ": " + text
		case times[text] > 1:
			texts[i] = fmt.Sprintf("%s (%d times)", text, times[text])
		}
	}
	return texts
}
