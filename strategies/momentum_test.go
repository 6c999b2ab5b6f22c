package strategies

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestMomentumHoldsTheSideOfTheReturn over 2 candles, judged at every third
// minute. Candle i is finished at minute i+1; its close, less 1000:
//
//	minute   1   2   3   4   5   6   7   8   9   10  11  12
//	close    10  11  12  10  9   9   8   10  8   9   10  11
//	return           +2          -1          0           +2
//	side             long        short       stays       long
//
// The other side takes a FLAT and an order that opens, at once.
func TestMomentumHoldsTheSideOfTheReturn(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1009, 1009, 1008, 1010, 1008, 1009, 1010, 1011, 1011)
	for _, c := range []struct {
		name string
		s    Momentum
		want []event
	}{
		{"both sides", Momentum{Placement: Placement{Direction: BothSides}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Flat, -0.05, 1009, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Short, -0.05, 1009, sim.Accepted, ""},
			{12, 12, "BTCUSD", sim.Flat, 0.05, 1011, sim.Accepted, ""},
			{12, 12, "BTCUSD", sim.Long, 0.05, 1011, sim.Accepted, ""},
		}},
		{"long alone", Momentum{Placement: Placement{Direction: LongSide, Leverage: 0.1}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.1, 1012, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Flat, -0.1, 1009, sim.Accepted, ""},
			{12, 12, "BTCUSD", sim.Long, 0.1, 1011, sim.Accepted, ""},
		}},
		{"short alone, over the bound of 0.5", Momentum{Placement: Placement{Direction: ShortSide, Leverage: 0.7}}, []event{
			{6, 6, "BTCUSD", sim.Short, -0.5, 1009, sim.Accepted, ""},
			{12, 12, "BTCUSD", sim.Flat, 0.5, 1011, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Lookback, c.s.Hold = 2, 3
			res := play(t, config(t, &c.s, btc))
			checkEvents(t, events(btc.Time[0], res.Orders), c.want)
		})
	}
}

// TestMomentumReadsHistory: the judgement of minute 3 is history, and is acted on
// when the run begins at minute 4.
func TestMomentumReadsHistory(t *testing.T) {
	cfg := config(t, &Momentum{Lookback: 2, Hold: 3, Placement: Placement{Direction: BothSides}}, minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1011))
	startMS := cfg.FromMS
	cfg.FromMS += 4 * minuteMS
	checkEvents(t, events(startMS, play(t, cfg).Orders), []event{{4, 4, "BTCUSD", sim.Long, 0.05, 1010, sim.Accepted, ""}})
}

// TestMomentumCandlesOfAnInterval: three-minute candles close at 12, 9, 8 and 11
// (less 1000); the last pair of them rises, at minute 12.
func TestMomentumCandlesOfAnInterval(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1009, 1009, 1010, 1010, 1008, 1009, 1010, 1011, 1011)
	res := play(t, config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: LongSide, IntervalMS: 3 * minuteMS}}, btc))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{{12, 12, "BTCUSD", sim.Long, 0.05, 1011, sim.Accepted, ""}})

	odd := config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: LongSide, IntervalMS: 90_000}}, btc)
	if _, err := sim.Run(context.Background(), odd); err == nil || !strings.Contains(err.Error(), "expected a multiple of that") {
		t.Errorf("candles of 90 s out of minutes: %v", err)
	}
}

// TestMomentumScalesByVolatility. The log returns are +r and -r in turn, with r =
// ln 1.001 = 0.00099950; over two of them the sample deviation is r·√2 =
// 0.00141351 a minute, and √525600 = 724.983 times that a year: 1.02477. A
// volatility of 0.5 leaves 0.5/1.02477 = 0.48792 of 0.1: 0.048 in steps of
// 0.001. One of 1.1 leaves all.
func TestMomentumScalesByVolatility(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1000, 1001, 1000, 1001, 1001)
	for volatility, want := range map[float64]float64{0.5: 0.048, 1.1: 0.1, 0: 0.1} {
		s := &Momentum{Lookback: 1, Hold: 4, Volatility: volatility, VolatilityPeriod: 2, Placement: Placement{Leverage: 0.1, Direction: BothSides}}
		res := play(t, config(t, s, btc))
		checkEvents(t, events(btc.Time[0], res.Orders), []event{{4, 4, "BTCUSD", sim.Long, want, 1001, sim.Accepted, ""}})
	}
}

