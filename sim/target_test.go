package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// emittedBy are the orders that act emits on an account that holds BTCUSD at a
// leverage, 0 for none, while others are on their way. Orders take 90 s, so
// those of minute 3 are on their way until the end of the run.
func emittedBy(t *testing.T, held float64, waiting []Order, act func(c *Context) any) (result any, orders []string) {
	t.Helper()
	n := 0
	res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02", "elimination.main=false"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, LatencyMS: 90_000,
		FromMS: thursday, ToMS: thursday + 3*minuteMS, Strategy: &plan{
			init: func(s *Setup) error { s.WakeAt(thursday); s.WakeAt(thursday + 3*minuteMS); return nil },
			decide: func(c *Context) error {
				if c.NowMS() == thursday {
					if held != 0 {
						c.signed("BTCUSD", held)
						n = 1
					}
					return nil
				}
				if p, _ := c.Position("BTCUSD"); p.NetLeverage != held {
					t.Errorf("the position is %g, want %g", p.NetLeverage, held)
				}
				for _, o := range waiting {
					c.Submit(o)
				}
				result = act(c)
				return nil
			},
		}})
	for _, o := range res.Orders[n+len(waiting):] {
		orders = append(orders, strings.TrimSpace(fmt.Sprintf("%s %s %.4g", o.Type, o.Pair, o.Leverage)))
	}
	return result, orders
}

// TestTarget: the orders that bring the net leverage to a target. Rules §2.
func TestTarget(t *testing.T) {
	for _, tc := range []struct {
		name    string
		held    float64
		waiting []Order
		target  float64
		want    []string
	}{
		{name: "opens a long", target: 0.3, want: []string{"LONG BTCUSD 0.3"}},
		{name: "opens a short", target: -0.3, want: []string{"SHORT BTCUSD -0.3"}},
		{name: "adds to a long", held: 0.1, target: 0.3, want: []string{"LONG BTCUSD 0.2"}},
		{name: "adds to a short", held: -0.1, target: -0.3, want: []string{"SHORT BTCUSD -0.2"}},
		{name: "reduces a long", held: 0.3, target: 0.1, want: []string{"SHORT BTCUSD -0.2"}},
		{name: "reduces a short", held: -0.3, target: -0.1, want: []string{"LONG BTCUSD 0.2"}},
		{name: "closes", held: 0.3, target: 0, want: []string{"FLAT BTCUSD 0"}},
		{name: "turns a long", held: 0.3, target: -0.1, want: []string{"FLAT BTCUSD 0", "SHORT BTCUSD -0.1"}},
		{name: "turns a short", held: -0.3, target: 0.1, want: []string{"FLAT BTCUSD 0", "LONG BTCUSD 0.1"}},
		{name: "is there", held: 0.3, target: 0.3},
		{name: "is flat", target: 0},
		{name: "lacks less than the smallest order, 0.001", held: 0.3, target: 0.3009},
		{name: "lacks the smallest order", held: 0.25, target: 0.25 + 0.0009765625*2, want: []string{"LONG BTCUSD 0.001953"}},
		{name: "opens nothing below the smallest order", target: 0.0009},
		{name: "turns to less than the smallest order: closes", held: 0.3, target: -0.0009, want: []string{"FLAT BTCUSD 0"}},
		{name: "is on its way", waiting: []Order{long("BTCUSD", 0.3)}, target: 0.3},
		{name: "is on its way in parts", held: 0.1, waiting: []Order{long("BTCUSD", 0.1), long("BTCUSD", 0.125)}, target: 0.3249999},
		{name: "lacks a part of what is on its way", waiting: []Order{long("BTCUSD", 0.25)}, target: 0.375, want: []string{"LONG BTCUSD 0.125"}},
		{name: "is closed on its way", held: 0.3, waiting: []Order{flat("BTCUSD")}, target: 0},
		{name: "is closed on its way, and opens", held: 0.3, waiting: []Order{flat("BTCUSD")}, target: 0.25, want: []string{"LONG BTCUSD 0.25"}},
		{name: "is turned on its way", held: 0.3, waiting: []Order{flat("BTCUSD"), short("BTCUSD", 0.25)}, target: -0.25},
		{name: "is turned back", held: 0.3, waiting: []Order{flat("BTCUSD"), short("BTCUSD", 0.25)}, target: 0.25, want: []string{"FLAT BTCUSD 0", "LONG BTCUSD 0.25"}},
		{name: "an order through zero closes at zero", held: 0.3, waiting: []Order{short("BTCUSD", 0.5)}, target: -0.25, want: []string{"SHORT BTCUSD -0.25"}},
		{name: "another pair's orders don't count", waiting: []Order{long("ETHUSD", 0.25)}, target: 0.25, want: []string{"LONG BTCUSD 0.25"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n, got := emittedBy(t, tc.held, tc.waiting, func(c *Context) any { return c.Target("BTCUSD", tc.target) })
			if !slices.Equal(got, tc.want) || n != len(tc.want) {
				t.Errorf("emitted %q and told of %d, want %q", got, n, tc.want)
			}
		})
	}
}

