package sweep

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// attribute attributes the difference between the default set and one with overrides
// that s plays.
func attribute(t *testing.T, s *stage, overrides ...string) *Attribution {
	t.Helper()
	from := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	to := Variant{Name: "new", Rules: ruleSet(t, rules.Default, overrides...)}
	a, err := Attribute(context.Background(), from, to, s.play, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Compound carry costs a miner a quarter; a temperature of 0.25 gives b a quarter of
// all weight; the floor of the recency weights does nothing here. None has to do with
// another, so that each does the same first and last, and nothing is left over.
func TestAttributeSeparatesChangesThatHaveNothingToDoWithEachOther(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		ret, share := 1.5, 1.0
		if set.Carry.Rate == rules.CarryCompound {
			ret = 1.25
		}
		if set.Competition.SoftmaxTemperature == 0.25 {
			share = 0.75
		}
		return resultOf(miner{"a", inMain, ret, share, 1, 3}, miner{"b", inMain, 1.1, 1 - share, 2, 1})
	}}
	a := attribute(t, s, "carry.rate=compound", "recency.floor=0.5", "competition.softmax_temperature=0.25")
	idle := []MinerDifference{
		{Name: "a", Before: inMain, After: inMain, Ranked: true},
		{Name: "b", Before: inMain, After: inMain, Ranked: true},
	}
	changed := func(a, b MinerDifference) []MinerDifference {
		miners := slices.Clone(idle)
		miners[0].Return, miners[0].Weight = a.Return, a.Weight
		miners[1].Return, miners[1].Weight = b.Return, b.Weight
		return miners
	}
	carry := Difference{MeanReturn: -0.125, Miners: changed(MinerDifference{Return: -0.25}, MinerDifference{})}
	softmax := Difference{Moved: 0.25, Miners: changed(MinerDifference{Weight: -0.25}, MinerDifference{Weight: 0.25})}
	for i, want := range []struct {
		name string
		of   Difference
	}{{"carry.rate", carry}, {"recency.floor", Difference{Miners: idle}}, {"competition.softmax_temperature", softmax}} {
		got := a.Effects[i]
		if got.Change.Name != want.name || got.Interacts || !reflect.DeepEqual(got.First, want.of) || !reflect.DeepEqual(got.Last, want.of) {
			t.Errorf("got\n%+v\nwant the change %s, first and last\n%+v", got, want.name, want.of)
		}
	}
	total := Difference{MeanReturn: -0.125, Moved: 0.25, Miners: changed(MinerDifference{Return: -0.25, Weight: -0.25}, MinerDifference{Weight: 0.25})}
	if !reflect.DeepEqual(a.Total, total) {
		t.Errorf("the total is\n%+v\nwant\n%+v", a.Total, total)
	}
	left := Difference{Miners: slices.Clone(idle)}
	for i := range left.Miners {
		left.Miners[i].Before, left.Miners[i].After = "", ""
	}
	if !reflect.DeepEqual(a.Residual, left) {
		t.Errorf("the residual is\n%+v\nwant nothing: \n%+v", a.Residual, left)
	}
	if a.From.Variant.Name != "old" || a.To.Variant.Name != "new" || a.FromMS != 1000 || a.ToMS != 2000 {
		t.Errorf("it is of %s and %s, %d to %d", a.From.Variant.Name, a.To.Variant.Name, a.FromMS, a.ToMS)
	}
}

func TestAttributePlaysInAFixedOrder(t *testing.T) {
	s := &stage{of: func(*rules.Set) *subnet.Result { return resultOf() }}
	var last [2]int
	from := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	to := Variant{Name: "new", Rules: ruleSet(t, rules.Default, "weights={calmar: 0.4, sharpe: 0}", "drawdown.limit=0.2")}
	_, err := Attribute(context.Background(), from, to, s.play, func(done, total int) { last = [2]int{done, total} })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"old", "new", "old + drawdown.limit", "new - drawdown.limit", "old + weights", "new - weights"}
	if !slices.Equal(s.played, want) {
		t.Errorf("played %v, want %v", s.played, want)
	}
	if last != [2]int{6, 6} {
		t.Errorf("progress ends at %v, want 6 of 6", last)
	}
}

