package sim

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// filled is where an order got its price: 0, 0 if it got none.
type filled struct {
	ms    int64
	price float64
}

func fillOf(o OrderRecord) filled { return filled{o.FilledMS, o.FillPrice} }

// TestTimeOfAnOrder: minute candles from the start on, candle i opening at 100+i
// and closing at 200+i; an order acts at emission + latency and fills at the
// open of the first candle that opens at or after that. Rules §2.
func TestTimeOfAnOrder(t *testing.T) {
	const at, end = thursday, thursday + 10*minuteMS
	pin := pinned(long("BTCUSD", 0.1), 55)
	for _, tc := range []struct {
		name    string
		order   timed
		latency int64
		mode    FillMode
		want    filled
		verdict string
	}{
		{name: "at a candle's opening: its open",
			order: timed{at + 3*minuteMS, long("BTCUSD", 0.1)}, want: filled{at + 3*minuteMS, 103}},
		{name: "between candles: the next open",
			order: timed{at + 3*minuteMS + 1, long("BTCUSD", 0.1)}, want: filled{at + 4*minuteMS, 104}},
		{name: "a latency of 1 ms misses the candle",
			order: timed{at + 3*minuteMS, long("BTCUSD", 0.1)}, latency: 1, want: filled{at + 4*minuteMS, 104}},
		{name: "a latency to the next candle's very opening",
			order: timed{at + 3*minuteMS + 15_000, long("BTCUSD", 0.1)}, latency: 45_000, want: filled{at + 4*minuteMS, 104}},
		{name: "pinned: its own time and price, whatever the latency",
			order: timed{at + 30_000, pin}, latency: 45_000, want: filled{at + 30_000, 55}},
		{name: "pinned at the run's last instant",
			order: timed{end, pin}, want: filled{end, 55}},
		{name: "the last candle's opening",
			order: timed{end - minuteMS, long("BTCUSD", 0.1)}, want: filled{end - minuteMS, 109}},
		{name: "after the last candle's opening there is no price",
			order: timed{end - minuteMS + 1, long("BTCUSD", 0.1)}, verdict: "rejected no_price"},
		{name: "at the run's last instant there is no price",
			order: timed{end, long("BTCUSD", 0.1)}, verdict: "rejected no_price"},
		{name: "another check's reason comes before the lack of a price",
			order: timed{end, flat("BTCUSD")}, verdict: "ignored no_position"},
		{name: "without candles there is no price",
			order: timed{at, long("ETHUSD", 0.1)}, verdict: "rejected no_price"},
		// At 3 minutes candle 2 has just closed.
		{name: "at the last close", mode: FillLastClose,
			order: timed{at + 3*minuteMS, long("BTCUSD", 0.1)}, want: filled{at + 3*minuteMS, 202}},
		{name: "at the last close, within a candle", mode: FillLastClose,
			order: timed{at + 4*minuteMS - 1, long("BTCUSD", 0.1)}, want: filled{at + 4*minuteMS - 1, 202}},
		{name: "at the last close, after the latency", mode: FillLastClose, latency: 1,
			order: timed{at + 4*minuteMS - 1, long("BTCUSD", 0.1)}, want: filled{at + 4*minuteMS, 203}},
		{name: "at the last close, at the run's last instant", mode: FillLastClose,
			order: timed{end, long("BTCUSD", 0.1)}, want: filled{end, 209}},
		{name: "at the last close, before there is one", mode: FillLastClose,
			order: timed{at + minuteMS - 1, long("BTCUSD", 0.1)}, verdict: "rejected no_price"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, at, 12)}, Strategy: script(tc.order),
				FromMS: at, ToMS: end, Fill: tc.mode, LatencyMS: tc.latency,
			})
			want := tc.verdict
			if want == "" {
				want = "accepted"
			}
			wantVerdicts(t, res.Orders, want)
			o := res.Orders[0]
			if fillOf(o) != tc.want || o.EmittedMS != tc.order.at {
				t.Errorf("emitted %s, filled %s at %g, want %s at %g", stamp(o.EmittedMS), stamp(o.FilledMS), o.FillPrice, stamp(tc.want.ms), tc.want.price)
			}
		})
	}
}

