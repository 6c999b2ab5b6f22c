package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// outcomesChart is the state in which each miner ends under each rule set: a
// matrix. Those whose state changes come first. Of many, a row is all the miners
// that share their states.
type outcomesChart struct {
	variantsView
	rows    []outcomesRow
	changed int  // rows, the first ones, whose states differ
	moved   int  // miners in them
	folded  bool // there are rows of several miners
	left    int  // rows that found no room
}

// outcomesRow is a miner, or all that have these states.
type outcomesRow struct {
	miners []string
	states []scoring.State // by rule set; "" where the miner is not there
}

func (r *outcomesRow) changes() bool {
	return slices.ContainsFunc(r.states, func(s scoring.State) bool { return s != r.states[0] })
}

// How many rows a matrix has: of single miners, and at all.
const (
	outcomesNamed = 40
	outcomesRows  = 60
)

func newOutcomesChart(c *Compare) *outcomesChart {
	o := &outcomesChart{variantsView: newVariantsView(c)}
	for _, miner := range o.miners {
		row := outcomesRow{miners: []string{miner}}
		for i := range o.outcomes {
			state := scoring.State("")
			if m := o.of(i, miner); m != nil {
				state = cmp.Or(m.State, scoring.StateMain)
			}
			row.states = append(row.states, state)
		}
		if row.changes() {
			o.moved++
		}
		o.rows = append(o.rows, row)
	}
	if len(o.rows) > outcomesNamed {
		o.foldAlike()
	}
	slices.SortStableFunc(o.rows, compareOutcomes)
	if len(o.rows) > outcomesRows {
		o.left = len(o.rows) - outcomesRows
		o.rows = o.rows[:outcomesRows]
	}
	for i := range o.rows {
		if o.rows[i].changes() {
			o.changed++
		}
	}
	return o
}

// foldAlike makes one row of all miners that have the same states. Those that
// change keep rows of their own unless they are many.
func (c *outcomesChart) foldAlike() {
	c.folded = true
	var rows []outcomesRow
	for _, r := range c.rows {
		if c.moved <= outcomesNamed && r.changes() {
			rows = append(rows, r)
			continue
		}
		at := slices.IndexFunc(rows, func(have outcomesRow) bool { return slices.Equal(have.states, r.states) })
		if at < 0 {
			rows = append(rows, r)
			continue
		}
		rows[at].miners = append(rows[at].miners, r.miners...)
	}
	c.rows = rows
}

// compareOutcomes puts those that change first, then the larger rows, then the
// better states.
func compareOutcomes(a, b outcomesRow) int {
	unchanged := func(r *outcomesRow) int {
		if r.changes() {
			return 0
		}
		return 1
	}
	if d := cmp.Or(cmp.Compare(unchanged(&a), unchanged(&b)), cmp.Compare(len(b.miners), len(a.miners))); d != 0 {
		return d
	}
	for i := range a.states {
		if d := cmp.Compare(stateOrder(a.states[i]), stateOrder(b.states[i])); d != 0 {
			return d
		}
	}
	return cmp.Compare(a.miners[0], b.miners[0])
}

// stateOrder is the better state first.
func stateOrder(s scoring.State) int {
	return slices.Index([]scoring.State{scoring.StateMain, scoring.StateChallenge, scoring.StateDeregistered, scoring.StateEliminated, sweep.StateRefused, ""}, s)
}

// The measures of the matrix.
const (
	outcomesPitch vg.Length = 13
	outcomesBlock vg.Length = 22 // head of the second block
	outcomesFoot  vg.Length = 52
)

func (c *outcomesChart) height() vg.Length {
	blocks := vg.Length(0)
	if c.changed > 0 && c.changed < len(c.rows) {
		blocks = outcomesBlock
	}
	return marginTop + roomFor(blocks+outcomesPitch*vg.Length(len(c.rows))) + outcomesFoot
}

func (c *outcomesChart) title() string {
	switch {
	case c.nothing() != "":
		return "How the miners end"
	case c.moved == 0:
		return "Every miner ends in the same state under " + c.allSets()
	}
	ends := "end"
	if c.moved == 1 {
		ends = "ends"
	}
	text := fmt.Sprintf("%d of %s %s in another state ", c.moved, count(len(c.miners), "miner"), ends)
	if len(c.outcomes) == 2 {
		return text + "under " + c.under(1)
	}
	return text + "than under " + c.under(0)
}

func (c *outcomesChart) draw(s *sheet) {
	s.heading(heading{title: c.title(), parts: c.parts(), keys: []keyText{{"change state", fmt.Sprintf("%d of %d", c.moved, len(c.miners))}}})
	names := vg.Length(200)
	if c.folded && len(c.outcomes) <= 6 {
		names = 330
	}
	p := s.below(names, marginSide, outcomesFoot)
	if c.nothing() != "" {
		p.area.Min.X, p.area.Max.X = marginSide, plotWidth-marginSide
		p.message(c.nothing(), "")
		return
	}
	pitch := min(p.area.Size().X/vg.Length(len(c.outcomes)), 230)
	x := func(i int) vg.Length { return p.area.Min.X + pitch*vg.Length(i) }
	y := p.area.Max.Y
	c.columnLabels(s, func(i int) vg.Length { return x(i) + pitch/2 }, y+6, pitch)
	head := func(what string, miners int) {
		at := vg.Point{X: marginSide, Y: y + 6}
		bold := lettering{size: sizeCaption, ink: inkText, bold: true}
		s.text(bold, at, what)
		s.text(lettering{size: sizeCaption, ink: inkMuted}, vg.Point{X: at.X + s.face(bold).Width(what) + 6, Y: at.Y}, count(miners, "miner"))
	}
	for i := range c.rows {
		switch i {
		case c.changed:
			if i > 0 {
				y -= outcomesBlock
			}
			head("In the same state", len(c.miners)-c.moved)
		case 0:
			head("In another state", c.moved)
		}
		c.drawRow(s, &c.rows[i], y, pitch, x)
		y -= outcomesPitch
	}
	c.drawKey(s)
}

