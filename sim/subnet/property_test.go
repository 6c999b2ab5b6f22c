package subnet

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// drawRules draws rules of which everything happens within days.
func drawRules(t *rapid.T) *rules.Set {
	draw := func(name string, of ...string) string { return name + "=" + rapid.SampledFrom(of).Draw(t, name) }
	set := rapid.SampledFrom([]string{"ptn-2025-02", "ptn-5.4.0", "ptn-2024-12", "ptn-4.8.12"}).Draw(t, "set")
	r, err := rules.Load(set,
		rules.WithOverride(draw("registration.slots", "1", "2", "4", "7")),
		rules.WithOverride(draw("registration.immunity", "0", "6h", "1d", "3d")),
		rules.WithOverride(draw("challenge.duration", "7h", "2d", "3d")),
		rules.WithOverride(draw("challenge.check_every", "1h", "12h")),
		rules.WithOverride(draw("challenge.start", "registration", "first_order")),
		rules.WithOverride(draw("challenge.days_min", "0", "1", "2")),
		rules.WithOverride(draw("challenge.percentile_min", "0", "0.5", "1")),
		rules.WithOverride(draw("drawdown.limit", "0.003", "0.01", "0.1")),
		rules.WithOverride(draw("elimination.main", "true", "false")),
		rules.WithOverride(draw("ledger.window", "1d", "90d")),
		rules.WithOverride(draw("metrics.days_min", "0", "1")),
	)
	if err != nil {
		t.Fatal(err)
	}
	return r.Set
}

func drawMiners(t *rapid.T, slots int, makes []func() (sim.Strategy, error)) []Miner {
	var miners []Miner
	founders := 0
	for i := range rapid.IntRange(1, 12).Draw(t, "miners") {
		m := Miner{
			Name: fmt.Sprintf("m%02d", i), Make: rapid.SampledFrom(makes).Draw(t, "strategy"),
			Main:        rapid.Bool().Draw(t, "main") && founders < slots,
			RegistersMS: monday - dayMS + rapid.Int64Range(0, 60).Draw(t, "registers")*4*hourMS,
			AgainMS:     rapid.SampledFrom([]int64{0, 0, 5 * hourMS, 2*dayMS + 1}).Draw(t, "again"),
			LatencyMS:   rapid.SampledFrom([]int64{0, 0, 1000}).Draw(t, "latency"),
		}
		if m.Main {
			founders++
		}
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "copies") == 0 {
			m.Make, m.Copies = nil, miners[rapid.IntRange(0, i-1).Draw(t, "leader")].Name
			m.DelayMS = rapid.Int64Range(0, 3).Draw(t, "delay") * 40 * minuteMS
		}
		miners = append(miners, m)
	}
	return miners
}

// TestTournamentLaws plays random miners under random rules, and holds every story to
// what can happen.
func TestTournamentLaws(t *testing.T) {
	makes := []func() (sim.Strategy, error){
		builtin(t, "random", "wait=6", "hold=12", "leverage=0.5"),
		builtin(t, "random", "wait=2", "hold=4", "leverage=0.1"),
		builtin(t, "buy-and-hold", "leverage=0.5"),
		orders(),
		orders(long(monday+dayMS, 0.3), flat(monday+3*dayMS)),
	}
	seen := map[EventKind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		set := drawRules(rt)
		hours := rapid.IntRange(30, 8*24).Draw(rt, "hours")
		seed := rapid.Uint64Range(0, 1000).Draw(rt, "seed")
		cfg := Config{
			Market: marketOf(t, set, wander("BTCUSD", hourMS, hours, 0.8, seed), wander("ETHUSD", hourMS, hours, 0.8, seed+1)),
			Miners: drawMiners(rt, set.Registration.Slots, makes), Seed: seed, RegistrationFee: 0.5, EmissionPerDay: 3,
			WeightsEveryMS: rapid.SampledFrom([]int64{hourMS, 5 * hourMS, dayMS}).Draw(rt, "weights"),
			ChecksEveryMS:  rapid.SampledFrom([]int64{0, 3 * hourMS, 2 * dayMS}).Draw(rt, "checks"),
			Workers:        rapid.IntRange(1, 3).Draw(rt, "workers"),
		}
		r := play(rt, cfg)
		checkEvents(rt, r, set, seen)
		checkStories(rt, r)
		checkMoney(rt, r)
	})
	for _, kind := range []EventKind{Registered, Refused, Promoted, Eliminated, Deregistered} {
		if seen[kind] == 0 {
			t.Errorf("no miner was %s: the worlds show too little", kind)
		}
	}
}