// TestLongestWait: fill.max_wait is 5 minutes, or one interval where that is
// longer. A candle at exactly that distance still fills. Rules §2.
func TestLongestWait(t *testing.T) {
	const quarter = 15 * minuteMS
	for _, tc := range []struct {
		name      string
		overrides []string
		interval  int64
		opens     []int64 // of the candles, after the start
		at        int64   // of the order
		mode      FillMode
		want      filled // by the time after the start
	}{
		{name: "exactly five minutes", interval: minuteMS, opens: []int64{0, 6 * minuteMS}, at: minuteMS, want: filled{6 * minuteMS, 101}},
		{name: "over five minutes", interval: minuteMS, opens: []int64{0, 6 * minuteMS}, at: minuteMS - 1},
		{name: "exactly one interval", interval: quarter, opens: []int64{0, 2 * quarter}, at: quarter, want: filled{2 * quarter, 101}},
		{name: "over one interval", interval: quarter, opens: []int64{0, 2 * quarter}, at: quarter - 1},
		{name: "a longer wait of the rule set", overrides: []string{"fill.max_wait=20m"}, interval: quarter, opens: []int64{0, 2 * quarter}, at: quarter - 1, want: filled{2 * quarter, 101}},
		{name: "a close of exactly five minutes ago", interval: minuteMS, opens: []int64{0}, at: 6 * minuteMS, mode: FillLastClose, want: filled{6 * minuteMS, 200}},
		{name: "a close of over five minutes ago", interval: minuteMS, opens: []int64{0}, at: 6*minuteMS + 1, mode: FillLastClose},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := candlesOf("BTCUSD", tc.interval, thursday, len(tc.opens))
			for i, ms := range tc.opens {
				s.Time[i] = thursday + ms
			}
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02", tc.overrides...), Series: []*market.Series{s},
				Strategy: script(timed{thursday + tc.at, long("BTCUSD", 0.1)}), FromMS: thursday, ToMS: thursday + dayMS, Fill: tc.mode,
			})
			want, verdict := tc.want, "accepted"
			if want.price == 0 {
				verdict = "rejected no_price"
			} else {
				want.ms += thursday
			}
			wantVerdicts(t, res.Orders, verdict)
			if got := fillOf(res.Orders[0]); got != want {
				t.Errorf("filled %+v, want %+v", got, want)
			}
		})
	}
}

// TestClosedMarketNeverFills: forex closes on Friday 22:00 UTC and opens on
// Sunday 21:00; the data has candles in between. Rules §2, §3.
func TestClosedMarketNeverFills(t *testing.T) {
	friday, sunday := utc(t, "2025-03-07T22:00:00Z"), utc(t, "2025-03-09T21:00:00Z")
	series := candlesOf("EURUSD", 15*minuteMS, friday-hourMS, 400)
	// Of a candle that opens n quarters of an hour after Friday 21:00, 100 + n.
	atSunday := 100 + float64((sunday-friday+hourMS)/(15*minuteMS))
	for _, tc := range []struct {
		name      string
		overrides []string
		at        int64
		latency   int64
		mode      FillMode
		verdict   string
		want      filled
	}{
		{name: "the next open is in the closed market", at: friday - 1, verdict: "rejected no_price"},
		{name: "a wait until the market opens", overrides: []string{"fill.max_wait=72h"}, at: friday - 1, verdict: "accepted", want: filled{sunday, atSunday}},
		{name: "in the closed market", at: friday, verdict: "rejected market_closed"},
		{name: "the latency carries it into the closed market", at: friday - minuteMS, latency: minuteMS, verdict: "rejected market_closed"},
		{name: "the latency carries it into the open market", at: sunday - minuteMS, latency: minuteMS, verdict: "accepted", want: filled{sunday, atSunday}},
		{name: "a close of the closed market is no price", at: sunday, mode: FillLastClose, verdict: "rejected no_price"},
		{name: "the check switched off does not open it", overrides: []string{"gate.checks.market_closed=false"}, at: friday, verdict: "rejected no_price"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02", tc.overrides...), Series: []*market.Series{series},
				Strategy: script(timed{tc.at, long("EURUSD", 1)}), FromMS: friday - hourMS, ToMS: sunday + 2*hourMS, Fill: tc.mode, LatencyMS: tc.latency,
			})
			wantVerdicts(t, res.Orders, tc.verdict)
			if got := fillOf(res.Orders[0]); got != tc.want {
				t.Errorf("filled %+v, want %+v", got, tc.want)
			}
		})
	}
}

