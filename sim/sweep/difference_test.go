package sweep

import (
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

const (
	inMain     = scoring.StateMain
	eliminated = scoring.StateEliminated
	challenger = scoring.StateChallenge
)

// Two miners: a is eliminated, and b takes its place.
//
//	mean return     (-0.75 + 0.5)/2 = -0.125
//	moved           a loses 0.75 of the weight
//	emission moved  a had 30 of 40 and has 10 of 40: 0.5
//	ranks           b alone is ranked before and after: 1
func TestDifferenceOfTwoMiners(t *testing.T) {
	before := outcomeOf(miner{"a", inMain, 1.25, 0.75, 1, 30}, miner{"b", inMain, 1, 0.25, 2, 10})
	after := outcomeOf(miner{"b", inMain, 1.5, 1, 1, 30}, miner{"a", eliminated, 0.5, 0, 0, 10})
	want := Difference{
		MeanReturn: -0.125, Eliminated: 1, Moved: 0.75, EmissionMoved: 0.5, Ranks: 1,
		Miners: []MinerDifference{
			{Name: "a", Return: -0.75, Before: inMain, After: eliminated, Weight: -0.75, Emission: -0.5},
			{Name: "b", Return: 0.5, Before: inMain, After: inMain, Weight: 0.75, Emission: 0.5, Rank: 1, Ranked: true},
		},
	}
	if got := before.Difference(after); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	back := after.Difference(before)
	if back.MeanReturn != 0.125 || back.Eliminated != -1 || back.Moved != 0.75 || back.Miners[1].Rank != -1 {
		t.Errorf("the way back is %+v", back)
	}
}

func TestDifferenceOfAnOutcomeWithItselfIsNothing(t *testing.T) {
	o := outcomeOf(miner{"a", inMain, 1.1, 0.7, 1, 0.3}, miner{"b", challenger, 0.9, 0.3, 0, 0.1})
	got := o.Difference(o)
	want := Difference{Miners: []MinerDifference{
		{Name: "a", Before: inMain, After: inMain, Ranked: true},
		{Name: "b", Before: challenger, After: challenger},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A successor is there after, and not before: the mean is of the two that are there
// both times, (0 - 0.5)/2 = -0.25, though that of all goes from 1 to (1 + 0.5 + 3)/3 =
// 1.5; the successor's weight is all won.
func TestDifferenceWhereASuccessorRegistered(t *testing.T) {
	before := outcomeOf(miner{"a", inMain, 1, 0.5, 1, 0}, miner{"b", inMain, 1, 0.5, 1, 0})
	after := outcomeOf(miner{"a", inMain, 1, 0.5, 1, 0}, miner{"b", eliminated, 0.5, 0, 0, 0}, miner{"b~2", inMain, 3, 0.5, 1, 0})
	got := before.Difference(after)
	if got.MeanReturn != -0.25 {
		t.Errorf("the mean return moves by %v, want -0.25", got.MeanReturn)
	}
	if got.Moved != 0.5 || got.EmissionMoved != 0 || got.Ranks != 0 {
		t.Errorf("got %+v, want half of the weight moved, no emission and no ranks", got)
	}
	want := MinerDifference{Name: "b~2", After: inMain, Weight: 0.5}
	if len(got.Miners) != 3 || got.Miners[2] != want {
		t.Errorf("got %+v, want %+v last", got.Miners, want)
	}
	if left := after.Difference(before).Miners[2]; left != (MinerDifference{Name: "b~2", Before: inMain, Weight: -0.5}) {
		t.Errorf("the way back is %+v", left)
	}
}

// Who is counted is no effect: of miners that all are as they were, beside one that is
// there on one side, nothing is different, and nothing of nobody at all.
func TestDifferenceOfWhoIsCountedIsNoReturn(t *testing.T) {
	few := outcomeOf(miner{"a", inMain, 1.5, 0, 0, 0})
	many := outcomeOf(miner{"a", inMain, 1.5, 0, 0, 0}, miner{"a~2", challenger, 0.25, 0, 0, 0})
	others := outcomeOf(miner{"b", inMain, 0.75, 0, 0, 0})
	for _, d := range []Difference{few.Difference(many), many.Difference(few), few.Difference(others)} {
		if d.MeanReturn != 0 {
			t.Errorf("the mean return moves by %v, want 0", d.MeanReturn)
		}
	}
}

func TestDifferenceWhereNobodyHadWeight(t *testing.T) {
	before := outcomeOf(miner{"a", challenger, 1, 0, 0, 0})
	after := outcomeOf(miner{"a", inMain, 1, 1, 1, 5})
	if d := before.Difference(after); d.Moved != 1 || d.EmissionMoved != 1 {
		t.Errorf("moved %v of the weight and %v of the emission, want all", d.Moved, d.EmissionMoved)
	}
}

// What happens to one miner does not depend on how the others' returns round: 0.1 and
// 0.7 have no exact sum.
func TestDifferenceOfTheMeanIsOfTheMinersAlone(t *testing.T) {
	of := func(a, b float64) *Outcome {
		return outcomeOf(miner{"a", inMain, a, 0, 0, 0}, miner{"b", inMain, b, 0, 0, 0})
	}
	first := of(0.1, 1).Difference(of(0.1, 1.25))
	last := of(0.7, 1).Difference(of(0.7, 1.25))
	if first.MeanReturn != 0.125 || last.MeanReturn != 0.125 {
		t.Errorf("got %v and %v, want 0.125", first.MeanReturn, last.MeanReturn)
	}
}

func TestStateChangesTellWhoAndWhy(t *testing.T) {
	before := outcomeOf(miner{"a", inMain, 1, 0, 0, 0}, miner{"b", eliminated, 1, 0, 0, 0}, miner{"c", inMain, 1, 0, 0, 0})
	after := outcomeOf(miner{"a", eliminated, 1, 0, 0, 0}, miner{"b", challenger, 1, 0, 0, 0}, miner{"c", inMain, 1, 0, 0, 0}, miner{"d", inMain, 1, 0, 0, 0})
	end := &sim.Elimination{TimeMS: 1500, Reason: sim.MaxTotalDrawdown, Drawdown: 0.125}
	want := []StateChange{
		{Name: "a", Group: "g", Before: inMain, After: eliminated, Elimination: end},
		{Name: "b", Group: "g", Before: eliminated, After: challenger, Elimination: end},
		{Name: "d", Group: "g", After: inMain},
	}
	if got := StateChanges(before, after); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
