package strategies

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestLatencyDoesNotDoubleOrders: while an order is on its way, the strategies
// wait for it instead of sending it again.
func TestLatencyDoesNotDoubleOrders(t *testing.T) {
	for _, name := range []string{"buy-and-hold", "crossover"} {
		definition, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		strategy, err := definition.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		cfg := config(t, strategy, walk(t, "BTCUSD", "2025-03-03T00:00:00Z", 3000, 1))
		cfg.LatencyMS = 1000
		res, err := sim.Run(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Orders) == 0 {
			t.Fatalf("%s: no order", name)
		}
		for _, p := range res.Positions {
			if len(p.Fills) > 2 {
				t.Errorf("%s: a position has %d fills, want one in and one out: %+v", name, len(p.Fills), p.Fills)
			}
		}
	}
}
