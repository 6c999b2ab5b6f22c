package sim

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// TestPairLimitsAreThoseOfTheRules: the tables of Rules §1, §2 and §4.
func TestPairLimitsAreThoseOfTheRules(t *testing.T) {
	inf := math.Inf(1)
	for _, tc := range []struct {
		set, pair string
		overrides []string
		want      PairLimits
	}{
		{set: "ptn-2025-02", pair: "BTCUSD", want: PairLimits{PositionMin: 0.01, PositionMax: 0.5, ClassMax: 0.5, OrderMin: 0.001, OrderMax: 500, Weight: 10, PortfolioMax: 10, CooldownMS: 10_000}},
		{set: "ptn-2025-02", pair: "XAUUSD", want: PairLimits{PositionMin: 0.1, PositionMax: 5, ClassMax: 5, OrderMin: 0.001, OrderMax: 500, Weight: 1, PortfolioMax: 10, CooldownMS: 10_000}},
		{set: "ptn-2024-12", pair: "NVDA", want: PairLimits{PositionMin: 0.1, PositionMax: 5, ClassMax: 5, OrderMin: 0.001, OrderMax: 500, Weight: 1, PortfolioMax: 10, CooldownMS: 10_000}},
		{set: "ptn-2025-02", pair: "SPX", want: PairLimits{OrderMin: 0.001, OrderMax: 500, Weight: 1, PortfolioMax: 10, CooldownMS: 10_000, Halted: true}},
		{set: "ptn-2025-02", pair: "EURUSD",
			overrides: []string{"gate.checks.min_position_leverage=false", "gate.checks.max_position_leverage=false", "gate.checks.max_portfolio_leverage=false", "gate.checks.cooldown=false", "gate.checks.invalid_leverage=false", "gate.checks.order_min_leverage=false"},
			want:      PairLimits{PositionMax: inf, ClassMax: 5, OrderMax: inf, Weight: 1, PortfolioMax: inf}},
	} {
		tc.want.Pair, _ = market.FindPair(market.Pairs(), tc.pair)
		mustRun(t, Config{Rules: loadRules(t, tc.set, tc.overrides...), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
			init: func(s *Setup) error {
				if got, ok := s.Limits(tc.pair); !ok || got != tc.want {
					t.Errorf("%s, %s: %+v, want %+v", tc.set, tc.pair, got, tc.want)
				}
				if _, ok := s.Limits("NOPE"); ok {
					t.Error("limits of an unknown pair")
				}
				if !slices.ContainsFunc(s.KnownPairs(), func(p market.Pair) bool { return p == tc.want.Pair }) {
					t.Errorf("%s is not among the known pairs", tc.pair)
				}
				return nil
			},
		}})
	}
}

// TestRoomIsWhatTheGateAccepts: an order of exactly the room is accepted as it
// is, one that is 1 % larger is clamped to it, and an order that the room says
// is too soon or one too many is rejected.
func TestRoomIsWhatTheGateAccepts(t *testing.T) {
	seen := make(map[string]int)
	rapid.Check(t, func(rt *rapid.T) {
		var series []*market.Series
		pairs := []string{"BTCUSD", "ETHUSD", "SOLUSD", "EURUSD", "SPX"}
		for _, id := range pairs[:4] {
			s := candlesOf(id, 5*minuteMS, thursday, 100)
			s.Open = slices.Repeat([]float64{100}, 100) // as the fills: nothing is lost
			s.Close, s.High, s.Low = s.Open, s.Open, s.Open
			series = append(series, s)
		}
		cfg := Config{Rules: loadRules(t, "ptn-2025-02", "elimination.main=false",
			rapid.SampledFrom([]string{"cooldown.scope=pair", "cooldown.scope=miner"}).Draw(rt, "scope"),
			rapid.SampledFrom([]string{"gate.open_orders_max=200", "gate.open_orders_max=4"}).Draw(rt, "orders")),
			Series: series, FromMS: thursday, ToMS: thursday + dayMS}
		type expectation struct {
			room, asked float64
			reason      Reason // "": by the leverage alone
		}
		var want []expectation
		cfg.Strategy = &plan{
			init: func(s *Setup) error {
				for range rapid.IntRange(1, 25).Draw(rt, "alarms") {
					s.WakeAt(thursday + rapid.Int64Range(0, 400).Draw(rt, "second")*1000)
				}
				return nil
			},
			decide: func(c *Context) error {
				pair := rapid.SampledFrom(pairs).Draw(rt, "pair")
				room := c.Room(pair)
				p, open := c.Position(pair)
				side := Long
				if open && p.NetLeverage < 0 || !open && rapid.Bool().Draw(rt, "short") {
					side = Short
				}
				e := expectation{room: room.Leverage, asked: room.Leverage}
				switch rapid.IntRange(0, 3).Draw(rt, "size") {
				case 0:
					e.asked *= 1.01
				case 1:
					e.asked *= 0.6
				}
				e.asked = max(e.asked, 0.001)
				switch {
				case room.Requests == 0:
					e.reason = RateLimited
				case pair == "SPX":
					e.reason = MarketClosed
				case room.Orders == 0:
					e.reason = TooManyOpenOrders
				case room.CooldownMS > 0:
					e.reason = CooldownActive
				}
				want = append(want, e)
				o := Order{Pair: pair, Type: side, Leverage: e.asked, Pinned: true, Price: 100}
				if side == Short {
					o.Leverage = -o.Leverage
				}
				c.Submit(o)
				return nil
			},
		}
		for i, o := range mustRun(rt, cfg).Orders {
			e := want[i]
			effective := abs(o.EffectiveLeverage)
			switch {
			case e.reason != "":
				if o.Reason != e.reason {
					rt.Fatalf("order %d is %s %s, want %s", i, o.Outcome, o.Reason, e.reason)
				}
			case o.Reason == MinPositionLeverage, o.Reason == OrderMinLeverage:
			case e.room == 0:
				if o.Outcome != Rejected || o.Reason != MaxPortfolioLeverage && o.Reason != MaxPositionLeverage {
					rt.Fatalf("without room order %d is %s %s", i, o.Outcome, o.Reason)
				}
			case e.asked > e.room:
				if o.Outcome != Clamped || effective != e.room {
					rt.Fatalf("an order of %g with room for %g is %s with %g", e.asked, e.room, o.Outcome, effective)
				}
			case o.Outcome != Accepted || effective != e.asked:
				rt.Fatalf("an order of %g with room for %g is %s %s with %g", e.asked, e.room, o.Outcome, o.Reason, effective)
			}
			seen[string(o.Outcome)+" "+string(o.Reason)]++
		}
	})
	// The rarer ones, such as a rate limit, come in most runs, not in all.
	for _, verdict := range []string{"accepted ", "clamped ", "rejected cooldown", "rejected max_portfolio_leverage"} {
		if seen[verdict] == 0 {
			t.Errorf("no order was %s: %v", verdict, seen)
		}
	}
}

