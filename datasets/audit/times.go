package audit

import (
	"fmt"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Times outside [firstTimeMS, endTimeMS), the years 1970 to 2197, come of a wrong
// unit; markets' hours are known for all of them.
const (
	firstTimeMS = 0
	endTimeMS   = text.MaxTimeMS - 2*366*int64(datasets.Day)
)

// timeline judges times in file order: ascending, once each, on the grid, and not
// closer than the interval. A time that is refused leaves no trace, so one wrong
// stamp is one finding.
type timeline struct {
	interval int64
	grid     grid
	last     row // the latest row that was taken
	primed   bool
}

// judge returns what is wrong with the time of row i; "" if it follows.
func (t *timeline) judge(s *market.Series, i int) (p Problem, found string) {
	ms := s.Time[i]
	switch {
	case ms < firstTimeMS || ms >= endTimeMS:
		return OffGrid, fmt.Sprintf("the time %d, not in the years 1970 to 2197", ms)
	case t.primed && ms == t.last.ms && t.last.same(s, i):
		return Duplicate, instant(ms) + " twice, with the same candle"
	case t.primed && ms == t.last.ms:
		return Conflict, instant(ms) + " twice, with " + t.last.difference(s, i)
	case t.primed && ms < t.last.ms:
		return Unsorted, instant(ms) + " after " + instant(t.last.ms)
	case !t.grid.holds(ms):
		return OffGrid, instant(ms) + ", " + length(t.grid.off(ms)) + " off the grid of " + datasets.Interval(t.interval).String()
	case t.primed && ms-t.last.ms < t.interval:
		return OffGrid, instant(ms) + ", only " + length(ms-t.last.ms) + " after the candle before it"
	}
	return "", ""
}

// take remembers row i as the latest.
func (t *timeline) take(s *market.Series, i int) {
	t.grid.learn(s.Time[i])
	t.last.take(s, i)
	t.primed = true
}

// clean reports whether the times of rows [i, j) all follow.
func (t *timeline) clean(times []int64) bool {
	last := t.last.ms
	if !t.primed || !t.grid.known {
		return false
	}
	interval, off := t.interval, int64(0)
	for _, ms := range times {
		step := ms - last
		if step != interval {
			if ms < last || step < interval || ms >= endTimeMS || !t.grid.holds(ms) {
				off = 1
				break
			}
		}
		last = ms
	}
	return off == 0 && last < endTimeMS && (t.grid.fixed || t.grid.holds(last))
}

// grid is where candles of an interval may open. Intervals that divide half an
// hour count from midnight UTC. For longer ones, whose day may begin at a
// session's or a broker's own hour, the first two candles an interval apart say
// where the grid lies; it may move by an hour with daylight saving. Intervals that
// don't divide a day have no grid: each session begins anew.
type grid struct {
	interval int64
	fixed    bool // counts from midnight UTC
	none     bool
	known    bool
	phase    int64
	lastMS   int64 // the candle before, until the grid is known
}

// fixedGrid is the time that intervals on a fixed grid divide: equities open at
// half past nine.
const fixedGrid = 30 * int64(datasets.Minute)

func newGrid(interval int64) grid {
	fixed := fixedGrid%interval == 0
	none := interval < dayMS && dayMS%interval != 0
	return grid{interval: interval, fixed: fixed, none: none, known: fixed || none, lastMS: -1}
}

// learn takes an accepted time.
func (g *grid) learn(ms int64) {
	if g.known {
		return
	}
	if g.lastMS >= 0 && ms-g.lastMS == g.interval {
		g.known, g.phase = true, ms%g.interval
	}
	g.lastMS = ms
}

// holds reports whether a candle may open at ms.
func (g *grid) holds(ms int64) bool { return g.off(ms) == 0 }

// off returns how far ms lies past the grid's last mark, 0 if it is on one.
func (g *grid) off(ms int64) int64 {
	if !g.known || g.none {
		return 0
	}
	off := (ms - g.phase) % g.interval
	if off < 0 {
		off += g.interval
	}
	if hour := int64(datasets.Hour); !g.fixed && g.interval > hour && (off == hour || off == g.interval-hour) {
		return 0
	}
	return off
}
