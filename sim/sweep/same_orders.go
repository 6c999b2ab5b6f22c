package sweep

import (
	"github.com/ptnsim/ptnsim/sim"
)

// SameOrders returns what makes strategies that emit the orders of a run again, each
// at its time and as it was requested, whatever becomes of it: the same orders under
// other rules. Pinned ones stay pinned; the others fill as the candles and the new
// rules have it.
//
// What the strategy would have done after an elimination that the new rules spare it
// nobody knows: it emits nothing then.
func SameOrders(res *sim.Result) func() (sim.Strategy, error) {
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
	if len(s.orders) > 0 {
		setup.WakeAt(s.orders[0].ms)
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
