package sim

import (
	"math"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// half is the price of a pair bought at 100 with half the portfolio when the
// portfolio is worth v: 1 + 0.5·(x-100)/100 = v.
func half(v float64) float64 { return 100 + 200*(v-1) }

// held buys half the portfolio's worth of BTCUSD at 100, without slippage and
// carry, and marks it at prices that make the portfolio worth those values.
func held(t *testing.T, overrides []string, openMS, toMS int64, values ...mark) *Result {
	t.Helper()
	for i := range values {
		values[i].price = half(values[i].price)
	}
	return mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", slices.Concat(free, overrides)...), Series: []*market.Series{marksOf("BTCUSD", values...)},
		Strategy: script(timed{openMS, pinned(long("BTCUSD", 0.5), 100)}), FromMS: thursday, ToMS: toMS,
	})
}

// grid is a checkpoint's end in hours after the start, and what it covers.
type grid struct{ end, accum float64 }

func gridOf(cps []Checkpoint) (list []grid) {
	for _, c := range cps {
		list = append(list, grid{float64(c.LastUpdateMS-thursday) / hourMS, float64(c.AccumMS) / hourMS})
	}
	return list
}

// TestCheckpointsAndFullDays: the grid is 12:00 and 24:00; the first checkpoint
// covers the time since the first order, in the builds the grid's 12 hours. The
// day of a checkpoint is that of its interval, in the builds that of its end.
// Rules §8.
func TestCheckpointsAndFullDays(t *testing.T) {
	documented, builds := []string(nil), []string{"ledger.first_checkpoint=deployed", "ledger.day=deployed"}
	for _, tc := range []struct {
		name      string
		overrides []string
		open, to  float64 // hours after the start
		grid      []grid
		days      []int64 // full days, 0 the first
	}{
		{"an order within the day: it never counts", documented, 6, 49,
			[]grid{{12, 6}, {24, 12}, {36, 12}, {48, 12}, {49, 1}}, []int64{1}},
		{"an order in the evening", documented, 13, 48, []grid{{24, 11}, {36, 12}, {48, 12}}, []int64{1}},
		{"an order at noon opens the checkpoint that starts there", documented, 12, 48,
			[]grid{{24, 12}, {36, 12}, {48, 12}}, []int64{1}},
		{"an order at midnight makes a full day", documented, 0, 24, []grid{{12, 12}, {24, 12}}, []int64{0}},
		{"a day is full only once it is over", documented, 0, 23.5, []grid{{12, 12}, {23.5, 11.5}}, nil},
		{"no time is no checkpoint", documented, 6, 6, nil, nil},

		// Noon to noon: hours 12 to 36 are day 1.
		{"builds: the first checkpoint is full, its day is not", builds, 6, 49,
			[]grid{{12, 12}, {24, 12}, {36, 12}, {48, 12}, {49, 1}}, []int64{1}},
		{"builds: an order in the evening makes a full day", builds, 13, 36, []grid{{24, 12}, {36, 12}}, []int64{1}},
		{"the document's days with the builds' first checkpoint", builds[:1], 6, 24, []grid{{12, 12}, {24, 12}}, []int64{0}},
		{"the builds' days with the document's first checkpoint", builds[1:], 13, 36, []grid{{24, 11}, {36, 12}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := func(hours float64) int64 { return thursday + int64(hours*hourMS) }
			res := held(t, tc.overrides, at(tc.open), max(at(tc.to), thursday+1))
			if got := gridOf(res.Checkpoints); !slices.Equal(got, tc.grid) {
				t.Errorf("checkpoints (end, covers) %v, want %v", got, tc.grid)
			}
			var days []int64
			for _, d := range res.Daily {
				days = append(days, (d.DateMS-thursday)/dayMS)
			}
			if !slices.Equal(days, tc.days) {
				t.Errorf("full days %v, want %v", days, tc.days)
			}
		})
	}
}

// TestDailyReturnIsOfItsCheckpoints: 1.05 in the first half of the day, 1.02 in
// the second: ln 1.02. An update at 24:00:00.000 is still that day's: 1.04 adds
// ln(1.04/1.02), and 1.10 a minute later is the next day's. Rules §8.
func TestDailyReturnIsOfItsCheckpoints(t *testing.T) {
	res := held(t, nil, thursday, thursday+2*dayMS,
		mark{thursday + hourMS, 1.05}, mark{thursday + 13*hourMS, 1.02}, mark{thursday + dayMS, 1.04}, mark{thursday + dayMS + minuteMS, 1.10})
	if len(res.Daily) != 2 {
		t.Fatalf("%d days, want 2", len(res.Daily))
	}
	wantNear(t, "the first day", res.Daily[0].LogReturn, math.Log(1.04))
	wantNear(t, "the second day", res.Daily[1].LogReturn, math.Log(1.10/1.04))
}

