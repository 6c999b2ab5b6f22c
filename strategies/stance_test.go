package strategies

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// stanceNames are the built-in strategies that take a stance.
func stanceNames() []string {
	return []string{"macd", "rsi-reversion", "bollinger-reversion", "donchian"}
}

func builtin(t testing.TB, name string, given ...Setting) sim.Strategy {
	t.Helper()
	d, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(given)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStancesStartAnew: a strategy that is used again plays as a new one does, and
// a pair beside it changes nothing.
func TestStancesStartAnew(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", start, 6000, 1), walk(t, "ETHUSD", start, 6000, 2)
	for _, name := range stanceNames() {
		fresh := func() sim.Strategy {
			return builtin(t, name, Setting{"interval", "5m"}, Setting{"leverage", "0.1"})
		}
		used := fresh()
		first := play(t, config(t, used, btc, eth)).Orders
		if again := play(t, config(t, used, btc, eth)).Orders; !reflect.DeepEqual(again, first) {
			t.Errorf("%s: used again it plays otherwise", name)
		}
		var ofBTC []sim.OrderRecord
		for _, o := range first {
			if o.Pair == "BTCUSD" {
				ofBTC = append(ofBTC, o)
			}
		}
		if alone := play(t, config(t, fresh(), btc)).Orders; len(alone) < 4 || !reflect.DeepEqual(alone, ofBTC) {
			t.Errorf("%s: BTCUSD alone plays otherwise than beside ETHUSD, or not at all (%d orders)", name, len(alone))
		}
	}
}

// TestStancesSeeTheSameHours: of one market in candles of 1, 5 and 15 minutes
// the hours are the same, and so are the orders by default; only how long a candle
// is that the second of two waits for, and when they fill, depends on the candles.
func TestStancesSeeTheSameHours(t *testing.T) {
	fine := walk(t, "BTCUSD", "2025-01-15T00:00:00Z", 20_000, 3)
	for _, name := range stanceNames() {
		var want []event
		for _, of := range []int{1, 5, 15} {
			orders := play(t, config(t, builtin(t, name), grouped(fine, of))).Orders
			got := events(fine.Time[0], orders)
			if len(got) < 2 {
				t.Fatalf("%s: %d orders are too few to show anything", name, len(got))
			}
			for i := range got {
				// Decided on the hour; the side across a candle later.
				late := got[i].emitted % 60
				if late != 0 && (late != int64(of) || i == 0 || orders[i].EmittedMS-orders[i-1].EmittedMS != late*minuteMS) {
					t.Errorf("%s on %d minutes: an order at minute %d", name, of, got[i].emitted)
				}
				got[i].emitted -= late
				got[i].filled, got[i].price = 0, 0
			}
			if of == 1 {
				want = got
			}
			checkEvents(t, got, want)
		}
	}
}

// turns are the closes of TestMACDHoldsTheSideOfTheSignalLine, each five minutes
// long: on candles of five minutes the signal is long at minute 15, short at 20 and
// long at 35.
func turns() []float64 {
	var closes []float64
	for _, c := range []float64{1010, 1010, 1016, 1013, 1013, 1007, 1007, 1013, 1016} {
		closes = append(closes, c, c, c, c, c)
	}
	return closes
}

// turner is the strategy of turns.
func turner() *MACD {
	return &MACD{Fast: 1, Slow: 2, Signal: 2, Placement: Placement{Direction: BothSides, IntervalMS: 5 * minuteMS}}
}

// TestStancesTurnACandleLater: candle i of five minutes is finished at minute
// 5i+5. The side across is ordered after the next candle of the run, a minute
// after the close.
func TestStancesTurnACandleLater(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, turns()...)
	checkEvents(t, events(btc.Time[0], play(t, config(t, turner(), btc)).Orders), []event{
		{15, 15, "BTCUSD", sim.Long, 0.05, 1016, sim.Accepted, ""},
		{20, 20, "BTCUSD", sim.Flat, -0.05, 1013, sim.Accepted, ""},
		{21, 21, "BTCUSD", sim.Short, -0.05, 1013, sim.Accepted, ""},
		{35, 35, "BTCUSD", sim.Flat, 0.05, 1007, sim.Accepted, ""},
		{36, 36, "BTCUSD", sim.Long, 0.05, 1013, sim.Accepted, ""},
	})
}

// TestStancesOutliveTheRateLimit: 12 pairs break out in the same hour, and the
// limit lets 10 orders through in a minute and a moment: the other two are not
// sent before minute 182, and none is turned down. Rules §2.
func TestStancesOutliveTheRateLimit(t *testing.T) {
	var series []*market.Series
	for _, id := range strings.Fields(allForex)[:12] {
		var closes []float64
		for i := range 300 {
			closes = append(closes, 1+float64(i/60)/100)
		}
		series = append(series, minutes(t, id, "2025-01-15T00:00:00Z", closes...))
	}
	// The third hour is the first to close above the two before it, and the first
	// to end with an average of 180 minutes.
	for _, s := range []sim.Strategy{
		&Donchian{Entry: 2, Exit: 1, ATR: 1, Placement: hourly()},
		&Crossover{Fast: 60, Slow: 180, Average: SMA, Placement: Placement{Direction: BothSides}},
	} {
		var emitted []int64
		for _, e := range events(series[0].Time[0], play(t, config(t, s, series...)).Orders) {
			if emitted = append(emitted, e.emitted); e.outcome == sim.Rejected {
				t.Errorf("%T: turned down: %+v", s, e)
			}
		}
		if want := append(slices.Repeat([]int64{180}, 10), 182, 182); !slices.Equal(emitted, want) {
			t.Errorf("%T: emitted at %v, want %v", s, emitted, want)
		}
	}
}

