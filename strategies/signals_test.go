package strategies

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

const start = "2025-01-15T00:00:00Z" // a Wednesday

// signal is an unpinned signal, seconds after the start.
func signal(t testing.TB, seconds int64, pair string, kind sim.OrderType, leverage float64) Signal {
	return Signal{TimeMS: at(t, start) + seconds*1000, Order: sim.Order{Pair: pair, Type: kind, Leverage: leverage}}
}

func pinned(s Signal, price, slippage float64) Signal {
	s.Pinned, s.Price, s.HasSlippage, s.Slippage = true, price, true, slippage
	return s
}

// TestSignalsFill: the candles open at 100, 100, 101, 102, 103, 104.
func TestSignalsFill(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102, 103, 104, 105)
	signals := []Signal{
		signal(t, 60, "BTCUSD", sim.Long, 0.125),                         // the candle of minute 1 opens at 100
		signal(t, 150, "BTCUSD", sim.Flat, 0),                            // in the middle of minute 2: the open of minute 3
		signal(t, 180, "BTCUSD", sim.Long, 0.25),                         // after the close of the same instant
		pinned(signal(t, 200, "BTCUSD", sim.Short, -0.0625), 110, 0.001), // at its own time and price
		pinned(signal(t, 205, "BTCUSD", sim.Short, -0.0625), 110, 0.001), // 5 s after: cooldown
		pinned(signal(t, 300, "BTCUSD", sim.Short, -0.1875), 104.5, 0),   // the rest of the position
		pinned(signal(t, 300, "BTCUSD", sim.Short, -0.125), 104.5, 0),    // equal times keep the order of the file
		pinned(signal(t, 360, "BTCUSD", sim.Flat, 0), 105.5, 0.0025),     // the last instant of the run
	}
	res := play(t, config(t, NewSignals("s", signals), btc))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{
		{1, 1, "BTCUSD", sim.Long, 0.125, 100, sim.Accepted, ""},
		{2, 3, "BTCUSD", sim.Flat, -0.125, 102, sim.Accepted, ""},
		{3, 3, "BTCUSD", sim.Long, 0.25, 102, sim.Accepted, ""},
		{3, 3, "BTCUSD", sim.Short, -0.0625, 110, sim.Accepted, ""},
		{3, -1, "BTCUSD", sim.Short, -0.0625, 0, sim.Rejected, sim.CooldownActive},
		{5, 5, "BTCUSD", sim.Short, -0.1875, 104.5, sim.Accepted, ""},
		{5, 5, "BTCUSD", sim.Short, -0.125, 104.5, sim.Accepted, ""},
		{6, 6, "BTCUSD", sim.Flat, 0.125, 105.5, sim.Accepted, ""},
	})
	if o := res.Orders[3]; o.FilledMS != btc.Time[0]+200_000 || o.FillSlippage != 0.001 {
		t.Errorf("pinned: filled at %d with slippage %g, want its own time and 0.001", o.FilledMS, o.FillSlippage)
	}
}

// TestPinnedSignalNeedsNoCandles: the return of a position is of its own prices.
// A gain of 10 % at leverage 0.1 and no slippage is 1.01; no carry falls due
// between 00:01 and 00:03.
func TestPinnedSignalNeedsNoCandles(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102, 103)
	signals := []Signal{
		pinned(signal(t, 60, "ETHUSD", sim.Long, 0.1), 3000, 0),
		pinned(signal(t, 180, "ETHUSD", sim.Flat, 0), 3300, 0),
	}
	res := play(t, config(t, NewSignals("s", signals), btc))
	if math.Abs(res.FinalReturn-1.01) > 1e-12 || !res.Positions[0].Closed {
		t.Errorf("return %.17g, %+v; want 1.01 and a closed position", res.FinalReturn, res.Positions)
	}
}

// TestRecordedSignalsReplay: what a run's orders filled at, played again as
// signals, comes to the same return.
func TestRecordedSignalsReplay(t *testing.T) {
	btc := walk(t, "BTCUSD", start, 3000, 1)
	first := play(t, config(t, &Crossover{Fast: 5, Slow: 20, Average: SMA, Placement: Placement{Direction: BothSides}}, btc))
	if len(first.Orders) < 20 {
		t.Fatalf("%d orders are too few to show anything", len(first.Orders))
	}
	for name, signals := range map[string][]Signal{
		"emitted": Emitted(first.Orders),
		"filled":  Filled(first.Orders),
	} {
		again := play(t, config(t, NewSignals(name, written(t, signals)), btc))
		if again.FinalReturn != first.FinalReturn || again.MaxDrawdown != first.MaxDrawdown {
			t.Errorf("%s: return %.17g drawdown %.17g, want %.17g %.17g", name, again.FinalReturn, again.MaxDrawdown, first.FinalReturn, first.MaxDrawdown)
		}
	}
}

