package sim

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// hosting lets guests decide, in the order of their names, and does nothing else.
func hosting(guests ...Strategy) *plan {
	var seats []*Guest
	return &plan{
		init: func(s *Setup) error {
			seats = nil
			for i, g := range guests {
				seat, err := s.Host(fmt.Sprint(i), g, Desk{})
				if err != nil {
					return err
				}
				seats = append(seats, seat)
			}
			return nil
		},
		decide: func(*Context) error {
			for _, g := range seats {
				if err := g.Decide(); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// TestGuestThatIsLetThroughIsTheStrategyAlone: to the last digit, at any depth.
func TestGuestThatIsLetThroughIsTheStrategyAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		latency := rapid.SampledFrom([]int64{0, 1, 90_000}).Draw(rt, "latency")
		run := func(s Strategy) *Result {
			cfg := w.config(t, s)
			cfg.LatencyMS = latency
			return mustRun(rt, cfg)
		}
		want := run(&looker{scripted: *w.script()})
		if got := run(hosting(&looker{scripted: *w.script()})); !reflect.DeepEqual(got, want) {
			rt.Fatal("a guest comes to another result than the strategy alone")
		}
		if got := run(hosting(hosting(&looker{scripted: *w.script()}))); !reflect.DeepEqual(got, want) {
			rt.Fatal("a guest's guest comes to another result than the strategy alone")
		}
	})
}

// caller writes down when it is called, under a name.
func caller(name string, log *[]string, init func(*Setup) error) *plan {
	return &plan{
		init: init,
		decide: func(c *Context) error {
			*log = append(*log, minutes(c.NowMS())+name)
			return nil
		},
	}
}

// TestEachSeatIsCalledWhenItIsDue: two guests, one of which has a guest of its
// own, each with a feed or an alarm of its own. A host is called for its guests,
// a guest not for the others.
func TestEachSeatIsCalledWhenItIsDue(t *testing.T) {
	var log []string
	inner := caller("inner", &log, func(s *Setup) error { s.WakeAt(thursday + 4*minuteMS); s.WakeAt(thursday + 7*minuteMS); return nil })
	var innerSeat *Guest
	nested := caller("nested", &log, func(s *Setup) (err error) {
		s.WakeAt(thursday + 6*minuteMS)
		innerSeat, err = s.Host("inner", inner, Desk{})
		return err
	})
	write := nested.decide
	nested.decide = func(c *Context) error {
		log = append(log, fmt.Sprintf("due %t", innerSeat.Due()))
		_ = write(c)
		return innerSeat.Decide()
	}
	fives := caller("fives", &log, func(s *Setup) error {
		_, err := s.SubscribeTo("BTCUSD", FeedOptions{IntervalMS: 5 * minuteMS})
		return err
	})
	host := hosting(fives, nested)
	decide := host.decide
	host.decide = func(c *Context) error {
		log = append(log, minutes(c.NowMS())+"host")
		return decide(c)
	}
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday, ToMS: thursday + 10*minuteMS, Strategy: host})
	want := []string{
		"4host", "due true", "4nested", "4inner",
		"5host", "5fives",
		"6host", "due false", "6nested",
		"7host", "due true", "7nested", "7inner",
		"10host", "10fives",
	}
	if !slices.Equal(log, want) {
		t.Errorf("called\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
}

// TestGuestsThatAreNotLetDecideMissTheirInstant: what was due is over then.
func TestGuestsThatAreNotLetDecideMissTheirInstant(t *testing.T) {
	var log []string
	guest := caller("guest", &log, func(s *Setup) error { s.WakeEvery(minuteMS); return nil })
	var seat *Guest
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday, ToMS: thursday + 5*minuteMS, Strategy: &plan{
		init: func(s *Setup) (err error) {
			s.WakeEvery(30_000)
			seat, err = s.Host("guest", guest, Desk{})
			return err
		},
		decide: func(c *Context) error {
			if m := minutes(c.NowMS()); m == "1" || m == "2" {
				return nil
			}
			return seat.Decide()
		},
	}})
	if want := []string{"0guest", "3guest", "4guest", "5guest"}; !slices.Equal(log, want) {
		t.Errorf("called at %v, want %v", log, want)
	}
}

