package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// CompareTables are a comparison in full.
type CompareTables struct {
	Variants    *Table // a row a rule set
	Miners      *Table // a row a miner and rule set; the rule sets of one miner together
	Attribution *Table // a row a change, then the total and the residual; nil: none was asked for
}

// Tables returns a comparison in full. Programs get every column, and the changes
// in the order of the rules; people those that they look at, and the changes by
// the size of their effect.
func (c *Compare) Tables(format Format) CompareTables {
	t := CompareTables{Variants: c.variantsTable(), Miners: c.minersTable()}
	if c.Attribution != nil {
		t.Attribution = attributionTable(c.Attribution, format)
		if c.alone() {
			t.Attribution.hideBoth("promoted", "deregistered", "weight_moved", "emission_moved", "ranks_moved")
		} else {
			t.Attribution.hideBoth("carry", "transaction_fee", "slippage_estimate")
		}
	}
	return t
}

// RenderCompare writes a comparison in a format: JSON with everything; CSV the
// miners, or the changes where there is an attribution; Markdown every table. The
// format table is that of CompareSummary.
func RenderCompare(w io.Writer, c *Compare, format Format) error {
	switch format {
	case FormatJSON:
		_, err := w.Write(c.Encode())
		return err
	case FormatTable:
		return CompareSummary(w, c, SummaryOptions{})
	}
	tables := c.Tables(format)
	if format == FormatCSV {
		if tables.Attribution != nil {
			return tables.Attribution.Render(w, format)
		}
		return tables.Miners.Render(w, format)
	}
	parts := []struct {
		title string
		table *Table
		note  string
	}{{"Rule sets", tables.Variants, c.othersLegend()}, {"Miners", tables.Miners, c.windowNote()}, {"What each change does", tables.Attribution, c.effectsNote()}}
	for i, part := range parts {
		if part.table == nil {
			continue
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "## %s\n\n", part.title)
		if err := part.table.Render(w, format); err != nil {
			return err
		}
		if part.note != "" {
			fmt.Fprintf(w, "\n%s\n", strings.Replace(part.note, othersMark, `\`+othersMark, 1))
		}
	}
	return nil
}

// effectsNote is the note where a change brings other miners about; else "".
func (c *Compare) effectsNote() string {
	if c.Attribution != nil && hasOthers(c.Attribution) {
		return othersNote
	}
	return ""
}

// variantsTable has a row a rule set, with its differences to the first.
func (c *Compare) variantsTable() *Table {
	t := &Table{Columns: []Column{
		{Name: "variant"}, {Name: "miners", Right: true}, {Name: "mean_return", Head: "mean return", Right: true}, {Name: "mean_return_difference", Head: "difference", Right: true},
		{Name: "eliminated", Right: true}, {Name: "promoted", Right: true}, {Name: "deregistered", Right: true}, {Name: "refused", Right: true},
		{Name: "concentration", Head: "best get", Right: true}, {Name: "leaders", Head: "leads"},
		{Name: "changed_state", Head: "changed state", Right: true}, {Name: "weight_moved", Head: "weight moved", Right: true},
		{Name: "emission_moved", Head: "paid moved", Right: true},
	}}
	if c.alone() { // nobody is ranked
		t.hide("concentration", "leaders", "deregistered", "refused", "weight_moved", "emission_moved")
	}
	first := &c.outcomes()[0]
	for i := range c.outcomes() {
		o := &c.outcomes()[i]
		d := first.Difference(o)
		t.Rows = append(t.Rows, []Cell{
			nameCell(o.Variant.Name), IntCell(len(o.Miners)), factorCell(o.MeanReturn), c.meanReturnDifference(o),
			IntCell(o.Eliminated), IntCell(o.Promoted), IntCell(o.Deregistered), IntCell(o.Refused),
			percentValueCell(o.Concentration), nameCell(strings.Join(leaders(o), "; ")),
			IntCell(len(sweep.StateChanges(first, o))), PercentCell(d.Moved), PercentCell(d.EmissionMoved),
		})
	}
	return t
}

// hide keeps columns from people.
func (t *Table) hide(names ...string) {
	for i := range t.Columns {
		if slices.Contains(names, t.Columns[i].Name) {
			t.Columns[i].Hidden = true
		}
	}
}

// hideBoth hides columns of effects, switched first and last.
func (t *Table) hideBoth(names ...string) {
	for _, name := range names {
		t.hide(name+"_first", name+"_last")
	}
}

// minersTable has a row a miner and rule set, with its differences to the first
// rule set. A miner that a rule set doesn't have has no row of it.
func (c *Compare) minersTable() *Table {
	t := &Table{Columns: c.minerColumns()}
	if c.alone() {
		t.hide("score", "rank", "rank_difference", "emission_share", "emission_share_difference", "paid_share", "paid_share_difference")
	}
	first := &c.outcomes()[0]
	differences := make([][]sweep.MinerDifference, len(c.outcomes()))
	for i := range c.outcomes() {
		differences[i] = first.Difference(&c.outcomes()[i]).Miners
	}
	for _, name := range c.miners() {
		for i := range c.outcomes() {
			o := &c.outcomes()[i]
			m := minerOf(o, name)
			if m == nil {
				continue
			}
			at := slices.IndexFunc(differences[i], func(d sweep.MinerDifference) bool { return d.Name == name })
			t.Rows = append(t.Rows, c.minerRow(o, m, minerOf(first, name), &differences[i][at]))
		}
	}
	return t
}

func (c *Compare) minerColumns() []Column {
	columns := []Column{
		{Name: "miner"}, {Name: "variant"}, {Name: "group", Hidden: true}, {Name: "state"},
		{Name: "final_return", Head: "return", Right: true}, {Name: "final_return_difference", Head: "difference", Right: true},
		{Name: "max_drawdown", Head: "drawdown", Right: true}, {Name: "days", Right: true},
	}
	for _, m := range scoring.AllMetrics() {
		columns = append(columns,
			Column{Name: m.String(), Head: metricName(m), Right: true, Hidden: !c.counts(m)}, Column{Name: m.String() + "_percentile", Hidden: true})
	}
	return append(columns, []Column{
		{Name: "drawdown_penalty", Hidden: true}, {Name: "martingale_penalty", Hidden: true}, {Name: "penalty", Right: true},
		{Name: "score", Right: true}, {Name: "rank", Right: true}, {Name: "rank_difference", Head: "places", Right: true},
		{Name: "weight", Hidden: true}, {Name: "emission_share", Head: "share", Right: true},
		{Name: "emission_share_difference", Head: "change", Right: true}, {Name: "emission", Hidden: true},
		{Name: "paid_share", Head: "paid", Right: true}, {Name: "paid_share_difference", Head: "change", Right: true},
		{Name: "carry", Right: true}, {Name: "transaction_fee", Head: "fee", Right: true}, {Name: "slippage_estimate", Head: "slippage", Right: true},
		{Name: "orders_filled", Head: "filled", Right: true}, {Name: "orders_rejected", Head: "rejected", Right: true},
		{Name: "promoted", Hidden: true}, {Name: "slot_lost", Hidden: true},
		{Name: "eliminated"}, {Name: "elimination_reason", Head: "because of"}, {Name: "elimination_drawdown", Hidden: true},
		{Name: "challenge"},
	}...)
}

// minerRow is a miner under one rule set; before is the same under the first, or
// nil.
func (c *Compare) minerRow(o *sweep.Outcome, m, before *sweep.MinerOutcome, d *sweep.MinerDifference) []Cell {
	j := &m.Judgement
	row := []Cell{
		nameCell(m.Name), nameCell(o.Variant.Name), nameCell(m.Group), TextCell(string(m.State)),
		factorCell(m.FinalReturn), PointsCell(d.Return), PercentCell(j.MaxDrawdown), IntCell(j.Days),
	}
	if before == nil {
		row[5] = Cell{}
	}
	for _, metric := range scoring.AllMetrics() {
		row = append(row, ValueCell(j.Metrics[metric]), ValueCell(j.Percentiles[metric]))
	}
	rank, places := Cell{}, Cell{}
	if hasRank(m) {
		rank = IntCell(*j.Rank)
	}
	if hasRank(m) && hasRank(before) {
		places = Cell{int64(d.Rank), more(d.Rank)}
	}
	row = append(row, penaltyCells(m)...)
	row = append(row,
		ValueCell(j.Score), rank, places, NumberCell(j.Weight), PercentCell(j.EmissionShare), PointsCell(d.Weight), NumberCell(m.Emission),
		PercentCell(paidShare(o, m)), PointsCell(d.Emission),
		PercentCell(m.Costs.Carry), PercentCell(m.Costs.Fee), PercentCell(m.Costs.Slippage), IntCell(m.Filled), IntCell(m.Rejected),
		timeCellOrNone(m.PromotedMS), timeCellOrNone(m.SlotLostMS))
	return append(append(row, eliminationCells(m.Elimination)...), verdictCell(m))
}

// penaltyCells are what multiplies the score; empty of a miner that was refused: nothing
// was judged.
func penaltyCells(m *sweep.MinerOutcome) []Cell {
	if m.State == sweep.StateRefused {
		return make([]Cell, 3)
	}
	p := &m.Judgement.Penalties
	return []Cell{NumberCell(p.Drawdown), ValueCell(p.Martingale), NumberCell(p.Total)}
}

// eliminationCells are when, why and at which drawdown.
func eliminationCells(e *sim.Elimination) []Cell {
	if e == nil {
		return make([]Cell, 3)
	}
	return []Cell{TimeCell(e.TimeMS), TextCell(string(e.Reason)), PercentCell(e.Drawdown)}
}

// verdictCell is how a miner's challenge went; empty if it was in none.
func verdictCell(m *sweep.MinerOutcome) Cell {
	switch {
	case m.PromotedMS > 0:
		return TextCell(string(sim.ChallengePassed))
	case m.Judgement.Challenge != nil:
		return TextCell(string(m.Judgement.Challenge.Verdict))
	}
	return Cell{}
}

// timeCellOrNone is an instant, UTC ms; 0 is none.
func timeCellOrNone(ms int64) Cell {
	if ms == 0 {
		return Cell{}
	}
	return TimeCell(ms)
}

// factorCell is a return, a factor; people see the change in percent.
func factorCell(x float64) Cell { return FactorCell(scoring.Known(x)) }

// attributionTable has a row a change, what it does switched first and switched
// last, then the total and the residual.
func attributionTable(a *sweep.Attribution, format Format) *Table {
	t := &Table{Columns: attributionColumns()}
	add := func(kind string, e *sweep.Effect) {
		t.Rows = append(t.Rows, effectCells(kind, e))
	}
	if format == FormatCSV || format == FormatJSON {
		for i := range a.Effects {
			add("change", &a.Effects[i])
		}
	} else {
		effects, idle := attributionParts(a)
		for _, e := range effects {
			add("change", e)
		}
		if len(idle) > 0 {
			add("no effect", &sweep.Effect{Change: sweep.Change{Name: "no effect: " + strings.Join(idle, ", ")}})
		}
	}
	total := &sweep.Effect{Change: sweep.Change{Name: "all together"}, First: a.Total, Last: a.Total}
	residual := &sweep.Effect{Change: sweep.Change{Name: "residual"}, First: a.Residual, Last: a.Residual}
	add("total", total)
	add("residual", residual)
	row := t.Rows[len(t.Rows)-1]
	for i, c := range t.Columns { // it is beyond the effects switched first
		if strings.HasSuffix(c.Name, "_last") || c.Name == "interacts" {
			row[i] = Cell{}
		}
	}
	return t
}

func attributionColumns() []Column {
	columns := []Column{
		{Name: "kind", Hidden: true}, {Name: "section", Head: "§"}, {Name: "change"}, {Name: "path", Hidden: true},
		{Name: "from"}, {Name: "to"},
	}
	figures := []struct{ name, head string }{
		{"mean_return", "mean return"}, {"eliminated", "eliminated"}, {"promoted", "promoted"}, {"deregistered", "deregistered"},
		{"weight_moved", "weight moved"}, {"emission_moved", "paid moved"}, {"ranks_moved", "ranks moved"},
		{"carry", "carry"}, {"transaction_fee", "fee"}, {"slippage_estimate", "slippage"}, // of one miner; those of many have no sum
	}
	for _, f := range figures {
		columns = append(columns,
			Column{Name: f.name + "_first", Head: f.head + ", first", Right: true}, Column{Name: f.name + "_last", Head: "last", Right: true})
	}
	return append(columns, Column{Name: "interacts"})
}

func effectCells(kind string, e *sweep.Effect) []Cell {
	var paths, before, after []string
	for _, row := range e.Change.Rows {
		paths, before, after = append(paths, row.Path), append(before, row.A), append(after, row.B)
	}
	row := []Cell{
		TextCell(kind), TextCell(e.Change.Section), nameCell(e.Change.Name), TextCell(strings.Join(paths, "; ")),
		nameCell(strings.Join(before, "; ")), nameCell(strings.Join(after, "; ")),
	}
	first, last := &e.First, &e.Last
	row = append(row,
		meanReturnEffect(first), meanReturnEffect(last),
		moreCell(first.Eliminated), moreCell(last.Eliminated), moreCell(first.Promoted), moreCell(last.Promoted),
		moreCell(first.Deregistered), moreCell(last.Deregistered),
		PercentCell(first.Moved), PercentCell(last.Moved), PercentCell(first.EmissionMoved), PercentCell(last.EmissionMoved),
		numberCell(first.Ranks, tenths), numberCell(last.Ranks, tenths))
	a, b := costsDifference(first), costsDifference(last)
	if len(first.Miners) != 1 || len(last.Miners) != 1 {
		row = append(row, make([]Cell, 6)...)
	} else {
		row = append(row, PointsCell(a.Carry), PointsCell(b.Carry), PointsCell(a.Fee), PointsCell(b.Fee), PointsCell(a.Slippage), PointsCell(b.Slippage))
	}
	return append(row, BoolCell(e.Interacts))
}

// moreCell is a difference of two counts.
func moreCell(difference int) Cell { return Cell{int64(difference), more(difference)} }
