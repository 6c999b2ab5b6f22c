package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// lifeBlock is rows of one population, one under the other.
type lifeBlock struct {
	name     string
	from, to int
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
