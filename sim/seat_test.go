package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// diary writes down everything that a strategy is told, and plays orders.
type diary struct {
	scripted
	lines  []string
	closed int
}

func (d *diary) Decide(c *Context) error {
	d.lines = append(d.lines, "decide at "+minutes(c.NowMS()))
	return d.scripted.Decide(c)
}

func (d *diary) Outcome(c *Context, id OrderID, o OrderRecord) error {
	d.lines = append(d.lines, fmt.Sprintf("%s: order %d %s", minutes(c.NowMS()), id, strings.TrimSpace(string(o.Outcome)+" "+string(o.Reason))))
	if len(o.Warnings) > 0 {
		return errors.New("a warning that may tell of the future")
	}
	return nil
}

func (d *diary) End(c *Context) error {
	d.lines = append(d.lines, "end at "+minutes(c.NowMS()))
	return nil
}

func (d *diary) Close() error { d.closed++; return nil }

// TestOutcomesAreToldBeforeTheNextDecide: order 0 fills at once, 1 is rejected
// at once, and both are told at the next call. The latency of 2.5 minutes has
// the others act later: 3, of minute 1, fills at the open of minute 4, before
// order 2 of the same minute on ETHUSD, whose candles are missing until 8: it
// waits. Order 4 is on its way when the run ends at 12.
func TestOutcomesAreToldBeforeTheNextDecide(t *testing.T) {
	eth := candlesOf("ETHUSD", minuteMS, thursday, 12)
	eth.Time, eth.Open, eth.Close, eth.High, eth.Low = eth.Time[8:], eth.Open[8:], eth.Close[8:], eth.High[8:], eth.Low[8:]
	at := func(m int64) int64 { return thursday + m*minuteMS }
	d := &diary{scripted: *script(
		timed{at(0), pinned(long("BTCUSD", 0.1), 1)}, // far from its candle: a warning in the log
		timed{at(0), pinned(flat("SOLUSD"), 100)},
		timed{at(1), long("ETHUSD", 0.1)},
		timed{at(1), long("BTCUSD", 0.1)},
		timed{at(5), long("NOPE", 0.1)},
		timed{at(9), pinned(flat("ETHUSD"), 100)},
		timed{at(11), long("BTCUSD", 0.1)},
	)}
	res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02", "elimination.main=false"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 12), eth},
		Strategy: d, FromMS: thursday, ToMS: at(12), LatencyMS: 150_000})
	want := []string{
		"decide at 0",
		"1: order 0 accepted", "1: order 1 ignored no_position", "decide at 1",
		// 1 + 2.5 minutes, then the open of minute 4: order 3. ETHUSD's comes at 8.
		"5: order 3 accepted", "decide at 5",
		"9: order 4 rejected unsupported_pair", "9: order 2 accepted", "decide at 9",
		"11: order 5 accepted", "decide at 11",
		"12: order 6 rejected no_price", "end at 12",
	}
	if !slices.Equal(d.lines, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(d.lines, "\n"), strings.Join(want, "\n"))
	}
	if len(res.Orders[0].Warnings) == 0 {
		t.Error("the log lacks the warning of a price far from its candle")
	}
}

// TestNobodyKnowsThatNoCandleComes: minutes of BTCUSD with none from 3 to 9. An
// order of minute 3 waits for five minutes and is rejected at 8, not before;
// the FLAT beside it, too, though it never had a position.
func TestNobodyKnowsThatNoCandleComes(t *testing.T) {
	s := candlesOf("BTCUSD", minuteMS, thursday, 20)
	for _, col := range []*[]float64{&s.Open, &s.High, &s.Low, &s.Close} {
		*col = slices.Concat((*col)[:3], (*col)[10:])
	}
	s.Time = slices.Concat(s.Time[:3], s.Time[10:])
	var told []string
	cfg := Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{s}, FromMS: thursday, ToMS: thursday + 20*minuteMS}
	cfg.Strategy = &plan{
		init: func(setup *Setup) error { setup.WakeEvery(minuteMS); return nil },
		decide: func(c *Context) error {
			if minutes(c.NowMS()) == "3" {
				c.Long("BTCUSD", 0.1)
				c.Flat("BTCUSD")
			}
			if n := len(c.Pending("BTCUSD")); n > 0 {
				told = append(told, fmt.Sprintf("%s: %d on their way", minutes(c.NowMS()), n))
			}
			return nil
		},
		outcome: func(c *Context, id OrderID, o OrderRecord) error {
			told = append(told, fmt.Sprintf("%s: %d %s", minutes(c.NowMS()), id, o.Reason))
			return nil
		},
	}
	res := mustRun(t, cfg)
	wantVerdicts(t, res.Orders, "rejected no_price", "ignored no_position")
	// At 8 the strategy is asked before the time is up: candles that open at 8 would still fill.
	want := []string{"3: 2 on their way", "4: 2 on their way", "5: 2 on their way", "6: 2 on their way", "7: 2 on their way", "8: 2 on their way", "9: 0 no_price", "9: 1 no_position"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	// A run that ends while they wait knows their reasons all the same.
	cfg.ToMS = thursday + 5*minuteMS
	told = nil
	wantVerdicts(t, mustRun(t, cfg).Orders, "rejected no_price", "ignored no_position")
	if want := []string{"3: 2 on their way", "4: 2 on their way", "5: 2 on their way", "5: 0 no_price", "5: 1 no_position"}; !slices.Equal(told, want) {
		t.Errorf("told %q at the end, want %q", told, want)
	}
}

