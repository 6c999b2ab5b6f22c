package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/market"
)

// covered is a report of hourly candles: each day of the market is open for 24
// hours, of which so many lack; -1 is a day on which it is closed.
func covered(pair, from string, missing ...int64) *audit.Report {
	start, err := time.Parse(time.DateOnly, from)
	if err != nil {
		panic(err)
	}
	r := &audit.Report{Pair: market.Pair{ID: pair}, Interval: datasets.Hour, FirstMS: start.UnixMilli()}
	for i, hours := range missing {
		d := audit.Day{StartMS: r.FirstMS + int64(i)*dayMS}
		if hours >= 0 {
			d.OpenMS, d.PresentMS = dayMS, dayMS-hours*hourMS
			r.Rows += 24 - hours
		}
		if hours > 0 {
			r.Gaps.Count++
		}
		r.Days = append(r.Days, d)
	}
	r.EndMS = r.FirstMS + int64(len(missing))*dayMS
	return r
}

// weekly is many days of a market that is closed on every seventh, with a hole
// now and then.
func weekly(pair, from string, days int) *audit.Report {
	missing := make([]int64, days)
	for i := range missing {
		switch {
		case i%7 == 6:
			missing[i] = -1
		case i%45 == 11:
			missing[i] = int64(i % 25)
		}
	}
	return covered(pair, from, missing...)
}

func coveragePNG(t *testing.T, rs ...*audit.Report) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCoverage(&b, rs, PNG, ""); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// writing is a text of an SVG: its box in points, from the lower left corner of
// the sheet.
type writing struct {
	text                     string
	left, bottom, right, top float64
}

// coverageTexts draws the calendar as SVG, which must be well-formed, and
// returns its texts and size.
func coverageTexts(t *testing.T, note string, rs ...*audit.Report) (texts []writing, width, height float64) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCoverage(&b, rs, SVG, note); err != nil {
		t.Fatal(err)
	}
	if bad := regexp.MustCompile(`[\d",](NaN|[+-]?Inf)`).Find(b.Bytes()); bad != nil {
		t.Errorf("the SVG has a coordinate that is no number: %s", bad)
	}
	number := func(e *xml.StartElement, name string) float64 {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				x, err := strconv.ParseFloat(strings.TrimSuffix(a.Value, "pt"), 64)
				if err != nil {
					t.Fatal(err)
				}
				return x
			}
		}
		t.Fatalf("<%s> has no %s", e.Name.Local, name)
		return 0
	}
	var in *writing
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, width, height
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "svg":
				width, height = number(&token, "width"), number(&token, "height")
			case "text":
				x, y := number(&token, "x"), -number(&token, "y")
				in = &writing{left: x, right: x + number(&token, "textLength"), bottom: y, top: y + 6}
			}
		case xml.EndElement:
			in = nil
		case xml.CharData:
			if in != nil {
				in.text = string(token)
				texts = append(texts, *in)
			}
		}
	}
}

func lettersOf(texts []writing) []string {
	var list []string
	for _, w := range texts {
		list = append(list, w.text)
	}
	return list
}

func TestCoverageSays(t *testing.T) {
	a := covered("BTCUSD", "2025-03-03", 0, 6, 24)
	a.Interval = 15 * datasets.Minute
	b := covered("AUDUSD", "2025-03-04", 0, 0)
	texts, _, _ := coverageTexts(t, "a note", a, b)
	// 24 + 18 + 0 of 72 hours, and 48 of 48: together 90 of 120.
	wantTexts(t, lettersOf(texts), "Coverage", "2 pairs  ·  15m, 1h  ·  3 Mar 2025 – 5 Mar 2025  ·  a column a day, UTC",
		"58.33 %", "100 %", "75.00 %", "a note", "open-market time missing")
	if list := lettersOf(texts); slices.Index(list, "AUDUSD") > slices.Index(list, "BTCUSD") {
		t.Errorf("the pairs are not in order: %q", list)
	}
	for _, unneeded := range []string{"market closed", "candles in a closed market", "worst day, on top", "error (the first places)"} {
		if slices.Contains(lettersOf(texts), unneeded) {
			t.Errorf("the legend explains %q, which the picture lacks", unneeded)
		}
	}
}

