package subnet

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// setWeights sets the weights when they are due, and pays what the last ones gave.
// Rules §12.
func (t *tournament) setWeights() error {
	if t.now%t.cfg.WeightsEveryMS != 0 {
		return nil
	}
	t.payroll.pay(t.now)
	if err := t.assess(t.in()); err != nil {
		return err
	}
	t.payroll.paying = false
	awards, ok := newContest(t.set, entrantsOf(t.slots)).awards()
	if !ok {
		return nil
	}
	t.payroll.payees = append(t.payroll.payees[:0], t.slots...)
	for i, m := range t.slots {
		of := &awards[i]
		m.weighed, m.weight = true, of.Weight
		m.place = Place{Miner: m.index, State: m.state, Rank: of.Rank, Share: of.Share}
		if m.isIn() {
			m.place.Score = scoring.Known(of.Score)
		}
		t.payroll.paying = t.payroll.paying || of.Share > 0
	}
	t.latestMS = t.now
	if n := len(t.history); n == 0 || t.history[n-1].TimeMS/dayMS != t.now/dayMS {
		t.history = append(t.history, t.round())
	}
	return nil
}

// in are those who take part, in the order of names.
func (t *tournament) in() []*contender {
	var miners []*contender
	for _, m := range t.slots {
		if m.isIn() {
			miners = append(miners, m)
		}
	}
	return miners
}

// round is the last setting of the weights, written down.
func (t *tournament) round() Round {
	round := Round{TimeMS: t.latestMS, Places: make([]Place, 0, len(t.payroll.payees))}
	var main []float64
	for _, m := range t.payroll.payees {
		round.Places = append(round.Places, m.place)
		if m.place.State == scoring.StateMain {
			main = append(main, m.weight)
		}
	}
	slices.SortFunc(round.Places, func(a, b Place) int { return cmp.Compare(a.Miner, b.Miner) })
	round.Concentration = scoring.Concentration(main, t.set.Competition.TargetMiners)
	return round
}

// rounds are the first setting of each UTC day, and the very last.
func (t *tournament) rounds() []Round {
	if n := len(t.history); n > 0 && t.history[n-1].TimeMS != t.latestMS {
		return append(t.history, t.round())
	}
	return t.history
}

// payroll pays out the emission by the weights that are set. Rules §12.
type payroll struct {
	perDay  float64
	sinceMS int64
	payees  []*contender // who held a slot when weights were set last, in the order of names
	paying  bool         // they are paid: somebody has a share, and no later setting fell out
	paid    float64
}

// pay pays for the time since it paid last.
func (p *payroll) pay(nowMS int64) {
	amount := float64(p.perDay * (float64(nowMS-p.sinceMS) / dayMS))
	p.sinceMS = nowMS
	if !p.paying {
		return
	}
	p.paid += amount
	for _, m := range p.payees {
		m.result.Emission += float64(m.place.Share * amount)
	}
}
