package text

import (
	"bytes"
	"strconv"
	"unsafe"
)

// powersOfTen are the powers that a float64 holds exactly.
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Float reads a decimal number, correctly rounded, without allocating. It
// takes "nan" and "inf" as strconv does: the check refuses them with their row.
func Float(b []byte) (float64, bool) {
	digits := b
	negative := len(b) > 0 && b[0] == '-'
	if negative || len(b) > 0 && b[0] == '+' {
		digits = b[1:]
	}
	var mantissa uint64
	seen, fraction, dot := 0, 0, false
	for _, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			if mantissa != 0 || !dot {
				seen++
			}
			if dot {
				fraction++
			}
		case c == '.' && !dot:
			dot = true
		default:
			return floatSlow(b)
		}
	}
	// Up to 2^53 the mantissa is exact, and so is the power: one division of two
	// exact numbers is correctly rounded.
	if len(digits) == 0 || seen > 18 || mantissa > 1<<53 || fraction >= len(powersOfTen) || dot && len(digits) == 1 {
		return floatSlow(b)
	}
	x := float64(mantissa) / powersOfTen[fraction]
	if negative {
		x = -x
	}
	return x, true
}

// Decimal reads the plain decimal number that b begins with, up to the separator
// or the end of b, and returns how many bytes it took without the separator. ok
// is false for whatever is not a short, unsigned or negative decimal and nothing
// else: Float decides on that.
func Decimal(b []byte, separator byte) (x float64, n int, ok bool) {
	i := 0
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		i = 1
	}
	var mantissa uint64
	start, point := i, -1
	for ; i < len(b); i++ {
		c := b[i]
		if d := c - '0'; d <= 9 {
			mantissa = mantissa*10 + uint64(d)
			continue
		}
		if c == '.' && point < 0 {
			point = i
			continue
		}
		if c == separator {
			break
		}
		return 0, 0, false
	}
	digits, fraction := i-start, 0
	if point >= 0 {
		digits--
		fraction = i - point - 1
	}
	// As in Float: up to 2^53 the mantissa is exact, and so is the power.
	if digits == 0 || digits > 18 || mantissa > 1<<53 {
		return 0, 0, false
	}
	x = float64(mantissa)
	if fraction > 0 {
		x /= powersOfTen[fraction]
	}
	if negative {
		x = -x
	}
	return x, i, true
}

// floatSlow reads what the fast path leaves: exponents, long mantissas,
// NaN and infinities. Hexadecimal numbers and digit separators are no numbers
// here.
func floatSlow(b []byte) (float64, bool) {
	if bytes.ContainsAny(b, "xX_pP") {
		return 0, false
	}
	// ParseFloat keeps no reference to its argument but in the error, which is
	// dropped here.
	x, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(b), len(b)), 64)
	if err != nil {
		return 0, false
	}
	return x, true
}

// Int reads an integer without allocating.
func Int(b []byte) (int64, bool) {
	digits := b
	if len(b) > 0 && b[0] == '-' {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(b) {
		n = -n
	}
	return n, true
}