// TestOrderOfFills: orders of one instant fill in the order of their emission,
// and one that has waited was emitted before. Rules §2.
func TestOrderOfFills(t *testing.T) {
	const three = thursday + 3*minuteMS
	for _, tc := range []struct {
		name   string
		orders []timed
		want   []string
	}{
		{"open, close", []timed{{three, long("BTCUSD", 0.1)}, {three, flat("BTCUSD")}}, []string{"accepted", "accepted"}},
		{"close, open", []timed{{three, flat("BTCUSD")}, {three, long("BTCUSD", 0.1)}}, []string{"ignored no_position", "accepted"}},
		{"open waited, close", []timed{{three - 1, short("BTCUSD", 0.1)}, {three, flat("BTCUSD")}}, []string{"accepted", "accepted"}},
		{"close waited, open", []timed{{three - 1, flat("BTCUSD")}, {three, short("BTCUSD", 0.1)}}, []string{"ignored no_position", "accepted"}},
		{"the first takes the room of the second", []timed{
			{three, long("BTCUSD", 0.5)}, {three, long("ETHUSD", 0.3)}, {three, long("SOLUSD", 0.5)},
		}, []string{"accepted", "accepted", "clamped"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var series []*market.Series
			for _, id := range []string{"SOLUSD", "ETHUSD", "BTCUSD"} {
				series = append(series, candlesOf(id, minuteMS, thursday, 10))
			}
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02", "gate.checks.cooldown=false"), Series: series,
				Strategy: script(tc.orders...), FromMS: thursday, ToMS: thursday + 10*minuteMS,
			})
			wantVerdicts(t, res.Orders, tc.want...)
		})
	}
}

// TestChecksUseTheTimeOfTheOrder, not that of the fill: both orders of a row
// fill at minute 4. Rules §2.
func TestChecksUseTheTimeOfTheOrder(t *testing.T) {
	const three = thursday + 3*minuteMS
	for _, tc := range []struct {
		name          string
		first, second int64
		want          []string
	}{
		{"9 999 ms apart", three + 1, three + 10_000, []string{"accepted", "rejected cooldown"}},
		{"10 000 ms apart", three + 1, three + 10_001, []string{"accepted", "accepted"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)},
				Strategy: script(timed{tc.first, long("BTCUSD", 0.1)}, timed{tc.second, long("BTCUSD", 0.1)}),
				FromMS:   thursday, ToMS: thursday + 10*minuteMS,
			})
			wantVerdicts(t, res.Orders, tc.want...)
		})
	}
}

