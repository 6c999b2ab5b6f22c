package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// lifelinesChart is what became of each miner: a row a miner, from its
// registration on. Of many, the rows are thin and have no names, and stand by the
// populations that they are of.
type lifelinesChart struct {
	subnet *Subnet
	rows   []lifeRow
	blocks []lifeBlock // of many rows: the populations
	pitch  vg.Length   // the height of a row
}

// lifeRow is the life of a miner.
type lifeRow struct {
	*subnet.MinerResult
	endMS  int64 // of the range
	reason sim.Reason
}

// lifeBlock is rows of one population, one under the other.
type lifeBlock struct {
	name     string
	from, to int
}

// lifelinesNamed is how many rows have names.
const lifelinesNamed = 60

func newLifelinesChart(s *Subnet) *lifelinesChart {
	c := &lifelinesChart{subnet: s}
	r := s.Result
	reasons := make(map[string]sim.Reason)
	for i := range r.Events {
		if e := &r.Events[i]; e.Kind == subnet.Eliminated {
			reasons[e.Miner] = e.Reason
		}
	}
	for i := range r.Miners {
		c.rows = append(c.rows, lifeRow{MinerResult: &r.Miners[i], endMS: r.ToMS, reason: reasons[r.Miners[i].Name]})
	}
	slices.SortStableFunc(c.rows, func(a, b lifeRow) int {
		return cmp.Or(cmp.Compare(a.RegisteredMS, b.RegisteredMS), cmp.Compare(a.order(), b.order()),
			cmp.Compare(b.tradedUntil(), a.tradedUntil()), cmp.Compare(a.Name, b.Name))
	})
	switch n := len(c.rows); {
	case n <= 30:
		c.pitch = 13
	case n <= lifelinesNamed:
		c.pitch = 10
	default:
		c.group()
		c.pitch = max(520/vg.Length(n), pixel)
	}
	return c
}

// order is the better outcome first.
func (r *lifeRow) order() int {
	switch r.State {
	case scoring.StateMain:
		return 0
	case scoring.StateChallenge:
		return 1
	case scoring.StateDeregistered:
		return 2
	}
	return 3
}

// tradedUntil is when it was out, or the end.
func (r *lifeRow) tradedUntil() int64 {
	if r.OutMS > 0 {
		return r.OutMS
	}
	return r.endMS
}

// heldUntil is when it lost its slot, or the end.
func (r *lifeRow) heldUntil() int64 {
	if r.SlotLostMS > 0 {
		return r.SlotLostMS
	}
	return r.endMS
}

// group puts the rows of a population together, in the order in which the first
// of each comes. Those that are of none are one block.
func (c *lifelinesChart) group() {
	sizes := make(map[string]int)
	for i := range c.rows {
		sizes[c.rows[i].Group]++
	}
	name := func(r *lifeRow) string {
		if sizes[r.Group] == 1 {
			return "single miners"
		}
		return cmp.Or(r.Group, "no group")
	}
	first := make(map[string]int)
	for i := range c.rows {
		if _, seen := first[name(&c.rows[i])]; !seen {
			first[name(&c.rows[i])] = i
		}
	}
	slices.SortStableFunc(c.rows, func(a, b lifeRow) int { return cmp.Compare(first[name(&a)], first[name(&b)]) })
	for i := range c.rows {
		if n := len(c.blocks); n == 0 || c.blocks[n-1].name != name(&c.rows[i]) {
			c.blocks = append(c.blocks, lifeBlock{name: name(&c.rows[i]), from: i})
		}
		c.blocks[len(c.blocks)-1].to = i + 1
	}
}

// The room under the rows: the time axis, the key, the note.
const lifelinesFoot vg.Length = 78

func (c *lifelinesChart) height() vg.Length {
	return marginTop + roomFor(c.pitch*vg.Length(len(c.rows))) + lifelinesFoot
}

// counts are how many did what.
func (c *lifelinesChart) counts() (challengers, promoted, eliminated, deregistered int) {
	for i := range c.rows {
		r := &c.rows[i]
		if !r.Main {
			challengers++
		}
		if r.PromotedMS > 0 {
			promoted++
		}
		switch r.State {
		case scoring.StateEliminated:
			eliminated++
		case scoring.StateDeregistered:
			deregistered++
		}
	}
	return challengers, promoted, eliminated, deregistered
}

