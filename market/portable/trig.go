package portable

import "math"

// AngleMax is the largest magnitude of an argument to Sin and Cos, in radians.
const AngleMax = 1 << 20

// π/2 = quarter1 + … + quarter4, where the first three have at most 33 bits:
// their products with a number of quarter turns (20 bits) are exact.
const (
	quarter1 = 0x1921fb544 * 0x1p-32
	quarter2 = 0x42d18469 * 0x1p-64
	quarter3 = 0x898cc517 * 0x1p-96
	quarter4 = math.Pi/2 - quarter1 - quarter2 - quarter3
)

// Sin returns the sine of x radians. NaN for NaN and ±Inf; it panics if
// |x| > AngleMax is finite. Sin(±0) = ±0.
func Sin(x float64) float64 {
	switch {
	case x-x != 0:
		return math.NaN()
	case x == 0:
		return x
	}
	turns, r := quarterTurns(x)
	s := 0.0
	if turns&1 == 0 {
		s = sinNear0(r)
	} else {
		s = cosNear0(r)
	}
	if turns&2 != 0 {
		return -s
	}
	return s
}

// Cos returns the cosine of x radians. NaN for NaN and ±Inf; it panics if
// |x| > AngleMax is finite.
func Cos(x float64) float64 {
	if x-x != 0 {
		return math.NaN()
	}
	turns, r := quarterTurns(x)
	s := 0.0
	if turns&1 == 0 {
		s = cosNear0(r)
	} else {
		s = sinNear0(r)
	}
	if (turns+1)&2 != 0 {
		return -s
	}
	return s
}

// quarterTurns returns x as a number of quarter turns and a rest of at most
// an eighth of a turn, π/4.
func quarterTurns(x float64) (turns int, r dd) {
	if math.Abs(x) > AngleMax {
		panic("portable: the angle is beyond AngleMax")
	}
	n := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	if n == 0 {
		return 0, dd{x, 0}
	}
	r = sum(x-float64(n*quarter1), -float64(n*quarter2)) // the difference is exact
	return int(n), r.add(dd{-float64(n * quarter3), -float64(n * quarter4)})
}

// sinNear0 returns the sine of r for |r| <= π/4 + a little: r - r³/3! + …
// What is left out is below r¹⁹/19! < 2^-63 r.
func sinNear0(r dd) float64 {
	x, x2 := r.hi, float64(r.hi*r.hi)
	p := float64(x2*(1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13*14*15*16*17))) - 1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13*14*15)
	p = float64(p*x2) + 1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13)
	p = float64(p*x2) - 1.0/(1*2*3*4*5*6*7*8*9*10*11)
	p = float64(p*x2) + 1.0/(1*2*3*4*5*6*7*8*9)
	p = float64(p*x2) - 1.0/(1*2*3*4*5*6*7)
	p = float64(p*x2) + 1.0/(1*2*3*4*5)
	p = float64(p*x2) - 1.0/(1*2*3)
	// sin(x + lo) = sin x + lo cos x
	rest := float64(float64(x2*x)*p) + float64(r.lo*(1-float64(0.5*x2)))
	return x + rest
}

// cosNear0 returns the cosine of r for |r| <= π/4 + a little: 1 - r²/2! + …
// What is left out is below r²⁰/20! < 2^-67.
func cosNear0(r dd) float64 {
	sq := product(r.hi, r.hi)
	p := -1.0 / (1 * 2 * 3 * 4 * 5 * 6 * 7 * 8 * 9 * 10 * 11 * 12 * 13 * 14 * 15 * 16 * 17 * 18)
	p = float64(p*sq.hi) + 1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13*14*15*16)
	p = float64(p*sq.hi) - 1.0/(1*2*3*4*5*6*7*8*9*10*11*12*13*14)
	p = float64(p*sq.hi) + 1.0/(1*2*3*4*5*6*7*8*9*10*11*12)
	p = float64(p*sq.hi) - 1.0/(1*2*3*4*5*6*7*8*9*10)
	p = float64(p*sq.hi) + 1.0/(1*2*3*4*5*6*7*8)
	p = float64(p*sq.hi) - 1.0/(1*2*3*4*5*6)
	p = float64(p*sq.hi) + 1.0/(1*2*3*4)

	s := fastSum(1, -float64(0.5*sq.hi))
	// cos(x + lo) = cos x - lo sin x
	rest := float64(float64(sq.hi*sq.hi)*p) - float64(0.5*sq.lo) - float64(r.hi*r.lo)
	return s.hi + (s.lo + rest)
}
