package sim

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// ledger books the updates of a value, the portfolio's or one pair's, into the
// checkpoints of a fixed grid, over a rolling window. It is the online marking
// of Rules §8.
type ledger struct {
	checkpointMS int64
	windowMS     int64
	firstIsFull  bool // the first checkpoint counts as covering the whole interval

	started    bool
	done       []Checkpoint // finished, oldest first
	windowFrom int          // the first of them that is still in the window
	windowPeak float64      // the highest mpv of those in the window, at least 1

	startMS, endMS int64 // of the current checkpoint
	lastMS         int64 // the last update
	openMS         int64
	track          tracker
	carryLoss      float64 // product of carry's ratios in the current checkpoint
	feeLoss        float64 // and of the transaction fee's
}

func newLedger(l *rules.Ledger) *ledger {
	return &ledger{
		checkpointMS: l.Checkpoint.MS(),
		windowMS:     l.Window.MS(),
		firstIsFull:  l.FirstCheckpoint == rules.Deployed,
	}
}

// begin opens the first checkpoint with the first order: it ends at the first
// grid instant after it.
func (l *ledger) begin(ms int64) {
	l.started, l.windowPeak = true, 1
	l.endMS = (ms/l.checkpointMS + 1) * l.checkpointMS
	l.startMS = ms
	if l.firstIsFull {
		l.startMS = l.endMS - l.checkpointMS
	}
	l.open(1, ms)
}

func (l *ledger) open(value float64, ms int64) {
	l.track = newTracker(value, l.windowPeak)
	l.openMS, l.carryLoss, l.feeLoss = 0, 1, 1
	l.lastMS = ms
}

// boundary is the last instant whose updates belong where the ledger stands:
// for a later one it must advance first.
func (l *ledger) boundary() int64 { return min(l.endMS, l.leavesMS()) }

// leavesMS is the last instant at which the window's oldest finished checkpoint
// is still in it: the window's covered time must not exceed its length.
func (l *ledger) leavesMS() int64 {
	if l.windowFrom == len(l.done) {
		return math.MaxInt64
	}
	oldest := &l.done[l.windowFrom]
	return oldest.LastUpdateMS - oldest.AccumMS + l.windowMS
}

// advance makes the ledger ready for an update at ms.
func (l *ledger) advance(ms int64) {
	for ms > l.boundary() {
		if l.leavesMS() < l.endMS {
			l.dropOldest()
			continue
		}
		l.roll()
	}
}

// roll finishes the current checkpoint and starts the next one.
func (l *ledger) roll() {
	value := l.track.prev
	l.done = append(l.done, l.current(l.endMS))
	l.windowPeak = max(l.windowPeak, l.track.mpv)
	l.startMS, l.endMS = l.endMS, l.endMS+l.checkpointMS
	l.open(value, l.startMS)
}

func (l *ledger) dropOldest() {
	left := l.done[l.windowFrom].MPV
	l.windowFrom++
	if left < l.windowPeak {
		return // the peak is another's
	}
	l.windowPeak = 1
	for i := l.windowFrom; i < len(l.done); i++ {
		l.windowPeak = max(l.windowPeak, l.done[i].MPV)
	}
	l.track.lowerPeak(l.windowPeak)
}

// covered notes that time passed up to ms, in an open market or not.
func (l *ledger) covered(ms int64, open bool) {
	if open {
		l.openMS += ms - l.lastMS
	}
	l.lastMS = ms
}

// book is one update at ms; carry and fee are the parts of its ratio that are
// costs. The ledger must have advanced to ms.
func (l *ledger) book(ms int64, value float64, open bool, carry, fee float64) {
	l.covered(ms, open)
	l.track.update([]float64{value})
	l.carryLoss *= carry
	l.feeLoss *= fee
}

// bookRun is a run of updates by marks, the last one at ms.
func (l *ledger) bookRun(ms int64, values []float64) {
	l.covered(ms, true)
	l.track.update(values)
}

// current is the unfinished checkpoint as it stands at ms.
func (l *ledger) current(ms int64) Checkpoint {
	return Checkpoint{
		LastUpdateMS:     ms,
		AccumMS:          ms - l.startMS,
		OpenMS:           l.openMS,
		Gain:             portable.Log(l.track.gain),
		Loss:             portable.Log(l.track.loss),
		MDD:              l.track.drawdown(),
		MPV:              l.track.mpv,
		PrevPortfolioRet: l.track.prev,
		CarryFeeLoss:     portable.Log(l.carryLoss),
		SpreadFeeLoss:    portable.Log(l.feeLoss),
		Updates:          l.track.updates,
	}
}

// checkpoints returns every checkpoint of the run up to ms, the unfinished one
// included, and the index of the first that is in the window.
func (l *ledger) checkpoints(ms int64) (all []Checkpoint, windowFrom int) {
	if !l.started {
		return nil, 0
	}
	l.advance(ms)
	all = l.done
	if ms > l.startMS {
		all = append(slices.Clip(all), l.current(ms))
	}
	return all, l.windowFrom
}

// window appends the checkpoints of the window up to ms, the unfinished one
// included.
func (l *ledger) window(to []Checkpoint, ms int64) []Checkpoint {
	if !l.started {
		return to
	}
	l.advance(ms)
	to = append(to, l.done[l.windowFrom:]...)
	if ms > l.startMS {
		to = append(to, l.current(ms))
	}
	return to
}

// lastValue is the value at the last update: 1 before the first.
func (l *ledger) lastValue() float64 {
	if !l.started {
		return 1
	}
	return l.track.prev
}

// drawdown is the lowest mdd of the window, a factor. Rules §8.
func (l *ledger) drawdown() float64 {
	lowest := 1.0
	if !l.started {
		return lowest
	}
	for i := l.windowFrom; i < len(l.done); i++ {
		lowest = min(lowest, l.done[i].MDD)
	}
	return min(lowest, l.track.drawdown())
}
