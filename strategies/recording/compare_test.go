package recording

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// minutes makes candles from t0 on that open and close at the prices.
func minutes(prices ...float64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	s := &market.Series{Pair: pair, IntervalMS: 60_000}
	for i, p := range prices {
		s.Time = append(s.Time, t0+int64(i)*60_000)
		s.Open, s.High, s.Low, s.Close = append(s.Open, p), append(s.High, p), append(s.Low, p), append(s.Close, p)
	}
	return s
}

func parsed(t testing.TB, text string) *Recording {
	t.Helper()
	rec, err := Parse(strings.NewReader(text), "f", "")
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestSignals(t *testing.T) {
	rec := parsed(t, "["+stored1(anna, "p")+"]")
	of := func(ms int64, o sim.Order) strategies.Signal {
		o.Pair = "BTCUSD"
		return strategies.Signal{TimeMS: ms, Miner: anna, Order: o}
	}
	pinned := []strategies.Signal{
		of(t0, sim.Order{Type: sim.Long, Leverage: 0.1, UUID: "p-a", Pinned: true, Price: 100, HasSlippage: true, Slippage: 0.00001, Bid: 99.5, Ask: 100.5}),
		of(t0+60_000, sim.Order{Type: sim.Long, Leverage: 0.1, UUID: "p-b", Pinned: true, Price: 110, HasSlippage: true}),
		of(t0+120_000, sim.Order{Type: sim.Flat, UUID: "p-c", Pinned: true, Price: 120, HasSlippage: true}),
	}
	if got := rec.Signals(Recorded); !reflect.DeepEqual(got, pinned) {
		t.Errorf("recorded %+v", got)
	}
	free := []strategies.Signal{
		of(t0, sim.Order{Type: sim.Long, Leverage: 0.1, UUID: "p-a"}),
		of(t0+60_000, sim.Order{Type: sim.Long, Leverage: 0.1, UUID: "p-b"}),
		of(t0+120_000, sim.Order{Type: sim.Flat, UUID: "p-c"}),
	}
	if got := rec.Signals(Simulated); !reflect.DeepEqual(got, free) {
		t.Errorf("simulated %+v", got)
	}
	rec.Orders[2].Price = 0
	if got := rec.Signals(Recorded)[2]; got.Pinned || got.HasSlippage || rec.unpriced() != 1 {
		t.Errorf("an order without a price is %+v, %d unpriced", got, rec.unpriced())
	}
	rec.Orders[2].AfterClose = true
	if got := rec.Signals(Recorded); len(got) != 2 || rec.afterClose() != 1 {
		t.Errorf("%d signals, %d after the close", len(got), rec.afterClose())
	}
}

// TestDoubts: the FLAT is the validator's own; once it has no price, and once it
// comes too late.
func TestDoubts(t *testing.T) {
	const inserted = "orders that a validator inserted, played as the miner's own: 1 of 3"
	rec := parsed(t, "["+stored1(anna, "p")+"]")
	expect := func(fills Fills, want ...string) {
		t.Helper()
		if got := rec.Doubts(fills); !slices.Equal(got, want) {
			t.Errorf("%s: %q\nwant %q", fills, got, want)
		}
	}
	expect(Recorded, inserted)
	rec.Orders[2].Price = 0
	expect(Recorded, inserted, "orders without a recorded price, filled from the candles: 1 of 3")
	expect(Simulated, inserted)
	rec.Orders[2].AfterClose = true
	rec.LeftOut = []Dropped{{"OLDUSD", 1, 4}}
	expect(Recorded, "orders after the close of their position, not played: 1 of 3",
		"OLDUSD: no candles of the pair, so that what is recorded of it is left out; positions: 1, orders: 4")
}

func TestOnly(t *testing.T) {
	rec := parsed(t, "["+stored1(anna, "p")+","+strings.Replace(stored1(anna, "q"), `"BTCUSD"`, `"OLDUSD"`, 1)+"]")
	kept, err := rec.Only(func(pair string) bool { return pair == "BTCUSD" })
	if err != nil || !reflect.DeepEqual(kept.LeftOut, []Dropped{{"OLDUSD", 1, 3}}) || len(kept.Orders) != 3 || len(kept.Positions) != 1 || kept.SHA256 != rec.SHA256 {
		t.Errorf("%v: kept %+v", err, kept)
	}
	if err := check(kept); err != nil {
		t.Error(err)
	}
	if err := check(rec); err != nil || len(rec.Orders) != 6 {
		t.Errorf("the recording itself changed: %v, %d orders", err, len(rec.Orders))
	}
	_, err = rec.Only(func(string) bool { return false })
	const want = "f: trade_pair: found positions of BTCUSD, OLDUSD alone; expected a position of a pair that the rule set knows and the run has candles of; add candles of those pairs"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCompare: recorded, 0.1 at 100 and at 110 with a close at 120; the candles
// open at 101, 108.9 and 90. Differences from the recorded price: +1 % bought, -1 %
// bought (better), -25 % sold (worse): +100, -100, +2500 basis points.
//
// The rules' slippage of BTCUSD is 0.00001 of every order of over 1 000 USD: of
// 10 000, 10 000 and 20 000. Recorded was a slippage on the first alone.
func TestCompare(t *testing.T) {
	rec := parsed(t, "["+stored1(anna, "p")+"]")
	candles := minutes(101, 108.9, 90, 90)
	recorded := play(t, rec.Signals(Recorded), "ptn-2025-02", nil, candles)
	simulated := play(t, rec.Signals(Simulated), "ptn-2025-02", nil, candles)
	c := Compare(rec, recorded, simulated)
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %.12g, want %.12g", name, got, want)
		}
	}
	near("mean", c.Prices.Mean.Or(0), 2500.0/3)
	near("median distance", c.Prices.MedianDistance.Or(0), 100)
	near("worst", c.Prices.Worst.Or(0), 2500)
	if c.Prices.WorstUUID != "p-c" || c.Prices.WorstMS != t0+120_000 || len(c.Prices.Orders) != 3 {
		t.Errorf("prices %+v", c.Prices)
	}
	near("slippage recorded", c.Recorded.Slippage, 0.1*0.00001)
	near("slippage simulated", c.Simulated.Slippage, (0.1+0.1+0.2)*0.00001)
	// 0.2 from (100.001 + 110)/2 to 120, of 100.001: 1 + 0.2·14.9995/100.001.
	entry := 100 * 1.00001
	near("return recorded", c.Positions[0].Recorded.Return.Or(0), 1+0.2*(120-(entry+110)/2)/entry)
	if m := c.Positions[0]; m.Recorded.Outcome != Won || m.Simulated.Outcome != Lost || !m.Differs() || m.Stored.Or(0) != 1.0199 || c.Differ != 1 {
		t.Errorf("position %+v, %d differ", m, c.Differ)
	}
	if a := c.Recorded; a.Orders != 3 || a.Accepted != 3 || a.FinalReturn != recorded.FinalReturn || a.MaxDrawdown != recorded.MaxDrawdown {
		t.Errorf("account %+v", a)
	}
	recorded.Warnings, simulated.Warnings = []string{"one", "both"}, []string{"both", rec.Doubts(Recorded)[0]}
	want := []string{rec.Doubts(Recorded)[0], "one", "both"}
	if got := Compare(rec, recorded, simulated).Warnings; !slices.Equal(got, want) || !slices.Equal(c.Warnings, want[:1]) {
		t.Errorf("warnings %q, want %q; without those of the runs %q", got, want, c.Warnings)
	}
	if _, err := json.Marshal(c); err != nil {
		t.Error(err)
	}
}

