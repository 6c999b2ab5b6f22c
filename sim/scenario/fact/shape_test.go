package fact

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
)

// vocabulary is every type of facts.
func vocabulary() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[Account](), reflect.TypeFor[Day](), reflect.TypeFor[Checkpoint](), reflect.TypeFor[PairLedger](),
		reflect.TypeFor[Order](), reflect.TypeFor[Counts](), reflect.TypeFor[ReasonCount](), reflect.TypeFor[Position](),
		reflect.TypeFor[Fill](), reflect.TypeFor[CarryCharge](), reflect.TypeFor[Costs](), reflect.TypeFor[Metrics](),
		reflect.TypeFor[Penalties](), reflect.TypeFor[Elimination](), reflect.TypeFor[Challenge](),
		reflect.TypeFor[Standing](), reflect.TypeFor[Judgement](),
		reflect.TypeFor[Tournament](), reflect.TypeFor[Miner](), reflect.TypeFor[Event](), reflect.TypeFor[Round](),
		reflect.TypeFor[Place](), reflect.TypeFor[Refused](),
	}
}

func TestEveryFactHasItsName(t *testing.T) {
	for _, of := range vocabulary() {
		s := shapeOf(of)
		blank := 0
		for i, f := range s.Fields {
			if f.Name == "" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
				t.Errorf("%s: a fact is called %q", of, f.Name)
			}
			if f.Doc == "" || strings.HasSuffix(f.Doc, ".") || len(f.Doc) > 130 {
				t.Errorf("%s.%s: its line is %q", of, f.Name, f.Doc)
			}
			if s.Index(f.Name) != i {
				t.Errorf("%s has two facts %q", of, f.Name)
			}
			if f.Blank {
				blank++
			}
		}
		if blank == 0 {
			t.Errorf("%s: a blank fills in nothing", of)
		}
	}
}

// A mark that is misspelt would be none, and of two marks one would be none.
func TestMarksAreKnownAndFewEnough(t *testing.T) {
	var count func(of reflect.Type, marks map[string]int)
	count = func(of reflect.Type, marks map[string]int) {
		for i := range of.NumField() {
			if f := of.Field(i); f.Anonymous {
				count(f.Type, marks)
			} else if _, list := tagOf(f); f.Tag.Get("fact") != list[0] {
				for _, mark := range list {
					marks[mark]++
				}
			}
		}
	}
	for _, of := range vocabulary() {
		marks := map[string]int{}
		count(of, marks)
		if marks["short"] > 1 || marks["key"] > 1 {
			t.Errorf("%s is marked %v", of, marks)
		}
		delete(marks, "")
		for mark := range marks {
			if !slices.Contains([]string{"short", "key", "blank", "present"}, mark) {
				t.Errorf("%s: there is no mark %q", of, mark)
			}
		}
	}
}

// outline writes a shape as a person would: a group in braces, a list in brackets with
// its key, the short field with a star.
func outline(s *Shape, depth int) string {
	kinds := []string{"number", "whole", "instant", "date", "length", "word", "text", "yesno"}
	null := ""
	if s.Nullable {
		null = "?"
	}
	switch {
	case s.Sort == Leaf:
		return kinds[s.Kind] + null
	case depth == 0:
		return "…" + null
	case s.Sort == List:
		key := ""
		if s.Key >= 0 {
			key = s.Elem.Fields[s.Key].Name + ": "
		}
		return "[" + key + outline(s.Elem, depth-1) + "]" + null
	}
	var parts []string
	for i, f := range s.Fields {
		star := ""
		if i == s.Short {
			star = "*"
		}
		parts = append(parts, fmt.Sprintf("%s%s %s", f.Name, star, outline(f.Shape, depth-1)))
	}
	return "{" + strings.Join(parts, ", ") + "}" + null
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		shape *Shape
		depth int
		want  string
	}{
		{ShapeOf[[]Day](), 2, "[date: {date date, log_return* number?}]"},
		{ShapeOf[*Elimination](), 1, "{time instant, reason* word, drawdown number, pair text?, price number?}?"},
		{ShapeOf[Counts](), 3, "{orders* whole, accepted whole, clamped whole, rejected whole, ignored whole, reasons [reason: {reason word, orders* whole}]}"},
		{ShapeOf[[]Fill](), 2, "[{time instant, order_type word, leverage* number, price number, slippage number}]"},
		{ShapeOf[PairLedger](), 1, "{pair text, checkpoints* …}"},
		{ShapeOf[[]string](), 1, "[text]"},
		// The facts of an embedded group stand where it does.
		{ShapeOf[[]Miner](), 2, "[miner: {miner text, state word, days whole, max_drawdown number, metrics …, percentiles …, penalties …, score number?, " +
			"weight number, emission_share number, rank* whole?, challenge …?, generation whole, registered instant, promoted instant?, out instant?, " +
			"slot_lost instant?, refusals whole, emission number, fee number, elimination …?, account …}]"},
	} {
		if got := outline(c.shape, c.depth); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

// A miner's account is one but for what nobody knows of it.
func TestMinersAccountLacksCarryAndDigest(t *testing.T) {
	whole := ShapeOf[Account]()
	miner := ShapeOf[Miner]()
	account := miner.Fields[miner.Index("account")].Shape
	want := slices.DeleteFunc(whole.Names(), func(name string) bool { return name == "carry" || name == "digest" })
	if got := account.Names(); !slices.Equal(got, want) || len(want) != len(whole.Fields)-2 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTypesThatAreNoFactsPanic(t *testing.T) {
	for name, shape := range map[string]func(){
		"a map":         func() { ShapeOf[map[string]int]() },
		"a function":    func() { ShapeOf[func()]() },
		"a bare struct": func() { ShapeOf[struct{ A int }]() },
		"without a doc": func() {
			ShapeOf[struct {
				A int `fact:"a"`
			}]()
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is a fact", name)
				}
			}()
			shape()
		}()
	}
}

func TestKindsOfLeaves(t *testing.T) {
	for of, want := range map[reflect.Type]condition.Kind{
		reflect.TypeFor[float64](): condition.Number, reflect.TypeFor[int](): condition.Whole, reflect.TypeFor[int64](): condition.Whole,
		reflect.TypeFor[Instant](): condition.Instant, reflect.TypeFor[Date](): condition.Date, reflect.TypeFor[Length](): condition.Length,
		reflect.TypeFor[Word](): condition.Word, reflect.TypeFor[string](): condition.Text, reflect.TypeFor[bool](): condition.YesNo,
	} {
		if s := shapeOf(of); s.Sort != Leaf || s.Kind != want || s.Nullable {
			t.Errorf("%s: %+v", of, s)
		}
	}
}

func BenchmarkShapeOfTournament(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ShapeOf[Tournament]()
	}
}
