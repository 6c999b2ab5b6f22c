package reports

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// spread moves labels apart: of all places between low and high at which each is
// at least gap after the one before it, those nearest to the wanted ones, which
// ascend. Where there is no room for that gap it is made smaller.
func spread(wanted []vg.Length, gap, low, high vg.Length) []vg.Length {
	n := vg.Length(len(wanted))
	if len(wanted) == 0 {
		return nil
	}
	if len(wanted) > 1 {
		gap = min(gap, (high-low)/(n-1))
	}
	// Less the gaps below them the places need only not descend: where the wanted
	// ones do, they are all at their mean.
	type block struct {
		mean vg.Length
		n    int
	}
	var blocks []block
	for i, w := range wanted {
		b := block{w - gap*vg.Length(i), 1}
		for k := len(blocks) - 1; k >= 0 && blocks[k].mean >= b.mean; k-- {
			all := blocks[k].n + b.n
			b = block{(blocks[k].mean*vg.Length(blocks[k].n) + b.mean*vg.Length(b.n)) / vg.Length(all), all}
			blocks = blocks[:k]
		}
		blocks = append(blocks, b)
	}
	places := make([]vg.Length, 0, len(wanted))
	for _, b := range blocks {
		for range b.n {
			within := min(max(b.mean, low), high-gap*(n-1))
			places = append(places, within+gap*vg.Length(len(places)))
		}
	}
	return places
}

// endLabel names a line beside its end at the right edge of a panel.
type endLabel struct {
	at    vg.Length // the height of the line's end
	ink   ink
	first string // before the name: its rank
	name  string
	last  string // behind it: its value
}

// endLabels writes labels right of the panel, moved apart, each with a line to
// what it is of. The names are shortened to the room there is.
func (p *panel) endLabels(list []endLabel, size vg.Length) {
	const lead = 14
	slices.SortStableFunc(list, func(a, b endLabel) int { return cmp.Compare(a.at, b.at) })
	wanted := make([]vg.Length, len(list))
	first := vg.Length(0)
	for i, e := range list {
		wanted[i] = e.at
		first = max(first, p.face(lettering{size: size, bold: true}).Width(e.first))
	}
	if first > 0 {
		first += 5
	}
	left := p.area.Max.X + lead + 3
	for i, y := range spread(wanted, 1.18*size, p.area.Min.Y+size/2, p.area.Max.Y-size/2) {
		e := list[i]
		bold := lettering{size: size, ink: e.ink, bold: true, hang: 1}
		plain := lettering{size: size, ink: e.ink}
		p.stroke(solid(e.ink, 0.6), vg.Point{X: p.area.Max.X + 4, Y: e.at}, vg.Point{X: p.area.Max.X + lead, Y: y})
		if e.first != "" {
			p.textMiddle(bold, vg.Point{X: left + first - 5, Y: y}, e.first)
		}
		right := plotWidth - marginSide
		if e.last != "" {
			p.textMiddle(bold, vg.Point{X: right, Y: y}, e.last)
			right -= p.face(bold).Width(e.last) + 6
		}
		p.textMiddle(plain, vg.Point{X: left + first, Y: y}, p.fit(plain, legible(e.name), right-left-first))
	}
}

// clearing keeps labels off each other and off what they must not cover.
type clearing struct {
	bounds vg.Rectangle
	taken  []vg.Rectangle
}

// take reports whether a rectangle is free, and takes it if it is.
func (c *clearing) take(r vg.Rectangle) bool {
	if r.Min.X < c.bounds.Min.X || r.Max.X > c.bounds.Max.X || r.Min.Y < c.bounds.Min.Y || r.Max.Y > c.bounds.Max.Y {
		return false
	}
	for _, t := range c.taken {
		if r.Min.X < t.Max.X && t.Min.X < r.Max.X && r.Min.Y < t.Max.Y && t.Min.Y < r.Max.Y {
			return false
		}
	}
	c.taken = append(c.taken, r)
	return true
}

// block takes a square around a point, whatever is there.
func (c *clearing) block(at vg.Point, radius vg.Length) {
	c.taken = append(c.taken, vg.Rectangle{
		Min: vg.Point{X: at.X - radius, Y: at.Y - radius}, Max: vg.Point{X: at.X + radius, Y: at.Y + radius},
	})
}

