package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// scoreChart is the score of each miner against its drawdown, both as they stand
// at the end.
type scoreChart struct {
	subnet *Subnet
	dots   []scoreDot // the largest first, so that none hides another
	limit  float64    // the drawdown that eliminates; 0: none does, or it is not known
	whom   string     // whom it eliminates, if not all
	x      scale
	beyond int // dots beyond the axis' end
}

// scoreDot is a miner.
type scoreDot struct {
	name     string
	state    scoring.State
	drawdown float64
	score    scoring.Value
	share    float64 // of the emission
}

// scoreNamed is how many of the best are named.
const scoreNamed = 8

func newScoreChart(s *Subnet) *scoreChart {
	c := &scoreChart{subnet: s}
	if set := subnetRules(s); set != nil {
		if set.Elimination.Main || set.Elimination.Challenge {
			c.limit = set.Drawdown.Limit
		}
		switch {
		case !set.Elimination.Main:
			c.whom = " of challengers"
		case !set.Elimination.Challenge:
			c.whom = " of the main competition"
		}
	}
	worst := 0.0
	for _, j := range judgements(s.Result) {
		d := scoreDot{name: j.ID, state: j.State, drawdown: j.MaxDrawdown, score: j.Score, share: j.EmissionShare}
		if j.State == scoring.StateEliminated || j.State == scoring.StateDeregistered {
			d.score = scoring.Value{}
		}
		if d.drawdown-d.drawdown != 0 {
			continue
		}
		worst = max(worst, d.drawdown)
		c.dots = append(c.dots, d)
	}
	// A few wrecks would squeeze all others against the axis.
	c.x = scale{0, max(1.06*worst, 1.15*c.limit, 0.001)}
	if c.limit > 0 {
		c.x.max = min(c.x.max, 1.7*c.limit)
	}
	for _, d := range c.dots {
		if d.drawdown > c.x.max {
			c.beyond++
		}
	}
	slices.SortStableFunc(c.dots, func(a, b scoreDot) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.name, b.name))
	})
	return c
}

func (c *scoreChart) height() vg.Length { return 500 }

// best are the dots of the main competition with the highest scores.
func (c *scoreChart) best() []scoreDot {
	best := slices.Clone(c.dots)
	best = slices.DeleteFunc(best, func(d scoreDot) bool { _, known := d.score.Get(); return !known || d.state != scoring.StateMain })
	slices.SortStableFunc(best, func(a, b scoreDot) int {
		return cmp.Or(cmp.Compare(b.score.Or(0), a.score.Or(0)), cmp.Compare(a.drawdown, b.drawdown), cmp.Compare(a.name, b.name))
	})
	return best[:min(scoreNamed, len(best))]
}

func (c *scoreChart) title() string {
	best := c.best()
	if len(best) == 0 {
		return "Score against drawdown"
	}
	text := fmt.Sprintf("The best score, %.3f, had a drawdown of %s", best[0].score.Or(0), percentText(best[0].drawdown))
	if c.limit > 0 {
		text += "; the limit" + c.whom + " is " + plainPercent(c.limit)
	}
	return text
}

// scoreLane is the height of the strip for those without a score.
const scoreLane vg.Length = 30

func (c *scoreChart) draw(s *sheet) {
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: c.keys()})
	p := s.below(marginLeft, 30, marginBottom+14)
	p.caption("Score", "combined, penalties included; the larger a dot, the larger its share of the emission")
	if len(c.dots) == 0 {
		p.message(noWeights(c.subnet.Result), "")
		return
	}
	unscored := c.unscored()
	lane := *p
	if unscored > 0 {
		p.area.Min.Y += scoreLane + 8
		lane.area.Max.Y = lane.area.Min.Y + scoreLane
	}
	p.x, p.y = c.x, scale{0, 1}
	lane.x, lane.y = c.x, scale{0, 1}
	for _, d := range c.dots {
		p.y.include(d.score.Or(0))
	}
	p.y = p.y.padded(0.02, 0.12, 0.1)
	ticks := percentTicks(c.x, 8)
	p.columnsAt(ticks, unscored == 0)
	p.rows(numberTicks(p.y, 6))
	p.text(lettering{size: sizeText, ink: inkMuted}, vg.Point{X: p.area.Min.X, Y: lane.area.Min.Y - 26}, c.axisTitle())
	if unscored > 0 {
		p.fill(mix(inkPaper, inkGrid, 0.45), lane.area)
		lane.columnsAt(ticks, true)
		l := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
		lane.textMiddle(l, vg.Point{X: lane.area.Min.X - 6, Y: lane.atY(0.5)}, "no score")
	}
	c.drawKey(p)
	c.drawLimit(p, &lane)
	c.drawDots(p, &lane)
}

// keys count the states.
func (c *scoreChart) keys() []keyText {
	counts := make(map[scoring.State]int)
	for _, d := range c.dots {
		counts[d.state]++
	}
	var keys []keyText
	for _, k := range [...]struct {
		state scoring.State
		name  string
	}{{scoring.StateEliminated, "eliminated"}, {scoring.StateChallenge, "challenge"}, {scoring.StateMain, "main"}} {
		if n := counts[k.state]; n > 0 {
			keys = append(keys, keyText{k.name, strconv.Itoa(n)})
		}
	}
	return keys
}

