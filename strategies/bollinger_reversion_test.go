package strategies

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestBollingerReversionReturnsToTheMiddle. Candle i is finished at minute i+1,
// and opens at the close before it. Closes less 1000; a period of 4, bands one
// deviation wide. Up to i = 3 the market stands still, on its bands.
//
//	i       3   4      5     6      7      8     9      10
//	close   10  6      7     8      12     12    9      10
//	middle  10  9      8.25  7.75   8.25   9.75  10.25  10.75
//	sd²     0   3      3.19  2.19   5.19   5.19  3.19   1.69
//	bands   10  7.27          9.23  10.53        8.46   9.45 12.05
//	side        l      l     -      s      s     -      -
func TestBollingerReversionReturnsToTheMiddle(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1010, 1010, 1010, 1006, 1007, 1008, 1012, 1012, 1009, 1010)
	longs := []event{
		{5, 5, "BTCUSD", sim.Long, 0.05, 1006, sim.Accepted, ""},
		{7, 7, "BTCUSD", sim.Flat, -0.05, 1008, sim.Accepted, ""},
	}
	shorts := []event{
		{8, 8, "BTCUSD", sim.Short, -0.05, 1012, sim.Accepted, ""},
		{10, 10, "BTCUSD", sim.Flat, 0.05, 1009, sim.Accepted, ""},
	}
	for direction, want := range map[Direction][]event{
		BothSides: append(longs[:2:2], shorts...), LongSide: longs, ShortSide: shorts,
	} {
		t.Run(string(direction), func(t *testing.T) {
			s := &BollingerReversion{Period: 4, Deviations: 1, Placement: Placement{Direction: direction}}
			checkEvents(t, events(btc.Time[0], play(t, config(t, s, btc)).Orders), want)
		})
	}
}

// TestBollingerReversionStops: a stop of one deviation, 1.73 at the entry at 6, is
// passed at 4. Long is barred at i = 7, below the band, until i = 8 closes inside.
//
//	i       4     5     6     7     8     9      10
//	close   6     5     4     1     1     -2     -1
//	middle  9     7.75  6.25  4     2.75  1      -0.25
//	sd      1.73  2.28  2.28  1.87  1.79  2.12
//	lower   7.27  5.47  3.97  2.13  0.96  -1.12
func TestBollingerReversionStops(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1010, 1010, 1010, 1006, 1005, 1004, 1001, 1001, 998, 999)
	entry := event{5, 5, "BTCUSD", sim.Long, 0.05, 1006, sim.Accepted, ""}
	for stop, want := range map[float64][]event{
		0: {entry},
		1: {
			entry,
			{7, 7, "BTCUSD", sim.Flat, -0.05, 1004, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Long, 0.05, 998, sim.Accepted, ""},
		},
	} {
		s := &BollingerReversion{Period: 4, Deviations: 1, Stop: stop, Placement: Placement{Direction: BothSides}}
		checkEvents(t, events(btc.Time[0], play(t, config(t, s, btc)).Orders), want)
	}
}

// TestBollingerReversionLeavesAFlatMarketAlone: the bands of equal prices lie a
// rounding beside them; that must not trade.
func TestBollingerReversionLeavesAFlatMarketAlone(t *testing.T) {
	for cents := range 100 {
		closes := make([]float64, 200)
		for i := range closes {
			closes[i] = 1000 + float64(cents)/100
		}
		s := &BollingerReversion{Period: 7, Deviations: 2, Placement: Placement{Direction: BothSides}}
		if orders := play(t, config(t, s, minutes(t, "BTCUSD", start, closes...))).Orders; len(orders) > 0 {
			t.Errorf("at %g: %d orders", closes[0], len(orders))
		}
	}
}
