package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const minuteMS = 60_000

// remark replaces a result's ledger by the deployed marking: the one that build
// 5.4.0 makes after the fact, from the accepted orders and one-minute closes.
// The numbered traits in the comments are those of Rules §8.
//
// A run that was judged from outside keeps the online marking, which it was judged
// by: a ledger that knows which orders came later was nobody's to rank at the time.
// Where the deployed marking would have eliminated is told all the same.
func (r *run) remark(res *Result, endMS int64) error {
	m := newRemarker(r.account)
	if err := m.replay(r.account.all, endMS); err != nil {
		return err
	}
	online := res.Elimination
	if checkpoints, windowFrom := m.ledger.checkpoints(endMS); !r.cfg.Refereed {
		res.Checkpoints, res.WindowFrom = checkpoints, windowFrom
		res.FinalReturn = m.ledger.lastValue()
	}
	if at, factor := m.ledger.firstBeyond(&r.account.judge); at != 0 {
		dispute := m.dispute(online, at, factor)
		res.Warnings, res.Disputed = append(res.Warnings, dispute...), len(dispute) > 0
	} else if online != nil && (online.Reason == MaxTotalDrawdown || online.Reason == FailedChallengeDrawdown) {
		res.Disputed = true
		res.Warnings = append(res.Warnings, fmt.Sprintf("the deployed marking of the ledger would not have eliminated at %s, nor before", stamp(online.TimeMS)))
	}
	return nil
}

// dispute says where the deployed marking would have eliminated at another time.
func (m *remarker) dispute(online *Elimination, atMS int64, factor float64) []string {
	if online != nil && online.TimeMS-atMS < m.set.Ledger.Checkpoint.MS() {
		return nil
	}
	return []string{fmt.Sprintf("the deployed marking of the ledger reaches a drawdown of %.2f %% in the checkpoint that ends at %s: it would have eliminated then", 100*(1-factor), stamp(atMS))}
}

// remarker rebuilds the portfolio's ledger from orders and closes.
type remarker struct {
	set         *rules.Set
	instruments []instrument
	ledger      *deployedLedger

	held   []*heldPosition // open, in the order of their opening
	closed float64         // product of the closed positions' returns
}

// heldPosition is a position as the deployed ledger carries it along.
type heldPosition struct {
	position
	of       *position // as the run left it: all its fills
	atOrder  position  // as it stood right after its latest order
	lastSeen float64   // price

	cachedCarry float64
	cachedUntil int64 // next instant after the cached look-up; 0: nothing cached

	candle   int // next candle of the series
	openNow  bool
	openTill int64 // the market's state holds until then
}

// orderEvent is an accepted order on the timeline of the miner.
type orderEvent struct {
	of   *position
	fill int
	ms   int64
}

func newRemarker(a *account) *remarker {
	return &remarker{set: a.set, instruments: a.instruments, ledger: newDeployedLedger(&a.set.Ledger), closed: 1}
}

// replay goes through the segments between consecutive orders (trait 1).
func (m *remarker) replay(positions []*position, endMS int64) error {
	events := timeline(positions)
	for i, e := range events {
		m.order(e)
		b, next := endMS, (*orderEvent)(nil)
		if i+1 < len(events) {
			next = &events[i+1]
			b = next.ms
		}
		if b < e.ms {
			return fmt.Errorf("the deployed ledger: an order at %s comes after the evaluation at %s", stamp(e.ms), stamp(b))
		}
		m.segment(e.ms, b, next)
	}
	return nil
}

// timeline is every accepted order of the miner in time order.
func timeline(positions []*position) []orderEvent {
	var events []orderEvent
	for _, p := range positions {
		for i, f := range p.fills {
			events = append(events, orderEvent{p, i, f.TimeMS})
		}
	}
	slices.SortStableFunc(events, func(a, b orderEvent) int {
		switch {
		case a.ms < b.ms:
			return -1
		case a.ms > b.ms:
			return 1
		}
		return 0
	})
	return events
}

// order applies an order to the position that it belongs to.
func (m *remarker) order(e orderEvent) {
	h := m.find(e.of)
	if h == nil {
		h = &heldPosition{of: e.of}
		h.pair = e.of.pair
		m.held = append(m.held, h)
		m.ledger.begin(e.ms)
	}
	in := &m.instruments[h.pair]
	closes := e.of.closed && e.fill == len(e.of.fills)-1 && e.of.steps[e.fill].Net == 0
	if e.fill > 0 {
		h.position = h.atOrder
	}
	h.fill(e.of.fills[e.fill], m.set.Position.Accounting, closes)
	h.fee = transactionFactor(&m.set.TransactionFee, in.pair.Class, h.cumulative)
	h.carry = in.carry.Factor(h.steps, e.ms)
	h.revalue()
	h.atOrder = h.position
	if closes {
		m.closed *= h.value
		m.held = slices.DeleteFunc(m.held, func(o *heldPosition) bool { return o == h })
	}
}

