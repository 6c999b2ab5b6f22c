package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/datasets"
)

// calendarYearsMax is up to how many years a series alone is drawn as a
// calendar; past it the blocks would make a tower.
const calendarYearsMax = 25

// coverageCalendar is the coverage of one series: a block a year, in it a column
// a week and a row a weekday, from Monday on.
type coverageCalendar struct {
	row         *coverageRow
	first, last int       // years
	pitch       vg.Length // of weekdays
	marks       coverageMarks
	gaps        string // the longest, in words
}

// The measures of the calendar.
const (
	calendarLeft   vg.Length = 76
	calendarColumn vg.Length = 10.5 // a week: 54 of them touch a year at most
	calendarGap    vg.Length = 30   // between years: the labels of the months
	calendarFoot   vg.Length = 40   // legend, note
	calendarGaps   vg.Length = 20   // the longest gaps
)

// years is how many calendar years the row touches, at least 1.
func (r *coverageRow) years() int {
	from, to := r.span()
	return yearOf(max(to-1, from)) - yearOf(from) + 1
}

func yearOf(ms int64) int { return time.UnixMilli(ms).UTC().Year() }

func newCoverageCalendar(r *coverageRow) *coverageCalendar {
	c := &coverageCalendar{row: r, pitch: calendarColumn}
	if years := r.years(); years > 12 {
		c.pitch = 6
	} else if years > 6 {
		c.pitch = 8
	}
	from, to := r.span()
	c.first, c.last = yearOf(from), yearOf(max(to-1, from))
	for i := range r.days {
		c.marks.see(&r.days[i])
	}
	c.marks.worst = false
	c.gaps = longestGaps(r.Gaps.Longest)
	return c
}

// longestGaps tells of the three longest gaps when they begin and how much of
// the open market they take.
func longestGaps(gaps []datasets.Gap) string {
	gaps = slices.Clone(gaps)
	slices.SortStableFunc(gaps, func(a, b datasets.Gap) int { return cmp.Compare(b.OpenMS, a.OpenMS) })
	var parts []string
	for _, g := range gaps[:min(len(gaps), 3)] {
		parts = append(parts, minute(g.FromMS)+" ("+span(g.OpenMS)+")")
	}
	return strings.Join(parts, "  ·  ")
}

func (c *coverageCalendar) block() vg.Length { return 7*c.pitch + calendarGap }

func (c *coverageCalendar) height() vg.Length {
	if len(c.row.days) == 0 {
		return coverageHead + coverageEmpty
	}
	foot := calendarFoot
	if c.gaps != "" {
		foot += calendarGaps
	}
	return coverageHead + c.block()*vg.Length(c.last-c.first+1) + foot
}

func (c *coverageCalendar) draw(s *sheet, note string) {
	r := c.row
	from, to := r.span()
	t := coverageTitle{head: "Coverage of " + r.Pair.ID, parts: []string{r.Interval.String()}, all: r.all, candles: r.Rows, gaps: r.Gaps.Count}
	top := c.height() - coverageHead
	s.note(note)
	if len(r.days) == 0 {
		s.coverageHeader(t)
		s.coverageOfNothing(top)
		return
	}
	t.parts = append(t.parts, rangeText(from, to), "a square a day, UTC")
	s.coverageHeader(t)
	head := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	s.text(head, vg.Point{X: plotWidth - marginSide, Y: top + 6}, "incomplete days")
	s.text(head, vg.Point{X: plotWidth - marginSide - 72, Y: top + 6}, "complete")
	for year := c.first; year <= c.last; year++ {
		c.drawYear(s, year, top)
		top -= c.block()
	}
	if c.gaps != "" {
		l := lettering{size: sizeSmall, ink: inkMuted}
		s.text(l, vg.Point{X: marginSide, Y: top + 6}, "longest gaps, from")
		s.text(lettering{size: sizeSmall, ink: inkText}, vg.Point{X: marginSide + s.face(l).Width("longest gaps, from") + 8, Y: top + 6}, c.gaps)
		top -= calendarGaps
	}
	s.coverageLegend(top+8, c.marks)
}

// drawYear draws a year whose upper edge is top.
func (c *coverageCalendar) drawYear(s *sheet, year int, top vg.Length) {
	y := yearBlock{coverageCalendar: c, sheet: s, top: top, start: dayOfYear(year, time.January), end: dayOfYear(year+1, time.January)}
	y.monday = y.start - ((y.start+3)%7+7)%7
	y.labels(year)
	var all stretch
	incomplete := 0
	for day := y.start; day < y.end; day++ {
		cell := c.on(day)
		y.cell(day, cell)
		if cell == nil {
			continue
		}
		all.add(cell)
		if cell.missing() > 0 {
			incomplete++
		}
	}
	y.months()
	for day := y.start; day < y.end; day++ {
		if cell := c.on(day); cell != nil {
			y.mark(day, cell)
		}
	}
	middle := top - c.pitch/2 + pixel
	s.textMiddle(lettering{size: sizeText, ink: inkText, hang: 1}, vg.Point{X: plotWidth - marginSide - 72, Y: middle}, all.complete())
	s.textMiddle(lettering{size: sizeText, ink: inkMuted, hang: 1}, vg.Point{X: plotWidth - marginSide, Y: middle}, strconv.Itoa(incomplete))
}

