package sim

import (
	"fmt"
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
