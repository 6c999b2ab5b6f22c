package compose

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// book is the account that a guest believes to trade: one of its own size, that
// nobody else trades.
//
// An order is checked when it fills, by the rules' leverage limits (smallest and
// largest position, the portfolio's cap, smallest order; an order through zero
// closes at zero) and the market's hours; what the rules say of requests (rate
// limit, cooldown, number of orders, uuids) is the executor's to obey. It acts
// after the run's latency and fills at the open of the pair's first candle from
// then on, a pinned order at its own price and time. A fill is seen, like one of
// the account, at the guest's next decision; until then it is pending. Prices are
// without slippage, returns without costs: those are the account's, as are its
// value, its drawdown and its end. An eliminated account has no positions, and
// rejects every order. Rules §2 to §5.
type book struct {
	guest     *sim.Guest
	context   *sim.Context // the host's, valid during its calls
	latencyMS int64
	limits    []sim.PairLimits // of the pairs that the guest may trade

	positions []position // in the order of their opening
	pending   []pending  // in the order of emission
	planned   []position // what the positions will be once all pending orders have filled
	told      []outcome  // not told yet
	next      sim.OrderID
	version   int  // counts the changes of planned
	ended     bool // the account was seen eliminated

	touched func(pair string) // called for every order
}

// pending is an order on its way.
type pending struct {
	id    sim.OrderID
	order sim.Order
	atMS  int64 // of its emission
	actMS int64
}

// outcome is what became of an order.
type outcome struct {
	id     sim.OrderID
	record sim.OrderRecord
}

// seat lets a guest play the book; pairs are all that it may trade, nil every
// pair that its host does.
func (b *book) seat(setup *sim.Setup, name string, guest sim.Strategy, pairs []string) (err error) {
	b.latencyMS = setup.LatencyMS()
	offered := pairs
	if offered == nil {
		offered = setup.Pairs()
	}
	for _, id := range offered {
		limits, ok := setup.Limits(id)
		if !ok {
			return fmt.Errorf("found %s, which the rule set %s does not know; expected a pair of the rule set", id, setup.RulesName())
		}
		b.limits = append(b.limits, limits)
	}
	b.guest, err = setup.Host(name, guest, sim.Desk{
		Submit: b.submit, Position: b.position, Net: b.held, Pending: b.pendingOn, Portfolio: b.portfolio, Room: b.room, Pairs: pairs,
	})
	return err
}

// decide settles what has filled and lets the guest decide, if it is due.
func (b *book) decide(c *sim.Context) error {
	b.context = c
	b.settle()
	if !b.guest.Due() {
		return nil
	}
	if err := b.tell(); err != nil {
		return err
	}
	return b.guest.Decide()
}

// end settles everything: what is still on its way stays so for ever.
func (b *book) end(c *sim.Context) error {
	b.context = c
	b.settle()
	reason := sim.NoPrice
	if b.over() {
		reason = sim.Eliminated
	}
	for _, p := range b.pending {
		b.reject(p, reason)
	}
	b.pending = nil
	return b.tell()
}

// tell tells the guest what became of its orders.
func (b *book) tell() error {
	told := b.told
	b.told = nil
	for _, o := range told {
		if err := b.guest.Outcome(o.id, o.record); err != nil {
			return err
		}
	}
	return nil
}

// over reports whether the account is eliminated, which marks it.
func (b *book) over() bool {
	b.ended = b.ended || b.context.Portfolio().Eliminated
	return b.ended
}

// submit takes an order of the guest.
func (b *book) submit(c *sim.Context, o sim.Order) sim.OrderID {
	id := b.next
	b.next++
	p := pending{id: id, order: o, atMS: c.NowMS(), actMS: c.NowMS()}
	if !o.Pinned {
		p.actMS += b.latencyMS
	}
	b.pending = append(b.pending, p)
	b.planned, _, _ = b.fill(b.planned, fill{order: o})
	b.version++
	b.touched(o.Pair)
	return id
}

// settle fills and rejects the orders whose time has come, in its order.
func (b *book) settle() {
	if len(b.pending) == 0 {
		return
	}
	changed := false
	for {
		i, at := b.nextFill()
		if i < 0 {
			break
		}
		p := b.pending[i]
		b.pending = append(b.pending[:i], b.pending[i+1:]...)
		switch {
		case b.over():
			b.reject(p, sim.Eliminated)
		case at.Reason != "":
			b.reject(p, at.Reason)
		default:
			b.enter(p, at)
		}
		changed = true
	}
	if changed {
		b.plan()
	}
}

// nextFill finds the first of the orders whose fate is known; -1 if none is.
func (b *book) nextFill() (first int, at sim.FillView) {
	first = -1
	for i, p := range b.pending {
		v, known := b.fateOf(p)
		if known && (first < 0 || v.TimeMS < at.TimeMS) {
			first, at = i, v
		}
	}
	return first, at
}

// fateOf is what the market made of an order, if it is known by now.
func (b *book) fateOf(p pending) (v sim.FillView, known bool) {
	if b.limitsOf(p.order.Pair) == nil {
		v = sim.FillView{TimeMS: p.actMS, Reason: sim.UnsupportedPair}
		return v, p.actMS < b.context.NowMS()
	}
	v, known = b.context.FillOf(p.order.Pair, p.actMS)
	if !p.order.Pinned || v.Reason == sim.MarketClosed || v.Reason == sim.UnsupportedPair {
		return v, known
	}
	return sim.FillView{TimeMS: p.actMS, Price: p.order.Price}, p.actMS < b.context.NowMS()
}

// enter fills an order, or rejects it by the leverage rules.
func (b *book) enter(p pending, at sim.FillView) {
	var effective float64
	var reason sim.Reason
	if b.positions, effective, reason = b.fill(b.positions, fill{p.order, at.Price, at.TimeMS}); reason != "" {
		b.reject(p, reason)
		return
	}
	record := sim.OrderRecord{Order: p.order, EmittedMS: p.atMS, FilledMS: at.TimeMS,
		EffectiveLeverage: effective, FillPrice: at.Price, Outcome: sim.Accepted}
	if p.order.Type != sim.Flat && effective != p.order.Leverage {
		record.Outcome = sim.Clamped
	}
	b.told = append(b.told, outcome{p.id, record})
}

func (b *book) reject(p pending, reason sim.Reason) {
	record := sim.OrderRecord{Order: p.order, EmittedMS: p.atMS, Outcome: sim.Rejected, Reason: reason}
	if reason == sim.NoPosition {
		record.Outcome = sim.Ignored
	}
	b.told = append(b.told, outcome{p.id, record})
}

// plan reckons anew what the positions will be.
func (b *book) plan() {
	b.planned = append(b.planned[:0], b.positions...)
	for _, p := range b.pending {
		b.planned, _, _ = b.fill(b.planned, fill{order: p.order})
	}
	b.version++
}

// net is the net leverage on a pair once all pending orders have filled.
func (b *book) net(pair string) float64 {
	if i := find(b.planned, pair); i >= 0 {
		return b.planned[i].net
	}
	return 0
}

func (b *book) limitsOf(pair string) *sim.PairLimits {
	for i := range b.limits {
		if b.limits[i].Pair.ID == pair {
			return &b.limits[i]
		}
	}
	return nil
}

// weighted is the portfolio leverage of positions. Rules §4.
func (b *book) weighted(of []position) float64 {
	sum := 0.0
	for i := range of {
		sum += float64(math.Abs(of[i].net) * of[i].weight)
	}
	return sum
}