// on is a day, in days since 1970-01-01; nil if the row doesn't have it.
func (c *coverageCalendar) on(day int64) *stretch {
	i := day - c.row.Days[0].StartMS/dayMS
	if i < 0 || i >= int64(len(c.row.days)) {
		return nil
	}
	return &c.row.days[i]
}

// dayOfYear is the first day of a month, in days since 1970-01-01.
func dayOfYear(year int, month time.Month) int64 {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Unix() / (dayMS / 1000)
}

// yearBlock is a year on the sheet. Days are counted since 1970-01-01.
type yearBlock struct {
	*coverageCalendar
	*sheet
	top        vg.Length
	start, end int64 // 1 January, and that of the next year
	monday     int64 // of the week of 1 January
}

// corner is a day's upper left corner.
func (y *yearBlock) corner(day int64) vg.Point {
	week, weekday := (day-y.monday)/7, (day-y.monday)%7
	return vg.Point{X: calendarLeft + calendarColumn*vg.Length(week), Y: y.top - y.pitch*vg.Length(weekday)}
}

// labels writes the year, the weekdays and the months.
func (y *yearBlock) labels(year int) {
	y.textMiddle(lettering{size: 11, ink: inkText, bold: true}, vg.Point{X: marginSide, Y: y.top - y.pitch/2 + pixel}, strconv.Itoa(year))
	small := lettering{size: min(sizeSmall, y.pitch+1), ink: inkMuted, hang: 1}
	for _, d := range [...]struct {
		name string
		row  vg.Length
	}{{"Mon", 0}, {"Wed", 2}, {"Fri", 4}, {"Sun", 6}} {
		y.textMiddle(small, vg.Point{X: calendarLeft - 6, Y: y.top - y.pitch*(d.row+0.5) + pixel}, d.name)
	}
	for m := time.January; m <= time.December; m++ {
		x := y.corner((dayOfYear(year, m)+6-y.monday)/7*7 + y.monday).X // the first Monday on or after
		y.text(lettering{size: sizeSmall, ink: inkMuted}, vg.Point{X: x, Y: y.top + 6}, m.String()[:3])
	}
}

// cell draws a day; one without data is a dot.
func (y *yearBlock) cell(day int64, cell *stretch) {
	at := y.corner(day)
	box := vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - y.pitch + 2*pixel}, Max: vg.Point{X: at.X + calendarColumn - 2*pixel, Y: at.Y}}
	if cell != nil {
		y.fill(cell.ink(), box)
		return
	}
	middle := vg.Point{X: (box.Min.X + box.Max.X) / 2, Y: (box.Min.Y + box.Max.Y) / 2}
	y.fill(inkGrid, vg.Rectangle{Min: vg.Point{X: middle.X - 0.75, Y: middle.Y - 0.75}, Max: vg.Point{X: middle.X + 0.75, Y: middle.Y + 0.75}})
}

// months draws the lines between the months, faint where there are no data.
func (y *yearBlock) months() {
	const half = pixel
	for m := time.February; m <= time.December; m++ {
		first := dayOfYear(yearOf(y.start*dayMS), m)
		style := solid(inkGrid, 0.6)
		if y.on(first) != nil || y.on(first-1) != nil {
			style = solid(inkMuted, 0.6)
		}
		p := y.corner(first)
		p.X, p.Y = p.X-half, p.Y+half
		bottom := y.top - 7*y.pitch + half
		if weekday := (first - y.monday) % 7; weekday == 0 {
			y.stroke(style, vg.Point{X: p.X, Y: y.top + half}, vg.Point{X: p.X, Y: bottom})
		} else {
			right := p.X + calendarColumn
			y.stroke(style, vg.Point{X: right, Y: y.top + half}, vg.Point{X: right, Y: p.Y}, p, vg.Point{X: p.X, Y: bottom})
		}
	}
}

// mark draws what is odd about a day.
func (y *yearBlock) mark(day int64, cell *stretch) {
	at := y.corner(day)
	bottom := at.Y - y.pitch + 2*pixel
	if cell.closed {
		y.closedMark(vg.Rectangle{Min: vg.Point{X: at.X, Y: bottom}, Max: vg.Point{X: at.X + calendarColumn - 2*pixel, Y: bottom + 2}})
	}
	if cell.errors {
		size := 0.55 * y.pitch
		y.errorMark(vg.Point{X: at.X + calendarColumn/2 - pixel, Y: at.Y - y.pitch/2 + size/2}, size)
	}
}