// TestCompareCountsWhatIsRejected: the first order is too small for the gate, so
// the second opens the position; no order closes it.
func TestCompareCountsWhatIsRejected(t *testing.T) {
	rec := parsed(t, "["+stored1(anna, "p")+"]")
	candles := minutes(101, 102, 103)
	signals := rec.Signals(Simulated)
	signals[0].Leverage = 0.0001 // below the smallest order
	res := play(t, signals[:2], "ptn-2025-02", nil, candles)
	c := Compare(rec, res, res)
	if !reflect.DeepEqual(c.Recorded.Reasons, []ReasonCount{{sim.InvalidLeverage, 1}}) || c.Recorded.Accepted != 1 || c.Recorded.Rejected != 1 {
		t.Errorf("%+v", c.Recorded)
	}
	if m := c.Positions[0]; m.Recorded.Outcome != Open || m.Recorded.Positions != 1 || c.Differ != 0 {
		t.Errorf("%+v", m)
	}
	nothing := Compare(rec, &sim.Result{FinalReturn: 1}, &sim.Result{FinalReturn: 1})
	if m := nothing.Positions[0]; m.Recorded.Outcome != Missing || m.Simulated.Positions != 0 || len(nothing.Prices.Orders) != 0 {
		t.Errorf("of nothing: %+v", nothing)
	}
	b, err := json.Marshal(nothing)
	if err != nil || !strings.Contains(string(b), `"mean_bp":null`) || !strings.Contains(string(b), `"return":null`) {
		t.Errorf("%v: %s", err, b)
	}
}

// TestPositionsThatFollowAtOnce: a close and the next opening of a pair at one
// instant are told apart by their orders.
func TestPositionsThatFollowAtOnce(t *testing.T) {
	second := strings.NewReplacer("1736899200000", "1736899320000", "1736899260000", "1736899380000", "1736899320000", "1736899440000").Replace(stored1(anna, "q"))
	rec := parsed(t, "["+stored1(anna, "p")+","+second+"]")
	res := play(t, rec.Signals(Recorded), "ptn-2025-02", nil, minutes(100, 110, 120, 110, 120, 120))
	c := Compare(rec, res, res)
	for i, m := range c.Positions {
		if m.Recorded.Positions != 1 || m.Recorded.Outcome != Won || math.Abs(m.Recorded.Return.Or(0)-res.Positions[i].ReturnAtClose) > 0 {
			t.Errorf("position %d: %+v", i, m)
		}
	}
}
