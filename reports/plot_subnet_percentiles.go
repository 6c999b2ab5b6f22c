package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// percentilesChart is the percentile of each miner by each metric that counts, and
// the penalty and the score that follow: the best first, and behind the main
// competition its challengers. Few miners are
// rows with names and numbers, many are columns.
type percentilesChart struct {
	subnet  *Subnet
	metrics []percentileMetric
	miners  []scoring.Judgement // of the main competition, by rank; then the challengers, by score
	main    int                 // how many of them are in the main competition
}

// percentileMetric is a metric that counts.
type percentileMetric struct {
	scoring.Metric
	name   string
	weight float64 // in the combined score; 0 where the rules are not known
}

// percentilesNamed is how many miners are rows with names.
const percentilesNamed = 40

func newPercentilesChart(s *Subnet) *percentilesChart {
	c := &percentilesChart{subnet: s}
	set := subnetRules(s)
	for _, metric := range scoring.AllMetrics() {
		m := percentileMetric{Metric: metric, name: metricName(metric)}
		if set != nil {
			if m.weight = metric.Weight(set.Weights); !(m.weight > 0) {
				continue
			}
		}
		c.metrics = append(c.metrics, m)
	}
	var challengers []scoring.Judgement
	for _, j := range judgements(s.Result) {
		switch j.State {
		case scoring.StateMain:
			c.miners = append(c.miners, j)
		case scoring.StateChallenge:
			challengers = append(challengers, j)
		}
	}
	rank := func(j scoring.Judgement) int {
		if j.Rank == nil {
			return len(c.miners) + 1
		}
		return *j.Rank
	}
	byScore := func(a, b scoring.Judgement) int {
		return cmp.Or(cmp.Compare(b.Score.Or(-1), a.Score.Or(-1)), cmp.Compare(a.ID, b.ID))
	}
	slices.SortStableFunc(c.miners, func(a, b scoring.Judgement) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), byScore(a, b)) })
	slices.SortStableFunc(challengers, byScore)
	c.main = len(c.miners)
	c.miners = append(c.miners, challengers...)
	return c
}

func (c *percentilesChart) asRows() bool { return len(c.miners) <= percentilesNamed }

// The measures of the rows.
const (
	percentileRow  vg.Length = 13
	percentileHead vg.Length = 32 // two lines of heads
	percentileFoot vg.Length = 58 // the key, the note
	percentileGap  vg.Length = 6  // between the main competition and the challengers
	penaltyColumn  vg.Length = 46
	penaltyRow               = 0.45 // of a metric's row
)

func (c *percentilesChart) height() vg.Length {
	if !c.asRows() {
		return plotHeight
	}
	return marginTop + percentileHead + roomFor(percentileRow*vg.Length(len(c.miners))) + percentileGap + percentileFoot
}

// title says by how many metrics the first is the best.
func (c *percentilesChart) title() string {
	if c.main < 2 {
		return "Percentiles by metric"
	}
	first := 0
	for _, m := range c.metrics {
		own, known := c.miners[0].Percentiles[m.Metric].Get()
		best := !slices.ContainsFunc(c.miners[:c.main], func(j scoring.Judgement) bool { return j.Percentiles[m.Metric].Or(-1) > own })
		if known && best {
			first++
		}
	}
	return fmt.Sprintf("%s ranks first, and is the best by %d of %s", shortName(c.miners[0].ID, 28), first, count(len(c.metrics), "metric"))
}

func (c *percentilesChart) draw(s *sheet) {
	s.heading(heading{title: c.title(), parts: subnetParts(c.subnet), keys: []keyText{
		{"challenge", strconv.Itoa(len(c.miners) - c.main)}, {"main", strconv.Itoa(c.main)},
	}})
	switch {
	case len(c.miners) == 0:
		p := s.below(marginLeft, marginLeft, marginBottom)
		p.message("no miner is in", "")
		return
	case c.asRows():
		c.drawRows(s)
	default:
		c.drawColumns(s)
	}
	c.drawKey(s)
}

// value is what a cell shows: a percentile, or in the last column the score.
func (c *percentilesChart) value(miner, column int) scoring.Value {
	j := &c.miners[miner]
	if column == len(c.metrics) {
		return j.Score
	}
	return j.Percentiles[c.metrics[column].Metric]
}

