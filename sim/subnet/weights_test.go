package subnet

import (
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-12*max(1, math.Abs(want)) }

// TestEmissionFollowsTheLastWeights: weights are set at every midnight; two equal
// founders get half of the emission each, 5 of 10 a day. At hour 34 of three days a
// crash eliminates one of them, which is paid on until the next midnight: 2 days × 5.
// The other gets 2 × 5 and 1 × 10.
func TestEmissionFollowsTheLastWeights(t *testing.T) {
	r := play(t, Config{
		Market: marketOf(t, calm(t), path("BTCUSD", hourMS, 72, falls(34, 70))), WeightsEveryMS: dayMS, EmissionPerDay: 10,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday+33*hourMS, 0.5))},
			{Name: "idle", Main: true, Make: orders()},
		},
	})
	wantLog(t, r, "0.0000 registered deep", "0.0000 registered idle", "1.4167 eliminated deep MAX_TOTAL_DRAWDOWN")
	if deep, idle := r.miner(t, "deep"), r.miner(t, "idle"); !near(deep.Emission, 10) || !near(idle.Emission, 20) || !near(r.Emission, 30) {
		t.Errorf("emissions %v and %v of %v", deep.Emission, idle.Emission, r.Emission)
	}
	// Equal weights share the better rank.
	if places := r.History[0].Places; places[0].Rank != 1 || places[1].Rank != 1 || places[0].Score != places[1].Score {
		t.Errorf("places %+v", places)
	}
	// Midnights of day 0, 1, 2 and the end.
	if len(r.History) != 4 || r.History[3].TimeMS != r.ToMS || r.History[1].Places[0].Share != 0.5 || r.History[2].Places[0].Share != 0 {
		t.Errorf("history %+v", r.History)
	}
}

// TestChallengersAreSharesOfTheSum: with one miner in the main competition, of weight
// 1, and two challengers of 1.2e-5 each, shares are weights over 1.000024. Weights
// begin at the first multiple of their interval, which is 5 days of the epoch: day
// 20095 = 5 × 4019 is one day after the beginning. What is paid is 3 of 4 days.
func TestChallengersAreSharesOfTheSum(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 4, calm(t)), WeightsEveryMS: 5 * dayMS,
		Miners: []Miner{{Name: "main", Main: true, Make: orders()}, {Name: "a", Make: orders()}, {Name: "b", Make: orders()}},
	})
	sum := 1 + 1.2e-5 + 1.2e-5
	if main, a := r.miner(t, "main"), r.miner(t, "a"); !near(main.Emission, 3/sum) || math.Abs(a.Emission-3*1.2e-5/sum) > 1e-17 || !near(r.Emission, 3) {
		t.Errorf("emissions %v and %v of %v", main.Emission, a.Emission, r.Emission)
	}
	if len(r.History) != 1 || r.History[0].TimeMS != monday+dayMS || !near(shares(r.History[0]), 1) {
		t.Errorf("history %+v", r.History)
	}
}

// TestNobodyInMain: no weights are set, and nothing is paid.
func TestNobodyInMain(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 3, calm(t)), WeightsEveryMS: dayMS,
		Miners: []Miner{{Name: "a", Make: orders(long(monday, 0.3))}, {Name: "b", Make: orders()}},
	})
	if len(r.History) != 0 || r.Emission != 0 || r.Miners[0].Emission != 0 || r.Miners[0].Judgement.Weight != 0 {
		t.Errorf("%+v", r)
	}
	if len(r.Standing.Warnings) != 1 || r.Miners[0].State != scoring.StateChallenge {
		t.Errorf("warnings %q", r.Standing.Warnings)
	}
}

// TestMainEmptiesAndFills: the one founder is eliminated at hour 34; from the midnight
// after, no weights are set, until the first challenger is promoted, at day 60 with an
// empty competition (percentile 1), before the weights of that instant. 2 days are
// paid before, and 2 of 62 after.
func TestMainEmptiesAndFills(t *testing.T) {
	dip := func(i int) float64 {
		if i == 34 {
			return 70
		}
		return 100 + 0.001*float64(i%24)
	}
	r := play(t, Config{
		Market: marketOf(t, calm(t), path("BTCUSD", hourMS, 62*24, dip)), WeightsEveryMS: dayMS,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday, 0.5))},
			{Name: "young", Make: orders(long(monday, 0.01))},
		},
	})
	wantLog(t, r, "0.0000 registered deep", "0.0000 registered young", "1.4167 eliminated deep MAX_TOTAL_DRAWDOWN", "60.0000 promoted young")
	var at []int64
	for _, round := range r.History {
		at = append(at, (round.TimeMS-monday)/dayMS)
	}
	if len(at) != 5 || at[0] != 0 || at[1] != 1 || at[2] != 60 || at[3] != 61 || at[4] != 62 {
		t.Errorf("weights at days %v", at)
	}
	if !near(r.Emission, 4) || !near(r.miner(t, "young").Emission, 2*1.2e-5/(1+1.2e-5)+2) {
		t.Errorf("emission %v, %v", r.Emission, r.miner(t, "young").Emission)
	}
}

