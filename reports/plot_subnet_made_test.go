package reports

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// madeDays is how long made-up subnets last.
const madeDays = 120

// madeSubnet makes up a subnet of n miners: skills that differ, scores that
// wander, promotions, eliminations and lost slots. What its numbers are like is
// what a tournament's are; they add up, but nobody traded.
func madeSubnet(t testing.TB, n int) *Subnet {
	t.Helper()
	resolved, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	m := &maker{rng: rand.New(rand.NewPCG(5, uint64(n))), set: resolved.Set}
	m.result = &subnet.Result{Rules: resolved.Set, FromMS: plotStart, ToMS: plotStart + madeDays*dayMS, EmissionPerDay: 1, Emission: madeDays}
	for i := range n {
		m.addMiner(i)
	}
	slices.SortStableFunc(m.result.Miners, func(a, b subnet.MinerResult) int {
		return cmp.Or(cmp.Compare(a.RegisteredMS, b.RegisteredMS), cmp.Compare(a.Name, b.Name))
	})
	for day := range madeDays + 1 {
		m.addRound(plotStart + int64(day)*dayMS)
	}
	m.addStanding()
	return &Subnet{Version: "test", Rules: resolved, Name: "made-up", Result: m.result}
}

type maker struct {
	rng    *rand.Rand
	set    *rules.Set
	result *subnet.Result
	score  map[string]float64
}

func (m *maker) addMiner(i int) {
	groups := [...]string{"trend following", "mean reversion", "martingale", "churner", "copycat"}
	group := groups[i%len(groups)]
	miner := subnet.MinerResult{Miner: subnet.Miner{Name: fmt.Sprintf("%s-%03d", group, i), Group: group}, Generation: 1, State: scoring.StateMain}
	if i == 7 {
		miner.Name, miner.Group = "my own strategy with quite a long name, v2", "my own strategy with quite a long name, v2"
	}
	end := m.result.ToMS
	miner.RegisteredMS = m.result.FromMS
	switch {
	case m.rng.Float64() < 0.45:
		miner.Main = true
	case m.rng.Float64() < 0.5:
		miner.RegisteredMS += m.rng.Int64N(80) * dayMS
	}
	if !miner.Main {
		miner.State = scoring.StateChallenge
		if at := miner.RegisteredMS + (60+m.rng.Int64N(25))*dayMS; at < end && m.rng.Float64() < 0.5 {
			miner.PromotedMS, miner.State = at, scoring.StateMain
		}
	}
	if m.rng.Float64() < 0.3 {
		m.eliminate(&miner)
	} else if m.rng.Float64() < 0.06 {
		miner.State = scoring.StateDeregistered
		miner.OutMS = miner.RegisteredMS + m.rng.Int64N(end-miner.RegisteredMS)
		miner.SlotLostMS = miner.OutMS
	}
	if miner.PromotedMS > miner.OutMS && miner.OutMS > 0 {
		miner.PromotedMS = 0
	}
	miner.Judgement.Days = int((cmp.Or(miner.OutMS, end) - miner.RegisteredMS) / dayMS)
	m.result.Miners = append(m.result.Miners, miner)
}

func (m *maker) eliminate(miner *subnet.MinerResult) {
	end := m.result.ToMS
	miner.State = scoring.StateEliminated
	miner.OutMS = miner.RegisteredMS + m.rng.Int64N(end-miner.RegisteredMS)
	reason := sim.MaxTotalDrawdown
	switch {
	case m.rng.Float64() < 0.1:
		reason = sim.Liquidated
	case !miner.Main && (miner.PromotedMS == 0 || miner.PromotedMS > miner.OutMS):
		reason = sim.FailedChallengeDrawdown
		if at := miner.RegisteredMS + 90*dayMS; m.rng.Float64() < 0.5 && at < end {
			reason, miner.OutMS = sim.FailedChallengeTime, at
		}
	}
	if at := miner.OutMS + m.rng.Int64N(40)*dayMS; at < end {
		miner.SlotLostMS = at
	}
	m.result.Events = append(m.result.Events, subnet.Event{TimeMS: miner.OutMS, Kind: subnet.Eliminated, Miner: miner.Name, Reason: reason, Drawdown: 0.1 + 0.02*m.rng.Float64()})
}

