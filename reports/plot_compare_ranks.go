package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// slopeChart is the rank of each miner, from one rule set to the next. A line ends
// where its miner is not ranked. Those whose ranks differ most have a colour of their
// own and a name; of few miners all have names.
type slopeChart struct {
	variantsView
	lines  []slopeLine
	named  []int // of the lines: the coloured ones, by the rank in the first, and behind them others
	colour int   // how many of them have a colour
	axis   rankAxis
}

// slopeLine is the rank of one miner under each rule set; 0: none.
type slopeLine struct {
	name  string
	ranks []int
}

// The most lines that have colours, each its own, and up to how many all have names.
const (
	slopesColoured = 12
	slopesNamed    = 24
)

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
	s.choose()
	return s
}

// choose names the lines that move most, of those that are ranked at either end,
// where the names stand. Of lines that leave or enter the ranking half as many at
// most have a colour, if there are others.
func (c *slopeChart) choose() {
	var ends []int
	for k := range c.lines {
		if l := &c.lines[k]; l.ranks[0] > 0 || l.ranks[len(l.ranks)-1] > 0 {
			ends = append(ends, k)
		}
	}
	slices.SortStableFunc(ends, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.moved(b), c.moved(a)), cmp.Compare(c.place(&c.lines[a], 0), c.place(&c.lines[b], 0)))
	})
	var stay, leave []int
	for _, k := range ends {
		if slices.Min(c.lines[k].ranks) > 0 {
			stay = append(stay, k)
		} else {
			leave = append(leave, k)
		}
	}
	leaving := min(len(leave), max(slopesColoured/2, slopesColoured-len(stay)))
	staying := min(len(stay), slopesColoured-leaving)
	c.named = slices.Concat(leave[:leaving], stay[:staying])
	c.colour = len(c.named)
	slices.SortFunc(c.named, func(a, b int) int {
		x, y := &c.lines[a], &c.lines[b]
		return cmp.Or(cmp.Compare(c.place(x, 0), c.place(y, 0)), cmp.Compare(x.name, y.name))
	})
	if len(ends) <= slopesNamed {
		c.named = slices.Concat(c.named, leave[leaving:], stay[staying:])
	}
}

// ink is that of the k-th of the named lines, and of its name.
func (c *slopeChart) ink(k int) ink {
	if k < c.colour {
		return lineInk(k)
	}
	return inkMuted
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
	if len(c.lines) > c.colour {
		which := "of those that change most"
		if changed == 0 {
			which = "of the best"
		}
		rest += fmt.Sprintf("; in colour: %d %s", c.colour, which)
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

// lay lays out the axes: a column a rule set, and under it how many have no rank
// there.
func (c *slopeChart) lay(p *panel) {
	p.x = scale{0, float64(max(len(c.outcomes)-1, 1))}
	p.y = c.axis.scale()
	if c.gone() {
		c.countUnranked(p)
		c.drawKey(p)
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

// countUnranked says under the columns how many of the lines have no rank there.
func (c *slopeChart) countUnranked(p *panel) {
	const room = 92
	step := max(int(math.Ceil(float64(room/c.pitch(p)))), 1)
	l := lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}
	for i := 0; i < len(c.outcomes); i += step {
		n := 0
		for k := range c.lines {
			if c.lines[k].ranks[i] == 0 {
				n++
			}
		}
		text := fmt.Sprintf("%s of %s not ranked", grouped(int64(n)), grouped(int64(len(c.lines))))
		if n == 0 {
			text = "all ranked"
		}
		p.text(l, vg.Point{X: p.atX(float64(i)), Y: p.area.Min.Y - 14}, text)
	}
}

// drawKey explains the mark at the end of a line.
func (c *slopeChart) drawKey(p *panel) {
	const text = "not ranked: in its challenge, out, or not there"
	l := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	at := vg.Point{X: plotWidth - marginSide, Y: p.Max.Y - marginTop + 8}
	p.text(l, at, text)
	at.X -= p.face(l).Width(text) + 8
	at.Y += capHeight * l.size / 2
	p.stroke(solid(inkMuted, 1), at, vg.Point{X: at.X - 12, Y: at.Y})
	p.cross(inkMuted, at, 2.2, 1.1)
}

// gone reports whether there is a line that is not ranked somewhere.
func (c *slopeChart) gone() bool {
	return slices.ContainsFunc(c.lines, func(l slopeLine) bool { return slices.Min(l.ranks) == 0 })
}

// point is where a line is that has a rank there.
func (c *slopeChart) point(p *panel, l *slopeLine, i int) vg.Point {
	return p.at(float64(i), c.axis.at(float64(l.ranks[i])))
}

func (c *slopeChart) drawLines(p *panel) {
	for k := range c.lines {
		if !slices.Contains(c.named, k) {
			c.drawLine(p, &c.lines[k], inkFaint, 0.6)
		}
	}
	for k := len(c.named) - 1; k >= 0; k-- {
		if k < c.colour {
			c.drawLine(p, &c.lines[c.named[k]], c.ink(k), 1.6)
		} else {
			c.drawLine(p, &c.lines[c.named[k]], mix(inkFaint, inkMuted, 0.5), 0.8)
		}
	}
}

// drawLine draws a line from each rank to the next one. Beside one that has no
// neighbour a level end with a cross says that the miner is not ranked there: where
// it goes instead has no height.
func (c *slopeChart) drawLine(p *panel, l *slopeLine, i ink, width vg.Length) {
	reach := min(0.3*c.pitch(p), 16)
	end := func(at vg.Point, by vg.Length) {
		to := vg.Point{X: at.X + by, Y: at.Y}
		p.stroke(solid(i, width), at, to)
		p.cross(i, to, 1.4+0.5*width, max(0.7*width, 0.6))
	}
	for k, rank := range l.ranks {
		if rank == 0 {
			continue
		}
		at := c.point(p, l, k)
		p.disc(i, at, 1.4*width)
		if k > 0 && l.ranks[k-1] == 0 {
			end(at, -reach)
		}
		switch {
		case k+1 == len(l.ranks):
		case l.ranks[k+1] == 0:
			end(at, reach)
		default:
			p.stroke(solid(i, width), at, c.point(p, l, k+1))
		}
	}
}

// drawNames names the lines at the ends at which they are ranked.
func (c *slopeChart) drawNames(p *panel) {
	last := len(c.outcomes) - 1
	var left, right []endLabel
	for k := len(c.named) - 1; k >= 0; k-- {
		l := &c.lines[c.named[k]]
		label := func(i int) endLabel {
			return endLabel{at: c.point(p, l, i).Y, ink: c.ink(k), name: l.name, first: strconv.Itoa(l.ranks[i])}
		}
		if l.ranks[0] > 0 {
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