func TestCoverageOfOneSays(t *testing.T) {
	r := covered("EURUSD", "2024-12-30", 0, 12, 0, -1, 24)
	r.Days[3].ClosedMS = hourMS
	r.Findings = []audit.Finding{{Problem: audit.Conflict, Severity: audit.Error, FromMS: r.Days[0].StartMS}}
	r.Gaps.Longest = []datasets.Gap{
		{FromMS: utc(t, "2024-12-31 03:00"), OpenMS: 12 * hourMS}, {FromMS: utc(t, "2025-01-01 00:00"), OpenMS: minuteMS},
		{FromMS: utc(t, "2025-01-02 01:30"), OpenMS: 90 * minuteMS}, {FromMS: utc(t, "2025-01-03 00:00"), OpenMS: 24 * hourMS},
	}
	texts, _, _ := coverageTexts(t, "", r)
	// 2024 has 24 + 12 of 48 hours, 2025 24 of 48.
	wantTexts(t, lettersOf(texts), "Coverage of EURUSD", "1h  ·  30 Dec 2024 – 3 Jan 2025  ·  a square a day, UTC", "62.50 %", "75.00 %", "50.00 %",
		"2024", "2025", "2025-01-03 00:00 (1 d)  ·  2024-12-31 03:00 (12 h)  ·  2025-01-02 01:30 (1 h 30 min)", "market closed", "candles in a closed market", "error (the first places)")
}

// TestCoverageNeverRoundsUp: what lacks anything is not 100 %.
func TestCoverageNeverRoundsUp(t *testing.T) {
	for _, c := range []struct {
		present, open int64
		want          string
	}{
		{0, 0, "–"}, {0, 5, "0.00 %"}, {5, 5, "100 %"}, {999_999, 1_000_000, "99.99 %"}, {2, 3, "66.66 %"}, {1, 1_000_000, "0.00 %"},
		{200*365*dayMS - 1, 200 * 365 * dayMS, "99.99 %"}, // nor does it overflow
	} {
		s := stretch{presentMS: c.present, openMS: c.open}
		if got := s.complete(); got != c.want {
			t.Errorf("%d of %d ms is %s, want %s", c.present, c.open, got, c.want)
		}
	}
}

func TestShades(t *testing.T) {
	for missing, want := range map[float64]string{
		0: "nothing", 1e-9: "≤ 1 %", 0.01: "≤ 1 %", 0.0101: "≤ 5 %", 0.2: "≤ 20 %", 0.5: "≤ 50 %", 0.51: "more", 0.999999: "more", 1: "all",
	} {
		if got := shades()[shadeOf(missing)].label; got != want {
			t.Errorf("%g missing is %q, want %q", missing, got, want)
		}
	}
}

// TestTimeColumns: whatever the span, the columns cover it, start at whole
// pixels, fit, and none is wider than another by more than a pixel.
func TestTimeColumns(t *testing.T) {
	start := utc(t, "2020-01-15 00:00")
	for _, c := range []struct {
		days  int64
		unit  string
		count int
	}{
		{1, "day", 1}, {150, "day", 150}, {366, "day", 366}, {594, "day", 594},
		{1826, "week", 262}, // 260 whole weeks and 6 days, from a Wednesday on: to a Tuesday
		{22 * 365, "month", 265}, {200 * 365, "year", 200},
	} {
		t.Run(fmt.Sprint(c.days), func(t *testing.T) {
			to := start + c.days*dayMS
			columns := newTimeColumns(start, to, 100, 594)
			if columns.unit != c.unit || columns.count() != c.count {
				t.Fatalf("%d columns of a %s, want %d of a %s", columns.count(), columns.unit, c.count, c.unit)
			}
			if columns.starts[0] > start || columns.starts[c.count] < to {
				t.Errorf("the columns are [%d, %d), the days [%d, %d)", columns.starts[0], columns.starts[c.count], start, to)
			}
			if right := columns.x(c.count); right > 694+1e-9 {
				t.Errorf("the columns end at %v", right)
			}
			for i := range c.count {
				if width := columns.x(i+1) - columns.x(i); width < columns.width()-1e-9 || width > columns.width()+pixel+1e-9 {
					t.Fatalf("column %d is %v wide, the narrowest %v", i, width, columns.width())
				}
				if at := columns.index(columns.starts[i]); at != i {
					t.Fatalf("the start of column %d is in column %d", i, at)
				}
				if at := columns.index(columns.starts[i+1] - 1); at != i {
					t.Fatalf("the end of column %d is in column %d", i, at)
				}
			}
		})
	}
}