// TestReduce: towards zero, never through it, and never to less than the
// smallest position, which is 0.01 of crypto. Rules §4.
func TestReduce(t *testing.T) {
	for _, tc := range []struct {
		name    string
		held    float64
		waiting []Order
		by      float64
		want    []string
		nothing bool
	}{
		{name: "a long", held: 0.5, by: 0.2, want: []string{"SHORT BTCUSD -0.2"}},
		{name: "a short", held: -0.5, by: 0.2, want: []string{"LONG BTCUSD 0.2"}},
		{name: "all of it", held: 0.5, by: 0.5, want: []string{"FLAT BTCUSD 0"}},
		{name: "more than all of it", held: -0.5, by: 0.7, want: []string{"FLAT BTCUSD 0"}},
		{name: "to the smallest position", held: 0.25, by: 0.25 - 0.015625, want: []string{"SHORT BTCUSD -0.2344"}},
		{name: "to less than that", held: 0.25, by: 0.245, want: []string{"FLAT BTCUSD 0"}},
		{name: "to less than that by less than rounding makes", held: 0.25, by: 0.24 + 1e-13, want: []string{"SHORT BTCUSD -0.24"}},
		{name: "all but what rounding makes", held: 0.25, by: 0.25 - 1e-15, want: []string{"FLAT BTCUSD 0"}},
		{name: "by less than the smallest order, 0.001", held: 0.5, by: 0.0009, nothing: true},
		{name: "by less than the smallest order, of the smallest position", held: 0.01, by: 0.0009, nothing: true},
		{name: "by the smallest order", held: 0.3, by: 0.001, want: []string{"SHORT BTCUSD -0.001"}},
		{name: "none", by: 0.5, nothing: true},
		{name: "by nothing", held: 0.5, by: 0, nothing: true},
		{name: "by less than nothing", held: 0.5, by: -1, nothing: true},
		{name: "what is closed on its way", held: 0.5, waiting: []Order{flat("BTCUSD")}, by: 0.2, nothing: true},
		{name: "what is opened on its way", waiting: []Order{short("BTCUSD", 0.5)}, by: 0.2, want: []string{"LONG BTCUSD 0.2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			any, got := emittedBy(t, tc.held, tc.waiting, func(c *Context) any { return c.Reduce("BTCUSD", tc.by) })
			if !slices.Equal(got, tc.want) || any != !tc.nothing {
				t.Errorf("emitted %q and told %v, want %q", got, any, tc.want)
			}
		})
	}
}

