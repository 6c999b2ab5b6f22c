package strategies

import (
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestCarryTrendPaysForItsCarry. EURUSD by the hour on Wednesday 2025-01-15; the
// charge of 21:00 counts three times: 3 · 0.03/365 = 0.00024658. The trend is
// taken over 2 candles, and expected to go on at its whole pace for 4 more, so
// the horizon is 4 hours and the gain 2·|r|; the hurdle is twice the carry.
//
// The weak trend rises by 0.0001 an hour: r = 0.0002, gain 0.0004.
//
//	17:00  the first r. The horizon ends at 21:00: the carry is the charge,
//	       twice that is 0.00049: the gain is less.
//	18:00  and later: as much, and the annual rate for the rest of the horizon.
//	21:00  the charge is over; the next is a day away: there is no carry in the
//	       horizon, and the trend is entered.
//
// The same trend that begins at 14:00 is entered at 16:00, when the horizon ends
// at 20:00 and there is no carry in it. It is held at 18:00 and 19:00, although
// it wouldn't be entered then. At 20:00 is the last order that fills before
// 21:00: it doesn't pay, and is closed, and entered again at 21:00.
//
// The strong trend rises by 0.0003: gain 0.0012. At 18:00 the horizon reaches an
// hour behind the charge, 0.03/8760 = 0.0000034: twice the carry is 0.00050. It
// pays all day, and is held.
func TestCarryTrendPaysForItsCarry(t *testing.T) {
	climb := func(step float64, n int) []float64 {
		closes := make([]float64, n)
		for i := range closes {
			closes[i] = 1 + step*float64(i)
		}
		return closes
	}
	for _, c := range []struct {
		name, start string
		step        float64
		latencyMS   int64
		want        []event // times in hours of the day, and closes' places as prices
	}{
		{"too weak to enter before the charge", "2025-01-15T14:00:00Z", 0.0001, 0, []event{
			{21, 21, "EURUSD", sim.Long, 0.5, 6, sim.Accepted, ""},
		}},
		{"entered early, steps aside", "2025-01-15T13:00:00Z", 0.0001, 0, []event{
			{16, 16, "EURUSD", sim.Long, 0.5, 2, sim.Accepted, ""},
			{20, 20, "EURUSD", sim.Flat, -0.5, 6, sim.Accepted, ""},
			{21, 21, "EURUSD", sim.Long, 0.5, 7, sim.Accepted, ""},
		}},
		{"down as up", "2025-01-15T13:00:00Z", -0.0001, 0, []event{
			{16, 16, "EURUSD", sim.Short, -0.5, 2, sim.Accepted, ""},
			{20, 20, "EURUSD", sim.Flat, 0.5, 6, sim.Accepted, ""},
			{21, 21, "EURUSD", sim.Short, -0.5, 7, sim.Accepted, ""},
		}},
		// Orders fill a candle later: the one of 19:00 at 20:00, that of 20:00 at
		// 21:00, where it would be charged.
		{"steps aside earlier where orders take time", "2025-01-15T13:00:00Z", 0.0001, 1000, []event{
			{16, 17, "EURUSD", sim.Long, 0.5, 3, sim.Accepted, ""},
			{19, 20, "EURUSD", sim.Flat, -0.5, 6, sim.Accepted, ""},
			{21, 22, "EURUSD", sim.Long, 0.5, 8, sim.Accepted, ""},
		}},
		{"strong", "2025-01-15T14:00:00Z", 0.0003, 0, []event{
			{17, 17, "EURUSD", sim.Long, 0.5, 2, sim.Accepted, ""},
		}},
		// Thursday's charge counts once, 0.0000822: twice that is 0.000164, and the
		// weak trend pays.
		{"weak on a Thursday", "2025-01-16T14:00:00Z", 0.0001, 0, []event{
			{17, 17, "EURUSD", sim.Long, 0.5, 2, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eur := every(t, hourMS, "EURUSD", c.start, climb(c.step, 11)...)
			cfg := config(t, &CarryTrend{Lookback: 2, Hold: 4, Persistence: 1, Hurdle: 2, Placement: Placement{Direction: BothSides}}, eur)
			cfg.LatencyMS = c.latencyMS
			var got []event
			for _, e := range events(eur.Time[0]-eur.Time[0]%(24*hourMS), play(t, cfg).Orders) {
				e.emitted, e.filled = e.emitted/60, e.filled/60
				e.price = math.Round((e.price - 1) / c.step)
				got = append(got, e)
			}
			checkEvents(t, got, c.want)
		})
	}
}

// TestCarryTrendOfCrypto: a charge at 04:00, 12:00 and 20:00 of 0.1095/365/3 =
// 0.0001, once each. The price rises by 0.00006 an hour: r = 0.00012, gain over
// four hours 0.00024. At 03:00 the horizon reaches three hours behind the charge
// of 04:00, 0.1095·3/8760 = 0.0000375: twice the carry is 0.000275, too much. At
// 04:00 the next charge is beyond the horizon, and it enters. At 11:00 it
// wouldn't, but no charge counts twice: it holds.
func TestCarryTrendOfCrypto(t *testing.T) {
	closes := make([]float64, 14)
	for i := range closes {
		closes[i] = 1000 + 0.06*float64(i)
	}
	btc := every(t, hourMS, "BTCUSD", start, closes...)
	res := play(t, config(t, &CarryTrend{Lookback: 2, Hold: 4, Persistence: 1, Hurdle: 2, Placement: Placement{Direction: BothSides}}, btc))
	checkEvents(t, events(btc.Time[0], res.Orders), []event{{240, 240, "BTCUSD", sim.Long, 0.05, closes[3], sim.Accepted, ""}})
}

// TestCarryTrendLeavesWithTheTrend: minutes of BTCUSD at midnight, four hours from
// any charge: every trend pays. Returns over two candles, at minutes 3 to 8:
// +2, -1, -3, -1, 0 and +2.
func TestCarryTrendLeavesWithTheTrend(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1010, 1009, 1009, 1009, 1011, 1011)
	for _, c := range []struct {
		name string
		s    CarryTrend
		want []event
	}{
		{"both sides", CarryTrend{Placement: Placement{Direction: BothSides}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Flat, -0.05, 1010, sim.Accepted, ""},
			{5, 5, "BTCUSD", sim.Short, -0.05, 1009, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, 0.05, 1009, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Long, 0.05, 1011, sim.Accepted, ""},
		}},
		{"long alone", CarryTrend{Placement: Placement{Direction: LongSide}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Flat, -0.05, 1010, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Long, 0.05, 1011, sim.Accepted, ""},
		}},
	} {
		c.s.Lookback, c.s.Hold, c.s.Persistence, c.s.Hurdle = 2, 4, 0.1, 2
		checkEvents(t, events(btc.Time[0], play(t, config(t, &c.s, btc)).Orders), c.want)
	}
}

