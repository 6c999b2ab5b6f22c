package reports

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
)

// costCurve is one kind of cost over time, added up: a fraction of the
// portfolio's value.
type costCurve struct {
	name  string
	ink   ink
	track Track
}

// total is what the kind came to.
func (c *costCurve) total() float64 { return c.track.Y[c.track.Len()-1] }

// costCurves are the kinds of cost that a run had, at the same times. Carry and
// transaction fee are 1 minus the product of their factors, from the pairs'
// ledgers, spread evenly over each checkpoint. Slippage is the estimate of
// Costs: the sum of |leverage| × slippage over the fills. Rules §6, §7.
func costCurves(res *sim.Result) []costCurve {
	list := []costCurve{
		{name: "carry", ink: inkCarry}, {name: "transaction fee", ink: inkFee}, {name: "slippage (estimate)", ink: inkSlippage},
	}
	slippage := 0.0
	add := func(c bookedCosts) {
		list[0].track.add(c.ms, -math.Expm1(c.carry))
		list[1].track.add(c.ms, -math.Expm1(c.fee))
		list[2].track.add(c.ms, slippage)
	}
	last := bookedCosts{ms: res.FromMS}
	add(last)
	fills := fillsInTime(res.Positions)
	for _, c := range costsBooked(res) {
		for ; len(fills) > 0 && fills[0].TimeMS <= c.ms; fills = fills[1:] {
			at := last.toward(c, fills[0].TimeMS)
			add(at)
			slippage += math.Abs(fills[0].Leverage) * fills[0].Slippage
			add(at)
		}
		add(c)
		last = c
	}
	for _, f := range fills {
		slippage += math.Abs(f.Leverage) * f.Slippage
		add(bookedCosts{max(f.TimeMS, last.ms), last.carry, last.fee})
	}
	return slices.DeleteFunc(list, func(c costCurve) bool { return !(c.total() > 0) })
}

// bookedCosts is what all pairs' ledgers have booked by an instant, in logs.
type bookedCosts struct {
	ms         int64
	carry, fee float64
}

// toward is the costs at ms, on the straight line from c to the later d.
func (c bookedCosts) toward(d bookedCosts, ms int64) bookedCosts {
	if ms <= c.ms || d.ms <= c.ms {
		return c
	}
	part := float64(ms-c.ms) / float64(d.ms-c.ms)
	return bookedCosts{ms, c.carry + part*(d.carry-c.carry), c.fee + part*(d.fee-c.fee)}
}

// costsBooked adds up the costs in the checkpoints of all pairs: one sum at the
// start of the first, one at each end.
func costsBooked(res *sim.Result) []bookedCosts {
	var all []sim.Checkpoint
	for _, pair := range slices.Sorted(maps.Keys(res.ByPair)) {
		all = append(all, res.ByPair[pair]...)
	}
	slices.SortStableFunc(all, func(a, b sim.Checkpoint) int { return cmp.Compare(a.LastUpdateMS, b.LastUpdateMS) })
	var sums []bookedCosts
	for i := range all {
		cp := &all[i]
		if len(sums) == 0 {
			sums = append(sums, bookedCosts{ms: max(cp.LastUpdateMS-cp.AccumMS, res.FromMS)})
		}
		sum := sums[len(sums)-1]
		if k := len(sums) - 1; k > 0 && sum.ms == cp.LastUpdateMS {
			sums = sums[:k]
		}
		sums = append(sums, bookedCosts{cp.LastUpdateMS, sum.carry + cp.CarryFeeLoss, sum.fee + cp.SpreadFeeLoss})
	}
	return sums
}

func fillsInTime(positions []sim.PositionRecord) []sim.Fill {
	var fills []sim.Fill
	for i := range positions {
		fills = append(fills, positions[i].Fills...)
	}
	slices.SortStableFunc(fills, func(a, b sim.Fill) int { return cmp.Compare(a.TimeMS, b.TimeMS) })
	return fills
}

// costs draws the costs as they add up, one kind on top of the other.
func (s *sheet) costs(run Run) {
	s.header("Costs", run)
	x, endMS := life(run.Result)
	p := s.panels(x, 1)[0]
	p.area.Max.X = plotWidth - 170
	p.caption("Added up", "% of the portfolio's value")
	ticks := timeTicks(int64(x.min), int64(x.max), 12)
	list := costCurves(run.Result)
	if len(list) == 0 {
		p.columnsAt(ticks, true)
		p.message("no cost", "")
		return
	}
	sums := stackCosts(list)
	total := sums[len(sums)-1]
	p.y = scale{0, total.Y[total.Len()-1]}.padded(0, 0.08, 1e-6)
	p.columnsAt(ticks, true)
	for k := len(list) - 1; k >= 0; k-- {
		p.fillTo(list[k].ink, p.slopes(sums[k], endMS), 0)
	}
	p.rows(percentTicks(p.y, 6))
	p.line(solid(inkText, 0.9), p.slopes(total, endMS))
	p.costLegend(list, total.Y[total.Len()-1])
}

// stackCosts are the sums of the first, the first two, ... of the kinds.
func stackCosts(list []costCurve) []Track {
	sums := make([]Track, len(list))
	for k := range list {
		sums[k] = Track{TimeMS: list[k].track.TimeMS, Y: slices.Clone(list[k].track.Y)}
		if k > 0 {
			for i := range sums[k].Y {
				sums[k].Y[i] += sums[k-1].Y[i]
			}
		}
	}
	return sums
}

// slopes are the corners of a track that grows evenly from point to point, up
// to endMS.
func (p *panel) slopes(t Track, endMS int64) []vg.Point {
	thin := decimate(t, int64(p.x.min), int64(p.x.max), p.columns())
	points := make([]vg.Point, 0, thin.Len()+1)
	for i, ms := range thin.TimeMS {
		points = append(points, p.at(float64(min(ms, endMS)), thin.Y[i]))
	}
	return append(points, vg.Point{X: p.atX(float64(endMS)), Y: points[len(points)-1].Y})
}

// costLegend names the kinds beside the plot, in the order of their stack, with
// what each came to.
func (p *panel) costLegend(list []costCurve, total float64) {
	const row = 34
	left := p.area.Max.X + 22
	y := p.area.Max.Y - 12
	name, value := lettering{size: sizeText, ink: inkMuted}, lettering{size: 12, ink: inkText, bold: true}
	p.text(name, vg.Point{X: left, Y: y}, "total")
	p.text(value, vg.Point{X: left, Y: y - 14}, percent(total))
	for k := len(list) - 1; k >= 0; k-- {
		y -= row
		p.fill(list[k].ink, vg.Rectangle{Min: vg.Point{X: left - 10, Y: y - 14}, Max: vg.Point{X: left - 6, Y: y + 7}})
		p.text(name, vg.Point{X: left, Y: y}, list[k].name)
		p.text(value, vg.Point{X: left, Y: y - 14}, percent(list[k].total()))
	}
}
