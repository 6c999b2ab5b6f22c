package strategies

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestCrossMomentumHoldsTheExtremes: four pairs ranked every three minutes by
// their return over two. At minute 3 that is from the close of minute 1 to that
// of minute 3, and so on:
//
//	         minute 3          minute 6          minute 9
//	BTCUSD   100 → 110  +10 %  110 → 110    0 %  110 → 111  +0.9 %
//	ETHUSD   100 → 105   +5 %  106 → 120  +13 %  120 → 121  +0.8 %
//	SOLUSD   100 →  95   -5 %   95 →  94   -1 %   94 →  95  +1.1 %
//	XRPUSD   100 →  90  -10 %   90 →  80  -11 %   80 →  79  -1.3 %
//
// What is closed is closed before the other is opened.
func TestCrossMomentumHoldsTheExtremes(t *testing.T) {
	series := []*market.Series{
		minutes(t, "BTCUSD", start, 100, 100, 110, 110, 110, 110, 110, 110, 111, 111),
		minutes(t, "ETHUSD", start, 100, 100, 105, 106, 106, 120, 120, 120, 121, 121),
		minutes(t, "SOLUSD", start, 100, 100, 95, 95, 95, 94, 94, 94, 95, 95),
		minutes(t, "XRPUSD", start, 100, 100, 90, 90, 90, 80, 80, 80, 79, 79),
	}
	both := []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 110, sim.Accepted, ""},
		{3, 3, "XRPUSD", sim.Short, -0.05, 90, sim.Accepted, ""},
		{6, 6, "BTCUSD", sim.Flat, -0.05, 110, sim.Accepted, ""},
		{6, 6, "ETHUSD", sim.Long, 0.05, 120, sim.Accepted, ""},
		{9, 9, "ETHUSD", sim.Flat, -0.05, 121, sim.Accepted, ""},
		{9, 9, "SOLUSD", sim.Long, 0.05, 95, sim.Accepted, ""},
	}
	longs := slices.DeleteFunc(slices.Clone(both), func(e event) bool { return e.pair == "XRPUSD" })
	for _, c := range []struct {
		name string
		s    CrossMomentum
		want []event
	}{
		{"both sides", CrossMomentum{Number: 1, Placement: Placement{Direction: BothSides}}, both},
		{"the best alone", CrossMomentum{Number: 1, Placement: Placement{Direction: LongSide}}, longs},
		{"the worst alone", CrossMomentum{Number: 1, Placement: Placement{Direction: ShortSide}}, both[1:2]},
		// A minute is skipped: minutes 1 to 2 are too few for the first ranking; at
		// minute 6 the returns are from minute 3 to 5, all zero but ETHUSD's, from
		// 105 to 106; at minute 9 from minute 6 to 8, all zero: the first in the list
		// is the best, the last the worst.
		{"a minute skipped", CrossMomentum{Number: 1, Skip: 1, Placement: Placement{Direction: LongSide}}, []event{
			{6, 6, "ETHUSD", sim.Long, 0.05, 120, sim.Accepted, ""},
			{9, 9, "ETHUSD", sim.Flat, -0.05, 121, sim.Accepted, ""},
			{9, 9, "BTCUSD", sim.Long, 0.05, 111, sim.Accepted, ""},
		}},
		// More than half of the pairs can't be had: two and two.
		{"half of them", CrossMomentum{Number: 9, Placement: Placement{Direction: BothSides, Pairs: []string{"BTCUSD", "XRPUSD", "SOLUSD"}}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 110, sim.Accepted, ""},
			{3, 3, "XRPUSD", sim.Short, -0.05, 90, sim.Accepted, ""},
			{9, 9, "BTCUSD", sim.Flat, -0.05, 111, sim.Accepted, ""},
			{9, 9, "SOLUSD", sim.Long, 0.05, 95, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Lookback, c.s.Rebalance, c.s.Within = 2, 3, ByClass
			res := play(t, config(t, &c.s, series...))
			checkEvents(t, events(series[0].Time[0], res.Orders), c.want)
		})
	}
}

// TestCrossMomentumRanksWithinAClass: together the crypto pairs take both ends,
// by class each class has a best and a worst. Bound of a pair: 0.05 of crypto,
// 0.5 of forex; 0.5 + 0.5 + 0.5 + 0.5 = 2 of the 3 of the cap that are shared.
func TestCrossMomentumRanksWithinAClass(t *testing.T) {
	series := []*market.Series{
		minutes(t, "EURUSD", start, 1, 1, 1.01, 1.01),
		minutes(t, "BTCUSD", start, 100, 100, 110, 110),
		minutes(t, "GBPUSD", start, 1, 1, 0.99, 0.99),
		minutes(t, "ETHUSD", start, 100, 100, 90, 90),
	}
	crypto := []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 110, sim.Accepted, ""},
		{3, 3, "ETHUSD", sim.Short, -0.05, 90, sim.Accepted, ""},
	}
	all := []event{
		{3, 3, "EURUSD", sim.Long, 0.5, 1.01, sim.Accepted, ""}, crypto[0],
		{3, 3, "GBPUSD", sim.Short, -0.5, 0.99, sim.Accepted, ""}, crypto[1],
	}
	for within, want := range map[Ranking][]event{ByClass: all, Together: crypto} {
		res := play(t, config(t, &CrossMomentum{Lookback: 2, Rebalance: 3, Number: 1, Within: within, Placement: Placement{Direction: BothSides}}, series...))
		checkEvents(t, events(series[0].Time[0], res.Orders), want)
	}
}