func (m *maker) addRound(ms int64) {
	if m.score == nil {
		m.score = make(map[string]float64)
		for i := range m.result.Miners {
			m.score[m.result.Miners[i].Name] = m.rng.Float64()
		}
	}
	round := subnet.Round{TimeMS: ms}
	var main []int // of round.Places
	for i := range m.result.Miners {
		miner := &m.result.Miners[i]
		if miner.RegisteredMS > ms || miner.SlotLostMS > 0 && miner.SlotLostMS <= ms {
			continue
		}
		score := m.score[miner.Name]
		score = min(max(score+0.03*m.rng.NormFloat64(), 0), 1)
		m.score[miner.Name] = score
		place := subnet.Place{Miner: i, State: scoring.StateChallenge}
		switch {
		case miner.OutMS > 0 && miner.OutMS <= ms:
			place.State = scoring.StateEliminated
		case miner.Main || miner.PromotedMS > 0 && miner.PromotedMS <= ms:
			place.State = scoring.StateMain
			place.Score = scoring.Known(score)
			main = append(main, len(round.Places))
		}
		round.Places = append(round.Places, place)
	}
	var scores []float64
	for _, k := range main {
		scores = append(scores, round.Places[k].Score.Or(0))
	}
	weights := scoring.Softmax(scores, m.set.Competition.SoftmaxTemperature)
	for j, k := range main {
		place := &round.Places[k]
		place.Share, place.Rank = weights[j], 1
		for _, w := range weights {
			if w > weights[j] {
				place.Rank++
			}
		}
	}
	for k := range round.Places {
		place := &round.Places[k]
		if place.State == scoring.StateChallenge && len(main) > 0 {
			place.Share = m.set.Challenge.Weight
		}
		m.result.Miners[place.Miner].Emission += place.Share
	}
	m.result.History = append(m.result.History, round)
}

// addStanding judges everyone by the last round.
func (m *maker) addStanding() {
	last := &m.result.History[len(m.result.History)-1]
	standing := &scoring.Standing{}
	for i := range m.result.Miners {
		miner := &m.result.Miners[i]
		j := scoring.Judgement{ID: miner.Name, State: miner.State}
		j.Days = miner.Judgement.Days
		j.MaxDrawdown = 0.09 * math.Sqrt(m.rng.Float64())
		j.Penalties.Total = [...]float64{0.99, 1, 0.99, 0.4, 0.99, 0, 0.001}[i%7]
		if miner.State == scoring.StateEliminated {
			j.MaxDrawdown = 0.1 + 0.1*m.rng.ExpFloat64()*m.rng.Float64()
		}
		if place := placeOf(last, i); place != nil && (place.State == scoring.StateMain || place.State == scoring.StateChallenge) {
			score := m.score[miner.Name]
			j.Score, j.Weight, j.EmissionShare = scoring.Known(score), place.Share, place.Share
			if place.Rank > 0 {
				rank := place.Rank
				j.Rank = &rank
			}
			for _, metric := range scoring.AllMetrics() {
				j.Percentiles[metric] = scoring.Known(min(max(score+0.15*m.rng.NormFloat64(), 0), 1))
			}
			if i%17 == 5 {
				j.Percentiles[scoring.StatisticalConfidence] = scoring.Value{}
			}
		}
		miner.Judgement = j
		standing.Miners = append(standing.Miners, j)
	}
	slices.SortFunc(standing.Miners, func(a, b scoring.Judgement) int { return cmp.Compare(a.ID, b.ID) })
	m.result.Standing = standing
}
