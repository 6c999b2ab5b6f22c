package scenario

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// Requirement is what one fact of a play has to be, in a line: its path, and a
// condition on it.
//
//	max_drawdown < 0.08
//	challenge.verdict == passed
//	orders.count >= 1
//	positions.-1.return_at_close > 1
//	daily.2025-03-04 > 0
//	elimination == null
//
// An element of a list is found by its number (1 is the first, -1 the last) or by its
// key; in brackets, and there in quotes if it must be, the key may have any letters:
// miners["a.b"].score. A group stands for its short fact.
type Requirement struct {
	Text      string // as it was written
	Path      string // as findings have it: daily[2025-03-04].log_return
	condition condition.Condition
	steps     []step
}

// ParseRequirement reads a requirement on facts of that shape. The error says what was
// found, what is expected, and what there is in its place.
func ParseRequirement(text string, shape *fact.Shape) (Requirement, error) {
	q := Requirement{Text: strings.TrimSpace(text)}
	path, rest := cutPath(q.Text)
	leaf, err := q.resolve(path, shape)
	if err != nil {
		return Requirement{}, err
	}
	if rest = strings.TrimSpace(rest); rest == "" {
		return Requirement{}, &condition.Problem{Found: q.Path + " without a condition", Expected: "one after it, such as " + exampleOf(leaf)}
	}
	q.condition, err = parseCondition(rest, leaf)
	switch {
	case err != nil:
		return Requirement{}, fmt.Errorf("%s: %w", q.Path, err)
	case q.condition.Blank():
		return Requirement{}, &condition.Problem{Found: q.Path + " with a blank, which nothing fills in", Expected: "a condition, such as " + exampleOf(leaf)}
	}
	return q, nil
}

func exampleOf(leaf *fact.Shape) string {
	switch leaf.Kind {
	case condition.Number:
		return "< 0.08"
	case condition.Whole:
		return ">= 1"
	case condition.Instant, condition.Date:
		return ">= 2025-03-03"
	case condition.Length:
		return "<= 12h"
	case condition.YesNo:
		return "== true"
	}
	return "== TEXT, or ~ PART"
}

// Check compares what a play has there with what is required. A fact that does not
// exist is null, and Got says why.
func (q Requirement) Check(facts fact.Node) condition.Verdict {
	value, lack := q.find(facts)
	verdict := q.condition.Check(value, condition.Tolerance{})
	if lack != "" {
		verdict.Got += ": " + lack
	}
	return verdict
}

// find returns the value of the path, or says what is lacking.
func (q Requirement) find(n fact.Node) (v condition.Value, lack string) {
	null := condition.Value{Null: true}
	for _, s := range q.steps {
		if n.Null() {
			return null, "there is no " + s.of
		}
		switch {
		case s.count:
			return condition.Value{Kind: condition.Whole, Whole: int64(n.Len())}, ""
		case s.field >= 0:
			n = n.Field(s.field)
			continue
		}
		i := placeIn(n, s.key, s.number)
		if i < 0 {
			if s.key != nil && n.Len() > 0 {
				return null, fmt.Sprintf("there is no %s; there is %s", s.to, keys(n, *s.key))
			}
			return null, fmt.Sprintf("there is no %s: %s has %d", s.to, s.of, n.Len())
		}
		n = n.At(i)
	}
	if v = n.Value(); v.Null {
		lack = "there is no such value"
	}
	return v, lack
}

// step leads from a fact to one within it: to a field, to an element, or to how many
// elements there are.
type step struct {
	of, to string           // the paths that it begins and ends at
	field  int              // index in the shape's Fields; -1: another step
	key    *condition.Value // of an element
	number int              // or its number: 1 is the first, -1 the last
	count  bool
}