// TestErrorsOfAStrategyEndTheRun: from wherever they come, with the strategy
// closed exactly once.
func TestErrorsOfAStrategyEndTheRun(t *testing.T) {
	fail := func(*Context) error { return errStrategy }
	late := func(c *Context) error { c.Long("BTCUSD", 0.1); return nil }
	for name, tc := range map[string]struct {
		plan plan
		want string // "": the run succeeds
	}{
		"none":                  {plan: plan{}},
		"in Init":               {plan: plan{init: func(*Setup) error { return errStrategy }}, want: "strategy: no idea"},
		"in Decide":             {plan: plan{decide: fail}, want: "strategy at 2025-03-06T00:00:00Z: no idea"},
		"in Outcome":            {plan: plan{decide: late, outcome: func(*Context, OrderID, OrderRecord) error { return errStrategy }}, want: "strategy at 2025-03-06T00:05:00Z: no idea"},
		"in End":                {plan: plan{end: fail}, want: "strategy at its end: no idea"},
		"in Close":              {plan: plan{close: func() error { return errStrategy }}, want: "no idea"},
		"an order in End":       {plan: plan{end: late}, want: "strategy at its end: an order on BTCUSD after the end of the run"},
		"an alarm of the past":  {plan: plan{decide: func(c *Context) error { c.WakeAt(c.NowMS()); return nil }}, want: "would never come"},
		"an order that is none": {plan: plan{decide: func(c *Context) error { c.Submit(Order{Pair: "BTCUSD"}); return nil }}, want: "OrderType(0)"},
	} {
		t.Run(name, func(t *testing.T) {
			p := tc.plan
			init, closes, closed := p.init, p.close, 0
			p.init = func(s *Setup) error {
				s.WakeEvery(5 * minuteMS)
				if init != nil {
					return init(s)
				}
				return nil
			}
			p.close = func() error {
				closed++
				if closes != nil {
					return closes()
				}
				return nil
			}
			_, err := Run(context.Background(), Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 30)}, FromMS: thursday, ToMS: thursday + 10*minuteMS, Strategy: &p})
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if closed != 1 {
				t.Errorf("closed %d times", closed)
			}
		})
	}
}

// TestCancelledRunsCloseTheirStrategies: the host and its guest, once each.
func TestCancelledRunsCloseTheirStrategies(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	host, guest := &diary{}, &diary{}
	_, err := Run(ctx, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3000)}, FromMS: thursday, ToMS: thursday + 2*dayMS, Strategy: &plan{
		init: func(s *Setup) error {
			s.WakeEvery(minuteMS)
			_, err := s.Host("guest", guest, Desk{})
			return err
		},
		decide: func(c *Context) error {
			if c.NowMS() == thursday+hourMS {
				cancel()
			}
			if c.NowMS() > thursday+hourMS+lookEvery*minuteMS {
				t.Error("the run goes on")
			}
			return nil
		},
		close: host.Close,
	}})
	if !errors.Is(err, context.Canceled) || host.closed != 1 || guest.closed != 1 {
		t.Errorf("got %v, closed %d and %d times", err, host.closed, guest.closed)
	}
}

// TestInitFailureOfAGuestClosesBoth: whoever was asked to set itself up is closed.
func TestInitFailureOfAGuestClosesBoth(t *testing.T) {
	closed := 0
	count := func() error { closed++; return nil }
	_, err := Run(context.Background(), Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
		init: func(s *Setup) error {
			_, err := s.Host("guest", &plan{init: func(*Setup) error { return errStrategy }, close: count}, Desk{})
			return err
		},
		close: count,
	}})
	if !errors.Is(err, errStrategy) || closed != 2 {
		t.Errorf("got %v, closed %d of two", err, closed)
	}
}

// TestASetupIsForInitAlone: a strategy that keeps its Setup gets nothing from it
// once the clock runs.
func TestASetupIsForInitAlone(t *testing.T) {
	var kept *Setup
	_, err := Run(context.Background(), Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
		init: func(s *Setup) error { kept = s; s.WakeAt(thursday); return nil },
		decide: func(*Context) error {
			_, err := kept.Subscribe("BTCUSD")
			return err
		},
	}})
	if !errors.Is(err, errTooLate) {
		t.Errorf("got %v, want %v", err, errTooLate)
	}
}