// TestRoomByHand: 0.3 of BTCUSD weighs 3 of 10; 2.5 of EURUSD 2.5 more. BTCUSD
// can grow by 0.2, EURUSD by 2.5, ETHUSD by min(0.5, 4.5/10) = 0.45. Ten requests a
// minute, 200 orders, ten seconds between two. Rules §2, §4.
func TestRoomByHand(t *testing.T) {
	var got []string
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
		init: func(s *Setup) error {
			for _, ms := range []int64{0, 4_000, 10_000, 60_000, 60_001} {
				s.WakeAt(thursday + ms)
			}
			return nil
		},
		decide: func(c *Context) error {
			if c.NowMS() == thursday {
				c.Submit(pinned(long("BTCUSD", 0.3), 100))
				c.Submit(pinned(short("EURUSD", 2.5), 1))
				return nil
			}
			line := fmt.Sprint(c.NowMS() - thursday)
			for _, pair := range []string{"BTCUSD", "EURUSD", "ETHUSD", "SPX", "NOPE"} {
				r := c.Room(pair)
				line += fmt.Sprintf(" %.4g/%.4g/%d/%d/%d", r.Leverage, r.Portfolio, r.Requests, r.Orders, r.CooldownMS)
			}
			got = append(got, line)
			return nil
		},
	}})
	want := []string{
		"4000 0.2/4.5/8/198/6000 2.5/4.5/8/198/6000 0.45/4.5/8/198/0 0/4.5/8/198/0 0/0/0/0/0",
		"10000 0.2/4.5/8/198/0 2.5/4.5/8/198/0 0.45/4.5/8/198/0 0/4.5/8/198/0 0/0/0/0/0",
		"60000 0.2/4.5/8/198/0 2.5/4.5/8/198/0 0.45/4.5/8/198/0 0/4.5/8/198/0 0/0/0/0/0",
		"60001 0.2/4.5/10/198/0 2.5/4.5/10/198/0 0.45/4.5/10/198/0 0/4.5/10/198/0 0/0/0/0/0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("room\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestFloorIsWhereTheDrawdownEliminates: half at 100 rises to 110, 1.05, the
// peak. 10 % off it is 0.945, a price of 89: 1 + 0.5·(89-100)/100. Before, the
// floor was 0.9. Rules §9.
func TestFloorIsWhereTheDrawdownEliminates(t *testing.T) {
	for _, tc := range []struct {
		price      float64
		eliminated bool
	}{{89.0001, false}, {88.9999, true}} {
		var views []PortfolioView
		res := mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02", free...),
			Series: []*market.Series{marksOf("BTCUSD", mark{thursday + minuteMS, 110}, mark{thursday + 2*minuteMS, tc.price})},
			FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
				init: func(s *Setup) error {
					for m := range int64(3) {
						s.WakeAt(thursday + m*minuteMS)
					}
					return nil
				},
				decide: func(c *Context) error {
					if views = append(views, c.Portfolio()); len(views) == 1 {
						c.Submit(pinned(long("BTCUSD", 0.5), 100))
					}
					return nil
				},
			}})
		value := 1 + 0.5*(tc.price-100)/100
		for i, want := range []PortfolioView{
			{Value: 1, Peak: 1, Floor: 0.9},
			{Value: 1.05, Peak: 1.05, Floor: 0.945, Leverage: 5, OpenPositions: 1},
			{Value: value, Peak: 1.05, Drawdown: 1 - value/1.05, DrawdownNow: 1 - value/1.05, Floor: 0.945, Leverage: 5, OpenPositions: 1},
		} {
			want.DrawdownLimit, want.LeverageMax = 0.1, 10
			if i == 2 && tc.eliminated {
				want.Leverage, want.OpenPositions, want.Eliminated = 0, 0, true
			}
			got := views[i]
			for _, p := range [][2]*float64{{&got.Value, &want.Value}, {&got.Peak, &want.Peak}, {&got.Drawdown, &want.Drawdown}, {&got.DrawdownNow, &want.DrawdownNow}, {&got.Floor, &want.Floor}} {
				wantNear(t, "a number of the portfolio", *p[0], *p[1])
				*p[0] = *p[1]
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("at %d the portfolio is %+v, want %+v", i, got, want)
			}
		}
		if (res.Elimination != nil) != tc.eliminated || (views[2].Value < views[2].Floor) != tc.eliminated {
			t.Errorf("at %g: elimination %+v, value %g, floor %g", tc.price, res.Elimination, views[2].Value, views[2].Floor)
		}
	}
}

