package sim

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
)

// In all runs of this file the price stands still and there is no slippage, so
// that costs alone move the portfolio. Simple charges: crypto 0.0001·L, forex
// 0.03/365·3.65 = 0.0003, equities 0.0525/365·0.73 = 0.000105.

// costChange is an update that changed the portfolio's value.
type costChange struct {
	at    string
	value float64
}

// costRun plays orders over five-minute candles that never move and returns the
// result with every change of the value. An order is "time TYPE leverage".
type costRun struct {
	rules     string // ptn-2025-02 if empty
	overrides []string
	pair      string
	from, to  string
	orders    []costOrder
}

type costOrder struct {
	at       string
	kind     OrderType
	leverage float64
}

func (c *costRun) play(t *testing.T) (*Result, []costChange) {
	t.Helper()
	name := c.rules
	if name == "" {
		name = "ptn-2025-02"
	}
	pair, _ := market.FindPair(market.Pairs(), c.pair)
	series := &market.Series{Pair: pair, IntervalMS: 5 * minuteMS}
	script := &scripted{}
	cfg := Config{
		Rules: loadRules(t, name, append([]string{"slippage.enabled=false"}, c.overrides...)...), Series: []*market.Series{series}, Strategy: script,
		FromMS: instantOf(t, c.from), ToMS: instantOf(t, c.to),
	}
	for ms := cfg.FromMS; ms < cfg.ToMS; ms += series.IntervalMS {
		series.Time, series.Close = append(series.Time, ms), append(series.Close, 100)
	}
	series.Open, series.High, series.Low = series.Close, series.Close, series.Close
	for _, o := range c.orders {
		script.at = append(script.at, instantOf(t, o.at))
		script.orders = append(script.orders, Order{Pair: c.pair, Type: o.kind, Leverage: o.leverage})
	}
	factors := make(map[string]float64) // by pair, of its last position
	cfg.Observer.Carry = func(charge CarryCharge) {
		if before, open := factors[charge.Pair]; open && charge.Before != before && charge.Before != 1 || charge.After == charge.Before {
			t.Errorf("carry of %s at %s goes from %g to %g, after %g", charge.Pair, stamp(charge.TimeMS), charge.Before, charge.After, before)
		}
		factors[charge.Pair] = charge.After
	}
	var changes []costChange
	last := 1.0
	cfg.Observer.Equity = func(times []int64, values, _ []float64) {
		for i, v := range values {
			if v != last {
				changes = append(changes, costChange{time.UnixMilli(times[i]).UTC().Format(time.RFC3339), v})
			}
			last = v
		}
	}
	res := mustRun(t, cfg)
	for i, o := range res.Orders {
		if !o.Filled() {
			t.Fatalf("order %d: %s %s", i, o.Outcome, o.Reason)
		}
	}
	if p := res.Positions; len(p) == 1 {
		if told, charged := factors[p[0].Pair]; charged && told != p[0].CarryFactor || !charged && p[0].CarryFactor != 1 {
			t.Errorf("told of carry down to %g, the position's is %g", told, p[0].CarryFactor)
		}
	}
	return res, changes
}

// sameFactor allows a factor near 1 the rounding of a handful of multiplications.
func sameFactor(got, want float64) bool { return math.Abs(got-want) <= 1e-15 }

func checkChanges(t *testing.T, got, want []costChange) {
	t.Helper()
	same := func(a, b costChange) bool { return a.at == b.at && sameFactor(a.value, b.value) }
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("the value changes\n%v, want\n%v", got, want)
	}
}

// checkLosses compares the checkpoints' ends and losses, which are carry alone.
func checkLosses(t *testing.T, got []Checkpoint, want []costChange) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d checkpoints, want %d", len(got), len(want))
	}
	for i, w := range want {
		c := got[i]
		loss := math.Log(w.value)
		if c.LastUpdateMS != instantOf(t, w.at) || !sameFactor(c.Loss, loss) || !sameFactor(c.CarryFeeLoss, loss) || c.Gain != 0 || c.SpreadFeeLoss != 0 {
			t.Errorf("checkpoint %d to %s: gain %g loss %.17g carry %.17g fee %g, want 0 %.17g of carry by %s", i, stamp(c.LastUpdateMS), c.Gain, c.Loss, c.CarryFeeLoss, c.SpreadFeeLoss, loss, w.at)
		}
	}
}

