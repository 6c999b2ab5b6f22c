package strategies

import (
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// still is a pair that goes on for a day, and never moves.
func still(t testing.TB, id string) *market.Series {
	t.Helper()
	return minutes(t, id, start, slices.Repeat([]float64{1000}, 24*60)...)
}

// TestAPairWithoutCandlesGetsOneOrder: BTCUSD turns with its last candle, at
// minute 15, and the order finds no price; however long the run goes on, it is
// not sent again.
func TestAPairWithoutCandlesGetsOneOrder(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, turns()[:15]...)
	for _, s := range []sim.Strategy{
		turner(),
		&Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides, IntervalMS: 5 * minuteMS}},
		&CrossMomentum{Lookback: 2, Rebalance: 3, Number: 1, Within: ByClass, Placement: Placement{Direction: BothSides, IntervalMS: 5 * minuteMS, Pairs: []string{"BTCUSD", "ETHUSD"}}},
	} {
		res := play(t, config(t, s, btc, still(t, "ETHUSD")))
		sent := 0
		for _, o := range res.Orders {
			if o.Pair == "BTCUSD" {
				sent++
			}
		}
		if sent != 1 {
			t.Errorf("%T: %d orders on BTCUSD, want one", s, sent)
		}
	}
}

// TestOrdersGoOnBehindAGap: the order of minute 15 finds no candle. The first
// behind the gap, at 10:07, is finished at 10:08: the order is made then, and
// not at the next of the longer candles that the strategy looks at.
func TestOrdersGoOnBehindAGap(t *testing.T) {
	btc := join(
		minutes(t, "BTCUSD", start, turns()[:15]...),
		minutes(t, "BTCUSD", "2025-01-15T10:07:00Z", 1016, 1016))
	const late = 10*60 + 8
	want := []event{
		{15, -1, "BTCUSD", sim.Long, 0.05, 0, sim.Rejected, sim.NoPrice},
		{late, late, "BTCUSD", sim.Long, 0.05, 1016, sim.Accepted, ""},
	}
	for _, s := range []sim.Strategy{
		turner(),
		&Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides, IntervalMS: 5 * minuteMS}},
	} {
		checkEvents(t, events(btc.Time[0], play(t, config(t, s, btc)).Orders), want)
	}
}

// TestRebalancerOpensTheOtherSideSoon: candles of an hour rise, then fall. One
// request a minute and a moment leaves the FLAT alone at minute 180; the opening
// half follows as soon as the limit lets it through, at minute 181, and fills at
// 182; not an hour later. Rules §2.
func TestRebalancerOpensTheOtherSideSoon(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, slices.Concat(
		slices.Repeat([]float64{1000}, 60), slices.Repeat([]float64{1010}, 60), slices.Repeat([]float64{1005}, 120))...)
	cfg := config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides, IntervalMS: hourMS}}, btc)
	cfg.Rules = loadRules(t, "rate_limit.requests=1")
	checkEvents(t, events(btc.Time[0], play(t, cfg).Orders), []event{
		{120, 120, "BTCUSD", sim.Long, 0.05, 1010, sim.Accepted, ""},
		{180, 180, "BTCUSD", sim.Flat, -0.05, 1005, sim.Accepted, ""},
		{181, 182, "BTCUSD", sim.Short, -0.05, 1005, sim.Accepted, ""},
	})
}

// TestStancesWaitForTheMarketNotForTheirCandle: the hour that ends with the week
// at Friday 17:00 in New York is the first to rise. The order is made after the
// first minute of Sunday, not after its first hour.
func TestStancesWaitForTheMarketNotForTheirCandle(t *testing.T) {
	var week []float64
	for i := range 4 * 60 {
		week = append(week, []float64{1, 1, 1, 1.01}[i/60])
	}
	eur := join(
		minutes(t, "EURUSD", "2025-01-17T18:00:00Z", week...),
		minutes(t, "EURUSD", "2025-01-19T22:00:00Z", slices.Repeat([]float64{1.02}, 30)...))
	s := &Donchian{Entry: 2, Exit: 1, ATR: 1, Placement: hourly()}
	const sunday = 2*24*60 + 4*60
	checkEvents(t, events(eur.Time[0], play(t, config(t, s, eur)).Orders), []event{
		{sunday + 1, sunday + 1, "EURUSD", sim.Long, 0.5, 1.02, sim.Accepted, ""},
	})
}

