package condition

import (
	"fmt"
	"math"
	"strings"
)

// Condition is what a value is expected to be.
type Condition struct {
	kind Kind
	form form

	value Value // the expected one, the bound, the lower end of a range, or the part of a text
	upper Value // end of a range

	tolerance Tolerance
	stated    bool // the condition says the tolerance itself

	formula string // the arithmetic that value is the result of; "" for none
	firm    bool   // an exact value stands after ==: as a bound, it is a person's to change
	trail   string // what stands after an exact value, as it was written: " ± 1e-9"
}

// form is how a value is compared.
type form uint8

const (
	equal form = iota
	unequal
	below
	atMost
	atLeast
	above
	within
	part
	blank
)

// sign is how a form is written before its value.
func (f form) sign() string {
	return [...]string{"", "!= ", "< ", "<= ", ">= ", "> ", "", "~ ", "_"}[f]
}

// Verdict is what a check came to.
type Verdict struct {
	Holds      bool
	Expected   string // as a person reads it: "1.5 ± 1e-09", of a formula its value and its text
	Got        string
	Difference string // got - expected, absolute and relative, or the distance in time; "" where there is none
}

// Check compares a value with what is expected. The tolerance is for a condition
// that states none itself, and is for Numbers alone: for one that is expected
// exactly, or that a formula derives. Bounds, ranges and != have none.
//
// A value that does not exist holds for null and for != of something else. It panics
// on a value of another kind than the condition's.
func (c Condition) Check(v Value, t Tolerance) Verdict {
	if v.Kind != c.kind && !v.Null {
		panic(fmt.Sprintf("condition: a %s is compared with what is expected of a %s", v.Kind, c.kind))
	}
	if c.stated {
		t = c.tolerance
	}
	return Verdict{
		Holds:      c.holds(v, t),
		Expected:   c.expected(t),
		Got:        v.String(),
		Difference: c.difference(v),
	}
}

func (c Condition) holds(v Value, t Tolerance) bool {
	switch {
	case c.form == blank || v.Kind == Number && math.IsNaN(v.Number):
		return false
	case c.value.Null:
		return v.Null == (c.form == equal)
	case v.Null:
		return false
	}
	switch c.form {
	case equal:
		if c.kind == Number {
			return t.takes(c.value.Number, v.Number)
		}
		return same(c.value, v)
	case unequal:
		return !same(c.value, v)
	case part:
		return strings.Contains(v.Text, c.value.Text)
	case within:
		return compare(c.value, v) <= 0 && compare(v, c.upper) <= 0
	}
	order := compare(v, c.value)
	switch c.form {
	case below:
		return order < 0
	case atMost:
		return order <= 0
	case atLeast:
		return order >= 0
	default:
		return order > 0
	}
}

// expected writes the condition as a person reads it, with the tolerance that it was
// checked with.
func (c Condition) expected(t Tolerance) string {
	if c.form == blank {
		return c.form.sign()
	}
	text := c.form.sign() + c.value.String()
	if c.form == within {
		text += " .. " + c.upper.String()
	}
	exact := c.form == equal && c.kind == Number && !c.value.Null
	if exact && (c.stated || t != Tolerance{}) {
		text += " ± " + t.String()
	}
	if c.formula != "" {
		text += " (= " + c.formula + ")"
	}
	return text
}

// String writes the condition as a person reads it.
func (c Condition) String() string { return c.expected(c.tolerance) }

// Blank reports whether the condition is one to be filled in. It holds for nothing.
func (c Condition) Blank() bool { return c.form == blank }

// Word is the whole text that a Word or a Text is compared with; ok is false of a part
// of one, of null and of what has no text.
func (c Condition) Word() (text string, ok bool) {
	return c.value.Text, c.kind.textual() && (c.form == equal || c.form == unequal) && !c.value.Null
}

// Rewrite is the condition's text with the value in place of the expected one: what
// check --update writes. Of "1.5 ± 1e-9" the tolerance stays. ok is false where only
// a person can say what is meant: a bound, what stands after ==, a range, a formula, a
// part of a text.
func (c Condition) Rewrite(v Value) (text string, ok bool) {
	switch {
	case c.form == blank:
		return v.String(), true
	case c.form != equal || c.firm || c.formula != "":
		return "", false
	case v.Null:
		return none, true
	}
	return v.String() + c.trail, true
}
