package market

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"time"
)

// Schedule answers when a market is open, from the instants at which it opens
// and closes, computed once for a range of years. Rules §3.
//
// A schedule is immutable: any number of goroutines may share one.
type Schedule struct {
	// edges are the instants at which the market opens (even indices) and
	// closes (odd), UTC ms, strictly ascending. Before the first it is closed.
	edges []int64
	// openMS[i] is how long the market was open from edges[0] to edges[i].
	openMS []int64
	// covers [firstMS, endMS).
	firstMS, endMS int64
}

// The years that a schedule may reach: enough for any candle, and a time in
// seconds or microseconds falls outside, or in 1970.
const (
	scheduleYearMin = 1970
	scheduleYearMax = 2200
)

// NewSchedule returns the schedule of a market over at least a year before
// fromMS to a year after toMS, UTC ms. Markets that are always or never open
// are covered for all time.
func NewSchedule(h Hours, fromMS, toMS int64) (*Schedule, error) {
	p, err := h.parse()
	if err != nil {
		return nil, fmt.Errorf("market hours: %w", err)
	}
	if fromMS > toMS {
		return nil, fmt.Errorf("market hours: the range ends (%d ms) before it starts (%d ms)", toMS, fromMS)
	}
	switch h.Kind {
	case Always:
		return newSchedule([]int64{math.MinInt64}, math.MinInt64, math.MaxInt64), nil
	case Never:
		return newSchedule(nil, math.MinInt64, math.MaxInt64), nil
	}

	from, to := time.UnixMilli(fromMS).UTC().Year()-1, time.UnixMilli(toMS).UTC().Year()+1
	if from < scheduleYearMin-1 || to > scheduleYearMax {
		return nil, fmt.Errorf("market hours: the range from %d to %d is not in UTC milliseconds of the years %d to %d",
			fromMS, toMS, scheduleYearMin, scheduleYearMax-1)
	}
	first, end := civil(from, time.January, 1), civil(to+1, time.January, 1)
	return newSchedule(p.edges(h.Kind, first, end), first*dayMS, end*dayMS), nil
}

func newSchedule(edges []int64, firstMS, endMS int64) *Schedule {
	s := &Schedule{edges: edges, openMS: make([]int64, len(edges)), firstMS: firstMS, endMS: endMS}
	for i := 1; i < len(edges); i++ {
		s.openMS[i] = s.openMS[i-1]
		if i%2 == 1 {
			s.openMS[i] += edges[i] - edges[i-1]
		}
	}
	return s
}

// Covers returns the range [firstMS, endMS) of instants, UTC ms, that the
// schedule answers for. A question about any other instant is a programmer's
// error and panics, so that a closed market is never a guess.
func (s *Schedule) Covers() (firstMS, endMS int64) { return s.firstMS, s.endMS }

// At returns whether the market is open at an instant, UTC ms, and the first
// instant after it at which that changes; math.MaxInt64 if it does not within
// the schedule's knowledge. O(log n), no allocation; panics outside Covers.
func (s *Schedule) At(ms int64) (open bool, untilMS int64) {
	i := s.passed(ms)
	return i%2 == 1, s.edge(i)
}

// Since returns whether the market is open at an instant, UTC ms, and since when;
// math.MinInt64 if it always was within the schedule's knowledge. O(log n), no
// allocation; panics outside Covers.
func (s *Schedule) Since(ms int64) (open bool, fromMS int64) {
	i := s.passed(ms)
	if i == 0 {
		return false, math.MinInt64
	}
	return i%2 == 1, s.edges[i-1]
}

// Open reports whether the market is open at an instant, UTC ms.
// It panics outside Covers.
func (s *Schedule) Open(ms int64) bool { return s.passed(ms)%2 == 1 }

// OpenMS returns for how many milliseconds of [a, b) the market is open; 0 if
// b is not after a. O(log n), no allocation; panics if a or b-1 is outside
// Covers.
func (s *Schedule) OpenMS(a, b int64) int64 {
	if b <= a {
		return 0
	}
	i, j := s.passed(a), s.passed(b-1)
	if i == j { // no edge in between
		if i%2 == 1 {
			return b - a
		}
		return 0
	}
	open := s.openMS[j-1] - s.openMS[i] // from the first edge after a to the last before b
	if i%2 == 1 {
		open += s.edges[i] - a
	}
	if j%2 == 1 {
		open += b - s.edges[j-1]
	}
	return open
}

