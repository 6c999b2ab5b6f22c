package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// returnsChart is the final return of each miner under each rule set: dumbbells.
// Of many miners those are shown whose returns differ most.
type returnsChart struct {
	variantsView
	rows []returnsRow // the best under the first rule set on top
	all  int          // miners with a return
	same bool         // no return changes
}

// returnsRow is the returns of one miner.
type returnsRow struct {
	name    string
	returns []float64 // fractions, by rule set
	there   []bool    // whether it took part
}

// apart is by how much a miner's returns differ from the first, with the sign of
// the largest difference.
func (r *returnsRow) apart() float64 {
	most := 0.0
	for i, x := range r.returns {
		if r.there[0] && r.there[i] {
			if d := x - r.returns[0]; max(d, -d) > max(most, -most) {
				most = d
			}
		}
	}
	return most
}

// returnsRows is how many rows there are at most.
const returnsRows = 40

func newReturnsChart(c *Compare) *returnsChart {
	r := &returnsChart{variantsView: newVariantsView(c)}
	rows := make(map[string]returnsRow)
	var names []string
	for _, miner := range r.miners {
		row := returnsRow{name: miner, returns: make([]float64, len(r.outcomes)), there: make([]bool, len(r.outcomes))}
		for i := range r.outcomes {
			if m := r.of(i, miner); m != nil && m.FinalReturn-m.FinalReturn == 0 {
				row.returns[i], row.there[i] = m.FinalReturn-1, true
			}
		}
		if slices.Contains(row.there, true) {
			rows[miner] = row
			names = append(names, miner)
		}
	}
	r.all = len(names)
	weight := func(m string) float64 { row := rows[m]; return math.Abs(row.apart()) }
	r.same = !slices.ContainsFunc(names, func(m string) bool { return weight(m) > 0 })
	if r.same {
		weight = func(m string) float64 { return rows[m].returns[0] }
	}
	for _, name := range fold(names, returnsRows, weight) {
		r.rows = append(r.rows, rows[name])
	}
	slices.SortStableFunc(r.rows, func(a, b returnsRow) int { return cmp.Compare(b.returns[0], a.returns[0]) })
	return r
}

// pitch is how high a row is: the more rule sets, the higher, for dots that would
// hide each other lie one under the other.
func (c *returnsChart) pitch() vg.Length {
	return 12.5 + 1.75*vg.Length(min(max(len(c.outcomes)-2, 0), 4))
}

func (c *returnsChart) height() vg.Length {
	return marginTop + 20 + roomFor(c.pitch()*vg.Length(len(c.rows))) + 58
}

// title tells the largest difference of the mean returns.
func (c *returnsChart) title() string {
	if c.nothing() != "" {
		return "Returns under each rule set"
	}
	variant, most := 0, 0.0
	for i := range c.outcomes {
		if d := c.outcomes[i].MeanReturn - c.outcomes[0].MeanReturn; max(d, -d) > max(most, -most) {
			variant, most = i, d
		}
	}
	what, first := "mean return", c.outcomes[0].MeanReturn
	if c.all == 1 {
		what = "return"
	}
	if variant == 0 {
		if slices.ContainsFunc(c.rows, func(r returnsRow) bool { return r.apart() != 0 }) {
			return fmt.Sprintf("The mean return is %s under %s", changeText(first-1), c.allSets())
		}
		return "The returns are the same under " + c.allSets()
	}
	return fmt.Sprintf("The %s goes from %s to %s under %s", what, changeText(first-1), changeText(first+most-1), c.under(variant))
}

func (c *returnsChart) draw(s *sheet) {
	changed := 0
	for i := range c.rows {
		if c.rows[i].apart() != 0 {
			changed++
		}
	}
	keys := []keyText{{"change", fmt.Sprintf("%d of %d", changed, c.all)}}
	if len(c.rows) < c.all {
		keys = nil // the others may change too
	}
	s.heading(heading{title: c.title(), parts: c.parts(), keys: keys})
	p := s.below(150, 84, 58)
	p.area.Max.Y -= 20
	at := vg.Point{X: marginSide, Y: s.Max.Y - marginTop + 8}
	bold := lettering{size: sizeCaption, ink: inkText, bold: true}
	s.text(bold, at, "Final return")
	if len(c.rows) == 0 {
		p.message(cmp.Or(c.nothing(), "no return is known"), "")
		return
	}
	at.X += s.face(bold).Width("Final return") + 6
	if len(c.rows) < c.all {
		rest := fmt.Sprintf("the %d of %d miners that change most", len(c.rows), c.all)
		if c.same {
			rest = fmt.Sprintf("the best %d of %d miners", len(c.rows), c.all)
		}
		l := lettering{size: sizeCaption, ink: inkMuted}
		s.text(l, at, rest)
		at.X += s.face(l).Width(rest)
	}
	c.drawKey(s, at)
	p.area.Min.Y = p.area.Max.Y - c.pitch()*vg.Length(len(c.rows))
	p.x = scale{0, 0}
	for i := range c.rows {
		for k, x := range c.rows[i].returns {
			if c.rows[i].there[k] {
				p.x.include(x)
			}
		}
	}
	p.x = p.x.padded(0.03, 0.03, 0.002)
	p.columnsAt(percentTicks(p.x, 8), true)
	p.stroke(solid(inkZero, 0.8), p.at(0, 0), p.at(0, 1))
	s.text(lettering{size: sizeSmall, ink: inkMuted, hang: 1}, vg.Point{X: plotWidth - marginSide, Y: p.area.Max.Y + 4}, c.differenceHead())
	for i := range c.rows {
		c.drawRow(p, &c.rows[i], p.area.Max.Y-c.pitch()*(vg.Length(i)+0.5))
	}
}

