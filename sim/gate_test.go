package sim

import (
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// gateRun plays orders on an account and returns what became of them. The run's
// only candle leaves every price alone.
func gateRun(t *testing.T, overrides []string, orders ...timed) []OrderRecord {
	t.Helper()
	s := script(orders...)
	return mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", overrides...), Series: []*market.Series{marksOf("DOGEUSD", mark{thursday + minuteMS, 1})}, Strategy: s,
		FromMS: thursday, ToMS: thursday + 5*dayMS,
	}).Orders
}

// TestRateLimit: requests for an unknown pair are rejected, and count all the
// same. Rules §2, check 1.
func TestRateLimit(t *testing.T) {
	const in, limited = "rejected unsupported_pair", "rejected rate_limited"
	repeat := func(n int, v string) []string { return slices.Repeat([]string{v}, n) }
	spread := func(n int, from, step int64) (list []int64) {
		for i := range n {
			list = append(list, from+int64(i)*step)
		}
		return list
	}
	for _, tc := range []struct {
		name      string
		overrides []string
		at        []int64 // ms after the start
		want      []string
	}{
		{name: "the eleventh and twelfth in a window are limited", at: spread(12, 0, 1000),
			want: slices.Concat(repeat(10, in), repeat(2, limited))},
		{name: "after exactly 60 s the window stands", at: append(spread(10, 0, 0), 60_000),
			want: append(repeat(10, in), limited)},
		{name: "after more than 60 s a new one opens", at: append(spread(10, 0, 0), 60_001),
			want: append(repeat(10, in), in)},
		{name: "the new window opens with the request that replaced the old one",
			// 1 + 9 fill the window that opened at 70 000; it stands at 130 000.
			at:   slices.Concat([]int64{0, 70_000}, spread(9, 70_001, 1), []int64{130_000, 130_001}),
			want: slices.Concat(repeat(11, in), []string{limited, in})},
		{name: "the window does not slide",
			// A sliding one would hold 20 requests at 60 002.
			at:   slices.Concat([]int64{0}, spread(9, 59_990, 1), spread(10, 60_001, 0), []int64{60_002}),
			want: slices.Concat(repeat(20, in), []string{limited})},
		{name: "limited requests do not keep a window open",
			at:   slices.Concat(spread(10, 0, 0), []int64{30_000, 60_000, 60_001}),
			want: slices.Concat(repeat(10, in), []string{limited, limited, in})},
		{name: "switched off", overrides: []string{"gate.checks.rate_limited=false"}, at: spread(12, 0, 1000),
			want: repeat(12, in)},
		{name: "other numbers", overrides: []string{"rate_limit.requests=2", "rate_limit.window=1s"}, at: []int64{0, 0, 1000, 1001},
			want: []string{in, in, limited, in}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var orders []timed
			for _, ms := range tc.at {
				orders = append(orders, timed{thursday + ms, pinned(long("NOPE", 0.1), 100)})
			}
			wantVerdicts(t, gateRun(t, tc.overrides, orders...), tc.want...)
		})
	}
}

// TestGateOrder sends one order that fails every check, with the checks switched
// off one after the other: each time the next one rejects it. Rules §2.
//
// Half of BTCUSD at 100 falls to 70 in the first minute: 1 - 0.5·0.3 = 0.85
// eliminates. At the end of that minute, which is not more than 60 s after the
// only request that the window takes, comes a SHORT of +0.0005 (too small, and
// of the wrong sign) on a halted equity in the night, with the uuid of the first
// order, while one order is held and may be, and two minutes must pass.
func TestGateOrder(t *testing.T) {
	first := named(pinned(long("BTCUSD", 0.5), 100), "a")
	bad := named(pinned(Order{Pair: "NVDA", Type: Short, Leverage: 0.0005}, 100), "a")
	overrides := []string{"rate_limit.requests=1", "instruments.halted=[NVDA]", "gate.open_orders_max=1", "cooldown.period=2m", "cooldown.scope=miner"}
	for _, check := range []Reason{
		RateLimited, Eliminated, MarketClosed, UnsupportedPair, Duplicate, InvalidLeverage, TooManyOpenOrders, CooldownActive,
		MinPositionLeverage, OrderMinLeverage, "",
	} {
		res := mustRun(t, Config{
			Rules: loadRules(t, "ptn-2025-02", overrides...), Series: []*market.Series{marksOf("BTCUSD", mark{thursday + minuteMS, 70})},
			Strategy: script(timed{thursday, first}, timed{thursday + minuteMS, bad}),
			FromMS:   thursday, ToMS: thursday + hourMS,
		})
		want := "rejected " + string(check)
		if check == "" {
			want = "accepted"
		}
		wantVerdicts(t, res.Orders, "accepted", want)
		overrides = append(overrides, "gate.checks."+string(check)+"=false")
	}
}

