package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// interactionMark stands beside a change whose effect depends on the others.
const interactionMark = "≠"

// The ways to switch a change: see sweep.Effect.
const (
	switchedFirst = "first"
	switchedLast  = "last"
	switchedAny   = "alone" // first or last: it makes no difference
)

// attribution is what each change between two rule sets does by itself, the
// largest effect first.
func (s *compareSummary) attribution() error {
	a := s.Attribution
	if a == nil {
		return nil
	}
	s.gap()
	s.sides(s.paint(bold, "What each change does"), legible(a.From.Variant.Name+" → "+a.To.Variant.Name))
	s.gap()
	effects, idle := attributionParts(a)
	if len(effects)+len(idle) == 0 {
		s.labelled("", 0, "The two rule sets have the same values.")
		return nil
	}
	if err := s.effects(effects).renderText(&s.out); err != nil {
		return err
	}
	s.gap()
	if len(idle) > 0 {
		what := count(len(idle), "change")
		if s.alone() {
			what += " (on the return, the costs and the state)"
		}
		s.line("No effect", what+": "+legible(strings.Join(idle, ", ")))
	}
	s.effectsLegend(effects)
	return nil
}

// effectsLegend says what the table's columns and lines mean.
func (s *compareSummary) effectsLegend(effects []*sweep.Effect) {
	if s.alone() {
		s.line("Sorted by", "the larger of the two effects on the return")
	} else {
		s.line("Sorted by", "the larger of the two effects on the mean return; where that is 0, by the weight that moves")
		s.line("Moved", "the part of the emission that changes hands by the weights as they would be set at the end of the range; ranks: by how many places a rank changes, on average")
	}
	if slices.ContainsFunc(effects, s.twofold) {
		s.line(interactionMark, "the effect depends on the other changes: first is the change alone on "+legible(s.Attribution.From.Variant.Name)+
			", last is what it adds when all others are switched")
	}
	s.line("Residual", "what all together do beyond the sum of each switched first")
	if hasOthers(s.Attribution) {
		s.line(othersMark, strings.TrimPrefix(othersNote, othersMark+" "))
	}
}

// attributionParts are the changes that do something, the largest effect first,
// and the names of those that do nothing.
func attributionParts(a *sweep.Attribution) (effects []*sweep.Effect, idle []string) {
	for i := range a.Effects {
		e := &a.Effects[i]
		if isNothing(&e.First) && isNothing(&e.Last) {
			idle = append(idle, e.Change.Name)
		} else {
			effects = append(effects, e)
		}
	}
	slices.SortStableFunc(effects, func(a, b *sweep.Effect) int {
		return cmp.Or(
			cmp.Compare(largest(b, returnOf), largest(a, returnOf)), cmp.Compare(largest(b, movedOf), largest(a, movedOf)),
			cmp.Compare(largest(b, emissionMovedOf), largest(a, emissionMovedOf)),
		)
	})
	return effects, idle
}

// largest is the larger size of a number of the two ways to switch a change.
func largest(e *sweep.Effect, of func(*sweep.Difference) float64) float64 {
	return max(math.Abs(of(&e.First)), math.Abs(of(&e.Last)))
}

func returnOf(d *sweep.Difference) float64        { return d.MeanReturn }
func movedOf(d *sweep.Difference) float64         { return d.Moved }
func emissionMovedOf(d *sweep.Difference) float64 { return d.EmissionMoved }

// isNothing reports whether a difference is none: in no number, and of no miner.
func isNothing(d *sweep.Difference) bool {
	return d.MeanReturn == 0 && d.Eliminated == 0 && d.Promoted == 0 && d.Deregistered == 0 &&
		d.Moved == 0 && d.EmissionMoved == 0 && d.Ranks == 0 &&
		!slices.ContainsFunc(d.Miners, func(m sweep.MinerDifference) bool { return !sameMiner(&m) })
}

func sameMiner(m *sweep.MinerDifference) bool {
	return m.Before == m.After && m.Return == 0 && m.Weight == 0 && m.Emission == 0 && m.Rank == 0 && m.Costs == (sim.Costs{})
}

// effectColumn is a number that the table of effects shows.
type effectColumn struct {
	head string
	cell func(d *sweep.Difference) Cell
}

