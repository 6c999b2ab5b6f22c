package strategies

import (
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// fall is a price that falls by 3 % in steps of 1 % of 100 and comes back. Steps
// of 1 % against the last order's price, a target of 1 % over the average:
//
//	minute  1     2     3     4     5      6      7
//	close   100   99    98    97    97.5   99.1   99.1
//
// Minute 1: long at 100. Minute 2: 99 is 1 % below, the position is doubled, the
// average 99.5. Minute 3: 98 is 1.01 % below 99: doubled, average 98.75. Minute 4:
// 97 is 1.02 % below 98: doubled if three steps are allowed, average 97.875. The
// target is 98.8538 then, and 99.1 at minute 6 is over it; with two steps it is
// 99.7375. The slippage of BTCUSD, 0.001 % of the price, changes none of this:
// it raises the average of a long.
func fall() []float64 { return []float64{100, 99, 98, 97, 97.5, 99.1, 99.1, 99.1} }

func TestMartingaleDoublesWhatLoses(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, fall()...)
	eth := minutes(t, "ETHUSD", start, 100, 101, 102.01, 103.0301, 102.5, 100.5, 100.5, 100.5)
	for _, c := range []struct {
		name string
		s    Martingale
		pair string
		want []event
	}{
		{"three steps", Martingale{Steps: 3, Factor: 2, Placement: Placement{Direction: LongSide}}, "BTCUSD", []event{
			{1, 1, "BTCUSD", sim.Long, 0.05, 100, sim.Accepted, ""},
			{2, 2, "BTCUSD", sim.Long, 0.05, 99, sim.Accepted, ""},
			{3, 3, "BTCUSD", sim.Long, 0.1, 98, sim.Accepted, ""},
			{4, 4, "BTCUSD", sim.Long, 0.2, 97, sim.Accepted, ""},
			{6, 6, "BTCUSD", sim.Flat, -0.4, 99.1, sim.Accepted, ""},
			{7, 7, "BTCUSD", sim.Long, 0.05, 99.1, sim.Accepted, ""},
		}},
		{"two steps don't reach the target", Martingale{Steps: 2, Factor: 2, Placement: Placement{Direction: LongSide}}, "BTCUSD", []event{
			{1, 1, "BTCUSD", sim.Long, 0.05, 100, sim.Accepted, ""},
			{2, 2, "BTCUSD", sim.Long, 0.05, 99, sim.Accepted, ""},
			{3, 3, "BTCUSD", sim.Long, 0.1, 98, sim.Accepted, ""},
		}},
		{"no doubling", Martingale{Steps: 0, Factor: 2, Placement: Placement{Direction: LongSide}}, "BTCUSD", []event{
			{1, 1, "BTCUSD", sim.Long, 0.05, 100, sim.Accepted, ""},
		}},
		// 0.2, then 0.6 of which the bound of 0.5 leaves 0.3; there is no room for
		// more, and nothing is sent. The average of 0.2 at 100 and 0.3 at 99 is
		// 99.4: 99.1 is not over it.
		{"what the bound leaves", Martingale{Steps: 3, Factor: 3, Placement: Placement{Leverage: 0.2, Direction: LongSide}}, "BTCUSD", []event{
			{1, 1, "BTCUSD", sim.Long, 0.2, 100, sim.Accepted, ""},
			{2, 2, "BTCUSD", sim.Long, 0.3, 99, sim.Accepted, ""},
		}},
		// 101, 102.01 and 103.0301 are each 1 % over the last. 0.05, 0.05, 0.1 and 0.2
		// at 100, 101, 102.01 and 103.0301 average to 102.1426; 100.5 is 1.6 % below.
		{"short", Martingale{Steps: 3, Factor: 2, Placement: Placement{Direction: ShortSide}}, "ETHUSD", []event{
			{1, 1, "ETHUSD", sim.Short, -0.05, 100, sim.Accepted, ""},
			{2, 2, "ETHUSD", sim.Short, -0.05, 101, sim.Accepted, ""},
			{3, 3, "ETHUSD", sim.Short, -0.1, 102.01, sim.Accepted, ""},
			{4, 4, "ETHUSD", sim.Short, -0.2, 103.0301, sim.Accepted, ""},
			{6, 6, "ETHUSD", sim.Flat, 0.4, 100.5, sim.Accepted, ""},
			{7, 7, "ETHUSD", sim.Short, -0.05, 100.5, sim.Accepted, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Step, c.s.Target, c.s.Pairs = 0.999, 1, []string{c.pair}
			res := play(t, config(t, &c.s, btc, eth))
			checkEvents(t, events(btc.Time[0], res.Orders), c.want)
		})
	}
}

// TestMartingalePenaltyDrops. Of the run over fall, one position is closed: it
// added three times at a loss, which two suffice to mark, so the score is 1 and
// the penalty 1/(1 + e^(50·0.9)) = e^-45 = 2.8625e-20. Without doubling the one
// position is open and loses: score 0, penalty 1/(1 + e^-5) = 1/1.0067379470 =
// 0.99330714908. Rules §11.
func TestMartingalePenaltyDrops(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, fall()[:7]...)
	for steps, want := range map[int]float64{0: 0.99330714908, 3: 2.8625185805e-20} {
		cfg := config(t, &Martingale{Step: 0.999, Steps: steps, Factor: 2, Target: 1, Placement: Placement{Direction: LongSide}}, btc)
		res := play(t, cfg)
		if len(res.Positions) != 1 {
			t.Fatalf("%d steps: %d positions, want one", steps, len(res.Positions))
		}
		judged := scoring.Assess(cfg.Rules, scoring.Ledger{Checkpoints: res.Checkpoints, Positions: res.Positions}, cfg.ToMS)
		if got := judged.Penalties.Martingale.Or(math.NaN()); !(math.Abs(got-want) <= 1e-9*want) {
			t.Errorf("%d steps: penalty %.12g, want %.12g", steps, got, want)
		}
	}
}
