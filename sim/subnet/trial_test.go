package subnet

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// TestPromotion: with an order at the very beginning, a midnight, the first day is
// full: 60 full days are over 60 days later, at the end of a checkpoint. Half a day
// earlier there are 59. With an order an hour later the first day is not full. The
// main competition is a miner without an account's history, whose every metric is
// the worst there is; so the rank is 2 of 2, percentile 1.
func TestPromotion(t *testing.T) {
	for _, c := range []struct {
		name       string
		overrides  []string
		checks     int64
		firstOrder int64
		want       int64
	}{
		{name: "at 60 full days", want: monday + 60*dayMS},
		{name: "the first day is not full", firstOrder: hourMS, want: monday + 61*dayMS},
		{name: "half a day more is none", overrides: []string{"challenge.days_min=61"}, want: monday + 61*dayMS},
		// Monday 2025-01-06 is day 20094 since the epoch; 20094 + 60 = 20154, and the
		// next multiple of 7 is 20160 = 7 × 2880: 66 days after the beginning.
		{name: "coarser checks see it later", checks: 7 * dayMS, want: monday + 66*dayMS},
		// The build's day begins with the checkpoint that ends at 24:00, and is full at
		// noon: of the first day, with an order at 0:00, it sees the second half only.
		{name: "the build's days end at noon", overrides: []string{"ledger.day=deployed"}, want: monday + 60*dayMS + dayMS/2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := play(t, Config{
				Market: days(t, 70, calm(t, c.overrides...)), ChecksEveryMS: c.checks, WeightsEveryMS: dayMS,
				Miners: []Miner{
					{Name: "idle", Main: true, Make: orders()},
					{Name: "good", Make: orders(long(monday+c.firstOrder, 0.3))},
				},
			})
			good := r.miner(t, "good")
			if good.PromotedMS != c.want || good.State != scoring.StateMain {
				t.Fatalf("promoted at %s, want %s: %v", stamp(good.PromotedMS), stamp(c.want), r.log())
			}
			e := r.Events[len(r.Events)-1]
			if p, _ := e.Percentile.Get(); e.Kind != Promoted || e.TimeMS != c.want || e.Days < 60 || p != 1 || e.Drawdown != good.Account.Challenge.Drawdown {
				t.Errorf("event %+v", e)
			}
			if got := good.Account.Challenge; got.Verdict != sim.ChallengePassed || got.StartMS != monday || got.Days != e.Days {
				t.Errorf("the account says %+v", got)
			}
		})
	}
}

// TestFailureAtTheEndOfTheTime: more than 90 days since the registration are over
// 90 days and a millisecond later; the documents' next check is at the end of that
// checkpoint, 90 days and 12 hours after a midnight, and the build's at the end of
// that minute after the first order. Config's own checks change nothing about it.
func TestFailureAtTheEndOfTheTime(t *testing.T) {
	for _, c := range []struct {
		name      string
		overrides []string
		checks    int64
		orderMS   int64
		want      int64
		reason    sim.Reason
	}{
		{name: "documents", want: monday + 90*dayMS + dayMS/2, reason: sim.FailedChallengeTime},
		{name: "coarse checks", checks: 30 * dayMS, want: monday + 90*dayMS + dayMS/2, reason: sim.FailedChallengeTime},
		{name: "fine checks", checks: hourMS, want: monday + 90*dayMS + dayMS/2, reason: sim.FailedChallengeTime},
		{name: "a late order changes nothing", orderMS: 40 * dayMS, want: monday + 90*dayMS + dayMS/2, reason: sim.FailedChallengeTime},
		{name: "one reason for all", overrides: []string{"challenge.reasons=single"}, want: monday + 90*dayMS + dayMS/2, reason: sim.FailedChallenge},
		{name: "from the first order", overrides: []string{"challenge.start=first_order", "challenge.check_every=1m"}, orderMS: 5 * hourMS,
			checks: 12 * hourMS, want: monday + 5*hourMS + 90*dayMS + minuteMS, reason: sim.FailedChallengeTime},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := play(t, Config{
				Market: days(t, 95, calm(t, c.overrides...)), ChecksEveryMS: c.checks, WeightsEveryMS: 5 * dayMS,
				Miners: []Miner{
					{Name: "good", Main: true, Make: orders(long(monday, 0.3))},
					{Name: "bad", Make: orders(short(monday+c.orderMS, 0.1))},
				},
			})
			bad := r.miner(t, "bad")
			if bad.OutMS != c.want || bad.State != scoring.StateEliminated || bad.PromotedMS != 0 || bad.SlotLostMS != 0 {
				t.Fatalf("out at %s, %s; want %s: %v", stamp(bad.OutMS), bad.State, stamp(c.want), r.log())
			}
			e := r.Events[len(r.Events)-1]
			if e.Kind != Eliminated || e.Reason != c.reason || e.TimeMS != c.want || e.Miner != "bad" {
				t.Errorf("event %+v", e)
			}
			// Of two the worse has the percentile 0: (rank − 1)/(N − 1).
			if p, ok := e.Percentile.Get(); !ok || p != 0 {
				t.Errorf("percentile %v", e.Percentile)
			}
			if got := bad.Account.Elimination; got == nil || got.TimeMS != c.want || got.Reason != c.reason {
				t.Errorf("the account's elimination is %+v", got)
			}
			if got := bad.Account.Challenge; got.Verdict != sim.ChallengeFailed {
				t.Errorf("the account says %+v", got)
			}
		})
	}
}

