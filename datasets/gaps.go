package datasets

import (
	"cmp"
	"slices"
)

// maxGapsKept is how many of a file's gaps its manifest lists.
const maxGapsKept = 100

// gapTally counts the gaps of candles that pass in order.
type gapTally struct {
	options WriterOptions
	hours   MovingCalendar
	gaps    Gaps
	lastMS  int64
	primed  bool
}

// add takes the times of the next candles.
func (g *gapTally) add(time []int64, interval int64) error {
	if g.options.Calendar == nil {
		return nil
	}
	if g.hours.Make == nil {
		g.hours.Make = func(from, to int64) (Calendar, error) { return g.options.Calendar(g.options.Pair, from, to) }
	}
	last := g.lastMS
	if !g.primed {
		last, g.primed = time[0]-interval, true
	}
	for _, ms := range time {
		if ms-last != interval {
			if err := g.between(last+interval, ms, interval); err != nil {
				return err
			}
		}
		last = ms
	}
	g.lastMS = last
	return nil
}

// between counts a span that has room for a candle in the open market.
func (g *gapTally) between(from, to, interval int64) error {
	if to-from < interval {
		return nil
	}
	open, err := g.hours.OpenMS(from, to)
	if err != nil || open < interval {
		return err
	}
	g.gaps.Add(Gap{FromMS: from, ToMS: to, OpenMS: open})
	return nil
}

// Add counts a gap that comes after those before it, and keeps it if it is one
// of the longest.
func (g *Gaps) Add(gap Gap) {
	g.Count++
	g.TotalMS += gap.OpenMS
	g.Longest = append(g.Longest, gap)
	if len(g.Longest) <= maxGapsKept {
		return
	}
	shortest := slices.MinFunc(g.Longest, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.OpenMS, b.OpenMS), cmp.Compare(b.FromMS, a.FromMS)) // of equals the latest goes
	})
	i := slices.Index(g.Longest, shortest)
	g.Longest = slices.Delete(g.Longest, i, i+1)
}
