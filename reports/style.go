package reports

import (
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ink is an opaque colour, 0xRRGGBB. The colours keep their meaning in every
// plot, and differ in lightness too, so that nobody needs to tell red from green.
type ink uint32

// RGBA makes an ink a color.Color.
func (i ink) RGBA() (r, g, b, a uint32) {
	return uint32(i >> 16 & 0xff * 0x101), uint32(i >> 8 & 0xff * 0x101), uint32(i & 0xff * 0x101), 0xffff
}

// The palette.
const (
	inkPaper ink = 0xFFFFFF
	inkText  ink = 0x1F2A37
	inkMuted ink = 0x66717F // captions, tick labels
	inkGrid  ink = 0xE6EAEE
	inkZero  ink = 0xA3ADB8 // the line of no change

	inkEquity       ink = 0x1B3B6F
	inkDrawdown     ink = 0xB5352A
	inkDrawdownArea ink = 0xF3C9C3
	inkLimit        ink = 0xD62728

	inkGain ink = 0x2B8C7E
	inkLoss ink = 0xC8553D

	inkLong  ink = 0x15803D
	inkShort ink = 0xE08A00
	inkFlat  ink = 0x7A8594

	inkCarry    ink = 0x3B6EA5
	inkFee      ink = 0x8E6BAE
	inkSlippage ink = 0xE3A13B
)

// The sizes of a plot: 16:9, in points, of which PNG draws two pixels each.
const (
	plotWidth  vg.Length = 800
	plotHeight vg.Length = 450
	plotDPI              = 144

	marginLeft   vg.Length = 56
	marginRight  vg.Length = 64 // room for the labels at the lines' ends
	marginTop    vg.Length = 78 // title, key figures, the first caption
	marginBottom vg.Length = 47 // two lines of tick labels, and the note

	sizeTitle   vg.Length = 16
	sizeKey     vg.Length = 14
	sizeText    vg.Length = 9.5
	sizeSmall   vg.Length = 8.5
	sizeCaption vg.Length = 9.5
)

// sheet is a plot in the making: a canvas and the house's typefaces.
type sheet struct {
	draw.Canvas
	regular, bold *opentype.Font

	widths []vg.Length // of every text, in the order they were written
}

func newSheet(c vg.Canvas, height vg.Length) (*sheet, error) {
	s := &sheet{Canvas: draw.NewCanvas(c, plotWidth, height)}
	var err error
	if s.regular, err = opentype.Parse(liberationsansregular.TTF); err != nil {
		return nil, err
	}
	if s.bold, err = opentype.Parse(liberationsansbold.TTF); err != nil {
		return nil, err
	}
	return s, nil
}

// lettering is how a text looks and where it hangs at its point: 0 to the
// right of it, 0.5 centred, 1 to the left.
type lettering struct {
	size vg.Length
	ink  ink
	bold bool
	hang vg.Length
}

func (s *sheet) face(l lettering) *font.Face {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: l.size}
	if l.bold {
		f.Weight = xfont.WeightBold
		return &font.Face{Font: f, Face: s.bold}
	}
	return &font.Face{Font: f, Face: s.regular}
}

// capHeight is the height of capitals and digits, as a part of the size.
const capHeight = 0.7

// text writes one line whose baseline runs through p.
func (s *sheet) text(l lettering, p vg.Point, line string) {
	if line == "" {
		return
	}
	face := s.face(l)
	width := face.Width(line)
	p.X -= l.hang * width
	s.widths = append(s.widths, width)
	s.SetColor(l.ink)
	s.FillString(*face, p, line)
}

// textMiddle writes one line whose capitals p is half the height of.
func (s *sheet) textMiddle(l lettering, p vg.Point, line string) {
	p.Y -= l.size * capHeight / 2
	s.text(l, p, line)
}

// label writes one line on a piece of paper, so that it reads over anything.
func (s *sheet) label(l lettering, p vg.Point, line string) {
	const pad = 2
	width := s.face(l).Width(line)
	x := p.X - l.hang*width
	s.fill(inkPaper, vg.Rectangle{
		Min: vg.Point{X: x - pad, Y: p.Y - pad - 0.2*l.size}, Max: vg.Point{X: x + width + pad, Y: p.Y + capHeight*l.size + pad},
	})
	s.text(l, p, line)
}

// fit shortens a line to a width.
func (s *sheet) fit(l lettering, line string, width vg.Length) string {
	face := s.face(l)
	if face.Width(line) <= width {
		return line
	}
	runes := []rune(line)
	for len(runes) > 0 && face.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// fill paints a rectangle.
func (s *sheet) fill(i ink, r vg.Rectangle) {
	s.SetColor(i)
	s.Fill(r.Path())
}

// stroke draws a line through points.
func (s *sheet) stroke(style draw.LineStyle, points ...vg.Point) {
	s.StrokeLines(style, points)
}

// solid is a full line, dashed a broken one.
func solid(i ink, width vg.Length) draw.LineStyle { return draw.LineStyle{Color: i, Width: width} }

func dashed(i ink, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: i, Width: width, Dashes: []vg.Length{4, 3}}
}
