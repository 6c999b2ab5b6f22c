package rules

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Validate reports every impossible value of the set and everything that does
// not fit together, naming the path, what was found and what was expected.
func (s *Set) Validate() error {
	var errs []error
	for _, p := range s.problems() {
		errs = append(errs, place{}.wrong(p.path, p.found, p.expected))
	}
	return errors.Join(errs...)
}

// problem is one value that cannot be, or does not fit the others.
type problem struct {
	path, found, expected string
	beside                []string // paths of the others
}

// problems returns what is wrong with the set, in the order of the sections.
func (s *Set) problems() []problem {
	var c checks
	c.names(s)
	c.switches(reflect.ValueOf(*s), "")
	c.instruments(s)
	c.orders(s)
	c.hours(s)
	c.leverage(s)
	c.carry(s)
	c.fee(s)
	c.slippage(s)
	c.equitiesTable(s)
	c.liquidity(s)
	c.ledger(s)
	c.elimination(s)
	c.metrics(s)
	c.adjustedReturn("return_long", s.ReturnLong)
	c.adjustedReturn("return_short", s.ReturnShort)
	c.weights(s)
	c.penalties(s)
	c.competition(s)
	c.challenge(s)
	return c.found
}

// checks gathers problems.
type checks struct{ found []problem }

func (c *checks) add(path, found, expected string) {
	c.found = append(c.found, problem{path: path, found: found, expected: expected})
}

// quote returns a text in quotes, and says "nothing" of an empty one.
func quote(text string) string {
	if text == "" {
		return "nothing"
	}
	return strconv.Quote(text)
}

// numeric is what a bound can be put on.
type numeric interface{ ~int | ~int64 | ~float64 }

// The bounds below are written so that NaN is outside all of them.

func within[T numeric](c *checks, path string, v T, low, high float64) {
	if x := float64(v); !(x >= low && x <= high) {
		c.add(path, textOf(v), "a value from "+number(low)+" to "+number(high))
	}
}

func atLeast[T numeric](c *checks, path string, v T, low float64) {
	if x := float64(v); !(x >= low) || math.IsInf(x, 0) {
		c.add(path, textOf(v), "a finite value of at least "+number(low))
	}
}

func over[T numeric](c *checks, path string, v T, low float64) {
	if x := float64(v); !(x > low) || math.IsInf(x, 0) {
		c.add(path, textOf(v), "a finite value over "+number(low))
	}
}

// share demands a fraction over 0, up to and including 1.
func share(c *checks, path string, v float64) {
	if !(v > 0 && v <= 1) {
		c.add(path, textOf(v), "a fraction over 0, at most 1")
	}
}

func finite(c *checks, path string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.add(path, textOf(v), "a finite number")
	}
}

// ordered demands that the value at one path is not above that at another.
func ordered(c *checks, lowPath string, low float64, highPath string, high float64) {
	if low > high {
		c.found = append(c.found, problem{lowPath, textOf(low), "at most " + highPath + ", which is " + textOf(high), []string{highPath}})
	}
}

func textOf[T numeric](v T) string { return flow(reflect.ValueOf(v)) }

// switches demands of every switch one of its allowed values.
func (c *checks) switches(v reflect.Value, path string) {
	if v.Kind() != reflect.Struct {
		return
	}
	for _, f := range fields(v.Type()) {
		value := v.Field(f.index)
		if e, ok := value.Interface().(enum); ok && !slices.Contains(e.allowed(), value.String()) {
			c.add(join(path, f.key), quote(value.String()), either(e.allowed())+didYouMean(value.String(), e.allowed()))
		}
		c.switches(value, join(path, f.key))
	}
}

// names demands texts that fit a line of a table.
func (c *checks) names(s *Set) {
	if s.Name == "" || len(s.Name) > 100 || !printable(s.Name) {
		c.add("name", quote(s.Name), "1 to 100 printable characters on one line")
	}
	if len(s.Description) > 1000 || !printable(s.Description) {
		c.add("description", "a long text or one of several lines", "at most 1000 printable characters on one line")
	}
}

// clock reads "15:04" as minutes after midnight.
func clock(text string) (minutes int, ok bool) {
	hour, minute, ok := strings.Cut(text, ":")
	if !ok || len(hour) != 2 || len(minute) != 2 {
		return 0, false
	}
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	return int(h)*60 + int(m), errH == nil && errM == nil && h < 24 && m < 60
}