// TestRecordOfAnOrder: what the log keeps of the leverage and the fill. BTCUSD
// slips 0.00001 over 1 000 USD, which is a leverage of 0.01. Rules §2, §7.
func TestRecordOfAnOrder(t *testing.T) {
	slipping := pinned(long("BTCUSD", 0.1), 100)
	slipping.Slippage = 0.01
	modelled := pinned(long("BTCUSD", 0.1), 100)
	modelled.HasSlippage = false
	small := pinned(long("BTCUSD", 0.01), 100)
	small.HasSlippage = false
	for _, tc := range []struct {
		name      string
		before    []Order
		order     Order
		verdict   string
		effective float64
		slippage  float64
		initial   float64 // average entry of the position it opens
	}{
		{name: "pinned slippage", order: slipping, verdict: "accepted", effective: 0.1, slippage: 0.01, initial: 101},
		{name: "pinned price, the model's slippage", order: modelled, verdict: "accepted", effective: 0.1, slippage: 0.00001, initial: 100.001},
		{name: "free up to 1 000 USD", order: small, verdict: "accepted", effective: 0.01, initial: 100},
		{name: "clamped", order: pinned(short("BTCUSD", 3), 100), verdict: "clamped", effective: -0.5, initial: 100},
		{name: "a FLAT closes all", before: []Order{pinned(short("BTCUSD", 0.3), 100)}, order: pinned(flat("BTCUSD"), 100), verdict: "accepted", effective: 0.3},
		{name: "what goes through zero is discarded", before: []Order{pinned(long("BTCUSD", 0.3), 100)}, order: pinned(short("BTCUSD", 0.5), 100), verdict: "clamped", effective: -0.3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var orders []timed
			for i, o := range append(slices.Clone(tc.before), tc.order) {
				orders = append(orders, timed{thursday + int64(i)*10_000, o})
			}
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", 60*minuteMS, thursday, 1)},
				Strategy: script(orders...), FromMS: thursday, ToMS: thursday + 30*minuteMS,
			})
			o := res.Orders[len(res.Orders)-1]
			if v := verdicts([]OrderRecord{o})[0]; v != tc.verdict || !near(o.EffectiveLeverage, tc.effective) || o.FillSlippage != tc.slippage || o.Leverage != tc.order.Leverage && tc.order.Type != Flat {
				t.Errorf("%s: requested %g, effective %g, slippage %g, want %s, %g, %g, %g",
					v, o.Leverage, o.EffectiveLeverage, o.FillSlippage, tc.verdict, tc.order.Leverage, tc.effective, tc.slippage)
			}
			if p := res.Positions[0]; tc.initial != 0 {
				wantNear(t, "the entry price", p.AverageEntryPrice, tc.initial)
			} else if !p.Closed || p.NetLeverage != 0 || len(res.Positions) != 1 {
				t.Errorf("the position is %+v, want it closed at exactly zero", p)
			}
		})
	}
}

// TestRejectedFillLeavesNoTrace of a price in the log.
func TestRejectedFillLeavesNoTrace(t *testing.T) {
	for _, o := range gateRun(t, nil, timed{thursday, pinned(long("BTCUSD", 0.001), 100)}, timed{thursday, pinned(flat("BTCUSD"), 100)}) {
		if o.Filled() || o.FilledMS != 0 || o.FillPrice != 0 || o.EffectiveLeverage != 0 {
			t.Errorf("%s %s: %+v, want no fill", o.Outcome, o.Reason, o)
		}
	}
}

// TestOrderThatActsAfterTheRun: the latency carries the order past the last
// instant; no candle can fill it any more, and the log says so.
func TestOrderThatActsAfterTheRun(t *testing.T) {
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)},
		Strategy: script(timed{thursday + 9*minuteMS, long("BTCUSD", 0.1)}), FromMS: thursday, ToMS: thursday + 10*minuteMS, LatencyMS: 2 * minuteMS,
	})
	wantVerdicts(t, res.Orders, "rejected no_price")
}

// TestCooldownCountsFromTheTimeOfTheOrder: the first acts just after minute 3
// and fills at minute 4; a second after that fill 60 s have passed, not one.
// Rules §2.
func TestCooldownCountsFromTheTimeOfTheOrder(t *testing.T) {
	for _, scope := range []string{"pair", "miner"} {
		res := mustRun(t, Config{
			Rules: loadRules(t, "ptn-2025-02", "cooldown.scope="+scope), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)},
			Strategy: script(
				timed{thursday + 3*minuteMS + 1, long("BTCUSD", 0.1)},
				timed{thursday + 4*minuteMS + 1000, pinned(long("BTCUSD", 0.1), 104)},
			),
			FromMS: thursday, ToMS: thursday + 10*minuteMS,
		})
		wantVerdicts(t, res.Orders, "accepted", "accepted")
	}
}

