package sim

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
)

// pending is an order on its way: waiting to act, then for its price.
type pending struct {
	order    int   // index in the order log, which is the sequence of emission
	dueMS    int64 // when it acts, or fills
	actMS    int64 // when it acts: the time of all checks
	admitted bool  // the checks that look at the time alone are passed
	candle   int   // the candle that fills it; noCandle: none comes in time
}

// noCandle is the candle of an order that will get no price. It waits as any
// other: before its time is up nobody knows.
const noCandle = -1

// emit takes an order from the strategy. A pinned one acts at its own time,
// which is now; any other after the latency. Rules §2.
func (r *run) emit(s *seat, o Order) OrderID {
	if r.cfg.Refereed {
		if r.mark(); r.retired() { // by a mark that nobody had looked at
			return -1
		}
	}
	act := r.now
	if !o.Pinned {
		act += r.cfg.LatencyMS
	}
	r.orders = append(r.orders, OrderRecord{Order: o, EmittedMS: r.now})
	r.owners = append(r.owners, s)
	id := len(r.orders) - 1
	r.enqueue(pending{order: id, dueMS: act, actMS: act})
	return OrderID(id)
}

// waits reports whether an order on the pair is on its way.
func (r *run) waits(pair string) bool {
	for i := range r.queue {
		if r.orders[r.queue[i].order].Pair == pair {
			return true
		}
	}
	return false
}

// pending lists the orders on a pair that are on their way, by their emission.
func (r *run) pending(pair string) []Order {
	var ids []int
	for _, p := range r.queue {
		if r.orders[p.order].Pair == pair {
			ids = append(ids, p.order)
		}
	}
	slices.Sort(ids)
	orders := make([]Order, 0, len(ids))
	for _, id := range ids {
		orders = append(orders, r.orders[id].Order)
	}
	return orders
}

// reject gives an order its outcome, and notes it for its owner.
func (r *run) reject(p pending, reason Reason) {
	r.orders[p.order].reject(reason)
	r.settled(p)
}

func (r *run) settled(p pending) {
	if s := r.owners[p.order]; s.watcher != nil {
		s.outcomes = append(s.outcomes, OrderID(p.order))
	}
}

// wellFormed refuses what is no order under any rules: the numbers of one that
// passes can be reckoned with, whichever checks of the gate are off.
func (o *Order) wellFormed() error {
	finite := func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
	switch {
	case o.Type != Long && o.Type != Short && o.Type != Flat:
		return fmt.Errorf("found %s, expected Long, Short or Flat", o.Type)
	case !finite(o.Leverage):
		return fmt.Errorf("found a leverage of %g, expected a number", o.Leverage)
	case o.Pinned && (!finite(o.Price) || o.Price <= 0):
		return fmt.Errorf("found a price of %g, expected a positive number", o.Price)
	case o.HasSlippage && (!(o.Slippage >= 0) || o.Slippage >= 1):
		return fmt.Errorf("found a slippage of %g, expected a fraction from 0 to 1", o.Slippage)
	case (o.Bid != 0 || o.Ask != 0) && (!finite(o.Ask) || !(o.Bid > 0) || !(o.Bid <= o.Ask)):
		return fmt.Errorf("found bid %g and ask %g, expected 0 < bid ≤ ask, or neither", o.Bid, o.Ask)
	}
	return nil
}

// rejectLeftOver gives the orders that still wait at the end their outcome: what
// they wait for comes after it.
func (r *run) rejectLeftOver() {
	reason := NoPrice
	switch {
	case r.retiredMS != 0:
		reason = Deregistered
	case r.account.judge.ended:
		reason = Eliminated
	}
	for _, p := range r.queue {
		if p.admitted && p.candle == noCandle && !r.retired() {
			r.rejectUnpriced(p, findInstrument(r.account.instruments, r.orders[p.order].Pair))
			continue
		}
		r.reject(p, reason)
	}
	r.queue = nil
}

// enqueue keeps the queue in the order of time, then of emission.
func (r *run) enqueue(p pending) {
	i, _ := slices.BinarySearchFunc(r.queue, p, func(a, b pending) int {
		return cmp.Or(cmp.Compare(a.dueMS, b.dueMS), cmp.Compare(a.order, b.order))
	})
	r.queue = slices.Insert(r.queue, i, p)
}

// settleOrders lets every order whose time has come act and fill, in the order
// of emission. Rules §2.
func (r *run) settleOrders() error {
	for len(r.queue) > 0 && r.queue[0].dueMS <= r.now {
		if r.mark(); r.retired() {
			return nil
		}
		p := r.queue[0]
		r.queue = slices.Delete(r.queue, 0, 1)
		if err := r.step(p); err != nil {
			return err
		}
	}
	return nil
}

// step moves one order on: through the first checks, to its price, to its fill.
func (r *run) step(p pending) error {
	record := &r.orders[p.order]
	i := findInstrument(r.account.instruments, record.Pair)
	if !p.admitted {
		if reason := r.admit(record, i); reason != "" {
			r.reject(p, reason)
			return nil
		}
		p.admitted = true
		if !record.Pinned {
			return r.findPrice(p, record, i)
		}
		series := r.account.instruments[i].series
		record.doubt(series, r.now)
		return r.fill(p, record, i, record.Price, quoteAt(record, series, r.now))
	}
	if p.candle == noCandle {
		r.rejectUnpriced(p, i)
		return nil
	}
	series := r.account.instruments[i].series
	return r.fill(p, record, i, series.Open[p.candle], quoteOf(record, series, p.candle))
}