// effectsWide is the width from which the tables of a comparison have every column,
// and effectsWidest the one from which that of the effects on a population has.
const (
	effectsWide   = 110
	effectsWidest = 126
)

// effectColumns are what a change does to a population; of one miner, to its
// return and its costs.
func (s *compareSummary) effectColumns() []effectColumn {
	marked := hasOthers(s.Attribution)
	gain := func(d *sweep.Difference) Cell {
		cell := meanReturnEffect(d)
		if marked && !isOfOthers(d) {
			cell.text += " " // so that the digits stay below each other
		}
		return s.painted(cell, sign(d.MeanReturn))
	}
	out := func(d *sweep.Difference) Cell { return TextCell(more(d.Eliminated)) }
	in := func(d *sweep.Difference) Cell { return TextCell(more(d.Promoted)) }
	lost := func(d *sweep.Difference) Cell { return TextCell(more(d.Deregistered)) }
	moved := func(d *sweep.Difference) Cell { return partCell(d.Moved) }
	paid := func(d *sweep.Difference) Cell { return partCell(d.EmissionMoved) }
	ranks := func(d *sweep.Difference) Cell { return numberCell(d.Ranks, tenths) }
	switch {
	case s.alone():
		cost := func(of func(sim.Costs) float64) func(*sweep.Difference) Cell {
			return func(d *sweep.Difference) Cell { return PointsCell(of(costsDifference(d))) }
		}
		return []effectColumn{
			{"return", gain}, {"carry", cost(func(c sim.Costs) float64 { return c.Carry })},
			{"fee", cost(func(c sim.Costs) float64 { return c.Fee })}, {"slippage", cost(func(c sim.Costs) float64 { return c.Slippage })},
			{"elim.", out},
		}
	case s.width < effectsWidest:
		return []effectColumn{{"return", gain}, {"elim.", out}, {"prom.", in}, {"moved", moved}, {"ranks", ranks}}
	}
	return []effectColumn{
		{"mean return", gain}, {"eliminated", out}, {"promoted", in}, {"deregistered", lost}, {"weight moved", moved}, {"paid moved", paid}, {"ranks moved", ranks},
	}
}

// isOfOthers reports whether a difference's mean return is of a part of the miners: of
// some there is nothing before, or nothing after. The residual has no states.
func isOfOthers(d *sweep.Difference) bool {
	return slices.ContainsFunc(d.Miners, func(m sweep.MinerDifference) bool { return (m.Before == "") != (m.After == "") })
}

// hasOthers reports whether a mean return of an attribution is of a part of the miners.
func hasOthers(a *sweep.Attribution) bool {
	return isOfOthers(&a.Total) || slices.ContainsFunc(a.Effects, func(e sweep.Effect) bool { return isOfOthers(&e.First) || isOfOthers(&e.Last) })
}

// meanReturnEffect is what a change does to the mean return: marked where that is of a
// part of the miners.
func meanReturnEffect(d *sweep.Difference) Cell {
	cell := PointsCell(d.MeanReturn)
	if isOfOthers(d) {
		cell.text += othersMark
	}
	return cell
}

// costsDifference is what became different of the costs of one miner; those of
// many have no sum.
func costsDifference(d *sweep.Difference) sim.Costs {
	if len(d.Miners) != 1 {
		return sim.Costs{}
	}
	return d.Miners[0].Costs
}

// partCell is a part of a whole; people see none as 0.
func partCell(x float64) Cell {
	return numberCell(x, func(x float64) string {
		if x == 0 {
			return "0"
		}
		return percent(x)
	})
}

// effects is a table of what changes do: two lines a change that interacts as far
// as the table shows.
func (s *compareSummary) effects(effects []*sweep.Effect) *Table {
	t := &Table{Columns: []Column{{Head: "Change"}, {Head: "switched"}}}
	columns := s.effectColumns()
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Head: c.head, Right: true})
	}
	t.Columns = append(t.Columns, Column{Head: ""})
	add := func(what, way string, d *sweep.Difference, mark string) {
		row := []Cell{TextCell(what), TextCell(way)}
		for _, c := range columns {
			row = append(row, c.cell(d))
		}
		t.Rows = append(t.Rows, append(row, TextCell(s.paint(yellow, mark))))
	}
	for _, e := range effects {
		if s.twofold(e) {
			add("", switchedFirst, &e.First, interactionMark)
			add("", switchedLast, &e.Last, interactionMark)
		} else {
			add("", switchedAny, &e.First, "")
		}
	}
	add("All together", "", &s.Attribution.Total, "")
	add("Residual", "", &s.Attribution.Residual, "")
	s.nameChanges(t, effects)
	return t
}