// TestDeskStandsBetweenGuestAndAccount: a host that halves the guest's orders and
// shows it a book of its own.
func TestDeskStandsBetweenGuestAndAccount(t *testing.T) {
	book := PortfolioView{Value: 1.25}
	own := PositionView{NetLeverage: 0.75}
	waiting := []Order{long("ETHUSD", 0.25)}
	var told []string
	var ids []OrderID
	guest := &plan{}
	guest.init = func(s *Setup) error {
		if !slices.Equal(s.Pairs(), []string{"BTCUSD"}) {
			t.Errorf("the guest is shown %v", s.Pairs())
		}
		if _, err := s.Subscribe("ETHUSD"); err == nil || !strings.Contains(err.Error(), "may trade BTCUSD alone") {
			t.Errorf("a pair that isn't the guest's: %v", err)
		}
		_, err := s.Subscribe("BTCUSD")
		return err
	}
	guest.decide = func(c *Context) error {
		f := c.Feed("BTCUSD")
		p, open := c.Position("BTCUSD")
		q, _ := f.Position()
		if !open || p != own || q != own || c.Portfolio() != book || !reflect.DeepEqual(c.Pending("BTCUSD"), waiting) || !f.Pending() || c.Room("BTCUSD").Leverage != 42 {
			t.Errorf("the guest sees %+v, %+v, %+v, %v, %+v", p, q, c.Portfolio(), c.Pending("BTCUSD"), c.Room("BTCUSD"))
		}
		switch minutes(c.NowMS()) {
		case "1":
			ids = append(ids, c.Long("BTCUSD", 0.2))
		case "2":
			// 0.75 held and 0.25 on its way: the target of 1.25 lacks 0.25.
			if n := c.Target("BTCUSD", 1.25); n != 1 {
				t.Errorf("the target takes %d orders", n)
			}
		}
		return nil
	}
	guest.outcome = func(_ *Context, id OrderID, o OrderRecord) error {
		told = append(told, fmt.Sprintf("%d %s %g", id, o.Outcome, o.Leverage))
		return nil
	}
	var seat *Guest
	host := &plan{
		init: func(s *Setup) (err error) {
			seat, err = s.Host("guest", guest, Desk{
				Submit: func(c *Context, o Order) OrderID {
					o.Leverage /= 2
					return 100 + s.seat.run.emit(s.seat, o)
				},
				Position:  func(string) (PositionView, bool) { return own, true },
				Pending:   func(string) []Order { return waiting },
				Portfolio: func() PortfolioView { return book },
				Room:      func(string) Room { return Room{Leverage: 42} },
				Pairs:     []string{"BTCUSD"},
			})
			return err
		},
		decide:  func(*Context) error { return seat.Decide() },
		outcome: func(_ *Context, id OrderID, o OrderRecord) error { return seat.Outcome(100+id, o) },
	}
	res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10), candlesOf("ETHUSD", minuteMS, thursday, 10)},
		FromMS: thursday, ToMS: thursday + 4*minuteMS, Strategy: host})
	wantVerdicts(t, res.Orders, "accepted", "accepted")
	if res.Orders[0].Leverage != 0.1 || res.Orders[1].Leverage != 0.125 {
		t.Errorf("the account got %g and %g, want halves", res.Orders[0].Leverage, res.Orders[1].Leverage)
	}
	if want := []string{"100 accepted 0.1", "101 accepted 0.125"}; !slices.Equal(told, want) || !slices.Equal(ids, []OrderID{100}) {
		t.Errorf("the guest is told %v of %v, want %v", told, ids, want)
	}
}

// TestEndComesToHostThenGuest, and outcomes before it.
func TestEndComesToHostThenGuest(t *testing.T) {
	var log []string
	noting := func(name string) *plan {
		p := caller(name, &log, func(s *Setup) error { s.WakeAt(thursday + 5*minuteMS); return nil })
		p.decide = func(c *Context) error { c.Flat("BTCUSD"); return nil }
		p.outcome = func(_ *Context, id OrderID, _ OrderRecord) error {
			log = append(log, fmt.Sprintf("%s: %d", name, id))
			return nil
		}
		p.end = func(*Context) error { log = append(log, name+": end"); return nil }
		return p
	}
	host, guest := noting("host"), noting("guest")
	init, decide := host.init, host.decide
	var seat *Guest
	host.init = func(s *Setup) (err error) {
		seat, err = s.Host("guest", guest, Desk{})
		_ = init(s)
		return err
	}
	host.decide = func(c *Context) error { _ = decide(c); return seat.Decide() }
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday, ToMS: thursday + 10*minuteMS, Strategy: host})
	if want := []string{"host: 0", "host: end", "guest: 1", "guest: end"}; !slices.Equal(log, want) {
		t.Errorf("told %v, want %v", log, want)
	}
}

