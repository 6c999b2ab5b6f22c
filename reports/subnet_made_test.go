package reports

import (
	"fmt"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// minerOfMetrics is a miner whose metrics are all x, with all percentiles p.
func minerOfMetrics(name string, state scoring.State, x, p float64) subnet.MinerResult {
	m := subnet.MinerResult{
		Miner: subnet.Miner{Name: name, Group: name, Strategy: "crossover", Params: []strategies.Setting{{Name: "fast", Value: "20"}, {Name: "slow", Value: "50"}}},
		State: state, Generation: 1, RegisteredMS: startMS,
		Account: &sim.Result{FromMS: startMS, ToMS: startMS + 100*dayMS, FinalReturn: 1},
		Judgement: scoring.Judgement{ID: name, State: state, Assessment: scoring.Assessment{
			Days: 90, Penalties: scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(1), Total: 1},
		}},
	}
	for i := range m.Judgement.Metrics {
		m.Judgement.Metrics[i] = scoring.Known(x)
		if p >= 0 {
			m.Judgement.Percentiles[i] = scoring.Known(p)
		}
	}
	return m
}

// smallSubnet is five miners over 100 days whose every figure can be checked in the
// head: two in the main competition, a challenger, one eliminated, one that lost its
// slot.
func smallSubnet(t testing.TB) *Subnet {
	t.Helper()
	resolved, err := rules.Load("ptn-2025-02")
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int64) int64 { return startMS + n*dayMS } // 0 is January 1
	rank := func(n int) *int { return &n }

	best := minerOfMetrics("best", scoring.StateMain, 2, 1)
	best.Main, best.Account.FinalReturn, best.Emission = true, 1.25, 85
	best.Judgement.Score, best.Judgement.Weight, best.Judgement.EmissionShare, best.Judgement.Rank = scoring.Known(1), 0.875, 0.874, rank(1)
	best.Judgement.MaxDrawdown = 0.04

	second := minerOfMetrics("second", scoring.StateMain, 0.5, 0)
	second.PromotedMS, second.Fee, second.Emission = day(61), 2, 10
	second.Judgement.Weight, second.Judgement.EmissionShare, second.Judgement.Rank = 0.125, 0.124, rank(2)
	second.Judgement.Score, second.Judgement.MaxDrawdown = scoring.Known(0), 0.09
	second.Judgement.Penalties = scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(0.75), Total: 0.75}

	newcomer := minerOfMetrics("newcomer", scoring.StateChallenge, -100, 0.25)
	newcomer.RegisteredMS, newcomer.Fee, newcomer.Emission = day(80), 2, 0.5
	newcomer.Account.FinalReturn, newcomer.Account.Challenge = 0.99, sim.ChallengeStatus{StartMS: day(80), DaysNeeded: 60, Verdict: sim.ChallengeRunning, Reason: "it has 20 full days of the 60 that it takes"}
	newcomer.Judgement.Days, newcomer.Judgement.Score = 20, scoring.Known(0.25)
	newcomer.Judgement.Challenge = &scoring.Challenge{Days: 20, DaysNeeded: 60, Percentile: scoring.Known(0.5), Verdict: sim.ChallengeRunning}
	newcomer.Judgement.Weight, newcomer.Judgement.EmissionShare = 1.2e-5, 1.2e-5

	ruined := minerOfMetrics("ruined", scoring.StateEliminated, -3, -1)
	ruined.Main, ruined.OutMS, ruined.Emission, ruined.Account.FinalReturn = true, day(50), 4.5, 0.88
	ruined.Account.Elimination = &sim.Elimination{TimeMS: day(50), Reason: sim.MaxTotalDrawdown, Drawdown: 0.12, Pair: "BTCUSD", Price: 43210.5}
	ruined.Judgement.Penalties = scoring.Penalties{Martingale: scoring.Known(1)}

	crowded := minerOfMetrics("crowded", scoring.StateDeregistered, 0, -1)
	crowded.OutMS, crowded.SlotLostMS, crowded.Fee = day(80), day(80), 2

	r := &subnet.Result{
		Rules: resolved.Set, FromMS: startMS, ToMS: day(100), Seed: 7, WeightsEveryMS: dayMS, ChecksEveryMS: 12 * hourMS,
		EmissionPerDay: 1, RegistrationFee: 2, Emission: 100,
		Miners: []subnet.MinerResult{best, crowded, ruined, second, newcomer},
		Events: []subnet.Event{
			{TimeMS: startMS, Kind: subnet.Registered, Miner: "best", Main: true},
			{TimeMS: startMS, Kind: subnet.Registered, Miner: "crowded", Fee: 2},
			{TimeMS: startMS, Kind: subnet.Refused, Miner: "late"},
			{TimeMS: day(50), Kind: subnet.Eliminated, Miner: "ruined", Reason: sim.MaxTotalDrawdown, Drawdown: 0.12, Pair: "BTCUSD", Price: 43210.5},
			{TimeMS: day(61), Kind: subnet.Promoted, Miner: "second", Drawdown: 0.03, Days: 60, Percentile: scoring.Known(0.75)},
			{TimeMS: day(80), Kind: subnet.Deregistered, Miner: "crowded", Weight: 1.2e-5, Other: "newcomer"},
			{TimeMS: day(80), Kind: subnet.Registered, Miner: "newcomer", Fee: 2, Other: "crowded"},
		},
		History: []subnet.Round{{TimeMS: day(99), Concentration: scoring.Known(0.875), Places: []subnet.Place{
			{Miner: 0, State: scoring.StateMain, Rank: 1, Score: scoring.Known(1), Share: 0.875},
			{Miner: 2, State: scoring.StateEliminated},
		}}},
		Warnings: []string{"newcomer: registers again at once"},
	}
	standing := &scoring.Standing{Concentration: scoring.Known(0.7), Warnings: []string{}}
	for _, i := range []int{0, 1, 4, 2, 3} { // by name
		standing.Miners = append(standing.Miners, r.Miners[i].Judgement)
	}
	r.Standing = standing
	return &Subnet{
		Version: "1.0", Rules: resolved, Name: "five", Source: "5a", Result: r,
		Dataset: []DatasetFile{{Pair: "BTCUSD", Interval: "1m", File: "a/BTCUSD-1m.parquet", Content: "c0", SHA256: "00"}},
	}
}