// checkEvents: they ascend, never more than the slots are taken, and what an event
// tells agrees with the one before it.
func checkEvents(t *rapid.T, r *Result, set *rules.Set, seen map[EventKind]int) {
	holding := map[string]bool{}
	for i, e := range r.Events {
		seen[e.Kind]++
		if e.TimeMS < r.FromMS || e.TimeMS > r.ToMS || i > 0 && e.TimeMS < r.Events[i-1].TimeMS {
			t.Fatalf("event %d is out of order: %v", i, r.log())
		}
		switch e.Kind {
		case Registered:
			if holding[e.Miner] || (e.Other != "") != (i > 0 && r.Events[i-1].Kind == Deregistered && r.Events[i-1].Other == e.Miner) {
				t.Fatalf("event %d: %v", i, r.log())
			}
			holding[e.Miner] = true
		case Deregistered:
			if !holding[e.Miner] || len(holding) != set.Registration.Slots {
				t.Fatalf("event %d: %v", i, r.log())
			}
			delete(holding, e.Miner)
		case Refused:
			if holding[e.Miner] || len(holding) != set.Registration.Slots {
				t.Fatalf("event %d: %v", i, r.log())
			}
		case Promoted, Eliminated:
			if !holding[e.Miner] {
				t.Fatalf("event %d: %v", i, r.log())
			}
		}
		if len(holding) > set.Registration.Slots {
			t.Fatalf("event %d: %d hold a slot: %v", i, len(holding), r.log())
		}
	}
}

// checkStories: each miner has one, and its numbers, its events and its account tell
// the same.
func checkStories(t *rapid.T, r *Result) {
	checkRefusals(t, r)
	for i := range r.Miners {
		m := &r.Miners[i]
		story := map[EventKind]int64{}
		for _, e := range r.Events {
			if e.Miner == m.Name && e.Kind != Refused {
				if _, twice := story[e.Kind]; twice {
					t.Fatalf("%s: twice %s: %v", m.Name, e.Kind, r.log())
				}
				story[e.Kind] = e.TimeMS
			}
		}
		at := func(kind EventKind) int64 { return story[kind] }
		if at(Registered) != m.RegisteredMS || at(Promoted) != m.PromotedMS || at(Deregistered) != m.SlotLostMS {
			t.Fatalf("%s: %v, and the result says %+v", m.Name, story, m)
		}
		state := scoring.StateChallenge
		out := int64(0)
		if m.Main || m.PromotedMS != 0 {
			state = scoring.StateMain
		}
		if m.SlotLostMS != 0 {
			state, out = scoring.StateDeregistered, m.SlotLostMS
		}
		if ms, eliminated := story[Eliminated]; eliminated {
			state, out = scoring.StateEliminated, ms
			if e := m.Account.Elimination; e == nil || e.TimeMS != ms {
				t.Fatalf("%s: eliminated at %s, and the account says %+v", m.Name, stamp(ms), e)
			}
		} else if m.Account.Elimination != nil {
			t.Fatalf("%s: an elimination without an event: %+v", m.Name, m.Account.Elimination)
		}
		if m.State != state || m.OutMS != out || m.Judgement.State != state || m.Judgement.ID != m.Name {
			t.Fatalf("%s: %s, out at %s; want %s, %s", m.Name, m.State, stamp(m.OutMS), state, stamp(out))
		}
		if out != 0 && (m.PromotedMS > out || m.RegisteredMS > out || m.SlotLostMS != 0 && m.SlotLostMS < out) {
			t.Fatalf("%s: %v", m.Name, story)
		}
		if m.State == scoring.StateDeregistered && (m.Main || m.PromotedMS != 0) && sim.NextMultiple(m.RegisteredMS, r.WeightsEveryMS) >= m.SlotLostMS {
			t.Fatalf("%s: put out of the main competition, and no weights were ever set for it: %v", m.Name, r.log())
		}
		checkTrading(t, m)
	}
}