// TestWhatIsNoOrderEndsTheRun: numbers that no rule could reckon with, with every
// check of the gate switched off.
func TestWhatIsNoOrderEndsTheRun(t *testing.T) {
	off := []string{"gate.checks.invalid_leverage=false", "gate.checks.min_position_leverage=false", "gate.checks.order_min_leverage=false"}
	nan, inf := math.NaN(), math.Inf(1)
	good := Order{Pair: "BTCUSD", Type: Long, Leverage: 0.1, Pinned: true, Price: 100, HasSlippage: true}
	for name, spoil := range map[string]func(*Order){
		"no type":           func(o *Order) { o.Type = 0 },
		"unknown type":      func(o *Order) { o.Type = 9 },
		"leverage NaN":      func(o *Order) { o.Leverage = nan },
		"leverage infinite": func(o *Order) { o.Leverage = -inf },
		"price 0":           func(o *Order) { o.Price = 0 },
		"price negative":    func(o *Order) { o.Price = -1 },
		"price NaN":         func(o *Order) { o.Price = nan },
		"price infinite":    func(o *Order) { o.Price = inf },
		"slippage negative": func(o *Order) { o.Slippage = -0.1 },
		"slippage 1":        func(o *Order) { o.Slippage = 1 },
		"slippage NaN":      func(o *Order) { o.Slippage = nan },
		"bid alone":         func(o *Order) { o.Bid = 1 },
		"bid over ask":      func(o *Order) { o.Bid, o.Ask = 2, 1 },
		"ask NaN":           func(o *Order) { o.Bid, o.Ask = 1, nan },
		"ask infinite":      func(o *Order) { o.Bid, o.Ask = 1, inf },
	} {
		o := good
		spoil(&o)
		w := world{series: []*market.Series{walk("BTCUSD", minuteMS, propertyStart, propertyStart+dayMS, 1)}, toMS: propertyStart + dayMS}
		w.orders, w.at = []Order{o}, []int64{propertyStart + minuteMS}
		if _, err := Run(context.Background(), w.config(t, w.script(), off...)); err == nil || !strings.Contains(err.Error(), "an order on BTCUSD: found") {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}

// TestOrderOfNothingIsRejected: a leverage of 0 opens and changes nothing,
// whatever is switched off.
func TestOrderOfNothingIsRejected(t *testing.T) {
	w := world{series: []*market.Series{walk("BTCUSD", minuteMS, propertyStart, propertyStart+dayMS, 1)}, toMS: propertyStart + dayMS}
	w.orders, w.at = []Order{{Pair: "BTCUSD", Type: Long}, {Pair: "BTCUSD", Type: Long}}, []int64{propertyStart, propertyStart + minuteMS}
	res := mustRun(t, w.config(t, w.script(), "gate.checks.invalid_leverage=false", "gate.checks.min_position_leverage=false", "gate.checks.order_min_leverage=false"))
	for i, o := range res.Orders {
		if o.Outcome != Rejected || o.Reason != OrderMinLeverage {
			t.Errorf("order %d: %s %s, want rejected %s", i, o.Outcome, o.Reason, OrderMinLeverage)
		}
	}
	if res.FinalReturn != 1 || len(res.Positions) != 0 {
		t.Errorf("return %g and %d positions, want 1 and none", res.FinalReturn, len(res.Positions))
	}
}

// TestRunLeavesItsConfigAlone: a shorter run doesn't cut the candles of a longer
// one that shares them.
func TestRunLeavesItsConfigAlone(t *testing.T) {
	w := world{series: []*market.Series{walk("BTCUSD", minuteMS, propertyStart, propertyStart+2*dayMS, 1)}, toMS: propertyStart + dayMS}
	before := w.series[0].Len()
	cfg := w.config(t, w.script())
	mustRun(t, cfg)
	if got := cfg.Series[0].Len(); got != before {
		t.Errorf("%d candles after a run over half of them, want %d", got, before)
	}
}