// TestRankIsLookedAtBeforeTheTime: with an order at 12:00 of day 30 the first full
// day is day 31, so there are 59 full days after day 89, when 90 days are over, and
// 59 at the last check 12 hours later. With days_min=59 a miner of the first rank
// passes there, where a check on a grid of 1000 days (day 20094 to 20190: none)
// comes never.
func TestRankIsLookedAtBeforeTheTime(t *testing.T) {
	for need, want := range map[string]scoring.State{"59": scoring.StateMain, "60": scoring.StateEliminated} {
		r := play(t, Config{
			Market: days(t, 95, calm(t, "challenge.days_min="+need)), ChecksEveryMS: 1000 * dayMS, WeightsEveryMS: 5 * dayMS,
			Miners: []Miner{
				{Name: "idle", Main: true, Make: orders()},
				{Name: "good", Make: orders(long(monday+30*dayMS+dayMS/2, 0.3))},
			},
		})
		good := r.miner(t, "good")
		last := r.Events[len(r.Events)-1]
		if good.State != want || last.TimeMS != monday+90*dayMS+dayMS/2 || last.Days != 59 {
			t.Errorf("%s days: %s, %+v", need, good.State, last)
		}
	}
}

// TestNoOrderNoChallenge: where the first order begins the challenge, without one
// its time is never over.
func TestNoOrderNoChallenge(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 95, calm(t, "challenge.start=first_order")), WeightsEveryMS: 5 * dayMS,
		Miners: []Miner{{Name: "idle", Make: orders()}, {Name: "main", Main: true, Make: orders()}},
	})
	wantLog(t, r, "0.0000 registered main", "0.0000 registered idle")
	idle := r.miner(t, "idle")
	if idle.State != scoring.StateChallenge || idle.Account.Challenge.Verdict != sim.ChallengeRunning || idle.Judgement.Challenge.Verdict != sim.ChallengeRunning {
		t.Errorf("%s, %+v", idle.State, idle.Account.Challenge)
	}
}

// TestAllAreJudgedAgainstOneCompetition: two equal challengers are both better than
// the idle miner of the main competition alone. If the second were judged against
// the first, promoted just before, the two would tie: rank 2.5 of 3, percentile
// 0.75, too low for a minimum of 0.8.
func TestAllAreJudgedAgainstOneCompetition(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 61, calm(t, "challenge.percentile_min=0.8")), WeightsEveryMS: 5 * dayMS,
		Miners: []Miner{
			{Name: "idle", Main: true, Make: orders()},
			{Name: "b", Make: orders(long(monday, 0.3))},
			{Name: "a", Make: orders(long(monday, 0.3))},
		},
	})
	wantLog(t, r, "0.0000 registered idle", "0.0000 registered a", "0.0000 registered b", "60.0000 promoted a", "60.0000 promoted b")
}