// TestNamesKeepRandomSourcesApart: another guest, another name, another seed or
// another depth is another source, and nothing else is.
func TestNamesKeepRandomSourcesApart(t *testing.T) {
	drawn := make(map[uint64]string)
	note := func(who string, r *Random) {
		x := r.Uint64()
		if before, taken := drawn[x]; taken {
			t.Errorf("%s and %s draw the same", who, before)
		}
		drawn[x] = who
	}
	leaf := func(who string) *plan {
		return &plan{init: func(s *Setup) error {
			note(who+"/a", s.Random("a"))
			note(who+"/b", s.Random("b"))
			if x, y := s.Random("again").Uint64(), s.Random("again").Uint64(); x != y {
				t.Error("one name is two sources")
			}
			return nil
		}}
	}
	for _, seed := range []uint64{0, 1} {
		outer := leaf(fmt.Sprint("host", seed))
		init := outer.init
		outer.init = func(s *Setup) error {
			for _, name := range []string{"x", "y"} {
				if _, err := s.Host(name, leaf(fmt.Sprint(name, seed)), Desk{}); err != nil {
					return err
				}
			}
			if _, err := s.Host("z", hosting(leaf(fmt.Sprint("deep", seed))), Desk{}); err != nil {
				return err
			}
			return init(s)
		}
		mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: outer, Seed: seed})
	}
	if len(drawn) != 2*(1+2+1)*2 {
		t.Errorf("%d sources were looked at", len(drawn))
	}
}

// TestGuestsOfGuestsTradeAtTheirHostsDesk: a host halves what its guest emits and
// shows it a book. The guest seats another one with an empty desk, and that one a
// third: their orders go the same way, what they see is the same, and each is told
// of its own orders.
func TestGuestsOfGuestsTradeAtTheirHostsDesk(t *testing.T) {
	var log []string
	names := []string{"outer", "middle", "inner"}
	level := make([]*plan, len(names))
	seats := make([]*Guest, len(names))
	for i, name := range names {
		p := caller(name, &log, nil)
		p.init = func(s *Setup) (err error) {
			if limits := s.RequestLimits(); limits != (RequestLimits{}) {
				t.Errorf("%s has limits on requests: %+v", name, limits)
			}
			if pairs := s.Pairs(); !slices.Equal(pairs, []string{"BTCUSD"}) {
				t.Errorf("%s is shown %v", name, pairs)
			}
			if _, err = s.Subscribe("BTCUSD"); err == nil && i+1 < len(level) {
				seats[i+1], err = s.Host("guest", level[i+1], Desk{})
			}
			return err
		}
		p.decide = func(c *Context) error {
			if f := c.Feed("BTCUSD"); f.NetLeverage() != 0.75 || c.Expected("BTCUSD") != 1 || c.Portfolio().Value != 1.25 || c.Room("BTCUSD").Leverage != 42 || !f.Pending() {
				t.Errorf("%s sees the account", name)
			}
			if m := minutes(c.NowMS()); m == fmt.Sprint(i+1) {
				log = append(log, fmt.Sprintf("%s emits %d", name, c.Long("BTCUSD", 0.1*float64(i+1))))
			}
			if i+1 < len(level) {
				return seats[i+1].Decide()
			}
			return nil
		}
		p.outcome = func(c *Context, id OrderID, o OrderRecord) error {
			log = append(log, fmt.Sprintf("%s hears of %d", name, id))
			if c != &seats[i].seat.context {
				t.Errorf("%s hears in a context that isn't its own", name)
			}
			return nil
		}
		level[i] = p
	}
	host := &plan{
		init: func(s *Setup) (err error) {
			seats[0], err = s.Host("guest", level[0], Desk{
				Submit:    func(_ *Context, o Order) OrderID { o.Leverage /= 2; return 100 + s.seat.run.emit(s.seat, o) },
				Position:  func(string) (PositionView, bool) { return PositionView{NetLeverage: 0.75}, true },
				Pending:   func(string) []Order { return []Order{long("BTCUSD", 0.25)} },
				Portfolio: func() PortfolioView { return PortfolioView{Value: 1.25} },
				Room:      func(string) Room { return Room{Leverage: 42} },
				Pairs:     []string{"BTCUSD"},
			})
			return err
		},
		decide:  func(*Context) error { return seats[0].Decide() },
		outcome: func(_ *Context, id OrderID, o OrderRecord) error { return seats[0].Outcome(100+id, o) },
	}
	res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10), candlesOf("ETHUSD", minuteMS, thursday, 10)},
		FromMS: thursday, ToMS: thursday + 4*minuteMS, Strategy: host})
	for i, o := range res.Orders {
		if want := 0.1 * float64(i+1) / 2; o.Leverage != want {
			t.Errorf("order %d of the account has %g, want the half, %g", i, o.Leverage, want)
		}
	}
	if want := []string{"outer emits 100", "outer hears of 100", "middle emits 101", "middle hears of 101", "inner emits 102", "inner hears of 102"}; !slices.Equal(log, want) {
		t.Errorf("it went\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
}

// TestDeskOfItsOwnIsNotMixedWithTheHosts: positions of one book go with the net
// leverage of the same, and what a guest's guest has of its own stays so.
func TestDeskOfItsOwnIsNotMixedWithTheHosts(t *testing.T) {
	book := func(net float64) Desk {
		return Desk{
			Position: func(string) (PositionView, bool) { return PositionView{NetLeverage: net}, net != 0 },
			Pending:  func(string) []Order { return nil },
		}
	}
	asked := func(net float64) Desk {
		d := book(net)
		d.Position = func(string) (PositionView, bool) {
			t.Error("the whole position is asked for")
			return PositionView{}, false
		}
		d.Net = func(string) float64 { return net }
		return d
	}
	for name, c := range map[string]struct {
		outer, inner Desk
		want         float64
	}{
		"positions of both":               {book(0.25), book(0.5), 0.5},
		"net leverage of both":            {asked(0.25), asked(0.5), 0.5},
		"net leverage of the host":        {asked(0.25), Desk{}, 0.25},
		"positions of the guest, no net":  {asked(0.25), book(0.5), 0.5},
		"no position of the guest's book": {asked(0.25), book(0), 0},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			var feed *Feed
			inner := &plan{
				init: func(s *Setup) (err error) { feed, err = s.Subscribe("BTCUSD"); return err },
				decide: func(ctx *Context) error {
					calls++
					if x, y := feed.NetLeverage(), ctx.Expected("BTCUSD"); x != c.want || y != c.want {
						t.Errorf("it is told %g and %g, want %g", x, y, c.want)
					}
					if n := ctx.Target("BTCUSD", c.want); n != 0 {
						t.Errorf("%d orders for what it holds", n)
					}
					return nil
				},
			}
			var in, out *Guest
			outer := &plan{
				init:   func(s *Setup) (err error) { in, err = s.Host("in", inner, c.inner); return err },
				decide: func(*Context) error { return in.Decide() },
			}
			mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday, ToMS: thursday + 3*minuteMS, Strategy: &plan{
				init:   func(s *Setup) (err error) { out, err = s.Host("out", outer, c.outer); return err },
				decide: func(*Context) error { return out.Decide() },
			}})
			if calls != 3 {
				t.Errorf("called %d times", calls)
			}
		})
	}
}