// pinnedTolerance is how far outside its candle's range a pinned price may lie,
// a fraction of the range's nearer end, before it is doubted: brokers differ.
const pinnedTolerance = 0.01

// doubt warns of a pinned price that the candle at its time did not see. The
// price is taken as it is all the same. Rules §2.
func (o *OrderRecord) doubt(series *market.Series, ms int64) {
	if series == nil {
		return
	}
	i := series.Search(ms+1) - 1
	if i < 0 || series.EndMS(i) <= ms {
		return
	}
	low, high := series.Low[i], series.High[i]
	if o.Price < low*(1-pinnedTolerance) || o.Price > high*(1+pinnedTolerance) {
		o.Warnings = append(o.Warnings, fmt.Sprintf("the pinned price %g is outside its candle, which went from %g to %g", o.Price, low, high))
	}
}

// admit is the first half of the order gate: the checks that need nothing but
// the time and the miner. Rules §2.
func (r *run) admit(record *OrderRecord, instrument int) Reason {
	a, checks := r.account, &r.cfg.Rules.Gate.Checks
	if !a.gate.requested(r.now) {
		return RateLimited
	}
	if a.judge.ended {
		return Eliminated
	}
	if instrument < 0 {
		return UnsupportedPair
	}
	in := &a.instruments[instrument]
	if checks.MarketClosed && !in.schedule.Open(r.now) {
		return MarketClosed
	}
	if checks.UnsupportedPair && in.halted {
		return UnsupportedPair
	}
	return ""
}

// findPrice looks for the price of an admitted order: now, or at the candle it
// has to wait for. Without one it is rejected, when the wait is over.
func (r *run) findPrice(p pending, record *OrderRecord, instrument int) error {
	in := &r.account.instruments[instrument]
	if in.series == nil {
		r.rejectUnpriced(p, instrument)
		return nil
	}
	wait := r.fillWait(in)
	if r.cfg.Fill == FillLastClose {
		if price, endMS, ok := in.lastClose(r.now); ok && r.now-endMS <= wait {
			return r.fill(p, record, instrument, price, quoteAt(record, in.series, r.now))
		}
		r.rejectUnpriced(p, instrument)
		return nil
	}
	p.candle, p.dueMS = in.firstFill(r.now, wait), r.now+wait
	if p.candle != noCandle {
		p.dueMS = in.series.Time[p.candle]
	}
	if p.dueMS == r.now {
		return r.step(p)
	}
	r.enqueue(p)
	return nil
}

// rejectUnpriced rejects an order that gets no price: no_price is the last
// reason, where no other check rejects it. Rules §2.
func (r *run) rejectUnpriced(p pending, instrument int) {
	reason := Eliminated
	if !r.account.judge.ended {
		if _, _, reason = r.account.admit(&r.orders[p.order].Order, instrument, p.actMS); reason == "" {
			reason = NoPrice
		}
	}
	r.reject(p, reason)
}

// quoteOf is the bid and ask that an order filled by a candle sees: its own,
// else those of the candle before, whose bid and ask are the quote at its close.
// The filling candle's are not known yet.
func quoteOf(record *OrderRecord, series *market.Series, candle int) quote {
	if record.Bid > 0 && record.Ask > 0 || series.Bid == nil || series.Ask == nil || candle == 0 {
		return quote{record.Bid, record.Ask}
	}
	return quote{series.Bid[candle-1], series.Ask[candle-1]}
}

// quoteAt is the bid and ask that an order without a candle of its own sees at an
// instant: its own, else those of the last candle that was finished by then. A pair may
// have no candles: nil.
func quoteAt(record *OrderRecord, series *market.Series, ms int64) quote {
	if series == nil {
		return quote{record.Bid, record.Ask}
	}
	return quoteOf(record, series, series.Search(ms-series.IntervalMS+1))
}

// fill is the second half of the order gate, and the fill. Rules §2, §4, §5, §7.
func (r *run) fill(p pending, record *OrderRecord, instrument int, price float64, q quote) error {
	a := r.account
	if a.judge.ended {
		r.reject(p, Eliminated)
		return nil
	}
	effective, closes, reason := a.admit(&record.Order, instrument, p.actMS)
	if reason != "" {
		r.reject(p, reason)
		return nil
	}
	slippage := record.Slippage
	if !record.HasSlippage {
		var warning string
		var err error
		if slippage, warning, err = a.slippage.fraction(instrument, effective, price, q, r.now); err != nil {
			return err
		}
		if warning != "" {
			record.Warnings = append(record.Warnings, warning)
		}
	}
	record.accept(r.now, effective, price, slippage)
	r.settled(p)
	a.gate.accept(&record.Order, p.actMS)
	a.apply(instrument, Fill{Type: record.Type, Leverage: effective, Price: price, Slippage: slippage, TimeMS: r.now}, closes, p.actMS)
	r.startChallenge()
	return nil
}

func (o *OrderRecord) reject(reason Reason) {
	o.Outcome, o.Reason = Rejected, reason
	if reason == NoPosition {
		o.Outcome = Ignored
	}
}

func (o *OrderRecord) accept(ms int64, effective, price, slippage float64) {
	o.Outcome = Accepted
	if o.Type != Flat && effective != o.Leverage {
		o.Outcome = Clamped
	}
	o.FilledMS, o.EffectiveLeverage, o.FillPrice, o.FillSlippage = ms, effective, price, slippage
}
