package portable

import "math"

const (
	// ln2 = ln2Hi + ln2Lo, where ln2Hi has 42 bits: its product with an
	// exponent (11 bits) is exact.
	ln2Hi = 0x2c5c85fdf47 * 0x1p-42
	ln2Lo = math.Ln2 - ln2Hi

	expMax = 709.8  // e^x overflows
	expMin = -745.2 // e^x is below half the smallest subnormal
)

// Exp returns e to the power of x: +Inf on overflow (x > 709.78), 0 on
// underflow (x < -745.13), NaN for NaN.
func Exp(x float64) float64 {
	if x != x {
		return x
	}
	return expOf(dd{x, 0})
}

// Expm1 returns e to the power of x, minus 1, to full precision where x is
// near 0. Expm1(±0) = ±0, Expm1(-Inf) = -1.
func Expm1(x float64) float64 {
	switch {
	case x != x || math.Abs(x) < 0x1p-54: // e^x - 1 = x + x²/2
		return x
	case x > 60: // 1 is below e^x's last place
		return Exp(x)
	case x < -60:
		return -1
	}
	k, p := expReduced(dd{x, 0})
	if k == 0 {
		return p.hi + p.lo
	}
	// 2^k (1 + p) - 1 = 2^k (1 - 2^-k + p)
	s := sum(1, -power2(-k)).add(p)
	return scale(s.hi+s.lo, k)
}

// expOf returns e to the power of a dd.
func expOf(x dd) float64 {
	switch {
	case x.hi > expMax:
		return math.Inf(1)
	case x.hi < expMin:
		return 0
	}
	k, p := expReduced(x)
	s := fastSum(1, p.hi)
	return scale(s.hi+(s.lo+p.lo), k)
}

// expReduced returns k and p with e^x = 2^k (1 + p), where k is the nearest
// integer to x/ln 2, for |x| < 2^10. The relative error of p is below 2^-57.
func expReduced(x dd) (k int, p dd) {
	n := math.Floor(float64(x.hi*math.Log2E) + 0.5)
	r := sum(x.hi-float64(n*ln2Hi), -float64(n*ln2Lo)) // the difference is exact
	r = fastSum(r.hi, r.lo+x.lo)

	// p = r + r²/2 + r³ (1/3! + r/4! + …), |r| < 0.35: the first two terms
	// are exact enough in dd, the rest is below 2^-5 of them.
	sq := product(r.hi, r.hi)
	half := dd{float64(0.5 * sq.hi), float64(0.5*sq.lo) + float64(r.hi*r.lo)}
	p = fastSum(r.hi, half.hi)
	tail := float64(float64(sq.hi*r.hi) * expTail(r.hi, sq.hi))
	p.lo += r.lo + half.lo + tail
	return int(n), fastSum(p.hi, p.lo)
}

// expTail returns 1/3! + r/4! + r²/5! + … for |r| < 0.35, given r and r².
// What is left out is below r¹³/16! < 2^-63.
func expTail(r, r2 float64) float64 {
	odd := 1.0 / (1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14 * 15)
	odd = float64(odd*r2) + 1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13)
	odd = float64(odd*r2) + 1.0/(1*2*3*4*5*6*7*8*9*10*11)
	odd = float64(odd*r2) + 1.0/(1*2*3*4*5*6*7*8*9)
	odd = float64(odd*r2) + 1.0/(1*2*3*4*5*6*7)
	odd = float64(odd*r2) + 1.0/(1*2*3*4*5)
	odd = float64(odd*r2) + 1.0/(1*2*3)
	even := 1.0 / (1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14)
	even = float64(even*r2) + 1.0/(1*2*3*4*5*6*7*8*9*10*11*12)
	even = float64(even*r2) + 1.0/(1*2*3*4*5*6*7*8*9*10)
	even = float64(even*r2) + 1.0/(1*2*3*4*5*6*7*8)
	even = float64(even*r2) + 1.0/(1*2*3*4*5*6)
	even = float64(even*r2) + 1.0/(1*2*3*4)
	return float64(even*r) + odd
}