// TestCarryIsBookedAtItsInstants of crypto: 2025-03-06 is a Thursday, L = 0.5, a
// charge is 1 - 0.0001·0.5 = 0.99995.
func TestCarryIsBookedAtItsInstants(t *testing.T) {
	const a = 0.99995
	run := costRun{pair: "BTCUSD", from: "2025-03-06T00:00:00Z", to: "2025-03-07T00:00:00Z", orders: []costOrder{{"2025-03-06T00:00:00Z", Long, 0.5}}}
	res, changes := run.play(t)
	checkChanges(t, changes, []costChange{{"2025-03-06T04:00:00Z", a}, {"2025-03-06T12:00:00Z", a * a}, {"2025-03-06T20:00:00Z", a * a * a}})
	// 12:00 is the last instant of (00:00, 12:00].
	checkLosses(t, res.Checkpoints, []costChange{{"2025-03-06T12:00:00Z", a * a}, {"2025-03-07T00:00:00Z", a}})
	checkLosses(t, res.ByPair["BTCUSD"], []costChange{{"2025-03-06T12:00:00Z", a * a}, {"2025-03-07T00:00:00Z", a}})
	if c := res.Checkpoints; c[0].Updates != 2 || c[1].Updates != 1 || !sameFactor(c[0].MDD, a*a) || !sameFactor(c[1].MDD, a*a*a) {
		t.Errorf("updates %d and %d, mdd %g and %g, want 2 and 1, 0.99995² and 0.99995³", c[0].Updates, c[1].Updates, c[0].MDD, c[1].MDD)
	}
	if !sameFactor(res.FinalReturn, a*a*a) || !sameFactor(res.Positions[0].CarryFactor, a*a*a) {
		t.Errorf("final return %.17g, carry %.17g, want 0.99995³", res.FinalReturn, res.Positions[0].CarryFactor)
	}
}

// TestCarryIsToldAtItsInstants, with what it costs.
func TestCarryIsToldAtItsInstants(t *testing.T) {
	var told []costChange
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	series := &market.Series{Pair: pair, IntervalMS: 60 * minuteMS}
	cfg := Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{series},
		Strategy: &scripted{at: []int64{instantOf(t, "2025-03-06T00:00:00Z")}, orders: []Order{{Pair: "BTCUSD", Type: Long, Leverage: 0.5}}},
		FromMS:   instantOf(t, "2025-03-06T00:00:00Z"), ToMS: instantOf(t, "2025-03-06T13:00:00Z"),
		Observer: Observer{Carry: func(c CarryCharge) {
			told = append(told, costChange{time.UnixMilli(c.TimeMS).UTC().Format(time.RFC3339), c.After / c.Before})
		}},
	}
	for ms := cfg.FromMS; ms < cfg.ToMS; ms += series.IntervalMS {
		series.Time, series.Close = append(series.Time, ms), append(series.Close, 100)
	}
	series.Open, series.High, series.Low = series.Close, series.Close, series.Close
	mustRun(t, cfg)
	checkChanges(t, told, []costChange{{"2025-03-06T04:00:00Z", 0.99995}, {"2025-03-06T12:00:00Z", 0.99995}})
}