func (c *lifelinesChart) title() string {
	if len(c.rows) == 0 {
		return "What became of the miners"
	}
	challengers, promoted, eliminated, deregistered := c.counts()
	var parts []string
	if challengers > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s promoted", promoted, count(challengers, "challenger")))
	}
	parts = append(parts, fmt.Sprintf("%s eliminated", count(eliminated, "miner")))
	if deregistered > 0 {
		parts = append(parts, fmt.Sprintf("%d lost a slot", deregistered))
	}
	return strings.Join(parts, ", ")
}

func (c *lifelinesChart) draw(s *sheet) {
	in := 0
	for i := range c.rows {
		if c.rows[i].OutMS == 0 && c.rows[i].SlotLostMS == 0 {
			in++
		}
	}
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: []keyText{
		{"in at the end", fmt.Sprintf("%d of %d", in, len(c.rows))},
	}})
	p := s.below(132, 150, lifelinesFoot)
	p.x = historyAxis(c.subnet.Result)
	p.caption("Lifelines", c.order())
	if len(c.rows) == 0 {
		p.message("no miner registered", "")
		return
	}
	p.area.Min.Y = p.area.Max.Y - c.pitch*vg.Length(len(c.rows))
	p.columnsAt(timeTicks(int64(p.x.min), int64(p.x.max), 9), true)
	for i := range c.rows {
		c.drawRow(p, i)
	}
	for i := range c.rows {
		c.drawMarks(p, i)
	}
	c.drawBlocks(p)
	c.drawKey(s)
}

func (c *lifelinesChart) order() string {
	if len(c.blocks) > 0 {
		return "a row a miner, by population, then by registration and by what became of it"
	}
	return "a row a miner, by registration, then by what became of it"
}

// middle is the height of the i-th row.
func (c *lifelinesChart) middle(p *panel, i int) vg.Length {
	return p.area.Max.Y - c.pitch*(vg.Length(i)+0.5)
}

func (c *lifelinesChart) drawRow(p *panel, i int) {
	r := &c.rows[i]
	y := c.middle(p, i)
	half := 0.5 * c.pitch
	if c.pitch > 4 {
		half = 0.31 * c.pitch
	}
	segment := func(fromMS, toMS int64, i ink, part vg.Length) {
		left, right := p.atX(float64(fromMS)), p.atX(float64(toMS))
		if toMS > fromMS {
			p.fill(i, vg.Rectangle{Min: vg.Point{X: left, Y: y - part*half}, Max: vg.Point{X: max(right, left+pixel), Y: y + part*half}})
		}
	}
	out := r.tradedUntil()
	switch {
	case r.Main:
		segment(r.RegisteredMS, out, inkMain, 1)
	case r.PromotedMS > 0:
		segment(r.RegisteredMS, r.PromotedMS, inkChallenge, 1)
		segment(r.PromotedMS, out, inkMain, 1)
	default:
		segment(r.RegisteredMS, out, inkChallenge, 1)
	}
	if r.State == scoring.StateEliminated {
		thin := vg.Length(1)
		if c.pitch > 4 {
			thin = 0.5
		}
		segment(out, r.heldUntil(), inkHolding, thin)
	}
	if len(c.blocks) > 0 {
		return
	}
	name := lettering{size: min(sizeText, 0.92*c.pitch), ink: inkText, hang: 1}
	p.textMiddle(name, vg.Point{X: p.area.Min.X - 8, Y: y}, p.fit(name, legible(r.Name), p.area.Min.X-8-marginSide))
	outcome, colour := r.outcome()
	said := lettering{size: name.size, ink: colour}
	p.textMiddle(said, vg.Point{X: p.area.Max.X + 10, Y: y}, p.fit(said, outcome, plotWidth-marginSide-p.area.Max.X-10))
}

// outcome says what became of a miner, and in which ink.
func (r *lifeRow) outcome() (string, ink) {
	day := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2 Jan") }
	switch r.State {
	case scoring.StateChallenge:
		return "challenge, " + count(r.Judgement.Days, "full day"), inkChallengeText
	case scoring.StateEliminated:
		return reasonWord(r.reason) + ", " + day(r.OutMS), inkEliminated
	case scoring.StateDeregistered:
		return "lost its slot, " + day(max(r.SlotLostMS, r.OutMS)), inkMuted
	}
	if rank := r.Judgement.Rank; rank != nil {
		return "main, " + ordinal(*rank), inkMain
	}
	return "main", inkMain
}