// TestTwoGuestsOfOneNameAreRefused: they would draw the same random numbers.
func TestTwoGuestsOfOneNameAreRefused(t *testing.T) {
	guest := func() Strategy { return &plan{init: func(*Setup) error { return nil }} }
	around := func(inner string) Strategy {
		return &plan{init: func(s *Setup) error { _, err := s.Host(inner, guest(), Desk{}); return err }}
	}
	for _, c := range []struct {
		name    string
		seats   func(s *Setup) []error
		refused int // the first that is; -1: none
	}{
		{"two names", func(s *Setup) []error {
			_, a := s.Host("a", guest(), Desk{})
			_, b := s.Host("b", guest(), Desk{})
			return []error{a, b}
		}, -1},
		{"one name twice", func(s *Setup) []error {
			_, a := s.Host("a", guest(), Desk{})
			_, b := s.Host("a", guest(), Desk{})
			return []error{a, b}
		}, 1},
		{"one name under two hosts", func(s *Setup) []error {
			_, a := s.Host("a", around("x"), Desk{})
			_, b := s.Host("b", around("x"), Desk{})
			return []error{a, b}
		}, -1},
		{"a name that reads as a guest's guest", func(s *Setup) []error {
			_, a := s.Host("a", around("x"), Desk{})
			_, b := s.Host("a/x", guest(), Desk{})
			return []error{a, b}
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var errs []error
			mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
				init: func(s *Setup) error { errs = c.seats(s); return nil },
			}})
			for i, err := range errs {
				if (err != nil) != (i == c.refused) || err != nil && !strings.Contains(err.Error(), "expected a name of its own for each") {
					t.Errorf("guest %d: %v", i, err)
				}
			}
		})
	}
}

// TestGuestIsDueForItsOwnGuestsAlone, not for a sibling whose name begins as its
// own.
func TestGuestIsDueForItsOwnGuestsAlone(t *testing.T) {
	var log []string
	var a, b *Guest
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday, ToMS: thursday + 5*minuteMS, Strategy: &plan{
		init: func(s *Setup) (err error) {
			if a, err = s.Host("a", caller("a", &log, func(*Setup) error { return nil }), Desk{}); err == nil {
				b, err = s.Host("a/b", caller("b", &log, func(s *Setup) error { s.WakeAt(thursday + minuteMS); return nil }), Desk{})
			}
			return err
		},
		decide: func(*Context) error {
			if a.Due() || !b.Due() {
				t.Errorf("due: %t and %t", a.Due(), b.Due())
			}
			return b.Decide()
		},
	}})
	if !slices.Equal(log, []string{"1b"}) {
		t.Errorf("called %v", log)
	}
}
