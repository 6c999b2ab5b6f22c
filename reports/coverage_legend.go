package reports

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// coverageTitle is what the head of a coverage calendar says.
type coverageTitle struct {
	head          string
	parts         []string // under it
	all           stretch
	candles, gaps int64
}

func (s *sheet) coverageHeader(t coverageTitle) {
	top := s.Max.Y - 28
	right := plotWidth - marginSide
	right = s.keyFigure(right, top, "candles", grouped(t.candles))
	right = s.keyFigure(right, top, "gaps", grouped(t.gaps))
	right = s.keyFigure(right, top, "complete", t.all.complete())
	s.text(lettering{size: sizeTitle, ink: inkText, bold: true}, vg.Point{X: marginSide, Y: top}, legible(t.head))
	l := lettering{size: sizeText, ink: inkMuted}
	s.text(l, vg.Point{X: marginSide, Y: top - 16}, s.fit(l, legible(strings.Join(t.parts, "  ·  ")), right-marginSide))
}

// coverageOfNothing says, under a head that ends at top, why there is no picture.
func (s *sheet) coverageOfNothing(top vg.Length) {
	p := panel{sheet: s, area: vg.Rectangle{Min: vg.Point{X: marginSide, Y: top - coverageEmpty}, Max: vg.Point{X: plotWidth - marginSide, Y: top}}}
	p.message("no candles", "there is no day to show")
}

// grouped writes a whole number in groups of thousands.
func grouped(n int64) string { return typeset(IntCell(n).text) }

// coverageMarks are the marks that a picture has, so that the legend explains
// no other.
type coverageMarks struct {
	market, closed, errors, worst bool
}

func (m *coverageMarks) see(s *stretch) {
	m.market = m.market || s.days > 0 && s.openMS <= 0
	m.closed = m.closed || s.closed
	m.errors = m.errors || s.errors
	_, worse := s.worstInk()
	m.worst = m.worst || worse
}

// coverageLegend explains the colours, and beside them the marks. Its swatches'
// upper edge is y.
func (s *sheet) coverageLegend(y vg.Length, marks coverageMarks) {
	const width, height = 38, 8
	text := lettering{size: sizeSmall, ink: inkMuted}
	x := marginSide
	const title = "open-market time missing"
	s.text(text, vg.Point{X: x, Y: y - 7}, title)
	x += s.face(text).Width(title) + 8
	for _, shade := range shades() {
		s.fill(shade.ink, vg.Rectangle{Min: vg.Point{X: x, Y: y - height}, Max: vg.Point{X: x + width - pixel, Y: y}})
		s.text(lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}, vg.Point{X: x + width/2, Y: y - height - 10}, shade.label)
		x += width
	}
	s.coverageKeys(x+20, y, marks)
}

// coverageKeys explains the marks, two under each other.
func (s *sheet) coverageKeys(x, y vg.Length, marks coverageMarks) {
	text := lettering{size: sizeSmall, ink: inkMuted}
	const swatch, row = 10, 14
	place, widest := 0, vg.Length(0)
	key := func(present bool, label string, draw func(r vg.Rectangle)) {
		if !present {
			return
		}
		upper := y - row*vg.Length(place%2)
		draw(vg.Rectangle{Min: vg.Point{X: x, Y: upper - 8}, Max: vg.Point{X: x + swatch, Y: upper}})
		s.text(text, vg.Point{X: x + swatch + 5, Y: upper - 7}, label)
		widest = max(widest, s.face(text).Width(label))
		if place++; place%2 == 0 {
			x, widest = x+swatch+5+widest+16, 0
		}
	}
	key(marks.market, "market closed", func(r vg.Rectangle) { s.fill(inkMarketClosed, r) })
	key(marks.closed, "candles in a closed market", func(r vg.Rectangle) {
		r.Min.Y, r.Max.Y = r.Min.Y+3, r.Min.Y+5
		s.closedMark(r)
	})
	key(marks.errors, "error (the first places)", func(r vg.Rectangle) {
		s.errorMark(vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: r.Max.Y - 1}, 5.5)
	})
	key(marks.worst, "worst day, on top", func(r vg.Rectangle) {
		s.fill(shades()[1].ink, r)
		r.Min.Y = r.Max.Y - 3
		s.fill(shades()[6].ink, r)
	})
}
