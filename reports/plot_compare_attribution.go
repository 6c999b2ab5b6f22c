package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/sweep"
)

// attributionChart is what each change between two rule sets does by itself, to
// returns, eliminations and the emission: paired bars, for it is switched first,
// alone, and last, with all others there. They stand in the order of the table.
type attributionChart struct {
	name     string
	from, to string
	parts    []string
	measures []attributionMeasure
	rows     []attributionRow
	all      int // changes
	idle     int // changes without any effect
	left     int // changes that found no room
	beside   int // rows without an effect on any of the measures: it is on other numbers of the table
}

// attributionRow is one change: its effect by each measure.
type attributionRow struct {
	name        string
	first, last []float64
	total       bool // all changes together: only first
}

// attributionMeasure is one thing that a change has an effect on.
type attributionMeasure struct {
	head, unit string
	of         func(d *sweep.Difference) float64
	text       func(x float64) string
	ticks      func(s scale) []tick
}

// attributionRows is how many changes are shown.
const attributionRows = 24

func newAttributionChart(c *Compare) *attributionChart {
	a := &attributionChart{name: c.Name, measures: attributionMeasures()}
	if c.Attribution == nil {
		return a
	}
	attribution := c.Attribution
	a.from, a.to = legible(attribution.From.Variant.Name), legible(attribution.To.Variant.Name)
	a.parts = []string{c.Name, a.from + " → " + a.to, count(len(c.miners()), "miner"), rangeText(attribution.FromMS, attribution.ToMS)}
	effects, idle := attributionParts(attribution)
	a.all, a.idle = len(effects)+len(idle), len(idle)
	a.left = max(len(effects)-attributionRows, 0)
	for _, e := range effects[:len(effects)-a.left] {
		row := attributionRow{name: e.Change.Name}
		for _, m := range a.measures {
			row.first, row.last = append(row.first, m.of(&e.First)), append(row.last, m.of(&e.Last))
		}
		if row.nothing() {
			a.beside++
		}
		a.rows = append(a.rows, row)
	}
	total := attributionRow{name: "all changes together", total: true}
	for _, m := range a.measures {
		total.first = append(total.first, m.of(&attribution.Total))
	}
	total.last = total.first
	a.rows = append(a.rows, total)
	return a
}

func attributionMeasures() []attributionMeasure {
	whole := func(x float64) string {
		if x > 0 {
			return "+" + typeset(fmt.Sprintf("%.0f", x))
		}
		return typeset(fmt.Sprintf("%.0f", x))
	}
	return []attributionMeasure{
		{"Mean return", "percentage points", func(d *sweep.Difference) float64 { return d.MeanReturn },
			pointsText, pointTicks},
		{"Eliminations", "miners more or fewer", func(d *sweep.Difference) float64 { return float64(d.Eliminated) },
			whole, func(s scale) []tick { return wholeTicks(s, 3) }},
		{"Emission moved", "at the end, to other miners", func(d *sweep.Difference) float64 { return d.Moved },
			func(x float64) string { return orAlmost(x, percentText(x)) }, func(s scale) []tick { return percentTicks(s, 3) }},
	}
}

// pointTicks are marks at round percentage points.
func pointTicks(s scale) []tick {
	ticks := percentTicks(s, 3)
	for i := range ticks {
		ticks[i].label = strings.TrimSuffix(ticks[i].label, " %")
	}
	return ticks
}

// wholeTicks are marks at whole numbers, about so many.
func wholeTicks(s scale, about int) []tick {
	step := max(math.Ceil(roundStep(s.max-s.min, about)), 1)
	var ticks []tick
	for k := math.Ceil(s.min/step-1e-9) + 0; k*step <= s.max+1e-9; k++ {
		ticks = append(ticks, tick{at: k * step, label: typeset(fmt.Sprintf("%.0f", k*step+0))})
	}
	return ticks
}

// nothing reports whether a change has no effect on any of the measures.
func (r *attributionRow) nothing() bool {
	some := func(x float64) bool { return x != 0 }
	return !slices.ContainsFunc(r.first, some) && !slices.ContainsFunc(r.last, some)
}

// The measures of the rows.
const (
	attributionPitch vg.Length = 22
	attributionHead  vg.Length = 24
	attributionFoot  vg.Length = 66
)

func (c *attributionChart) height() vg.Length {
	return marginTop + attributionHead + roomFor(attributionPitch*vg.Length(len(c.rows))+6) + attributionFoot
}

// title names the change that moves the mean return most, or else the most
// emission: the first, by the order that they stand in.
func (c *attributionChart) title() string {
	for m, text := range [...]string{"the mean return most: ", "", "the most emission: "} {
		if text == "" || len(c.rows) == 0 || c.rows[0].total {
			continue
		}
		top := &c.rows[0]
		x, way := top.first[m], ""
		if math.Abs(top.last[m]) > math.Abs(x) {
			x, way = top.last[m], ", switched last"
		}
		if x != 0 {
			return shortName(top.name, 40) + " moves " + text + c.measures[m].text(x) + way
		}
	}
	if c.all > 0 && c.all == c.idle {
		return "No change by itself has an effect on these miners"
	}
	return "What each change does"
}

func (c *attributionChart) draw(s *sheet) {
	s.heading(heading{title: c.title(), parts: c.parts, keys: []keyText{{"have an effect", fmt.Sprintf("%d of %d", c.all-c.idle, c.all)}}})
	if len(c.rows) == 0 {
		p := s.below(marginSide, marginSide, marginBottom)
		p.message("no change was attributed", "")
		return
	}
	const names, gap = 210, 22
	width := (plotWidth - 2*marginSide - names - gap*vg.Length(len(c.measures)-1)) / vg.Length(len(c.measures))
	top := s.Max.Y - marginTop - attributionHead
	bottom := top - attributionPitch*vg.Length(len(c.rows)) - 6
	c.drawNames(s, top, names)
	for m := range c.measures {
		left := marginSide + names + (width+gap)*vg.Length(m)
		p := &panel{sheet: s, y: scale{0, 1}, area: vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: left + width, Y: top}}}
		c.drawMeasure(p, m)
	}
	c.drawKey(s)
}

