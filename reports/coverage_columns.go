package reports

import (
	"slices"
	"time"

	"gonum.org/v1/plot/vg"
)

// timeColumns is a time axis of columns: a day, a week, a month or a year each.
// They start at whole pixels, so that none is blurred, and differ in width by a
// pixel at most.
type timeColumns struct {
	unit   string  // "day", "week", "month" or "year"
	starts []int64 // where each column starts, and where the last one ends, UTC ms
	left   vg.Length
	pixels int // of all columns
}

// pixel is what PNG draws as one.
const pixel = vg.Inch / plotDPI

// newTimeColumns fits the columns of a span of days into a width: days, if each
// has two pixels; else weeks or months of three; else years.
func newTimeColumns(fromMS, toMS int64, left, width vg.Length) *timeColumns {
	pixels := int(width / pixel)
	const mondayMS = 4 * dayMS // 1970-01-05
	for _, unit := range [...]struct {
		name   string
		pixels int // at least
		starts func() []int64
	}{
		{"day", 2, func() []int64 { return fixedStarts(fromMS, toMS, dayMS, 0) }},
		{"week", 3, func() []int64 { return fixedStarts(fromMS, toMS, 7*dayMS, mondayMS) }},
		{"month", 3, func() []int64 { return monthStarts(fromMS, toMS, 1) }},
		{"year", 1, func() []int64 { return monthStarts(fromMS, toMS, 12) }},
	} {
		starts := unit.starts()
		if n := max(len(starts)-1, 1); pixels/n >= unit.pixels || unit.name == "year" {
			return &timeColumns{unit.name, starts, left, max(pixels, n)}
		}
	}
	panic("reports: no unit of time columns")
}

// fixedStarts are the columns of a fixed length that hold [fromMS, toMS).
func fixedStarts(fromMS, toMS, length, offset int64) []int64 {
	first := fromMS - ((fromMS-offset)%length+length)%length
	var starts []int64
	for t := first; t < toMS; t += length {
		starts = append(starts, t)
	}
	return append(starts, first+int64(len(starts))*length)
}

// monthStarts are the columns of so many months that hold [fromMS, toMS).
func monthStarts(fromMS, toMS int64, months int) []int64 {
	from := time.UnixMilli(fromMS).UTC()
	var starts []int64
	for m := (from.Year()*12 + int(from.Month()) - 1) / months * months; ; m += months {
		t := time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
		starts = append(starts, t)
		if t >= toMS {
			return starts
		}
	}
}

// count is how many columns there are.
func (c *timeColumns) count() int { return len(c.starts) - 1 }

// x is where column i starts.
func (c *timeColumns) x(i int) vg.Length { return c.left + pixel*vg.Length(i*c.pixels/c.count()) }

// width is that of the narrowest column.
func (c *timeColumns) width() vg.Length { return pixel * vg.Length(c.pixels/c.count()) }

// at is where an instant within the columns lies.
func (c *timeColumns) at(ms int64) vg.Length {
	i := c.index(ms)
	part := float64(ms-c.starts[i]) / float64(c.starts[i+1]-c.starts[i])
	return c.x(i) + (c.x(i+1)-c.x(i))*vg.Length(part)
}

// index is the column of an instant.
func (c *timeColumns) index(ms int64) int {
	i, found := slices.BinarySearch(c.starts, ms)
	if !found {
		i--
	}
	return min(max(i, 0), c.count()-1)
}

// gather adds a row's days up by column.
func (c *timeColumns) gather(r *coverageRow) []stretch {
	cells := make([]stretch, c.count())
	for k := range r.days {
		cells[c.index(r.Days[k].StartMS)].add(&r.days[k])
	}
	return cells
}

// ticks are the marks of the axis: each day in its middle, if there are few.
func (c *timeColumns) ticks() []tick {
	const fewDays = 14
	from, to := c.starts[0], c.starts[c.count()]
	if c.unit != "day" || c.count() > fewDays {
		return timeTicks(from, to-1, 12)
	}
	ticks := labelTimes(c.starts[:c.count()], dayMS)
	for i := range ticks {
		ticks[i].at += dayMS / 2
	}
	return ticks
}