// TestCarryFollowsTheOrders that fall on its instants or between them. A crypto
// charge is 1 - 0.0001·L.
func TestCarryFollowsTheOrders(t *testing.T) {
	for _, c := range []struct {
		name   string
		orders []costOrder
		want   []costChange
	}{
		// Opened on the instant: the next one is the first.
		{"OpenedOnAnInstant", []costOrder{{"2025-03-06T12:00:00Z", Long, 0.5}}, []costChange{{"2025-03-06T20:00:00Z", 0.99995}}},
		// Closed on the instant: charged, and nothing after.
		{"ClosedOnAnInstant", []costOrder{{"2025-03-06T10:00:00Z", Long, 0.5}, {"2025-03-06T12:00:00Z", Flat, 0}}, []costChange{{"2025-03-06T12:00:00Z", 0.99995}}},
		{"ClosedBefore", []costOrder{{"2025-03-06T10:00:00Z", Long, 0.5}, {"2025-03-06T11:55:00Z", Flat, 0}}, nil},
		// Carry that is due at 12:00 comes before the order of 12:00: it is charged
		// at 0.1, then the order makes that 0.4, which also goes for 20:00.
		{"RaisedOnAnInstant", []costOrder{{"2025-03-06T10:00:00Z", Long, 0.1}, {"2025-03-06T12:00:00Z", Long, 0.3}}, []costChange{
			{"2025-03-06T12:00:00Z", 0.99999}, {"2025-03-06T12:00:00Z", 0.99996}, {"2025-03-06T20:00:00Z", 0.99996 * 0.99996},
		}},
		// Lowered at 12:00 from 0.4 to 0.1: 12:00 stays at 0.4, 20:00 has 0.1.
		{"LoweredOnAnInstant", []costOrder{{"2025-03-06T10:00:00Z", Short, -0.4}, {"2025-03-06T12:00:00Z", Long, 0.3}}, []costChange{
			{"2025-03-06T12:00:00Z", 0.99996}, {"2025-03-06T20:00:00Z", 0.99996 * 0.99999},
		}},
		// A position can't flip: the order through zero closes it and the rest is
		// gone, so that nothing is due at 20:00.
		{"ThroughZero", []costOrder{{"2025-03-06T10:00:00Z", Long, 0.3}, {"2025-03-06T13:00:00Z", Short, -0.5}}, []costChange{{"2025-03-06T12:00:00Z", 0.99997}}},
		// Two positions one after the other have instants of their own: 04:00 of
		// the first at 0.3, 12:00 and 20:00 of the second at 0.2.
		{"TwoPositions", []costOrder{{"2025-03-06T01:00:00Z", Long, 0.3}, {"2025-03-06T05:00:00Z", Flat, 0}, {"2025-03-06T06:00:00Z", Short, -0.2}}, []costChange{
			{"2025-03-06T04:00:00Z", 0.99997}, {"2025-03-06T12:00:00Z", 0.99997 * 0.99998}, {"2025-03-06T20:00:00Z", 0.99997 * 0.99998 * 0.99998},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := costRun{pair: "BTCUSD", from: "2025-03-06T00:00:00Z", to: "2025-03-07T00:00:00Z", orders: c.orders}
			res, changes := run.play(t)
			checkChanges(t, changes, c.want)
			final := 1.0
			if len(c.want) > 0 {
				final = c.want[len(c.want)-1].value
			}
			if !sameFactor(res.FinalReturn, final) {
				t.Errorf("final return %.17g, want %.17g", res.FinalReturn, final)
			}
		})
	}
}

// TestCarryOfForexRestsOnWeekends. The position opens on Friday 2025-03-07 at
// 10:00 with L = 3.65: Friday 21:00 is 16:00 in New York, open; Monday 21:00 is
// 17:00 there, the clocks have moved on Sunday.
func TestCarryOfForexRestsOnWeekends(t *testing.T) {
	run := costRun{pair: "EURUSD", from: "2025-03-07T10:00:00Z", to: "2025-03-10T22:00:00Z", orders: []costOrder{{"2025-03-07T10:00:00Z", Long, 3.65}}}
	for _, booking := range []string{"at_instant", "at_reopening"} { // no charge falls due in a closed market
		run.overrides = []string{"carry.closed_market=" + booking}
		res, changes := run.play(t)
		checkChanges(t, changes, []costChange{{"2025-03-07T21:00:00Z", 0.9997}, {"2025-03-10T21:00:00Z", 0.9997 * 0.9997}})
		checkLosses(t, res.Checkpoints, []costChange{
			{"2025-03-07T12:00:00Z", 1}, {"2025-03-08T00:00:00Z", 0.9997},
			{"2025-03-08T12:00:00Z", 1}, {"2025-03-09T00:00:00Z", 1}, {"2025-03-09T12:00:00Z", 1}, {"2025-03-10T00:00:00Z", 1},
			{"2025-03-10T12:00:00Z", 1}, {"2025-03-10T22:00:00Z", 0.9997},
		})
	}
}

// TestCarryOfForexCountsWednesdayThreeTimes: 2025-03-12; simple 1 - 3·0.0003,
// compound 0.97^(3·3.65/365) = 0.97^0.03 = exp(-0.030459207484708546·0.03) =
// exp(-0.00091377622454126) = 1 - 0.00091377622454126 + 0.00000041749349427
// - 0.00000000012716518 + 0.00000000000002905 = 0.99908664114181685.
func TestCarryOfForexCountsWednesdayThreeTimes(t *testing.T) {
	for rate, want := range map[string]float64{"simple": 0.9991, "compound": 0.99908664114181685} {
		run := costRun{pair: "EURUSD", from: "2025-03-12T10:00:00Z", to: "2025-03-12T22:00:00Z", overrides: []string{"carry.rate=" + rate}, orders: []costOrder{{"2025-03-12T10:00:00Z", Short, -3.65}}}
		_, changes := run.play(t)
		checkChanges(t, changes, []costChange{{"2025-03-12T21:00:00Z", want}})
	}
}

