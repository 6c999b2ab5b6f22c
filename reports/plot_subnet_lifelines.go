package reports

import (
	"cmp"
	"fmt"
	"slices"
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
