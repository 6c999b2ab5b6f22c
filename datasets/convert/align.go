package convert

import (
	"math"

	"github.com/ptnsim/ptnsim/market"
)

// Align says to which time several pairs are cut.
type Align string

// The ways to align.
const (
	NoAlign     Align = ""
	AlignWindow Align = "window" // from the latest first candle to the earliest end
	AlignTimes  Align = "times"  // the window, and in it only the times that all pairs have
)

// CommonTimes hands out, stream by stream, the candles whose times all streams
// have, and counts for each those that it passed over. Memory holds a chunk of
// each stream.
func CommonTimes(names []string, streams []Stream, take func(k int, s *market.Series) error) (passed []int64, err error) {
	passed = make([]int64, len(streams))
	all, err := heads(names, streams)
	if err != nil {
		return passed, err
	}
	defer stop(all)
	for {
		latest, same := int64(math.MinInt64), true
		for _, h := range all {
			latest = max(latest, h.time())
			same = same && h.time() == all[0].time()
		}
		switch {
		case !same:
			err = catchUp(all, latest, passed)
		case latest == math.MaxInt64: // the end of all
			return passed, nil
		default:
			err = together(all, take)
		}
		if err != nil {
			return passed, err
		}
	}
}

// catchUp passes over the candles before the latest head; where that is at its
// end, over all.
func catchUp(all []*head, latest int64, passed []int64) error {
	for k, h := range all {
		for h.time() < latest {
			n := h.before(latest)
			passed[k] += int64(n)
			if err := h.advance(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// together hands out the candles from here on whose times are the same in all.
func together(all []*head, take func(k int, s *market.Series) error) error {
	a := all[0]
	n := a.s.Len() - a.i
	for _, h := range all[1:] {
		n = min(n, h.s.Len()-h.i)
		for k := range n {
			if a.s.Time[a.i+k] != h.s.Time[h.i+k] {
				n = k
				break
			}
		}
	}
	for k, h := range all {
		if err := take(k, h.s.Slice(h.i, h.i+n)); err != nil {
			return err
		}
	}
	for _, h := range all {
		if err := h.advance(n); err != nil {
			return err
		}
	}
	return nil
}