// Neither a tighter limit nor compound carry eliminates a, but both together do. Its
// return falls to 0.5 then, else it is 1. First, each change does nothing; last,
// each does it all; the residual is all of the total:
//
//	mean return  (0.5 - 1)/2 = -0.25
//	moved        a's half
//	ranks        b is second, and first where a is out; a has none then
func TestAttributeShowsChangesThatOnlyTogetherEliminate(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		if set.Carry.Rate == rules.CarryCompound && set.Drawdown.Limit == 0.0625 {
			return resultOf(miner{"a", eliminated, 0.5, 0, 0, 1}, miner{"b", inMain, 1, 1, 1, 3})
		}
		return resultOf(miner{"a", inMain, 1, 0.5, 1, 2}, miner{"b", inMain, 1, 0.5, 2, 2})
	}}
	a := attribute(t, s, "carry.rate=compound", "drawdown.limit=0.0625")
	together := Difference{
		MeanReturn: -0.25, Eliminated: 1, Moved: 0.5, EmissionMoved: 0.25, Ranks: 1,
		Miners: []MinerDifference{
			{Name: "a", Return: -0.5, Before: inMain, After: eliminated, Weight: -0.5, Emission: -0.25},
			{Name: "b", Before: inMain, After: inMain, Weight: 0.5, Emission: 0.25, Rank: 1, Ranked: true},
		},
	}
	if len(a.Effects) != 2 {
		t.Fatalf("%d effects, want 2", len(a.Effects))
	}
	for _, e := range a.Effects {
		if e.First.Eliminated != 0 || e.First.MeanReturn != 0 || e.First.Moved != 0 || len(e.First.moved()) != 0 {
			t.Errorf("%s alone does %+v, want nothing", e.Change.Name, e.First)
		}
		if !reflect.DeepEqual(e.Last, together) || !e.Interacts {
			t.Errorf("%s last does\n%+v (interacts: %v), want all\n%+v", e.Change.Name, e.Last, e.Interacts, together)
		}
	}
	if !reflect.DeepEqual(a.Total, together) {
		t.Errorf("the total is\n%+v\nwant\n%+v", a.Total, together)
	}
	left := together
	left.Miners = slices.Clone(together.Miners)
	left.Miners[0].Before, left.Miners[0].After = "", ""
	left.Miners[1].Before, left.Miners[1].After = "", ""
	if !reflect.DeepEqual(a.Residual, left) {
		t.Errorf("the residual is\n%+v\nwant\n%+v", a.Residual, left)
	}
}

// Each change eliminates a by itself, so that together they do it once: what they do
// first sums to 2, and -1 is left over. Last, nothing is left to do.
func TestAttributeShowsChangesThatDoTheSame(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		if set.Carry.Rate == rules.CarryCompound || set.Drawdown.Limit == 0.0625 {
			return resultOf(miner{"a", eliminated, 0.5, 0, 0, 0})
		}
		return resultOf(miner{"a", inMain, 1, 0, 0, 0})
	}}
	a := attribute(t, s, "carry.rate=compound", "drawdown.limit=0.0625")
	for _, e := range a.Effects {
		if e.First.Eliminated != 1 || e.First.MeanReturn != -0.5 || e.Last.Eliminated != 0 || e.Last.MeanReturn != 0 || !e.Interacts {
			t.Errorf("%s: got %+v, want one eliminated first, none last", e.Change.Name, e)
		}
	}
	if a.Total.Eliminated != 1 || a.Residual.Eliminated != -1 || a.Residual.MeanReturn != 0.5 || a.Residual.Miners[0].Return != 0.5 {
		t.Errorf("got the total %+v and the residual %+v, want 1 and -1 eliminated, -0.5 and 0.5 of the return", a.Total, a.Residual)
	}
}

