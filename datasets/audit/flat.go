package audit

import (
	"fmt"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// flats gathers the runs of candles that stand still at the close before them.
type flats struct {
	interval, flatMS int64
	class            market.Class
	newYork          wallClock
	keep             int

	runs    tally
	candles int64 // in the runs
	silent  int64 // runs without any volume

	// The run that goes on.
	n         int64 // candles; 0 = none
	row       int64
	from, end int64
	traded    bool
	price     float64
}

// weekOpens is how long after a market's weekly open a thin market is usual, ms.
const weekOpens = 3 * int64(datasets.Hour)

// add takes a flat candle.
func (f *flats) add(s *market.Series, i int, row int64) {
	ms := s.Time[i]
	if f.n > 0 && ms-f.end > 0 {
		f.stop()
	}
	if f.n == 0 {
		f.row, f.from, f.traded, f.price = row, ms, false, s.Close[i]
	}
	f.n++
	f.end = ms + f.interval
	if s.Volume != nil && s.Volume[i] > 0 {
		f.traded = true
	}
}

// stop ends the run that goes on.
func (f *flats) stop() {
	if f.n >= flatCandles && f.end-f.from >= f.limit() {
		f.candles += f.n
		if !f.traded {
			f.silent++
		}
		n, price := f.n, f.price
		f.runs.add(f.keep, f.row, f.from, f.end, func() string {
			return fmt.Sprintf("%s at %v from %s to %s", plural(n, "candle"), price, instant(f.from), instant(f.end))
		})
	}
	f.n = 0
}

// limit is how long the run may be.
func (f *flats) limit() int64 {
	if f.class == market.Forex {
		day, clock := f.newYork.reading(f.from)
		if opens := 17 * int64(datasets.Hour); day == 0 && clock < opens+weekOpens {
			return 3 * f.flatMS
		}
	}
	return f.flatMS
}

// finding sums the runs up.
func (f *flats) finding(hasVolume bool) (Finding, bool) {
	if f.runs.count == 0 {
		return Finding{}, false
	}
	x := f.runs.finding(FlatRun, Warning)
	x.Cause = "the feed stood still while the market was open"
	if hasVolume && f.silent == f.runs.count {
		x.Cause = "the source fills missing candles with the last price"
	}
	x.Remedy = "compare the stretch with another source; a run trades these prices as they are"
	return x, true
}
