package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
)

// FeedOptions says how a strategy wants to see a pair. The zero value is every
// candle as the run has it.
type FeedOptions struct {
	// IntervalMS makes coarser candles of the run's, on the grid of UTC; 0 takes
	// them as they are. A coarse candle appears when it is finished.
	IntervalMS int64
	// Quiet shows the candles without calling Decide for them: alarms, other
	// feeds, WakeWhen and WakeOnChange do.
	Quiet bool
}

// Feed is one subscribed pair as a strategy sees it at the present instant.
type Feed struct {
	seat       *seat
	instrument int
	series     *market.Series
	seen       int   // finished candles
	dueMS      int64 // when it next has Decide called
	quiet      bool
	plain      bool       // what Subscribe returned
	wakes      []wakeTest // nil: every candle, unless quiet
	tested     int        // candles that the wakes have looked at
}

// wakeTest reports whether the candle i is one to be woken by.
type wakeTest func(i int) bool

// Pair is the pair's id.
func (f *Feed) Pair() string { return f.series.Pair.ID }

// Class is the pair's class.
func (f *Feed) Class() market.Class { return f.series.Pair.Class }

// Candles are the pair's finished candles, oldest first.
func (f *Feed) Candles() Candles { return Candles{series: f.series, n: f.seen} }

// Fresh reports whether a candle of the pair was finished at this very instant.
func (f *Feed) Fresh() bool {
	return f.seen > 0 && f.series.EndMS(f.seen-1) == f.seat.run.now
}

// Position is the open position on the pair; ok is false if there is none.
func (f *Feed) Position() (p PositionView, ok bool) {
	if of := f.seat.desk.Position; of != nil {
		return of(f.Pair())
	}
	return f.seat.run.view(f.instrument)
}

// NetLeverage is the net leverage of the open position, signed; 0 if there is
// none. It costs next to nothing, because it does not mark the account with the
// latest candles, as Position does: if they eliminate it, the position is told
// until something looks (Position, Portfolio, Room, Target where it has
// something to emit), an order acts, or carry falls due. Rules §9.
func (f *Feed) NetLeverage() float64 {
	if desk := &f.seat.desk; desk.hasNet() {
		return desk.net(f.Pair())
	}
	return f.seat.run.net(f.instrument)
}

// Pending reports whether an order on the pair is on its way: see
// Context.Pending.
func (f *Feed) Pending() bool {
	if of := f.seat.desk.Pending; of != nil {
		return len(of(f.Pair())) > 0
	}
	return f.seat.run.waits(f.Pair())
}

// Open reports whether the pair's market is open at this instant.
func (f *Feed) Open() bool {
	return f.seat.run.account.instruments[f.instrument].schedule.Open(f.seat.run.now)
}

// Session reports whether the pair's market is open, and until when it stays
// so, UTC ms. Rules §3.
func (f *Feed) Session() (open bool, untilMS int64) {
	return f.seat.run.account.instruments[f.instrument].schedule.At(f.seat.run.now)
}

// Carry is the next charge for holding the pair. Rules §6.
func (f *Feed) Carry() CarryView {
	terms := &f.seat.run.account.instruments[f.instrument].carry
	next := terms.NextMS(f.seat.run.now)
	multiple := terms.Multiple(next)
	return CarryView{NextMS: next, Multiple: multiple, Charge: 1 - terms.Charge(1, multiple), RateAnnual: terms.RateAnnual}
}

// CarryView is what holding a pair costs next.
type CarryView struct {
	NextMS     int64   // the instant, UTC ms
	Multiple   int     // how often it counts: 0 on a weekend, 3 on a Wednesday, by the class
	Charge     float64 // what it takes at leverage 1, a fraction of the position's return
	RateAnnual float64 // fraction a year at leverage 1
}

// WakeWhen has Decide called only for the candles that pass a test, which sees
// the candles up to the one in question and is asked once for each, in order.
// The run looks ahead for the next of them, the strategy doesn't: candles
// between cost next to nothing. Several tests: any of them. To be called in
// Init.
func (f *Feed) WakeWhen(test func(Candles) bool) {
	f.wakeOn(func(i int) bool { return test(Candles{series: f.series, n: i + 1}) })
}

// WakeOnChange has Decide called only for the candles at which a column's value
// differs from the one before. Otherwise as WakeWhen.
func (f *Feed) WakeOnChange(of *Column) {
	if of.feed.series != f.series {
		f.seat.run.refuse(fmt.Errorf("%s: a column of another feed can't wake this one", f.Pair()))
		return
	}
	f.wakeOn(of.changes())
}

// differs tells values apart as a reader would: NaN is no change from NaN.
func differs(a, b float64) bool { return a != b && !(math.IsNaN(a) && math.IsNaN(b)) }

func (f *Feed) wakeOn(test wakeTest) {
	if f.seat.run.started {
		f.seat.run.refuse(errTooLate)
	}
	f.wakes = append(f.wakes, test)
}

// nextDue is when a candle that is not seen yet has Decide called.
func (f *Feed) nextDue() int64 {
	i := f.seen
	switch {
	case f.wakes != nil:
		if i = f.nextTested(); i < 0 {
			return math.MaxInt64
		}
	case f.quiet:
		return math.MaxInt64
	}
	if i >= len(f.series.Time) {
		return math.MaxInt64
	}
	return f.series.Time[i] + f.series.IntervalMS
}

// nextTested is the next candle that passes a test; -1 if none does. Each
// candle is tested once: where one passed, the search goes on behind it only
// when it is seen.
func (f *Feed) nextTested() int {
	for ; f.tested < len(f.series.Time); f.tested++ {
		passed := false
		for _, test := range f.wakes {
			passed = test(f.tested) || passed
		}
		if passed {
			f.tested++
			return f.tested - 1
		}
	}
	return -1
}

// advance shows the candles that are finished at t, and reports whether one of
// them has Decide called.
func (f *Feed) advance(t int64) (due bool) {
	times, interval := f.series.Time, f.series.IntervalMS
	if f.dueMS > t {
		// Candles of a quiet feed, or that passed no test, pass unnoticed.
		if f.seen < len(times) && times[f.seen]+interval <= t {
			f.seen = finished(times, f.seen+1, t-interval)
		}
		return false
	}
	for f.seen < len(times) && times[f.seen]+interval <= t {
		f.seen++
	}
	if f.seen < len(times) && f.wakes == nil { // no quiet feed without wakes is ever due
		f.dueMS = times[f.seen] + interval
	} else {
		f.dueMS = f.nextDue()
	}
	return true
}

// finished is how many candles opened by an instant, at least seen: mostly a few
// more, which is looked at first.
func finished(times []int64, seen int, ms int64) int {
	for range 4 {
		if seen == len(times) || times[seen] > ms {
			return seen
		}
		seen++
	}
	more, _ := slices.BinarySearch(times[seen:], ms+1)
	return seen + more
}
