package audit

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// watch follows the times of a series for what only many of them tell: whether
// the interval is the true one, and whether the clock is.
type watch struct {
	interval int64
	steps    steps
	clock    clocks
	lastMS   int64 // the latest candle's
	begun    bool
}

func newWatch(o *Options) (watch, error) {
	clock, err := newClocks(o)
	w := watch{interval: int64(o.Interval), steps: steps{interval: int64(o.Interval)}, clock: clock}
	return w, err
}

// run takes n candles without a gap between them, the first at ms in a row.
func (w *watch) run(ms, n, row int64) {
	if w.begun && ms > w.lastMS {
		w.steps.add(w.lastMS, ms, row)
		if end := w.lastMS + w.interval; ms > end {
			w.clock.pause(end, ms, row)
		}
	}
	w.steps.addOnes(n - 1)
	w.lastMS, w.begun = max(w.lastMS, ms+(n-1)*w.interval), true
}

// take takes times that follow, the first of them in a row.
func (w *watch) take(times []int64, row int64) {
	for i := 0; i < len(times); {
		k := i + 1
		for k < len(times) && times[k]-times[k-1] == w.interval {
			k++
		}
		w.run(times[i], int64(k-i), row+int64(i))
		i = k
	}
}

// wrongInterval returns the finding that the interval is wrong, if it is.
func (w *watch) wrongInterval(o *Options) (Finding, bool) {
	if (o.Pair.Class == market.Equities || o.Pair.Class == market.Indices) && o.Interval > datasets.Hour {
		return Finding{}, false // a session may hold one candle only
	}
	return w.steps.finding()
}