// TestCrossMomentumComparesOverTheSameTime: candles of five and of fifteen minutes
// meet at fifteen. At minute 30 the return of the last fifteen minutes counts:
// ETHUSD rose in the first fifteen alone, and is the worst.
func TestCrossMomentumComparesOverTheSameTime(t *testing.T) {
	btc := every(t, 15*minuteMS, "BTCUSD", start, 100, 101, 101)
	eth := every(t, 5*minuteMS, "ETHUSD", start, 100, 110, 120, 120, 120, 120, 120)
	s := &CrossMomentum{Lookback: 1, Rebalance: 2, Number: 1, Within: ByClass, Placement: Placement{Direction: BothSides}}
	res := play(t, config(t, s, btc, eth))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{
		{30, 30, "BTCUSD", sim.Long, 0.05, 101, sim.Accepted, ""},
		{30, 30, "ETHUSD", sim.Short, -0.05, 120, sim.Accepted, ""},
	})
	seven := every(t, 7*minuteMS, "ETHUSD", start, 100, 110)
	if _, err := sim.Run(context.Background(), config(t, s, btc, seven)); err == nil || !strings.Contains(err.Error(), "choose one with interval=") {
		t.Errorf("candles of 7 and 15 minutes: %v", err)
	}
}

// TestCrossMomentumWaitsForTheMarket: forex closes on Friday at 22:00, at the very
// ranking; crypto moves at once, forex when it opens on Sunday. (That Friday 22:00
// is minute 28952520 = 120 · 241271 of the epoch: of rankings every 241271 minutes
// it is one.)
func TestCrossMomentumWaitsForTheMarket(t *testing.T) {
	const friday, weekend = "2025-01-17T21:57:00Z", 2 * 24 * 60
	forex := func(id string, closes ...float64) *market.Series {
		return join(minutes(t, id, friday, closes[:3]...), minutes(t, id, "2025-01-19T22:00:00Z", closes[3:]...))
	}
	crypto := func(id string, last float64) *market.Series {
		return minutes(t, id, friday, append([]float64{100, 100}, slices.Repeat([]float64{last}, weekend+10)...)...)
	}
	series := []*market.Series{
		forex("EURUSD", 1, 1, 1.01, 1.02, 1.02, 1.02), forex("GBPUSD", 1, 1, 0.99, 0.98, 0.98, 0.98),
		crypto("BTCUSD", 101), crypto("ETHUSD", 99),
	}
	s := &CrossMomentum{Lookback: 2, Rebalance: 241271, Number: 1, Within: ByClass, Placement: Placement{Direction: BothSides}}
	if at(t, "2025-01-17T22:00:00Z")%(int64(s.Rebalance)*minuteMS) != 0 {
		t.Fatal("Friday 22:00 is no ranking")
	}
	res := play(t, config(t, s, series...))
	checkEvents(t, events(series[0].Time[0], res.Orders), []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 101, sim.Accepted, ""},
		{3, 3, "ETHUSD", sim.Short, -0.05, 99, sim.Accepted, ""},
		{3 + weekend, 3 + weekend, "EURUSD", sim.Long, 0.5, 1.02, sim.Accepted, ""},
		{3 + weekend, 3 + weekend, "GBPUSD", sim.Short, -0.5, 0.98, sim.Accepted, ""},
	})
}

// TestCrossMomentumSpreadsItsOrders: 24 pairs, 12 of them long and 12 short, at
// minute 3, then, as the ranking turns round at minute 6, 24 times two orders. A
// minute lets 10 requests through, so no order is rejected.
func TestCrossMomentumSpreadsItsOrders(t *testing.T) {
	var series []*market.Series
	for i, id := range strings.Fields(allForex) {
		up := 1 + 0.001*float64(i)
		closes := append([]float64{1, 1, up, up, up, 1}, slices.Repeat([]float64{1}, 30)...)
		series = append(series, minutes(t, id, start, closes...))
	}
	s := &CrossMomentum{Lookback: 2, Rebalance: 3, Number: 12, Within: ByClass, Placement: Placement{Direction: BothSides}}
	cfg := config(t, s, series...)
	for _, latencyMS := range []int64{0, 90_000} {
		cfg.LatencyMS = latencyMS
		res := play(t, cfg)
		sides := make(map[sim.OrderType]int)
		for i, o := range res.Orders {
			if !o.Filled() {
				t.Errorf("latency %d: order %d at minute %d: %s %s", latencyMS, i, (o.EmittedMS-cfg.FromMS)/minuteMS, o.Outcome, o.Reason)
			}
			sides[o.Type]++
		}
		if sides[sim.Long] < 12 || sides[sim.Short] < 12 || sides[sim.Flat] == 0 {
			t.Errorf("latency %d: %v are too few orders to show anything", latencyMS, sides)
		}
	}
}
