package audit

import (
	"errors"

	"github.com/ptnsim/ptnsim/datasets"
)

// change is a kind of change that a Cleaner makes.
type change int

// The changes, in the order in which the manifest lists them.
const (
	droppedUnsorted change = iota
	droppedDuplicate
	droppedConflict
	droppedOffGrid
	droppedPrices
	droppedClosed
	droppedSpike
	filledSpike
	filledGaps
	filledCandles
	changeKinds
)

// String says what was done, for the manifest and for people.
func (k change) String() string {
	return [changeKinds]string{
		droppedUnsorted:  "dropped rows out of order",
		droppedDuplicate: "dropped identical duplicates",
		droppedConflict:  "dropped conflicting duplicates after the first",
		droppedOffGrid:   "dropped rows off the interval's grid",
		droppedPrices:    "dropped rows whose values are no candle",
		droppedClosed:    "dropped candles of a closed market",
		droppedSpike:     "dropped candles of spikes",
		filledSpike:      "replaced candles of spikes with flat ones",
		filledGaps:       "filled gaps",
		filledCandles:    "made flat candles for gaps",
	}[k]
}

// changeOf returns the change that leaving a row out is.
func changeOf(p Problem) change {
	switch p {
	case Unsorted:
		return droppedUnsorted
	case Duplicate:
		return droppedDuplicate
	case Conflict:
		return droppedConflict
	case OffGrid:
		return droppedOffGrid
	case MarketClosed:
		return droppedClosed
	}
	return droppedPrices
}

// What a Cleaner refuses candles for beside the problems that datasets names.
var (
	ErrSpike  = errors.New("price spike")
	ErrClosed = errors.New("candle while the market is closed")
	ErrClock  = errors.New("wrong clock")
	ErrScale  = errors.New("wrong scale of prices")
)

// What is refused with a reason of its own, and is no finding.
const (
	tooLong   Problem = "gap too long to fill"
	hourTwice Problem = "an hour that comes twice"
)

// refuse is the refusal of a row by a policy.
func (c *Cleaner) refuse(at Place, p Problem, found string) *datasets.Refusal {
	r := &datasets.Refusal{File: at.File, Row: at.Row, Line: at.Line, Found: found,
		Remedy: "repair the row, or leave such rows out with --on-bad drop"}
	switch p {
	case Unsorted:
		r.Problem, r.Expected = datasets.ErrUnsorted, "ascending times"
		r.Remedy = "sort the file by time, or leave such rows out with --on-bad drop"
	case hourTwice:
		r.Problem, r.Expected = datasets.ErrUnsorted, "ascending times"
		r.Remedy = twiceCause + ": " + twiceRemedy
	case Duplicate:
		r.Problem, r.Expected = datasets.ErrDuplicate, "every time once"
		r.Remedy = "keep one of each with --on-duplicate keep"
	case Conflict:
		r.Problem, r.Expected = datasets.ErrDuplicate, "every time once"
		r.Remedy = "remove the wrong one, or keep the first with --on-duplicate drop"
	case OffGrid:
		r.Problem, r.Expected = datasets.ErrSpacing, "candles every "+c.o.Interval.String()
		r.Remedy = "give the true --interval, or leave such rows out with --on-bad drop"
	case NotFinite:
		r.Problem, r.Expected = datasets.ErrNotFinite, "finite numbers"
	case NotPositive:
		r.Problem, r.Expected = datasets.ErrNotPositive, "prices above 0 and within reason"
	case Inconsistent:
		r.Problem, r.Expected = datasets.ErrOHLC, "low ≤ open, close ≤ high and bid ≤ ask"
	case BadVolume:
		r.Problem, r.Expected = datasets.ErrVolume, "a volume of 0 or more and within reason"
	case MarketClosed:
		r.Problem, r.Expected = ErrClosed, "candles of the open market only"
		r.Remedy = "keep or drop them with --on-closed"
	case MissingTime:
		r.Problem, r.Expected = datasets.ErrGap, "at most "+length(c.o.GapToleranceMS)+" of open market"
		r.Remedy = "complete the data; or keep or fill the gap with --on-gap, or allow for it with --max-gap"
	case tooLong:
		r.Problem, r.Expected = datasets.ErrGap, "at most "+length(maxFillMS)+" of open market to fill"
		r.Remedy = "complete the data, keep the gap with --on-gap keep, or import the parts one by one"
	case Spike:
		r.Problem, r.Expected = ErrSpike, "prices that somebody could trade at"
		r.Remedy = "compare with another source; then keep, drop or fill with --on-spike"
	}
	return r
}