// grouped makes one candle of every n; what is left over is left out.
func grouped(s *market.Series, n int) *market.Series {
	out := &market.Series{Pair: s.Pair, IntervalMS: s.IntervalMS * int64(n)}
	for i := 0; i+n <= s.Len(); i += n {
		high, low := math.Inf(-1), math.Inf(1)
		for k := i; k < i+n; k++ {
			high, low = max(high, s.High[k]), min(low, s.Low[k])
		}
		out.Time, out.Open, out.Close = append(out.Time, s.Time[i]), append(out.Open, s.Open[i]), append(out.Close, s.Close[i+n-1])
		out.High, out.Low = append(out.High, high), append(out.Low, low)
	}
	return out
}

// TestStancesPlayTheSample: they trade every pair of it, and the only orders that
// are turned down are those the rate limit stops, when many pairs move at once.
func TestStancesPlayTheSample(t *testing.T) {
	series := sample(t)
	for _, name := range stanceNames() {
		cfg := config(t, builtin(t, name), series...)
		for _, s := range series {
			cfg.FromMS, cfg.ToMS = max(cfg.FromMS, s.Time[0]), min(cfg.ToMS, s.EndMS(s.Len()-1))
		}
		res := play(t, cfg)
		traded := map[string]bool{}
		for i, o := range res.Orders {
			if o.Filled() {
				traded[o.Pair] = true
			} else if o.Reason != sim.RateLimited && o.EmittedMS < cfg.ToMS {
				t.Errorf("%s: order %d on %s is turned down: %s", name, i, o.Pair, o.Reason)
			}
		}
		if len(traded) != len(series) {
			t.Errorf("%s: traded %v of %d pairs", name, traded, len(series))
		}
	}
}

// TestStancesRefuseParametersThatMakeNoSense, alone and together.
func TestStancesRefuseParametersThatMakeNoSense(t *testing.T) {
	for _, c := range []struct {
		strategy string
		given    []Setting
		want     string
	}{
		{"macd", []Setting{{"fast", "26"}}, "macd: fast: found 26; expected less than slow, which is 26"},
		{"macd", []Setting{{"signal", "0"}}, `macd: signal: found "0"; expected a whole number from 1 to 1048576`},
		{"macd", []Setting{{"zero-line", "yes"}}, `macd: zero-line: found "yes"; expected true or false`},
		{"rsi-reversion", []Setting{{"low", "70"}}, "rsi-reversion: low, high: found 70 and 70; expected levels from 0 to 100, the low one first"},
		{"rsi-reversion", []Setting{{"exit", "20"}}, "rsi-reversion: exit: found 20; expected a level between low and high, which are 30 and 70"},
		{"rsi-reversion", []Setting{{"high", "101"}}, `rsi-reversion: high: found "101"; expected a number from 0 to 100`},
		{"bollinger-reversion", []Setting{{"period", "1"}}, `bollinger-reversion: period: found "1"; expected a whole number from 2 to 1048576`},
		{"bollinger-reversion", []Setting{{"stop", "NaN"}}, `bollinger-reversion: stop: found "NaN"; expected a number from 0 to 100`},
		{"donchian", []Setting{{"exit", "56"}}, "donchian: exit: found 56; expected no more than entry, which is 55"},
		{"donchian", []Setting{{"risk", "2"}}, `donchian: risk: found "2"; expected a number from 0 to 1`},
		{"donchian", []Setting{{"interval", "1x"}}, `donchian: interval: "1x" is no candle interval: expected a number and a unit, such as 1m, 5m, 15m, 1h, 4h or 1d`},
	} {
		d, err := Find(c.strategy)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.New(c.given); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	// Who makes one in Go sets the fields.
	both := Placement{Direction: BothSides}
	for _, s := range []Configurable{
		&MACD{Fast: 0, Slow: 2, Signal: 1, Placement: both},
		&MACD{Fast: 1, Slow: 2, Signal: maxPeriod + 1, Placement: both},
		&RSIReversion{Period: 0, Low: 30, High: 70, Exit: 50, Placement: both},
		&RSIReversion{Period: 2, Low: math.NaN(), High: 70, Exit: 50, Placement: both},
		&BollingerReversion{Period: 1, Deviations: 2, Placement: both},
		&BollingerReversion{Period: 2, Deviations: math.NaN(), Placement: both},
		&BollingerReversion{Period: 2, Stop: -1, Placement: both},
		&Donchian{Entry: 3, Exit: 2, ATR: 0, Placement: both},
		&Donchian{Entry: 3, Exit: 2, ATR: 1, Stop: math.Inf(1), Placement: both},
		&Donchian{Entry: 3, Exit: 2, ATR: 1, Risk: math.NaN(), Placement: both},
		&Donchian{Entry: 3, Exit: 2, ATR: 1, Placement: Placement{Direction: "up"}},
		&Donchian{Entry: 3, Exit: 2, ATR: 1, Placement: Placement{Direction: BothSides, Leverage: -1}},
	} {
		if s.Validate() == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}

// BenchmarkStances plays a million candles, the engine included.
func BenchmarkStances(b *testing.B) {
	const n = 1_000_000
	btc := walk(b, "BTCUSD", "2023-01-01T00:00:00Z", n, 1)
	for _, name := range stanceNames() {
		for _, interval := range []string{"1m", "1h"} {
			b.Run(name+"/"+interval, func(b *testing.B) {
				b.ReportAllocs()
				cfg := config(b, builtin(b, name, Setting{"interval", interval}), btc)
				orders := 0
				for b.Loop() {
					res, err := sim.Run(context.Background(), cfg)
					if err != nil {
						b.Fatal(err)
					}
					orders = len(res.Orders)
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
				b.ReportMetric(float64(orders), "orders")
			})
		}
	}
}
