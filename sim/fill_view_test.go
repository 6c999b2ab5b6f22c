package sim

import (
	"fmt"
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// TestFillOfTellsWhatIsSettledAlone: candles of BTCUSD from minute 0 to 9, those
// of 4 to 12 missing for ETHUSD; EURUSD has none, and its market is open. Asked at
// each minute, and at the end, about orders of any time.
func TestFillOfTellsWhatIsSettledAlone(t *testing.T) {
	at := func(m int64) int64 { return thursday + m*minuteMS }
	eth := candlesOf("ETHUSD", minuteMS, thursday, 20)
	for i, col := range columns(eth) {
		if i < 4 {
			*col = append((*col)[:4:4], (*col)[13:]...)
		}
	}
	eth.Time = append(eth.Time[:4:4], eth.Time[13:]...)
	type settled struct {
		pair  string
		actMS int64
		FillView
	}
	var known []settled // in the order in which they are to become known
	for m := range int64(10) {
		known = append(known, settled{"BTCUSD", at(m), FillView{TimeMS: at(m), Price: 100 + float64(m)}})
	}
	known = append(known,
		settled{"BTCUSD", at(2) + 1, FillView{TimeMS: at(3), Price: 103}},
		settled{"ETHUSD", at(3), FillView{TimeMS: at(3), Price: 103}},
		settled{"ETHUSD", at(3) + 1, FillView{TimeMS: at(8) + 1, Reason: NoPrice}}, // waits five minutes
		settled{"ETHUSD", at(8), FillView{TimeMS: at(13), Price: 113}},
		settled{"EURUSD", at(1), FillView{TimeMS: at(1), Reason: NoPrice}},
		settled{"NVDA", at(1), FillView{TimeMS: at(1), Reason: MarketClosed}},
		settled{"NOPE", at(1), FillView{TimeMS: at(1), Reason: UnsupportedPair}},
	)
	asked := 0
	look := func(c *Context, settledMS int64) error {
		for _, k := range known {
			want := FillView{}
			if k.TimeMS < settledMS {
				want = k.FillView
			}
			if v, ok := c.FillOf(k.pair, k.actMS); v != want || ok != (k.TimeMS < settledMS) {
				t.Errorf("at minute %s an order on %s of %s got %+v, %t, want %+v", minutes(c.NowMS()), k.pair, minutes(k.actMS), v, ok, want)
			}
			asked++
		}
		for _, pair := range []string{"BTCUSD", "ETHUSD", "EURUSD", "NVDA", "NOPE"} {
			for _, ms := range []int64{math.MinInt64, -1, 0, thursday - 1, settledMS, settledMS + 5*minuteMS, thursday + 900*dayMS, math.MaxInt64} {
				if v, ok := c.FillOf(pair, ms); ok || v != (FillView{}) {
					t.Errorf("at minute %s an order on %s of %d ms is known: %+v", minutes(c.NowMS()), pair, ms, v)
				}
			}
		}
		return nil
	}
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20), eth}, FromMS: thursday, ToMS: at(15), Strategy: &plan{
		init:   func(s *Setup) error { s.WakeEvery(minuteMS); return nil },
		decide: func(c *Context) error { return look(c, c.NowMS()) },
		end:    func(c *Context) error { return look(c, c.NowMS()+1) },
	}})
	if asked != 17*len(known) {
		t.Errorf("%d questions were asked", asked)
	}
}

// TestLatencyLongerThanTheRun: an order that acts after the end never does, be it
// by a minute or by all that a number can hold.
func TestLatencyLongerThanTheRun(t *testing.T) {
	for _, latency := range []int64{11 * minuteMS, 3 * 365 * dayMS, math.MaxInt64 - thursday, math.MaxInt64} {
		t.Run(fmt.Sprint(latency), func(t *testing.T) {
			emitted := 0
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("EURUSD", minuteMS, thursday, 20)},
				FromMS: thursday, ToMS: thursday + 10*minuteMS, LatencyMS: latency,
				Strategy: &plan{
					init: func(s *Setup) error { s.WakeAt(thursday); s.WakeAt(thursday + 5*minuteMS); return nil },
					decide: func(c *Context) error {
						emitted += c.Target("EURUSD", 0.5)
						c.FillOf("EURUSD", c.NowMS()+latency)
						return nil
					},
				},
			})
			if emitted != 1 {
				t.Errorf("%d orders were emitted, want the first alone: it is on its way", emitted)
			}
			wantVerdicts(t, res.Orders, "rejected no_price")
		})
	}
}

// TestAlarmsEveryAge: a duration of which no multiple lies in the run wakes nobody.
func TestAlarmsEveryAge(t *testing.T) {
	for _, every := range []int64{thursday + dayMS, math.MaxInt64 / 2, math.MaxInt64} {
		mustRun(t, Config{
			Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20)},
			FromMS: thursday, ToMS: thursday + 10*minuteMS, Strategy: &plan{
				init:   func(s *Setup) error { s.WakeEvery(every); return nil },
				decide: func(c *Context) error { t.Errorf("every %d ms: called at %s", every, stamp(c.NowMS())); return nil },
			},
		})
	}
}

// TestNextMultiple by hand.
func TestNextMultiple(t *testing.T) {
	for _, c := range []struct{ ms, step, want int64 }{
		{0, 7, 0}, {1, 7, 7}, {7, 7, 7}, {8, 7, 14}, {-1, 7, 0}, {-7, 7, -7}, {-8, 7, -7}, {5, 0, 5},
		{1, math.MaxInt64, math.MaxInt64}, {math.MaxInt64 - 1, 2, math.MaxInt64 - 1}, {math.MaxInt64, 2, math.MaxInt64},
	} {
		if got := NextMultiple(c.ms, c.step); got != c.want {
			t.Errorf("the multiple of %d from %d on is %d, want %d", c.step, c.ms, got, c.want)
		}
	}
}
