package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

// forexPairs are fourteen pairs that trade at the same hours.
var forexPairs = []string{"AUDCAD", "AUDUSD", "AUDJPY", "AUDNZD", "CADCHF", "CADJPY", "CHFJPY", "EURCAD", "EURUSD", "EURCHF", "EURGBP", "EURJPY", "EURNZD", "NZDCAD"}

func forexMinutes(t testing.TB, n int) []*market.Series {
	var list []*market.Series
	for _, id := range forexPairs {
		list = append(list, minutes(t, id, n))
	}
	return list
}

// each does something with every pair of a list.
func each(pairs []string, do func(c *sim.Context, pair string)) func(c *sim.Context) {
	return func(c *sim.Context) {
		for _, pair := range pairs {
			do(c, pair)
		}
	}
}

// TestRateLimitSpreadsOrders: fourteen pairs change at minute 1, of which the
// limit of ten in 60 s takes ten. The window that opened at 60 s is over at more
// than 120 s: the other four orders act at minute 3. At minute 8 four of the first
// ten close, listed after the others that are to grow: closings come first, so six
// of the ten that grow pass, the other four two minutes later.
func TestRateLimitSpreadsOrders(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){
		1: each(forexPairs, func(c *sim.Context, pair string) { c.Long(pair, 0.2) }),
		8: both(
			each(forexPairs[4:], func(c *sim.Context, pair string) { c.Long(pair, 0.1) }),
			each(forexPairs[:4], func(c *sim.Context, pair string) { c.Flat(pair) })),
	}}
	res := play(t, config(t, portfolioOf(guest), forexMinutes(t, 20)...))
	want := []string{}
	add := func(minute int, kind string, leverage float64, pairs []string) {
		for _, pair := range pairs {
			want = append(want, fmt.Sprintf("%d: %s %s %g at %d for %d", minute, kind, pair, leverage, minute, 1000+minute-1))
		}
	}
	add(1, "LONG", 0.2, forexPairs[:10])
	add(3, "LONG", 0.2, forexPairs[10:])
	add(8, "FLAT", -0.2, forexPairs[:4])
	add(8, "LONG", 0.1, forexPairs[4:10])
	add(10, "LONG", 0.1, forexPairs[10:])
	checkLines(t, orders(res), want)
}

// TestWithheldOrdersWaitForTheirCandle: with candles of five minutes the limit takes
// ten of fourteen at minute 5. The guest is called at minute 7, when the limit lets
// the others through; but they would fill no sooner than at minute 10, and are not
// looked at before it.
func TestWithheldOrdersWaitForTheirCandle(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){
		5: each(forexPairs, func(c *sim.Context, pair string) { c.Long(pair, 0.2) }),
		7: func(*sim.Context) {},
	}}
	var series []*market.Series
	for _, id := range forexPairs {
		series = append(series, candlesOf(t, id, 5*minuteMS, 4, func(int) float64 { return 1000 }))
	}
	var want []string
	for i, pair := range forexPairs {
		minute := 5
		if i >= 10 {
			minute = 10
		}
		want = append(want, fmt.Sprintf("%d: LONG %s 0.2 at %d for 1000", minute, pair, minute))
	}
	checkLines(t, orders(play(t, config(t, portfolioOf(guest), series...))), want)
}

// TestOrdersThatPassKeepTheGuestsOrder, closings or not.
func TestOrdersThatPassKeepTheGuestsOrder(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){
		1: both(long("EURUSD", 1), long("BTCUSD", 0.1)),
		2: both(long("BTCUSD", 0.1), flat("EURUSD")),
	}}
	res := play(t, config(t, portfolioOf(guest), minutes(t, "BTCUSD", 9), minutes(t, "EURUSD", 9)))
	checkLines(t, orders(res), []string{
		"1: LONG EURUSD 1 at 1 for 1000", "1: LONG BTCUSD 0.1 at 1 for 1000",
		"2: LONG BTCUSD 0.1 at 2 for 1001", "2: FLAT EURUSD -1 at 2 for 1001",
	})
}

