package reports

import (
	"fmt"
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// emissionChart is how the weights of the main competition are shared out at the
// end: the Lorenz curve, and the point that it is to run through. Rules §12.
type emissionChart struct {
	subnet *Subnet
	miners int
	curve  []scoring.LorenzPoint
	gini   scoring.Value

	target, targetShare float64       // this best fraction is to receive this one; 0: not known
	share               scoring.Value // and receives this one
}

func newEmissionChart(s *Subnet) *emissionChart {
	c := &emissionChart{subnet: s}
	var weights []float64
	for _, j := range judgements(s.Result) {
		if j.State == scoring.StateMain {
			weights = append(weights, j.Weight)
		}
	}
	c.miners = len(weights)
	c.curve, c.gini = scoring.Lorenz(weights), scoring.Gini(weights)
	if set := subnetRules(s); set != nil {
		c.target, c.targetShare = set.Competition.TargetMiners, set.Competition.TargetEmission
		c.share = scoring.Concentration(weights, c.target)
	}
	return c
}

func (c *emissionChart) height() vg.Length { return 500 }

func (c *emissionChart) title() string {
	share, known := c.share.Get()
	if !known {
		return "Concentration of the emission"
	}
	return fmt.Sprintf("The best %s receive %s of the emission; the target is %s",
		plainPercent(c.target), roundPercent(share), plainPercent(c.targetShare))
}

func (c *emissionChart) draw(s *sheet) {
	keys := []keyText{{"main competition", strconv.Itoa(c.miners)}}
	if gini, known := c.gini.Get(); known {
		keys = append(keys, keyText{"Gini", fmt.Sprintf("%.3f", gini)})
	}
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: keys})
	p := s.below(84, 0, marginBottom+12)
	p.area.Max.X = p.area.Min.X + 1.28*p.area.Size().Y // a little wider than high
	p.x, p.y = scale{0, 1}, scale{0, 1}
	p.caption("Lorenz curve", "of the weights in the main competition at the end")
	if len(c.curve) == 0 {
		text := "nobody has weight"
		if c.miners == 0 {
			text = "nobody is in the main competition"
		}
		p.message(text, "")
		return
	}
	ticks := percentTicks(scale{0, 1}, 5)
	p.columnsAt(ticks, true)
	p.rows(ticks)
	small := lettering{size: sizeText, ink: inkMuted}
	p.text(small, vg.Point{X: p.area.Min.X, Y: p.area.Min.Y - 26}, "of the miners, the least paid first →")
	c.drawCurve(p)
	c.drawBest(p)
	c.drawList(p)
}

// drawCurve draws the curve over the diagonal on which all get alike, and the
// area between the two, of which Gini is twice the size.
func (c *emissionChart) drawCurve(p *panel) {
	points := make([]vg.Point, len(c.curve))
	for i, at := range c.curve {
		points[i] = p.at(at.Miners, at.Weight)
	}
	p.FillPolygon(mix(inkPaper, inkMain, 0.1), append(points[:len(points):len(points)], points[0]))
	p.stroke(solid(inkZero, 0.9), p.at(0, 0), p.at(1, 1))
	l := lettering{size: sizeText, ink: inkMuted, hang: 1}
	p.text(l, vg.Point{X: p.atX(0.5) - 8, Y: p.atY(0.5) + 2}, "all get alike")
	p.line(solid(inkMain, 1.8), points)
	if len(points) <= 65 {
		for _, at := range points[1:] {
			p.disc(inkMain, at, 1.8)
		}
	}
}

// drawBest marks where the curve is to pass, and where it passes: the best begin
// at the dashed line.
func (c *emissionChart) drawBest(p *panel) {
	share, known := c.share.Get()
	if !known {
		return
	}
	x := 1 - c.target
	goal, real := p.at(x, 1-c.targetShare), p.at(x, 1-share)
	p.stroke(dashed(inkZero, 0.8), p.at(x, 0), p.at(x, 1))
	at := lettering{size: sizeText, ink: inkMuted}
	p.text(at, vg.Point{X: goal.X + 5, Y: p.area.Max.Y - 11}, "the best "+plainPercent(c.target)+" →")
	p.stroke(solid(inkLimit, 1), goal, real)
	p.disc(inkMain, real, 3.6)
	p.ring(inkLimit, goal, 4.6, 1.4)
	p.disc(inkLimit, goal, 1.6)

	// Left of the point the curve is lower than it, right of it higher: what is
	// above it goes to the left, what is below it to the right.
	l := lettering{size: 10.5, ink: inkMain, bold: true, hang: 1}
	side := vg.Point{X: real.X - 9, Y: min(real.Y+4, p.area.Max.Y-26)}
	p.text(l, side, "they receive "+percentText(share))
	l.ink = inkLimit
	aim := vg.Point{X: goal.X - 9, Y: max(goal.Y-capHeight*l.size/2, side.Y+15)}
	if goal.Y < real.Y {
		l.hang, aim = 0, vg.Point{X: goal.X + 10, Y: max(goal.Y-capHeight*l.size/2, p.area.Min.Y+4)}
	}
	p.text(l, aim, "target: "+plainPercent(c.targetShare))
}

// drawList tells beside the plot what other fractions of the best receive.
func (c *emissionChart) drawList(p *panel) {
	left, right := p.area.Max.X+36, plotWidth-marginSide
	y := p.area.Max.Y - 4
	name := lettering{size: sizeText, ink: inkMuted}
	head := lettering{size: sizeCaption, ink: inkText, bold: true}
	p.text(head, vg.Point{X: left, Y: y}, "Who receives what")
	y -= 19
	for _, fraction := range [...]float64{0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8} {
		if fraction*float64(c.miners) < 1 && fraction != c.target {
			continue // a part of one miner
		}
		p.text(name, vg.Point{X: left, Y: y}, "the best "+plainPercent(fraction))
		received := scoring.Concentration(c.weights(), fraction)
		value := lettering{size: sizeText, ink: inkText, bold: fraction == c.target, hang: 1}
		p.text(value, vg.Point{X: right, Y: y}, percentText(received.Or(0)))
		y -= 15
		p.stroke(solid(inkGrid, 0.6), vg.Point{X: left, Y: y + 10.5}, vg.Point{X: right, Y: y + 10.5})
	}
	y -= 8
	for _, line := range [...]string{"Of a miner that is among the best only in", "part, that part counts.", "",
		"Gini: 0 if all get alike, 1 − 1/n if one of", "n gets all."} {
		p.text(lettering{size: sizeSmall, ink: inkMuted}, vg.Point{X: left, Y: y}, line)
		y -= 12
	}
}

// weights are the steps of the curve.
func (c *emissionChart) weights() []float64 {
	weights := make([]float64, len(c.curve)-1)
	for i := range weights {
		weights[i] = c.curve[i+1].Weight - c.curve[i].Weight
	}
	return weights
}
