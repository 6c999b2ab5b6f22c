package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// ranksChart is the rank of each miner over time: a bump chart. The best at the
// end are named, and those that fell furthest.
type ranksChart struct {
	subnet *Subnet
	times  []int64
	lines  []rankLine // of those that ever had a rank
	named  []int      // of the lines, by rank at the end
	lost   []int      // of the lines: those that were good, and are out
	axis   rankAxis
}

// rankLine is the rank of one miner over time.
type rankLine struct {
	name  string
	ranks []int // at each setting of the weights; 0: none
	first int   // the first rank that it had
	best  int
	final int           // at the end; 0: none
	ended scoring.State // how it stood when it had a rank no more; "" while it has one
}

// lastRound is the last setting of weights at which it had a rank.
func (l *rankLine) lastRound() int {
	last := len(l.ranks) - 1
	for last > 0 && l.ranks[last] == 0 {
		last--
	}
	return last
}

// The most names of lines.
const (
	ranksNamed = 12 // of the best at the end
	ranksFell  = 3  // of those that fell furthest, and of those that are out
)

func newRanksChart(s *Subnet) *ranksChart {
	c := &ranksChart{subnet: s}
	r := s.Result
	for i := range r.History {
		c.times = append(c.times, r.History[i].TimeMS)
	}
	worst := 1
	for m := range r.Miners {
		line := rankLine{name: r.Miners[m].Name, ranks: make([]int, len(r.History))}
		for i := range r.History {
			place := placeOf(&r.History[i], m)
			if place == nil || place.Rank == 0 {
				continue
			}
			line.ranks[i] = place.Rank
			line.best = place.Rank
			worst = max(worst, place.Rank)
		}
		if line.best == 0 {
			continue
		}
		line.summarise()
		if line.final == 0 {
			line.ended = cmp.Or(r.Miners[m].State, scoring.StateDeregistered)
		}
		c.lines = append(c.lines, line)
	}
	c.axis = newRankAxis(worst)
	c.choose()
	return c
}

// summarise finds the first and the best of the ranks, and the last.
func (l *rankLine) summarise() {
	for _, rank := range l.ranks {
		if rank == 0 {
			continue
		}
		if l.first == 0 {
			l.first = rank
		}
		l.best = min(l.best, rank)
	}
	l.final = l.ranks[len(l.ranks)-1]
}

// choose says which lines get names.
func (c *ranksChart) choose() {
	var stay, out []int
	for i := range c.lines {
		if c.lines[i].final > 0 {
			stay = append(stay, i)
		} else {
			out = append(out, i)
		}
	}
	by := func(key func(*rankLine) int) func(a, b int) int {
		return func(a, b int) int {
			x, y := &c.lines[a], &c.lines[b]
			return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x.name, y.name))
		}
	}
	slices.SortFunc(stay, by(func(l *rankLine) int { return l.final }))
	most := ranksNamed
	if len(stay) <= ranksNamed+ranksFell {
		most = len(stay)
	}
	most = min(most, len(stay))
	c.named = slices.Clone(stay[:most])
	rest := slices.Clone(stay[most:])
	slices.SortFunc(rest, by(func(l *rankLine) int { return l.best - l.final }))
	fell := rest[:min(ranksFell, len(rest))]
	fell = slices.DeleteFunc(fell, func(i int) bool { return c.lines[i].final-c.lines[i].best < max(3, c.axis.worst/6) })
	slices.SortFunc(fell, by(func(l *rankLine) int { return l.final }))
	c.named = append(c.named, fell...)

	slices.SortFunc(out, by(func(l *rankLine) int { return l.best }))
	out = slices.DeleteFunc(out, func(i int) bool { return c.lines[i].best > max(3, c.axis.worst/5) })
	c.lost = out[:min(ranksFell, len(out))]
}

func (c *ranksChart) height() vg.Length { return 500 }

// title says who ends on top, and where it began.
func (c *ranksChart) title() string {
	if len(c.named) == 0 || c.lines[c.named[0]].final == 0 {
		return "Ranks over time"
	}
	best := &c.lines[c.named[0]]
	name := shortName(best.name, 28)
	always := !slices.ContainsFunc(best.ranks, func(r int) bool { return r > 1 })
	began := slices.IndexFunc(best.ranks, func(r int) bool { return r > 0 })
	switch {
	case len(best.ranks) < 2:
		return name + " has the highest weight"
	case always && began == 0:
		return name + " is first all the time"
	case always:
		return name + " joined on " + time.UnixMilli(c.times[began]).UTC().Format("2 Jan") + ", and is first since"
	case best.first == 1:
		return name + " begins and ends first"
	}
	return fmt.Sprintf("%s ends first; it began %s", name, ordinal(best.first))
}

// ordinal writes a rank: "17th".
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

