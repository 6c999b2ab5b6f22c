package fact

import (
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// at follows names and numbers from 0.
func at(t *testing.T, n Node, path ...any) Node {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			i := n.Shape().Index(step)
			if i < 0 {
				t.Fatalf("no %q among %v", step, n.Shape().Names())
			}
			n = n.Field(i)
		case int:
			n = n.At(step)
		}
	}
	return n
}

func TestValuesOfFacts(t *testing.T) {
	pair, rank := "BTCUSD", 3
	filled := Instant(1_740_000_000_123)
	a := Account{
		FinalReturn: 1.25, RunDrawdown: math.Copysign(0, -1), MaxDrawdown: math.NaN(), Days: 7,
		Daily:       []Day{{Date: 86_400_000}, {Date: 2 * 86_400_000, LogReturn: scoring.Known(-0.5)}},
		Checkpoints: []Checkpoint{{Accum: 43_200_000}},
		Orders:      []Order{{Reason: "", Filled: &filled}, {Became: "rejected cooldown"}},
		Positions:   []Position{{Closed: true}},
		Elimination: &Elimination{Pair: &pair}, Warnings: []string{"first"},
	}
	for _, c := range []struct {
		path []any
		want condition.Value
	}{
		{[]any{"final_return"}, condition.Value{Kind: condition.Number, Number: 1.25}},
		{[]any{"max_drawdown"}, condition.Value{Kind: condition.Number, Null: true}},
		{[]any{"days"}, condition.Value{Kind: condition.Whole, Whole: 7}},
		{[]any{"daily", 0, "date"}, condition.Value{Kind: condition.Date, Whole: 86_400_000}},
		{[]any{"daily", 0, "log_return"}, condition.Value{Kind: condition.Number, Null: true}},
		{[]any{"daily", 1, "log_return"}, condition.Value{Kind: condition.Number, Number: -0.5}},
		{[]any{"checkpoints", 0, "accum"}, condition.Value{Kind: condition.Length, Whole: 43_200_000}},
		{[]any{"orders", 0, "reason"}, condition.Value{Kind: condition.Word}},
		{[]any{"orders", 0, "filled"}, condition.Value{Kind: condition.Instant, Whole: 1_740_000_000_123}},
		{[]any{"orders", 1, "filled"}, condition.Value{Kind: condition.Instant, Null: true}},
		{[]any{"orders", 1, "became"}, condition.Value{Kind: condition.Word, Text: "rejected cooldown"}},
		{[]any{"positions", 0, "closed"}, condition.Value{Kind: condition.YesNo, Yes: true}},
		{[]any{"elimination", "pair"}, condition.Value{Kind: condition.Text, Text: "BTCUSD"}},
		{[]any{"warnings", 0}, condition.Value{Kind: condition.Text, Text: "first"}},
	} {
		for _, n := range []Node{Of(a), Of(&a)} {
			if got := at(t, n, c.path...); got.Value() != c.want || got.Null() != c.want.Null {
				t.Errorf("%v: got %+v (null: %t), want %+v", c.path, got.Value(), got.Null(), c.want)
			}
		}
	}
	if v := at(t, Of(a), "max_drawdown_run").Value().Number; math.Signbit(v) {
		t.Error("zero has a sign")
	}
	if at(t, Of(a), "elimination").Null() || !at(t, Of(Account{}), "elimination").Null() {
		t.Error("an elimination exists where there is none, or none where there is one")
	}
	m := Miner{Judgement: Judgement{Miner: "alice", Rank: &rank}, Generation: 2}
	if got := at(t, Of(m), "rank").Value(); got.Whole != 3 {
		t.Errorf("through an embedded group: %+v", got)
	}
	if got := at(t, Of(m), "generation").Value(); got.Whole != 2 {
		t.Errorf("behind an embedded group: %+v", got)
	}
}

func TestElementsAreFoundByTheirKey(t *testing.T) {
	s := Of(Standing{Miners: []Judgement{{Miner: "alice"}, {Miner: "bob"}, {Miner: "bob", State: "challenge"}}})
	miners := at(t, s, "miners")
	for name, want := range map[string]int{"alice": 0, "bob": 1, "carol": -1, "": -1} {
		if got := miners.Find(condition.Value{Kind: condition.Text, Text: name}); got != want {
			t.Errorf("%q: got %d, want %d", name, got, want)
		}
	}
	a := Of(Account{Daily: []Day{{Date: 0}, {Date: 86_400_000}}, Warnings: []string{"x"}})
	if got := at(t, a, "daily").Find(condition.Value{Kind: condition.Date, Whole: 86_400_000}); got != 1 {
		t.Errorf("the second day is at %d", got)
	}
	if got := at(t, a, "warnings").Find(condition.Value{Kind: condition.Text, Text: "x"}); got != -1 {
		t.Errorf("a list without a key has it at %d", got)
	}
	if n := at(t, a, "daily").Len() + at(t, a, "orders").Len(); n != 2 {
		t.Errorf("the lists are %d long", n)
	}
}
