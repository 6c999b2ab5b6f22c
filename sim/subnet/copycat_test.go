package subnet

import (
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// fills are a miner's filled orders.
func fills(m *MinerResult) []sim.OrderRecord {
	var filled []sim.OrderRecord
	for _, o := range m.Account.Orders {
		if o.Filled() {
			filled = append(filled, o)
		}
	}
	return filled
}

// wantFills compares filled orders: when, at which open, and the net change.
func wantFills(t *testing.T, m *MinerResult, want ...[3]float64) {
	t.Helper()
	got := fills(m)
	if len(got) != len(want) {
		t.Errorf("%s: %d fills, want %d: %+v", m.Name, len(got), len(want), m.Account.Orders)
		return
	}
	for i, o := range got {
		if minute := float64(o.FilledMS-monday) / minuteMS; minute != want[i][0] || o.FillPrice != want[i][1] || !near(o.EffectiveLeverage, want[i][2]) {
			t.Errorf("%s: fill %d: minute %v at %v by %v, want %v", m.Name, i, minute, o.FillPrice, o.EffectiveLeverage, want[i])
		}
	}
}

// TestCopycatFollowsAfterItsDelay: candle i of one minute opens at 100 + i/100. The
// leader's orders, emitted between candles, fill at the opens of minutes 11, 31, 51
// and 71: it opens 0.1, adds 0.1, reduces by 0.15, and turns: closes 0.05 and opens
// a short of 0.2.
func TestCopycatFollowsAfterItsDelay(t *testing.T) {
	at := func(minute float64) float64 { return 100 + minute/100 }
	m := marketOf(t, calm(t), path("BTCUSD", minuteMS, 600, func(i int) float64 { return at(float64(i)) }))
	sec := func(minute, second int64) int64 { return monday + minute*minuteMS + second*1000 }
	r := play(t, Config{Market: m, WeightsEveryMS: 10 * minuteMS, Miners: []Miner{
		{Name: "leader", Main: true, Make: orders(long(sec(10, 30), 0.1), long(sec(30, 30), 0.1), short(sec(50, 30), 0.15), flat(sec(70, 30)), short(sec(70, 30), 0.2))},
		{Name: "at once", Copies: "leader"},
		{Name: "90 s", Copies: "leader", DelayMS: 90_000},
		{Name: "slow", Copies: "leader", LatencyMS: 1},
		{Name: "of the copy", Copies: "90 s", DelayMS: minuteMS},
		{Name: "twenty minutes", Copies: "leader", DelayMS: 20 * minuteMS}, // a turn behind, all the time
		{Name: "late", Copies: "leader", DelayMS: minuteMS, RegistersMS: sec(31, 0)},
		{Name: "too late", Copies: "leader", DelayMS: minuteMS, RegistersMS: sec(31, 1)},
		{Name: "never", Copies: "leader", DelayMS: 1 << 62},
	}})
	wantFills(t, r.miner(t, "leader"), [3]float64{11, at(11), 0.1}, [3]float64{31, at(31), 0.1}, [3]float64{51, at(51), -0.15}, [3]float64{71, at(71), -0.05}, [3]float64{71, at(71), -0.2})
	wantFills(t, r.miner(t, "at once"), [3]float64{11, at(11), 0.1}, [3]float64{31, at(31), 0.1}, [3]float64{51, at(51), -0.15}, [3]float64{71, at(71), -0.05}, [3]float64{71, at(71), -0.2})
	// 90 s after a full minute no candle opens: the next does half a minute later.
	wantFills(t, r.miner(t, "90 s"), [3]float64{13, at(13), 0.1}, [3]float64{33, at(33), 0.1}, [3]float64{53, at(53), -0.15}, [3]float64{73, at(73), -0.05}, [3]float64{73, at(73), -0.2})
	// A millisecond after the open it is too late for it.
	wantFills(t, r.miner(t, "slow"), [3]float64{12, at(12), 0.1}, [3]float64{32, at(32), 0.1}, [3]float64{52, at(52), -0.15}, [3]float64{72, at(72), -0.05}, [3]float64{72, at(72), -0.2})
	wantFills(t, r.miner(t, "of the copy"), [3]float64{14, at(14), 0.1}, [3]float64{34, at(34), 0.1}, [3]float64{54, at(54), -0.15}, [3]float64{74, at(74), -0.05}, [3]float64{74, at(74), -0.2})
	wantFills(t, r.miner(t, "twenty minutes"), [3]float64{31, at(31), 0.1}, [3]float64{51, at(51), 0.1}, [3]float64{71, at(71), -0.15}, [3]float64{91, at(91), -0.05}, [3]float64{91, at(91), -0.2})
	// The fill at its registration counts: it aims at the 0.2 that the leader then has.
	wantFills(t, r.miner(t, "late"), [3]float64{32, at(32), 0.2}, [3]float64{52, at(52), -0.15}, [3]float64{72, at(72), -0.05}, [3]float64{72, at(72), -0.2})
	wantFills(t, r.miner(t, "too late"), [3]float64{52, at(52), 0.05}, [3]float64{72, at(72), -0.05}, [3]float64{72, at(72), -0.2})
	wantFills(t, r.miner(t, "never"))
}

// TestCopycatKnowsNothingEarly: whatever the steps of the subnet's clock, a copycat
// emits what it does at its leader's fills plus the delay, and at nothing else.
func TestCopycatKnowsNothingEarly(t *testing.T) {
	m := marketOf(t, calm(t), wander("BTCUSD", minuteMS, 5*24*60, 0.05, 5))
	const delay = 17*minuteMS + 1234
	var first *Result
	for _, every := range []int64{minuteMS, hourMS, 7 * hourMS, 10 * dayMS} {
		r := play(t, Config{Market: m, WeightsEveryMS: every, Seed: 2, Miners: []Miner{
			{Name: "leader", Main: true, Make: builtin(t, "random", "wait=60", "hold=60", "leverage=0.1")},
			{Name: "copycat", Main: true, Copies: "leader", DelayMS: delay},
		}})
		due := map[int64]bool{}
		for _, o := range fills(r.miner(t, "leader")) {
			due[o.FilledMS+delay] = true
		}
		emitted := r.miner(t, "copycat").Account.Orders
		if len(emitted) < 50 {
			t.Fatalf("%d orders", len(emitted))
		}
		for _, o := range emitted {
			if !due[o.EmittedMS] {
				t.Errorf("every %d ms: an order at %s, when nothing was to be copied", every, stamp(o.EmittedMS))
			}
		}
		if first == nil {
			first = r
		}
		for i := range r.Miners {
			if !equal(first.Miners[i].Account, r.Miners[i].Account) {
				t.Errorf("weights every %d ms: %s has another account", every, r.Miners[i].Name)
			}
		}
	}
}

// TestCopycatGoesFlatWhenItsLeaderIsOut: by an elimination within a step, at hour 10,
// and by losing its slot, at day 1.
func TestCopycatGoesFlatWhenItsLeaderIsOut(t *testing.T) {
	m := marketOf(t, calm(t), path("BTCUSD", hourMS, 48, falls(10, 70)))
	r := play(t, Config{Market: m, WeightsEveryMS: 10 * dayMS, Miners: []Miner{
		{Name: "leader", Main: true, Make: orders(long(monday+hourMS, 0.5))},
		{Name: "copycat", Main: true, Copies: "leader", DelayMS: 2 * hourMS, Observer: sim.Observer{}},
	}})
	// It holds 0.5 from hour 3 at 100 too, and is out with its leader.
	wantLog(t, r, "0.0000 registered copycat", "0.0000 registered leader",
		"0.4167 eliminated copycat MAX_TOTAL_DRAWDOWN", "0.4167 eliminated leader MAX_TOTAL_DRAWDOWN")

	late := play(t, Config{Market: m, WeightsEveryMS: 10 * dayMS, Miners: []Miner{
		{Name: "leader", Main: true, Make: orders(long(monday+hourMS, 0.5))},
		// Delayed by 8 hours it buys at hour 9, a last time at 100; by 9 at hour 10, at 70.
		{Name: "copycat", Main: true, Copies: "leader", DelayMS: 9 * hourMS},
	}})
	wantLog(t, late, "0.0000 registered copycat", "0.0000 registered leader", "0.4167 eliminated leader MAX_TOTAL_DRAWDOWN")
	wantFills(t, late.miner(t, "copycat"), [3]float64{600, 70, 0.5}, [3]float64{19 * 60, 70, -0.5})

	slots := marketOf(t, calm(t, "registration.slots=2"), path("BTCUSD", hourMS, 48, rising))
	out := play(t, Config{Market: slots, WeightsEveryMS: dayMS, Miners: []Miner{
		{Name: "a leader", Main: true, Make: orders(long(monday+hourMS, 0.1))},
		{Name: "copycat", Main: true, Copies: "a leader", DelayMS: 2 * hourMS},
		{Name: "new", RegistersMS: monday + dayMS, Make: orders()},
	}})
	wantLog(t, out, "0.0000 registered a leader", "0.0000 registered copycat", "1.0000 deregistered a leader for new", "1.0000 registered new for a leader")
	wantFills(t, out.miner(t, "copycat"), [3]float64{3 * 60, rising(3), 0.1}, [3]float64{26 * 60, rising(26), -0.1})
	if p := out.miner(t, "a leader").Account.Positions; len(p) != 1 || !p[0].Closed || p[0].CloseMS != monday+dayMS {
		t.Errorf("the leader's positions are %+v", p)
	}
}

// TestCopycatTriesAgain: the leader buys euros on Friday at 16:59 in New York (21:59
// UTC), a minute before the close; what is to be copied ten minutes later waits for
// the reopening, on Sunday at 22:00 UTC, 6 days and 22 hours after monday. And on
// Tuesday, where half an hour of bitcoin's candles are missing, an order gets no price
// within five minutes, and is emitted anew until one fills.
func TestCopycatTriesAgain(t *testing.T) {
	friday := int64(monday + 4*dayMS + 22*hourMS - minuteMS)
	euros := path("EURUSD", minuteMS, 9*24*60, func(i int) float64 { return 1 + float64(i)/1e6 })
	tuesday := int64(monday + dayMS)
	coins := without(path("BTCUSD", minuteMS, 9*24*60, func(i int) float64 { return 100 }), tuesday+5*minuteMS, tuesday+35*minuteMS)
	r := play(t, Config{Market: marketOf(t, calm(t), coins, euros), WeightsEveryMS: dayMS, Miners: []Miner{
		{Name: "leader", Main: true, Make: orders(long(tuesday, 0.1),
			timed{friday, sim.Order{Pair: "EURUSD", Type: sim.Long, Leverage: 1}})},
		{Name: "copycat", Main: true, Copies: "leader", DelayMS: 10 * minuteMS},
	}})
	// Emitted at 00:10, an order is rejected at 00:15, after the copycat looked; it sees
	// that at 00:16, emits, and looks two minutes later and then each minute until 00:22;
	// emits, and looks from four minutes later until 00:28; emits, and looks eight
	// minutes later, at 00:36, when there are candles.
	got := fills(r.miner(t, "copycat"))
	if len(got) != 2 {
		t.Fatalf("%+v", r.miner(t, "copycat").Account.Orders)
	}
	if o := got[0]; o.Pair != "BTCUSD" || o.FilledMS != tuesday+36*minuteMS || len(r.miner(t, "copycat").Account.Orders) != 6 {
		t.Errorf("%s at %s", o.Pair, stamp(o.FilledMS))
	}
	if o := got[1]; o.Pair != "EURUSD" || o.FilledMS != monday+6*dayMS+22*hourMS || o.EmittedMS != o.FilledMS {
		t.Errorf("%s at %s", o.Pair, stamp(o.FilledMS))
	}
}

// without leaves candles out.
func without(s *market.Series, fromMS, toMS int64) *market.Series {
	kept := &market.Series{Pair: s.Pair, IntervalMS: s.IntervalMS}
	for i, ms := range s.Time {
		if ms < fromMS || ms >= toMS {
			kept.Time, kept.Open, kept.Close = append(kept.Time, ms), append(kept.Open, s.Open[i]), append(kept.Close, s.Close[i])
		}
	}
	kept.High, kept.Low = kept.Close, kept.Open
	return kept
}

// TestCopycatKeepsTheOrderOfItsLeader: crypto weighs 10, so a cap of 5 is a leverage
// of 0.5. The leader closes 0.4 of bitcoin, and buys 0.3 of ether at the same
// instant; a copycat that bought first would have 0.1 of room.
func TestCopycatKeepsTheOrderOfItsLeader(t *testing.T) {
	r := playPair(t, func(s *market.Series) *market.Series { return s })
	if got := fills(r.miner(t, "copycat")); len(got) != 3 || got[1].Type != sim.Flat || !near(got[2].EffectiveLeverage, 0.3) {
		t.Errorf("%+v", got)
	}
}

// TestCopycatTakesWhatTheRulesClamp: in the same world bitcoin's candles are missing
// when the copycat closes it, for three minutes. The ether it buys meanwhile is
// clamped to the 0.1 that is left. It asks for no more.
func TestCopycatTakesWhatTheRulesClamp(t *testing.T) {
	r := playPair(t, func(s *market.Series) *market.Series {
		return without(s, monday+hourMS+minuteMS, monday+hourMS+4*minuteMS)
	})
	got := r.miner(t, "copycat").Account.Orders
	if len(got) != 3 || got[2].Pair != "ETHUSD" || got[2].Outcome != sim.Clamped || !near(got[2].EffectiveLeverage, 0.1) || got[1].FilledMS != monday+hourMS+4*minuteMS {
		t.Errorf("%+v", got)
	}
}

func playPair(t *testing.T, coins func(*market.Series) *market.Series) *Result {
	t.Helper()
	still := func(int) float64 { return 100 }
	return play(t, Config{
		Market: marketOf(t, calm(t, "leverage.portfolio_max=5"), path("ETHUSD", minuteMS, 3*24*60, still), coins(path("BTCUSD", minuteMS, 3*24*60, still))),
		Miners: []Miner{
			{Name: "leader", Main: true, Make: orders(long(monday, 0.4), flat(monday+hourMS),
				timed{monday + hourMS, sim.Order{Pair: "ETHUSD", Type: sim.Long, Leverage: 0.3}})},
			{Name: "copycat", Main: true, Copies: "leader", DelayMS: minuteMS},
		},
		WeightsEveryMS: dayMS,
	})
}
