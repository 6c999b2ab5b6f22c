package condition

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// number writes the shortest decimal that is exactly x. There is one zero.
func number(x float64) string {
	if x == 0 {
		return "0"
	}
	if a := math.Abs(x); 1e-5 <= a && a < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// parseNumber reads plain decimal notation. Other notations (0x10, 010, 1_000, inf)
// are refused: they are easily misread.
func parseNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "" || strings.Trim(text, "0123456789+-.eE") != "" || padded(text):
	case errors.Is(err, strconv.ErrRange):
		return 0, &Problem{quote(text) + ", which is too large", "a number up to 1.7e308"}
	case err != nil:
	case x == 0 && strings.ContainsAny(mantissa(text), "123456789"):
		return 0, &Problem{quote(text) + ", which is too small", "0, or a number from 5e-324 on"}
	default:
		return x, nil
	}
	if part, ok := percentage(text); ok {
		return 0, &Problem{quote(text) + ", a percentage", "a fraction: write " + number(part)}
	}
	return 0, &Problem{quote(text), Number.example()}
}

// percentage is the fraction that a text such as 8% or 8 % says.
func percentage(text string) (fraction float64, ok bool) {
	digits, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, false
	}
	x, err := parseNumber(strings.TrimRight(digits, " %"))
	return shifted(x, -2), err == nil
}

// parseWhole reads a whole number in plain decimal notation.
func parseWhole(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && !padded(text)
}

// padded reports whether a number begins with a zero that means nothing here, and
// that it is octal elsewhere.
func padded(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	return len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9'
}

func mantissa(text string) string {
	before, _, _ := strings.Cut(strings.ToLower(text), "e")
	return before
}

// ulps is how many float64 lie between two numbers, the second one included.
func ulps(a, b float64) uint64 {
	x, y := place(a), place(b)
	return uint64(max(x, y)) - uint64(min(x, y))
}

// place numbers the float64 in their order; 0 and -0 are one.
func place(x float64) int64 {
	bits := int64(math.Float64bits(x))
	if bits < 0 {
		return math.MinInt64 - bits
	}
	return bits
}