// TestMomentumWaitsForTheMarket: the rise shows at Friday 17:00 in New York, when
// the market is closed; the order is made when it opens on Sunday.
func TestMomentumWaitsForTheMarket(t *testing.T) {
	eur := join(
		minutes(t, "EURUSD", "2025-01-17T21:57:00Z", 1, 1, 1.001),
		minutes(t, "EURUSD", "2025-01-19T22:00:00Z", 1.002, 1.003, 1.004))
	res := play(t, config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides}}, eur))
	const sunday = 2*24*60 + 3 // minutes from the start to Sunday 22:00
	checkEvents(t, events(eur.Time[0], res.Orders), []event{{sunday, sunday, "EURUSD", sim.Long, 0.5, 1.002, sim.Accepted, ""}})
}

// TestMomentumTriesAgain: after the rise at minute 3 no candle opens for ten
// minutes, and an order waits for one no longer than five: it is rejected at
// minute 8. The first candle behind the gap is finished at minute 14: there it
// sends the next. Rules §2.
func TestMomentumTriesAgain(t *testing.T) {
	btc := join(
		minutes(t, "BTCUSD", start, 1010, 1010, 1012),
		minutes(t, "BTCUSD", "2025-01-15T00:13:00Z", 1013, 1014, 1015))
	res := play(t, config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides}}, btc))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{
		{3, -1, "BTCUSD", sim.Long, 0.05, 0, sim.Rejected, sim.NoPrice},
		{14, 14, "BTCUSD", sim.Long, 0.05, 1013, sim.Accepted, ""},
	})
}

// TestMomentumSpreadsItsOrders: 12 pairs rise at once, at minute 2, and 10
// requests are let through in a minute: the other two are sent a minute and a
// millisecond later, and find the candle of minute 4. Each has a twelfth of 3,
// three tenths of the cap.
func TestMomentumSpreadsItsOrders(t *testing.T) {
	var series []*market.Series
	var want []event
	for i, id := range strings.Fields(allForex)[:12] {
		series = append(series, minutes(t, id, start, 1, 1.1, 1.1, 1.1, 1.1))
		e := event{2, 2, id, sim.Long, 0.25, 1.1, sim.Accepted, ""}
		if i >= 10 {
			e.emitted, e.filled = 3, 4
		}
		want = append(want, e)
	}
	res := play(t, config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides}}, series...))
	checkEvents(t, events(series[0].Time[0], res.Orders), want)
}

// TestMomentumStopsWhenEliminated: the fall from 1012 to 700 at leverage 0.5 is a
// loss of 15 %, and the alarms end with it.
func TestMomentumStopsWhenEliminated(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 700, 690, 1000, 1100, 600)
	res := play(t, config(t, &Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: BothSides, Leverage: 0.5}}, btc))
	if res.Elimination == nil || res.Elimination.TimeMS != btc.EndMS(3) {
		t.Fatalf("elimination %+v, want one at minute 4", res.Elimination)
	}
	checkEvents(t, events(btc.Time[0], res.Orders), []event{{2, 2, "BTCUSD", sim.Long, 0.5, 1011, sim.Accepted, ""}})
}

// BenchmarkMomentum plays a million candles, the engine included.
func BenchmarkMomentum(b *testing.B) {
	const n = 1_000_000
	btc := walk(b, "BTCUSD", "2023-01-01T00:00:00Z", n, 1)
	for name, volatility := range map[string]float64{"whole": 0, "scaled": 0.1} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			cfg := config(b, &Momentum{Lookback: 2880, Hold: 288, Volatility: volatility, VolatilityPeriod: 2880, Placement: Placement{Direction: BothSides}}, btc)
			orders := 0
			for b.Loop() {
				orders = len(play(b, cfg).Orders)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
			b.ReportMetric(float64(orders), "orders")
		})
	}
}

// TestMomentumJudgesOnTheGrid: where the candles begin changes no judgement, once
// there is enough of them.
func TestMomentumJudgesOnTheGrid(t *testing.T) {
	whole := walk(t, "BTCUSD", start, 2000, 9)
	fromMS := whole.Time[500]
	play := func(first int) []sim.OrderRecord {
		cfg := config(t, &Momentum{Lookback: 30, Hold: 7, Placement: Placement{Direction: BothSides}}, whole.Slice(first, 2000))
		cfg.FromMS = fromMS
		return play(t, cfg).Orders
	}
	a, b := play(0), play(311)
	if len(a) < 20 || !slices.EqualFunc(a, b, func(x, y sim.OrderRecord) bool {
		return x.EmittedMS == y.EmittedMS && x.Type == y.Type && x.FillPrice == y.FillPrice
	}) {
		t.Errorf("%d orders with all candles, %d other ones with fewer", len(a), len(b))
	}
}