// twofold reports whether a change interacts, and the table shows it.
func (s *compareSummary) twofold(e *sweep.Effect) bool {
	return e.Interacts && slices.ContainsFunc(s.effectColumns(), func(c effectColumn) bool { return c.cell(&e.First).show() != c.cell(&e.Last).show() })
}

// tenths writes a mean of whole numbers for people.
func tenths(x float64) string {
	if x == 0 {
		return "0"
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// changeWidthMin is what a change's name and values have at least.
const changeWidthMin = 24

// nameChanges writes what the changes are into the first column, as wide as the
// others leave room: the name, and below it the values. Of a change with two rows the
// first line goes with the first, however long the name is, the others with the second.
func (s *compareSummary) nameChanges(t *Table, effects []*sweep.Effect) {
	room := s.width
	for _, w := range t.widths()[1:] {
		room -= w + 2
	}
	room = max(room, changeWidthMin)
	row := 0
	for _, e := range effects {
		text := wrapPath(legible(sectionSign(e.Change.Section)+e.Change.Name), room) + "\n" + wrapPath(legible(switchedValues(e.Change)), room)
		if s.twofold(e) {
			first, rest, _ := strings.Cut(text, "\n")
			t.Rows[row][0], t.Rows[row+1][0] = TextCell(first), TextCell(rest)
			row += 2
			continue
		}
		t.Rows[row][0] = TextCell(text)
		row++
	}
}

func sectionSign(section string) string {
	if section == "" {
		return ""
	}
	return "§" + strings.TrimPrefix(section, "§") + " "
}

// switchedRowsMax is how many values of one change a summary shows, and
// switchedCharacters how many characters of each.
const (
	switchedRowsMax    = 3
	switchedCharacters = 48
)

// switchedValues says what a change goes from and to: of several values each with
// the part of its path that the change's name does not have.
func switchedValues(c sweep.Change) string {
	var parts []string
	for _, row := range c.Rows[:min(len(c.Rows), switchedRowsMax)] {
		text := valueOrNone(cut(row.A, switchedCharacters)) + " → " + valueOrNone(cut(row.B, switchedCharacters))
		if path := pathWithin(c, row); path != "" {
			text = path + " " + text
		}
		parts = append(parts, text)
	}
	if left := len(c.Rows) - switchedRowsMax; left > 0 {
		parts = append(parts, fmt.Sprintf("%d more", left))
	}
	return strings.Join(parts, ", ")
}

// pathWithin is a value's path without the change's name; "" where they are one.
func pathWithin(c sweep.Change, row rules.DiffRow) string {
	if row.Path == c.Name {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(row.Path, c.Name), ".")
}

// valueOrNone shows that a rule set has no value there.
func valueOrNone(value string) string { return cmp.Or(value, "none") }

// wrapPath breaks a text as Wrap does, and a word that is longer than a line after
// the dots of a path, or where it must.
func wrapPath(text string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		blank := min(i, 1)
		parts := []string{word}
		if displayed(word) > width {
			parts = strings.SplitAfter(word, ".")
		}
		for _, part := range parts {
			n := displayed(part)
			if blank > 0 && column+1+n <= width {
				b.WriteByte(' ')
				column++
			} else if blank > 0 || column+n > width && column > 0 {
				b.WriteByte('\n')
				column = 0
			}
			blank = 0
			for runes := []rune(part); len(runes) > 0; {
				fit := min(len(runes), width)
				if column+fit > width {
					b.WriteByte('\n')
					column = 0
				}
				b.WriteString(string(runes[:fit]))
				column += fit
				runes = runes[fit:]
			}
		}
	}
	return b.String()
}
