package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
)

// coverageChart is the coverage of several series: a row a series.
type coverageChart struct {
	title   coverageTitle
	rows    []coverageRow
	cells   [][]stretch // of each row, by column
	columns *timeColumns
	rest    string // on the rows that found no room
	marks   coverageMarks

	pitch, cell, lane vg.Length // the heights of a row, of its cells, of its marks
}

// The measures of the chart.
const (
	coverageRowsMax = 200

	coverageLeft  vg.Length = 104                          // where the columns start
	coverageRight           = plotWidth - marginSide - 110 // where they end at most
	coverageHead  vg.Length = 76                           // title, key figures, heads of the columns
	coverageUpper vg.Length = 14                           // upper labels
	coverageFoot  vg.Length = 88                           // lower labels, legend, note

	coverageManyRows = 24 // from where on the time axis is labelled above too
)

func newCoverageChart(rows []coverageRow) *coverageChart {
	c := &coverageChart{title: coverageTitleOf(rows)}
	c.rows, c.rest = foldCoverage(rows)
	from, to := coverageSpan(c.rows)
	if from < to {
		c.columns = newTimeColumns(from, to, coverageLeft, coverageRight-coverageLeft)
		c.title.parts = append(c.title.parts, c.describeColumns())
		for i := range c.rows {
			c.cells = append(c.cells, c.columns.gather(&c.rows[i]))
		}
	}
	for _, cells := range c.cells {
		for i := range cells {
			c.marks.see(&cells[i])
		}
	}
	c.measure()
	return c
}

// measure gives few rows more height than many.
func (c *coverageChart) measure() {
	switch n := len(c.rows); {
	case n <= 12:
		c.pitch, c.lane = 18, 4
	case n <= 32:
		c.pitch, c.lane = 14, 3.5
	default:
		c.pitch, c.lane = 11.5, 3
	}
	if !c.marks.closed && !c.marks.errors {
		c.lane = 0
	}
	c.cell = c.pitch - c.lane - 2
}

// foldCoverage leaves out the most complete series without errors where there
// are more than fit, and says so.
func foldCoverage(rows []coverageRow) (kept []coverageRow, rest string) {
	if len(rows) <= coverageRowsMax {
		return rows, ""
	}
	order := slices.Clone(rows)
	needed := func(r *coverageRow) float64 {
		if r.Worst() == audit.Error {
			return 1 + r.all.missing()
		}
		return r.all.missing()
	}
	slices.SortStableFunc(order, func(a, b coverageRow) int { return cmp.Compare(needed(&b), needed(&a)) })
	kept = order[:coverageRowsMax]
	least := stretch{}
	for _, r := range order[coverageRowsMax:] {
		if least.openMS == 0 || r.all.missing() > least.missing() {
			least = r.all
		}
	}
	slices.SortStableFunc(kept, compareRows)
	return kept, fmt.Sprintf("%d more series are not shown; the least complete of them has %s", len(order)-coverageRowsMax, least.complete())
}

// coverageSpan is the days of all rows.
func coverageSpan(rows []coverageRow) (fromMS, toMS int64) {
	for i := range rows {
		from, to := rows[i].span()
		if from == to {
			continue
		}
		if fromMS == toMS {
			fromMS, toMS = from, to
		}
		fromMS, toMS = min(fromMS, from), max(toMS, to)
	}
	return fromMS, toMS
}

// coverageEmpty is the height under the head if there is nothing to show.
const coverageEmpty vg.Length = 120

func (c *coverageChart) gridHeight() vg.Length { return c.pitch * vg.Length(len(c.rows)) }

// head is the height above the grid.
func (c *coverageChart) head() vg.Length {
	if len(c.rows) >= coverageManyRows {
		return coverageHead + coverageUpper
	}
	return coverageHead
}

func (c *coverageChart) height() vg.Length {
	if c.columns == nil {
		return c.head() + coverageEmpty
	}
	return c.head() + c.gridHeight() + coverageFoot
}

func (c *coverageChart) draw(s *sheet, note string) {
	s.coverageHeader(c.title)
	s.note(strings.Join(slices.DeleteFunc([]string{c.rest, note}, func(s string) bool { return s == "" }), "  ·  "))
	top := c.height() - c.head()
	if c.columns == nil {
		s.coverageOfNothing(top)
		return
	}
	bottom := top - c.gridHeight()
	c.drawAxis(s, top, bottom)
	for i := range c.rows {
		c.drawRow(s, i, top-c.pitch*vg.Length(i))
	}
	c.drawSeams(s, top, bottom)
	for i := range c.rows {
		c.drawMarks(s, i, top-c.pitch*vg.Length(i))
	}
	s.coverageLegend(bottom-46, c.marks)
}

// coverageTitleOf is what the head says of the series, those too that find no
// room; of their columns, describeColumns does.
func coverageTitleOf(rows []coverageRow) coverageTitle {
	t := coverageTitle{head: "Coverage"}
	var pairs []string
	var intervals []datasets.Interval
	for i := range rows {
		r := &rows[i]
		t.all.add(&r.all)
		t.candles += r.Rows
		t.gaps += r.Gaps.Count
		pairs = append(pairs, r.Pair.ID)
		intervals = append(intervals, r.Interval)
	}
	if len(rows) == 0 {
		return t
	}
	slices.Sort(pairs)
	slices.Sort(intervals)
	var names []string
	for _, v := range slices.Compact(intervals) {
		names = append(names, v.String())
	}
	t.parts = []string{count(len(slices.Compact(pairs)), "pair"), strings.Join(names, ", ")}
	if from, to := coverageSpan(rows); from < to {
		t.parts = append(t.parts, rangeText(from, to))
	}
	return t
}