func (m *remarker) find(of *position) *heldPosition {
	for _, h := range m.held {
		if h.of == of {
			return h
		}
	}
	return nil
}

// segment marks [a, b), which the order next ends, or the evaluation if nil.
func (m *remarker) segment(a, b int64, next *orderEvent) {
	for _, h := range m.held {
		steps := h.steps
		if next != nil && next.of == h.of {
			h.position = h.atOrder // trait 2
			steps = next.of.steps[:next.fill+1]
		}
		h.lastSeen = h.fills[len(h.fills)-1].Price // trait 3
		m.lookUp(h, steps, b)                      // trait 4
	}
	if len(m.held) == 0 {
		m.ledger.update(b, m.closed, false)
		return
	}
	value, ticked := m.closed, false
	for t := NextMultiple(a, minuteMS); t < b; t += minuteMS {
		value, ticked = m.tick(t), true
	}
	if !ticked {
		value = m.value()
	}
	m.ledger.update(b, value, m.anyOpen(b)) // trait 1
}

// tick marks one minute and returns the portfolio's value.
func (m *remarker) tick(t int64) float64 {
	open := false
	for _, h := range m.held {
		carry := m.lookUp(h, h.steps, t) // in a closed market too: it decides what is cached
		if !m.marketOpen(h, t) {
			continue
		}
		open = true
		if price := m.priceAt(h, t); price != 0 && price != h.lastSeen { // trait 3
			h.lastSeen = price
			h.ret = h.returnAt(price)
		}
		h.carry = carry
		h.revalue()
	}
	value := m.value()
	m.ledger.update(t, value, open)
	return value
}

func (m *remarker) value() float64 {
	v := m.closed
	for _, h := range m.held {
		v *= h.value
	}
	return v
}

// lookUp is a position's carry factor from the cache, which is valid for the
// period before its next instant; it computes only if that does not hold t
// (trait 4).
func (m *remarker) lookUp(h *heldPosition, steps []market.LeverageStep, t int64) float64 {
	terms := &m.instruments[h.pair].carry
	if h.cachedUntil == 0 || t < h.cachedUntil-terms.PeriodMS() || t >= h.cachedUntil {
		h.cachedCarry = terms.Factor(steps, t)
		h.cachedUntil = terms.NextMS(t)
	}
	return h.cachedCarry
}

// priceAt is the close of the last candle that opened at or before t: the price
// of the candle that opens at T holds from T on. 0 if there is none. Times must
// not descend.
func (m *remarker) priceAt(h *heldPosition, t int64) float64 {
	series := m.instruments[h.pair].series
	if series == nil {
		return 0
	}
	if h.candle == 0 {
		h.candle = series.Search(t + 1)
	}
	for h.candle < series.Len() && series.Time[h.candle] <= t {
		h.candle++
	}
	if h.candle == 0 {
		return 0
	}
	return series.Close[h.candle-1]
}

func (m *remarker) marketOpen(h *heldPosition, t int64) bool {
	if t >= h.openTill {
		h.openNow, h.openTill = m.instruments[h.pair].schedule.At(t)
	}
	return h.openNow
}

func (m *remarker) anyOpen(t int64) bool {
	for _, h := range m.held {
		if m.instruments[h.pair].schedule.Open(t) {
			return true
		}
	}
	return false
}

// deployedLedger books the deployed marking. It differs from the online ledger
// in how a checkpoint starts: one without updates carries the mdd of the one
// before it, and one that receives an update starts with that update's own
// drawdown (trait 5).
type deployedLedger struct {
	ledger
}

func newDeployedLedger(l *rules.Ledger) *deployedLedger { return &deployedLedger{*newLedger(l)} }

func (l *deployedLedger) begin(ms int64) {
	if !l.started {
		l.ledger.begin(ms)
	}
}

// update books a value at ms.
func (l *deployedLedger) update(ms int64, value float64, open bool) {
	for ms > l.endMS {
		carried := l.track.drawdown()
		l.roll()
		if ms > l.endMS {
			l.track.mdd, l.track.low = carried, math.Inf(1)
			continue
		}
		l.track.mdd, l.track.low = 1, math.Inf(1)
	}
	l.advance(ms) // lets the oldest leave
	if l.track.prev <= 0 {
		l.covered(ms, open) // everything is lost: there is no change to book any more
		return
	}
	l.book(ms, value, open, 1, 1)
}

// firstBeyond is the end of the first checkpoint whose drawdown the judge would
// act on, and that drawdown's factor; 0 if there is none.
func (l *deployedLedger) firstBeyond(j *judge) (endMS int64, factor float64) {
	if !j.on {
		return 0, 1
	}
	for _, c := range append(slices.Clip(l.done), l.current(l.lastMS)) {
		if l.started && j.beyond(c.MDD) {
			return c.LastUpdateMS, c.MDD
		}
	}
	return 0, 1
}
