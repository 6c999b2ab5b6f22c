package condition

import (
	"math"
	"strconv"
	"strings"
)

// Tolerance is how far a number may be from the one that is expected: as far as the
// larger of its two says. The zero Tolerance takes that number alone, to the last
// bit.
type Tolerance struct {
	Distance float64 // absolute, ≥ 0
	Part     float64 // a fraction of the expected number's magnitude, ≥ 0
}

// ParseTolerance reads "1e-9" or "0.1%".
func ParseTolerance(text string) (Tolerance, error) {
	text = strings.TrimSpace(text)
	digits, percent := strings.CutSuffix(text, "%")
	x, err := parseNumber(strings.TrimSpace(digits))
	if err != nil || x < 0 {
		found := "no tolerance"
		if text != "" {
			found = "the tolerance " + quote(text)
		}
		return Tolerance{}, &Problem{found, "a distance, such as 1e-9, or a part, such as 0.1%"}
	}
	if percent {
		return Tolerance{Part: shifted(x, -2)}, nil
	}
	return Tolerance{Distance: x}, nil
}

// String writes a tolerance as ParseTolerance reads it; one that has both as
// "1e-09 or 0.1%".
func (t Tolerance) String() string {
	switch {
	case t.Part == 0:
		return number(t.Distance)
	case t.Distance == 0:
		return percent(t.Part)
	}
	return number(t.Distance) + " or " + percent(t.Part)
}

// percent writes a fraction as a percentage.
func percent(fraction float64) string { return number(shifted(fraction, 2)) + "%" }

// shifted is x with its decimal point moved: without the noise of a multiplication.
func shifted(x float64, places int) float64 {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return x // an infinity
	}
	x, _ = strconv.ParseFloat(digits+"e"+strconv.Itoa(n+places), 64) // what is out of range is infinite
	return x
}

// takes reports whether got is as near to the expected number as the tolerance says:
// between expected - limit and expected + limit, each rounded once.
func (t Tolerance) takes(expected, got float64) bool {
	limit := max(t.Distance, float64(t.Part*math.Abs(expected)))
	return expected-limit <= got && got <= expected+limit
}