func TestSignalsRefuse(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102) // 00:00 to 00:03
	inside := signal(t, 60, "BTCUSD", sim.Long, 0.1)
	line := func(s Signal, n int) Signal { s.Line = n; return s }
	const span = "; expected times from 2025-01-15T00:00:00.000Z to 2025-01-15T00:03:00.000Z; choose --from and --to, or candles, that cover the signals"
	for _, c := range []struct {
		name    string
		signals []Signal
		want    string
	}{
		{"none", nil, "s: found no signal; expected at least one"},
		{"unsorted", []Signal{inside, signal(t, 59, "BTCUSD", sim.Flat, 0)}, "s: signal 2: time: found 2025-01-15T00:00:59.000Z after 2025-01-15T00:01:00.000Z; expected ascending times; sort the signals by time"},
		{"unknown pair", []Signal{inside, line(signal(t, 60, "BTCUSDT", sim.Long, 0.1), 3)},
			"s:3: pair: found BTCUSDT, which the rule set ptn-2025-02 does not know (did you mean BTCUSD?); expected a pair of the rule set; correct it, or add the pair under instruments.added in a rule file"},
		{"unknown pair, pinned", []Signal{line(pinned(signal(t, 60, "PEPE", sim.Long, 0.1), 1, 0), 2)},
			"s:2: pair: found PEPE, which the rule set ptn-2025-02 does not know; expected a pair of the rule set; correct it, or add the pair under instruments.added in a rule file"},
		{"no candles", []Signal{line(signal(t, 60, "ETHUSD", sim.Long, 0.1), 2)},
			"s:2: pair: found ETHUSD without candles and without a price of its own; expected one of BTCUSD; add candles of the pair to the run, or the price of the fill to the signal"},
		{"an order with a name", []Signal{inside, {TimeMS: inside.TimeMS, Order: sim.Order{Pair: "PEPE", Type: sim.Flat, UUID: "u-1"}}},
			"s: order u-1, signal 2: pair: found PEPE, which the rule set ptn-2025-02 does not know; expected a pair of the rule set; correct it, or add the pair under instruments.added in a rule file"},
		{"a row of a table", []Signal{{TimeMS: inside.TimeMS - 86_400_000, Order: inside.Order, Row: 7}, inside},
			"s: row 7: time: found 2025-01-14T00:01:00.000Z, outside the run's range (1 of 2 signals are)" + span + ", or drop them with --clip-signals"},
		{"no candles for some", []Signal{pinned(signal(t, 60, "ETHUSD", sim.Long, 0.1), 3000, 0), line(signal(t, 90, "ETHUSD", sim.Flat, 0), 3)},
			"s:3: pair: found ETHUSD without candles and without a price of its own; expected one of BTCUSD; add candles of the pair to the run, or the price of the fill to the signal"},
		{"before the range", []Signal{line(signal(t, -1, "BTCUSD", sim.Long, 0.1), 2), line(inside, 3)},
			"s:2: time: found 2025-01-14T23:59:59.000Z, outside the run's range (1 of 2 signals are)" + span + ", or drop them with --clip-signals"},
		{"after the range", []Signal{line(inside, 2), line(signal(t, 181, "BTCUSD", sim.Long, 0.1), 3)},
			"s:3: time: found 2025-01-15T00:03:01.000Z, outside the run's range (1 of 2 signals are)" + span + ", or drop them with --clip-signals"},
		{"none in the range", []Signal{line(signal(t, 181, "BTCUSD", sim.Long, 0.1), 2)},
			"s:2: time: found 2025-01-15T00:03:01.000Z, and no signal in the run's range" + span},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sim.Run(context.Background(), config(t, NewSignals("s", c.signals), btc))
			e, ok := errors.AsType[*SignalError](err)
			if !ok {
				t.Fatalf("got %v, want a *SignalError", err)
			}
			if e.Error() != c.want {
				t.Errorf("got  %s\nwant %s", e, c.want)
			}
		})
	}
}

func TestSignalsClip(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102)
	s := NewSignals("s", []Signal{
		signal(t, -60, "BTCUSD", sim.Long, 0.3), signal(t, -1, "NONE", sim.Long, 0.3),
		signal(t, 60, "BTCUSD", sim.Long, 0.1),
		signal(t, 240, "BTCUSD", sim.Flat, 0),
	})
	s.ClipToRange, s.Doubts = true, []string{"they are made up"}
	res := play(t, config(t, s, btc))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{{1, 1, "BTCUSD", sim.Long, 0.1, 100, sim.Accepted, ""}})
	want := []string{"they are made up", "signals outside the run's range, which were dropped: 3 of 4"}
	if !slices.Equal(res.Warnings, want) {
		t.Errorf("the warnings are %q, want %q", res.Warnings, want)
	}
	report, err := sim.VerifyCausal(context.Background(), config(t, nil, btc), func() (sim.Strategy, error) { return s, nil }, sim.CausalOptions{Points: 2})
	if err != nil || !slices.Equal(report.Base.Warnings, want) {
		t.Errorf("%v: the warnings of a verified run are %q, want %q", err, report.Base.Warnings, want)
	}
	cfg := config(t, s, btc)
	cfg.FromMS, cfg.ToMS = btc.Time[2], btc.EndMS(2)
	if _, err := sim.Run(context.Background(), cfg); err == nil {
		t.Error("a run without any signal in its range was played")
	}
}

