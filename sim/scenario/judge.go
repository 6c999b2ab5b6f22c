package scenario

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// Judge returns what does not hold of what is expected, in the order of the file.
func Judge(s *Scenario, facts fact.Node) []Finding {
	j := judge{tolerance: s.Tolerance}
	if s.Expect.Error != "" {
		j.found(&s.Expect, Finding{Missing: true, Verdict: condition.Verdict{
			Expected: fmt.Sprintf("an error that says %q", s.Expect.Error), Got: "no error",
		}})
		return j.findings
	}
	j.judge(&s.Expect, facts)
	return j.findings
}

// judge compares expectations with facts.
type judge struct {
	tolerance condition.Tolerance
	findings  []Finding
}

// extraMax is how many elements too many a list is told of one by one.
const extraMax = 20

// found adds a finding of an expectation. It has its place, and its path if it has none
// of its own.
func (j *judge) found(of *Expectation, f Finding) {
	f.Path = cmp.Or(f.Path, of.Path)
	f.Line, f.Column, f.of = of.At.Line, of.At.Column, of
	j.findings = append(j.findings, f)
}

func (j *judge) judge(e *Expectation, n fact.Node) {
	sort := n.Shape().Sort
	switch {
	case sort == fact.Leaf && !e.Absent:
		if v := e.Condition.Check(n.Value(), j.tolerance); !v.Holds {
			j.found(e, Finding{Verdict: v, Blank: e.Condition.Blank()})
		}
	case e.Absent:
		if !n.Null() {
			extra := sort != fact.Leaf || !e.Shape.Nullable
			j.found(e, Finding{Extra: extra, Verdict: condition.Verdict{Expected: j.wanted(e), Got: summary(n)}})
		}
	case e.Condition != nil:
		j.found(e, Finding{Blank: true, Verdict: condition.Verdict{Expected: j.wanted(e), Got: summary(n)}})
	case n.Null() && e.takesNull():
	case n.Null():
		j.found(e, Finding{Missing: true, Verdict: condition.Verdict{Expected: j.wanted(e), Got: "null"}})
	case sort == fact.Group:
		for i := range e.Fields {
			f := &e.Fields[i]
			j.judge(&f.Expectation, n.Field(f.Field))
		}
	case e.Whole:
		j.whole(e, n)
	default:
		j.some(e, n)
	}
}

// whole compares a list with all that it is expected to have, and nothing else.
func (j *judge) whole(e *Expectation, n fact.Node) {
	for i := range e.Items {
		j.element(&e.Items[i], n, i, nil)
	}
	wanted := "no more than " + elementCount(len(e.Items))
	if len(e.Items) == 0 {
		wanted = elementCount(0)
	}
	for i := len(e.Items); i < n.Len(); i++ {
		extra := Finding{Extra: true, Verdict: condition.Verdict{Expected: wanted}}
		if i == len(e.Items)+extraMax {
			extra.Got = fmt.Sprintf("and %d more", n.Len()-i)
			j.found(e, extra)
			return
		}
		extra.Path, extra.Got = fmt.Sprintf("%s[%d]", e.Path, i+1), summary(n.At(i))
		j.found(e, extra)
	}
}

// some compares some elements of a list, and how many there are.
func (j *judge) some(e *Expectation, n fact.Node) {
	counted := e.Count == nil
	for i := range e.Some {
		s := &e.Some[i]
		if !counted && before(e.Count.At, s.At) {
			j.count(e, n)
			counted = true
		}
		j.element(&s.Expectation, n, s.in(n), s.Key)
	}
	if !counted {
		j.count(e, n)
	}
}

func before(a, b Place) bool { return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column }

// element compares the element of a list at a place, from 0; there may be none. The key
// is what it was looked for by; nil: by its number.
func (j *judge) element(e *Expectation, list fact.Node, at int, key *condition.Value) {
	if 0 <= at && at < list.Len() {
		j.judge(e, list.At(at))
		return
	}
	if e.Absent {
		return
	}
	j.found(e, Finding{Missing: true, Verdict: condition.Verdict{Expected: j.wanted(e), Got: none(list, key)}})
}

// none says that a list has no such element, and which it has.
func none(list fact.Node, key *condition.Value) string {
	if key == nil || list.Len() == 0 {
		return "none of " + elementCount(list.Len())
	}
	return "none; there is " + keys(list, *key)
}

// keys names what elements of a list are found by: a few, and the one that was meant.
func keys(list fact.Node, wanted condition.Value) string {
	const few = 3
	names := make([]string, list.Len())
	for i := range names {
		names[i] = list.At(i).Field(list.Shape().Key).Value().String()
	}
	text := strings.Join(names[:min(few, len(names))], ", ")
	if more := len(names) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more) + suggest.DidYouMean(wanted.String(), names)
	}
	return text
}

func (j *judge) count(e *Expectation, n fact.Node) {
	v := e.Count.Check(condition.Value{Kind: condition.Whole, Whole: int64(n.Len())}, condition.Tolerance{})
	if v.Holds {
		return
	}
	j.findings = append(j.findings, Finding{
		Path: e.Count.Path, Line: e.Count.At.Line, Column: e.Count.At.Column, Verdict: v, Blank: e.Count.Blank(), of: e,
	})
}

// summaryMax is how many facts of a group a summary tells.
const summaryMax = 4

// wanted says in a line what an expectation is.
func (j *judge) wanted(e *Expectation) string {
	switch {
	case e.Absent && !e.Shape.Nullable: // an element of a list
		return "no such element"
	case e.Absent:
		return "null"
	case e.Condition != nil:
		return e.Condition.Check(condition.Value{Kind: e.Shape.Kind, Null: true}, j.tolerance).Expected
	case e.Shape.Sort == fact.Group:
		if len(e.Fields) == 1 && e.Fields[0].Field == e.Shape.Short {
			return j.wanted(&e.Fields[0].Expectation)
		}
		var parts []string
		for i := range e.Fields {
			f := &e.Fields[i]
			parts = append(parts, e.Shape.Fields[f.Field].Name+": "+j.wanted(&f.Expectation))
		}
		return joined(parts)
	case e.Whole:
		return elementCount(len(e.Items))
	}
	return "elements"
}

// summary says in a line what a fact is: of a group its short fact, or the first.
func summary(n fact.Node) string {
	switch shape := n.Shape(); {
	case n.Null():
		return "null"
	case shape.Sort == fact.Leaf:
		return n.Value().String()
	case shape.Sort == fact.List:
		return elementCount(n.Len())
	case shape.Short >= 0 && !n.Field(shape.Short).Null():
		return summary(n.Field(shape.Short))
	default:
		var parts []string
		for i, f := range shape.Fields {
			if f.Shape.Sort == fact.Leaf {
				parts = append(parts, f.Name+": "+summary(n.Field(i)))
			}
		}
		return joined(parts)
	}
}

func joined(parts []string) string {
	if len(parts) > summaryMax {
		parts = append(parts[:summaryMax:summaryMax], "…")
	}
	return strings.Join(parts, ", ")
}

func elementCount(n int) string {
	switch n {
	case 0:
		return "an empty list"
	case 1:
		return "1 element"
	}
	return fmt.Sprintf("%d elements", n)
}
