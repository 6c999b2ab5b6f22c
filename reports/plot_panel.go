package reports

import (
	"iter"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scale is the range of an axis.
type scale struct{ min, max float64 }

// norm is where x lies on the axis, from 0 to 1: what lies beyond an end, or is
// no number, is drawn at an end.
func (s scale) norm(x float64) float64 {
	if !(x > s.min) {
		return 0
	}
	return min((x-s.min)/(s.max-s.min), 1)
}

// include makes the scale reach to every x that is a number.
func (s *scale) include(xs ...float64) {
	for _, x := range xs {
		if x-x != 0 { // an infinity or NaN
			continue
		}
		s.min, s.max = min(s.min, x), max(s.max, x)
	}
}

// padded leaves a part of the range free at either end; a scale of nothing
// becomes one around it.
func (s scale) padded(below, above, least float64) scale {
	if s.max-s.min < least {
		middle := (s.max + s.min) / 2
		s.min, s.max = min(s.min, middle-least/2), max(s.max, middle+least/2)
	}
	r := s.max - s.min
	return scale{s.min - below*r, s.max + above*r}
}

// panel is an area of a sheet with two axes.
type panel struct {
	*sheet
	area vg.Rectangle
	x, y scale
}

// panels cuts the sheet's area between the margins into panels, one under the
// other, of those heights, with a caption's room above each but the strips that
// have none. They share the time axis.
func (s *sheet) panels(x scale, heights ...vg.Length) []*panel {
	const gap = 22
	total := plotHeight - marginTop - marginBottom - gap*vg.Length(len(heights)-1)
	sum := vg.Length(0)
	for _, h := range heights {
		sum += h
	}
	top := plotHeight - marginTop
	list := make([]*panel, len(heights))
	for i, h := range heights {
		bottom := top - total*h/sum
		list[i] = &panel{sheet: s, x: x, y: scale{0, 1}, area: vg.Rectangle{
			Min: vg.Point{X: marginLeft, Y: bottom}, Max: vg.Point{X: plotWidth - marginRight, Y: top},
		}}
		top = bottom - gap
	}
	return list
}

// columns is how many pixels wide the panel is.
func (p *panel) columns() int { return int(p.area.Size().X * plotDPI / vg.Inch) }

func (p *panel) atX(x float64) vg.Length {
	return p.area.Min.X + vg.Length(p.x.norm(x))*p.area.Size().X
}

func (p *panel) atY(y float64) vg.Length {
	return p.area.Min.Y + vg.Length(p.y.norm(y))*p.area.Size().Y
}

func (p *panel) at(x, y float64) vg.Point { return vg.Point{X: p.atX(x), Y: p.atY(y)} }

// caption says above the panel what it shows.
func (p *panel) caption(title, rest string) {
	at := vg.Point{X: p.area.Min.X, Y: p.area.Max.Y + 6}
	l := lettering{size: sizeCaption, ink: inkText, bold: true}
	p.text(l, at, title)
	if rest != "" {
		at.X += p.face(l).Width(title) + 6
		p.text(lettering{size: sizeCaption, ink: inkMuted}, at, rest)
	}
}

// message says in the panel's middle why it is empty.
func (p *panel) message(text, hint string) {
	middle := vg.Point{X: (p.area.Min.X + p.area.Max.X) / 2, Y: (p.area.Min.Y + p.area.Max.Y) / 2}
	p.textMiddle(lettering{size: 12, ink: inkMuted, hang: 0.5}, middle, text)
	p.textMiddle(lettering{size: sizeText, ink: inkMuted, hang: 0.5}, vg.Point{X: middle.X, Y: middle.Y - 18}, hint)
}

// rows draws the grid of the vertical axis, and its labels.
func (p *panel) rows(ticks []tick) {
	for _, t := range ticks {
		y := p.atY(t.at)
		p.stroke(solid(inkGrid, 0.6), vg.Point{X: p.area.Min.X, Y: y}, vg.Point{X: p.area.Max.X, Y: y})
		p.textMiddle(lettering{size: sizeText, ink: inkMuted, hang: 1}, vg.Point{X: p.area.Min.X - 6, Y: y}, t.label)
	}
}

// columnsAt draws the grid of the horizontal axis; with labels, those under it.
func (p *panel) columnsAt(ticks []tick, labels bool) {
	l := lettering{size: sizeText, ink: inkMuted, hang: 0.5}
	for _, t := range ticks {
		x := p.atX(t.at)
		p.stroke(solid(inkGrid, 0.6), vg.Point{X: x, Y: p.area.Min.Y}, vg.Point{X: x, Y: p.area.Max.Y})
		if labels {
			p.text(l, vg.Point{X: x, Y: p.area.Min.Y - 12}, t.label)
			p.text(lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}, vg.Point{X: x, Y: p.area.Min.Y - 23}, t.below)
		}
	}
}

// base draws the line of no change.
func (p *panel) base(y float64) {
	p.stroke(solid(inkZero, 0.8), p.at(p.x.min, y), p.at(p.x.max, y))
}

// steps are the corners of a track on the panel, thinned to its pixels: each
// value holds until the next one, up to endMS. Neighbours are joined straight.
func (p *panel) steps(t Track, endMS int64, y func(float64) float64) []vg.Point {
	thin := decimate(t, int64(p.x.min), int64(p.x.max), p.columns())
	pixel := p.area.Size().X / vg.Length(p.columns())
	points := make([]vg.Point, 0, thin.Len()+64)
	for i, ms := range thin.TimeMS {
		at := p.at(float64(min(ms, endMS)), y(thin.Y[i]))
		if n := len(points); n > 0 && at.X-points[n-1].X > 2*pixel {
			points = append(points, vg.Point{X: at.X, Y: points[n-1].Y})
		}
		points = append(points, at)
	}
	if n := len(points); n > 0 && endMS > thin.TimeMS[thin.Len()-1] {
		points = append(points, vg.Point{X: p.atX(float64(endMS)), Y: points[n-1].Y})
	}
	return points
}

// line draws a line through many points.
func (p *panel) line(style draw.LineStyle, points []vg.Point) {
	for piece := range pieces(points) {
		p.stroke(style, piece...)
	}
}

// fillTo fills between corners and a level.
func (p *panel) fillTo(i ink, points []vg.Point, level float64) {
	y := p.atY(level)
	for piece := range pieces(points) {
		outline := make([]vg.Point, 0, len(piece)+2)
		outline = append(outline, vg.Point{X: piece[0].X, Y: y})
		outline = append(outline, piece...)
		outline = append(outline, vg.Point{X: piece[len(piece)-1].X, Y: y})
		p.FillPolygon(i, outline)
	}
}

// pieces cuts a long path: a rasteriser's time grows with the square of how
// often a path crosses a row of pixels. Each piece starts two pixels before the
// end of the last, so that no seam shows.
func pieces(points []vg.Point) iter.Seq[[]vg.Point] {
	const lengthMax, overlap = 1500, 2 * vg.Inch / plotDPI
	return func(yield func([]vg.Point) bool) {
		length := vg.Length(0)
		start := 0
		for i := 1; i < len(points); i++ {
			d := points[i].Sub(points[i-1])
			length += max(d.X, -d.X) + max(d.Y, -d.Y)
			if length < lengthMax && i < len(points)-1 {
				continue
			}
			if !yield(points[start : i+1]) {
				return
			}
			length = 0
			for start = i; start > 0 && points[i].X-points[start].X < overlap; start-- {
			}
		}
	}
}