// TestCheckpointOfThreeCandles: the value goes 1 → 1.05 → 1.02 → 1.10. Rules §8.
func TestCheckpointOfThreeCandles(t *testing.T) {
	at := int64(thursday + 6*hourMS)
	res := held(t, nil, at, thursday+30*hourMS, mark{at + minuteMS, 1.05}, mark{at + 2*minuteMS, 1.02}, mark{at + 3*minuteMS, 1.10}, mark{at + 4*minuteMS, 1.10})
	c := res.Checkpoints[0]
	wantNear(t, "gain", c.Gain, math.Log(1.05)+math.Log(1.10/1.02))
	wantNear(t, "loss", c.Loss, math.Log(1.02/1.05))
	wantNear(t, "mdd", c.MDD, 1.02/1.05)
	wantNear(t, "mpv", c.MPV, 1.10)
	wantNear(t, "the value at its end", c.PrevPortfolioRet, 1.10)
	if c.Updates != 3 { // the order and the fourth mark change nothing
		t.Errorf("%d updates changed the value, want 3", c.Updates)
	}
	if c.OpenMS != 6*hourMS { // to 12:00, when the carry of 0 is an update too
		t.Errorf("open for %d ms, want six hours", c.OpenMS)
	}
	if c.CarryFeeLoss != 0 || c.SpreadFeeLoss != 0 {
		t.Errorf("costs of %g and %g in a run without", c.CarryFeeLoss, c.SpreadFeeLoss)
	}
	wantNear(t, "the run's drawdown", res.MaxDrawdown, 1-1.02/1.05)
}

// TestDrawdownIsFromOneAtLeast: the running maximum is at least 1, and a fall
// before any rise is one. Rules §8.
func TestDrawdownIsFromOneAtLeast(t *testing.T) {
	res := held(t, nil, thursday, thursday+hourMS, mark{thursday + minuteMS, 0.96}, mark{thursday + 2*minuteMS, 0.98})
	c := res.Checkpoints[0]
	wantNear(t, "mdd", c.MDD, 0.96)
	wantNear(t, "mpv", c.MPV, 1) // the value carried into it
}

// TestCheckpointStartsWithTheValueCarriedIn: 1.05 falls to 1.02 before noon.
// The next checkpoint starts with mpv 1.02 and mdd 1.02/1.05. Rules §8.
func TestCheckpointStartsWithTheValueCarriedIn(t *testing.T) {
	res := held(t, nil, thursday, thursday+3*dayMS/2, mark{thursday + minuteMS, 1.05}, mark{thursday + 2*minuteMS, 1.02}, mark{thursday + dayMS + minuteMS, 1.10})
	c := res.Checkpoints[1] // no update but the carry of 0 at 20:00
	wantNear(t, "mpv without an update", c.MPV, 1.02)
	wantNear(t, "mdd without an update", c.MDD, 1.02/1.05)
	if c.Gain != 0 || c.Loss != 0 || c.Updates != 0 || c.OpenMS != 8*hourMS || c.AccumMS != 12*hourMS {
		t.Errorf("a checkpoint without updates is %+v", c)
	}
	c = res.Checkpoints[2]
	wantNear(t, "mpv after a rise", c.MPV, 1.10)
	wantNear(t, "mdd after a rise", c.MDD, 1.02/1.05)
}

// TestWindowDropsTheOldest: a window W, from an order on the grid. The peak of
// 1.10 is in the first checkpoint, which falls to 1.05 at once. At exactly W it
// is still there: 1.045/1.10 = 0.95. A minute later the covered time exceeds W,
// it leaves, and the running maximum falls to 1.05: 1.04 is 0.990 of that, not
// 0.945, so the new checkpoint keeps the 0.95 it started with. Rules §8.
func TestWindowDropsTheOldest(t *testing.T) {
	for _, window := range []int64{1, 90} {
		end := thursday + window*dayMS
		overrides := []string{"ledger.window=24h"}
		if window == 90 {
			overrides = nil // the rule set's own
		}
		marks := []mark{{thursday + minuteMS, 1.10}, {thursday + 2*minuteMS, 1.05}, {end, 1.045}, {end + minuteMS, 1.04}}
		res := held(t, overrides, thursday, end, slices.Clone(marks)...)
		n := int(2 * window)
		if len(res.Checkpoints) != n || res.WindowFrom != 0 {
			t.Fatalf("at exactly %d days: %d checkpoints from %d on in the window, want %d from 0", window, len(res.Checkpoints), res.WindowFrom, n)
		}
		wantNear(t, "mdd at exactly the window's length", res.Checkpoints[n-1].MDD, 1.045/1.10)

		res = held(t, overrides, thursday, end+minuteMS, slices.Clone(marks)...)
		if len(res.Checkpoints) != n+1 || res.WindowFrom != 1 {
			t.Fatalf("past %d days: %d checkpoints from %d on in the window, want %d from 1", window, len(res.Checkpoints), res.WindowFrom, n+1)
		}
		wantNear(t, "mdd after the peak has left", res.Checkpoints[n].MDD, 1.045/1.10)
		wantNear(t, "the value", res.FinalReturn, 1.04)

		// Twelve hours on, a checkpoint starts with 1.04 of 1.05.
		res = held(t, overrides, thursday, end+13*hourMS, slices.Clone(marks)...)
		wantNear(t, "mdd of the next checkpoint", res.Checkpoints[n+1].MDD, 1.04/1.05)
	}
}