// TestCarryTrendOfEquitiesLeavesBeforeTheClose: NVDA by the half hour on Wednesday
// 2025-06-11. The session ends at 20:00 UTC, the charge of 21:00 falls into the
// night: the candle that opens at 19:30 is the last that fills an order.
func TestCarryTrendOfEquitiesLeavesBeforeTheClose(t *testing.T) {
	closes := make([]float64, 13) // 13:30 to 20:00
	for i := range closes {
		closes[i] = 100 + 0.001*float64(i)
	}
	nvda := every(t, hourMS/2, "NVDA", "2025-06-11T13:30:00Z", closes...)
	// r = 0.00002, gain 0.00004 over two hours; the charge is 3 · 0.0525/365 =
	// 0.00043. It is entered at 14:30 and stays until 19:30.
	res := play(t, config(t, &CarryTrend{Lookback: 2, Hold: 4, Persistence: 1, Hurdle: 2, Placement: Placement{Direction: BothSides}}, nvda))
	checkEvents(t, events(nvda.Time[0], res.Orders), []event{
		{90, 90, "NVDA", sim.Long, 0.3, nvda.Open[3], sim.Accepted, ""},
		{360, 360, "NVDA", sim.Flat, -0.3, nvda.Open[12], sim.Accepted, ""},
	})
}

// TestCarryTrendCountsTheLatencyInTheRunsCandles: the weak trend of
// TestCarryTrendPaysForItsCarry from 13:00 on, in candles of five minutes, looked
// at by the hour. An order of 20:00 takes a second and fills at 20:05, before the
// charge of 21:00: there is no reason to leave at 19:00.
func TestCarryTrendCountsTheLatencyInTheRunsCandles(t *testing.T) {
	var closes []float64
	for i := range 11 * 12 {
		closes = append(closes, 1+0.0001*float64(i/12))
	}
	eur := every(t, 5*minuteMS, "EURUSD", "2025-01-15T13:00:00Z", closes...)
	s := &CarryTrend{Lookback: 2, Hold: 4, Persistence: 1, Hurdle: 2, Placement: Placement{Direction: BothSides, IntervalMS: hourMS}}
	cfg := config(t, s, eur)
	cfg.LatencyMS = 1000
	const first = 13 * 60 // the start, minutes of the day
	checkEvents(t, events(eur.Time[0], play(t, cfg).Orders), []event{
		{16*60 - first, 16*60 + 5 - first, "EURUSD", sim.Long, 0.5, closes[36], sim.Accepted, ""},
		{20*60 - first, 20*60 + 5 - first, "EURUSD", sim.Flat, -0.5, closes[84], sim.Accepted, ""},
		{21*60 - first, 21*60 + 5 - first, "EURUSD", sim.Long, 0.5, closes[96], sim.Accepted, ""},
	})
}

// TestExpectedCarry of a charge of 0.0001 in six hours, and an annual rate of
// 0.0876, which is 0.00001 an hour.
func TestExpectedCarry(t *testing.T) {
	next := sim.CarryView{NextMS: 6 * hourMS, Multiple: 1, Charge: 0.0001, RateAnnual: 0.0876}
	for untilMS, want := range map[int64]float64{5 * hourMS: 0, 6 * hourMS: 0.0001, 16 * hourMS: 0.0002} {
		if got := expectedCarry(next, 0, untilMS); math.Abs(got-want) > 1e-18 {
			t.Errorf("to %d h: %g, want %g", untilMS/hourMS, got, want)
		}
	}
}