// nameNear writes a name near a dot, where there is room for it; it reports
// whether there was.
func (s *sheet) nameNear(c *clearing, l lettering, at vg.Point, radius vg.Length, name string) bool {
	width, height := s.face(l).Width(name), capHeight*l.size
	for _, far := range [...]vg.Length{3, 9, 16, 26, 40, 58} {
		for _, side := range [...]vg.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}, {X: 0.8, Y: 0.8}, {X: -0.8, Y: 0.8}, {X: 0.8, Y: -0.8}, {X: -0.8, Y: -0.8}} {
			d := radius + far
			middle := vg.Point{X: at.X + side.X*d, Y: at.Y + side.Y*(d+height/2)}
			switch {
			case side.X > 0:
				middle.X += width / 2
			case side.X < 0:
				middle.X -= width / 2
			}
			box := vg.Rectangle{
				Min: vg.Point{X: middle.X - width/2 - 1, Y: middle.Y - height/2 - 1.5}, Max: vg.Point{X: middle.X + width/2 + 1, Y: middle.Y + height/2 + 1.5},
			}
			if !c.take(box) {
				continue
			}
			if far > 3 {
				end := vg.Point{X: min(max(at.X, box.Min.X), box.Max.X), Y: min(max(at.Y, box.Min.Y), box.Max.Y)}
				s.stroke(solid(inkZero, 0.5), toward(at, end, radius), end)
			}
			l.hang = 0.5
			s.textMiddle(l, middle, name)
			return true
		}
	}
	return false
}

// toward is the point so far from a on the way to b.
func toward(a, b vg.Point, length vg.Length) vg.Point {
	d := b.Sub(a)
	whole := vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
	if whole <= length {
		return b
	}
	return vg.Point{X: a.X + d.X*length/whole, Y: a.Y + d.Y*length/whole}
}

// rankAxis is a vertical axis of ranks, 1 on top: of many, logarithmic, for it is
// the best who are looked at.
type rankAxis struct {
	worst int // the last rank
	log   bool
}

func newRankAxis(worst int) rankAxis { return rankAxis{worst: max(worst, 1), log: worst > 24} }

// at is where a rank lies on the panel's axis: the better the higher.
func (a rankAxis) at(rank float64) float64 {
	if a.log {
		return -math.Log(rank)
	}
	return -rank
}

func (a rankAxis) scale() scale {
	if a.log {
		return scale{-math.Log(float64(a.worst) * 1.06), -math.Log(0.86)}
	}
	return scale{-float64(a.worst) - 0.6, -0.4}
}

func (a rankAxis) ticks() []tick {
	var ranks []int
	switch {
	case a.log:
		for _, r := range [...]int{1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000} {
			if r <= a.worst {
				ranks = append(ranks, r)
			}
		}
	case a.worst <= 12:
		for r := 1; r <= a.worst; r++ {
			ranks = append(ranks, r)
		}
	default:
		ranks = append(ranks, 1)
		for r := 5; r <= a.worst; r += 5 {
			ranks = append(ranks, r)
		}
	}
	ticks := make([]tick, len(ranks))
	for i, r := range ranks {
		ticks[i] = tick{at: a.at(float64(r)), label: grouped(int64(r))}
	}
	return ticks
}

// note says what a reader must know of the axis.
func (a rankAxis) note() string {
	if a.log {
		return "; logarithmic axis"
	}
	return ""
}

// cross marks an end.
func (s *sheet) cross(i ink, at vg.Point, radius, width vg.Length) {
	s.stroke(solid(i, width), vg.Point{X: at.X - radius, Y: at.Y - radius}, vg.Point{X: at.X + radius, Y: at.Y + radius})
	s.stroke(solid(i, width), vg.Point{X: at.X - radius, Y: at.Y + radius}, vg.Point{X: at.X + radius, Y: at.Y - radius})
}

// square marks an end of another kind.
func (s *sheet) square(i ink, at vg.Point, radius vg.Length) {
	s.fill(i, vg.Rectangle{Min: vg.Point{X: at.X - radius, Y: at.Y - radius}, Max: vg.Point{X: at.X + radius, Y: at.Y + radius}})
}

// disc is a dot of any size.
func (s *sheet) disc(i ink, at vg.Point, radius vg.Length) {
	var path vg.Path
	path.Move(vg.Point{X: at.X + radius, Y: at.Y})
	path.Arc(at, radius, 0, 2*math.Pi)
	path.Close()
	s.SetColor(i)
	s.Fill(path)
}

// ring is a disc with paper within.
func (s *sheet) ring(i ink, at vg.Point, radius, width vg.Length) {
	s.disc(i, at, radius)
	s.disc(inkPaper, at, radius-width)
}
