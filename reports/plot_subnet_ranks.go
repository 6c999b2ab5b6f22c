package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// ranksChart is the rank of each miner over time: a bump chart, which ends with how
// all stand at the end. The best there are named, and those that fell furthest; the
// very best have colours. Settings of weights at which all who are ranked are first,
// as where nobody has a full day yet, tell no ranks, and are left out.
type ranksChart struct {
	subnet *Subnet
	times  []int64
	level  bool       // there are settings of weights before the first of the times, at which all were first
	lines  []rankLine // of those that ever had a rank
	named  []int      // of the lines, by rank at the end
	lost   []int      // of the lines: those that were good, and are out
	axis   rankAxis
}

// rankLine is the rank of one miner over time.
type rankLine struct {
	name  string
	ranks []int // at each of the times; 0: none
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
	ranksBold  = 5  // of these, the lines that are drawn broad, and in colours
	ranksFell  = 3  // of those that fell furthest, and of those that are out
)

func newRanksChart(s *Subnet) *ranksChart {
	c := &ranksChart{subnet: s}
	r := s.Result
	var rounds []*subnet.Round
	for i := range r.History {
		round := &r.History[i]
		if isLevel(round) {
			c.level = c.level || len(rounds) == 0
			continue
		}
		rounds = append(rounds, round)
		c.times = append(c.times, round.TimeMS)
	}
	standing := make(map[string]int) // the ranks at the end
	for _, j := range judgements(r) {
		if j.Rank != nil && j.State == scoring.StateMain {
			standing[j.ID] = *j.Rank
		}
	}
	end := len(c.times) > 0 && c.times[len(c.times)-1] < r.ToMS && len(standing) > 0
	if end {
		c.times = append(c.times, r.ToMS)
	}
	worst := 1
	for m := range r.Miners {
		line := rankLine{name: r.Miners[m].Name, ranks: make([]int, len(c.times))}
		for i, round := range rounds {
			place := placeOf(round, m)
			if place == nil || place.Rank == 0 {
				continue
			}
			line.ranks[i] = place.Rank
			line.best = place.Rank
			worst = max(worst, place.Rank)
		}
		if end {
			last := standing[line.name]
			line.ranks[len(c.times)-1] = last
			line.best, worst = max(line.best, last), max(worst, last)
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

// isLevel reports whether several are ranked at a setting of weights, all of them
// first.
func isLevel(round *subnet.Round) bool {
	ranked := 0
	for _, place := range round.Places {
		if place.Rank > 1 {
			return false
		}
		ranked += place.Rank
	}
	return ranked > 1
}

// summarise finds the best of the ranks, and the last.
func (l *rankLine) summarise() {
	for _, rank := range l.ranks {
		if rank == 0 {
			continue
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

// title says who ends on top, and how long it was there.
func (c *ranksChart) title() string {
	if len(c.named) == 0 || c.lines[c.named[0]].final == 0 {
		return "Ranks over time"
	}
	best := &c.lines[c.named[0]]
	name := shortName(best.name, 28)
	led := c.led(best)
	switch {
	case len(best.ranks) < 2:
		return name + " has the highest weight"
	case led == 1:
		return name + " is first all the time"
	case led == 0:
		return name + " ends first, and never was before"
	}
	return fmt.Sprintf("%s ends first; it was so %s of the time", name, roundPercent(led))
}

// led is the part of the time that a line was first, up to the last of the times.
func (c *ranksChart) led(l *rankLine) float64 {
	led, all := int64(0), int64(0)
	for i := 1; i < len(c.times); i++ {
		d := c.times[i] - c.times[i-1]
		all += d
		if l.ranks[i-1] == 1 {
			led += d
		}
	}
	return float64(led) / float64(max(all, 1))
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
		if c.level {
			p.message("whenever weights were set, all who are ranked shared the first rank", "")
		} else {
			p.message(noWeights(c.subnet.Result), "")
		}
		return
	}
	rest := "by weight in the main competition" + c.axis.note()
	if step := c.step(); step > 1 {
		rest += "; a corner every " + span(int64(step)*(c.times[2]-c.times[1]))
	}
	if c.level {
		rest += "; ranks exist from " + time.UnixMilli(c.times[0]).UTC().Format("2 Jan") + " on"
	}
	p.caption("Rank", rest)
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
	grey := mix(inkFaint, inkMuted, 0.3)
	for _, i := range c.lost {
		c.drawLine(p, &c.lines[i], grey, 0.8)
	}
	var labels []endLabel
	for k := len(c.named) - 1; k >= 0; k-- {
		line := &c.lines[c.named[k]]
		style, width, name := grey, vg.Length(0.8), inkMuted
		if k < ranksBold {
			style, width, name = lineInk(k), 1.9, lineInk(k)
		}
		c.drawLine(p, line, style, width)
		end := p.at(p.x.max, c.axis.at(float64(line.final)))
		p.dot(style, end)
		labels = append(labels, endLabel{at: end.Y, ink: name, first: strconv.Itoa(line.final), name: line.name})
	}
	p.endLabels(labels, sizeText)
	for _, i := range c.lost {
		line := &c.lines[i]
		end := c.drawEnd(p, line, inkMuted, 2.8)
		l := lettering{size: sizeSmall, ink: inkMuted, bold: true}
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

// drawLine draws a line, interrupted where the miner had no rank. The last rank
// holds to the end.
func (c *ranksChart) drawLine(p *panel, line *rankLine, i ink, width vg.Length) {
	for from := 0; from < len(line.ranks); from++ {
		if line.ranks[from] == 0 {
			continue
		}
		to := from
		for to+1 < len(line.ranks) && line.ranks[to+1] > 0 {
			to++
		}
		points := c.corners(p, line, from, to)
		if to == len(line.ranks)-1 && float64(c.times[to]) < p.x.max {
			points = append(points, vg.Point{X: p.area.Max.X, Y: points[len(points)-1].Y})
		}
		if len(points) == 1 {
			p.disc(i, points[0], width)
		}
		p.line(solid(i, width), points)
		from = to
	}
}

// corners are the points of a line between two of the times: the first, the last,
// every step's between them, counted from the last of the times, and of equal ranks in
// a row the ends.
func (c *ranksChart) corners(p *panel, line *rankLine, from, to int) []vg.Point {
	var kept []int
	for k := from; k <= to; k++ {
		if k > from && k < to && (len(c.times)-1-k)%c.step() > 0 {
			continue
		}
		if n := len(kept); n > 1 && line.ranks[kept[n-1]] == line.ranks[k] && line.ranks[kept[n-2]] == line.ranks[k] {
			kept = kept[:n-1]
		}
		kept = append(kept, k)
	}
	points := make([]vg.Point, len(kept))
	for n, k := range kept {
		points[n] = p.at(float64(c.times[k]), c.axis.at(float64(line.ranks[k])))
	}
	return points
}

// step is which of the times a line has corners at, so that it can be followed
// with the eye: every so many.
func (c *ranksChart) step() int {
	const corners = 50
	return max((len(c.times)+corners-1)/corners, 1)
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