// TestPortfolioTellsWhenTheChallengeEnds: 90 days after the registration, and
// one millisecond, at the next check, which is at the end of a checkpoint.
func TestPortfolioTellsWhenTheChallengeEnds(t *testing.T) {
	for as, want := range map[Competition]int64{Main: 0, InChallenge: thursday + 90*dayMS + dayMS/2} {
		var got int64
		mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), As: as, Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 3)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
			init:   func(s *Setup) error { s.WakeAt(thursday + 1); return nil },
			decide: func(c *Context) error { got = c.Portfolio().ChallengeEndMS; return nil },
		}})
		if got != want {
			t.Errorf("as %d: the challenge ends at %d, want %d", as, got, want)
		}
	}
}

// TestCarryViewIsWhatIsCharged: crypto 0.1095/365/3 three times a day, forex
// 0.03/365 at 21:00, on Wednesdays three times, on weekends not at all. A position
// of half a crypto pays half of that. Rules §6.
func TestCarryViewIsWhatIsCharged(t *testing.T) {
	for _, tc := range []struct {
		pair, at, next string
		leverage       float64
		multiple       int
		charge, rate   float64
	}{
		{"BTCUSD", "2025-03-06T03:59:00Z", "2025-03-06T04:00:00Z", 0.5, 1, 0.1095 / 365 / 3, 0.1095},
		{"BTCUSD", "2025-03-06T19:00:00Z", "2025-03-06T20:00:00Z", -0.25, 1, 0.1095 / 365 / 3, 0.1095},
		{"EURUSD", "2025-03-04T20:00:00Z", "2025-03-04T21:00:00Z", 2, 1, 0.03 / 365, 0.03},
		{"EURUSD", "2025-03-05T20:00:00Z", "2025-03-05T21:00:00Z", -2, 3, 3 * 0.03 / 365, 0.03},
		{"EURUSD", "2025-03-07T21:30:00Z", "2025-03-08T21:00:00Z", 2, 0, 0, 0.03},
		{"NVDA", "2025-03-06T20:30:00Z", "2025-03-06T21:00:00Z", 2, 1, 0.0525 / 365, 0.0525},
	} {
		at, next := utc(t, tc.at), utc(t, tc.next)
		s := marksOf(tc.pair, mark{at - minuteMS, 100}, mark{at, 100})
		var f *Feed
		returns := []float64{}
		mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02", "slippage.enabled=false"), Series: []*market.Series{s}, FromMS: at - hourMS, ToMS: next + hourMS, Strategy: &plan{
			init: func(s *Setup) (err error) {
				f, err = s.SubscribeTo(tc.pair, FeedOptions{Quiet: true})
				for _, ms := range []int64{at, next - 1, next} {
					s.WakeAt(ms)
				}
				return err
			},
			decide: func(c *Context) error {
				if c.NowMS() == at {
					c.Submit(pinned(Order{Pair: tc.pair, Type: map[bool]OrderType{true: Long, false: Short}[tc.leverage > 0], Leverage: tc.leverage}, 100))
					v := f.Carry()
					if v.NextMS != next || v.Multiple != tc.multiple || v.RateAnnual != tc.rate {
						t.Errorf("%s at %s: %+v", tc.pair, tc.at, v)
					}
					wantNear(t, "the charge of "+tc.pair, 1-v.Charge, 1-tc.charge)
					return nil
				}
				p, _ := f.Position()
				returns = append(returns, p.Return)
				return nil
			},
		}})
		wantNear(t, "what "+tc.pair+" pays", returns[1]/returns[0], 1-tc.charge*abs(tc.leverage))
	}
}
