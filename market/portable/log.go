package portable

import "math"

// Log returns the natural logarithm of x: -Inf for ±0, +Inf for +Inf, NaN for
// a negative x or NaN.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	l := logOf(x, 0)
	return l.hi + l.lo
}

// Log1p returns the natural logarithm of 1 + x, to full precision where x is
// near 0: Log1p(±0) = ±0, -Inf for -1, NaN below.
func Log1p(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64 || math.Abs(x) < 0x1p-54: // ln(1+x) = x - x²/2
		return x
	case x < -1:
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	}
	s := sum(1, x)
	l := logOf(s.hi, s.lo)
	return l.hi + l.lo
}

// logOf returns the natural logarithm of x + lo, for a finite x > 0 and |lo| at
// most half a unit in its last place (0 if x is subnormal). The relative error
// is below 2^-65.
//
// With x = 2^k m and c near 1/m from a table, z = c m - 1 is small and
//
//	ln x = k ln 2 - ln c + ln(1 + z)
//
// c has 9 bits, so z is exact in dd. It is 1 where x is near 1, so that
// nothing is left there but z.
func logOf(x, lo float64) dd {
	k := 0
	if x < 0x1p-1022 {
		x, k = float64(x*0x1p54), -54
	}
	bits := math.Float64bits(x)
	exponent := int(bits>>52) - 1023
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	i := int(bits >> 45 & 127)

	row := logTable[i]
	z := product(m, row.c)
	z = fastSum(z.hi-1, z.lo+float64(scale(lo, -exponent)*row.c))
	log1p := logNear1(z)

	k += exponent
	if i >= logTableHalf {
		k++
	}
	if k == 0 && row.c1 == 0 {
		return log1p
	}
	n := float64(k)
	base := sum(float64(n*ln2Hi), row.c1)
	base.lo += float64(n*ln2Lo) + row.c2
	return fastSum(base.hi, base.lo).add(log1p)
}

// logNear1 returns ln(1 + z) for |z| < 2^-7.
//
// ln(1+z) = z - z²/2 + z³ (1/3 - z/4 + …): the first two terms in dd, the rest
// is below 2^-15 of them. What is left out is below z¹¹/11 < 2^-73 z.
func logNear1(z dd) dd {
	sq := product(z.hi, z.hi)
	odd := float64(sq.hi*(1.0/9)) + 1.0/7
	odd = float64(odd*sq.hi) + 1.0/5
	odd = float64(odd*sq.hi) + 1.0/3
	even := float64(sq.hi*(1.0/10)) + 1.0/8
	even = float64(even*sq.hi) + 1.0/6
	even = float64(even*sq.hi) + 1.0/4
	tail := float64(float64(sq.hi*z.hi) * (odd - float64(even*z.hi)))

	s := fastSum(z.hi, -float64(0.5*sq.hi))
	s.lo += z.lo - (float64(0.5*sq.lo) + float64(z.hi*z.lo)) + tail
	return fastSum(s.hi, s.lo)
}

// logRow is what logOf knows of the numbers with one value of the first seven
// bits of the significand m in [1, 2).
type logRow struct {
	c      float64 // about 1/m, in multiples of 2^-9
	c1, c2 float64 // c1 + c2 = -ln c; from row logTableHalf on -ln 2c
}

// logTableHalf is the first row, about sqrt 2, that counts from the next power
// of 2 down: so the last row has 2c = 1 and the numbers just below 1 are as
// near to 0 as those just above.
const logTableHalf = 53
