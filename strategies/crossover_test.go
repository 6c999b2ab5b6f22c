package strategies

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// TestCrossoverTradesTheCrossings. Candle i is finished at minute i+1, and opens
// at the close before it. Averages of the closes, less 1000:
//
//	i      0     1     2     3     4      5     6     7      8
//	close  10    11    12    10    9      9     12    13     13
//	2      -     10.5  11.5  11    9.5    9     10.5  12.5   13
//	3      -     -     11    11    10.33  9.33  10    11.33  12.67
//	side               long  tie   short  short long  long   long
func TestCrossoverTradesTheCrossings(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1009, 1009, 1012, 1013, 1013)
	for _, c := range []struct {
		name string
		s    Crossover
		want []event
	}{
		{"both sides: closes first, enters at the next candle", Crossover{Placement: Placement{Direction: BothSides}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{5, 5, "BTCUSD", sim.Flat, -0.05, 1009, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Short, -0.05, 1009, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, 0.05, 1012, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Long, 0.05, 1013, sim.Accepted, ""},
		}},
		{"long alone", Crossover{Placement: Placement{Direction: LongSide, Leverage: 0.1}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.1, 1012, sim.Accepted, ""},
			{5, 5, "BTCUSD", sim.Flat, -0.1, 1009, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Long, 0.1, 1012, sim.Accepted, ""},
		}},
		{"short alone", Crossover{Placement: Placement{Direction: ShortSide}}, []event{
			{5, 5, "BTCUSD", sim.Short, -0.05, 1009, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, 0.05, 1012, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Fast, c.s.Slow, c.s.Average = 2, 3, SMA
			res := play(t, config(t, &c.s, btc))
			checkEvents(t, events(btc.Time[0], res.Orders), c.want)
		})
	}
}

// TestCrossoverAverages: a fast average of 1 is the close itself. The slow one of
// 3 starts at 1011 (i = 2); at i = 3, 4 the simple one is 1011, 1010.87, the
// exponential one (weight 1/2) 1010.5, 1010.55. The close 1010.6 lies between.
func TestCrossoverAverages(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1010.6, 1011)
	common := []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
		{4, 4, "BTCUSD", sim.Flat, -0.05, 1010, sim.Accepted, ""},
	}
	for average, last := range map[Average]event{
		SMA: {5, 5, "BTCUSD", sim.Short, -0.05, 1010.6, sim.Accepted, ""},
		EMA: {5, 5, "BTCUSD", sim.Long, 0.05, 1010.6, sim.Accepted, ""},
	} {
		t.Run(string(average), func(t *testing.T) {
			res := play(t, config(t, &Crossover{Fast: 1, Slow: 3, Average: average, Placement: Placement{Direction: BothSides}}, btc))
			// Minute 6 is the end: an order of it has no candle to fill at.
			checkEvents(t, events(btc.Time[0], res.Orders)[:3], append(common[:2:2], last))
		})
	}
}

// TestCrossoverReadsHistory: candles before the range count, and are not traded.
// At minute 4 the averages tie, and the side is still that of minute 3: long.
func TestCrossoverReadsHistory(t *testing.T) {
	cfg := config(t, &Crossover{Fast: 2, Slow: 3, Average: SMA, Placement: Placement{Direction: BothSides}},
		minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1011, 1012))
	startMS := cfg.FromMS
	cfg.FromMS += 4 * minuteMS
	res := play(t, cfg)
	checkEvents(t, events(startMS, res.Orders)[:1], []event{{4, 4, "BTCUSD", sim.Long, 0.05, 1010, sim.Accepted, ""}})
}

// TestCrossoverWaitsForTheMarket: the crossing shows at Friday 17:00 in New York,
// when the market is closed; the order is made after the first candle of Sunday.
func TestCrossoverWaitsForTheMarket(t *testing.T) {
	eur := join(
		minutes(t, "EURUSD", "2025-01-17T21:57:00Z", 1, 1, 1.001),
		minutes(t, "EURUSD", "2025-01-19T22:00:00Z", 1.002, 1.003, 1.004))
	res := play(t, config(t, &Crossover{Fast: 1, Slow: 2, Average: SMA, Placement: Placement{Direction: BothSides}}, eur))
	const sunday = 2*24*60 + 3 // minutes from the start to Sunday 22:00
	checkEvents(t, events(eur.Time[0], res.Orders), []event{
		{sunday + 1, sunday + 1, "EURUSD", sim.Long, 0.5, 1.002, sim.Accepted, ""},
	})
}