// TestFlatWithoutPosition: check 8 comes after the duplicates and before the
// cooldown, and the number of open orders does not concern a FLAT. Rules §2.
func TestFlatWithoutPosition(t *testing.T) {
	open := timed{thursday, named(pinned(long("BTCUSD", 0.1), 100), "a")}
	for _, tc := range []struct {
		name      string
		overrides []string
		order     Order
		want      string
	}{
		{"is ignored", nil, flat("ETHUSD"), "ignored no_position"},
		{"whatever leverage it names", nil, Order{Pair: "ETHUSD", Type: Flat, Leverage: 600}, "ignored no_position"},
		{"with a used uuid it is a duplicate", nil, named(flat("ETHUSD"), "a"), "rejected duplicate"},
		{"with too many open orders", []string{"gate.open_orders_max=1"}, flat("ETHUSD"), "ignored no_position"},
		{"within a miner's cooldown", []string{"cooldown.scope=miner"}, flat("ETHUSD"), "ignored no_position"},
		{"in a closed market", nil, flat("NVDA"), "rejected market_closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wantVerdicts(t, gateRun(t, tc.overrides, open, timed{thursday + 1, pinned(tc.order, 100)}), "accepted", tc.want)
		})
	}
}

// TestMarketHoursOfOrders: the edges to the millisecond. Rules §2 check 3, §3.
// New York's 17:00 is 22:00 UTC on Friday 2025-03-07 and, with daylight saving
// from the 9th, 21:00 UTC on that Sunday; 09:30 and 16:00 on the 6th are 14:30
// and 21:00 UTC.
func TestMarketHoursOfOrders(t *testing.T) {
	const open, closed, unsupported = "accepted", "rejected market_closed", "rejected unsupported_pair"
	for _, tc := range []struct {
		pair, at, want string
		overrides      []string
	}{
		{pair: "EURUSD", at: "2025-03-07T21:59:59.999Z", want: open},
		{pair: "EURUSD", at: "2025-03-07T22:00:00.000Z", want: closed},
		{pair: "EURUSD", at: "2025-03-09T20:59:59.999Z", want: closed},
		{pair: "EURUSD", at: "2025-03-09T21:00:00.000Z", want: open},
		{pair: "XAUUSD", at: "2025-03-07T22:00:00.000Z", want: closed},
		{pair: "NVDA", at: "2025-03-06T14:29:59.999Z", want: closed},
		{pair: "NVDA", at: "2025-03-06T14:30:00.000Z", want: open},
		{pair: "NVDA", at: "2025-03-06T20:59:59.999Z", want: open},
		{pair: "NVDA", at: "2025-03-06T21:00:00.000Z", want: closed},
		{pair: "SPX", at: "2025-03-06T15:00:00.000Z", want: closed},
		{pair: "BTCUSD", at: "2025-03-08T12:00:00.000Z", want: open},
		{pair: "EURUSD", at: "2025-03-08T12:00:00.000Z", want: open, overrides: []string{"gate.checks.market_closed=false"}},
		// With the check off an index still has no room: its maximum is 0.
		{pair: "SPX", at: "2025-03-06T15:00:00.000Z", want: "rejected max_position_leverage", overrides: []string{"gate.checks.market_closed=false"}},
		{pair: "NOPE", at: "2025-03-06T12:00:00.000Z", want: unsupported},
		{pair: "EURUSD", at: "2025-03-06T12:00:00.000Z", want: unsupported, overrides: []string{"instruments.halted=[EURUSD]"}},
		{pair: "EURUSD", at: "2025-03-08T12:00:00.000Z", want: closed, overrides: []string{"instruments.halted=[EURUSD]"}},
		{pair: "EURUSD", at: "2025-03-06T12:00:00.000Z", want: open, overrides: []string{"instruments.halted=[EURUSD]", "gate.checks.unsupported_pair=false"}},
	} {
		t.Run(tc.pair+" "+tc.at, func(t *testing.T) {
			wantVerdicts(t, gateRun(t, tc.overrides, timed{utc(t, tc.at), pinned(long(tc.pair, 0.1), 100)}), tc.want)
		})
	}
}

// TestDuplicate: only an accepted order's uuid is used up. Rules §2, check 5.
func TestDuplicate(t *testing.T) {
	at := func(i int64, o Order) timed { return timed{thursday + i*10_000, named(pinned(o, 100), "x")} }
	wantVerdicts(t, gateRun(t, nil,
		at(0, long("BTCUSD", 600)), // rejected: the uuid is still free
		at(1, flat("BTCUSD")),      // ignored: so is it now
		at(2, long("BTCUSD", 0.8)), // clamped, which is accepted
		at(3, long("BTCUSD", 0.1)),
		at(4, flat("BTCUSD")),
		at(5, long("ETHUSD", 0.1)),
	), "rejected invalid_leverage", "ignored no_position", "clamped", "rejected duplicate", "rejected duplicate", "rejected duplicate")

	wantVerdicts(t, gateRun(t, []string{"gate.checks.duplicate=false"}, at(0, long("BTCUSD", 0.1)), at(1, long("BTCUSD", 0.1))), "accepted", "accepted")
	none := pinned(long("BTCUSD", 0.1), 100)
	wantVerdicts(t, gateRun(t, nil, timed{thursday, none}, timed{thursday + 10_000, none}), "accepted", "accepted")
}