// TestThinningKeepsTheWorst: a week has its mean, its worst day, and its marks.
func TestThinningKeepsTheWorst(t *testing.T) {
	missing := make([]int64, 7*700) // Mondays first
	missing[8], missing[9] = 24, 6
	missing[14] = -1
	r := covered("BTCUSD", "2001-01-01", missing...)
	r.Days[20].ClosedMS = 1
	r.Findings = []audit.Finding{{Severity: audit.Error, FromMS: r.Days[30].StartMS + 5}, {Severity: audit.Warning, FromMS: r.Days[40].StartMS}}
	c := newCoverageChart(coverageRows([]*audit.Report{r}))
	if c.columns.unit != "month" {
		t.Fatalf("columns of a %s", c.columns.unit)
	}
	january := c.cells[0][0]
	// 30 of the 31 days are open: 720 hours, of which 30 lack.
	if january.openMS != 720*hourMS || january.missing() != 30.0/720 || january.worst != 1 || !january.closed || !january.errors {
		t.Errorf("January is %+v", january)
	}
	if february := c.cells[0][1]; february.errors || february.closed || february.worst != 0 {
		t.Errorf("February is %+v", february)
	}
	if i, worse := january.worstInk(); !worse || i != shades()[6].ink || january.ink() != shades()[2].ink {
		t.Errorf("the inks of January are %x and %x", january.ink(), i)
	}
}

// colourAt is the colour at a place of a sheet, in points from its lower left.
func colourAt(img image.Image, x, y vg.Length) ink {
	px, py := int(x/pixel), img.Bounds().Max.Y-1-int(y/pixel)
	c := color.NRGBAModel.Convert(img.At(px, py)).(color.NRGBA)
	return ink(c.R)<<16 | ink(c.G)<<8 | ink(c.B)
}

// TestCoverageColours: each day of the chart has the colour of what it lacks,
// and a day that a series doesn't have is paper.
func TestCoverageColours(t *testing.T) {
	a := covered("AUDUSD", "2025-03-03", 0, 1, 12, 24)
	b := covered("BTCUSD", "2025-03-04", -1, 6)
	b.Days[0].ClosedMS = hourMS
	img := coveragePNG(t, a, b)
	c := newCoverageChart(coverageRows([]*audit.Report{a, b}))
	list := shades()
	for row, want := range [][]ink{
		{list[0].ink, list[2].ink, list[4].ink, list[6].ink},
		{inkPaper, inkMarketClosed, list[4].ink, inkPaper},
	} {
		if row == 1 {
			want[2] = list[4].ink // 6 of 24 hours: a quarter
		}
		for k, want := range want {
			// A quarter into the column, away from the axis's lines.
			x := c.columns.x(k) + (c.columns.x(k+1)-c.columns.x(k))/4
			y := c.height() - c.head() - c.pitch*vg.Length(row) - c.cell/2
			if got := colourAt(img, x, y); got != want {
				t.Errorf("day %d of row %d is %06x, want %06x", k, row, got, want)
			}
			mark := inkPaper
			if row == 1 && k == 1 {
				mark = inkClosedCandles
			}
			if got := colourAt(img, x, y-c.cell/2-1.25); got != mark {
				t.Errorf("under day %d of row %d is %06x, want %06x", k, row, got, mark)
			}
		}
	}
}

// TestCalendarColours: 2025-01-01 is a Wednesday, so that the third square of
// the first week is the first day.
func TestCalendarColours(t *testing.T) {
	r := covered("BTCUSD", "2025-01-01", 0, 24, -1, 12, 0, 6)
	img := coveragePNG(t, r)
	c := newCoverageCalendar(&coverageRows([]*audit.Report{r})[0])
	list := shades()
	for _, d := range []struct {
		week, weekday vg.Length
		want          ink
	}{
		{0, 1, inkPaper}, {0, 2, list[0].ink}, {0, 3, list[6].ink}, {0, 4, inkMarketClosed}, {0, 5, list[4].ink}, {0, 6, list[0].ink}, {1, 0, list[4].ink},
	} {
		x := calendarLeft + calendarColumn*d.week + 2
		y := c.height() - coverageHead - c.pitch*d.weekday - 2
		if got := colourAt(img, x, y); got != d.want {
			t.Errorf("weekday %v of week %v is %06x, want %06x", d.weekday, d.week, got, d.want)
		}
	}
}

// many is so many series of pairs with long and short names.
func many(n int, from string, days int) []*audit.Report {
	var rs []*audit.Report
	for i := range n {
		r := weekly(fmt.Sprintf("PAIR%d", i), from, days-i%3)
		if i%5 == 0 && days > 4 {
			r.Days[3].ClosedMS = 1
			r.Findings = []audit.Finding{{Severity: audit.Error, FromMS: r.Days[days/3].StartMS}}
			r.Gaps.Longest = slices.Repeat([]datasets.Gap{{FromMS: r.FirstMS, OpenMS: 25 * hourMS}}, 4)
		}
		rs = append(rs, r)
	}
	return rs
}

