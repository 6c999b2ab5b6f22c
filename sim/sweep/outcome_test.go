package sweep

import (
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Two miners and one whose slots were refused, in powers of two.
//
//	carry     1 - 0.5·0.75        = 0.625
//	fee       1 - 0.875·1         = 0.125
//	slippage  2·0.25 + |-1|·0.5   = 1
//	mean      (0.75 + 1.5 + 1 + 0.75)/4 = 1
func TestOutcomeSumsUpATournament(t *testing.T) {
	elimination := &sim.Elimination{TimeMS: 1500, Reason: sim.MaxTotalDrawdown, Drawdown: 0.125, Pair: "BTCUSD", Price: 7}
	rank := 1
	res := &subnet.Result{FromMS: 1000, ToMS: 2000, Standing: &scoring.Standing{Concentration: scoring.Known(0.75)}, Warnings: []string{"a doubt"}}
	res.Miners = []subnet.MinerResult{
		{
			Miner: subnet.Miner{Name: "b", Group: "pool"}, State: scoring.StateMain, PromotedMS: 1200, Emission: 12,
			Judgement: scoring.Judgement{ID: "b", Rank: &rank, EmissionShare: 1},
			Account: &sim.Result{
				FinalReturn: 1.5,
				Positions: []sim.PositionRecord{
					{CarryFactor: 0.5, TransactionFactor: 0.875, Fills: []sim.Fill{{Leverage: 2, Slippage: 0.25}}},
					{CarryFactor: 0.75, TransactionFactor: 1, Fills: []sim.Fill{{Leverage: -1, Slippage: 0.5}}},
				},
				Orders: []sim.OrderRecord{{Outcome: sim.Accepted}, {Outcome: sim.Clamped}, {Outcome: sim.Rejected}, {Outcome: sim.Ignored}},
			},
		},
		{
			Miner: subnet.Miner{Name: "a", Group: "a"}, State: scoring.StateEliminated, SlotLostMS: 1900,
			Account: &sim.Result{FinalReturn: 0.75, Elimination: elimination},
		},
		{
			Miner: subnet.Miner{Name: "d", Group: "pool"}, State: scoring.StateDeregistered, SlotLostMS: 1000,
			Account: &sim.Result{FinalReturn: 0.75},
		},
	}
	res.Refused = []subnet.RefusedMiner{{Miner: subnet.Miner{Name: "c", Group: "late"}, Times: 3, LastMS: 1600}}
	v := Variant{Name: "v"}
	want := &Outcome{
		Variant: v,
		Miners: []MinerOutcome{
			{Name: "a", Group: "a", State: scoring.StateEliminated, FinalReturn: 0.75, Elimination: elimination, SlotLostMS: 1900},
			{Name: "b", Group: "pool", State: scoring.StateMain, FinalReturn: 1.5, Judgement: res.Miners[0].Judgement,
				Costs: sim.Costs{Carry: 0.625, Fee: 0.125, Slippage: 1}, Filled: 2, Rejected: 1, PromotedMS: 1200, Emission: 12},
			{Name: "c", Group: "late", State: StateRefused, FinalReturn: 1},
			{Name: "d", Group: "pool", State: scoring.StateDeregistered, FinalReturn: 0.75, SlotLostMS: 1000},
		},
		Promoted: 1, Eliminated: 1, Deregistered: 1, Refused: 1,
		Concentration: scoring.Known(0.75), MeanReturn: 1, Warnings: []string{"a doubt"},
	}
	if got := Reduce(v, res); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}
