package sweep

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Reduce keeps of a tournament what a comparison looks at, of miners that never got a
// slot too: nothing of it holds on to the accounts.
func Reduce(v Variant, res *subnet.Result) *Outcome {
	o := &Outcome{Variant: v, Warnings: slices.Clone(res.Warnings)}
	if res.Standing != nil {
		o.Concentration = res.Standing.Concentration
	}
	o.Miners = make([]MinerOutcome, 0, len(res.Miners)+len(res.Refused))
	for i := range res.Miners {
		o.Miners = append(o.Miners, reduceMiner(&res.Miners[i]))
	}
	for i := range res.Refused {
		m := &res.Refused[i].Miner
		o.Miners = append(o.Miners, MinerOutcome{Name: m.Name, Group: m.Group, State: StateRefused, FinalReturn: 1})
	}
	slices.SortFunc(o.Miners, func(a, b MinerOutcome) int { return cmp.Compare(a.Name, b.Name) })
	o.count()
	return o
}

func reduceMiner(m *subnet.MinerResult) MinerOutcome {
	o := MinerOutcome{
		Name: m.Name, Group: m.Group, State: m.State, FinalReturn: 1, Judgement: m.Judgement,
		PromotedMS: m.PromotedMS, SlotLostMS: m.SlotLostMS, Emission: m.Emission,
	}
	o.FinalReturn, o.Costs = m.Account.FinalReturn, m.Account.Costs()
	if e := m.Account.Elimination; e != nil {
		copied := *e
		o.Elimination = &copied
	}
	for i := range m.Account.Orders {
		switch order := &m.Account.Orders[i]; {
		case order.Filled():
			o.Filled++
		case order.Outcome == sim.Rejected:
			o.Rejected++
		}
	}
	return o
}

// count sums the miners up.
func (o *Outcome) count() {
	sum := 0.0
	for i := range o.Miners {
		m := &o.Miners[i]
		sum += m.FinalReturn
		if m.PromotedMS != 0 {
			o.Promoted++
		}
		switch m.State {
		case scoring.StateEliminated:
			o.Eliminated++
		case scoring.StateDeregistered:
			o.Deregistered++
		case StateRefused:
			o.Refused++
		}
	}
	o.MeanReturn = 1
	if n := len(o.Miners); n > 0 {
		o.MeanReturn = sum / float64(n)
	}
}

// paid is what all miners together were paid over the range.
func (o *Outcome) paid() float64 {
	sum := 0.0
	for i := range o.Miners {
		sum += o.Miners[i].Emission
	}
	return sum
}