// middle is the height of the i-th row; all changes together stand apart.
func (c *attributionChart) middle(top vg.Length, i int) vg.Length {
	y := top - attributionPitch*(vg.Length(i)+0.5)
	if c.rows[i].total {
		y -= 6
	}
	return y
}

func (c *attributionChart) drawNames(s *sheet, top, width vg.Length) {
	for i := range c.rows {
		l := lettering{size: sizeText, ink: inkText, hang: 1, bold: c.rows[i].total}
		y := c.middle(top, i)
		s.textMiddle(l, vg.Point{X: marginSide + width - 10, Y: y}, s.fit(l, legible(c.rows[i].name), width-10))
		if c.rows[i].total {
			s.stroke(solid(inkZero, 0.6), vg.Point{X: marginSide, Y: y + attributionPitch/2 + 3}, vg.Point{X: plotWidth - marginSide, Y: y + attributionPitch/2 + 3})
		}
	}
}

// drawMeasure draws the bars of one measure. On either side of them is room for
// their values.
func (c *attributionChart) drawMeasure(p *panel, m int) {
	measure := &c.measures[m]
	p.x = scale{0, 0}
	room := vg.Length(0)
	value := lettering{size: sizeSmall, ink: inkMuted}
	for i := range c.rows {
		p.x.include(c.rows[i].first[m], c.rows[i].last[m])
		room = max(room, p.face(value).Width(measure.text(c.rows[i].first[m])), p.face(value).Width(measure.text(c.rows[i].last[m])))
	}
	if !(p.x.max > p.x.min) {
		p.x.max = 0.001
		if m == 1 {
			p.x.max = 1
		}
	}
	part := float64((room + 6) / p.area.Size().X)
	sides := 1.0
	if p.x.min < 0 && p.x.max > 0 {
		sides = 2
	}
	length := (p.x.max - p.x.min) / max(1-sides*part, 0.2)
	if p.x.min < 0 {
		p.x.min -= length * part
	}
	if p.x.max > 0 {
		p.x.max += length * part
	}
	at := vg.Point{X: p.area.Min.X, Y: p.area.Max.Y + 16}
	p.text(lettering{size: sizeCaption, ink: inkText, bold: true}, at, measure.head)
	at.Y -= 11
	p.text(lettering{size: sizeSmall, ink: inkMuted}, at, measure.unit)
	p.columnsAt(measure.ticks(p.x), true)
	p.stroke(solid(inkZero, 0.8), p.at(0, 0), p.at(0, 1))
	for i := range c.rows {
		c.drawBars(p, m, i)
	}
}

func (c *attributionChart) drawBars(p *panel, m, i int) {
	r, y := &c.rows[i], c.middle(p.area.Max.Y, i)
	if r.total {
		c.drawBar(p, m, r.first[m], y, 5, inkText)
		return
	}
	if r.first[m] == 0 && r.last[m] == 0 {
		p.textMiddle(lettering{size: sizeSmall, ink: inkFaint}, vg.Point{X: p.atX(0) + 4, Y: y}, "0")
		return
	}
	c.drawBar(p, m, r.first[m], y+4.6, 3.8, inkMain)
	c.drawBar(p, m, r.last[m], y-4.6, 3.8, inkAttributedLast)
}

// inkAttributedLast is the ink of a change that is switched last.
const inkAttributedLast ink = 0xE3A13B

// drawBar draws a bar from 0, with its value at its end.
func (c *attributionChart) drawBar(p *panel, m int, x float64, middle, half vg.Length, i ink) {
	zero, end := p.atX(0), p.atX(x)
	p.fill(i, vg.Rectangle{Min: vg.Point{X: min(zero, end), Y: middle - half}, Max: vg.Point{X: max(zero, end), Y: middle + half}})
	l := lettering{size: sizeSmall - 0.5, ink: inkText}
	at := vg.Point{X: end + 3, Y: middle}
	if x < 0 {
		l.hang, at.X = 1, end-3
	}
	p.textMiddle(l, at, c.measures[m].text(x))
}

func (c *attributionChart) drawKey(s *sheet) {
	l := lettering{size: sizeSmall, ink: inkMuted}
	x, y := marginSide, vg.Length(28)
	for _, k := range [...]struct {
		ink  ink
		name string
	}{{inkMain, "switched first: alone, on " + shortName(c.from, 26)}, {inkAttributedLast, "switched last: all others are there, towards " + shortName(c.to, 26)}} {
		s.fill(k.ink, vg.Rectangle{Min: vg.Point{X: x, Y: y - 3.8}, Max: vg.Point{X: x + 14, Y: y + 3.8}})
		s.textMiddle(l, vg.Point{X: x + 19, Y: y}, k.name)
		x += 19 + s.face(l).Width(k.name) + 16
	}
	var rest []string
	if c.beside > 0 {
		rest = append(rest, fmt.Sprintf("%d on other numbers only", c.beside))
	}
	if c.idle > 0 {
		rest = append(rest, count(c.idle, "change")+" without an effect")
	}
	if c.left > 0 {
		rest = append(rest, fmt.Sprintf("%d smaller ones not shown", c.left))
	}
	l.hang = 1
	s.textMiddle(l, vg.Point{X: plotWidth - marginSide, Y: y}, strings.Join(rest, "; "))
}
