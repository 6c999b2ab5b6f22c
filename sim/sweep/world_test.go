package sweep

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// miner is what came of a miner, in few words.
type miner struct {
	name     string
	state    scoring.State
	ret      float64
	share    float64
	rank     int // 0: none
	emission float64
}

// resultOf is a tournament with that end.
func resultOf(miners ...miner) *subnet.Result {
	res := &subnet.Result{FromMS: 1000, ToMS: 2000, Standing: &scoring.Standing{}}
	for _, m := range miners {
		r := subnet.MinerResult{Miner: subnet.Miner{Name: m.name, Group: "g"}, State: m.state, Emission: m.emission,
			Account: &sim.Result{FinalReturn: m.ret}}
		r.Judgement = scoring.Judgement{ID: m.name, State: m.state, EmissionShare: m.share}
		if m.rank > 0 {
			r.Judgement.Rank = &m.rank
		}
		if m.state == scoring.StateEliminated {
			r.Account.Elimination = &sim.Elimination{TimeMS: 1500, Reason: sim.MaxTotalDrawdown, Drawdown: 0.125}
		}
		res.Miners = append(res.Miners, r)
	}
	return res
}

// outcomeOf is the outcome of a tournament with that end.
func outcomeOf(miners ...miner) *Outcome { return Reduce(Variant{}, resultOf(miners...)) }

// stage plays variants by a function of their rules, and notes which.
type stage struct {
	of     func(set *rules.Set) *subnet.Result
	played []string
}

func (s *stage) play(v Variant) (*subnet.Result, error) {
	s.played = append(s.played, v.Name)
	return s.of(v.Rules.Set), nil
}
