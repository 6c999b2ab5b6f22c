package sweep

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// Difference is what became different from o to another outcome.
func (o *Outcome) Difference(after *Outcome) Difference {
	d := Difference{
		Eliminated:   after.Eliminated - o.Eliminated,
		Promoted:     after.Promoted - o.Promoted,
		Deregistered: after.Deregistered - o.Deregistered,
	}
	paidBefore, paidAfter := o.paid(), after.paid()
	eachMiner(o, after, func(a, b *MinerOutcome) {
		d.Miners = append(d.Miners, minerDifference(a, b, paidBefore, paidAfter))
	})
	d.sum()
	return d
}

// ofTheSame reports whether every miner is there before and after.
func (d *Difference) ofTheSame() bool {
	return !slices.ContainsFunc(d.Miners, func(m MinerDifference) bool { return !m.stays() })
}

// stays reports whether the miner is there before and after.
func (d *MinerDifference) stays() bool { return d.Before != "" && d.After != "" }

// eachMiner visits the miners of two outcomes in the order of names; nil stands for
// one that is missing on a side.
func eachMiner(before, after *Outcome, visit func(a, b *MinerOutcome)) {
	as, bs := before.Miners, after.Miners
	for len(as) > 0 || len(bs) > 0 {
		order := 0
		switch {
		case len(as) == 0:
			order = 1
		case len(bs) == 0:
			order = -1
		default:
			order = cmp.Compare(as[0].Name, bs[0].Name)
		}
		var a, b *MinerOutcome
		if order <= 0 {
			a, as = &as[0], as[1:]
		}
		if order >= 0 {
			b, bs = &bs[0], bs[1:]
		}
		visit(a, b)
	}
}

// minerDifference compares a miner with itself; either may be nil. Emissions are
// parts of what was paid to all, before and after.
func minerDifference(a, b *MinerOutcome, paidBefore, paidAfter float64) MinerDifference {
	var d MinerDifference
	if a != nil {
		d.Name, d.Before = a.Name, a.State
		d.Weight = -a.Judgement.EmissionShare
		d.Emission = -part(a.Emission, paidBefore)
	}
	if b != nil {
		d.Name, d.After = b.Name, b.State
		d.Weight += b.Judgement.EmissionShare
		d.Emission += part(b.Emission, paidAfter)
	}
	if a == nil || b == nil {
		return d
	}
	d.Return = b.FinalReturn - a.FinalReturn
	d.Costs = sim.Costs{Carry: b.Costs.Carry - a.Costs.Carry, Fee: b.Costs.Fee - a.Costs.Fee, Slippage: b.Costs.Slippage - a.Costs.Slippage}
	if before, after := a.Judgement.Rank, b.Judgement.Rank; before != nil && after != nil {
		d.Rank, d.Ranked = *before-*after, true
	}
	return d
}

func part(of, sum float64) float64 {
	if sum == 0 {
		return 0
	}
	return of / sum
}

// sum makes the population's numbers of the miners'. The mean is that of the
// differences of those that are there before and after, so that it tells nothing of
// who is counted, and those that nothing happened to add nothing, not even the
// rounding of a sum.
func (d *Difference) sum() {
	var weight, emission turnover
	returns, stay, ranks, ranked := 0.0, 0, 0, 0
	for i := range d.Miners {
		m := &d.Miners[i]
		if m.stays() {
			returns += m.Return
			stay++
		}
		weight.add(m.Weight)
		emission.add(m.Emission)
		if m.Ranked {
			ranks += max(m.Rank, -m.Rank)
			ranked++
		}
	}
	d.Moved, d.EmissionMoved = weight.moved(), emission.moved()
	if stay > 0 {
		d.MeanReturn = returns / float64(stay)
	}
	if ranked > 0 {
		d.Ranks = float64(ranks) / float64(ranked)
	}
}

// turnover adds up what some gained and what others lost. The two are the same where
// there is as much to have before as after, and the larger one tells where there was,
// or is, nothing.
type turnover struct{ won, lost float64 }

func (t *turnover) add(x float64) {
	t.won += max(x, 0)
	t.lost += max(-x, 0)
}

func (t *turnover) moved() float64 { return max(t.won, t.lost) }
