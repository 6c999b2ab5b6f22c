package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// equity draws the portfolio's return, the orders that filled, and the drawdown
// with the limit that eliminates.
func (s *sheet) equity(run Run) {
	s.header("Equity and drawdown", run)
	x, endMS := life(run.Result)
	fills := filledOrders(run.Result.Orders)
	top, strip, bottom := s.equityPanels(x, len(fills) > 0)
	curve, coarse := curveOf(run)
	ticks := timeTicks(int64(x.min), int64(x.max), 13)

	top.equityCurve(run, curve, coarse, endMS, ticks)
	bottom.drawdownCurve(curve, drawdownLimit(run), endMS, ticks)
	if strip != nil {
		strip.orderLanes(fills)
		if len(fills) <= glyphsMax {
			top.orderGlyphs(curve.Value, fills)
		}
	} else {
		at := vg.Point{X: top.area.Max.X, Y: top.area.Max.Y + 6}
		s.text(lettering{size: sizeCaption, ink: inkMuted, hang: 1}, at, "no order was filled")
	}
	if e := run.Result.Elimination; e != nil {
		top.elimination(e)
		bottom.verticalLine(e.TimeMS)
	}
}

// equityPanels lays the panels out: three quarters and one quarter, and a strip
// for the orders between them.
func (s *sheet) equityPanels(x scale, orders bool) (top, strip, bottom *panel) {
	if !orders {
		p := s.panels(x, 3, 1)
		return p[0], nil, p[1]
	}
	p := s.panels(x, 3, 0.4, 1)
	strip = p[1]
	strip.area.Min.Y, strip.area.Max.Y = strip.area.Min.Y+4, strip.area.Max.Y+12
	return p[0], strip, p[2]
}

// curveOf is a run's curve, or what its checkpoints tell of it.
func curveOf(run Run) (c *Curve, coarse bool) {
	if run.Curve != nil && run.Curve.Value.Len() > 0 && run.Curve.Drawdown.Len() > 0 {
		return run.Curve, false
	}
	res := run.Result
	c = &Curve{FromMS: res.FromMS, ToMS: res.ToMS}
	c.Value.add(res.FromMS, 1)
	c.Drawdown.add(res.FromMS, 0)
	for i := range res.Checkpoints {
		cp := &res.Checkpoints[i]
		c.Value.add(cp.LastUpdateMS, cp.PrevPortfolioRet)
		c.Drawdown.add(cp.LastUpdateMS, 1-cp.MDD)
	}
	return c, true
}

// drawdownLimit is the drawdown that eliminates the account; 0 if none does.
func drawdownLimit(run Run) float64 {
	if run.Rules == nil || run.Rules.Set == nil {
		return 0
	}
	e := &run.Rules.Set.Elimination
	if run.As == sim.Main && e.Main || run.As == sim.InChallenge && e.Challenge {
		return run.Rules.Set.Drawdown.Limit
	}
	return 0
}

func (p *panel) equityCurve(run Run, c *Curve, coarse bool, endMS int64, ticks []tick) {
	p.y = scale{0, 0}
	for _, v := range c.Value.Y {
		p.y.include(v - 1)
	}
	above := 0.08
	if run.Result.Elimination != nil {
		above = 0.2 // room for its label
	}
	p.y = p.y.padded(0.06, above, 0.002)
	p.columnsAt(ticks, false)
	p.rows(percentTicks(p.y, 7))
	p.base(0)
	p.line(solid(inkEquity, 1.1), p.steps(c.Value, endMS, func(v float64) float64 { return v - 1 }))
	last := c.Value.Y[c.Value.Len()-1] - 1
	end := p.at(float64(endMS), last)
	p.dot(inkEquity, end)
	p.textMiddle(lettering{size: 10.5, ink: inkEquity, bold: true}, vg.Point{X: end.X + 7, Y: end.Y}, changeText(last))
	p.caption("Return", equityCaption(run, coarse))
}

// equityCaption says what the curve is made of. A ledger that is rebuilt after
// the run ends elsewhere than the curve, if not by much. Rules §8.
func equityCaption(run Run, coarse bool) string {
	switch {
	case coarse:
		return "with all costs, at the ledger's checkpoints"
	case run.Rules != nil && run.Rules.Set != nil && run.Rules.Set.Ledger.Marking == rules.Deployed:
		return "with all costs, as marked during the run; the ledger is rebuilt after it"
	}
	return "with all costs, at every mark"
}

func (p *panel) drawdownCurve(c *Curve, limit float64, endMS int64, ticks []tick) {
	deepest := 0
	for i, d := range c.Drawdown.Y {
		if d > c.Drawdown.Y[deepest] {
			deepest = i
		}
	}
	depth := c.Drawdown.Y[deepest]
	p.y = scale{-max(1.12*depth, 1.12*limit, 0.002), 0}
	down := func(d float64) float64 { return -d }
	points := p.steps(c.Drawdown, endMS, down)
	p.fillTo(inkDrawdownArea, points, 0)
	p.columnsAt(ticks, true)
	p.rows(percentTicks(p.y, 4))
	p.line(solid(inkDrawdown, 0.9), points)
	p.base(0)
	caption := "from the highest value in the ledger's window"
	if depth > 0 {
		ms := c.Drawdown.TimeMS[deepest]
		caption += fmt.Sprintf("; largest: %s, %s UTC", percentText(depth), minute(ms))
		p.dot(inkDrawdown, p.at(float64(ms), -depth))
	}
	p.caption("Drawdown", caption)
	if limit > 0 {
		p.stroke(dashed(inkLimit, 1), p.at(p.x.min, -limit), p.at(p.x.max, -limit))
		at := vg.Point{X: p.area.Max.X + 6, Y: p.atY(-limit)}
		p.textMiddle(lettering{size: sizeText, ink: inkLimit, bold: true}, at, plainPercent(limit)+" limit")
	}
}

