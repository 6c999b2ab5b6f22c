package condition

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Kind is what sort of value a fact is: it decides how a text for it is read, and
// how it is written.
type Kind uint8

// The kinds.
const (
	Number  Kind = iota // a float64
	Whole               // a whole number
	Instant             // UTC ms, written as 2025-03-03T00:00:00Z; with milliseconds where it has some
	Date                // UTC ms of a midnight, written as 2025-03-03
	Length              // ms, written as a rule file has it: 12h, 90m, 1d, 250ms
	Word                // a text of a fixed vocabulary: accepted
	Text                // any other text
	YesNo               // true or false
)

// String names the kind as a person does: "whole number".
func (k Kind) String() string {
	return [...]string{"number", "whole number", "time", "date", "length of time", "word", "text", "true or false"}[k]
}

// example is what a value of the kind looks like, for an error.
func (k Kind) example() string {
	return [...]string{
		"a number, such as 1.5 or -2e-3",
		"a whole number, such as 3",
		"a time with its zone, such as 2025-03-03T12:00:00Z, or a date",
		"a date, such as 2025-03-03",
		"a length of time: a whole number with a unit, such as 250ms, 60s, 5m, 12h or 90d, or 0",
		"a word", "a text", "true or false",
	}[k]
}

func (k Kind) textual() bool { return k == Word || k == Text }
func (k Kind) ordered() bool { return k <= Length }

// Value is one value that was found, or none.
type Value struct {
	Kind   Kind
	Null   bool    // it does not exist
	Number float64 // of a Number
	Whole  int64   // of a Whole, an Instant, a Date (both UTC ms) and a Length (ms)
	Text   string  // of a Word and a Text
	Yes    bool    // of a YesNo
}

// none is how a value that does not exist is written.
const none = "null"

// String writes a value so that Parse reads it as exactly that: what --update fills
// in. "null" for one that does not exist. A text that Parse would read as something
// else is in double quotes; where YAML is written, those are part of the text, and
// need quotes around them.
func (v Value) String() string {
	if v.Null {
		return none
	}
	switch v.Kind {
	case Number:
		return number(v.Number)
	case Whole:
		return strconv.FormatInt(v.Whole, 10)
	case Instant:
		return time.UnixMilli(v.Whole).UTC().Format(time.RFC3339Nano)
	case Date:
		return time.UnixMilli(v.Whole).UTC().Format(time.DateOnly)
	case Length:
		return rules.Duration(v.Whole).String()
	case YesNo:
		return strconv.FormatBool(v.Yes)
	}
	if plain(v.Text, v.Kind) {
		return v.Text
	}
	return strconv.Quote(v.Text)
}

// plain reports whether a text without quotes is read as exactly itself.
func plain(text string, kind Kind) bool {
	if text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	c, err := Parse(text, kind)
	return err == nil && c.form == equal && !c.value.Null && c.value.Text == text
}

// ParseValue reads a value as String writes it, and the other forms that stand for
// one in a condition: 1.50, 2025-03-03T13:00+01:00.
func ParseValue(text string, kind Kind) (Value, error) {
	text = strings.TrimSpace(text)
	if text == none {
		return Value{Kind: kind, Null: true}, nil
	}
	return existing(text, kind)
}

// existing reads a value that is not null.
func existing(text string, kind Kind) (v Value, err error) {
	v.Kind = kind
	ok := true
	switch kind {
	case Number:
		v.Number, err = parseNumber(text)
		return v, err
	case Whole:
		v.Whole, ok = parseWhole(text)
	case Instant:
		return parseInstant(text)
	case Date:
		v.Whole, ok = parseDate(text)
	case Length:
		var length rules.Duration
		length, err = rules.ParseDuration(text)
		v.Whole, ok = length.MS(), err == nil
	case YesNo:
		v.Yes, ok = text == "true", text == "true" || text == "false"
	default:
		v.Text = unquoted(text)
	}
	if !ok {
		return v, &Problem{quote(text), kind.example()}
	}
	return v, nil
}

// unquoted is what stands in the quotes of a text; the text itself if it has none.
func unquoted(text string) string {
	if strings.HasPrefix(text, `"`) {
		if inner, err := strconv.Unquote(text); err == nil {
			return inner
		}
	}
	return text
}

// compare orders two values that exist, of one kind that has an order.
func compare(a, b Value) int {
	if a.Kind == Number {
		return cmp.Compare(a.Number, b.Number)
	}
	return cmp.Compare(a.Whole, b.Whole)
}

// same reports whether two values of one kind are equal: 0 and -0 are.
func same(a, b Value) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return a.Number == b.Number && a.Whole == b.Whole && a.Text == b.Text && a.Yes == b.Yes
}

// Problem is what is wrong with a text.
type Problem struct{ Found, Expected string }

func (p *Problem) Error() string { return fmt.Sprintf("found %s; expected %s", p.Found, p.Expected) }

// quote shows a text in an error: not all of a long one.
func quote(text string) string {
	const longest = 60
	switch runes := []rune(text); {
	case text == "":
		return "nothing"
	case len(runes) > longest:
		text = string(runes[:longest]) + "…"
	}
	return strconv.Quote(text)
}