// TestCarryInAClosedMarket is booked at its instant by the documents and at the
// first candle after the reopening by the builds.
//
// Equities, L = 0.73, from Friday 2025-03-07 at 15:00: 21:00 is after the
// session on Friday and on Monday. The reopening is Monday 13:30 (New York has
// moved its clocks), whose first candle ends at 13:35; Monday's own charge then
// waits for Tuesday.
//
// Forex, L = 3.65, over Christmas: from Tuesday 2024-12-24 at 22:00; Wednesday
// (three times) and Thursday at 21:00 are New York's Christmas and Boxing Day.
// The reopening is at midnight there, Friday 05:00 UTC: the same charges, in the
// checkpoint that ends at noon on Friday, as one update of 0.9991·0.9997.
func TestCarryInAClosedMarket(t *testing.T) {
	equities := costRun{pair: "NVDA", from: "2025-03-07T15:00:00Z", to: "2025-03-10T22:00:00Z", orders: []costOrder{{"2025-03-07T15:00:00Z", Long, 0.73}}}
	forex := costRun{pair: "EURUSD", from: "2024-12-24T22:00:00Z", to: "2024-12-27T12:00:00Z", orders: []costOrder{{"2024-12-24T22:00:00Z", Long, 3.65}}}
	const a = 0.999895
	for _, c := range []struct {
		name    string
		run     costRun
		booking string
		changes []costChange
		losses  []costChange
	}{
		{"EquitiesAtInstant", equities, "at_instant",
			[]costChange{{"2025-03-07T21:00:00Z", a}, {"2025-03-10T21:00:00Z", a * a}},
			[]costChange{
				{"2025-03-08T00:00:00Z", a}, {"2025-03-08T12:00:00Z", 1}, {"2025-03-09T00:00:00Z", 1}, {"2025-03-09T12:00:00Z", 1},
				{"2025-03-10T00:00:00Z", 1}, {"2025-03-10T12:00:00Z", 1}, {"2025-03-10T22:00:00Z", a},
			}},
		{"EquitiesAtReopening", equities, "at_reopening",
			[]costChange{{"2025-03-10T13:35:00Z", a}},
			[]costChange{
				{"2025-03-08T00:00:00Z", 1}, {"2025-03-08T12:00:00Z", 1}, {"2025-03-09T00:00:00Z", 1}, {"2025-03-09T12:00:00Z", 1},
				{"2025-03-10T00:00:00Z", 1}, {"2025-03-10T12:00:00Z", 1}, {"2025-03-10T22:00:00Z", a},
			}},
		{"ForexAtInstant", forex, "at_instant",
			[]costChange{{"2024-12-25T21:00:00Z", 0.9991}, {"2024-12-26T21:00:00Z", 0.9991 * 0.9997}},
			[]costChange{
				{"2024-12-25T00:00:00Z", 1}, {"2024-12-25T12:00:00Z", 1}, {"2024-12-26T00:00:00Z", 0.9991},
				{"2024-12-26T12:00:00Z", 1}, {"2024-12-27T00:00:00Z", 0.9997}, {"2024-12-27T12:00:00Z", 1},
			}},
		{"ForexAtReopening", forex, "at_reopening",
			[]costChange{{"2024-12-27T05:05:00Z", 0.9991 * 0.9997}},
			[]costChange{
				{"2024-12-25T00:00:00Z", 1}, {"2024-12-25T12:00:00Z", 1}, {"2024-12-26T00:00:00Z", 1},
				{"2024-12-26T12:00:00Z", 1}, {"2024-12-27T00:00:00Z", 1}, {"2024-12-27T12:00:00Z", 0.9991 * 0.9997},
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run.overrides = []string{"carry.closed_market=" + c.booking}
			res, changes := c.run.play(t)
			checkChanges(t, changes, c.changes)
			checkLosses(t, res.Checkpoints, c.losses)
		})
	}
}

