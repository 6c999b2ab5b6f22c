package sim

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// account is one miner: the open positions, what the closed ones came to, the
// ledgers, and whether it is eliminated. Its marking loop is in marking.go.
type account struct {
	set         *rules.Set
	instruments []instrument
	gate        gate
	slippage    *slippageModel

	open   []*position // in the order of their opening
	all    []*position
	closed float64 // product of the closed positions' returns

	ledger  *ledger
	pairs   []*pairLedger // by instrument, nil until its first order
	judge   judge
	scratch scratch
	watch   func(times []int64, values, drawdowns []float64) // may be nil
	charged func(CarryCharge)                                // may be nil
}

// pairLedger is the ledger of one pair, and what its closed positions came to.
type pairLedger struct {
	*ledger
	closed float64
}

func newAccount(m *Market, j judge) *account {
	return &account{
		set: m.set, instruments: m.instruments, gate: gate{set: m.set},
		slippage: newSlippageModel(m),
		closed:   1, ledger: newLedger(&m.set.Ledger), pairs: make([]*pairLedger, len(m.instruments)),
		judge: j,
	}
}

// value is the portfolio's value: the product of the returns of all positions.
// The order of the factors is that of the marking loop. Rules §5.
func (a *account) value() float64 {
	v := a.closed
	for _, p := range a.open {
		v *= p.value
	}
	return v
}

// leverage is the weighted portfolio leverage. Rules §4.
func (a *account) leverage() float64 {
	sum := 0.0
	for _, p := range a.open {
		sum += float64(abs(p.net) * a.instruments[p.pair].bounds.weight)
	}
	return sum
}

// position returns the open position on an instrument, nil if there is none.
func (a *account) position(instrument int) *position {
	for _, p := range a.open {
		if p.pair == instrument {
			return p
		}
	}
	return nil
}

// openOrders is how many orders the open positions hold.
func (a *account) openOrders() int {
	n := 0
	for _, p := range a.open {
		n += len(p.fills)
	}
	return n
}

// refreshCarry brings a position's carry factor up to ms.
func (a *account) refreshCarry(p *position, ms int64) {
	in := &a.instruments[p.pair]
	before := p.carry
	p.carry = p.accrual.Factor(p.steps, ms)
	p.nextCarry = in.carry.NextMS(ms)
	p.carryLate = false
	p.revalue()
	if a.charged != nil && p.carry != before {
		a.charged(CarryCharge{Pair: in.pair.ID, TimeMS: ms, Before: before, After: p.carry})
	}
}

// nextCarry is the next instant at which carry falls due.
func (a *account) nextCarry() int64 {
	next := int64(math.MaxInt64)
	for _, p := range a.open {
		next = min(next, p.nextCarry)
	}
	return next
}

// chargeCarry books the carry that is due at ms. Where the market is closed the
// builds wait for its reopening. Rules §3, §6.
func (a *account) chargeCarry(ms int64) {
	charged := false
	for _, p := range a.open {
		if p.nextCarry != ms {
			continue
		}
		in := &a.instruments[p.pair]
		if a.set.Carry.ClosedMarket == rules.CarryAtReopening && !in.schedule.Open(ms) {
			p.carryLate = true
			a.scratch.limitMS = unknownLimit
			p.nextCarry = in.carry.NextMS(ms)
			continue
		}
		charged = a.bookCarry(p, ms) || charged
	}
	if charged {
		a.judge.look(a, ms, "", 0)
	}
}

// bookCarry refreshes one position's carry, books an update with what it costs,
// be it nothing, and reports whether it costs something.
func (a *account) bookCarry(p *position, ms int64) (charged bool) {
	before := p.carry
	a.refreshCarry(p, ms)
	a.bookCosts(p, ms, a.anyOpen(ms), a.instruments[p.pair].schedule.Open(ms), p.carry/before, 1)
	return p.carry != before
}

// bookCosts books an update at ms that a position's costs, or an order on it,
// brought about, in the portfolio's ledger and the pair's. open and pairOpen
// tell whether the market of a position held since the last update is open.
func (a *account) bookCosts(p *position, ms int64, open, pairOpen bool, carry, fee float64) {
	a.ledger.advance(ms)
	peak := a.ledger.track.peak
	a.ledger.book(ms, a.value(), open, carry, fee)
	if a.watch != nil {
		a.show([]int64{ms}, []float64{a.ledger.track.prev}, peak)
	}
	of := a.pairs[p.pair]
	value := of.closed
	if !p.closed {
		value *= p.value
	}
	of.advance(ms)
	of.book(ms, value, pairOpen, carry, fee)
}

