package reports

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/datasets/audit"
)

// WriteCoverage draws the coverage calendar of audited series: a row a series
// and a column a day, coloured by how much of the day's open market has candles.
// Over a long span a column is a week, a month or a year: it has the colour of
// their mean, and that of their worst day on top. One series alone is drawn as
// the calendar it is, weekdays by weeks, a block a year: a single row would hide
// the weekdays, which is where a wrong clock shows.
//
// The note is written under the picture; "" is none. The same reports give the
// same bytes, in whatever order they come.
func WriteCoverage(w io.Writer, rs []*audit.Report, format PlotFormat, note string) error {
	rows := coverageRows(rs)
	if len(rows) == 1 && rows[0].years() <= calendarYearsMax {
		c := newCoverageCalendar(&rows[0])
		return writePicture(w, c.height(), format, func(s *sheet) error { c.draw(s, note); return nil })
	}
	c := newCoverageChart(rows)
	return writePicture(w, c.height(), format, func(s *sheet) error { c.draw(s, note); return nil })
}

// SaveCoverage draws the coverage calendar into a file, in the format that its
// extension names. The file appears whole, or not at all.
func SaveCoverage(path string, rs []*audit.Report, note string) error {
	format, err := PlotFormatOf(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("the coverage calendar: %w", err)
	}
	out := bufio.NewWriter(f)
	err = WriteCoverage(out, rs, format, note)
	err = errors.Join(err, out.Flush(), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("the coverage calendar: %w", err)
	}
	return nil
}

// PlotFormatOf is the format of a picture's file, by its extension.
func PlotFormatOf(path string) (PlotFormat, error) {
	switch extension := strings.ToLower(filepath.Ext(path)); extension {
	case ".png":
		return PNG, nil
	case ".svg":
		return SVG, nil
	}
	return "", fmt.Errorf("found the file name %q for a picture, expected one that ends in .png or .svg", path)
}

// coverageRow is a series in the coverage calendar.
type coverageRow struct {
	*audit.Report
	all  stretch   // of all its days
	days []stretch // one a day, as Report.Days
}

// coverageRows are the series by pair and interval.
func coverageRows(rs []*audit.Report) []coverageRow {
	rows := make([]coverageRow, len(rs))
	for i, r := range rs {
		rows[i] = coverageRow{Report: r, days: make([]stretch, len(r.Days))}
		for k := range r.Days {
			rows[i].days[k].addDay(&r.Days[k])
		}
		rows[i].markErrors()
		for k := range rows[i].days {
			rows[i].all.add(&rows[i].days[k])
		}
	}
	slices.SortStableFunc(rows, compareRows)
	return rows
}

// compareRows is the order of the rows: by pair, then interval.
func compareRows(a, b coverageRow) int {
	return cmp.Or(cmp.Compare(a.Pair.ID, b.Pair.ID), cmp.Compare(a.Interval, b.Interval), cmp.Compare(a.File, b.File))
}

// markErrors marks the days of the errors that the report tells the places of:
// those on which they begin.
func (r *coverageRow) markErrors() {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Severity != audit.Error {
			continue
		}
		r.markError(f.FromMS)
		for _, o := range f.First {
			r.markError(o.FromMS)
		}
	}
}

func (r *coverageRow) markError(ms int64) {
	if from, to := r.span(); from <= ms && ms < to {
		r.days[(ms-from)/dayMS].errors = true
	}
}

// span is the days that the row has, from midnight to midnight, UTC ms.
func (r *coverageRow) span() (fromMS, toMS int64) {
	if len(r.Days) == 0 {
		return 0, 0
	}
	return r.Days[0].StartMS, r.Days[len(r.Days)-1].StartMS + dayMS
}

// stretch is how complete some days are.
type stretch struct {
	days      int
	openMS    int64 // open-market time
	presentMS int64 // of it with candles
	closed    bool  // candles outside the open market
	errors    bool  // an error's place
	worst     float64
}

func (s *stretch) addDay(d *audit.Day) {
	one := stretch{days: 1, openMS: d.OpenMS, presentMS: min(d.PresentMS, d.OpenMS), closed: d.ClosedMS > 0}
	one.worst = one.missing()
	s.add(&one)
}

func (s *stretch) add(o *stretch) {
	s.days += o.days
	s.openMS += o.openMS
	s.presentMS += o.presentMS
	s.closed = s.closed || o.closed
	s.errors = s.errors || o.errors
	s.worst = max(s.worst, o.worst)
}

// missing is the part of the open-market time without candles, from 0 to 1.
func (s *stretch) missing() float64 {
	if s.openMS <= 0 {
		return 0
	}
	return float64(s.openMS-s.presentMS) / float64(s.openMS)
}

// complete is how complete days are, for people. It is rounded down: only what
// lacks nothing is 100 %.
func (s *stretch) complete() string {
	switch {
	case s.openMS <= 0:
		return noFigure
	case s.presentMS >= s.openMS:
		return "100 %"
	}
	n := s.presentMS * 10_000 / s.openMS
	return fmt.Sprintf("%d.%02d %%", n/100, n%100)
}

// shade is a class of completeness, with its colour.
type shade struct {
	upTo  float64 // the largest part missing
	label string  // of the legend
	ink   ink
}

// shades go from a calm blue over yellow to a brown that is almost black: ever
// darker from yellow on, and blue against yellow, which every kind of
// colour-blindness tells apart.
func shades() [7]shade {
	return [...]shade{
		{0, "nothing", 0x8FBCCB},
		{0.01, "≤ 1 %", 0xFFE38F},
		{0.05, "≤ 5 %", 0xFDC257},
		{0.20, "≤ 20 %", 0xEC7F1F},
		{0.50, "≤ 50 %", 0xCF5413},
		{1 - 1e-12, "more", 0x8E2F0B},
		{1, "all", 0x3A0F06},
	}
}

// The marks of the coverage calendar.
const (
	inkMarketClosed  ink = 0xE9EDF1
	inkClosedCandles ink = 0x7A4FB5
	inkErrorMark     ink = inkText
)

// shadeOf is the index of a part missing among shades.
func shadeOf(missing float64) int {
	list := shades()
	return slices.IndexFunc(list[:], func(s shade) bool { return missing <= s.upTo })
}

// ink is the colour of the days' mean.
func (s *stretch) ink() ink {
	if s.openMS <= 0 {
		return inkMarketClosed
	}
	return shades()[shadeOf(s.missing())].ink
}

// worstInk is the colour of the worst day, if it is worse than the mean's.
func (s *stretch) worstInk() (i ink, worse bool) {
	worst := shadeOf(s.worst)
	return shades()[worst].ink, s.openMS > 0 && worst > shadeOf(s.missing())
}

// closedMark draws that there are candles in a closed market: a bar.
func (s *sheet) closedMark(r vg.Rectangle) { s.fill(inkClosedCandles, r) }

// errorMark draws an error: a triangle whose top is at p, with an edge of paper
// so that it shows on any colour.
func (s *sheet) errorMark(p vg.Point, height vg.Length) {
	triangle := func(top, half, bottom vg.Length) []vg.Point {
		return []vg.Point{{X: p.X, Y: p.Y + top}, {X: p.X + half, Y: p.Y - bottom}, {X: p.X - half, Y: p.Y - bottom}}
	}
	s.FillPolygon(inkPaper, triangle(1.2, 0.62*height+1.2, height+0.7))
	s.FillPolygon(inkErrorMark, triangle(0, 0.62*height, height))
}
