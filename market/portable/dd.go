package portable

import "math"

// dd is an unevaluated sum hi + lo with |lo| at most half a unit in the last
// place of hi: a number with about 106 bits.
type dd struct{ hi, lo float64 }

// sum returns a + b without error.
func sum(a, b float64) dd {
	s := a + b
	bb := s - a
	return dd{s, (a - (s - bb)) + (b - bb)}
}

// fastSum returns a + b without error if |a| >= |b| or a is 0.
func fastSum(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

// product returns a * b without error, short of overflow and underflow.
func product(a, b float64) dd {
	p := float64(a * b)
	ah, al := split(a)
	bh, bl := split(b)
	e := float64(ah*bh) - p
	e += float64(ah * bl)
	e += float64(al * bh)
	e += float64(al * bl)
	return dd{p, e}
}

// split returns the upper 26 bits of a and the rest, whose products with
// another's are exact.
func split(a float64) (hi, lo float64) {
	c := float64(a * (1<<27 + 1))
	hi = c - (c - a)
	return hi, a - hi
}

// add returns x + y with a relative error of about 2^-104 if |x| >= |y| and
// both have the same sign, and about that of |x| otherwise.
func (x dd) add(y dd) dd {
	s := sum(x.hi, y.hi)
	return fastSum(s.hi, s.lo+(x.lo+y.lo))
}

// times returns x * f with a relative error of about 2^-104.
func (x dd) times(f float64) dd {
	p := product(x.hi, f)
	return fastSum(p.hi, p.lo+float64(x.lo*f))
}

// scale returns x * 2^k with one rounding, for a normal x and |k| <= 2044.
func scale(x float64, k int) float64 {
	if -1022 <= k && k <= 1023 {
		return float64(x * power2(k))
	}
	half := k / 2
	return float64(float64(x*power2(half)) * power2(k-half))
}

// power2 returns 2^k for -1022 <= k <= 1023.
func power2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }
