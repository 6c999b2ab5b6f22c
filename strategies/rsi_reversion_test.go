package strategies

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestRSIReversionTradesTheExtremes. Candle i is finished at minute i+1, and
// opens at the close before it. Closes less 1000, average gains and losses of a
// period of 2: the mean of two, then half the way to the newest.
//
//	i      0   1   2    3     4      5       6        7        8
//	close  10  8   7    8     9      10      6        6        6
//	gain   -   -   0    0.5   0.75   0.875   0.4375   0.21875
//	loss   -   -   1.5  0.75  0.375  0.1875  2.09375  1.046875
//	RSI    -   -   0    40    66.7   82.4    17.3     17.3     17.3
//	side           l    l     -      s       long     long     long
func TestRSIReversionTradesTheExtremes(t *testing.T) {
	sharp := minutes(t, "BTCUSD", start, 1010, 1008, 1007, 1008, 1009, 1010, 1006, 1006, 1006)
	// From i = 6 on 9: gain 0.4375, loss 0.59375, RSI 42.4: back at the exit.
	mild := minutes(t, "BTCUSD", start, 1010, 1008, 1007, 1008, 1009, 1010, 1009, 1009, 1009)
	common := []event{
		{3, 3, "BTCUSD", sim.Long, 0.05, 1007, sim.Accepted, ""},
		{5, 5, "BTCUSD", sim.Flat, -0.05, 1009, sim.Accepted, ""},
		{6, 6, "BTCUSD", sim.Short, -0.05, 1010, sim.Accepted, ""},
	}
	fresh := func(d Direction) *RSIReversion {
		return &RSIReversion{Period: 2, Low: 30, High: 70, Exit: 50, Placement: Placement{Direction: d}}
	}
	for _, c := range []struct {
		name string
		got  []sim.OrderRecord
		want []event
	}{
		{"from one extreme to the other", play(t, config(t, fresh(BothSides), sharp)).Orders, append(common[:3:3],
			event{7, 7, "BTCUSD", sim.Flat, 0.05, 1006, sim.Accepted, ""},
			event{8, 8, "BTCUSD", sim.Long, 0.05, 1006, sim.Accepted, ""})},
		{"back at the exit", play(t, config(t, fresh(BothSides), mild)).Orders, append(common[:3:3],
			event{7, 7, "BTCUSD", sim.Flat, 0.05, 1009, sim.Accepted, ""})},
		{"long alone", play(t, config(t, fresh(LongSide), sharp)).Orders, append(common[:2:2],
			event{7, 7, "BTCUSD", sim.Long, 0.05, 1006, sim.Accepted, ""})},
		{"short alone", play(t, config(t, fresh(ShortSide), sharp)).Orders, []event{common[2],
			{7, 7, "BTCUSD", sim.Flat, 0.05, 1006, sim.Accepted, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) { checkEvents(t, events(sharp.Time[0], c.got), c.want) })
	}
}