// describeColumns says what a column stands for.
func (c *coverageChart) describeColumns() string {
	if c.columns.unit == "day" {
		return "a column a day, UTC"
	}
	return "a column a " + c.columns.unit + ": its mean, and on top its worst day, UTC"
}

// drawAxis draws the marks of the time axis, labelled below, and above too if
// the rows are many.
func (c *coverageChart) drawAxis(s *sheet, top, bottom vg.Length) {
	for _, t := range c.columns.ticks() {
		x := c.columns.at(int64(t.at))
		s.stroke(solid(inkGrid, 0.6), vg.Point{X: x, Y: bottom - 3}, vg.Point{X: x, Y: top})
		l := lettering{size: sizeText, ink: inkMuted, hang: 0.5}
		below := lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}
		s.text(l, vg.Point{X: x, Y: bottom - 13}, t.label)
		s.text(below, vg.Point{X: x, Y: bottom - 23}, t.below)
		if len(c.rows) >= coverageManyRows {
			s.text(l, vg.Point{X: x, Y: top + 5}, t.label)
			s.text(below, vg.Point{X: x, Y: top + 16}, t.below)
		}
	}
	head := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	s.text(head, vg.Point{X: plotWidth - marginSide, Y: top + 6}, "candles")
	s.text(head, vg.Point{X: c.completeRight(), Y: top + 6}, "complete")
}

// completeRight is where the column of percentages ends.
func (c *coverageChart) completeRight() vg.Length { return plotWidth - marginSide - 54 }

// drawRow draws a row whose upper edge is y: its name, its cells, its figures.
func (c *coverageChart) drawRow(s *sheet, i int, y vg.Length) {
	r := &c.rows[i]
	middle := y - c.cell/2
	size := min(sizeText, 0.8*c.pitch)
	name := lettering{size: size, ink: inkText}
	small := lettering{size: size - 1, ink: inkMuted, hang: 1}
	interval := r.Interval.String()
	s.textMiddle(small, vg.Point{X: coverageLeft - 7, Y: middle}, interval)
	room := coverageLeft - 7 - s.face(small).Width(interval) - 6 - marginSide
	s.textMiddle(name, vg.Point{X: marginSide, Y: middle}, s.fit(name, legible(r.Pair.ID), room))
	figure := lettering{size: size, ink: inkText, hang: 1}
	s.textMiddle(figure, vg.Point{X: c.completeRight(), Y: middle}, r.all.complete())
	s.textMiddle(lettering{size: size, ink: inkMuted, hang: 1}, vg.Point{X: plotWidth - marginSide, Y: middle}, grouped(r.Rows))

	cells := c.cells[i]
	c.runs(s, cells, y, y-c.cell, func(cell *stretch) (ink, bool) { return cell.ink(), cell.days > 0 })
	if c.columns.unit != "day" {
		c.runs(s, cells, y, y-c.cell/3, (*stretch).worstInk)
	}
}

// runs paints cells between two heights, those of one colour in a row as one.
func (c *coverageChart) runs(s *sheet, cells []stretch, top, bottom vg.Length, look func(*stretch) (ink, bool)) {
	for i := 0; i < len(cells); {
		colour, shown := look(&cells[i])
		j := i + 1
		for ; j < len(cells); j++ {
			if next, also := look(&cells[j]); next != colour || also != shown {
				break
			}
		}
		if shown {
			s.fill(colour, vg.Rectangle{Min: vg.Point{X: c.columns.x(i), Y: bottom}, Max: vg.Point{X: c.columns.x(j), Y: top}})
		}
		i = j
	}
}

// drawSeams parts wide columns by a line of paper.
func (c *coverageChart) drawSeams(s *sheet, top, bottom vg.Length) {
	seam := vg.Length(0)
	switch {
	case c.columns.width() >= 12:
		seam = 2 * pixel
	case c.columns.width() >= 3:
		seam = pixel
	default:
		return
	}
	for i := 1; i <= c.columns.count(); i++ {
		x := c.columns.x(i)
		s.fill(inkPaper, vg.Rectangle{Min: vg.Point{X: x - seam, Y: bottom}, Max: vg.Point{X: x, Y: top}})
	}
}

// drawMarks draws what a row's lane says, under its cells.
func (c *coverageChart) drawMarks(s *sheet, i int, y vg.Length) {
	if c.lane == 0 {
		return
	}
	top := y - c.cell
	thickness := max(1.5, c.lane/2)
	c.runs(s, c.cells[i], top-pixel, top-pixel-thickness, func(cell *stretch) (ink, bool) { return inkClosedCandles, cell.closed })
	for k := range c.cells[i] {
		if c.cells[i][k].errors {
			s.errorMark(vg.Point{X: (c.columns.x(k) + c.columns.x(k+1)) / 2, Y: top - pixel}, c.lane)
		}
	}
}
