package condition

import (
	"math"
	"strings"
)

// Parse reads a condition on a value of that kind. The error is a *Problem: what was
// found and what is expected.
func Parse(text string, kind Kind) (Condition, error) {
	text = strings.TrimSpace(text)
	if text == "_" {
		return Condition{kind: kind, form: blank}, nil
	}
	sign, rest := cutSign(text)
	operand := strings.TrimSpace(rest)
	if sign != "" && operand == "" {
		return Condition{}, &Problem{quote(text) + " with nothing after it", kind.example() + " after it"}
	}
	if err := suits(sign, operand, kind); err != nil {
		return Condition{}, err
	}
	switch sign {
	case "":
		if low, high, ok := strings.Cut(text, ".."); ok && kind.ordered() {
			return parseRange(text, low, high, kind)
		}
		return parseExact(text, kind)
	case "==":
		c, err := parseExact(operand, kind)
		c.firm = true
		return c, err
	case "=":
		return parseFormula(operand, kind)
	}
	c := Condition{kind: kind, form: formOf(sign)}
	read := existing
	if sign == "!=" {
		read = ParseValue
	}
	var err error
	c.value, err = read(operand, kind)
	return c, err
}

// cutSign splits the sign that a condition begins with from the rest.
func cutSign(text string) (sign, rest string) {
	for _, sign := range [...]string{"<=", ">=", "==", "!=", "=<", "=>", "<", ">", "=", "~"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return sign, rest
		}
	}
	return "", text
}

// formOf is the comparison that a sign stands for.
func formOf(sign string) form {
	switch sign {
	case "<":
		return below
	case "<=":
		return atMost
	case ">=":
		return atLeast
	case ">":
		return above
	case "!=":
		return unequal
	default:
		return part
	}
}

// suits refuses a sign that says nothing about values of a kind.
func suits(sign, operand string, kind Kind) error {
	switch {
	case sign == "=<", sign == "=>":
		return &Problem{sign, sign[1:] + "="}
	case sign == "", sign == "==", sign == "!=", sign == "~" && kind.textual():
		return nil
	case sign == "~":
		return &Problem{"~, which looks for a part of a text", kind.example()}
	case kind.textual():
		return &Problem{sign + " before " + quote(operand),
			"a text, or one after ==, != or ~; a text that itself begins with " + sign + " stands in double quotes"}
	case sign == "=" && kind > Whole:
		return &Problem{"=, which begins a formula", kind.example() + "; a formula is of numbers"}
	case sign != "=" && !kind.ordered():
		return &Problem{sign + " before " + quote(operand), kind.example() + ", or one of them after == or !="}
	}
	return nil
}

// parseExact reads a value, and its tolerance if it has one.
func parseExact(text string, kind Kind) (Condition, error) {
	c := Condition{kind: kind}
	if kind.ordered() {
		if err := c.cutTolerance(&text, "±", "+-"); err != nil {
			return Condition{}, err
		}
	}
	var err error
	c.value, err = ParseValue(text, kind)
	if err == nil && c.value.Null && c.stated {
		err = &Problem{none + " with a tolerance", Number.example()}
	}
	if err != nil {
		return Condition{}, err
	}
	return c, nil
}

// cutTolerance takes the tolerance, after one of the signs, from the end of a text.
func (c *Condition) cutTolerance(text *string, signs ...string) (err error) {
	for _, sign := range signs {
		before, after, ok := strings.Cut(*text, sign)
		if !ok {
			continue
		}
		if c.kind != Number {
			return &Problem{sign + ", a tolerance", c.kind.example() + ", which is compared exactly; a range has two dots: 1 .. 2"}
		}
		c.tolerance, err = ParseTolerance(after)
		before = strings.TrimRight(before, " \t")
		c.stated, c.trail, *text = true, (*text)[len(before):], before
		return err
	}
	return nil
}

// parseRange reads the two ends of a range.
func parseRange(text, low, high string, kind Kind) (c Condition, err error) {
	c = Condition{kind: kind, form: within}
	low, high = strings.TrimSpace(low), strings.TrimSpace(high)
	if low == "" || high == "" || strings.HasPrefix(high, ".") {
		return Condition{}, &Problem{quote(text), "both ends of a range, such as 1 .. 2; >= and <= have one"}
	}
	if c.value, err = existing(low, kind); err != nil {
		return Condition{}, err
	}
	if c.upper, err = existing(high, kind); err != nil {
		return Condition{}, err
	}
	if compare(c.value, c.upper) > 0 {
		return Condition{}, &Problem{quote(text) + ", a range that holds nothing", "the smaller end first"}
	}
	return c, nil
}

// parseFormula reads arithmetic, and the tolerance after it. As "1 +-2" is a sum, +-
// is a tolerance only where spaces stand around it.
func parseFormula(text string, kind Kind) (Condition, error) {
	c := Condition{kind: kind}
	text = strings.Join(strings.Fields(text), " ")
	if err := c.cutTolerance(&text, "±", " +- "); err != nil {
		return Condition{}, err
	}
	if strings.Contains(text, "+-") {
		return Condition{}, &Problem{"+- in a formula", "± before a tolerance, or a space between the two"}
	}
	x, err := evaluate(text)
	if err != nil {
		return Condition{}, err
	}
	c.formula, c.value = text, Value{Kind: kind, Number: x}
	if kind == Whole {
		const exact = 1 << 53 // float64 holds all whole numbers up to here
		if x != math.Trunc(x) || math.Abs(x) > exact {
			return Condition{}, &Problem{quote(text) + ", which is " + number(x), "a formula of a whole number"}
		}
		c.value = Value{Kind: kind, Whole: int64(x)}
	}
	return c, nil
}