func (c *ranksChart) draw(s *sheet) {
	ranked, out := 0, 0
	for i := range c.lines {
		if c.lines[i].final > 0 {
			ranked++
		} else {
			out++
		}
	}
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: []keyText{
		{"dropped out", strconv.Itoa(out)}, {"ranked at the end", strconv.Itoa(ranked)},
	}})
	p := s.below(marginLeft, 168, marginBottom)
	p.x, p.y = historyAxis(c.subnet.Result), c.axis.scale()
	p.columnsAt(timeTicks(int64(p.x.min), int64(p.x.max), 9), true)
	if len(c.lines) == 0 {
		p.caption("Rank", "by weight in the main competition")
		p.message(noWeights(c.subnet.Result), "")
		return
	}
	p.caption("Rank", "by weight in the main competition"+c.axis.note())
	p.rows(c.axis.ticks())
	c.key(p)
	named := make(map[int]bool)
	for _, i := range slices.Concat(c.named, c.lost) {
		named[i] = true
	}
	faint := mix(inkFaint, inkGrid, min(float64(len(c.lines))/100, 1))
	for i := range c.lines {
		if !named[i] {
			c.drawLine(p, &c.lines[i], faint, 0.6)
		}
	}
	for i := range c.lines {
		if !named[i] {
			c.drawEnd(p, &c.lines[i], mix(inkFaint, inkMuted, 0.6), 1.8)
		}
	}
	c.drawNamed(p)
}

// key explains the marks at the lines' ends, right above the panel.
func (c *ranksChart) key(p *panel) {
	small := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	at := vg.Point{X: p.area.Max.X, Y: p.area.Max.Y + 6}
	middle := func() vg.Point { return vg.Point{X: at.X - 4, Y: at.Y + capHeight*small.size/2} }
	ended := func(state scoring.State) bool {
		return slices.ContainsFunc(c.lines, func(l rankLine) bool { return l.ended == state })
	}
	for _, k := range [...]struct {
		state scoring.State
		name  string
	}{{scoring.StateDeregistered, "lost its slot"}, {scoring.StateEliminated, "eliminated"}} {
		if !ended(k.state) {
			continue
		}
		p.text(small, at, k.name)
		at.X -= p.face(small).Width(k.name) + 4
		c.mark(p, k.state, inkMuted, middle(), 2.2)
		at.X -= 18
	}
}

// drawNamed draws the lines that have names, the best last, and the names.
func (c *ranksChart) drawNamed(p *panel) {
	free := &clearing{bounds: p.area}
	for k, i := range c.lost {
		c.drawLine(p, &c.lines[i], lineInk(len(c.named)+k), 1.4)
	}
	var labels []endLabel
	for k := len(c.named) - 1; k >= 0; k-- {
		line := &c.lines[c.named[k]]
		c.drawLine(p, line, lineInk(k), 1.7)
		end := p.at(p.x.max, c.axis.at(float64(line.final)))
		p.dot(lineInk(k), end)
		labels = append(labels, endLabel{at: end.Y, ink: lineInk(k), first: strconv.Itoa(line.final), name: line.name})
	}
	p.endLabels(labels, sizeText)
	for k, i := range c.lost {
		line, i := &c.lines[i], lineInk(len(c.named)+k)
		end := c.drawEnd(p, line, i, 2.8)
		l := lettering{size: sizeSmall, ink: i, bold: true}
		name := p.fit(l, legible(line.name), 120)
		free.block(end, 3)
		if width := p.face(l).Width(name); end.X+width+10 > p.area.Max.X {
			l.hang = 1
		}
		c.nameEnd(p, free, l, end, name)
	}
}

// nameEnd writes a name beside the end of a line, unless another is there.
func (c *ranksChart) nameEnd(p *panel, free *clearing, l lettering, end vg.Point, name string) {
	width := p.face(l).Width(name)
	for _, dy := range [...]vg.Length{0, 10, -10, 20, -20} {
		at := vg.Point{X: end.X + 7, Y: end.Y + dy - capHeight*l.size/2}
		if l.hang == 1 {
			at.X = end.X - 7
		}
		left := at.X - l.hang*width
		if free.take(vg.Rectangle{Min: vg.Point{X: left - 2, Y: at.Y - 2}, Max: vg.Point{X: left + width + 2, Y: at.Y + capHeight*l.size + 2}}) {
			p.label(l, at, name)
			return
		}
	}
}

// drawLine draws a line, interrupted where the miner had no rank. A rank holds
// until the weights are set again; between two settings the line is straight.
func (c *ranksChart) drawLine(p *panel, line *rankLine, i ink, width vg.Length) {
	var points []vg.Point
	end := func() {
		switch {
		case len(points) == 1:
			p.disc(i, points[0], width)
		case len(points) > 1:
			p.line(solid(i, width), points)
		}
		points = nil
	}
	for k, rank := range line.ranks {
		if rank == 0 {
			end()
			continue
		}
		if k > 0 && k < len(line.ranks)-1 && line.ranks[k-1] == rank && line.ranks[k+1] == rank {
			continue // on the straight line from one to the other
		}
		points = append(points, p.at(float64(c.times[k]), c.axis.at(float64(rank))))
	}
	if last := len(line.ranks) - 1; line.ranks[last] > 0 && float64(c.times[last]) < p.x.max {
		points = append(points, vg.Point{X: p.area.Max.X, Y: p.atY(c.axis.at(float64(line.ranks[last])))})
	}
	end()
}

// drawEnd marks where a line ends before the others do, and returns where.
func (c *ranksChart) drawEnd(p *panel, line *rankLine, i ink, radius vg.Length) vg.Point {
	last := line.lastRound()
	at := p.at(float64(c.times[last]), c.axis.at(float64(line.ranks[last])))
	c.mark(p, line.ended, i, at, radius)
	return at
}

func (c *ranksChart) mark(p *panel, ended scoring.State, i ink, at vg.Point, radius vg.Length) {
	switch ended {
	case "":
	case scoring.StateEliminated:
		p.cross(i, at, radius, radius/2)
	default:
		p.square(i, at, 0.75*radius)
	}
}