// TestCrossoverStopsWhenEliminated: the fall from 1012 to 700 at leverage 0.5 is
// a loss of 15 %.
func TestCrossoverStopsWhenEliminated(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 700, 690, 1000, 1100, 600)
	res := play(t, config(t, &Crossover{Fast: 1, Slow: 2, Average: SMA, Placement: Placement{Direction: BothSides, Leverage: 0.5}}, btc))
	if res.Elimination == nil || res.Elimination.TimeMS != btc.EndMS(3) {
		t.Fatalf("elimination %+v, want one at minute 4", res.Elimination)
	}
	checkEvents(t, events(btc.Time[0], res.Orders), []event{{2, 2, "BTCUSD", sim.Long, 0.5, 1011, sim.Accepted, ""}})
}

// TestCrossoverKeepsItsSideInAFlatMarket: averages of equal prices differ by
// rounding; that must not trade.
func TestCrossoverKeepsItsSideInAFlatMarket(t *testing.T) {
	moving := walk(t, "BTCUSD", start, 300, 3).Close
	// 23 candles fill the simple averages' windows. The distance of the
	// exponential ones shrinks by 1-1/12 a candle: by 1e12 in 320.
	for average, settled := range map[Average]int{SMA: 23, EMA: 330} {
		for cents := range 20 {
			price := 1000 + float64(cents)/100
			closes := slices.Concat(moving, slices.Repeat([]float64{price}, 1000))
			btc := minutes(t, "BTCUSD", start, closes...)
			res := play(t, config(t, &Crossover{Fast: 7, Slow: 23, Average: average, Placement: Placement{Direction: BothSides}}, btc))
			quiet := btc.EndMS(300 + settled)
			for _, o := range res.Orders {
				if o.EmittedMS > quiet {
					t.Errorf("%s at %g: %s at minute %d of the flat market", average, price, o.Type, (o.EmittedMS-btc.Time[300])/minuteMS)
				}
			}
			if len(res.Orders) < 10 {
				t.Errorf("%s at %g: %d orders before it are too few to show anything", average, price, len(res.Orders))
			}
		}
	}
}

// TestCrossoverIsDeterministic: a strategy that is used again, or is new, plays
// the same; and a pair does not change another's trades.
func TestCrossoverIsDeterministic(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", start, 3000, 1), walk(t, "ETHUSD", start, 3000, 2)
	fresh := func() *Crossover {
		return &Crossover{Fast: 5, Slow: 20, Average: EMA, Placement: Placement{Direction: BothSides}}
	}
	used := fresh()
	first := play(t, config(t, used, btc, eth)).Orders
	if again := play(t, config(t, used, btc, eth)).Orders; !reflect.DeepEqual(again, first) {
		t.Error("the strategy used again plays otherwise")
	}
	if again := play(t, config(t, fresh(), btc, eth)).Orders; !reflect.DeepEqual(again, first) {
		t.Error("a new strategy plays otherwise")
	}
	var ofBTC []sim.OrderRecord
	for _, o := range first {
		if o.Pair == "BTCUSD" {
			ofBTC = append(ofBTC, o)
		}
	}
	if alone := play(t, config(t, fresh(), btc)).Orders; !reflect.DeepEqual(alone, ofBTC) {
		t.Error("BTCUSD alone plays otherwise than beside ETHUSD")
	}
}

