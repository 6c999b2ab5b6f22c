package strategies

import (
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// breakouts are the candles of the tests below, less 1000. Candle i is finished at
// minute i+1, opens at the close before it, and ranges from there to its close.
//
//	i             0   1   2   3   4   5     6     7     8     9     10  11
//	close         10  11  10  12  13  11    10    8     9     12    12  12
//	range: low    10  10  10  10  12  11    10    8     8     9     12  12
//	range: high   10  11  11  12  13  13    11    10    9     12    12  12
//	high of 3 before          11  12  13          13    11    11    12
//	low of 3 before           10  10  10    10    10    8     8     8
//	low of 2 before               10  10    11
//	high of 2 before                              11    11    10
//	true range        1   1   2   1   2     1     2     1     3
//	N of 2 before             1   1.5 1.25  1.625 1.3125 1.656 1.328
func breakouts(t *testing.T) *market.Series {
	return minutes(t, "BTCUSD", start, 1010, 1011, 1010, 1012, 1013, 1011, 1010, 1008, 1009, 1012, 1012, 1012)
}

// TestDonchianTradesTheBreakouts: above 11 at i = 3, below the exit's 11 at i = 6,
// below 10 at i = 7, above 11 at i = 9.
func TestDonchianTradesTheBreakouts(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Donchian
		want []event
	}{
		{"both sides", Donchian{Placement: Placement{Direction: BothSides}}, []event{
			{4, 4, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, -0.05, 1010, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Short, -0.05, 1008, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Flat, 0.05, 1012, sim.Accepted, ""},
			{11, 11, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
		}},
		{"short alone", Donchian{Placement: Placement{Direction: ShortSide}}, []event{
			{8, 8, "BTCUSD", sim.Short, -0.05, 1008, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Flat, 0.05, 1012, sim.Accepted, ""},
		}},
		// N is 1 at the entry at 12: the close of 11 at i = 5 is one N against it.
		{"a stop of one N", Donchian{Stop: 1, Placement: Placement{Direction: LongSide}}, []event{
			{4, 4, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Flat, -0.05, 1011, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Long, 0.05, 1012, sim.Accepted, ""},
		}},
		// 0.0001 of the portfolio a N: 0.0001·1012/1, ·1008/1.3125 = 0.0768,
		// ·1012/1.328 = 0.0762, in steps of a thousandth; the first is over 0.09.
		{"a risk", Donchian{Risk: 0.0001, Placement: Placement{Direction: BothSides, Leverage: 0.09}}, []event{
			{4, 4, "BTCUSD", sim.Long, 0.09, 1012, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Flat, -0.09, 1010, sim.Accepted, ""},
			{8, 8, "BTCUSD", sim.Short, -0.076, 1008, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Flat, 0.076, 1012, sim.Accepted, ""},
			{11, 11, "BTCUSD", sim.Long, 0.076, 1012, sim.Accepted, ""},
		}},
		{"a risk under the smallest position", Donchian{Risk: 0.000001, Placement: Placement{Direction: ShortSide}}, []event{
			{8, 8, "BTCUSD", sim.Short, -0.01, 1008, sim.Accepted, ""},
			{10, 10, "BTCUSD", sim.Flat, 0.01, 1012, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Entry, c.s.Exit, c.s.ATR = 3, 2, 2
			btc := breakouts(t)
			checkEvents(t, events(btc.Time[0], play(t, config(t, &c.s, btc)).Orders), c.want)
		})
	}
}

// TestDonchianWaitsForTheRangeThatItsStopNeeds: five true ranges are there after
// candle 5, so candle 6 is the first to enter; without a stop it is candle 2.
func TestDonchianWaitsForTheRangeThatItsStopNeeds(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017)
	for stop, minute := range map[float64]int64{0: 3, 2: 7} {
		s := &Donchian{Entry: 2, Exit: 1, ATR: 5, Stop: stop, Placement: Placement{Direction: BothSides}}
		checkEvents(t, events(btc.Time[0], play(t, config(t, s, btc)).Orders), []event{
			{minute, minute, "BTCUSD", sim.Long, 0.05, 1009 + float64(minute), sim.Accepted, ""},
		})
	}
}
