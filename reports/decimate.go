package reports

// point is a point of a track, and its place among all that came.
type point struct {
	ms int64
	y  float64
	at int64
}

// bucket is what is kept of the points of a span of time: enough to draw a line
// through it, in a column of pixels, that looks like the line through them all.
type bucket struct {
	index                  int64 // of the span
	first, low, high, last point
}

func newBucket(index int64, p point) bucket {
	return bucket{index: index, first: p, low: p, high: p, last: p}
}

// extend takes further points of the span; before is how many points came
// before them.
func (b *bucket) extend(times []int64, ys []float64, before int64) {
	n := len(times)
	ys = ys[:n]
	low, high := b.low.y, b.high.y
	lowest, highest := -1, -1
	for i, y := range ys {
		if y < low {
			low, lowest = y, i
		}
		if y > high {
			high, highest = y, i
		}
	}
	if lowest >= 0 {
		b.low = point{times[lowest], low, before + int64(lowest)}
	}
	if highest >= 0 {
		b.high = point{times[highest], high, before + int64(highest)}
	}
	b.last = point{times[n-1], ys[n-1], before + int64(n-1)}
}

// join takes all of a later bucket.
func (b *bucket) join(later *bucket) {
	if later.low.y < b.low.y {
		b.low = later.low
	}
	if later.high.y > b.high.y {
		b.high = later.high
	}
	b.last = later.last
}

// appendTo adds the bucket's points to a track, in the order they came, each
// one once.
func (b *bucket) appendTo(t *Track) {
	early, late := b.low, b.high
	if late.at < early.at {
		early, late = late, early
	}
	at := b.first.at
	t.add(b.first.ms, b.first.y)
	for _, p := range [...]point{early, late, b.last} {
		if p.at > at {
			t.add(p.ms, p.y)
			at = p.at
		}
	}
}

// runBefore is how many of the times, at least one, come before end; the first
// does. They ascend, and mostly evenly, so it guesses before it searches.
func runBefore(times []int64, end int64) int {
	n := len(times)
	if times[n-1] < end {
		return n
	}
	if step := times[1] - times[0]; step > 0 {
		guess := int((end-1-times[0])/step) + 1
		if guess < n && times[guess-1] < end && times[guess] >= end {
			return guess
		}
	}
	lo, hi := 1, n-1 // times[lo-1] < end ≤ times[hi]
	for lo < hi {
		if mid := (lo + hi) / 2; times[mid] < end {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// decimate thins a track for a plot from fromMS to toMS that is so many columns
// of pixels wide: it keeps the first, lowest, highest and last point of each
// column.
func decimate(t Track, fromMS, toMS int64, columns int) Track {
	if toMS <= fromMS {
		return t
	}
	var thin Track
	width := float64(toMS-fromMS) / float64(columns)
	for at := 0; at < t.Len(); {
		column := int64(float64(t.TimeMS[at]-fromMS) / width)
		end := max(fromMS+int64(float64(column+1)*width), t.TimeMS[at]+1)
		n := runBefore(t.TimeMS[at:], end)
		b := newBucket(column, point{t.TimeMS[at], t.Y[at], int64(at)})
		b.extend(t.TimeMS[at:at+n], t.Y[at:at+n], int64(at))
		b.appendTo(&thin)
		at += n
	}
	return thin
}
