package sweep

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// SameOrders returns a Play that has the miners of the first variant decide, and emit
// under every other one what they emitted under the first: what differs is then what
// the rules make of the orders, and not what strategies make of the rules. A miner that
// was refused there emitted nothing. It is of one comparison, and not for several at
// once.
//
// Nobody's owner registers again under any variant, the first included: when one does
// depends on the rules, and no orders are known of a successor that only other rules
// bring about.
func SameOrders(play Play) Play {
	again := new(repeat)
	return func(v Variant) (*subnet.Result, error) {
		v.again = again
		res, err := play(v)
		if err != nil || again.orders != nil {
			return res, err
		}
		again.orders = make(map[string]func() (sim.Strategy, error), len(res.Miners))
		for i := range res.Miners {
			m := &res.Miners[i]
			again.orders[m.Name] = Orders(m.Account)
		}
		return res, nil
	}
}

// repeat is what the miners of a comparison emitted under its first variant, each by
// its name; nil while that is played.
type repeat struct {
	orders map[string]func() (sim.Strategy, error)
}

// Miners are the miners as the variant is to be played with: as they are; or, with
// [SameOrders], without successors, and emitting again what they emitted before,
// copycats too.
func (v Variant) Miners(miners []subnet.Miner) []subnet.Miner {
	miners = slices.Clone(miners)
	if v.again == nil {
		return miners
	}
	for i := range miners {
		m := &miners[i]
		m.AgainMS = 0
		if v.again.orders == nil {
			continue
		}
		emits, ok := v.again.orders[m.Name]
		if !ok {
			emits = Orders(new(sim.Result))
		}
		m.Make, m.Copies, m.DelayMS = emits, "", 0
	}
	return miners
}

// Orders returns what makes strategies that emit the orders of a run again, each at
// its time and as it was requested, whatever becomes of it. Pinned ones stay pinned;
// the others fill as the candles and the rules of the new run have it. Those of a time
// before a run that begins later are left out.
//
// What the strategy would have done after an elimination that other rules spare it
// nobody knows: it emits nothing then.
func Orders(res *sim.Result) func() (sim.Strategy, error) {
	orders := make([]emitted, 0, len(res.Orders))
	for i := range res.Orders {
		orders = append(orders, emitted{res.Orders[i].EmittedMS, res.Orders[i].Order})
	}
	return func() (sim.Strategy, error) { return &sameOrders{orders: orders}, nil }
}

// emitted is an order and its time.
type emitted struct {
	ms int64 // UTC ms
	sim.Order
}

// sameOrders looks at nothing.
type sameOrders struct {
	orders []emitted // in the order of emission; shared
	next   int
}

// Init implements sim.Strategy.
func (s *sameOrders) Init(setup *sim.Setup) error {
	fromMS, _ := setup.Range()
	s.next, _ = slices.BinarySearchFunc(s.orders, fromMS, func(o emitted, ms int64) int { return cmp.Compare(o.ms, ms) })
	if s.next < len(s.orders) {
		setup.WakeAt(s.orders[s.next].ms)
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *sameOrders) Decide(c *sim.Context) error {
	for ; s.next < len(s.orders); s.next++ {
		o := &s.orders[s.next]
		if o.ms > c.NowMS() {
			c.WakeAt(o.ms)
			return nil
		}
		c.Submit(o.Order)
	}
	return nil
}