func (p *panel) dot(i ink, at vg.Point) {
	const radius = 2.4
	var path vg.Path
	path.Move(vg.Point{X: at.X + radius, Y: at.Y})
	path.Arc(at, radius, 0, 2*math.Pi)
	path.Close()
	p.SetColor(i)
	p.Fill(path)
}

// elimination marks the end of the account, and says why it ended.
func (p *panel) elimination(e *sim.Elimination) {
	p.verticalLine(e.TimeMS)
	l := lettering{size: sizeText, ink: inkLimit, bold: true}
	at := vg.Point{X: p.atX(float64(e.TimeMS)) + 6, Y: p.area.Max.Y - 10}
	if at.X > (p.area.Min.X+p.area.Max.X)/2 {
		l.hang, at.X = 1, at.X-12
	}
	p.label(l, at, fmt.Sprintf("eliminated %s UTC: %s", minute(e.TimeMS), e.Reason))
}

func (p *panel) verticalLine(ms int64) {
	x := p.atX(float64(ms))
	p.stroke(solid(inkLimit, 1), vg.Point{X: x, Y: p.area.Min.Y}, vg.Point{X: x, Y: p.area.Max.Y})
}

// filledOrders are the orders that changed a position.
func filledOrders(orders []sim.OrderRecord) []*sim.OrderRecord {
	var filled []*sim.OrderRecord
	for i := range orders {
		if orders[i].Filled() {
			filled = append(filled, &orders[i])
		}
	}
	return filled
}

// glyphsMax is how many orders are marked on the curve itself; of more, the
// strip alone tells.
const glyphsMax = 40

// lane is how one type of order looks.
type lane struct {
	orders sim.OrderType
	name   string
	ink    ink
}

func lanes() [3]lane {
	return [3]lane{{sim.Long, "long", inkLong}, {sim.Short, "short", inkShort}, {sim.Flat, "flat", inkFlat}}
}

// orderLanes draws a tick for each order, a lane for each type, one tick for all
// that fall into the same column of pixels.
func (p *panel) orderLanes(fills []*sim.OrderRecord) {
	height := p.area.Size().Y / 3
	for i, l := range lanes() {
		bottom := p.area.Max.Y - height*vg.Length(i+1)
		middle := bottom + height/2
		p.stroke(solid(inkGrid, 0.6), vg.Point{X: p.area.Min.X, Y: middle}, vg.Point{X: p.area.Max.X, Y: middle})
		n, columns := p.laneColumns(fills, l.orders)
		p.SetLineStyle(solid(l.ink, 0.75))
		for some := range slices.Chunk(columns, 64) {
			p.laneTicks(some, bottom+0.8, bottom+height-0.8)
		}
		p.textMiddle(lettering{size: sizeSmall, ink: l.ink, bold: true, hang: 1}, vg.Point{X: p.area.Min.X - 6, Y: middle}, l.name)
		p.textMiddle(lettering{size: sizeSmall, ink: inkMuted}, vg.Point{X: p.area.Max.X + 6, Y: middle}, typeset(strconv.Itoa(n)))
	}
}

// laneTicks strokes ticks in one path: an SVG has few elements so. Of very long
// paths a rasteriser's time grows with the square.
func (p *panel) laneTicks(columns []int, bottom, top vg.Length) {
	var path vg.Path
	for _, column := range columns {
		x := p.area.Min.X + vg.Length(column)*p.area.Size().X/vg.Length(p.columns())
		path.Move(vg.Point{X: x, Y: bottom})
		path.Line(vg.Point{X: x, Y: top})
	}
	p.Stroke(path)
}

// laneColumns are the columns of pixels with an order of that type, ascending,
// and the number of the orders.
func (p *panel) laneColumns(fills []*sim.OrderRecord, of sim.OrderType) (n int, columns []int) {
	for _, o := range fills {
		if o.Type != of {
			continue
		}
		n++
		column := int(p.x.norm(float64(o.FilledMS)) * float64(p.columns()))
		if k := len(columns); k == 0 || columns[k-1] != column {
			columns = append(columns, column)
		}
	}
	return n, columns
}

// orderGlyphs marks each order on the curve: a triangle up for a long, down for
// a short, a square for a close.
func (p *panel) orderGlyphs(value Track, fills []*sim.OrderRecord) {
	const r = 3.6
	for _, o := range fills {
		at := p.at(float64(o.FilledMS), value.At(o.FilledMS)-1)
		corners, i := []vg.Point{{X: -r, Y: -r}, {X: r, Y: -r}, {X: 0, Y: r}}, inkLong
		switch o.Type {
		case sim.Short:
			corners, i = []vg.Point{{X: -r, Y: r}, {X: r, Y: r}, {X: 0, Y: -r}}, inkShort
		case sim.Flat:
			const q = 0.75 * r
			corners, i = []vg.Point{{X: -q, Y: -q}, {X: q, Y: -q}, {X: q, Y: q}, {X: -q, Y: q}}, inkFlat
		}
		for k := range corners {
			corners[k] = corners[k].Add(at)
		}
		p.FillPolygon(i, corners)
		p.stroke(solid(inkPaper, 0.5), append(corners, corners[0])...)
	}
}
