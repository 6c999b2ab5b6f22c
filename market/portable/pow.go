package portable

import "math"

// Pow returns x to the power of y, with the special cases of math.Pow: among
// them Pow(x, 0) = Pow(1, y) = 1 even for NaN, and NaN for a negative x with a
// y that is no integer.
//
// It is exp(y ln x), with the logarithm to 2^-65 of itself and the product to
// twice the precision of a float64, so that a large exponent costs no accuracy.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case x == 0 || math.Abs(x) > math.MaxFloat64 || math.Abs(y) > math.MaxFloat64:
		return powLimit(x, y)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Floor(y) {
			return math.NaN()
		}
		if isOdd(y) {
			sign = -1
		}
	}
	l := logOf(math.Abs(x), 0)
	p := float64(l.hi * y)
	if p > 800 || p < -800 || (-0x1p-60 < p && p < 0x1p-60) {
		return float64(sign * expOf(dd{p, 0})) // infinite, 0 or 1: no need of l.lo
	}
	return float64(sign * expOf(l.times(y)))
}

// powLimit is Pow where x is 0 or infinite or y is infinite.
func powLimit(x, y float64) float64 {
	if math.Abs(y) > math.MaxFloat64 {
		switch a := math.Abs(x); {
		case a == 1:
			return 1
		case (a < 1) == (y > 0):
			return 0
		}
		return math.Inf(1)
	}
	limit := 0.0
	if (x == 0) == (y < 0) {
		limit = math.Inf(1)
	}
	if math.Signbit(x) && isOdd(y) {
		limit = -limit
	}
	return limit
}

// isOdd reports whether y is an odd integer.
func isOdd(y float64) bool {
	half := float64(0.5 * y) // an even integer's half is an integer
	return y == math.Floor(y) && half != math.Floor(half)
}
