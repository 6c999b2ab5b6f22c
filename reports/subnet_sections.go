package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// How many rows of each table a terminal shows, unless all are asked for.
const (
	bestRowsMax       = 20 // of the main competition
	worstRowsMax      = 5
	challengerRowsMax = 10
	goneRowsMax       = 10
	eventRowsMax      = 8
)

// detail is how much of the miners a table shows: the widest that fits is taken.
type detail int

// The details, the richest first.
const (
	detailMetrics     detail = iota // metrics with their percentiles in brackets
	detailWeights                   // percentiles alone
	detailPenalties                 // no weight: the share says as much
	detailPercentiles               // no amounts
	detailScores                    // no percentiles
	detailLeast
)

// layout is what a table of miners has beside its detail.
type layout struct {
	detail
	fees  bool // somebody who is shown paid one
	spare bool // there is room for what goes first
}

// narrower is the next layout to try.
func (l layout) narrower() layout {
	if !l.spare {
		l.detail++
	}
	l.spare = !l.spare
	return l
}

func (d detail) nameMax() int {
	switch {
	case d <= detailWeights:
		return 28
	case d <= detailPenalties:
		return 20
	case d <= detailScores:
		return 16
	}
	return 12
}

// field is a column of a table of miners: what it is called, and what each has there.
type field struct {
	column Column
	cell   func(m *subnet.MinerResult) Cell
}