// reasonWord says in a word or two what eliminated a miner.
func reasonWord(reason sim.Reason) string {
	switch reason {
	case sim.MaxTotalDrawdown, sim.FailedChallengeDrawdown:
		return "drawdown"
	case sim.FailedChallengeTime:
		return "time is over"
	case sim.FailedChallenge:
		return "failed challenge"
	case sim.Liquidated:
		return "liquidated"
	}
	return "eliminated"
}

// reasonInk is the ink of an elimination's mark.
func reasonInk(reason sim.Reason) ink {
	switch reason {
	case sim.FailedChallengeTime, sim.FailedChallenge:
		return inkChallengeText
	case sim.Liquidated:
		return inkText
	}
	return inkLimit
}

// reasonMark marks an elimination: a cross for a drawdown, a diamond for a failed
// challenge, a dot for a liquidation.
func (s *sheet) reasonMark(reason sim.Reason, at vg.Point, r vg.Length) {
	i := reasonInk(reason)
	switch reason {
	case sim.FailedChallengeTime, sim.FailedChallenge:
		r *= 1.15
		s.FillPolygon(i, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y - r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y + r}})
	case sim.Liquidated:
		s.disc(i, at, r)
	default:
		s.cross(inkPaper, at, r+0.5, 3)
		s.cross(i, at, r, 1.6)
	}
}

// promotionMark is a triangle that points up.
func (s *sheet) promotionMark(at vg.Point, r vg.Length) {
	corners := []vg.Point{{X: at.X - r, Y: at.Y - 0.8*r}, {X: at.X + r, Y: at.Y - 0.8*r}, {X: at.X, Y: at.Y + r}}
	s.FillPolygon(inkPaper, corners)
	s.stroke(solid(inkMain, 0.9), append(corners, corners[0])...)
}

// drawMarks marks a row's promotion, its elimination by reason, and the loss of
// its slot. On a thin row a mark is a stroke in the ink of the reason.
func (c *lifelinesChart) drawMarks(p *panel, i int) {
	r := &c.rows[i]
	y := c.middle(p, i)
	at := func(ms int64) vg.Point { return vg.Point{X: p.atX(float64(ms)), Y: y} }
	if len(c.blocks) > 0 {
		half := max(c.pitch/2, 0.8)
		stroke := func(ms int64, i ink) {
			x := p.atX(float64(ms))
			p.fill(i, vg.Rectangle{Min: vg.Point{X: x - 1.2, Y: y - half}, Max: vg.Point{X: x + 1.2, Y: y + half}})
		}
		if r.State == scoring.StateEliminated {
			stroke(r.OutMS, reasonInk(r.reason))
		}
		if r.SlotLostMS > 0 {
			stroke(r.SlotLostMS, inkDeregistered)
		}
		return
	}
	size := 0.3 * c.pitch
	if r.PromotedMS > 0 {
		p.promotionMark(at(r.PromotedMS), size)
	}
	if r.SlotLostMS > 0 {
		p.square(inkDeregistered, at(r.SlotLostMS), 0.8*size)
	}
	if r.State == scoring.StateEliminated {
		p.reasonMark(r.reason, at(r.OutMS), size)
	}
}

// drawBlocks names the populations, and says how many of each are in.
func (c *lifelinesChart) drawBlocks(p *panel) {
	if len(c.blocks) == 0 {
		return
	}
	wanted := make([]vg.Length, len(c.blocks))
	for k, b := range c.blocks {
		// Labels are spread from the bottom up.
		wanted[len(c.blocks)-1-k] = (c.middle(p, b.from) + c.middle(p, b.to-1)) / 2
	}
	places := spread(wanted, 11, p.area.Min.Y, p.area.Max.Y)
	for k, b := range c.blocks {
		y := places[len(c.blocks)-1-k]
		top, bottom := p.area.Max.Y-c.pitch*vg.Length(b.from), p.area.Max.Y-c.pitch*vg.Length(b.to)
		if k > 0 {
			p.stroke(solid(inkPaper, 1.6), vg.Point{X: p.area.Min.X, Y: top}, vg.Point{X: p.area.Max.X, Y: top})
		}
		p.stroke(solid(inkZero, 1), vg.Point{X: p.area.Min.X - 4, Y: bottom + 1}, vg.Point{X: p.area.Min.X - 4, Y: top - 1})
		p.stroke(solid(inkZero, 0.6), vg.Point{X: p.area.Min.X - 4, Y: (top + bottom) / 2}, vg.Point{X: p.area.Min.X - 9, Y: y})
		size := sizeText
		if len(c.blocks) > 46 {
			size = 6
		}
		name := lettering{size: size, ink: inkText, hang: 1}
		n := lettering{size: size, ink: inkMuted}
		p.textMiddle(name, vg.Point{X: p.area.Min.X - 12, Y: y}, p.fit(name, legible(b.name), p.area.Min.X-12-marginSide))
		p.textMiddle(n, vg.Point{X: p.area.Max.X + 8, Y: y}, p.fit(n, c.blockCounts(b), plotWidth-p.area.Max.X-14))
	}
}