// TestWindowForgetsADrawdown: 0.92 in the first checkpoint, recovered in the
// second. Once both have left a window of a day, with the third that started at
// 1.01, the maximum drawdown is 0. Rules §8.
func TestWindowForgetsADrawdown(t *testing.T) {
	marks := []mark{{thursday + minuteMS, 0.92}, {thursday + 13*hourMS, 1.01}}
	for _, tc := range []struct {
		hours, want float64
		from        int
	}{
		{24, 0.08, 0}, {24.5, 0.08, 1}, {36, 0.08, 1}, {36.5, 0, 2},
	} {
		res := held(t, []string{"ledger.window=24h"}, thursday, thursday+int64(tc.hours*hourMS), slices.Clone(marks)...)
		// The second checkpoint starts with 0.92 carried in.
		if res.WindowFrom != tc.from || !near(res.MaxDrawdown, tc.want) {
			t.Errorf("after %g hours: drawdown %g, window from %d, want %g, %d", tc.hours, res.MaxDrawdown, res.WindowFrom, tc.want, tc.from)
		}
	}
}

// TestPairLedgers: BTCUSD gains 5 % and then loses what makes it 1.02, ETHUSD
// loses 2 %; then a second BTCUSD position gains 10 % on top of 1.02. Rules §8.
func TestPairLedgers(t *testing.T) {
	at := int64(thursday)
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", free...),
		Series: []*market.Series{
			marksOf("BTCUSD", mark{at + 2*hourMS, half(1.05)}, mark{at + 6*hourMS, half(1.10)}),
			marksOf("ETHUSD", mark{at + 4*hourMS, half(0.98)}),
		},
		Strategy: script(
			timed{at + 1*hourMS, pinned(long("BTCUSD", 0.5), 100)},
			timed{at + 3*hourMS, pinned(long("ETHUSD", 0.5), 100)},
			timed{at + 5*hourMS, pinned(flat("BTCUSD"), half(1.02))},
			timed{at + 5*hourMS + 10_000, pinned(long("BTCUSD", 0.5), 100)},
		),
		FromMS: at, ToMS: at + 24*hourMS,
	})
	btc, eth, all := res.ByPair["BTCUSD"][0], res.ByPair["ETHUSD"][0], res.Checkpoints[0]
	if len(res.ByPair) != 2 {
		t.Errorf("%d pairs have a ledger, want 2", len(res.ByPair))
	}
	if btc.AccumMS != 11*hourMS || eth.AccumMS != 9*hourMS || all.AccumMS != 11*hourMS {
		t.Errorf("the first checkpoints cover %d, %d and %d ms, want 11, 9 and 11 hours", btc.AccumMS, eth.AccumMS, all.AccumMS)
	}
	wantNear(t, "gain of BTCUSD", btc.Gain, math.Log(1.05)+math.Log(1.10))
	wantNear(t, "loss of BTCUSD", btc.Loss, math.Log(1.02/1.05))
	wantNear(t, "value of BTCUSD", btc.PrevPortfolioRet, 1.02*1.10)
	wantNear(t, "mdd of BTCUSD", btc.MDD, 1.02/1.05)
	wantNear(t, "gain of ETHUSD", eth.Gain, 0)
	wantNear(t, "loss of ETHUSD", eth.Loss, math.Log(0.98))
	wantNear(t, "mpv of ETHUSD", eth.MPV, 1)
	wantNear(t, "gain of the portfolio", all.Gain, math.Log(1.05)+math.Log(1.10))
	wantNear(t, "loss of the portfolio", all.Loss, math.Log(0.98)+math.Log(1.02/1.05))
	wantNear(t, "mdd of the portfolio", all.MDD, 0.98*1.02/1.05)
	wantNear(t, "value of the portfolio", all.PrevPortfolioRet, 0.98*1.02*1.10)
}