// everySize calls with every leverage of a class's positions in steps of a thousandth,
// on both sides.
func everySize(t *testing.T, check func(l PairLimits, net float64)) {
	t.Helper()
	set := loadRules(t, "ptn-2025-02")
	for _, id := range []string{"BTCUSD", "EURUSD", "NVDA"} {
		pair, _ := market.FindPair(market.Pairs(), id)
		l := NewPairLimits(set, pair)
		n := 0
		for k := int64(1); float64(k)/1000 <= l.PositionMax; k++ {
			if net := float64(k) / 1000; net >= l.PositionMin {
				check(l, net)
				check(l, -net)
				n++
			}
		}
		if n < 100 {
			t.Fatalf("%s: %d sizes were tried", id, n)
		}
	}
}

// reaches fails unless the rules take an order as it is, on a position alone in
// its portfolio, and it leads to a target but for rounding.
func (l PairLimits) reaches(t *testing.T, net, order, target float64) {
	t.Helper()
	o := long(l.Pair.ID, order)
	if order < 0 {
		o = short(l.Pair.ID, -order)
	}
	effective, closes, reason := l.Admit(o, net, abs(net)*l.Weight)
	if reason != "" || closes || effective != order || abs(net+order-target) > 1e-15*max(1, abs(net)) {
		t.Fatalf("%s: %g and the order %.17g, for %g: takes %.17g, closes %t, %s", l.Pair.ID, net, order, target, effective, closes, reason)
	}
}

// TestTargetsMeetTheBoundsInSpiteOfRounding: 0.7 − 0.6 is 0.09999999999999998,
// less than the smallest position of 0.1. Rules §4.
func TestTargetsMeetTheBoundsInSpiteOfRounding(t *testing.T) {
	everySize(t, func(l PairLimits, net float64) {
		for _, size := range []float64{l.PositionMin, l.PositionMax} {
			target := math.Copysign(size, net)
			closes, order := l.towards(net, target)
			if near := abs(target-net) < 1.5*l.OrderMin; closes || order == 0 && !near {
				t.Fatalf("%s from %g to %g: closes %t, order %g", l.Pair.ID, net, target, closes, order)
			}
			if order != 0 {
				l.reaches(t, net, order, target)
			}
		}
	})
}

// TestTargetsMeetAnyBoundsInSpiteOfRounding: drawn bounds and positions between
// them.
func TestTargetsMeetAnyBoundsInSpiteOfRounding(t *testing.T) {
	set := loadRules(t, "ptn-2025-02")
	pair, _ := market.FindPair(market.Pairs(), "EURUSD")
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		l := NewPairLimits(set, pair)
		l.PositionMin = 0.01 + float64(0.9*random.Float64()) // ten times it is within the cap of 10
		l.PositionMax = l.PositionMin * (1 + 9*random.Float64())
		net := l.PositionMin + float64((l.PositionMax-l.PositionMin)*random.Float64())
		for _, target := range []float64{l.PositionMin, l.PositionMax} {
			if _, order := l.towards(net, target); order != 0 {
				l.reaches(t, net, order, target)
			}
		}
	}
}

// TestReductionsToTheSmallestPositionLeaveIt: as decimals they do, as numbers
// some leave a little less.
func TestReductionsToTheSmallestPositionLeaveIt(t *testing.T) {
	everySize(t, func(l PairLimits, net float64) {
		by := math.Round((abs(net)-l.PositionMin)*1000) / 1000 // the decimal
		if by < 1.5*l.OrderMin {
			return
		}
		closes, order := l.reduction(net, by)
		if closes {
			t.Fatalf("%s: %g less %g closes it", l.Pair.ID, net, by)
		}
		l.reaches(t, net, order, math.Copysign(l.PositionMin, net))
		// A thousandth more is not rounding.
		if closes, _ := l.reduction(net, by+0.001); !closes {
			t.Fatalf("%s: %g less %g leaves a position below the smallest", l.Pair.ID, net, by+0.001)
		}
	})
}

