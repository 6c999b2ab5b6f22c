package scenario

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

func TestWrittenSignals(t *testing.T) {
	s := parsed(t, small(`signals:
  - 2025-03-03T00:00:00Z BTCUSD LONG 0.1
  - 2025-03-03T00:00:10Z BTCUSD SHORT 0.1 at 100
  - "1740960010000 BTCUSD FLAT at 99.5" # the same time, as UTC ms
  - 2025-03-03T00:00:10.001Z EURUSD FLAT
  - {time: 2025-03-03T00:01:00Z, pair: BTCUSD, order_type: FLAT, leverage: null, price: 101, slippage: 0.001, bid: 100, ask: 102, uuid: x}
  - time: 2025-03-03T01:01:00+01:00
    pair: BTCUSD
    order_type: short
    leverage: -0.5
`))
	want := []strategies.Signal{
		{TimeMS: monday, Line: 5, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1}},
		{TimeMS: monday + 10_000, Line: 6, Order: sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.1, Pinned: true, Price: 100}},
		{TimeMS: monday + 10_000, Line: 7, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat, Pinned: true, Price: 99.5}},
		{TimeMS: monday + 10_001, Line: 8, Order: sim.Order{Pair: "EURUSD", Type: sim.Flat}},
		{TimeMS: monday + 60_000, Line: 9, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat, UUID: "x", Pinned: true, Price: 101,
			Slippage: 0.001, HasSlippage: true, Bid: 100, Ask: 102}},
		{TimeMS: monday + 60_000, Line: 10, Order: sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.5}},
	}
	got := s.Actor.Signals
	if len(got) != len(want) || s.Actor.At.Line != 5 || s.Actor.Kind != OfAccount {
		t.Fatalf("%+v", s.Actor)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("signal %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if s := parsed(t, small("signals: []\n")); s.Actor.Signals == nil || len(s.Actor.Signals) > 0 {
		t.Errorf("no signals: %+v", s.Actor)
	}
}

func TestWrittenSignalsAreRefused(t *testing.T) {
	const form = "expected TIME PAIR TYPE LEVERAGE, and at PRICE behind it for a pinned fill, such as 2025-03-03T00:00:10Z BTCUSD LONG 0.1 at 100"
	const at = "2025-03-03T00:00:00Z "
	for name, c := range map[string]struct{ text, want string }{
		"Mapping":    {"signals: «{a: 1}\n", "signals: found a mapping; expected a file of signals, or a list of them"},
		"Short":      {"signals: [«" + at + "BTCUSD]\n", `signals[1]: found "2025-03-03T00:00:00Z BTCUSD"; ` + form},
		"NoPrice":    {"signals: [«" + at + "BTCUSD LONG 0.1 at]\n", `signals[1]: found "2025-03-03T00:00:00Z BTCUSD LONG 0.1 at"; ` + form},
		"Long":       {"signals: [«" + at + "BTCUSD LONG 0.1 x 5]\n", `signals[1]: found "2025-03-03T00:00:00Z BTCUSD LONG 0.1 x 5"; ` + form},
		"AtTooEarly": {"signals: [«" + at + "BTCUSD at 5]\n", `signals[1]: found "2025-03-03T00:00:00Z BTCUSD at 5"; ` + form},
		"List":       {"signals: [«[a]]\n", "signals[1]: found a list; " + form},
		"Naive": {"signals: [«2025-03-03T00:00:00 BTCUSD LONG 0.1]\n", `signals[1].time: found "2025-03-03T00:00:00", a time without a zone; ` +
			"expected RFC 3339 with a zone (2025-01-31T14:30:00Z) or epoch milliseconds (1738333800000); add the zone: Z for UTC, or an offset such as -05:00"},
		"Type":       {"signals: [«" + at + "BTCUSD BUY 0.1]\n", `signals[1].order_type: found "BUY"; expected LONG, SHORT or FLAT`},
		"Sign":       {"signals: [«" + at + "BTCUSD LONG -0.1]\n", "signals[1].leverage: found -0.1 for a LONG order; expected a positive leverage; write SHORT to sell"},
		"NoLeverage": {"signals: [«" + at + "BTCUSD LONG]\n", "signals[1].leverage: found nothing; expected a number: the magnitude of the order's leverage"},
		"Pair":       {"signals: [{time: " + at + ", pair: «BTC/USD, order_type: FLAT}]\n", `signals[1].pair: found "BTC/USD" (did you mean BTCUSD?); expected the id of a pair, such as BTCUSD: capital letters and digits`},
		"Missing":    {"signals:\n  - «time: " + at + "\n    pair: BTCUSD\n", "signals[1].order_type: found nothing; expected LONG, SHORT or FLAT"},
		"Key": {"signals: [{time: " + at + ", «order: FLAT}]\n", "signals[1].order: found an unknown key; " +
			"expected time, pair, order_type, leverage, price, slippage, bid, ask or uuid"},
		"Backwards": {"signals:\n  - 2025-03-03T00:00:01Z BTCUSD FLAT\n  - «" + at + "BTCUSD FLAT\n", "signals[2]: found 2025-03-03T00:00:00Z after 2025-03-03T00:00:01Z; expected ascending times"},
	} {
		t.Run(name, func(t *testing.T) { refusedAt(t, small(c.text), c.want) })
	}
}