func (c *outcomesChart) drawRow(s *sheet, r *outcomesRow, top, pitch vg.Length, x func(int) vg.Length) {
	middle := top - outcomesPitch/2
	left := marginSide
	if c.folded {
		n := lettering{size: sizeText, ink: inkText, bold: true, hang: 1}
		left += 28
		if len(r.miners) > 1 || c.moved > outcomesNamed {
			s.textMiddle(n, vg.Point{X: left - 8, Y: middle}, grouped(int64(len(r.miners))))
		}
	}
	name := lettering{size: sizeText, ink: inkText}
	if len(r.miners) > 1 {
		name.ink = inkMuted
	}
	at := vg.Point{X: left, Y: middle}
	if !c.folded {
		name.hang, at.X = 1, x(0)-10
	}
	s.textMiddle(name, at, s.fit(name, legible(strings.Join(r.miners[:min(len(r.miners), 12)], ", ")), x(0)-10-left))
	for i, state := range r.states {
		colour := outcomeInk(state)
		s.fill(colour, vg.Rectangle{Min: vg.Point{X: x(i), Y: top - outcomesPitch + 1}, Max: vg.Point{X: x(i) + pitch - 1, Y: top}})
		text := stateLetter(state)
		if m := c.of(i, r.miners[0]); len(r.miners) == 1 && pitch >= 78 && m != nil {
			text += outcomeDetail(m)
		}
		l := lettering{size: sizeSmall, ink: over(colour), bold: true, hang: 0.5}
		s.textMiddle(l, vg.Point{X: x(i) + pitch/2 - 0.5, Y: middle + 0.5}, s.fit(l, text, max(pitch-4, 8)))
	}
}

// outcomeInk is the ink of a state's cell.
func outcomeInk(state scoring.State) ink {
	switch state {
	case "":
		return inkGrid
	case scoring.StateDeregistered:
		return 0xB4BCC6
	case sweep.StateRefused:
		return 0xD9CBE4
	}
	return stateInk(state)
}

// stateLetter stands for a state in a cell.
func stateLetter(state scoring.State) string {
	switch state {
	case scoring.StateMain:
		return "M"
	case scoring.StateChallenge:
		return "C"
	case scoring.StateEliminated:
		return "E"
	case scoring.StateDeregistered:
		return "D"
	case sweep.StateRefused:
		return "R"
	}
	return "–"
}

// outcomeDetail is what there is to say of a state: the rank, or what eliminated.
func outcomeDetail(m *sweep.MinerOutcome) string {
	switch {
	case m.State == scoring.StateEliminated && m.Elimination != nil:
		return "  " + reasonWord(m.Elimination.Reason)
	case m.State == scoring.StateMain && m.Judgement.Rank != nil:
		return "  " + ordinal(*m.Judgement.Rank)
	}
	return ""
}

// drawKey explains the letters that there are.
func (c *outcomesChart) drawKey(s *sheet) {
	x, y := marginSide, vg.Length(28)
	l := lettering{size: sizeSmall, ink: inkMuted}
	for _, k := range [...]struct {
		state scoring.State
		name  string
	}{
		{scoring.StateMain, "main competition"}, {scoring.StateChallenge, "challenge"}, {scoring.StateEliminated, "eliminated"},
		{scoring.StateDeregistered, "deregistered: lost its slot"}, {sweep.StateRefused, "refused: never got a slot"}, {"", "not there"},
	} {
		if !slices.ContainsFunc(c.rows, func(r outcomesRow) bool { return slices.Contains(r.states, k.state) }) {
			continue
		}
		colour := outcomeInk(k.state)
		s.fill(colour, vg.Rectangle{Min: vg.Point{X: x, Y: y - 5.5}, Max: vg.Point{X: x + 14, Y: y + 5.5}})
		s.textMiddle(lettering{size: sizeSmall, ink: over(colour), bold: true, hang: 0.5}, vg.Point{X: x + 7, Y: y}, stateLetter(k.state))
		s.textMiddle(l, vg.Point{X: x + 19, Y: y}, k.name)
		x += 19 + s.face(l).Width(k.name) + 16
	}
	text := ""
	switch {
	case c.left > 0:
		text = fmt.Sprintf("miners of the same states share a row; %d more rows are not shown", c.left)
	case c.folded:
		text = "miners of the same states share a row"
	}
	l.hang = 1
	s.textMiddle(l, vg.Point{X: plotWidth - marginSide, Y: y}, text)
}