// drawRows draws a row a miner, a column a metric.
func (c *percentilesChart) drawRows(s *sheet) {
	left, right := vg.Length(170), plotWidth-marginSide-64
	top := s.Max.Y - marginTop - percentileHead + 12
	width := (right - left - penaltyColumn - 2*percentileGap) / vg.Length(len(c.metrics)+1)
	x := func(column int) vg.Length {
		if column == len(c.metrics) {
			return right - width
		}
		return left + width*vg.Length(column)
	}
	head := lettering{size: sizeText, ink: inkText, bold: true, hang: 0.5}
	small := lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}
	heads := func(left, width vg.Length, name, under string) {
		middle := vg.Point{X: left + width/2, Y: top + 17}
		s.text(head, middle, s.fit(head, name, width-4))
		middle.Y -= 11
		s.text(small, middle, under)
	}
	for column, m := range c.metrics {
		heads(x(column), width, m.name, weightText(m.weight))
	}
	penalty := x(len(c.metrics)) - percentileGap - penaltyColumn
	heads(penalty, penaltyColumn, "penalty", "factor")
	heads(x(len(c.metrics)), width, "score", "combined")
	s.text(lettering{size: sizeSmall, ink: inkMuted, hang: 1}, vg.Point{X: plotWidth - marginSide, Y: top + 6}, "of the emission")
	for i := range c.miners {
		y := top - percentileRow*vg.Length(i)
		if i >= c.main {
			y -= percentileGap
		}
		c.drawName(s, i, left-10, y-percentileRow/2)
		for column := range len(c.metrics) + 1 {
			c.drawCell(s, c.value(i, column), vg.Rectangle{
				Min: vg.Point{X: x(column), Y: y - percentileRow + 0.8}, Max: vg.Point{X: x(column) + width - 0.8, Y: y},
			}, true)
		}
		drawPenalty(s, &c.miners[i], vg.Rectangle{
			Min: vg.Point{X: penalty, Y: y - percentileRow + 0.8}, Max: vg.Point{X: penalty + penaltyColumn - 0.8, Y: y},
		}, true)
		share := lettering{size: sizeText, ink: inkText, hang: 1}
		s.textMiddle(share, vg.Point{X: plotWidth - marginSide, Y: y - percentileRow/2}, percent(c.miners[i].EmissionShare))
	}
}

func weightText(weight float64) string {
	if !(weight > 0) {
		return ""
	}
	return "counts " + plainPercent(weight)
}

// drawName writes a row's name, and before it the rank.
func (c *percentilesChart) drawName(s *sheet, i int, right, y vg.Length) {
	rank := "–"
	if j := &c.miners[i]; j.Rank != nil {
		rank = strconv.Itoa(*j.Rank)
	}
	name := lettering{size: sizeText, ink: inkText}
	at := vg.Point{X: marginSide + 14, Y: y}
	if i >= c.main {
		rank, name.ink = "", inkChallengeText
		s.fill(inkChallenge, vg.Rectangle{Min: vg.Point{X: marginSide + 2, Y: y - 3}, Max: vg.Point{X: marginSide + 8, Y: y + 3}})
	}
	s.textMiddle(lettering{size: sizeText, ink: inkMuted, bold: true, hang: 1}, at, rank)
	s.textMiddle(name, vg.Point{X: at.X + 7, Y: y}, s.fit(name, legible(c.miners[i].ID), right-at.X-7))
}

// drawCell paints a percentile; one that is not known leaves a dash.
func (c *percentilesChart) drawCell(s *sheet, v scoring.Value, r vg.Rectangle, number bool) {
	x, known := v.Get()
	i, text := inkGrid, noFigure
	if known {
		i, text = percentileInk(x), strconv.FormatFloat(x, 'f', 2, 64)
	}
	s.fill(i, r)
	if number {
		middle := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
		s.textMiddle(lettering{size: sizeSmall, ink: over(i), hang: 0.5}, middle, text)
	}
}

