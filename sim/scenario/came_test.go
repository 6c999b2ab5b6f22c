package scenario

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

func TestWhatCameIsALine(t *testing.T) {
	one := 1
	for _, c := range []struct{ got, want string }{
		{cameOfAccount(&fact.Account{FinalReturn: 1}), "no orders; return 0.00 %"},
		{cameOfAccount(&fact.Account{
			FinalReturn: 0.968, Elimination: &fact.Elimination{Time: 1741428000000, Reason: "MAX_TOTAL_DRAWDOWN"}, // 2025-03-08 10:00
			Counts: fact.Counts{Orders: 6, Accepted: 3, Rejected: 2, Reasons: []fact.ReasonCount{{Reason: "cooldown", Orders: 2}}},
		}), "6 orders: 3 accepted, 2 rejected, 1 waiting (cooldown 2); eliminated 2025-03-08T10:00:00Z for MAX_TOTAL_DRAWDOWN; return -3.20 %"},
		{cameOfStanding(&fact.Standing{}), "no miners"},
		{cameOfTournament(&fact.Tournament{
			Miners: []fact.Miner{
				{Judgement: fact.Judgement{Miner: "alice", State: "main", Rank: &one, EmissionShare: 0.75}},
				{Judgement: fact.Judgement{Miner: "bob", State: "challenge"}},
			},
			Refused: []fact.Refused{{Miner: "carol"}},
		}), "2 miners: 1 main, 1 challenge; the best is alice with 75.00 % of the emission; 1 never got a slot"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