// TestEliminationAtExactlyTheLimit: at leverage 0.5 a fall from 100 to 80 takes
// 20 × (0.5 / 100) = 0.1, so the value is 1 − 0.1, the limit to the last bit. The
// documents' miner survives it; that of the builds is out at the mark, in the main
// competition and in the challenge.
func TestEliminationAtExactlyTheLimit(t *testing.T) {
	for _, c := range []struct {
		name   string
		atWhat string
		main   bool
		reason sim.Reason
	}{
		{"survives", string(rules.AtLimitSurvives), true, ""},
		{"survives in the challenge", string(rules.AtLimitSurvives), false, ""},
		{"eliminates", string(rules.AtLimitEliminates), true, sim.MaxTotalDrawdown},
		{"eliminates in the challenge", string(rules.AtLimitEliminates), false, sim.FailedChallengeDrawdown},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := calm(t, "drawdown.at_limit="+c.atWhat)
			r := play(t, Config{
				Market: marketOf(t, set, path("BTCUSD", hourMS, 48, falls(10, 80))), WeightsEveryMS: hourMS,
				Miners: []Miner{
					{Name: "deep", Main: c.main, Make: orders(long(monday+hourMS, 0.5))},
					{Name: "idle", Main: true, Make: orders()},
				},
			})
			limit := 0.1
			exactly := 1 - (1 - limit) // in binary a little less
			deep := r.miner(t, "deep")
			if deep.Account.MaxDrawdown != exactly {
				t.Fatalf("a drawdown of %v", deep.Account.MaxDrawdown)
			}
			if c.reason == "" {
				if len(r.Events) != 2 || deep.OutMS != 0 || deep.State == scoring.StateEliminated {
					t.Errorf("%s, %v", deep.State, r.log())
				}
				return
			}
			at := int64(monday + 10*hourMS)
			want := Event{TimeMS: at, Kind: Eliminated, Miner: "deep", Reason: c.reason, Drawdown: exactly, Pair: "BTCUSD", Price: 80}
			if e := r.Events[2]; e != want {
				t.Errorf("event %+v, want %+v", e, want)
			}
			if deep.OutMS != at || deep.SlotLostMS != 0 || deep.State != scoring.StateEliminated || deep.Judgement.State != scoring.StateEliminated {
				t.Errorf("%+v", deep)
			}
			// At that instant already its weight is 0, and it keeps its slot.
			last := r.History[len(r.History)-1]
			deepest, other := last.Places[0], last.Places[1]
			if !c.main { // registered behind the founder
				deepest, other = other, deepest
			}
			if p := deepest; p.State != scoring.StateEliminated || p.Share != 0 || p.Rank != 0 {
				t.Errorf("place %+v", p)
			}
			if other.Share != 1 || other.Rank != 1 {
				t.Errorf("place %+v", other)
			}
		})
	}
}

// TestNotedEliminationIsOneOfTheSubnet: where the gate lets an eliminated miner trade
// on, it is out for the subnet, with weight 0 and without immunity; its account trades
// until it loses its slot, and is copied as long.
func TestNotedEliminationIsOneOfTheSubnet(t *testing.T) {
	set := calm(t, "gate.checks.eliminated=false", "registration.slots=3")
	r := play(t, Config{
		Market: marketOf(t, set, path("BTCUSD", hourMS, 96, falls(10, 75))), WeightsEveryMS: 12 * hourMS,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday+hourMS, 0.5), flat(monday+20*hourMS), long(monday+22*hourMS, 0.1), flat(monday+60*hourMS))},
			{Name: "idle", Main: true, Make: orders()},
			{Name: "copycat", Copies: "deep", DelayMS: 11 * hourMS},
			{Name: "new", RegistersMS: monday + 50*hourMS, Make: orders()},
		},
	})
	wantLog(t, r, "0.0000 registered deep", "0.0000 registered idle", "0.0000 registered copycat",
		"0.4167 eliminated deep MAX_TOTAL_DRAWDOWN", "2.0833 deregistered deep for new", "2.0833 registered new for deep")
	deep := r.miner(t, "deep")
	if deep.State != scoring.StateEliminated || deep.OutMS != monday+10*hourMS || len(fills(deep)) != 3 || len(deep.Account.Orders) != 3 {
		t.Errorf("%s, out at %s, %+v", deep.State, stamp(deep.OutMS), deep.Account.Orders)
	}
	// 11 hours after each, and after the leader lost its slot at hour 50.
	wantFills(t, r.miner(t, "copycat"), [3]float64{12 * 60, 75, 0.5}, [3]float64{31 * 60, 75, -0.5}, [3]float64{33 * 60, 75, 0.1}, [3]float64{61 * 60, 75, -0.1})
	if p := r.History[1].Places[0]; p.State != scoring.StateEliminated || p.Share != 0 {
		t.Errorf("place %+v", p)
	}
}

// TestDaysOfAFailureAreThoseItHad: a challenger of a Monday falls beyond the limit at
// hour 10 of its third day: two full days. Where the gate lets it trade on, its account
// is at the subnet's next instant already, days later, when that is looked at.
func TestDaysOfAFailureAreThoseItHad(t *testing.T) {
	for _, overrides := range [][]string{nil, {"gate.checks.eliminated=false"}, {"ledger.marking=deployed"}, {"ledger.marking=deployed", "gate.checks.eliminated=false"}} {
		r := play(t, Config{
			Market: marketOf(t, calm(t, overrides...), path("BTCUSD", hourMS, 10*24, falls(2*24+10, 70))), WeightsEveryMS: 10 * dayMS, ChecksEveryMS: 10 * dayMS,
			Miners: []Miner{{Name: "a", Make: orders(long(monday, 0.5))}},
		})
		if e := r.Events[1]; e.Kind != Eliminated || e.TimeMS != monday+58*hourMS || e.Days != 2 {
			t.Errorf("%v: %+v", overrides, e)
		}
	}
}