// drawColumns draws a column a miner, a row a metric, and on top the shares of
// the emission.
func (c *percentilesChart) drawColumns(s *sheet) {
	p := s.below(132, 30, 70)
	gap := vg.Length(0)
	if c.main > 0 && c.main < len(c.miners) {
		gap = percentileGap
	}
	width := (p.area.Size().X - gap) / vg.Length(len(c.miners))
	x := func(i int) vg.Length {
		if i >= c.main {
			return p.area.Min.X + width*vg.Length(i) + gap
		}
		return p.area.Min.X + width*vg.Length(i)
	}
	bars := *p
	bars.area.Min.Y = p.area.Max.Y - 70
	c.drawShares(&bars, x, width)
	top := bars.area.Min.Y - 12
	height := (top - p.area.Min.Y - 2*percentileGap) / (vg.Length(len(c.metrics)) + 1 + penaltyRow)
	seam := vg.Length(0)
	if width > 6 {
		seam = pixel
	}
	cell := func(i int, top, height vg.Length) vg.Rectangle {
		return vg.Rectangle{Min: vg.Point{X: x(i), Y: top - height + 1}, Max: vg.Point{X: x(i) + width - seam, Y: top}}
	}
	head := lettering{size: sizeText, ink: inkText, bold: true, hang: 1}
	for row := range len(c.metrics) + 1 {
		y := top - height*vg.Length(row)
		name, under := "score", "combined"
		if row < len(c.metrics) {
			name, under = c.metrics[row].name, weightText(c.metrics[row].weight)
		} else {
			y -= height*penaltyRow + 2*percentileGap
		}
		s.textMiddle(head, vg.Point{X: p.area.Min.X - 8, Y: y - height/2 + 5}, name)
		s.textMiddle(lettering{size: sizeSmall, ink: inkMuted, hang: 1}, vg.Point{X: p.area.Min.X - 8, Y: y - height/2 - 6}, under)
		for i := range c.miners {
			c.drawCell(s, c.value(i, row), cell(i, y, height), false)
		}
	}
	y := top - height*vg.Length(len(c.metrics)) - percentileGap
	s.textMiddle(head, vg.Point{X: p.area.Min.X - 8, Y: y - height*penaltyRow/2}, "penalty")
	for i := range c.miners {
		drawPenalty(s, &c.miners[i], cell(i, y, height*penaltyRow), false)
	}
	c.drawRanks(p, x, width)
}

// drawShares draws each miner's share of the emission as a bar.
func (c *percentilesChart) drawShares(p *panel, x func(int) vg.Length, width vg.Length) {
	p.caption("Share of the emission", "and under it the percentiles; the best miner first")
	p.y = scale{0, 1e-6}
	for i := range c.miners {
		p.y.include(c.miners[i].EmissionShare)
	}
	p.rows(percentTicks(p.y, 3))
	for i := range c.miners {
		colour := inkMain
		if i >= c.main {
			colour = inkChallenge
		}
		p.fill(colour, vg.Rectangle{Min: vg.Point{X: x(i), Y: p.area.Min.Y}, Max: vg.Point{X: x(i) + 0.86*width, Y: p.atY(c.miners[i].EmissionShare)}})
	}
	p.base(0)
}

// drawRanks labels the columns with ranks, and says where the challengers begin.
func (c *percentilesChart) drawRanks(p *panel, x func(int) vg.Length, width vg.Length) {
	l := lettering{size: sizeText, ink: inkMuted, hang: 0.5}
	step := int(roundStep(float64(c.main), 8))
	for i := 0; i < c.main; i++ {
		if rank := i + 1; rank == 1 || rank%max(step, 2) == 0 {
			p.text(l, vg.Point{X: x(i) + width/2, Y: p.area.Min.Y - 12}, grouped(int64(rank)))
		}
	}
	under := lettering{size: sizeSmall, ink: inkMuted}
	p.text(under, vg.Point{X: p.area.Min.X, Y: p.area.Min.Y - 23}, "rank in the main competition →")
	if n := len(c.miners) - c.main; n > 0 {
		under.ink, under.hang = inkChallengeText, 1
		p.text(under, vg.Point{X: p.area.Max.X, Y: p.area.Min.Y - 23}, "← "+count(n, "challenger")+", by score")
	}
}

// drawKey explains the inks.
func (c *percentilesChart) drawKey(s *sheet) {
	const width, steps = 180, 60
	y := vg.Length(24)
	l := lettering{size: sizeSmall, ink: inkMuted}
	x := plotWidth - marginSide - width - 26
	s.textMiddle(lettering{size: sizeSmall, ink: inkMuted, hang: 1}, vg.Point{X: x - 6, Y: y}, "percentile: the worst 0")
	for k := range steps {
		left := x + width/steps*vg.Length(k)
		s.fill(percentileInk((float64(k)+0.5)/steps), vg.Rectangle{Min: vg.Point{X: left, Y: y - 4}, Max: vg.Point{X: left + width/steps + 0.2, Y: y + 4}})
	}
	s.textMiddle(l, vg.Point{X: x + width + 6, Y: y}, "1")
	if slices.ContainsFunc(c.miners, func(j scoring.Judgement) bool { return isTelling(j.Penalties.Total) }) {
		for k := range steps / 2 {
			left := marginSide + vg.Length(k)
			s.fill(penaltyInk(penaltyTelling*(1-(float64(k)+0.5)/(steps/2))), vg.Rectangle{Min: vg.Point{X: left, Y: y - 4}, Max: vg.Point{X: left + 1.2, Y: y + 4}})
		}
		s.textMiddle(l, vg.Point{X: marginSide + steps/2 + 6, Y: y}, "penalty: takes more than a twentieth of the score, up to all of it")
	}
}
