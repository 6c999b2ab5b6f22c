package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// slopeChart is the rank of each miner, from one rule set to the next. Of many
// miners those are named whose ranks differ most.
type slopeChart struct {
	variantsView
	lines []slopeLine
	named []int // of the lines, by the rank in the first
	axis  rankAxis
}

// slopeLine is the rank of one miner under each rule set; 0: none.
type slopeLine struct {
	name  string
	ranks []int
}

// slopesNamed is how many lines have names.
const slopesNamed = 18

func newSlopeChart(c *Compare) *slopeChart {
	s := &slopeChart{variantsView: newVariantsView(c)}
	worst := 1
	for _, miner := range s.miners {
		line := slopeLine{name: miner, ranks: make([]int, len(s.outcomes))}
		for i := range s.outcomes {
			if m := s.of(i, miner); m != nil && m.Judgement.Rank != nil {
				line.ranks[i] = *m.Judgement.Rank
				worst = max(worst, *m.Judgement.Rank)
			}
		}
		if slices.Max(line.ranks) > 0 {
			s.lines = append(s.lines, line)
		}
	}
	s.axis = newRankAxis(worst)
	for i := range s.lines {
		s.named = append(s.named, i)
	}
	s.choose()
	slices.SortFunc(s.named, func(a, b int) int {
		x, y := &s.lines[a], &s.lines[b]
		return cmp.Or(cmp.Compare(s.place(x, 0), s.place(y, 0)), cmp.Compare(x.name, y.name))
	})
	return s
}

// choose keeps the lines that move most; of those that leave or enter the ranking
// at most half as many.
func (c *slopeChart) choose() {
	slices.SortStableFunc(c.named, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.moved(b), c.moved(a)), cmp.Compare(c.place(&c.lines[a], 0), c.place(&c.lines[b], 0)))
	})
	if len(c.named) <= slopesNamed {
		return
	}
	var stay, leave []int
	for _, k := range c.named {
		if slices.Min(c.lines[k].ranks) > 0 {
			stay = append(stay, k)
		} else {
			leave = append(leave, k)
		}
	}
	leaving := min(len(leave), max(slopesNamed/2, slopesNamed-len(stay)))
	c.named = append(leave[:leaving:leaving], stay[:min(slopesNamed-leaving, len(stay))]...)
}

// place is a line's rank under a rule set; none is one behind the last.
func (c *slopeChart) place(l *slopeLine, i int) int {
	if l.ranks[i] == 0 {
		return c.axis.worst + 1
	}
	return l.ranks[i]
}

// moved is by how many places a line moves at most, from the first rule set.
func (c *slopeChart) moved(line int) int {
	l, most := &c.lines[line], 0
	for i := range l.ranks {
		d := c.place(l, i) - c.place(l, 0)
		most = max(most, d, -d)
	}
	return most
}

func (c *slopeChart) height() vg.Length { return 500 }

// title says who moves furthest, and how many move at all.
func (c *slopeChart) title() string {
	if len(c.lines) == 0 {
		return "Ranks under each rule set"
	}
	changed, furthest, variant, by := 0, 0, 0, 0
	for k := range c.lines {
		l := &c.lines[k]
		if c.moved(k) > 0 {
			changed++
		}
		for i := range l.ranks {
			if l.ranks[0] == 0 || l.ranks[i] == 0 {
				continue // in or out of the competition: no places
			}
			if d := l.ranks[0] - l.ranks[i]; max(d, -d) > max(by, -by) {
				furthest, variant, by = k, i, d
			}
		}
	}
	name := shortName(c.lines[furthest].name, 24)
	switch {
	case changed == 0:
		return "The ranks are the same under " + c.allSets()
	case by > 0:
		return fmt.Sprintf("%s wins %s under %s", name, count(by, "place"), c.under(variant))
	case by < 0:
		return fmt.Sprintf("%s loses %s under %s", name, count(-by, "place"), c.under(variant))
	}
	return fmt.Sprintf("%s in or out of the ranking", count(changed, "miner"))
}

func (c *slopeChart) draw(s *sheet) {
	changed := 0
	for k := range c.lines {
		if c.moved(k) > 0 {
			changed++
		}
	}
	s.heading(heading{title: c.title(), parts: c.parts(), keys: []keyText{{"change rank", fmt.Sprintf("%d of %d", changed, len(c.lines))}}})
	p := s.below(190, 190, marginBottom)
	p.area.Max.Y -= 20
	rest := "by weight in the main competition" + c.axis.note()
	if len(c.lines) > len(c.named) {
		which := "that change most"
		if changed == 0 {
			which = "best"
		}
		rest += fmt.Sprintf("; named: the %d %s", len(c.named), which)
	}
	at := vg.Point{X: marginSide, Y: s.Max.Y - marginTop + 8}
	bold := lettering{size: sizeCaption, ink: inkText, bold: true}
	s.text(bold, at, "Rank")
	s.text(lettering{size: sizeCaption, ink: inkMuted}, vg.Point{X: at.X + s.face(bold).Width("Rank") + 6, Y: at.Y}, rest)
	if len(c.lines) == 0 {
		p.message(cmp.Or(c.nothing(), "nobody is ranked"), "")
		return
	}
	c.lay(p)
	c.drawLines(p)
	c.drawNames(p)
}