// TestHistoryEndsWithTheLastSettingThatWas: the one founder is out at hour 34, so the
// weights of hour 33 are the last that were set; the challenger beside it had its part.
func TestHistoryEndsWithTheLastSettingThatWas(t *testing.T) {
	r := play(t, Config{
		Market: marketOf(t, calm(t), path("BTCUSD", hourMS, 72, falls(34, 70))), WeightsEveryMS: hourMS,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday, 0.5))},
			{Name: "young", Make: orders()},
			{Name: "late", RegistersMS: monday + 50*hourMS, Make: orders()},
		},
	})
	if len(r.History) != 3 {
		t.Fatalf("%d rounds", len(r.History))
	}
	last := r.History[2]
	if last.TimeMS != monday+33*hourMS || len(last.Places) != 2 || last.Concentration.Or(0) != 0.4 {
		t.Fatalf("%+v", last)
	}
	want := []Place{
		{Miner: 0, State: scoring.StateMain, Rank: 1, Share: 1 / (1 + 1.2e-5)},
		{Miner: 1, State: scoring.StateChallenge, Share: 1.2e-5 / (1 + 1.2e-5)},
	}
	for i, p := range last.Places {
		if w := want[i]; p.Miner != w.Miner || p.State != w.State || p.Rank != w.Rank || !near(p.Share, w.Share) {
			t.Errorf("%+v, want %+v", p, w)
		}
	}
	if !near(r.Emission, 34.0/24) {
		t.Errorf("emission %v", r.Emission)
	}
}

// TestHistoryKeepsOneRoundADay: every hour's weights are set, the first of each day
// and the last of all are kept.
func TestHistoryKeepsOneRoundADay(t *testing.T) {
	set := calm(t)
	r := play(t, Config{
		Market: marketOf(t, set, path("BTCUSD", hourMS, 53, rising)), WeightsEveryMS: hourMS,
		Miners: []Miner{{Name: "a", Main: true, Make: orders()}},
	})
	want := []int64{0, 24 * hourMS, 48 * hourMS, 53 * hourMS}
	if len(r.History) != len(want) {
		t.Fatalf("%d rounds", len(r.History))
	}
	for i, ms := range want {
		if r.History[i].TimeMS != monday+ms {
			t.Errorf("round %d at %s", i, stamp(r.History[i].TimeMS))
		}
	}
	if r.WeightsEveryMS != hourMS || r.ChecksEveryMS != set.Challenge.CheckEvery.MS() {
		t.Errorf("intervals %d, %d", r.WeightsEveryMS, r.ChecksEveryMS)
	}
}

// TestStandingIsTheLastRound: where weights are set at the end too, the standing of
// the result, which is Score's of the population, and the tournament's own last
// setting agree to the last bit.
func TestStandingIsTheLastRound(t *testing.T) {
	for _, name := range []string{"ptn-2025-02", "ptn-2024-12", "ptn-4.8.12"} {
		r := play(t, Config{
			Market: marketOf(t, ruleSet(t, name, "registration.slots=10", "metrics.days_min=5"), wander("BTCUSD", hourMS, 20*24, 0.5, 1), wander("ETHUSD", hourMS, 20*24, 0.5, 2)),
			Miners: crowd(t, 14), Seed: 1, WeightsEveryMS: dayMS, ChecksEveryMS: 12 * hourMS,
		})
		last := r.History[len(r.History)-1]
		if last.TimeMS != r.ToMS {
			t.Fatalf("%s: the last weights are of %s", name, stamp(last.TimeMS))
		}
		for _, p := range last.Places {
			m := &r.Miners[p.Miner]
			rank := 0
			if m.Judgement.Rank != nil {
				rank = *m.Judgement.Rank
			}
			if p.State != m.Judgement.State || p.Rank != rank || p.Score != m.Judgement.Score || p.Share != m.Judgement.EmissionShare {
				t.Errorf("%s %s: %+v, and the standing says %+v", name, m.Name, p, m.Judgement)
			}
		}
		if last.Concentration != r.Standing.Concentration {
			t.Errorf("%s: concentration %v and %v", name, last.Concentration, r.Standing.Concentration)
		}
	}
}

// TestRefereedAccountIsThatOfRun: a subnet that decides nothing about a miner leaves
// its account as a run alone has it, whatever the steps; the online marking of it.
func TestRefereedAccountIsThatOfRun(t *testing.T) {
	for _, name := range []string{"ptn-2025-02", "ptn-5.4.0"} {
		m := marketOf(t, ruleSet(t, name), wander("BTCUSD", hourMS, 20*24, 0.5, 3), wander("ETHUSD", hourMS, 20*24, 0.5, 4))
		make := builtin(t, "random", "wait=6", "hold=6", "leverage=0.2")
		r := play(t, Config{Market: m, Seed: 9, WeightsEveryMS: 7 * hourMS, ChecksEveryMS: hourMS, Miners: []Miner{
			{Name: "a", Main: true, Make: make, LatencyMS: 1000}, {Name: "b", Main: true, Make: orders(long(monday, 0.01))},
		}})
		strategy, _ := make()
		want, err := sim.Run(t.Context(), sim.Config{
			Market: m, Strategy: strategy, FromMS: monday, LatencyMS: 1000, Seed: sim.NewRandom(9, "a").Uint64(), Refereed: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.miner(t, "a").Account; !equal(got, want) || len(got.Orders) < 10 {
			t.Errorf("%s: the account is another one", name)
		}
	}
}