// TestTargetOfTheSmallestPositionIsTaken by the account, at the first attempt.
func TestTargetOfTheSmallestPositionIsTaken(t *testing.T) {
	for name, act := range map[string]func(c *Context){
		"target": func(c *Context) { c.Target("EURUSD", 0.1) },
		"reduce": func(c *Context) { c.Reduce("EURUSD", 0.6) },
	} {
		net, series := 0.0, candlesOf("EURUSD", minuteMS, thursday, 20)
		series.Close, series.High = series.Open, series.Open
		res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{series}, FromMS: thursday, ToMS: thursday + 3*minuteMS, Strategy: &plan{
			init: func(s *Setup) error { s.WakeAt(thursday); s.WakeAt(thursday + minuteMS); return nil },
			decide: func(c *Context) error {
				if c.NowMS() == thursday {
					c.Long("EURUSD", 0.7)
					return nil
				}
				act(c)
				return nil
			},
			end: func(c *Context) error { p, _ := c.Position("EURUSD"); net = p.NetLeverage; return nil },
		}})
		wantVerdicts(t, res.Orders, "accepted", "accepted")
		if net < 0.1 || net > 0.1+1e-15 {
			t.Errorf("%s: it is %.17g, want 0.1", name, net)
		}
	}
}

// TestTargetSeesAnEliminationThatNobodyLookedAt: a long of 0.5 at 100 is worth
// 0.875 at minute 2, where a close of 75 comes; the limit is 0.9. An hour's alarm
// is the first call after it. The net leverage is told as the last look at the
// account left it, and Target and Reduce look before they emit. Rules §9.
func TestTargetSeesAnEliminationThatNobodyLookedAt(t *testing.T) {
	for name, act := range map[string]func(c *Context) bool{
		"target": func(c *Context) bool { return c.Target("BTCUSD", 0.25) > 0 },
		"close":  func(c *Context) bool { return c.Target("BTCUSD", 0) > 0 },
		"turn":   func(c *Context) bool { return c.Target("BTCUSD", -0.25) > 0 },
		"reduce": func(c *Context) bool { return c.Reduce("BTCUSD", 0.25) },
	} {
		var feed *Feed
		called := false
		series := marksOf("BTCUSD", mark{thursday + minuteMS, 100}, mark{thursday + 2*minuteMS, 75}, mark{thursday + 3*minuteMS, 75})
		res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02", append([]string{"elimination.check_every=0"}, free...)...), Series: []*market.Series{series}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
			init: func(s *Setup) (err error) {
				s.WakeAt(thursday)
				s.WakeAt(thursday + hourMS)
				feed, err = s.SubscribeTo("BTCUSD", FeedOptions{Quiet: true})
				return err
			},
			decide: func(c *Context) error {
				if c.NowMS() == thursday {
					c.Submit(pinned(long("BTCUSD", 0.5), 100))
					return nil
				}
				called = true
				if c.Target("BTCUSD", 0.5) != 0 || act(c) {
					t.Errorf("%s: an order of an eliminated account", name)
				}
				if x, y := feed.NetLeverage(), c.Expected("BTCUSD"); x != 0 || y != 0 {
					t.Errorf("%s: an eliminated account holds %g, and will %g", name, x, y)
				}
				return nil
			},
		}})
		if res.Elimination == nil || res.Elimination.TimeMS != thursday+2*minuteMS || !called || len(res.Orders) != 1 {
			t.Errorf("%s: %+v, called %t, %d orders", name, res.Elimination, called, len(res.Orders))
		}
	}
}

// TestNetLeverageIsThatOfThePosition at every call of a strategy that trades.
func TestNetLeverageIsThatOfThePosition(t *testing.T) {
	cfg := causalWorld(t, 1, 3)
	w := wanderer()
	inner, held := w.decide, 0
	w.decide = func(c *Context) error {
		for _, f := range c.seat.feeds {
			p, open := f.Position()
			if f.NetLeverage() != p.NetLeverage {
				t.Fatalf("%s: %g, want %g", f.Pair(), f.NetLeverage(), p.NetLeverage)
			}
			if open {
				held++
			}
		}
		return inner(c)
	}
	cfg.Strategy = w
	if mustRun(t, cfg); held < 100 {
		t.Errorf("%d positions were seen", held)
	}
}
