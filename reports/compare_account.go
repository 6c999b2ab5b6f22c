package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// nameWidthMax is how many characters of a rule set's name head a column.
const nameWidthMax = 28

// accountBlocks is in how many parts the table of figures comes at most; of more
// rule sets each is a line.
const accountBlocks = 2

// account is the figures of the one miner, a column a rule set, and beside each but
// the first its difference to that one.
func (s *compareSummary) account() error {
	t := s.accountTable()
	blocks := s.blocks(t, 2, 2)
	if len(blocks) > accountBlocks && !s.all {
		return s.accountLines()
	}
	for i, block := range blocks {
		if i > 0 {
			s.gap()
		}
		if err := block.renderText(&s.out); err != nil {
			return err
		}
	}
	s.gap()
	if _, marked := s.markedLabels(nameWidthMax); !marked {
		for i := range s.outcomes() {
			if mark := s.mark(i); mark != "" {
				s.line("", s.labels(s.width - labelWidth)[i]+" "+mark)
			}
		}
	}
	s.line("", s.windowNote())
	if s.countsSomewhere() {
		s.line("", "In brackets: a metric that has no weight under those rules.")
	}
	return nil
}

// accountLines is a line a rule set, of the figures that tell most.
func (s *compareSummary) accountLines() error {
	t := &Table{Columns: []Column{
		{Head: "Rules"}, {Head: "return", Right: true}, {Head: "difference", Right: true}, {Head: "drawdown", Right: true},
		{Head: "filled", Right: true}, {Head: "eliminated", Right: true},
	}}
	wide := s.width >= effectsWide
	if wide {
		t.Columns = slices.Insert(t.Columns, 4, Column{Head: "carry", Right: true}, Column{Head: "fee", Right: true}, Column{Head: "slippage", Right: true})
	}
	first := &s.outcomes()[0].Miners[0]
	for i := range s.outcomes() {
		o := &s.outcomes()[i]
		m := &o.Miners[0]
		row := []Cell{
			TextCell(""), s.gainOf(o, m), s.gained(m.FinalReturn - first.FinalReturn), PercentCell(m.Judgement.MaxDrawdown),
			IntCell(m.Filled), s.eliminatedOn(o, m),
		}
		if wide {
			row = slices.Insert(row, 4, PercentCell(m.Costs.Carry), PercentCell(m.Costs.Fee), PercentCell(m.Costs.Slippage))
		}
		t.Rows = append(t.Rows, row)
	}
	s.nameRows(t, 1)
	if err := t.renderText(&s.out); err != nil {
		return err
	}
	s.gap()
	s.labelled("", 0, s.windowNote()+" Every figure: --all, or --format markdown or csv.")
	return nil
}

// windowNote says of which time the figures are: the return of the whole run, the
// others of the window, which rule sets may have at different lengths.
func (c *Compare) windowNote() string {
	window := c.outcomes()[0].Variant.Rules.Set.Ledger.Window
	for i := range c.outcomes() {
		if c.outcomes()[i].Variant.Rules.Set.Ledger.Window != window {
			return "The return is of the whole run; drawdown, days and metrics are of the rules' window (ledger.window)."
		}
	}
	return fmt.Sprintf("The return is of the whole run; drawdown, days and metrics are of the last %s (ledger.window).", window)
}

// accountFigure is a row of that table: what it is of one variant, and how far
// from the first.
type accountFigure struct {
	name       string
	value      func(o *sweep.Outcome, m *sweep.MinerOutcome) Cell
	difference func(now, before *sweep.MinerOutcome) Cell
}