// TestOpenTime: the time in an open market with an open position, which ends
// with an update. Rules §8.
func TestOpenTime(t *testing.T) {
	friday := int64(thursday + dayMS)
	const winter = 1_736_467_200_000 // Friday, 2025-01-10
	for _, tc := range []struct {
		name   string
		series *market.Series
		orders []timed
		hours  []float64 // by checkpoint
	}{
		{"the closing order's time counts, the time without a position doesn't", marksOf("BTCUSD", mark{friday, 1}),
			[]timed{
				{thursday, pinned(long("BTCUSD", 0.5), 100)}, {thursday + 1*hourMS, pinned(flat("BTCUSD"), 100)},
				{thursday + 3*hourMS, pinned(long("BTCUSD", 0.5), 100)}, {thursday + 3*hourMS + 30*minuteMS, pinned(flat("BTCUSD"), 100)},
			}, []float64{1.5, 0, 0, 0}},
		{"every order and every carry instant is an update", marksOf("BTCUSD", mark{friday + 6*hourMS, 100}),
			[]timed{{thursday, pinned(long("BTCUSD", 0.2), 100)}, {thursday + 11*hourMS, pinned(long("BTCUSD", 0.2), 100)}},
			// The order at 11:00, the mark at 30 hours, and the carry at 04:00,
			// 12:00 and 20:00 of each day, which is 0: the last update of the
			// second and the fourth checkpoint is that of 20:00.
			[]float64{12, 8, 12, 8}},
		{"forex over the weekend", marksOf("EURUSD", mark{friday + 21*hourMS, 1}, mark{friday + 2*dayMS + 21*hourMS + minuteMS, 1}),
			// Opened on Friday at 20:00, marked at 21:00; closed from 22:00 to
			// Sunday 21:00. The first mark after that is at 21:01, and the
			// checkpoint it falls in started at 12:00.
			[]timed{{friday + 20*hourMS, pinned(long("EURUSD", 1), 1)}},
			[]float64{1, 0, 0, 0, 9 + 1.0/60}},
		{"forex over a weekend in winter", marksOf("EURUSD", mark{winter + 21*hourMS, 1}, mark{winter + 2*dayMS + 22*hourMS + minuteMS, 1}),
			// Closed from 22:00 to Sunday 22:00. Sunday's carry instant, 21:00,
			// charges nothing and is an update in a closed market; the time
			// from there to the first mark, at 22:01, is open.
			[]timed{{winter + 20*hourMS, pinned(long("EURUSD", 1), 1)}},
			[]float64{1, 0, 0, 0, 1 + 1.0/60}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := script(tc.orders...)
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02", free...), Series: []*market.Series{tc.series},
				Strategy: s, FromMS: tc.orders[0].at, ToMS: (tc.orders[0].at/(12*hourMS) + int64(len(tc.hours))) * 12 * hourMS,
			})
			for name, cps := range map[string][]Checkpoint{"portfolio": res.Checkpoints, "pair": res.ByPair[tc.series.Pair.ID]} {
				var hours []float64
				for _, c := range cps {
					hours = append(hours, float64(c.OpenMS)/hourMS)
				}
				if !slices.Equal(hours, tc.hours) {
					t.Errorf("%s: open for %v hours, want %v", name, hours, tc.hours)
				}
			}
		})
	}
}

// TestCostsInTheLedger: a carry of 1 - 0.0001·0.5 at 04:00, a fee of
// 1 - 0.5·0.001/2 = 0.99975 at the opening and 1 - 1·0.001/2 = 0.9995 at the
// close, all in the first checkpoint, and in its loss. Rules §6, §8.
func TestCostsInTheLedger(t *testing.T) {
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2024-12"), Series: []*market.Series{marksOf("BTCUSD", mark{thursday + hourMS, 100})},
		Strategy: script(timed{thursday, pinned(long("BTCUSD", 0.5), 100)}, timed{thursday + 5*hourMS, pinned(flat("BTCUSD"), 100)}),
		FromMS:   thursday, ToMS: thursday + 6*hourMS,
	})
	c := res.Checkpoints[0]
	wantNear(t, "the carry's share", c.CarryFeeLoss, math.Log(1-0.00005))
	wantNear(t, "the fee's share", c.SpreadFeeLoss, math.Log(0.9995))
	wantNear(t, "loss", c.Loss, math.Log(1-0.00005)+math.Log(0.9995))
	wantNear(t, "the portfolio", res.FinalReturn, (1-0.00005)*0.9995)
	if c.Updates != 3 {
		t.Errorf("%d updates changed the value, want the opening, the carry and the close", c.Updates)
	}
}
