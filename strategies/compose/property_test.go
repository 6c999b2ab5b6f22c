package compose

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestAccountEndsAtTheSumOfItsMembers: whatever orders the members emit for an
// hour, twenty minutes later the account holds, pair by pair, the sum of what
// they hold in their books, each multiplied by its share: no more than the
// largest position, none below the smallest, and nearer than the smallest order.
func TestAccountEndsAtTheSumOfItsMembers(t *testing.T) {
	pairs := []string{"BTCUSD", "ETHUSD", "EURUSD", "USDJPY", "XAUUSD"}
	var series []*market.Series
	for i, id := range pairs {
		series = append(series, walk(t, id, 80, uint64(i)))
	}
	cfg := config(t, nil, series...)
	rapid.Check(t, func(t *rapid.T) {
		p := &Portfolio{}
		for _, name := range []string{"a", "b", "c"} {
			share := float64(rapid.IntRange(1, 33).Draw(t, name+" share")) / 100
			p.Members = append(p.Members, Member{Name: name, Strategy: wild(t, name, pairs), Share: share})
		}
		cfg := cfg
		cfg.Strategy, cfg.LatencyMS = p, rapid.SampledFrom([]int64{0, 0, 500, 59_000, 130_000}).Draw(t, "latency")
		res, err := sim.Run(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for i := range res.Orders {
			if o := &res.Orders[i]; o.Reason == sim.RateLimited || o.Reason == sim.CooldownActive {
				t.Fatalf("%d ms of latency: %s", cfg.LatencyMS, told(o))
			}
		}
		held := make(map[string]float64)
		for _, q := range res.Positions {
			if !q.Closed {
				held[q.Pair] = q.NetLeverage
			}
		}
		for _, g := range p.host.executor.goals {
			pair := g.feed.Pair()
			want := 0.0
			for i, m := range p.Members {
				want += m.Share * p.host.books[i].net(pair)
			}
			if want = math.Copysign(min(math.Abs(want), g.limits.PositionMax), want); math.Abs(want) < g.limits.PositionMin*(1-1e-6) {
				want = 0
			}
			if math.Abs(held[pair]-want) > g.limits.OrderMin*(1+1e-6) {
				t.Fatalf("%s: the account holds %g, the members %g", pair, held[pair], want)
			}
		}
	})
}

// wild is a guest that emits random orders for an hour.
func wild(t *rapid.T, name string, pairs []string) *actor {
	a := &actor{does: make(map[int]func(*sim.Context))}
	for range rapid.IntRange(0, 30).Draw(t, name+" orders") {
		minute := rapid.IntRange(0, 60).Draw(t, "minute")
		order := sim.Order{Pair: rapid.SampledFrom(pairs).Draw(t, "pair"), Type: sim.Flat}
		switch size := rapid.Float64Range(-0.6, 0.6).Draw(t, "leverage"); rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
		case 1: // forex takes more
			order.Leverage = 10 * size
		default:
			order.Leverage = size
		}
		if order.Leverage > 0 {
			order.Type = sim.Long
		} else if order.Leverage < 0 {
			order.Type = sim.Short
		}
		before := a.does[minute]
		a.does[minute] = func(c *sim.Context) {
			if before != nil {
				before(c)
			}
			c.Submit(order)
		}
	}
	return a
}
