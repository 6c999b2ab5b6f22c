package reports

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// weightsChart is the parts of the emission over time, one on top of the other:
// those of the best paid, of all others, and of the challengers together.
type weightsChart struct {
	subnet *Subnet
	times  []int64
	layers []weightLayer // from the bottom
	named  int           // layers that are one miner each, the best paid

	best  string    // the name of the best paid miner
	parts []float64 // of all that was paid over the range, those of who was paid anything, descending
}

// weightLayer is a part of the emission over time.
type weightLayer struct {
	name   string
	ink    ink
	shares []float64 // until the next setting of the weights
	part   float64   // of all that was paid over the range
}

// weightsNamed is how many miners have a layer of their own at most.
const weightsNamed = 10

func newWeightsChart(s *Subnet) *weightsChart {
	c := &weightsChart{subnet: s}
	r := s.Result
	for i := range r.History {
		c.times = append(c.times, r.History[i].TimeMS)
	}
	total := 0.0
	order := make([]int, 0, len(r.Miners))
	for m := range r.Miners {
		if r.Miners[m].Emission > 0 {
			order = append(order, m)
			total += r.Miners[m].Emission
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(r.Miners[b].Emission, r.Miners[a].Emission), cmp.Compare(r.Miners[a].Name, r.Miners[b].Name))
	})
	for k, m := range order {
		if k == 0 {
			c.best = r.Miners[m].Name
		}
		c.parts = append(c.parts, r.Miners[m].Emission/total)
	}
	c.named = min(weightsNamed, len(order))
	if len(order) == weightsNamed+1 {
		c.named = len(order) // one alone would be no "others"
	}
	layerOf := make(map[int]int, c.named)
	for k, m := range order[:c.named] {
		layerOf[m] = k
		c.layers = append(c.layers, weightLayer{name: r.Miners[m].Name, ink: lineInk(k), part: c.parts[k]})
	}
	others, challengers := weightLayer{ink: inkOthers}, weightLayer{ink: inkChallenge}
	for _, part := range c.parts[c.named:] {
		others.part += part
	}
	others.name = fmt.Sprintf("%d others", len(order)-c.named)
	c.layers = append(c.layers, others, challengers)
	c.fill(layerOf)
	return c
}

// fill finds the shares of the layers. What a miner got in its challenge is in
// that of the challengers; the parts of the names are of all that they got.
func (c *weightsChart) fill(layerOf map[int]int) {
	r := c.subnet.Result
	rest, challengers := len(c.layers)-2, len(c.layers)-1
	for k := range c.layers {
		c.layers[k].shares = make([]float64, len(r.History))
	}
	most := 0
	for i := range r.History {
		now := 0
		for _, place := range r.History[i].Places {
			if !(place.Share > 0) {
				continue
			}
			k, own := layerOf[place.Miner]
			switch {
			case place.State == scoring.StateChallenge:
				k = challengers
				now++
			case !own:
				k = rest
			}
			c.layers[k].shares[i] += place.Share
		}
		most = max(most, now)
	}
	if most > 0 {
		c.layers[challengers].name = "challengers, up to " + grouped(int64(most))
	}
	c.layers = slices.DeleteFunc(c.layers, func(l weightLayer) bool { return !(slices.Max(append(l.shares, 0)) > 0) })
}

func (c *weightsChart) height() vg.Length { return plotHeight }

// title says how few get half.
func (c *weightsChart) title() string {
	paid := len(c.parts)
	if paid == 0 {
		return "Emission over time"
	}
	got, few := 0.0, 0
	for ; few < paid && got < 0.5; few++ {
		got += c.parts[few]
	}
	switch {
	case paid == 1:
		return shortName(c.best, 28) + " gets all of the emission"
	case few == 1:
		return fmt.Sprintf("%s gets %s of the emission, more than all others", shortName(c.best, 28), roundPercent(got))
	}
	return fmt.Sprintf("The %d best paid of %d miners get %s of the emission", few, paid, roundPercent(got))
}

// roundPercent writes a fraction for a title: "71 %", and with a decimal what
// would be 0 % or 100 % otherwise.
func roundPercent(fraction float64) string {
	if fraction-fraction != 0 {
		return noFigure
	}
	if fraction > 0 && fraction < 0.01 || fraction < 1 && fraction > 0.99 {
		return percentText(fraction)
	}
	return fmt.Sprintf("%.0f %%", 100*fraction)
}

func (c *weightsChart) draw(s *sheet) {
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: []keyText{
		{"paid", fmt.Sprintf("%d of %d", len(c.parts), len(c.subnet.Result.Miners))},
	}})
	p := s.below(marginLeft, 196, marginBottom)
	p.x, p.y = historyAxis(c.subnet.Result), scale{0, 1}
	p.caption("Share of the emission", "the best paid at the bottom; right: of all that was paid over the range")
	p.columnsAt(timeTicks(int64(p.x.min), int64(p.x.max), 9), true)
	p.rows(percentTicks(p.y, 5))
	if len(c.parts) == 0 || len(c.layers) == 0 {
		p.message(noWeights(c.subnet.Result), "")
		return
	}
	c.drawLayers(p)
	c.drawNames(p)
}

// drawLayers fills the stack from its top down, each layer over the one that it
// lies on; thin lines of paper part them.
func (c *weightsChart) drawLayers(p *panel) {
	sums := make([]float64, len(c.times))
	outlines := make([][]vg.Point, len(c.layers))
	for k := range c.layers {
		for i, share := range c.layers[k].shares {
			sums[i] += share
		}
		outlines[k] = c.steps(p, sums)
	}
	for k := len(c.layers) - 1; k >= 0; k-- {
		p.fillTo(c.layers[k].ink, outlines[k], 0)
		if k < len(c.layers)-1 {
			p.line(solid(inkPaper, 0.5), outlines[k])
		}
	}
}

// steps are the corners of shares that hold until the next setting, the last one
// until the end.
func (c *weightsChart) steps(p *panel, ys []float64) []vg.Point {
	var points []vg.Point
	for i, y := range ys {
		at := p.at(float64(c.times[i]), y)
		if n := len(points); n > 0 {
			points = append(points, vg.Point{X: at.X, Y: points[n-1].Y})
		}
		points = append(points, at)
	}
	return append(points, vg.Point{X: p.area.Max.X, Y: points[len(points)-1].Y})
}

// drawNames names each layer at its right end, with its part of all that was
// paid.
func (c *weightsChart) drawNames(p *panel) {
	last := len(c.times) - 1
	below := 0.0
	var labels []endLabel
	for _, l := range c.layers {
		share := l.shares[last]
		label := endLabel{at: p.atY(below + share/2), ink: l.ink, name: l.name}
		below += share
		switch l.ink {
		case inkOthers:
			label.ink = inkMuted
		case inkChallenge:
			label.ink = inkChallengeText
		}
		if l.part > 0 {
			label.last = percentText(l.part)
		}
		labels = append(labels, label)
	}
	p.endLabels(labels, sizeText)
}