// TestInvalidLeverage: magnitudes in [0.001, 500] of the type's sign. A crypto
// order of 0.001 passes to the position's minimum, one of 500 is clamped to its
// maximum. Rules §2, check 6.
func TestInvalidLeverage(t *testing.T) {
	const invalid = "rejected invalid_leverage"
	for _, tc := range []struct {
		order Order
		want  string
	}{
		{Order{Type: Long, Leverage: 0.001}, "rejected min_position_leverage"},
		{Order{Type: Long, Leverage: 0.000999}, invalid},
		{Order{Type: Short, Leverage: -0.001}, "rejected min_position_leverage"},
		{Order{Type: Short, Leverage: -0.000999}, invalid},
		{Order{Type: Long, Leverage: 500}, "clamped"},
		{Order{Type: Long, Leverage: 500.001}, invalid},
		{Order{Type: Short, Leverage: -500}, "clamped"},
		{Order{Type: Short, Leverage: -500.001}, invalid},
		{Order{Type: Long, Leverage: -0.1}, invalid},
		{Order{Type: Short, Leverage: 0.1}, invalid},
		{Order{Type: Long, Leverage: 0}, invalid},
	} {
		tc.order.Pair = "BTCUSD"
		got := gateRun(t, nil, timed{thursday, pinned(tc.order, 100)})
		if verdicts(got)[0] != tc.want {
			t.Errorf("%s %g: %s, want %s", tc.order.Type, tc.order.Leverage, verdicts(got)[0], tc.want)
		}
	}
}

// TestTooManyOpenOrders: 200 orders in two open positions, 100 each; the next is
// rejected wherever it goes, until a FLAT closes one of them. Rules §2, check 7.
func TestTooManyOpenOrders(t *testing.T) {
	overrides := []string{"gate.checks.rate_limited=false", "gate.checks.cooldown=false"}
	var orders []timed
	for i := range 200 {
		pair := []string{"BTCUSD", "ETHUSD"}[i%2]
		orders = append(orders, timed{thursday, pinned(long(pair, []float64{0.02, 0.001}[min(i/2, 1)]), 100)})
	}
	want := slices.Repeat([]string{"accepted"}, 200)
	orders = append(orders,
		timed{thursday, pinned(long("SOLUSD", 0.1), 100)},
		timed{thursday, pinned(short("BTCUSD", 0.001), 100)},
		timed{thursday, pinned(flat("BTCUSD"), 100)},
		timed{thursday, pinned(long("SOLUSD", 0.1), 100)},
	)
	want = append(want, "rejected too_many_open_orders", "rejected too_many_open_orders", "accepted", "accepted")
	wantVerdicts(t, gateRun(t, overrides, orders...), want...)

	off := append(overrides, "gate.checks.too_many_open_orders=false")
	got := gateRun(t, off, orders[:201]...)
	wantVerdicts(t, got[200:], "accepted")
}

// TestCooldown: less than 10 000 ms since the position's previous accepted
// order, or the miner's. Rules §2, check 9.
func TestCooldown(t *testing.T) {
	const ok, cool = "accepted", "rejected cooldown"
	type step struct {
		ms         int64
		order      Order
		pair, mine string // the verdict by scope
	}
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"9999 ms are too few, 10 000 are not; a rejected order does not count", []step{
			{0, long("BTCUSD", 0.1), ok, ok}, {9_999, long("BTCUSD", 0.1), cool, cool}, {10_000, long("BTCUSD", 0.1), ok, ok},
			{19_999, long("BTCUSD", 0.1), cool, cool},
		}},
		{"FLAT obeys it", []step{{0, long("BTCUSD", 0.1), ok, ok}, {9_999, flat("BTCUSD"), cool, cool}, {10_000, flat("BTCUSD"), ok, ok}}},
		{"a close by the opposite order obeys it", []step{{0, long("BTCUSD", 0.1), ok, ok}, {9_999, short("BTCUSD", 0.1), cool, cool}}},
		{"another pair", []step{{0, long("BTCUSD", 0.1), ok, ok}, {1, long("ETHUSD", 0.1), ok, cool}, {10_000, long("SOLUSD", 0.1), ok, ok}}},
		{"a new position on the same pair", []step{
			{0, long("BTCUSD", 0.1), ok, ok}, {10_000, flat("BTCUSD"), ok, ok}, {10_001, long("BTCUSD", 0.1), ok, cool},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var orders []timed
			var pair, mine, off []string
			for _, s := range tc.steps {
				orders = append(orders, timed{thursday + s.ms, pinned(s.order, 100)})
				pair, mine, off = append(pair, s.pair), append(mine, s.mine), append(off, ok)
			}
			wantVerdicts(t, gateRun(t, nil, orders...), pair...)
			wantVerdicts(t, gateRun(t, []string{"cooldown.scope=miner"}, orders...), mine...)
			if tc.name != "FLAT obeys it" { // where it is off, the first FLAT closes
				wantVerdicts(t, gateRun(t, []string{"gate.checks.cooldown=false"}, orders...), off...)
			}
		})
	}
}