func (s *compareSummary) accountTable() *Table {
	t := &Table{Columns: []Column{{Head: "Figure"}}}
	names, _ := s.markedLabels(nameWidthMax)
	for i := range s.outcomes() {
		t.Columns = append(t.Columns, Column{Head: names[i], Right: true})
		if i > 0 {
			t.Columns = append(t.Columns, Column{Head: "difference", Right: true})
		}
	}
	before := &s.outcomes()[0].Miners[0]
	for _, f := range s.accountFigures() {
		row := []Cell{TextCell(f.name)}
		for i := range s.outcomes() {
			o := &s.outcomes()[i]
			row = append(row, f.value(o, &o.Miners[0]))
			if i > 0 {
				row = append(row, f.difference(&o.Miners[0], before))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// accountFigures are the rows, from what was made to what became of the miner.
func (s *compareSummary) accountFigures() []accountFigure {
	rows := []accountFigure{
		{"Return", s.gainOf, func(now, before *sweep.MinerOutcome) Cell { return s.gained(now.FinalReturn - before.FinalReturn) }},
		fractionFigure("Max drawdown", func(m *sweep.MinerOutcome) float64 { return m.Judgement.MaxDrawdown }),
		countFigure("Full days", func(m *sweep.MinerOutcome) int { return m.Judgement.Days }),
	}
	for _, metric := range s.metrics() {
		rows = append(rows, metricFigure(metric))
	}
	rows = append(rows, accountFigure{"Penalties",
		func(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell {
			return TextCell("× " + penaltyFigure(m.Judgement.Penalties.Total))
		},
		func(now, before *sweep.MinerOutcome) Cell {
			return numberCell(now.Judgement.Penalties.Total-before.Judgement.Penalties.Total, beyond)
		}},
		fractionFigure("Carry", func(m *sweep.MinerOutcome) float64 { return m.Costs.Carry }),
		fractionFigure("Transaction fee", func(m *sweep.MinerOutcome) float64 { return m.Costs.Fee }),
		fractionFigure("Slippage, about", func(m *sweep.MinerOutcome) float64 { return m.Costs.Slippage }),
		countFigure("Orders filled", func(m *sweep.MinerOutcome) int { return m.Filled }),
		countFigure("Orders rejected", func(m *sweep.MinerOutcome) int { return m.Rejected }),
		accountFigure{"Eliminated", s.eliminatedOn, noDifference},
	)
	if s.anyone(func(m *sweep.MinerOutcome) bool { return m.Elimination != nil }) {
		rows = append(rows, accountFigure{"  because of", eliminatedFor, noDifference}, accountFigure{"  at a drawdown", eliminatedAt, noDifference})
	}
	if s.anyone(func(m *sweep.MinerOutcome) bool { return m.PromotedMS > 0 || m.Judgement.Challenge != nil }) {
		rows = append(rows, accountFigure{"Challenge", func(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell { return verdictOf(m) }, noDifference})
	}
	return rows
}

func (s *compareSummary) anyone(is func(*sweep.MinerOutcome) bool) bool {
	return slices.ContainsFunc(s.outcomes(), func(o sweep.Outcome) bool { return is(&o.Miners[0]) })
}

func (s *compareSummary) gainOf(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell {
	return s.painted(numberCell(m.FinalReturn-1, change), sign(m.FinalReturn-1))
}

func (s *compareSummary) gained(difference float64) Cell {
	return s.painted(PointsCell(difference), sign(difference))
}

func fractionFigure(name string, of func(*sweep.MinerOutcome) float64) accountFigure {
	return accountFigure{name,
		func(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell { return PercentCell(of(m)) },
		func(now, before *sweep.MinerOutcome) Cell { return PointsCell(of(now) - of(before)) }}
}

func countFigure(name string, of func(*sweep.MinerOutcome) int) accountFigure {
	return accountFigure{name,
		func(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell { return IntCell(of(m)) },
		func(now, before *sweep.MinerOutcome) Cell { return TextCell(more(of(now) - of(before))) }}
}

// metricFigure is a metric, in brackets under rules that give it no weight.
func metricFigure(metric scoring.Metric) accountFigure {
	return accountFigure{metricName(metric),
		func(o *sweep.Outcome, m *sweep.MinerOutcome) Cell {
			cell := ValueCell(m.Judgement.Metrics[metric])
			if cell.exact != nil && !hasWeight(metric, o.Variant.Rules) {
				cell.text = "(" + cell.text + ")"
			}
			return cell
		},
		func(now, before *sweep.MinerOutcome) Cell {
			return differenceCell(now.Judgement.Metrics[metric], before.Judgement.Metrics[metric], beyond)
		}}
}

func hasWeight(m scoring.Metric, r *rules.Resolved) bool { return m.Weight(r.Set.Weights) > 0 }

// countsSomewhere reports whether a metric that is shown has no weight under one
// of the rule sets.
func (s *compareSummary) countsSomewhere() bool {
	return slices.ContainsFunc(s.metrics(), func(m scoring.Metric) bool {
		return slices.ContainsFunc(s.outcomes(), func(o sweep.Outcome) bool { return !hasWeight(m, o.Variant.Rules) })
	})
}

func noDifference(now, before *sweep.MinerOutcome) Cell { return TextCell("") }

func (s *compareSummary) eliminatedOn(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell {
	if m.Elimination == nil {
		return TextCell("no")
	}
	return TextCell(s.paint(red, date(m.Elimination.TimeMS)))
}

func eliminatedFor(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell {
	if m.Elimination == nil {
		return Cell{}
	}
	return TextCell(strings.ToLower(strings.ReplaceAll(string(m.Elimination.Reason), "_", " ")))
}

func eliminatedAt(_ *sweep.Outcome, m *sweep.MinerOutcome) Cell {
	if m.Elimination == nil {
		return Cell{}
	}
	return PercentCell(m.Elimination.Drawdown)
}

// verdictOf is how a miner's challenge went.
func verdictOf(m *sweep.MinerOutcome) Cell {
	switch {
	case m.PromotedMS > 0:
		return TextCell("passed " + date(m.PromotedMS))
	case m.Judgement.Challenge != nil:
		return TextCell(verdictText(m.Judgement.Challenge.Verdict))
	}
	return Cell{}
}

// blocks cuts a table of many columns into parts that are as wide as the page at
// most. The fixed first columns are in each part, and of the others so many go
// together.
func (p *page) blocks(t *Table, fixed, together int) []*Table {
	widths := t.widths()
	var blocks []*Table
	for from := fixed; from < len(widths) || blocks == nil; {
		to := min(from+together, len(widths))
		for to < len(widths) && t.widthOf(widths, fixed, from, min(to+together, len(widths))) <= p.width {
			to = min(to+together, len(widths))
		}
		blocks = append(blocks, t.pick(fixed, from, to))
		from = to
	}
	return blocks
}

// widthOf is how wide a table of some columns is.
func (t *Table) widthOf(widths []int, fixed, from, to int) int {
	sum := 2 * (fixed + to - from - 1)
	for _, w := range slices.Concat(widths[:fixed], widths[from:to]) {
		sum += w
	}
	return sum
}

// pick is the table of its fixed first columns and those from … to.
func (t *Table) pick(fixed, from, to int) *Table {
	part := &Table{Columns: slices.Concat(t.Columns[:fixed], t.Columns[from:to])}
	for _, row := range t.Rows {
		part.Rows = append(part.Rows, slices.Concat(row[:fixed], row[from:to]))
	}
	return part
}