// show gives updates to whoever watches; peak is the running maximum before them.
func (a *account) show(times []int64, values []float64, peak float64) {
	drawdowns := make([]float64, len(values))
	for j, v := range values {
		peak = max(peak, v)
		drawdowns[j] = 1 - v/peak
	}
	a.watch(times, values, drawdowns)
}

// anyOpen reports whether the market of an open position is open at ms.
func (a *account) anyOpen(ms int64) bool {
	for _, p := range a.open {
		if a.instruments[p.pair].schedule.Open(ms) {
			return true
		}
	}
	return false
}

// apply fills an admitted order: the position, its costs, the ledgers. Rules §5, §6.
func (a *account) apply(instrument int, f Fill, closes bool, actMS int64) {
	in := &a.instruments[instrument]
	p := a.position(instrument)
	open, pairOpen := a.anyOpen(f.TimeMS), p != nil && in.schedule.Open(f.TimeMS) // of what was held until now
	if p == nil {
		p = &position{pair: instrument, accrual: market.CarryAccrual{Terms: &in.carry}}
		a.all = append(a.all, p)
		a.open = append(a.open, p)
		a.beginLedgers(instrument, f.TimeMS)
	}
	carry, fee := p.carry, p.fee
	if len(p.fills) == 0 {
		carry, fee = 1, 1
	}
	p.fill(f, a.set.Position.Accounting, closes)
	p.fee = transactionFactor(&a.set.TransactionFee, in.pair.Class, p.cumulative)
	p.lastActMS = actMS
	a.refreshCarry(p, f.TimeMS)
	if p.closed {
		a.settle(p)
	}
	a.bookCosts(p, f.TimeMS, open, pairOpen, p.carry/carry, p.fee/fee)
	a.judge.look(a, f.TimeMS, in.pair.ID, f.Price)
	a.resetCursors(f.TimeMS)
}

// settle moves a closed position's return from the open to the closed ones.
func (a *account) settle(p *position) {
	a.open = slices.DeleteFunc(a.open, func(q *position) bool { return q == p })
	a.closed *= p.value
	a.pairs[p.pair].closed *= p.value
}

func (a *account) beginLedgers(instrument int, ms int64) {
	if !a.ledger.started {
		a.ledger.begin(ms)
	}
	if a.pairs[instrument] == nil {
		of := &pairLedger{ledger: newLedger(&a.set.Ledger), closed: 1}
		of.begin(ms)
		a.pairs[instrument] = of
	}
}

// eliminate ends the miner: open positions close at their last marked value,
// without exit slippage or fee. Rules §9.
func (a *account) eliminate(ms int64) {
	for _, p := range slices.Clone(a.open) {
		p.closed, p.closeMS, p.net = true, ms, 0
		a.settle(p)
	}
	a.scratch.cursors = a.scratch.cursors[:0]
}

// admit runs the checks of the order gate that look at the account, at the
// order's own time. Rules §2.
func (a *account) admit(o *Order, instrument int, ms int64) (effective float64, closes bool, reason Reason) {
	checks := &a.set.Gate.Checks
	p := a.position(instrument)
	switch {
	case checks.Duplicate && a.gate.duplicate(o.UUID):
		return 0, false, Duplicate
	case checks.InvalidLeverage && !validLeverage(o, a.set.Gate):
		return 0, false, InvalidLeverage
	case checks.TooManyOpenOrders && o.Type != Flat && a.openOrders() >= a.set.Gate.OpenOrdersMax:
		return 0, false, TooManyOpenOrders
	case o.Type == Flat && p == nil:
		return 0, false, NoPosition
	case checks.Cooldown && a.gate.cooling(p, ms):
		return 0, false, CooldownActive
	case o.Type == Flat:
		if checks.OrderMinLeverage && abs(p.net) < a.set.Gate.OrderLeverageMin {
			return 0, false, OrderMinLeverage
		}
		return -p.net, true, ""
	}
	net := 0.0
	if p != nil {
		net = p.net
	}
	return a.instruments[instrument].bounds.admit(net, o.Leverage, a.leverage())
}
