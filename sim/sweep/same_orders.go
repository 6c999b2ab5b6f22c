package sweep

import (
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// SameOrders returns a Play that plays the first variant it is given as it is, and
// every other one with the orders that the miners emitted under the first: what differs
// is then what the rules make of the orders, and not what strategies make of the rules.
// It is of one comparison, and not for several at once.
func SameOrders(play Play) Play {
	var orders map[string]func() (sim.Strategy, error)
	return func(v Variant) (*subnet.Result, error) {
		v.orders = orders
		res, err := play(v)
		if err != nil || orders != nil {
			return res, err
		}
		orders = make(map[string]func() (sim.Strategy, error), len(res.Miners))
		for i := range res.Miners {
			if m := &res.Miners[i]; m.Account != nil {
				orders[m.Name] = Orders(m.Account)
			}
		}
		return res, nil
	}
}

// Miners are the miners as the variant is to be played with: as they are, or emitting
// again what they emitted before, copycats too.
func (v Variant) Miners(miners []subnet.Miner) []subnet.Miner {
	miners = slices.Clone(miners)
	for i := range miners {
		if again, ok := v.orders[miners[i].Name]; ok {
			miners[i].Make, miners[i].Copies, miners[i].DelayMS = again, "", 0
		}
	}
	return miners
}

// Orders returns what makes strategies that emit the orders of a run again, each at
// its time and as it was requested, whatever becomes of it. Pinned ones stay pinned;
// the others fill as the candles and the rules of the new run have it.
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
	if s.next = 0; len(s.orders) > 0 {
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
