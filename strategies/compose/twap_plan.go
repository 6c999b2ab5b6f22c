package compose

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// plan is a change of a pair's net leverage in slices.
type plan struct {
	targets []float64 // after each slice; the last is the one that the guest asked for
	taken   int
	startMS int64
}

// dueMS is when the next slice is due: the first at once, the others at equal
// distances; MaxInt64 if all are taken.
func (p *plan) dueMS(durationMS int64) int64 {
	if p.taken == len(p.targets) {
		return math.MaxInt64
	}
	return p.startMS + durationMS*int64(p.taken)/int64(len(p.targets))
}

// end is what the plan leads to.
func (p *plan) end() float64 {
	if len(p.targets) == 0 {
		return 0
	}
	return p.targets[len(p.targets)-1]
}

// sliced is the targets of a change in at most n slices. A change to the other
// side is a closing and an opening, which share the slices by their sizes.
// closings false makes one slice of what reduces.
func sliced(from, to float64, n int, closings bool, limits *sim.PairLimits) []float64 {
	switch {
	case from*to >= 0:
		return oneSide(from, to, n, closings, limits)
	case !closings:
		return oneSide(0, to, n, closings, limits)
	case n == 1:
		return []float64{to}
	}
	closing := int(math.Round(float64(n) * math.Abs(from) / (math.Abs(from) + math.Abs(to))))
	closing = min(max(closing, 1), n-1)
	return append(oneSide(from, 0, closing, true, limits), oneSide(0, to, n-closing, true, limits)...)
}

// oneSide is sliced where the side stays the same, or is none before or after.
func oneSide(from, to float64, n int, closings bool, limits *sim.PairLimits) []float64 {
	low, high := math.Abs(from), math.Abs(to)
	if low <= high {
		return signed(growing(low, high, n, limits), to)
	}
	if !closings {
		return []float64{to}
	}
	targets := growing(high, low, n, limits) // backwards
	targets = append([]float64{high}, targets[:len(targets)-1]...)
	slices.Reverse(targets)
	return signed(targets, from)
}

// growing is the sizes of a position that grows in n equal slices, or fewer, so
// that none is below the smallest order; a new position's first slice is at
// least the smallest position, and the others share what is left. Rules §2, §4.
func growing(from, to float64, n int, limits *sim.PairLimits) []float64 {
	first := 0.0
	if from == 0 && limits.PositionMin > to/float64(n) {
		first = min(limits.PositionMin, to)
		n--
	}
	change := to - from - first
	if limits.OrderMin > 0 {
		n = min(n, int(math.Floor(change/limits.OrderMin*(1+hair))))
	}
	if n < 1 || change <= float64(hair*to) {
		return []float64{to}
	}
	var sizes []float64
	if first > 0 {
		sizes = append(sizes, first)
	}
	for k := 1; k < n; k++ {
		sizes = append(sizes, from+first+float64(change*float64(k)/float64(n)))
	}
	return append(sizes, to)
}

// signed gives sizes a side.
func signed(sizes []float64, side float64) []float64 {
	for i := range sizes {
		sizes[i] = math.Copysign(sizes[i], side)
	}
	return sizes
}