// TestMovingAverages against their definitions: the mean of the last closes; and
// the closes weighted by α(1-α)^age, the mean of the first period for the rest.
func TestMovingAverages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.IntRange(1, 12).Draw(t, "period")
		closes := rapid.SliceOfN(rapid.Float64Range(0.5, 2), period, 80).Draw(t, "closes")
		simple, exponential := newMovingAverage(SMA, period), newMovingAverage(EMA, period)
		for i := range closes {
			simple.take(closes, i)
			exponential.take(closes, i)
		}
		mean := func(window []float64) float64 {
			sum := 0.0
			for _, x := range window {
				sum += x
			}
			return sum / float64(len(window))
		}
		n, alpha := len(closes), 2/float64(period+1)
		weightedSum := math.Pow(1-alpha, float64(n-period)) * mean(closes[:period])
		for i := period; i < n; i++ {
			weightedSum += alpha * math.Pow(1-alpha, float64(n-1-i)) * closes[i]
		}
		if want := mean(closes[n-period:]); math.Abs(simple.value()-want) > 1e-14*want*float64(period) {
			t.Errorf("simple: %.17g, want %.17g", simple.value(), want)
		}
		if math.Abs(exponential.value()-weightedSum) > 1e-13*weightedSum {
			t.Errorf("exponential: %.17g, want %.17g", exponential.value(), weightedSum)
		}
	})
}

// TestMovingAverageDoesNotDrift: after a million candles of large prices, small
// ones are averaged as if the large had never been.
func TestMovingAverageDoesNotDrift(t *testing.T) {
	closes := walk(t, "BTCUSD", start, 200_000, 5).Close
	for i := range closes {
		closes[i] *= 1e9
	}
	for range 9 * 100 { // the sum is made anew every 8 periods
		closes = append(closes, 1)
	}
	m := newMovingAverage(SMA, 100)
	for i := range closes {
		m.take(closes, i)
	}
	if m.value() != 1 {
		t.Errorf("the mean of 100 ones is %.17g", m.value())
	}
}

func TestCrossoverAllocatesNothingPerCandle(t *testing.T) {
	closes := walk(t, "BTCUSD", start, 5000, 1).Close
	for _, average := range []Average{SMA, EMA} {
		allocs := testing.AllocsPerRun(3, func() {
			tr := trend{fast: newMovingAverage(average, 20), slow: newMovingAverage(average, 100)}
			for i := range closes {
				tr.take(indicator.Bars{Close: closes}, i)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %g allocations in 5000 candles", average, allocs)
		}
	}
}

// BenchmarkCrossover plays a million candles, the engine included.
func BenchmarkCrossover(b *testing.B) {
	const n = 1_000_000
	btc := walk(b, "BTCUSD", "2023-01-01T00:00:00Z", n, 1)
	for _, average := range []Average{SMA, EMA} {
		for _, periods := range [][2]int{{20, 100}, {500, 5000}} {
			b.Run(string(average)+map[int]string{20: "/20-100", 500: "/500-5000"}[periods[0]], func(b *testing.B) {
				b.ReportAllocs()
				cfg := config(b, &Crossover{Fast: periods[0], Slow: periods[1], Average: average, Placement: Placement{Direction: BothSides}}, btc)
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

// onlooker sees every candle and does nothing: what is left is the engine.
type onlooker struct{}

func (onlooker) Init(setup *sim.Setup) error {
	_, err := setup.Subscribe("BTCUSD")
	return err
}

func (onlooker) Decide(*sim.Context) error { return nil }

// BenchmarkOnlooker is the engine's part of BenchmarkCrossover, without trades.
func BenchmarkOnlooker(b *testing.B) {
	btc := walk(b, "BTCUSD", "2023-01-01T00:00:00Z", 1_000_000, 1)
	cfg := config(b, onlooker{}, btc)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sim.Run(context.Background(), cfg); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
}

// BenchmarkTrend is the strategy's own work, without the engine.
func BenchmarkTrend(b *testing.B) {
	closes := walk(b, "BTCUSD", start, 1_000_000, 1).Close
	for _, average := range []Average{SMA, EMA} {
		b.Run(string(average), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tr := trend{fast: newMovingAverage(average, 20), slow: newMovingAverage(average, 100)}
				for i := range closes {
					tr.take(indicator.Bars{Close: closes}, i)
				}
			}
			b.ReportMetric(float64(len(closes))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
		})
	}
}