// Sessions yields the parts of [a, b) in which the market is open, in order,
// each from its opening instant to its closing one (excluded), UTC ms, cut off
// at a and b. It panics if a or b-1 is outside Covers.
func (s *Schedule) Sessions(a, b int64) iter.Seq2[int64, int64] {
	return func(yield func(openMS, closeMS int64) bool) {
		if b <= a {
			return
		}
		s.passed(b - 1) // for its panic
		for i := s.passed(a) | 1; s.edge(i-1) < b; i += 2 {
			if !yield(max(a, s.edges[i-1]), min(b, s.edge(i))) {
				return
			}
		}
	}
}

// edge returns the instant of edge i, math.MaxInt64 past the last.
func (s *Schedule) edge(i int) int64 {
	if i < len(s.edges) {
		return s.edges[i]
	}
	return math.MaxInt64
}

// passed returns how many edges are at or before ms: odd when the market is
// open.
func (s *Schedule) passed(ms int64) int {
	if ms < s.firstMS || ms >= s.endMS {
		panic(fmt.Sprintf("market: instant %d ms is outside the schedule, which covers [%d, %d)", ms, s.firstMS, s.endMS))
	}
	lo, hi := 0, len(s.edges)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if s.edges[mid] <= ms {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// edges returns the instants at which the market opens and closes in turn, in
// the days [first, end) and some days around them.
func (p *plan) edges(kind HoursKind, first, end int64) []int64 {
	// A week more on both sides: weeks and zones reach over the year's end.
	first, end = first-7, end+7
	from, to := yearOf(first), yearOf(end)
	closed := p.closedDays(from, to)
	if kind == Weekly {
		return p.weeklyEdges(first, end, closed)
	}
	return p.sessionEdges(first, end, closed, p.earlyDays(from, to))
}

// sessionEdges opens and closes once on every day of a session.
func (p *plan) sessionEdges(first, end int64, closed, early []int64) []int64 {
	var edges []int64
	for day := first; day < end; day++ {
		if !p.weekdays[weekdayOf(day)] || has(closed, day) {
			continue
		}
		closes := p.close
		if has(early, day) {
			closes = p.early
		}
		edges = appendInterval(edges, p.instant(day, p.open), p.instant(day, closes))
	}
	return edges
}

// weeklyEdges opens and closes once a week, and cuts the closed days out.
func (p *plan) weeklyEdges(first, end int64, closed []int64) []int64 {
	var edges []int64
	lastDay := (int64(p.closeDay-p.openDay) + 7) % 7
	if lastDay == 0 && p.close <= p.open {
		lastDay = 7
	}
	for day := firstOnOrAfter(first, p.openDay); day < end; day += 7 {
		opens, closes := p.instant(day, p.open), p.instant(day+lastDay, p.close)
		for d := day; d <= day+lastDay; d++ {
			if !has(closed, d) {
				continue
			}
			edges = appendInterval(edges, opens, p.instant(d, 0))
			opens = p.instant(d+1, 0)
		}
		edges = appendInterval(edges, opens, closes)
	}
	return edges
}

// appendInterval appends the edges of an open interval: none if it is empty,
// one less if it goes on where the previous one ended.
func appendInterval(edges []int64, opens, closes int64) []int64 {
	if opens >= closes {
		return edges
	}
	if n := len(edges); n > 0 && edges[n-1] == opens {
		return append(edges[:n-1], closes)
	}
	return append(edges, opens, closes)
}

// instant returns the UTC ms of a local time, in minutes after the midnight
// that starts the date. A time that a change of the clocks skips or repeats is
// taken as time.Date takes it.
func (p *plan) instant(day int64, minutes int) int64 {
	y, m, d := time.UnixMilli(day * dayMS).UTC().Date()
	return time.Date(y, m, d, 0, minutes, 0, 0, p.zone).UnixMilli()
}

func has(sorted []int64, day int64) bool {
	_, ok := slices.BinarySearch(sorted, day)
	return ok
}

func yearOf(day int64) int { return time.UnixMilli(day * dayMS).UTC().Year() }