// TestMomentumOutlivesAnOrderThatWouldActTooLate: the rise shows at Friday 21:59,
// and an order takes two minutes: it would act in the closed market. It is sent
// two minutes before Sunday 22:00, and acts as the market opens.
func TestMomentumOutlivesAnOrderThatWouldActTooLate(t *testing.T) {
	eur := join(
		minutes(t, "EURUSD", "2025-01-17T21:57:00Z", 1, 1.001, 1.001),
		minutes(t, "EURUSD", "2025-01-19T22:00:00Z", 1.002, 1.003, 1.004, 1.005))
	cfg := config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides}}, eur)
	cfg.LatencyMS = 2 * minuteMS
	const sunday = 2*24*60 + 3 // minutes from the start to Sunday 22:00
	checkEvents(t, events(eur.Time[0], play(t, cfg).Orders), []event{
		{sunday - 2, sunday, "EURUSD", sim.Long, 0.5, 1.002, sim.Accepted, ""},
	})
}

// TestMomentumOutlivesALatencyLongerThanANight: orders on NVDA take 26 hours. The
// rise shows on Wednesday 2025-06-11 at 14:30; the session of 13:30 to 20:00 is
// over when an order of then would act, and an order of its end would act after
// Thursday's session. On Thursday at 11:30 one acts as Friday's opens.
func TestMomentumOutlivesALatencyLongerThanANight(t *testing.T) {
	closes := make([]float64, 13)
	for i := range closes {
		closes[i] = 100 + float64(i)
	}
	day := func(start string) *market.Series { return every(t, hourMS/2, "NVDA", start, closes...) }
	nvda := join(join(day("2025-06-11T13:30:00Z"), day("2025-06-12T13:30:00Z")), day("2025-06-13T13:30:00Z"))
	cfg := config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: LongSide}}, nvda)
	cfg.LatencyMS = 26 * hourMS
	const emitted, filled = 22 * 60, 48 * 60 // minutes after Wednesday 13:30
	checkEvents(t, events(nvda.Time[0], play(t, cfg).Orders)[:1], []event{
		{emitted, filled, "NVDA", sim.Long, 0.3, 100, sim.Accepted, ""},
	})
}

// TestMomentumReachesTheSmallestPosition: EURUSD drifts, then jumps, so that the
// volatility leaves less than the smallest position, 0.1, of 0.7. What the order
// leads to may be a hair off in binary fractions; it is sent once, and taken.
func TestMomentumReachesTheSmallestPosition(t *testing.T) {
	closes := make([]float64, 6000)
	price := 1.0
	for i := range closes {
		step := 1e-6
		if i > 3000 {
			step = 4e-4
		}
		price *= 1 + step
		if i%2 == 0 {
			price *= 1 + step
		}
		closes[i] = price
	}
	eur := minutes(t, "EURUSD", "2025-03-03T00:00:00Z", closes...)
	s := &Momentum{Lookback: 60, Hold: 60, Volatility: 0.01, VolatilityPeriod: 30, Placement: Placement{Direction: BothSides, Leverage: 0.7}}
	res := play(t, config(t, s, eur))
	net := 0.0
	for _, o := range res.Orders {
		if !o.Filled() {
			t.Fatalf("an order of %g at %d is turned down: %s", o.Leverage, o.EmittedMS, o.Reason)
		}
		net += o.EffectiveLeverage
	}
	if net < 0.1 || net > 0.1+1e-9 || len(res.Orders) != 2 {
		t.Errorf("%d orders come to a position of %.17g; want two, and 0.1", len(res.Orders), net)
	}
}