// minersTable has a column a field and a row a miner; where a part of them is left
// out, a row that says so.
func minersTable(fields []field, best, worst []*subnet.MinerResult, left int) *Table {
	t := &Table{}
	for _, f := range fields {
		t.Columns = append(t.Columns, f.column)
	}
	add := func(miners []*subnet.MinerResult) {
		for _, m := range miners {
			row := make([]Cell, len(fields))
			for i := range fields {
				row[i] = fields[i].cell(m)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	add(best)
	if left > 0 {
		t.Rows = append(t.Rows, omission(fields, left))
	}
	add(worst)
	return t
}

// omission is a row in place of miners that are left out.
func omission(fields []field, left int) []Cell {
	row := make([]Cell, len(fields))
	for i := range fields {
		switch fields[i].column.Name {
		case "rank":
			row[i] = TextCell("⋮")
		case "miner":
			row[i] = TextCell(fmt.Sprintf("… %d more", left))
		default:
			row[i] = TextCell("")
		}
	}
	return row
}

// section writes a title and a table of miners in the richest detail that fits; of
// many only the first and the last.
func (p *subnetSummary) section(title string, miners []*subnet.MinerResult, best, worst int, fields func(layout) []field) error {
	if len(miners) == 0 {
		return nil
	}
	p.gap()
	p.labelled("", 0, p.paint(bold, title))
	first, last, left := miners, []*subnet.MinerResult(nil), 0
	if !p.all && len(miners) > best+worst+1 { // one row is worth the row that leaves it out
		left = len(miners) - best - worst
		first, last = miners[:best], miners[len(miners)-worst:]
	}
	fees := slices.ContainsFunc(slices.Concat(first, last), func(m *subnet.MinerResult) bool { return m.Fee != 0 })
	for l := (layout{fees: fees, spare: true}); ; l = l.narrower() {
		t := minersTable(fields(l), first, last, left)
		if l.detail < detailLeast && t.span() > p.width {
			continue
		}
		if err := t.renderText(&p.out); err != nil {
			return err
		}
		p.legend(t, left)
		return nil
	}
}

// span is how many characters a line of the table takes.
func (t *Table) span() int {
	sum := 2 * (len(t.Columns) - 1)
	for _, w := range t.widths() {
		sum += w
	}
	return sum
}

// legend says what the columns leave to guess, and how to see what was left out.
func (p *subnetSummary) legend(t *Table, left int) {
	var notes []string
	if !p.explained && slices.ContainsFunc(t.Columns, func(c Column) bool { return strings.HasSuffix(c.Name, percentileSuffix) }) {
		var names []string
		for _, m := range p.metrics() {
			names = append(names, strings.ReplaceAll(metricName(m), ", ", " ")) // "Return, long"
		}
		notes = append(notes, "percentiles by "+strings.Join(names, ", "))
		p.explained = true
	}
	if !p.dated && slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == "return" }) {
		notes = append(notes, p.windowNote())
		p.dated = true
	}
	if left > 0 && !p.toldAll {
		notes = append(notes, "--all shows every miner, --format csv and markdown too")
		p.toldAll = true
	}
	if len(notes) > 0 {
		p.labelled("", 0, p.paint(faint, strings.Join(notes, "; ")))
	}
}

// main is the table of the main competition.
func (p *subnetSummary) main() error {
	miners := p.those(standsInMain)
	return p.section("Main competition: "+count(len(miners), "miner"), miners, bestRowsMax, worstRowsMax, func(l layout) []field {
		fields := []field{
			{Column{Name: "rank", Right: true}, func(m *subnet.MinerResult) Cell { return rankCell(&m.Judgement) }},
			nameField(l.detail),
		}
		if l.detail < detailLeast {
			fields = append(fields, daysField())
		}
		fields = append(append(fields, returnField(), p.drawdownField()), p.metricFields(l.detail)...)
		if l.detail <= detailPenalties {
			fields = append(fields, field{Column{Name: "penalty", Right: true}, p.penaltyCell})
		}
		fields = append(fields, scoreField())
		if l.detail <= detailWeights && p.weightsSet() {
			fields = append(fields, field{Column{Name: "weight", Right: true}, func(m *subnet.MinerResult) Cell { return NumberCell(m.Judgement.Weight) }})
		}
		return append(fields, p.payFields(l)...)
	})
}

// challengers is the table of those in their challenge.
func (p *subnetSummary) challengers() error {
	miners := p.those(standsInChallenge)
	title := fmt.Sprintf("In the challenge: %s (to pass takes %s)", count(len(miners), "miner"), p.toPass())
	return p.section(title, miners, challengerRowsMax, 0, func(l layout) []field {
		fields := []field{nameField(l.detail)}
		if l.detail < detailLeast {
			fields = append(fields, field{Column{Name: "since"}, challengeStartCell}, daysField())
		}
		fields = append(append(fields, returnField(), p.drawdownField()), p.metricFields(l.detail)...)
		if l.detail <= detailPenalties && l.spare {
			fields = append(fields, field{Column{Name: "penalty", Right: true}, p.penaltyCell})
		}
		fields = append(fields, scoreField(), field{Column{Name: "percentile", Right: true}, func(m *subnet.MinerResult) Cell {
			if c := m.Judgement.Challenge; c != nil {
				return fourDecimals(c.Percentile)
			}
			return Cell{}
		}})
		if l.detail < detailScores {
			fields = append(fields, p.payFields(l)...)
		}
		return fields
	})
}

// toPass is what it takes to pass the challenge. Rules §13.
func (p *subnetSummary) toPass() string {
	set := p.Rules.Set.Challenge
	text := fmt.Sprintf("a percentile of %g within %s", set.PercentileMin, set.Duration)
	if set.DaysMin > 0 {
		text = count(set.DaysMin, "full day") + " and " + text
	}
	return text
}

func challengeStartCell(m *subnet.MinerResult) Cell {
	if start := m.Account.Challenge.StartMS; start != 0 {
		return TextCell(date(start))
	}
	return Cell{}
}

// gone is the table of those that are out.
func (p *subnetSummary) gone() error {
	miners := p.those(standsOut)
	return p.section("Out: "+count(len(miners), "miner"), miners, goneRowsMax, 0, func(l layout) []field {
		fields := []field{nameField(l.detail), {Column{Name: "out"}, func(m *subnet.MinerResult) Cell {
			if m.OutMS == 0 {
				return Cell{}
			}
			return TextCell(date(m.OutMS))
		}}}
		if l.detail <= detailPercentiles {
			fields = append(fields, daysField(), returnField())
		}
		if l.detail < detailLeast {
			fields = append(fields, p.drawdownField())
		}
		if l.detail <= detailWeights {
			fields = append(fields, p.paidFields(l.fees)...)
		}
		return append(fields, field{Column{Name: "reason"}, reasonCell})
	})
}

func nameField(d detail) field {
	return field{Column{Name: "miner"}, func(m *subnet.MinerResult) Cell { return TextCell(abridged(m.Name, d.nameMax())) }}
}

// abridged leaves out the middle of a name that is too long: its end tells it from
// its group's others.
func abridged(name string, width int) string {
	name = legible(name)
	if displayed(name) <= width {
		return name
	}
	letters := []rune(name)
	begin, end := 0, len(letters)
	for room, front := width-1, true; ; front = !front {
		next := letters[begin]
		if !front {
			next = letters[end-1]
		}
		if room -= displayed(string(next)); room < 0 {
			return string(letters[:begin]) + "…" + string(letters[end:])
		}
		if front {
			begin++
		} else {
			end--
		}
	}
}

func daysField() field {
	return field{Column{Name: "days", Right: true}, func(m *subnet.MinerResult) Cell { return IntCell(m.Judgement.Days) }}
}

func returnField() field {
	return field{Column{Name: "return", Right: true}, func(m *subnet.MinerResult) Cell { return FactorCell(scoring.Known(m.Account.FinalReturn)) }}
}

// drawdownField is the drawdown of the window; of one that was eliminated, the one
// at its end.
func (p *subnetSummary) drawdownField() field {
	return field{Column{Name: "drawdown", Right: true}, func(m *subnet.MinerResult) Cell {
		drawdown := drawdownOf(m)
		return p.painted(PercentCell(drawdown), p.drawdownTint(drawdown))
	}}
}

// drawdownTint warns of a drawdown near the limit.
func (p *subnetSummary) drawdownTint(drawdown float64) tint {
	if t := danger(drawdown / p.Rules.Set.Drawdown.Limit); t != green {
		return t
	}
	return plainTint
}

func (p *subnetSummary) penaltyCell(m *subnet.MinerResult) Cell {
	switch total := m.Judgement.Penalties.Total; total {
	case 1:
		return Cell{total, "1"}
	case 0:
		return p.painted(NumberCell(total), red)
	default:
		return Cell{total, fmt.Sprintf("%.4f", total)}
	}
}

// percentileSuffix marks a column of percentiles alone.
const percentileSuffix = "_percentile"

// metricFields is a column for each metric that counts.
func (p *subnetSummary) metricFields(d detail) []field {
	var fields []field
	for _, metric := range p.metrics() {
		switch {
		case d == detailMetrics:
			fields = append(fields, field{Column{Name: metricName(metric), Right: true},
				func(m *subnet.MinerResult) Cell { return metricCell(&m.Judgement, metric) }})
		case d <= detailPercentiles:
			fields = append(fields, field{Column{Name: metric.String() + percentileSuffix, Head: shortMetricName(metric), Right: true},
				func(m *subnet.MinerResult) Cell { return percentileCell(m.Judgement.Percentiles[metric]) }})
		}
	}
	return fields
}

func percentileCell(v scoring.Value) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return Cell{x, fmt.Sprintf("%.0f", 100*x)}
}