// emptySubnet is one that nobody ever joined.
func emptySubnet(t testing.TB) *Subnet {
	s := smallSubnet(t)
	s.Result.Miners, s.Result.Events, s.Result.History, s.Result.Warnings = nil, nil, nil, nil
	s.Result.Standing, s.Result.Emission = &scoring.Standing{}, 0
	return s
}

// weighed is a subnet whose weights were set once.
func weighed(s *Subnet) *Subnet {
	s.Result.History = []subnet.Round{{TimeMS: startMS + dayMS}}
	return s
}

// rankedSubnet is a subnet of n miners of the main competition, the first being the
// best; its weights were set.
func rankedSubnet(t testing.TB, n int) *Subnet {
	s := weighed(emptySubnet(t))
	for i := range n {
		place := float64(n-1-i) / float64(max(n-1, 1))
		m := minerOfMetrics(fmt.Sprintf("population of trend followers-%04d", i+1), scoring.StateMain, 12.34, place)
		rank := i + 1
		m.Account.FinalReturn = 1.5 - float64(i)/float64(n)
		m.Judgement.Score, m.Judgement.Weight, m.Judgement.EmissionShare, m.Judgement.Rank = scoring.Known(place), 1/float64(n), 1/float64(n), &rank
		s.Result.Miners = append(s.Result.Miners, m)
		s.Result.Standing.Miners = append(s.Result.Standing.Miners, m.Judgement)
		s.Result.Events = append(s.Result.Events, subnet.Event{TimeMS: startMS, Kind: subnet.Registered, Miner: m.Name, Fee: 2})
	}
	s.Result.Standing.Concentration = scoring.Known(0.4)
	return s
}