// TestCarryInAClosedMarketDoesNotOutlastAnOrder: an order at the reopening, before
// its first candle has ended, finds the carry that was due, and a close ends it.
func TestCarryInAClosedMarketDoesNotOutlastAnOrder(t *testing.T) {
	run := costRun{
		pair: "EURUSD", from: "2024-12-24T22:00:00Z", to: "2024-12-27T12:00:00Z", overrides: []string{"carry.closed_market=at_reopening"},
		orders: []costOrder{{"2024-12-24T22:00:00Z", Long, 3.65}, {"2024-12-27T05:00:00Z", Flat, 0}},
	}
	_, changes := run.play(t)
	checkChanges(t, changes, []costChange{{"2024-12-27T05:00:00Z", 0.9991 * 0.9997}})
}

// TestCarryOfSeveralPairs is charged to each at its own instants: BTCUSD at 0.5
// (0.99995) at 04:00, 12:00 and 20:00, EURUSD at 3.65 (0.9997) at 21:00. Each
// pair's ledger has its own alone. Thursday 2025-03-06.
func TestCarryOfSeveralPairs(t *testing.T) {
	from, to := instantOf(t, "2025-03-06T00:00:00Z"), instantOf(t, "2025-03-07T00:00:00Z")
	cfg := Config{
		Rules: loadRules(t, "ptn-2025-02", "slippage.enabled=false"), FromMS: from, ToMS: to,
		Series: []*market.Series{
			hourlyCandles(t, "BTCUSD", "2025-03-06T00:00:00Z", "2025-03-07T00:00:00Z", always(80000), nil),
			hourlyCandles(t, "EURUSD", "2025-03-06T00:00:00Z", "2025-03-07T00:00:00Z", always(1.08), nil),
		},
		Strategy: &scripted{orders: []Order{{Pair: "BTCUSD", Type: Long, Leverage: 0.5}, {Pair: "EURUSD", Type: Short, Leverage: -3.65}}, at: []int64{from, from}},
	}
	res := mustRun(t, cfg)
	const btc, eur = 0.99995, 0.9997
	checkLosses(t, res.Checkpoints, []costChange{{"2025-03-06T12:00:00Z", btc * btc}, {"2025-03-07T00:00:00Z", btc * eur}})
	checkLosses(t, res.ByPair["BTCUSD"], []costChange{{"2025-03-06T12:00:00Z", btc * btc}, {"2025-03-07T00:00:00Z", btc}})
	checkLosses(t, res.ByPair["EURUSD"], []costChange{{"2025-03-06T12:00:00Z", 1}, {"2025-03-07T00:00:00Z", eur}})
	if want := btc * btc * btc * eur; !sameFactor(res.FinalReturn, want) {
		t.Errorf("final return %.17g, want %.17g", res.FinalReturn, want)
	}
}

// TestCarryTermsAreThoseOfTheRules §6, for every class of every rule set.
func TestCarryTermsAreThoseOfTheRules(t *testing.T) {
	hours := func(hh ...int64) (ms []int64) {
		for _, h := range hh {
			ms = append(ms, h*hourLenMS)
		}
		return ms
	}
	all, week := [7]int{1, 1, 1, 1, 1, 1, 1}, [7]int{0, 1, 1, 3, 1, 1, 0}
	for name, builds := range map[string]bool{"ptn-2025-02": false, "ptn-2024-12": false, "ptn-5.4.0": true, "ptn-4.8.12": true} {
		set := loadRules(t, name)
		for _, c := range []struct {
			class     market.Class
			rate      float64
			times     []int64
			multiples [7]int
		}{
			{market.Crypto, 0.1095, hours(4, 12, 20), all}, {market.Forex, 0.03, hours(21), week},
			{market.Equities, 0.0525, hours(21), week}, {market.Indices, 0.0525, hours(21), week},
		} {
			got, err := carryTerms(&set.Carry, c.class)
			if err != nil || got.RateAnnual != c.rate || got.DaysInYear != 365 || !slices.Equal(got.TimesMS, c.times) || got.Multiples != c.multiples || got.Compound != builds || got.Deployed != builds {
				t.Errorf("%s %s: %+v (%v), want %g at %v × %v, compound and deployed: %v", name, c.class, got, err, c.rate, c.times, c.multiples, builds)
			}
		}
	}
}

