package sim

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// TestTargetClimbsBySmallestOrders: 0.011 − 0.010 is 0.00099999999999999915 in
// binary, a hair below the smallest order: the order is the smallest all the same,
// and the position gets to the top.
func TestTargetClimbsBySmallestOrders(t *testing.T) {
	if a, b := 0.011, 0.010; a-b >= 0.001 {
		t.Fatal("the difference is no less: this shows nothing")
	}
	var f *Feed
	thousandths, sent := 10, 0
	p := &plan{
		init: func(s *Setup) (err error) { f, err = s.Subscribe("BTCUSD"); return err },
		decide: func(c *Context) error {
			if thousandths <= 20 && f.Fresh() {
				sent += c.Target("BTCUSD", float64(thousandths)/1000)
				thousandths++
			}
			return nil
		},
	}
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20)},
		Strategy: p, FromMS: thursday, ToMS: thursday + 15*minuteMS,
	})
	if sent != 11 || len(res.Orders) != 11 {
		t.Errorf("%d orders were sent, %d are in the log, want 11", sent, len(res.Orders))
	}
	for i, o := range res.Orders {
		if o.Outcome != Accepted {
			t.Errorf("order %d of %g is %s %s", i, o.Leverage, o.Outcome, o.Reason)
		}
	}
	if net := res.Positions[0].NetLeverage; !near(net, 0.02) {
		t.Errorf("the position is %g, want 0.02", net)
	}
}

// TestOtherFuturesKeepAFirstCandle: an honest strategy that reads the first value
// of a column, as averages do, is none that sees the future: neither where the
// candles begin with the run, nor where a second pair begins a day later.
func TestOtherFuturesKeepAFirstCandle(t *testing.T) {
	first := candlesOf("BTCUSD", 5*minuteMS, thursday, 2*288)
	second := candlesOf("ETHUSD", 5*minuteMS, thursday+dayMS, 288)
	honest := func() (Strategy, error) {
		return &plan{
			init: func(s *Setup) error {
				for _, pair := range s.Pairs() {
					f, err := s.Subscribe(pair)
					if err != nil {
						return err
					}
					f.Precompute(func(c Candles) []float64 {
						from := c.Close()[0]
						values := make([]float64, c.Len())
						for i, x := range c.Close() {
							values[i] = x / from
						}
						return values
					})
				}
				s.WakeAt(thursday)
				return nil
			},
			decide: func(c *Context) error {
				if c.NowMS() == thursday || c.NowMS() == thursday+6*60*minuteMS {
					c.Target("BTCUSD", 0.1)
				}
				return nil
			},
		}, nil
	}
	for seed := range uint64(8) {
		report, err := VerifyCausal(context.Background(), Config{
			Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{first, second},
			FromMS: thursday, ToMS: thursday + 2*dayMS,
		}, honest, CausalOptions{Seed: seed, Points: 40})
		if err != nil || report.Err() != nil || len(report.Base.Orders) == 0 {
			t.Fatalf("seed %d: %v, %v, %d orders", seed, err, report.Err(), len(report.Base.Orders))
		}
	}
}