// drawKey explains the inks of the states that there are, right above the panel.
func (c *scoreChart) drawKey(p *panel) {
	small := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	at := vg.Point{X: p.area.Max.X, Y: p.area.Max.Y + 6}
	for _, k := range [...]struct {
		state scoring.State
		name  string
	}{
		{scoring.StateDeregistered, "lost its slot"}, {scoring.StateEliminated, "eliminated"},
		{scoring.StateChallenge, "challenge"}, {scoring.StateMain, "main competition"},
	} {
		if !slices.ContainsFunc(c.dots, func(d scoreDot) bool { return d.state == k.state }) {
			continue
		}
		p.text(small, at, k.name)
		at.X -= p.face(small).Width(k.name) + 8
		mark := vg.Point{X: at.X, Y: at.Y + capHeight*small.size/2}
		if k.state == scoring.StateMain || k.state == scoring.StateChallenge {
			p.disc(mix(inkPaper, stateInk(k.state), 0.72), mark, 3.2)
		} else {
			p.cross(stateInk(k.state), mark, 2.6, 1.1)
		}
		at.X -= 14
	}
}

func (c *scoreChart) unscored() int {
	n := 0
	for _, d := range c.dots {
		if _, known := d.score.Get(); !known {
			n++
		}
	}
	return n
}

func (c *scoreChart) axisTitle() string {
	text := "maximum drawdown in the window →"
	if c.beyond > 0 {
		text += fmt.Sprintf("   (%s beyond %s, at the right edge)", count(c.beyond, "miner"), percentText(c.x.max))
	}
	return text
}

func (c *scoreChart) drawLimit(p, lane *panel) {
	if !(c.limit > 0) || c.limit > c.x.max {
		return
	}
	x := p.atX(c.limit)
	p.stroke(dashed(inkLimit, 1), vg.Point{X: x, Y: lane.area.Min.Y}, vg.Point{X: x, Y: p.area.Max.Y})
	p.text(limitLetters(), vg.Point{X: x + 4, Y: p.area.Max.Y - 10}, c.limitText())
}

func (c *scoreChart) limitText() string { return plainPercent(c.limit) + " limit" + c.whom }

func limitLetters() lettering { return lettering{size: sizeText, ink: inkLimit, bold: true} }

// radius of a dot: its area grows with the share.
func (c *scoreChart) radius(d scoreDot) vg.Length {
	const least, most = 2.4, 10.5
	largest := c.dots[0].share
	if !(largest > 0) {
		return least
	}
	return max(least, most*vg.Length(math.Sqrt(d.share/largest)))
}

func (c *scoreChart) drawDots(p, lane *panel) {
	free := &clearing{bounds: vg.Rectangle{
		Min: vg.Point{X: p.area.Min.X + 2, Y: p.area.Min.Y + 2}, Max: vg.Point{X: plotWidth - marginSide, Y: p.area.Max.Y},
	}}
	if c.limit > 0 && c.limit <= c.x.max {
		x := p.atX(c.limit)
		free.taken = append(free.taken, vg.Rectangle{Min: vg.Point{X: x - 1, Y: p.area.Min.Y}, Max: vg.Point{X: x + 1, Y: p.area.Max.Y}},
			vg.Rectangle{Min: vg.Point{X: x, Y: p.area.Max.Y - 14}, Max: vg.Point{X: x + 8 + p.face(limitLetters()).Width(c.limitText()), Y: p.area.Max.Y}})
	}
	place := func(d scoreDot) (at vg.Point, scored bool) {
		score, known := d.score.Get()
		if known {
			return p.at(d.drawdown, score), true
		}
		return lane.at(d.drawdown, 0.5), false
	}
	for _, d := range c.dots {
		at, scored := place(d)
		if !scored {
			lane.cross(stateInk(d.state), at, 2.6, 1.1)
			continue
		}
		r := c.radius(d)
		p.disc(mix(inkPaper, stateInk(d.state), 0.72), at, r)
		p.circle(solid(inkPaper, 0.7), at, r)
		free.block(at, 0.8*r)
	}
	for _, d := range c.best() {
		at, _ := place(d)
		l := lettering{size: sizeText, ink: inkText}
		p.nameNear(free, l, at, c.radius(d), p.fit(l, legible(d.name), 150))
	}
}

// circle strokes the outline of a disc.
func (s *sheet) circle(style draw.LineStyle, at vg.Point, radius vg.Length) {
	var path vg.Path
	path.Move(vg.Point{X: at.X + radius, Y: at.Y})
	path.Arc(at, radius, 0, 2*math.Pi)
	path.Close()
	s.SetLineStyle(style)
	s.Stroke(path)
}

// numberTicks are marks of an axis of plain numbers, about so many, at round ones.
func numberTicks(s scale, about int) []tick {
	step := roundStep(s.max-s.min, about)
	decimals := decimalsOf(step)
	var ticks []tick
	for k := math.Ceil(s.min/step-1e-9) + 0; k*step <= s.max+1e-9*step; k++ {
		ticks = append(ticks, tick{at: k * step, label: typeset(strconv.FormatFloat(k*step, 'f', decimals, 64))})
	}
	return ticks
}

// decimalsOf is how many decimals a round step has: 0.25 has 2.
func decimalsOf(step float64) int {
	decimals := 0
	for ; decimals < 8; decimals++ {
		if scaled := step * math.Pow(10, float64(decimals)); math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			break
		}
	}
	return decimals
}
