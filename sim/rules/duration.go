package rules

import (
	"fmt"
	"strconv"
)

// Duration is a length of time in ms. In a rule file it is a whole number with
// a unit: "500ms", "60s", "5m", "12h", "90d"; 0 needs none.
type Duration int64

// durationMax keeps sums of an instant and a duration far from overflow.
const durationMax = 36525 * 24 * 60 * 60 * 1000 // a century

// durationForms is what a rule file may say.
const durationForms = "a whole number with a unit, such as 500ms, 60s, 5m, 12h or 90d, or 0"

// MS returns the length in milliseconds.
func (d Duration) MS() int64 { return int64(d) }

// ParseDuration reads the text form of a duration: 0, or a whole number with
// one of the units ms, s, m, h, d (of 24 hours). A negative one is read too, so
// that its caller can say why it is refused.
func ParseDuration(text string) (Duration, error) {
	if text == "0" {
		return 0, nil
	}
	for _, u := range durationUnits() {
		digits, ok := cutUnit(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			break
		}
		if n > durationMax/u.ms || n < -durationMax/u.ms {
			return 0, fmt.Errorf("found %q, expected at most 36525d", text)
		}
		return Duration(n * u.ms), nil
	}
	return 0, fmt.Errorf("found %q, expected %s", text, durationForms)
}

// String returns the shortest text that is exactly the duration.
func (d Duration) String() string {
	if d == 0 {
		return "0"
	}
	units := durationUnits()
	for _, u := range units {
		if int64(d)%u.ms == 0 {
			return strconv.FormatInt(int64(d)/u.ms, 10) + u.name
		}
	}
	panic("unreachable: every duration is a whole number of ms")
}

// MarshalText returns the form of String.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

type durationUnit struct {
	name string
	ms   int64
}

// durationUnits lists the units, the longest first.
func durationUnits() [5]durationUnit {
	return [5]durationUnit{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}, {"s", 1000}, {"ms", 1}}
}

// cutUnit splits a number from its unit: "500ms" is 500 of ms and nothing of s.
func cutUnit(text, unit string) (digits string, ok bool) {
	n := len(text) - len(unit)
	if n < 1 || text[n:] != unit {
		return "", false
	}
	last := text[n-1]
	return text[:n], '0' <= last && last <= '9'
}