// TestCapTakesClosingsFirst: two members at share 1 each, in one account whose cap
// is 10. At 1 they hold 1 EURUSD (weight 1) and 0.5 BTCUSD (weight 10), together
// 6. At 3 the second wants 0.5 ETHUSD (5), and 4 are left: the gate clamps it to
// 0.4. At 5 it wants a short of 0.4 SOLUSD, and nothing is left: it waits, with a
// warning. At 6 the first closes BTCUSD; ETHUSD and SOLUSD were asked for before,
// but the closing is sent first, and the 5 that it frees take the 0.1 that ETHUSD
// lacks and SOLUSD.
func TestCapTakesClosingsFirst(t *testing.T) {
	first := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.5), 6: flat("BTCUSD")}}
	second := &actor{does: map[int]func(*sim.Context){1: long("EURUSD", 1), 3: long("ETHUSD", 0.5), 5: short("SOLUSD", 0.4)}}
	p := &Portfolio{Members: []Member{{Name: "second", Strategy: second, Share: 1}, {Name: "first", Strategy: first, Share: 1}}}
	var series []*market.Series
	for _, id := range []string{"BTCUSD", "ETHUSD", "SOLUSD", "EURUSD"} {
		series = append(series, minutes(t, id, 12))
	}
	res := play(t, config(t, p, series...))
	checkLines(t, orders(res), []string{
		"1: LONG EURUSD 1 at 1 for 1000", "1: LONG BTCUSD 0.5 at 1 for 1000",
		"3: LONG ETHUSD 0.4 at 3 for 1002",
		"6: FLAT BTCUSD -0.5 at 6 for 1005",
		"6: LONG ETHUSD 0.1 at 6 for 1005", "6: SHORT SOLUSD -0.4 at 6 for 1005",
	})
	if want := "SOLUSD: the portfolio's cap of 10 leaves no room for a target: the account waits for some"; !slices.Contains(res.Warnings, want) {
		t.Errorf("warnings %v, want %s", res.Warnings, want)
	}
}

// TestTurnAtTheLimitOfOrdersTakesTwoCandles: where the open positions may hold one
// order together, a turn at minute 5 closes at once; the other side has room when
// the closing has filled, at the next candle.
func TestTurnAtTheLimitOfOrdersTakesTwoCandles(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.1), 5: both(flat("BTCUSD"), short("BTCUSD", 0.2))}}
	cfg := config(t, portfolioOf(guest), minutes(t, "BTCUSD", 12))
	cfg.Rules = loadRules(t, "gate.open_orders_max=1")
	checkLines(t, orders(play(t, cfg)), []string{
		"1: LONG BTCUSD 0.1 at 1 for 1000", "5: FLAT BTCUSD -0.1 at 5 for 1004", "6: SHORT BTCUSD -0.2 at 6 for 1005",
	})
}

// TestTargetBelowTheSmallestPositionIsNone: 0.5 × 0.015 of BTCUSD, whose smallest
// position is 0.01; then 0.5 × 0.03, and 0.5 × 0.018 again.
func TestTargetBelowTheSmallestPositionIsNone(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.015), 3: long("BTCUSD", 0.015), 5: short("BTCUSD", 0.012), 7: flat("BTCUSD")}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Share: 0.5}}}
	res := play(t, config(t, p, minutes(t, "BTCUSD", 12)))
	checkLines(t, orders(res), []string{"3: LONG BTCUSD 0.015 at 3 for 1002", "5: FLAT BTCUSD -0.015 at 5 for 1004"})
	want := "BTCUSD: a target is below the smallest position, 0.01: the account holds none then"
	if n := strings.Count(strings.Join(res.Warnings, "\n"), want); n != 1 {
		t.Errorf("the warning comes %d times in %v, want once", n, res.Warnings)
	}
}

// TestDifferenceBelowTheSmallestOrderIsLeft: 0.1 × 0.005 of BTCUSD is below 0.001;
// twice that is 0.001, and is traded.
func TestDifferenceBelowTheSmallestOrderIsLeft(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.2), 3: long("BTCUSD", 0.005), 5: long("BTCUSD", 0.006)}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Share: 0.1}}}
	res := play(t, config(t, p, minutes(t, "BTCUSD", 12)))
	checkLines(t, orders(res), []string{"1: LONG BTCUSD 0.02 at 1 for 1000", "5: LONG BTCUSD 0.0011 at 5 for 1004"})
}

// TestClosingMarketRejectsInTheBook: with a latency of 61 s an order of Friday
// 21:59 UTC acts after the close of forex at 22:00. The guest's book rejects it,
// and the account, which knows the hours, is not asked.
func TestClosingMarketRejectsInTheBook(t *testing.T) {
	const friday, sunday = 4*24*60 + 22*60, 6*24*60 + 21*60 // minutes; New York's summer time begins that Sunday
	guest := &actor{does: map[int]func(*sim.Context){friday - 1: long("EURUSD", 1), friday - 3: long("BTCUSD", 0.1)}}
	cfg := config(t, portfolioOf(guest), minutes(t, "EURUSD", sunday+10), minutes(t, "BTCUSD", sunday+10))
	cfg.LatencyMS = 61_000
	res := play(t, cfg)
	checkLines(t, orders(res), []string{
		fmt.Sprintf("%d: LONG BTCUSD 0.1 at %d for %d", friday-3, friday-1, 1000+friday-2),
	})
	checkLines(t, guest.outcomes, []string{
		fmt.Sprintf("%d: 0 LONG BTCUSD 0.1 at %d for %d", sunday+10, friday-1, 1000+friday-2), // told at the end
		fmt.Sprintf("%d: 1 LONG EURUSD market_closed", sunday+10),
	})
}

