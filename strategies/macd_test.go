package strategies

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestMACDHoldsTheSideOfTheSignalLine. Candle i is finished at minute i+1, and
// opens at the close before it. Closes less 1000; a fast average of 1 is the
// close, the slow one of 2 and the signal line weigh the newest by 2/3:
//
//	i       0   1   2   3       4       5       6       7       8
//	close   10  10  16  13      13      7       7       13      16
//	slow    -   10  14  13.333  13.111  9.037   7.679   11.226  14.409
//	line    -   0   2   -0.333  -0.111  -2.037  -0.679  1.774   1.591
//	signal  -   -   1   0.111   -0.037  -1.370  -0.909  0.880   1.354
//	side            l   s       s       s       long    long    long
func TestMACDHoldsTheSideOfTheSignalLine(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1010, 1016, 1013, 1013, 1007, 1007, 1013, 1016)
	for _, c := range []struct {
		name string
		s    MACD
		want []event
	}{
		{"both sides", MACD{Placement: Placement{Direction: BothSides}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1016, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Flat, -0.05, 1013, sim.Accepted, ""},
			{5, 5, "BTCUSD", sim.Short, -0.05, 1013, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, 0.05, 1007, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Long, 0.05, 1013, sim.Accepted, ""},
		}},
		{"long alone", MACD{Placement: Placement{Direction: LongSide, Leverage: 0.1}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.1, 1016, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Flat, -0.1, 1013, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Long, 0.1, 1007, sim.Accepted, ""},
		}},
		// At i = 6 the line is above the signal line and below zero.
		{"long above zero", MACD{ZeroLine: true, Placement: Placement{Direction: LongSide}}, []event{
			{3, 3, "BTCUSD", sim.Long, 0.05, 1016, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Flat, -0.05, 1013, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Long, 0.05, 1013, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Fast, c.s.Slow, c.s.Signal = 1, 2, 2
			checkEvents(t, events(btc.Time[0], play(t, config(t, &c.s, btc)).Orders), c.want)
		})
	}
}

// TestMACDKeepsItsSideOnATie: at i = 3 the line and the signal line are both 1,
// up to rounding; with the zero line as a filter i = 4 and 6 want nothing.
//
//	i       0   1   2   3   4       5       6       7       8
//	close   10  10  16  17  17      11      11      11      11
//	slow    -   10  14  16  16.667  12.889  11.630  11.210  11.070
//	line    -   0   2   1   0.333   -1.889  -0.630  -0.210  -0.070
//	signal  -   -   1   1   0.556   -1.074  -0.778  -0.399  -0.180
func TestMACDKeepsItsSideOnATie(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1010, 1016, 1017, 1017, 1011, 1011, 1011, 1011)
	common := []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 1016, sim.Accepted, ""},
		{5, 5, "BTCUSD", sim.Flat, -0.05, 1017, sim.Accepted, ""},
		{6, 6, "BTCUSD", sim.Short, -0.05, 1011, sim.Accepted, ""},
		{7, 7, "BTCUSD", sim.Flat, 0.05, 1011, sim.Accepted, ""},
	}
	for zeroLine, want := range map[bool][]event{
		false: append(common[:4:4], event{8, 8, "BTCUSD", sim.Long, 0.05, 1011, sim.Accepted, ""}),
		true:  common,
	} {
		s := &MACD{Fast: 1, Slow: 2, Signal: 2, ZeroLine: zeroLine, Placement: Placement{Direction: BothSides}}
		checkEvents(t, events(btc.Time[0], play(t, config(t, s, btc)).Orders), want)
	}
}