// TestTransactionFactor is 1 - C·f/2.
func TestTransactionFactor(t *testing.T) {
	on, off := loadRules(t, "ptn-2024-12"), loadRules(t, "ptn-2025-02")
	for _, c := range []struct {
		class      market.Class
		cumulative float64
		want       float64
	}{
		{market.Crypto, 1, 0.9995},    // 1 - 0.001/2
		{market.Crypto, 0.5, 0.99975}, // 1 - 0.5·0.001/2
		{market.Forex, 10, 0.99965},   // 1 - 10·0.00007/2
		{market.Equities, 2, 0.99991}, // 1 - 2·0.00009/2
		{market.Indices, 2, 0.99991},  // the same rate
		{market.Crypto, 0, 1},         // nothing changed yet
		{market.Crypto, 100, 0.95},    // 1 - 100·0.001/2
	} {
		if got := transactionFactor(&on.TransactionFee, c.class, c.cumulative); !sameFactor(got, c.want) {
			t.Errorf("%s, cumulative leverage %g: %.17g, want %.17g", c.class, c.cumulative, got, c.want)
		}
		if got := transactionFactor(&off.TransactionFee, c.class, c.cumulative); got != 1 {
			t.Errorf("%s: %.17g where there is no fee, want 1", c.class, got)
		}
	}
}

// TestTransactionFeeIsBookedWithTheOrders, the close included: no carry instant
// falls between 13:00 and 20:00.
func TestTransactionFeeIsBookedWithTheOrders(t *testing.T) {
	for _, c := range []struct {
		name   string
		pair   string
		orders []costOrder
		want   []costChange
	}{
		// C = 0.3, then 0.3 + 0.2 = 0.5, then with the close of 0.5: 1.
		{"Crypto", "BTCUSD", []costOrder{{"2025-01-07T15:00:00Z", Long, 0.3}, {"2025-01-07T16:00:00Z", Long, 0.2}, {"2025-01-07T17:00:00Z", Flat, 0}}, []costChange{
			{"2025-01-07T15:00:00Z", 0.99985}, {"2025-01-07T16:00:00Z", 0.99975}, {"2025-01-07T17:00:00Z", 0.9995},
		}},
		// C = 0.4, reduced by 0.1: 0.5, and the other 0.3: 0.8.
		{"Reduction", "BTCUSD", []costOrder{{"2025-01-07T15:00:00Z", Short, -0.4}, {"2025-01-07T16:00:00Z", Long, 0.1}, {"2025-01-07T17:00:00Z", Flat, 0}}, []costChange{
			{"2025-01-07T15:00:00Z", 0.9998}, {"2025-01-07T16:00:00Z", 0.99975}, {"2025-01-07T17:00:00Z", 0.9996},
		}},
		// The clamp to 0.5 counts, not the 2 that were asked for; through zero the
		// 0.5 that are closed, not the 3: C = 0.5, 1.
		{"EffectiveLeverage", "BTCUSD", []costOrder{{"2025-01-07T15:00:00Z", Long, 2}, {"2025-01-07T16:00:00Z", Short, -3}}, []costChange{
			{"2025-01-07T15:00:00Z", 0.99975}, {"2025-01-07T16:00:00Z", 0.9995},
		}},
		// C = 5 and 10: 1 - 5·0.000035, 1 - 10·0.000035.
		{"Forex", "EURUSD", []costOrder{{"2025-01-07T15:00:00Z", Long, 5}, {"2025-01-07T17:00:00Z", Flat, 0}}, []costChange{
			{"2025-01-07T15:00:00Z", 0.999825}, {"2025-01-07T17:00:00Z", 0.99965},
		}},
		// C = 2 and 4: 1 - 2·0.000045, 1 - 4·0.000045.
		{"Equities", "NVDA", []costOrder{{"2025-01-07T15:00:00Z", Short, -2}, {"2025-01-07T17:00:00Z", Flat, 0}}, []costChange{
			{"2025-01-07T15:00:00Z", 0.99991}, {"2025-01-07T17:00:00Z", 0.99982},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := costRun{rules: "ptn-2024-12", pair: c.pair, from: "2025-01-07T13:00:00Z", to: "2025-01-07T19:00:00Z", orders: c.orders}
			res, changes := run.play(t)
			checkChanges(t, changes, c.want)
			final := c.want[len(c.want)-1].value
			cp := res.Checkpoints[len(res.Checkpoints)-1]
			if !sameFactor(res.Positions[0].TransactionFactor, final) || !sameFactor(cp.SpreadFeeLoss, math.Log(final)) || cp.CarryFeeLoss != 0 {
				t.Errorf("transaction factor %.17g, in the checkpoint %.17g, carry %g; want %.17g, its logarithm, 0", res.Positions[0].TransactionFactor, cp.SpreadFeeLoss, cp.CarryFeeLoss, final)
			}
		})
	}
}