// TestScaleInAClosedMarketIsTradedWhenItOpens. With a latency of 61 minutes
// the guest's order of Friday 20:00 UTC fills at 21:01, at a scale of 0.5 for a
// wild market. At 21:00 the market has stood still for half an hour, and the scale
// is 2: that order would act at 22:01, after the close. It is sent on Sunday at
// 21:00, when the market opens.
func TestScaleInAClosedMarketIsTradedWhenItOpens(t *testing.T) {
	const friday, sunday = 4*24*60 + 22*60, 6*24*60 + 21*60 // minutes; New York's summer time begins that Sunday
	eur := candlesOf(t, "EURUSD", minuteMS, sunday+100, func(i int) float64 {
		if i < friday-91 {
			return 1000 + 10*float64(i%2)
		}
		return 1000
	})
	guest := &actor{does: map[int]func(*sim.Context){friday - 120: long("EURUSD", 1)}}
	s := &VolatilityTarget{Of: guest, Least: 0.5, Most: 2, WindowMS: 29 * minuteMS, IntervalMS: minuteMS, RebalanceMS: hourMS, Band: 0.1}
	cfg := config(t, s, eur)
	cfg.LatencyMS = 61 * minuteMS
	checkLines(t, orders(play(t, cfg)), []string{
		fmt.Sprintf("%d: LONG EURUSD 0.5 at %d for 1000", friday-120, friday-59),
		fmt.Sprintf("%d: LONG EURUSD 1.5 at %d for 1000", sunday, sunday+61),
	})
}

// TestClosedMarketIsWaitedFor: what the guest holds at a share is scaled in a
// closed market, and the account follows when it opens. Stocks open at 14:30 UTC
// on 2025-03-03 and close at 21:00. A scale of 2 (volatility of nothing) becomes
// due at midnight.
func TestClosedMarketIsWaitedFor(t *testing.T) {
	series := candlesOf(t, "AAPL", minuteMS, 48*60, func(i int) float64 {
		if i < 15*60 {
			return 1000 + 10*float64(i%2) // wild, then still
		}
		return 1000
	})
	guest := &actor{does: map[int]func(*sim.Context){20 * 60: long("AAPL", 0.4)}}
	s := &VolatilityTarget{Of: guest, Least: 0.5, Most: 2, WindowMS: 2 * hourMS, IntervalMS: minuteMS, RebalanceMS: dayMS, Band: 0.1}
	res := play(t, config(t, s, series))
	checkLines(t, orders(res), []string{
		"1200: LONG AAPL 0.4 at 1200 for 1000", // 20 returns: none at midnight, before the market opened
		fmt.Sprintf("%d: LONG AAPL 0.4 at %d for 1000", 24*60+14*60+30, 24*60+14*60+30),
	})
}

// TestLatencyDoesNotDoubleOrders: an order that acts 90 s later fills in the
// second minute after it; meanwhile the candles of the crossover pass. It opens
// and closes whole positions, so each has one fill in and one out.
func TestLatencyDoesNotDoubleOrders(t *testing.T) {
	cross := func() strategies.Configurable { return build(t, "crossover fast=5 slow=20") }
	for _, s := range []sim.Strategy{portfolioOf(cross()), unscaled(cross()), &TWAP{Of: cross(), Slices: 1, DurationMS: hourMS, Closings: true}} {
		cfg := config(t, s, walk(t, "BTCUSD", 3000, 1), walk(t, "ETHUSD", 3000, 2))
		cfg.LatencyMS = 90_000
		res := play(t, cfg)
		if len(res.Positions) < 20 {
			t.Fatalf("%T: %d positions", s, len(res.Positions))
		}
		for _, p := range res.Positions {
			if len(p.Fills) > 2 {
				t.Errorf("%T: a position has %d fills", s, len(p.Fills))
			}
		}
		for i := range res.Orders {
			if o := &res.Orders[i]; o.Outcome != sim.Accepted && o.EmittedMS < cfg.ToMS-2*minuteMS {
				t.Errorf("%T: %s", s, told(o))
			}
		}
	}
}

