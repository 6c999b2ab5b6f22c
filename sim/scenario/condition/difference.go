package condition

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// difference is how far a value is from the expected one, from the bound that it
// does not keep, or from the nearer end of a range that it is not in.
func (c Condition) difference(v Value) string {
	if v.Null || c.value.Null || !c.kind.ordered() {
		return ""
	}
	from := c.value
	switch c.form {
	case unequal, blank:
		return ""
	case within:
		if compare(v, c.upper) > 0 {
			from = c.upper
		} else if compare(v, c.value) >= 0 {
			return ""
		}
	case below, atMost, atLeast, above:
		if c.holds(v, Tolerance{}) {
			return ""
		}
	}
	return distance(from, v)
}

// distance writes to - from, as a person reads it; "" if they are equal.
func distance(from, to Value) string {
	if from.Kind == Number {
		return numberDistance(from.Number, to.Number)
	}
	d := to.Whole - from.Whole
	if d == 0 || (d > 0) != (to.Whole > from.Whole) {
		return "" // the same, or too far apart
	}
	switch from.Kind {
	case Whole:
		return fmt.Sprintf("%+d", d)
	case Length:
		return lapse(d, "longer", "shorter")
	default:
		return lapse(d, "later", "earlier")
	}
}

// numberDistance writes to - from, with the part that it is of from. Of two numbers
// that differ in their last bits alone it says by how many: units in the last place.
func numberDistance(from, to float64) string {
	d := to - from
	if d == 0 || math.IsNaN(d) || math.IsInf(d, 0) {
		return ""
	}
	const few = 1000
	text := signed(d)
	if n := ulps(from, to); n <= few {
		return fmt.Sprintf("%s, in the last digits: %d ulp", text, n)
	}
	if from == 0 {
		return text
	}
	if relative := d / math.Abs(from); !math.IsInf(relative, 0) {
		text += " (" + signed(shifted(relative, 2)) + " %)"
	}
	return text
}

// signed writes a number to three digits, with its sign.
func signed(x float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 2, 64), 64)
	if text := number(rounded); strings.HasPrefix(text, "-") {
		return text
	}
	return "+" + number(rounded)
}

// lapse writes a length of time, not 0, in its units: "1d 2h later", "0.25s earlier".
func lapse(ms int64, after, before string) string {
	direction := after
	rest := uint64(ms)
	if ms < 0 {
		direction, rest = before, -rest
	}
	var parts []string
	for _, unit := range [...]struct {
		name string
		ms   uint64
	}{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}} {
		if n := rest / unit.ms; n > 0 {
			parts = append(parts, strconv.FormatUint(n, 10)+unit.name)
		}
		rest %= unit.ms
	}
	if rest > 0 {
		parts = append(parts, number(float64(rest)/1000)+"s")
	}
	return strings.Join(parts, " ") + " " + direction
}
