package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
)

// pairReturn is what a pair's positions came to.
type pairReturn struct {
	pair      string
	others    int     // how many pairs are in it, 0 if it is one
	positions int     // opened
	factor    float64 // product of their returns with costs
}

// log is the pair's part in the portfolio's log return; -Inf if a position was
// liquidated.
func (r *pairReturn) log() float64 { return math.Log(r.factor) }

// pairReturns are the returns by pair, the best first.
func pairReturns(positions []sim.PositionRecord) []pairReturn {
	var list []pairReturn
	for i := range positions {
		p := &positions[i]
		at := slices.IndexFunc(list, func(r pairReturn) bool { return r.pair == p.Pair })
		if at < 0 {
			at = len(list)
			list = append(list, pairReturn{pair: p.Pair, factor: 1})
		}
		list[at].positions++
		list[at].factor *= max(p.ReturnAtClose, 0)
	}
	slices.SortFunc(list, func(a, b pairReturn) int {
		return cmp.Or(cmp.Compare(b.factor, a.factor), cmp.Compare(a.pair, b.pair))
	})
	return list
}

// pairsMax is how many rows fit the plot.
const pairsMax = 44

// foldPairs joins the pairs that moved least, where there are more than fit.
func foldPairs(list []pairReturn) []pairReturn {
	if len(list) <= pairsMax {
		return list
	}
	order := slices.Clone(list)
	slices.SortStableFunc(order, func(a, b pairReturn) int { return cmp.Compare(math.Abs(b.log()), math.Abs(a.log())) })
	small := order[pairsMax-1:]
	others := pairReturn{pair: strconv.Itoa(len(small)) + " others", others: len(small), factor: 1}
	for _, r := range small {
		others.positions += r.positions
		others.factor *= r.factor
	}
	kept := order[:pairsMax-1]
	slices.SortFunc(kept, func(a, b pairReturn) int {
		return cmp.Or(cmp.Compare(b.factor, a.factor), cmp.Compare(a.pair, b.pair))
	})
	return append(kept, others)
}

// pairs draws each pair's part in the portfolio's return: in logs, so that the
// parts add up to the whole.
func (s *sheet) pairs(run Run) {
	s.header("Return by pair", run)
	p := s.panels(scale{0, 0}, 1)[0]
	p.area.Min.X, p.area.Max.X = 84, plotWidth-110
	list := foldPairs(pairReturns(run.Result.Positions))
	p.caption("Log return", "of each pair's positions, with all costs")
	if len(list) == 0 {
		p.area.Min.X = marginLeft
		p.message("no position was opened", "")
		return
	}
	height := min(p.area.Size().Y/vg.Length(len(list)), 40)
	p.area.Min.Y = p.area.Max.Y - height*vg.Length(len(list))
	for i := range list {
		p.x.include(list[i].log())
	}
	p.x = p.x.padded(0.02, 0.02, 0.002)
	if p.x.min > -0.03*p.x.max {
		p.x.min = 0
	}
	p.makeRoomForValues(list)
	p.columnsAt(percentTicks(p.x, 8), true)
	p.pairRows(list, height)
	p.stroke(solid(inkZero, 0.8), p.at(0, 0), p.at(0, 1))
}

// valueRoom is what a value at a bar's end needs.
const valueRoom = 52

// makeRoomForValues widens the axis on both sides, where there are bars, so that
// each has its value at its end.
func (p *panel) makeRoomForValues(list []pairReturn) {
	width := p.area.Size().X
	length := p.x.max - p.x.min
	part := float64(valueRoom / width)
	if list[0].factor >= 1 {
		p.x.max += length * part
	}
	if list[len(list)-1].factor < 1 || p.x.min < 0 {
		p.x.min -= length * part
	}
}

func (p *panel) pairRows(list []pairReturn, height vg.Length) {
	size := min(sizeText, 0.95*height)
	name := lettering{size: size, ink: inkText, hang: 1}
	counts := plotWidth - marginSide
	p.text(lettering{size: sizeSmall, ink: inkMuted, hang: 1}, vg.Point{X: counts, Y: p.area.Max.Y + 6}, "positions")
	for i := range list {
		r := &list[i]
		middle := p.area.Max.Y - height*(vg.Length(i)+0.5)
		p.textMiddle(name, vg.Point{X: p.area.Min.X - 8, Y: middle}, p.fit(name, legible(r.pair), p.area.Min.X-12))
		p.textMiddle(lettering{size: size, ink: inkMuted, hang: 1}, vg.Point{X: counts, Y: middle}, typeset(strconv.Itoa(r.positions)))
		p.pairBar(r, middle, height, size)
	}
}

// pairBar draws a bar from 0 to the pair's return, with the value at its end.
func (p *panel) pairBar(r *pairReturn, middle, height, size vg.Length) {
	value, text := r.log(), changeText(r.log())
	i, l, side := inkGain, lettering{size: size, ink: inkText}, vg.Length(5)
	if value < 0 {
		i, l.hang, side = inkLoss, 1, -5
	}
	if math.IsInf(value, -1) {
		value, text = p.x.min, "liquidated"
		l.hang, side, l.ink = 0, 5, inkPaper
	}
	zero, end := p.atX(0), p.atX(value)
	half := 0.36 * height
	p.fill(i, vg.Rectangle{Min: vg.Point{X: min(zero, end), Y: middle - half}, Max: vg.Point{X: max(zero, end), Y: middle + half}})
	p.textMiddle(l, vg.Point{X: end + side, Y: middle}, text)
}