// blockCounts says what became of a population.
func (c *lifelinesChart) blockCounts(b lifeBlock) string {
	counts := make(map[scoring.State]int)
	for i := b.from; i < b.to; i++ {
		counts[c.rows[i].State]++
	}
	var parts []string
	if n := counts[scoring.StateMain]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d main", n))
	}
	if n := counts[scoring.StateChallenge]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d chall.", n))
	}
	if n := counts[scoring.StateEliminated] + counts[scoring.StateDeregistered]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d out", n))
	}
	return strconv.Itoa(b.to-b.from) + ": " + strings.Join(parts, ", ")
}

// drawKey explains the inks and marks that there are.
func (c *lifelinesChart) drawKey(s *sheet) {
	x, y := vg.Length(132), vg.Length(30)
	l := lettering{size: sizeSmall, ink: inkMuted}
	key := func(present bool, label string, width vg.Length, draw func(at vg.Point)) {
		if !present {
			return
		}
		draw(vg.Point{X: x + width/2, Y: y})
		s.textMiddle(l, vg.Point{X: x + width + 4, Y: y}, label)
		x += width + 4 + s.face(l).Width(label) + 13
	}
	some := func(is func(r *lifeRow) bool) bool {
		return slices.ContainsFunc(c.rows, func(r lifeRow) bool { return is(&r) })
	}
	bar := func(i ink, half vg.Length) func(at vg.Point) {
		return func(at vg.Point) {
			s.fill(i, vg.Rectangle{Min: vg.Point{X: at.X - 8, Y: at.Y - half}, Max: vg.Point{X: at.X + 8, Y: at.Y + half}})
		}
	}
	thin := len(c.blocks) > 0
	eliminated := func(reasons ...sim.Reason) bool {
		return some(func(r *lifeRow) bool { return r.State == scoring.StateEliminated && slices.Contains(reasons, r.reason) })
	}
	mark := func(reason sim.Reason) func(at vg.Point) {
		return func(at vg.Point) {
			if thin {
				s.fill(reasonInk(reason), vg.Rectangle{Min: vg.Point{X: at.X - 1.2, Y: at.Y - 4}, Max: vg.Point{X: at.X + 1.2, Y: at.Y + 4}})
				return
			}
			s.reasonMark(reason, at, 3.2)
		}
	}
	key(some(func(r *lifeRow) bool { return !r.Main }), "challenge", 16, bar(inkChallenge, 3.5))
	key(some(func(r *lifeRow) bool { return r.Main || r.PromotedMS > 0 }), "main competition", 16, bar(inkMain, 3.5))
	key(some(func(r *lifeRow) bool { return r.State == scoring.StateEliminated }), "eliminated, with a slot", 16, bar(inkHolding, 2))
	key(!thin && some(func(r *lifeRow) bool { return r.PromotedMS > 0 }), "promoted", 8, func(at vg.Point) { s.promotionMark(at, 3.4) })
	key(eliminated(sim.MaxTotalDrawdown, sim.FailedChallengeDrawdown), "drawdown", 7, mark(sim.MaxTotalDrawdown))
	key(eliminated(sim.FailedChallengeTime, sim.FailedChallenge), "challenge failed", 7, mark(sim.FailedChallengeTime))
	key(eliminated(sim.Liquidated), "liquidated", 7, mark(sim.Liquidated))
	key(some(func(r *lifeRow) bool { return r.SlotLostMS > 0 }), "slot lost", 7, func(at vg.Point) { s.square(inkDeregistered, at, 2.6) })
}
