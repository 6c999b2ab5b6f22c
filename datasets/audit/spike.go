package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
)

// How far a spike is looked at. Candles before and after tell what is usual: news
// moves a market for longer than a wrong price does.
const (
	spikeHistory = 60                      // candles before, whose ranges are the usual ones
	spikeLength  = 5                       // candles within which a spike comes back
	spikeCalm    = 8                       // candles after, whose ranges are usual, too
	spikeAhead   = spikeLength + spikeCalm // candles after its first that decide a spike
	spikeReturn  = 0.2                     // of the excursion: nearer to the old price is back
	spikeEnough  = 10                      // fewer candles around it tell nothing
)

// spikeRule is when a move is one.
type spikeRule struct {
	move   float64 // smallest excursion, a fraction of the price
	ranges float64 // smallest excursion, in usual ranges
}

// leap is what a move away from the last price turned out to be.
type leap struct {
	problem Problem // Spike, Scale or ""
	rows    int     // from the first row of a spike to the one that is back
	price   float64 // the last close before it
	extreme float64 // the farthest price
	usual   float64 // the usual range around it
	factor  float64 // a power of ten that it is near to, else 0
}

// candidate reports whether row i leaves the price prev by enough to be looked
// at.
func (r *spikeRule) candidate(s *market.Series, i int, prev float64) bool {
	return s.High[i] > float64(prev*(1+r.move)) || s.Low[i] < float64(prev*(1-r.move))
}

// judge looks at row i among the rows [from, to) around it, which hold
// spikeHistory rows before it and spikeAhead after it, where the file has them.
func (r *spikeRule) judge(s *market.Series, i, from, to int) leap {
	prev := i - 1
	for prev >= from && !goodRow(s, prev) {
		prev--
	}
	if prev < from || !goodRow(s, i) {
		return leap{}
	}
	l := leap{price: s.Close[prev]}
	up := s.High[i]-l.price >= l.price-s.Low[i]
	for k := i; k < min(i+spikeLength, to); k++ {
		if !goodRow(s, k) {
			continue
		}
		l.reach(s, k, up)
		if math.Abs(s.Close[k]-l.price) <= float64(spikeReturn*math.Abs(l.extreme-l.price)) {
			l.rows = k - i + 1
			break
		}
	}
	l.factor = powerOfTen(l.extreme / l.price)
	if l.rows == 0 {
		if l.factor = powerOfTen(s.Close[i] / l.price); l.factor != 0 {
			l.problem = Scale
		}
		return l
	}
	return r.measure(l, s, i, from, to)
}

// reach moves the extreme out to row k's.
func (l *leap) reach(s *market.Series, k int, up bool) {
	switch {
	case up && (l.extreme == 0 || s.High[k] > l.extreme):
		l.extreme = s.High[k]
	case !up && (l.extreme == 0 || s.Low[k] < l.extreme):
		l.extreme = s.Low[k]
	}
}

// measure holds a move that came back against the usual ranges before and after
// it.
func (r *spikeRule) measure(l leap, s *market.Series, i, from, to int) leap {
	var room [spikeHistory]float64
	before := ranges(room[:0], s, max(from, i-spikeHistory)+1, i)
	nBefore, usual := len(before), median(before)
	after := ranges(room[:0], s, i+l.rows+1, min(i+l.rows+spikeCalm, to))
	if nBefore+len(after) < spikeEnough {
		return l
	}
	l.usual = max(usual, median(after))
	away := math.Abs(l.extreme - l.price)
	if away >= float64(r.move*l.price) && away > float64(r.ranges*l.usual) {
		l.problem = Spike
	}
	return l
}

// far reports whether row k of a spike is part of it: beyond half of the way.
func (l *leap) far(s *market.Series, k int) bool {
	half := l.price + float64((l.extreme-l.price)/2)
	if l.extreme > l.price {
		return s.High[k] > half
	}
	return s.Low[k] < half
}

// ranges appends the true ranges of rows [from, to) that moved at all.
func ranges(dst []float64, s *market.Series, from, to int) []float64 {
	for k := from; k < to; k++ {
		if !goodRow(s, k) || !goodRow(s, k-1) {
			continue
		}
		prev := s.Close[k-1]
		if x := max(s.High[k], prev) - min(s.Low[k], prev); x > 0 {
			dst = append(dst, x)
		}
	}
	return dst
}

// goodRow reports whether row k has prices that can be reckoned with.
func goodRow(s *market.Series, k int) bool {
	return s.Low[k] >= minPrice && s.Low[k] <= s.High[k] && s.High[k] <= maxPrice && s.Close[k] >= minPrice && s.Close[k] <= maxPrice
}

// median returns the middle of the values, which it sorts; 0 of none.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return x[len(x)/2]
}

// powerOfTen returns the power of ten other than 1 that a factor is within a
// tenth of, 0 if none. Nothing between neighbouring candles is as large as the
// smallest.
func powerOfTen(factor float64) float64 {
	for p := 10.0; p <= 1e9; p *= 10 {
		switch {
		case factor > 0.9*p && factor < 1.1*p:
			return p
		case factor*p > 0.9 && factor*p < 1.1:
			return 1 / p
		}
	}
	return 0
}

// describe says what the spike looks like.
func (l *leap) describe() string {
	back := "within the candle"
	if l.rows > 1 {
		back = fmt.Sprintf("within %d candles", l.rows)
	}
	return fmt.Sprintf("from %v to %v and back %s (%s, %.0f usual ranges)", l.price, l.extreme, back,
		percent(l.extreme/l.price-1), math.Abs(l.extreme-l.price)/l.usual)
}

func percent(fraction float64) string {
	return fmt.Sprintf("%+.3g %%", fraction*100)
}