// TestCoverageTextsHaveRoom: whatever the shape, every text is on the sheet, and
// none over another.
func TestCoverageTextsHaveRoom(t *testing.T) {
	for name, rs := range map[string][]*audit.Report{
		"none": nil, "no day": many(1, "2025-01-01", 0), "no day of two": {covered("A", "2025-01-01"), covered("B", "2025-01-01")},
		"one day": many(1, "2025-01-01", 1), "one pair": many(1, "2025-02-03", 150), "one pair, five years": many(1, "2020-06-05", 1826),
		"one pair, twenty years": many(1, "2000-06-05", 7300), "one pair, a century": many(1, "1970-06-05", 36500),
		"two, three days": many(2, "2025-01-01", 3), "two, two weeks": many(2, "2024-12-25", 14), "two, fifteen days": many(2, "2024-12-25", 15),
		"28, a year": many(28, "2025-02-16", 365), "40, five years": many(40, "2020-01-01", 1826), "60, two years": many(60, "2024-03-01", 730),
		"three, sixty years": many(3, "1970-01-01", 21900), "many": many(260, "2025-01-01", 40),
		"long name": {covered(strings.Repeat("PAIR", 30), "2025-01-01", 0), covered("B", "2025-01-01", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			texts, width, height := coverageTexts(t, "synthetic data", rs...)
			for i, a := range texts {
				if a.left < 0 || a.right > width || a.bottom < 2 || a.top > height {
					t.Errorf("%q is at (%g, %g) to (%g, %g), outside of %g × %g", a.text, a.left, a.bottom, a.right, a.top, width, height)
				}
				for _, b := range texts[:i] {
					if a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top {
						t.Errorf("%q and %q overlap", a.text, b.text)
					}
				}
			}
		})
	}
}

// TestCoverageFoldsTheMostComplete: where there are more series than fit, those
// with errors and those that lack most stay.
func TestCoverageFoldsTheMostComplete(t *testing.T) {
	var rs []*audit.Report
	for i := range coverageRowsMax + 10 {
		rs = append(rs, covered(fmt.Sprintf("P%03d", i), "2025-01-01", int64(i%7)))
	}
	rs[7].Findings = []audit.Finding{{Severity: audit.Error}}
	rows, rest := foldCoverage(coverageRows(rs))
	if len(rows) != coverageRowsMax || !slices.ContainsFunc(rows, func(r coverageRow) bool { return r.Pair.ID == "P007" }) {
		t.Errorf("%d rows, want %d with P007, which has an error", len(rows), coverageRowsMax)
	}
	for i := range rows {
		if rs := rows[i]; i > 0 && rs.Pair.ID < rows[i-1].Pair.ID {
			t.Errorf("%s comes after %s", rs.Pair.ID, rows[i-1].Pair.ID)
		}
	}
	if rest != "10 more series are not shown; the least complete of them has 100 %" {
		t.Errorf("the note is %q", rest)
	}
	texts, _, _ := coverageTexts(t, "n", rs...)
	wantTexts(t, lettersOf(texts), "10 more series are not shown; the least complete of them has 100 %  ·  n", "210 pairs  ·  ")
}

func TestCoverageSameBytes(t *testing.T) {
	rs := many(5, "2025-02-16", 100)
	for _, format := range []PlotFormat{PNG, SVG} {
		var drawn [2]bytes.Buffer
		for i := range drawn {
			if err := WriteCoverage(&drawn[i], rs, format, "n"); err != nil {
				t.Fatal(err)
			}
			rs = slices.Clone(rs)
			slices.Reverse(rs)
		}
		if !bytes.Equal(drawn[0].Bytes(), drawn[1].Bytes()) {
			t.Errorf("%s differs with the order of the reports", format)
		}
	}
}

func TestSaveCoverage(t *testing.T) {
	dir := t.TempDir()
	rs := many(2, "2025-01-01", 30)
	for _, name := range []string{"c.png", "c.SVG"} {
		if err := SaveCoverage(filepath.Join(dir, name), rs, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{filepath.Join(dir, "c.gif"), filepath.Join(dir, "c"), filepath.Join(dir, "missing", "c.png")} {
		if err := SaveCoverage(name, rs, ""); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("%v (%v), want the two pictures and nothing else", files, err)
	}
}

// BenchmarkCoverage draws 40 pairs over five years.
func BenchmarkCoverage(b *testing.B) {
	rs := many(40, "2020-01-01", 1826)
	for _, format := range []PlotFormat{PNG, SVG} {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteCoverage(io.Discard, rs, format, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