// checkRefusals: whoever was refused has one event of it, and is in the result once: as
// one that never got a slot, or that got one later.
func checkRefusals(t *rapid.T, r *Result) {
	refused := map[string]bool{}
	for _, e := range r.Events {
		if e.Kind == Refused {
			if refused[e.Miner] {
				t.Fatalf("two events of refusals of %s: %v", e.Miner, r.log())
			}
			refused[e.Miner] = true
		}
	}
	told := 0
	for i := range r.Refused {
		if m := &r.Refused[i]; m.Times < 1 || m.LastMS < r.FromMS || m.LastMS >= r.ToMS || !refused[m.Name] || m.AgainMS == 0 && m.Times != 1 {
			t.Fatalf("%+v: %v", m, r.log())
		}
		told++
	}
	for i := range r.Miners {
		if m := &r.Miners[i]; m.Refusals > 0 {
			if !refused[m.Name] {
				t.Fatalf("%s: %d refusals: %v", m.Name, m.Refusals, r.log())
			}
			told++
		}
	}
	if told != len(refused) {
		t.Fatalf("%d of %d refused are told of: %v", told, len(refused), r.log())
	}
}

// checkTrading: nobody trades before its registration, or when it is out.
func checkTrading(t *rapid.T, m *MinerResult) {
	for _, o := range m.Account.Orders {
		if o.EmittedMS < m.RegisteredMS || m.OutMS != 0 && o.FilledMS > m.OutMS {
			t.Fatalf("%s, in from %s to %s: an order of %s, filled at %s", m.Name, stamp(m.RegisteredMS), stamp(m.OutMS), stamp(o.EmittedMS), stamp(o.FilledMS))
		}
	}
	for _, p := range m.Account.Positions {
		if m.OutMS != 0 && (!p.Closed || p.CloseMS > m.OutMS) {
			t.Fatalf("%s, out at %s: a position until %s", m.Name, stamp(m.OutMS), stamp(p.CloseMS))
		}
	}
}

// checkMoney: shares sum to 1, or nobody has any; what all were paid is what was paid.
func checkMoney(t *rapid.T, r *Result) {
	paid := 0.0
	for i := range r.Miners {
		m := &r.Miners[i]
		paid += m.Emission
		if !(m.Emission >= 0) || m.Fee != 0.5 != m.Main {
			t.Fatalf("%s: emission %v, fee %v", m.Name, m.Emission, m.Fee)
		}
	}
	if math.Abs(paid-r.Emission) > 1e-9 || r.Emission > 3*float64(r.ToMS-r.FromMS)/dayMS*(1+1e-12) {
		t.Fatalf("miners were paid %v, and all %v", paid, r.Emission)
	}
	for i, round := range r.History {
		if i > 0 && round.TimeMS <= r.History[i-1].TimeMS || len(round.Places) > r.Rules.Registration.Slots {
			t.Fatalf("round %d: %+v", i, round)
		}
		if sum := shares(round); sum != 0 && math.Abs(sum-1) > 1e-12 {
			t.Fatalf("round %d: shares of %v", i, sum)
		}
		for _, p := range round.Places {
			if (p.Rank > 0) != (p.State == scoring.StateMain) || p.State == scoring.StateEliminated && p.Share != 0 {
				t.Fatalf("round %d: %+v", i, p)
			}
		}
	}
}
