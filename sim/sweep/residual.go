package sweep

import (
	"cmp"
	"slices"
)

// residual is what the total has beyond the sum of the effects, each switched first.
func residual(total Difference, effects []Effect) Difference {
	left, same := total, total.ofTheSame()
	left.Miners = slices.Clone(total.Miners)
	for i := range effects {
		left.take(&effects[i].First)
		same = same && effects[i].First.ofTheSame()
	}
	for i := range left.Miners {
		if m := &left.Miners[i]; !m.Ranked {
			m.Rank = 0
		}
	}
	mean := left.MeanReturn
	left.sum()
	if !same { // the means are of other miners each: what is left of them is no mean
		left.MeanReturn = mean
	}
	for i := range left.Miners {
		left.Miners[i].Before, left.Miners[i].After = "", ""
	}
	return left
}

// take subtracts a difference, as far as differences add up.
func (d *Difference) take(o *Difference) {
	d.MeanReturn -= o.MeanReturn
	d.Eliminated -= o.Eliminated
	d.Promoted -= o.Promoted
	d.Deregistered -= o.Deregistered
	for _, m := range o.Miners {
		i, found := slices.BinarySearchFunc(d.Miners, m.Name, func(of MinerDifference, name string) int { return cmp.Compare(of.Name, name) })
		if !found {
			d.Miners = slices.Insert(d.Miners, i, MinerDifference{Name: m.Name})
		}
		d.Miners[i].take(&m)
	}
}

func (d *MinerDifference) take(o *MinerDifference) {
	d.Return -= o.Return
	d.Weight -= o.Weight
	d.Emission -= o.Emission
	d.Rank -= o.Rank
	d.Costs.Carry -= o.Costs.Carry
	d.Costs.Fee -= o.Costs.Fee
	d.Costs.Slippage -= o.Costs.Slippage
}