func (c *returnsChart) differenceHead() string {
	if len(c.outcomes) > 2 {
		return "largest change"
	}
	return "change"
}

// ink is that of a rule set's dots: of many, from light to dark.
func (c *returnsChart) ink(i int) ink {
	if len(c.outcomes) > 8 {
		return percentileInk(0.25 + 0.75*float64(i)/float64(len(c.outcomes)-1))
	}
	return lineInk(i - 1)
}

// mark is a ring for the first rule set, a dot for each other.
func (c *returnsChart) mark(s *sheet, i int, at vg.Point) {
	if i == 0 {
		s.ring(inkText, at, 3.2, 1.1)
		return
	}
	s.disc(c.ink(i), at, returnsDot)
}

// returnsDot is the radius of a dot.
const returnsDot vg.Length = 2.9

// dodge is how far above the middle of its row each dot lies: those that would
// hide each other lie one under the other, in the order of the rule sets.
func (c *returnsChart) dodge(r *returnsRow, at func(x float64) vg.Length) []vg.Length {
	var order []int
	for i := range r.returns {
		if r.there[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.returns[a], r.returns[b]) })
	up := make([]vg.Length, len(r.returns))
	for from, to := 0, 0; from < len(order); from = to {
		for to = from + 1; to < len(order) && at(r.returns[order[to]])-at(r.returns[order[to-1]]) < 2*returnsDot; to++ {
		}
		heap := slices.Sorted(slices.Values(order[from:to]))
		gap := min((c.pitch()-2*returnsDot-1)/vg.Length(max(len(heap)-1, 1)), 2*returnsDot)
		for k, i := range heap {
			up[i] = gap * (vg.Length(len(heap)-1)/2 - vg.Length(k))
		}
	}
	return up
}

// drawKey explains the marks, right of a caption that ends at from.
func (c *returnsChart) drawKey(s *sheet, from vg.Point) {
	l := lettering{size: sizeSmall, ink: inkMuted}
	shown := make([]int, 0, len(c.outcomes))
	for i := range c.outcomes {
		if len(c.outcomes) <= 8 || i == 0 || i == 1 || i == len(c.outcomes)-1 {
			shown = append(shown, i)
		}
	}
	room := (plotWidth-marginSide-from.X-20)/vg.Length(len(shown)) - 22
	x := from.X + 20
	for k, i := range shown {
		c.mark(s, i, vg.Point{X: x + 3, Y: from.Y + 3})
		text := c.labels[i]
		if k+1 < len(shown) && shown[k+1] != i+1 {
			text += "  …"
		}
		text = s.fit(l, text, max(room, 20))
		s.text(l, vg.Point{X: x + 10, Y: from.Y}, text)
		x += 10 + s.face(l).Width(text) + 14
	}
}

func (c *returnsChart) drawRow(p *panel, r *returnsRow, y vg.Length) {
	name := lettering{size: sizeText, ink: inkText, hang: 1}
	p.textMiddle(name, vg.Point{X: p.area.Min.X - 10, Y: y}, p.fit(name, legible(r.name), p.area.Min.X-10-marginSide))
	low, high := p.area.Max.X, p.area.Min.X
	for i, x := range r.returns {
		if r.there[i] {
			low, high = min(low, p.atX(x)), max(high, p.atX(x))
		}
	}
	p.stroke(solid(inkFaint, 2.2), vg.Point{X: low, Y: y}, vg.Point{X: max(high, low), Y: y})
	up := c.dodge(r, p.atX)
	for i := len(r.returns) - 1; i >= 0; i-- {
		if r.there[i] {
			c.mark(p.sheet, i, vg.Point{X: p.atX(r.returns[i]), Y: y + up[i]})
		}
	}
	value := lettering{size: sizeText, ink: inkMuted, hang: 1}
	text := "0"
	if d := r.apart(); d != 0 {
		text, value.ink = pointsText(d), inkText
	}
	p.textMiddle(value, vg.Point{X: plotWidth - marginSide, Y: y}, text)
}

// pointsText writes a difference of two fractions in percentage points: "−1.23 pp".
func pointsText(difference float64) string {
	return strings.TrimSuffix(orAlmost(difference, changeText(difference)), " %") + " pp"
}

// orAlmost says of what two decimals would call nothing that it is almost so.
func orAlmost(x float64, text string) string {
	if x != 0 && text == "0.00 %" {
		return "≈ 0 %"
	}
	return text
}