// TestEliminationStopsEverything: BTCUSD falls by a third while 0.5 is held.
func TestEliminationStopsEverything(t *testing.T) {
	falling := candlesOf(t, "BTCUSD", minuteMS, 600, func(i int) float64 {
		if i < 100 {
			return 1000
		}
		return 600
	})
	for _, around := range []func(*actor) sim.Strategy{
		func(a *actor) sim.Strategy { return portfolioOf(a) },
		func(a *actor) sim.Strategy { return unscaled(a) },
		func(a *actor) sim.Strategy { return &TWAP{Of: a, Slices: 3, DurationMS: hourMS, Closings: true} },
	} {
		var views []sim.PortfolioView
		held, expected := true, -1.0
		guest := &actor{does: map[int]func(*sim.Context){
			1: long("BTCUSD", 0.5), 200: short("BTCUSD", 0.1),
			201: func(c *sim.Context) {
				views = append(views, c.Portfolio())
				_, held = c.Position("BTCUSD")
				expected = c.Expected("BTCUSD") // the net leverage alone
				c.Long("BTCUSD", 0.1)
			},
			203: func(*sim.Context) {},
		}}
		s := around(guest)
		res := play(t, config(t, s, falling))
		if res.Elimination == nil {
			t.Fatalf("%T: not eliminated", s)
		}
		if last := res.Orders[len(res.Orders)-1]; last.EmittedMS > res.Elimination.TimeMS {
			t.Errorf("%T: an order after the end: %+v", s, last)
		}
		if held || expected != 0 || len(views) != 1 || !views[0].Eliminated || views[0].OpenPositions != 0 || views[0].Leverage != 0 {
			t.Errorf("%T: the guest sees %+v, a position %t, %g expected", s, views, held, expected)
		}
		if last := guest.outcomes[len(guest.outcomes)-1]; last != "203: 2 LONG BTCUSD eliminated" {
			t.Errorf("%T: the last outcome is %s", s, last)
		}
	}
}

// TestExecutorIsNeverRejectedOverTheSample: whatever the strategies inside do on
// all pairs at once, neither the rate limit nor the cooldown rejects an order.
func TestExecutorIsNeverRejectedOverTheSample(t *testing.T) {
	for _, name := range []string{
		"volatility-target of.fast=3 of.slow=9 rebalance=1h band=0",
		"twap slices=12 duration=1h of.fast=3 of.slow=9",
		"twap slices=30 duration=5m of.fast=3 of.slow=30",
		"twap of=volatility-target of.of=crossover of.of.fast=3 of.of.slow=30 of.rebalance=1h",
		"volatility-target of=twap of.of.fast=3 of.of.slow=30 of.duration=20m",
	} {
		t.Run(name, func(t *testing.T) {
			for _, latency := range []int64{0, 7_000} {
				cfg := sample(t, build(t, name))
				cfg.LatencyMS = latency
				res := play(t, cfg)
				if len(res.Orders) < 500 {
					t.Fatalf("%d orders only", len(res.Orders))
				}
				count := make(map[sim.Reason]int)
				for _, o := range res.Orders {
					count[o.Reason]++
				}
				for _, legal := range []sim.Reason{"", sim.Eliminated, sim.NoPrice} { // no price: the last candle of a session
					delete(count, legal)
				}
				if latency > 0 { // the market closes on the way, and what reckoned with the order is wrong
					delete(count, sim.MarketClosed)
					delete(count, sim.MinPositionLeverage)
				}
				if len(count) > 0 {
					t.Errorf("latency %d: of %d orders were rejected %v", latency, len(res.Orders), count)
				}
			}
		})
	}
}

// TestCooldownOfTheMinerIsObeyed where the rules count it over all pairs.
func TestCooldownOfTheMinerIsObeyed(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){1: both(long("EURUSD", 1), long("BTCUSD", 0.1)), 5: both(flat("EURUSD"), short("EURUSD", 1))}}
	cfg := config(t, portfolioOf(guest), minutes(t, "BTCUSD", 9), minutes(t, "EURUSD", 9))
	cfg.Rules = loadRules(t, "cooldown.scope="+string(rules.CooldownMiner))
	checkLines(t, orders(play(t, cfg)), []string{
		"1: LONG EURUSD 1 at 1 for 1000", "2: LONG BTCUSD 0.1 at 2 for 1001",
		"5: FLAT EURUSD -1 at 5 for 1004", "6: SHORT EURUSD -1 at 6 for 1005",
	})
}