// TestPinnedPricesFarFromTheCandles: the candle of minute 1 opens at 100 and ends
// at 104, that of minute 2 goes on to 102. A factor of two from the first begins
// at 50 and at 208. The first candle of the run, and one of a pair without
// candles, are judged alike or not at all.
func TestPinnedPricesFarFromTheCandles(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 104, 102)
	const remedy = "; expected a price less than a factor of 2 from it; correct the price, or leave it out: the candles answer then"
	of := func(seconds int64, price float64) Signal {
		s := pinned(signal(t, seconds, "BTCUSD", sim.Long, 0.01), price, 0)
		s.Line = 3
		return s
	}
	for _, c := range []struct {
		name   string
		signal Signal
		want   string // "": it is played
	}{
		{"below twice", of(60, 207.9), ""},
		{"above half", of(60, 50.1), ""},
		{"twice", of(60, 208), "s:3: price: found 208 for BTCUSD, whose candle of 2025-01-15T00:01:00.000Z ranges from 100 to 104" + remedy},
		{"half", of(119, 50), "s:3: price: found 50 for BTCUSD, whose candle of 2025-01-15T00:01:00.000Z ranges from 100 to 104" + remedy},
		{"in the last candle", of(150, 1.02e6), "s:3: price: found 1020000 for BTCUSD, whose candle of 2025-01-15T00:02:00.000Z ranges from 102 to 104" + remedy},
		{"at the last instant", of(180, 10.2), "s:3: price: found 10.2 for BTCUSD, whose candle of 2025-01-15T00:02:00.000Z ranges from 102 to 104" + remedy},
		{"at the first instant", of(0, 1000), "s:3: price: found 1000 for BTCUSD, whose candle of 2025-01-15T00:00:00.000Z ranges from 100 to 100" + remedy},
		{"a number that is no price", of(60, 1e300), "s:3: price: found 1e+300 for BTCUSD, whose candle of 2025-01-15T00:01:00.000Z ranges from 100 to 104" + remedy},
		{"without candles", pinned(signal(t, 60, "ETHUSD", sim.Long, 0.01), 3, 0), ""},
		{"unpinned", signal(t, 60, "BTCUSD", sim.Long, 0.01), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			flat := pinned(signal(t, 0, "ETHUSD", sim.Flat, 0), 1, 0)
			_, err := sim.Run(context.Background(), config(t, NewSignals("s", []Signal{flat, c.signal}), btc))
			got := ""
			if e, ok := errors.AsType[*SignalError](err); ok {
				got = e.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPinnedPricesInAGap: the last candle before a gap answers for a day; after
// it nobody knows what the price was.
func TestPinnedPricesInAGap(t *testing.T) {
	btc := join(minutes(t, "BTCUSD", start, 100), minutes(t, "BTCUSD", "2025-01-18T00:00:00Z", 100, 100))
	const day = 86_400
	for seconds, refused := range map[int64]bool{60 + day: true, 61 + day: false} {
		s := pinned(signal(t, seconds, "BTCUSD", sim.Long, 0.01), 300, 0)
		_, err := sim.Run(context.Background(), config(t, NewSignals("s", []Signal{s}), btc))
		if _, ok := errors.AsType[*SignalError](err); ok != refused || !ok && err != nil {
			t.Errorf("after %d s: %v", seconds, err)
		}
	}
}

// TestVerifiedPinnedSignalsAreNotSeenToLook: that their prices are checked against
// the candles is no look at them.
func TestVerifiedPinnedSignalsAreNotSeenToLook(t *testing.T) {
	btc := walk(t, "BTCUSD", start, 300, 1)
	s := pinned(signal(t, 6000, "BTCUSD", sim.Long, 0.01), btc.Open[100], 0)
	report, err := sim.VerifyCausal(context.Background(), config(t, nil, btc), func() (sim.Strategy, error) { return NewSignals("s", []Signal{s}), nil }, sim.CausalOptions{})
	if err != nil || report.Err() != nil || !strings.Contains(report.Note, "it does not look at them") {
		t.Errorf("%v, %v, note %q", err, report.Err(), report.Note)
	}
}