// lay lays out the axes: a column a rule set, and under the ranks a lane for who
// has none.
func (c *slopeChart) lay(p *panel) {
	p.x = scale{0, float64(max(len(c.outcomes)-1, 1))}
	p.y = c.axis.scale()
	if c.gone() {
		p.y.min -= 0.07 * (p.y.max - p.y.min)
		c.countUnranked(p)
		p.stroke(dashed(inkZero, 0.6), p.area.Min, vg.Point{X: p.area.Max.X, Y: p.area.Min.Y})
	}
	columns := len(c.outcomes)
	for i := range columns {
		p.stroke(solid(inkZero, 0.7), vg.Point{X: p.atX(float64(i)), Y: p.area.Min.Y}, vg.Point{X: p.atX(float64(i)), Y: p.area.Max.Y})
	}
	c.columnLabels(p.sheet, func(i int) vg.Length { return p.atX(float64(i)) }, p.area.Max.Y+6, c.pitch(p))
	if columns <= 12 && !c.axis.log {
		return // the ranks stand at the lines' ends
	}
	for _, t := range c.axis.ticks() {
		p.stroke(solid(inkGrid, 0.6), vg.Point{X: p.area.Min.X, Y: p.atY(t.at)}, vg.Point{X: p.area.Max.X, Y: p.atY(t.at)})
		p.text(lettering{size: 7.5, ink: inkMuted}, vg.Point{X: p.area.Min.X + 5, Y: p.atY(t.at) + 2}, t.label)
	}
}

// pitch is how far a column is from the next.
func (c *slopeChart) pitch(p *panel) vg.Length {
	return p.area.Size().X / vg.Length(max(len(c.outcomes)-1, 1))
}

// countUnranked says under the columns how many have no rank there.
func (c *slopeChart) countUnranked(p *panel) {
	step := labelStep(c.pitch(p))
	l := lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}
	y := p.area.Min.Y - 14
	for i := 0; i < len(c.outcomes); i += step {
		n := 0
		for k := range c.lines {
			if c.lines[k].ranks[i] == 0 {
				n++
			}
		}
		p.text(l, vg.Point{X: p.atX(float64(i)), Y: y}, grouped(int64(n)))
	}
	l.hang = 1
	p.text(l, vg.Point{X: p.area.Min.X - 17, Y: y}, "not ranked: in its challenge, or out")
}

// gone reports whether there is a line that is not ranked somewhere.
func (c *slopeChart) gone() bool {
	return slices.ContainsFunc(c.lines, func(l slopeLine) bool { return slices.Min(l.ranks) == 0 })
}

func (c *slopeChart) point(p *panel, l *slopeLine, i int) vg.Point {
	if l.ranks[i] == 0 {
		return vg.Point{X: p.atX(float64(i)), Y: p.area.Min.Y}
	}
	return p.at(float64(i), c.axis.at(float64(l.ranks[i])))
}

func (c *slopeChart) drawLines(p *panel) {
	draw := func(l *slopeLine, i ink, width vg.Length) {
		var points []vg.Point
		for k := range l.ranks {
			points = append(points, c.point(p, l, k))
		}
		if len(points) > 1 {
			p.stroke(solid(i, width), points...)
		}
		for _, at := range points {
			p.disc(i, at, 1.4*width)
		}
	}
	for k := range c.lines {
		if !slices.Contains(c.named, k) {
			draw(&c.lines[k], inkFaint, 0.6)
		}
	}
	for k := len(c.named) - 1; k >= 0; k-- {
		draw(&c.lines[c.named[k]], lineInk(k), 1.6)
	}
}

// drawNames names the lines at both ends, one that is not ranked there only at the
// other.
func (c *slopeChart) drawNames(p *panel) {
	last := len(c.outcomes) - 1
	var left, right []endLabel
	for k := len(c.named) - 1; k >= 0; k-- {
		l := &c.lines[c.named[k]]
		label := func(i int) endLabel {
			e := endLabel{at: c.point(p, l, i).Y, ink: lineInk(k), name: l.name, first: "–"}
			if l.ranks[i] > 0 {
				e.first = strconv.Itoa(l.ranks[i])
			}
			return e
		}
		if l.ranks[0] > 0 || l.ranks[last] == 0 {
			left = append(left, label(0))
		}
		if l.ranks[last] > 0 {
			right = append(right, label(last))
		}
	}
	p.startLabels(left, sizeText)
	if last > 0 {
		p.endLabels(right, sizeText)
	}
}

// startLabels is endLabels at the left edge.
func (p *panel) startLabels(list []endLabel, size vg.Length) {
	const lead = 14
	slices.SortStableFunc(list, func(a, b endLabel) int { return cmp.Compare(a.at, b.at) })
	wanted := make([]vg.Length, len(list))
	first := vg.Length(0)
	for i, e := range list {
		wanted[i] = e.at
		first = max(first, p.face(lettering{size: size, bold: true}).Width(e.first))
	}
	right := p.area.Min.X - lead - 3
	for i, y := range spread(wanted, 1.18*size, p.area.Min.Y, p.area.Max.Y-size/2) {
		e := list[i]
		p.stroke(solid(e.ink, 0.6), vg.Point{X: p.area.Min.X - 4, Y: e.at}, vg.Point{X: p.area.Min.X - lead, Y: y})
		p.textMiddle(lettering{size: size, ink: e.ink, bold: true, hang: 1}, vg.Point{X: right, Y: y}, e.first)
		plain := lettering{size: size, ink: e.ink, hang: 1}
		p.textMiddle(plain, vg.Point{X: right - first - 5, Y: y}, p.fit(plain, legible(e.name), right-first-5-marginSide))
	}
}