// First, the limit eliminates a; last, b: as many, but not the same.
func TestAttributeTellsAnInteractionByWhoChanged(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		a, b := inMain, inMain
		if set.Drawdown.Limit == 0.0625 {
			if a = eliminated; set.Carry.Rate == rules.CarryCompound {
				a, b = b, a
			}
		}
		return resultOf(miner{"a", a, 1, 0, 0, 0}, miner{"b", b, 1, 0, 0, 0})
	}}
	a := attribute(t, s, "carry.rate=compound", "drawdown.limit=0.0625")
	for _, e := range a.Effects {
		if !e.Interacts {
			t.Errorf("%s does not interact: %+v", e.Change.Name, e)
		}
	}
}

func TestAttributeRefuses(t *testing.T) {
	old := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	limit := Variant{Name: "new", Rules: ruleSet(t, rules.Default, "drawdown.limit=0.2", "carry.rate=compound")}
	broken := func(v Variant) (*subnet.Result, error) {
		if v.Name == "new - drawdown.limit" {
			return nil, errors.New("no candles")
		}
		return resultOf(), nil
	}
	for name, tt := range map[string]struct {
		from, to Variant
		want     string
	}{
		"sets of the same rules": {old, Variant{Name: "again", Rules: ruleSet(t, rules.Default)}, "found no difference between the rules of old and again"},
		"a name twice":           {old, Variant{Name: "old", Rules: limit.Rules}, `two variants of the name "old"`},
		"a broken play":          {old, limit, "variant new - drawdown.limit: no candles"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Attribute(context.Background(), tt.from, tt.to, broken, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// The successor s is there but under the first change alone, so that the means are not
// all of the same miners, and what is left of them is no mean of what is left of the
// miners (a has -0.5 left, s nothing):
//
//	first   a's -0.5/1, and nothing of the other change
//	total   (-1 + 0)/2 = -0.5, so that nothing is left over
func TestResidualOfTheMeanWhereASuccessorRegistered(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		compound, strict := set.Carry.Rate == rules.CarryCompound, set.Drawdown.Limit == 0.0625
		a, s := miner{"a", inMain, 1.5, 0, 0, 0}, miner{"s", inMain, 1, 0, 0, 0}
		switch {
		case compound && strict:
			a.ret = 0.5
		case compound:
			a.ret = 1
			return resultOf(a)
		}
		return resultOf(a, s)
	}}
	a := attribute(t, s, "carry.rate=compound", "drawdown.limit=0.0625")
	if got := a.Effects[0].First.MeanReturn; got != -0.5 {
		t.Errorf("the first change moves the mean return by %v, want -0.5", got)
	}
	if a.Total.MeanReturn != -0.5 || a.Residual.MeanReturn != 0 {
		t.Errorf("the total is %v, and %v is left over, want -0.5 and 0", a.Total.MeanReturn, a.Residual.MeanReturn)
	}
}

// Two changes of a miner each: nothing is left over, not even what rounding three means
// would leave, (-0.1 - 0.3)/3 + 0.1/3 + 0.3/3, which is not 0 in binary.
func TestResidualOfTheSameMinersHasNoRounding(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		x, y := 1.0, 1.0
		if set.Carry.Rate == rules.CarryCompound {
			x = 0.9
		}
		if set.Drawdown.Limit == 0.0625 {
			y = 0.7
		}
		return resultOf(miner{"a", inMain, x, 0, 0, 0}, miner{"b", inMain, y, 0, 0, 0}, miner{"c", inMain, 1, 0, 0, 0})
	}}
	a := attribute(t, s, "carry.rate=compound", "drawdown.limit=0.0625")
	if a.Total.MeanReturn-a.Effects[0].First.MeanReturn-a.Effects[1].First.MeanReturn == 0 {
		t.Fatal("the numbers are such that nothing rounds")
	}
	if a.Residual.MeanReturn != 0 {
		t.Errorf("%v is left over, want 0", a.Residual.MeanReturn)
	}
}
