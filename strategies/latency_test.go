package strategies

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestLatencyDoesNotDoubleOrders: while an order is on its way, the strategies
// wait for it instead of sending it again. (A martingale without steps: its
// doubling is no mistake.)
func TestLatencyDoesNotDoubleOrders(t *testing.T) {
	for _, c := range []struct {
		name  string
		given []string
	}{
		{"buy-and-hold", nil},
		{"crossover", nil},
		{"momentum", []string{"lookback=60", "hold=30"}},
		{"cross-momentum", []string{"lookback=60", "rebalance=30"}},
		{"carry-trend", []string{"lookback=60", "hold=30", "hurdle=0"}},
		{"martingale", []string{"steps=0", "target=0.1"}},
		{"random", nil},
	} {
		name := c.name
		definition, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		var given []Setting
		for _, text := range c.given {
			setting, err := ParseSetting(text)
			if err != nil {
				t.Fatal(err)
			}
			given = append(given, setting)
		}
		strategy, err := definition.New(given)
		if err != nil {
			t.Fatal(err)
		}
		const monday = "2025-03-03T00:00:00Z"
		cfg := config(t, strategy, walk(t, "BTCUSD", monday, 3000, 1), walk(t, "ETHUSD", monday, 3000, 2))
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