func scoreField() field {
	return field{Column{Name: "score", Right: true}, func(m *subnet.MinerResult) Cell { return fourDecimals(m.Judgement.Score) }}
}

// fourDecimals is a number from 0 to 1.
func fourDecimals(v scoring.Value) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return Cell{x, fmt.Sprintf("%.4f", x)}
}

// payFields is what a miner gets: its share at the end, and what it was paid; nothing
// where no weights were set.
func (p *subnetSummary) payFields(l layout) []field {
	var fields []field
	if p.weightsSet() {
		fields = append(fields, field{Column{Name: "share", Right: true}, func(m *subnet.MinerResult) Cell { return PercentCell(m.Judgement.EmissionShare) }})
	}
	if l.detail == detailPercentiles || l.detail == detailLeast {
		return fields
	}
	return append(fields, p.paidFields(l.fees)...)
}

// paidFields is what a miner was paid, and where fees were paid what is left of it.
func (p *subnetSummary) paidFields(fees bool) []field {
	var fields []field
	if p.weightsSet() {
		fields = append(fields, field{Column{Name: "emission", Right: true}, func(m *subnet.MinerResult) Cell { return NumberCell(m.Emission) }})
	}
	if fees {
		fields = append(fields, field{Column{Name: "net", Right: true}, func(m *subnet.MinerResult) Cell { return NumberCell(m.Emission - m.Fee) }})
	}
	return fields
}

// events is what happened last.
func (p *subnetSummary) events() error {
	all := p.EventsTable().seen()
	if len(all.Rows) == 0 {
		return nil
	}
	shown := all.Rows
	if !p.all && len(shown) > eventRowsMax {
		shown = shown[len(shown)-eventRowsMax:]
	}
	t := &Table{Columns: all.Columns}
	names := detailMetrics.nameMax()
	if p.width < subnetWidthUsual {
		names = detailLeast.nameMax()
	}
	for _, row := range shown {
		row[2] = TextCell(abridged(row[2].text, names))
		t.Rows = append(t.Rows, row)
	}
	const what = 3
	widths := t.widths()
	room := p.width - (widths[0] + widths[1] + widths[2] + 3*2)
	for i := range t.Rows {
		t.Rows[i][what] = ProseCell(t.Rows[i][what].text, room)
	}
	p.gap()
	title := "Events"
	if left := len(all.Rows) - len(shown); left > 0 {
		title = fmt.Sprintf("The last %d of %d events (--all shows them all, and events.csv of --out)", len(shown), len(all.Rows))
	}
	p.labelled("", 0, p.paint(bold, title))
	return t.renderText(&p.out)
}
