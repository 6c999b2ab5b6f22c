package portable

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The documented accuracy, in units in the last place.
const (
	normalULPs    = 0.6
	subnormalULPs = 1.0
	trigULPs      = 0.75
)

// randoms is how many arguments each property draws; its seed is fixed.
const randoms = 4000

func newRand() *rand.Rand { return rand.New(rand.NewPCG(20250219, 412)) }

// within fails the test if got is too far from want.
func within(t *testing.T, limit float64, got float64, want *big.Float, call string, args ...any) (distance float64) {
	t.Helper()
	if nearest, _ := want.Float64(); math.Abs(nearest) < 0x1p-1022 {
		limit = subnormalULPs
	}
	distance = ulps(got, want)
	if distance > limit {
		t.Errorf(call+" = %x is %.4f ulp from %.20g, want at most %v", append(args, got, distance, want, limit)...)
	}
	return distance
}

// magnitudes returns numbers of both signs spread over the exponents from lo
// to hi.
func magnitudes(r *rand.Rand, n, lo, hi int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = math.Ldexp(1+r.Float64(), lo+r.IntN(hi-lo+1))
		if r.IntN(2) == 0 {
			xs[i] = -xs[i]
		}
	}
	return xs
}

// uniform returns numbers spread evenly over [lo, hi).
func uniform(r *rand.Rand, n int, lo, hi float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = lo + r.Float64()*(hi-lo)
	}
	return xs
}

// around returns each number and its neighbours on both sides.
func around(xs ...float64) []float64 {
	var all []float64
	for _, x := range xs {
		all = append(all, x, math.Nextafter(x, math.Inf(-1)), math.Nextafter(x, math.Inf(1)))
	}
	return all
}

func TestFunctionsAreWithinTheirAccuracy(t *testing.T) {
	r := newRand()
	positive := func(xs []float64) []float64 {
		for i := range xs {
			xs[i] = math.Abs(xs[i])
		}
		return xs
	}
	aboveMinus1 := uniform(r, randoms, -1, 3)
	for i := range aboveMinus1 {
		aboveMinus1[i] = max(aboveMinus1[i], math.Nextafter(-1, 0))
	}
	tests := []struct {
		name  string
		of    func(float64) float64
		want  func(float64) *big.Float
		limit float64
		args  [][]float64
	}{
		{"Exp", Exp, func(x float64) *big.Float { return bigExp(bigOf(x)) }, normalULPs, [][]float64{
			uniform(r, randoms, -746, 710), uniform(r, randoms, -1, 1), magnitudes(r, 500, -1074, 9),
			around(0.5*math.Ln2, -0.5*math.Ln2, 1.5*math.Ln2, math.Ln2, 1, -1, 709.7827128933840, -708.3964185322641, -744.4400719213812, -745.1332191019411)}},
		{"Expm1", Expm1, func(x float64) *big.Float { return bigExpm1(bigOf(x)) }, normalULPs, [][]float64{
			uniform(r, randoms, -70, 70), uniform(r, randoms, -1, 1), magnitudes(r, randoms, -1074, 9),
			around(0x1p-54, -0x1p-54, 0.5*math.Ln2, -0.5*math.Ln2, 1.5*math.Ln2, 60, -60, 709.7827128933840)}},
		{"Log", Log, func(x float64) *big.Float { return bigLog(bigOf(x)) }, normalULPs, [][]float64{
			positive(magnitudes(r, randoms, -1074, 1023)), uniform(r, randoms, 0.5, 2), uniform(r, randoms, 0.99, 1.01), uniform(r, randoms, 0, 1000),
			{math.MaxFloat64, 0x1p-1022, 0x1p-1074, math.Sqrt2, 0.5 * math.Sqrt2, 2, 0.5, math.E, math.Nextafter(1, 2), math.Nextafter(1, 0)}}},
		{"Log1p", Log1p, bigLog1p, normalULPs, [][]float64{
			aboveMinus1, positive(magnitudes(r, randoms, -1074, 1023)), magnitudes(r, randoms, -70, -2),
			around(0x1p-54, -0x1p-54, 0x1p-53, 0x1p-52, -0.5, 1, 1.0/128, -1.0/256), {math.MaxFloat64, math.Nextafter(-1, 0)}}},
		{"Sin", Sin, bigSin, trigULPs, [][]float64{
			uniform(r, 2*randoms, -2*math.Pi, 2*math.Pi), magnitudes(r, 500, -1074, 2),
			around(math.Pi/4, math.Pi/2, 3*math.Pi/4, math.Pi, 5*math.Pi/4, 3*math.Pi/2, 7*math.Pi/4, 2*math.Pi)}},
		{"Cos", Cos, bigCos, trigULPs, [][]float64{
			uniform(r, 2*randoms, -2*math.Pi, 2*math.Pi), magnitudes(r, 500, -1074, 2),
			around(math.Pi/4, math.Pi/2, 3*math.Pi/4, math.Pi, 5*math.Pi/4, 3*math.Pi/2, 7*math.Pi/4, 2*math.Pi)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			worst := 0.0
			for _, args := range test.args {
				for _, x := range args {
					worst = max(worst, within(t, test.limit, test.of(x), test.want(x), test.name+"(%x)", x))
				}
			}
			t.Logf("worst error: %.4f ulp", worst)
		})
	}
}

func TestSinAndCosStayAccurateUpToAngleMax(t *testing.T) {
	r := newRand()
	xs := append(uniform(r, 500, 0, AngleMax), AngleMax)
	for k := 1.0; k < AngleMax/math.Pi*2; k = math.Floor(k*1.7) + 1 {
		xs = append(xs, around(k*(math.Pi/2))...) // where the sine or cosine nearly vanishes
	}
	for _, x := range xs {
		// sin and cos of x by the argument x/2^22, whose series converges at
		// once, and the double angle: 1 - cos 2a = 2 sin²a, sin 2a = 2 sin a cos a.
		s, c := bigDoubled(x, 22)
		within(t, trigULPs, Sin(x), s, "Sin(%x)", x)
		within(t, trigULPs, Cos(x), c, "Cos(%x)", x)
		within(t, trigULPs, Sin(-x), s.Neg(s), "Sin(%x)", -x)
	}
}

func bigDoubled(x float64, times int) (s, c *big.Float) {
	small := math.Ldexp(x, -times)
	s, c = bigSin(small), bigCos(small)
	for range times {
		double := bigNew().Mul(s, c)
		double.Mul(double, bigOf(2))
		square := bigNew().Mul(s, s)
		c = bigNew().Sub(bigOf(1), square.Mul(square, bigOf(2)))
		s = double
	}
	return s, c
}

func TestPowIsWithinItsAccuracy(t *testing.T) {
	r := newRand()
	type args struct{ x, y float64 }
	cases := []args{
		{0x1p-1074, 1}, {math.MaxFloat64, 1}, {2, 1023}, {2, 1024}, {2, -1074}, {2, -1075}, {2, -1076},
		{math.Nextafter(1, 2), 1e18}, {math.Nextafter(1, 0), 1e18}, {math.Nextafter(1, 2), 3.19e18},
		{10, 308}, {10, -308}, {10, -323}, {10, 22}, {0.1, 25}, {3, 0.5}, {1e-300, 1e-300}, {5, 1e-18},
	}
	for range randoms {
		cases = append(cases,
			args{math.Ldexp(1+r.Float64(), r.IntN(2098)-1074), (r.Float64() - 0.5) * 4}, // any base
			args{r.Float64() * 4, float64(r.IntN(200) - 100)},                           // integer exponents
			args{1 + (r.Float64()-0.5)/1000, (r.Float64() - 0.5) * 1e6},                 // compounding
			args{1 - 0.1095, r.Float64() * 10 / 1095},                                   // carry of Rules §6
			args{1 - 0.03, r.Float64() * 5 / 365},
			args{r.Float64(), 25},
		)
	}
	worst := 0.0
	for _, c := range cases {
		worst = max(worst, within(t, normalULPs, Pow(c.x, c.y), bigPow(c.x, c.y), "Pow(%x, %x)", c.x, c.y))
	}
	t.Logf("worst error: %.4f ulp", worst)
}

// An exact result is representable, and no other float64 is within 0.6 ulp.
func TestResultsThatFloat64CanHoldAreExact(t *testing.T) {
	tests := []struct {
		call      string
		got, want float64
	}{
		{"Pow(3, 33)", Pow(3, 33), 5559060566555523},
		{"Pow(-3, 33)", Pow(-3, 33), -5559060566555523},
		{"Pow(-7, 2)", Pow(-7, 2), 49},
		{"Pow(10, 22)", Pow(10, 22), 1e22},
		{"Pow(2, -1074)", Pow(2, -1074), 0x1p-1074},
		{"Pow(6.25, 0.5)", Pow(6.25, 0.5), 2.5},
		{"Pow(1.5, 1)", Pow(1.5, 1), 1.5},
		{"Exp(0)", Exp(0), 1},
		{"Log(1)", Log(1), 0},
		{"Cos(0)", Cos(0), 1},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s = %v, want %v", test.call, test.got, test.want)
		}
	}
}

// Where package math's answer is a special case, it is the same on every
// processor, and ours.
func TestSpecialCasesAreThoseOfPackageMath(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	args := []float64{0, zero, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, -2.5, inf, -inf, nan,
		1e300, -1e300, 1e-300, -1e-300, 710, -710, 746, -746, 0x1p-1074, -0x1p-1074,
		math.MaxFloat64, -math.MaxFloat64, 0x1p53, 0x1p53 + 1, -0x1p53 - 1, 0x1p53 - 1, 0x1p52 + 0.5}
	type function struct {
		name      string
		ours, std func(float64) float64
	}
	for _, f := range []function{{"Exp", Exp, math.Exp}, {"Expm1", Expm1, math.Expm1}, {"Log", Log, math.Log}, {"Log1p", Log1p, math.Log1p}} {
		for _, x := range args {
			checkSpecial(t, f.ours(x), f.std(x), f.name+"(%v)", x)
		}
	}
	for _, f := range []function{{"Sin", Sin, math.Sin}, {"Cos", Cos, math.Cos}} {
		for _, x := range []float64{0, zero, inf, -inf, nan} {
			checkSpecial(t, f.ours(x), f.std(x), f.name+"(%v)", x)
		}
	}
	for _, x := range args {
		for _, y := range args {
			checkSpecial(t, Pow(x, y), math.Pow(x, y), "Pow(%v, %v)", x, y)
		}
	}
}

// checkSpecial compares results of which one is 0, ±1, infinite or NaN, to the
// bit; and the sign of any others.
func checkSpecial(t *testing.T, got, want float64, call string, args ...any) {
	t.Helper()
	special := func(x float64) bool { return x == 0 || math.Abs(x) == 1 || x-x != 0 }
	if !special(got) && !special(want) && math.Signbit(got) == math.Signbit(want) {
		return
	}
	if (got != got) != (want != want) || got == got && math.Float64bits(got) != math.Float64bits(want) {
		t.Errorf(call+" = %v, want %v", append(args, got, want)...)
	}
}

func TestSinPanicsBeyondAngleMax(t *testing.T) {
	for _, f := range []func(float64) float64{Sin, Cos} {
		for _, x := range []float64{math.Nextafter(AngleMax, math.Inf(1)), -2 * AngleMax} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("no panic for %v", x)
					}
				}()
				f(x)
			}()
		}
	}
}

// The moments of N draws from a standard normal distribution: mean 0 (standard
// error 1/√N), variance 1 (√(2/N)), fourth moment 3 (√(96/N)), and no
// correlation in a pair (1/√N). Four standard errors are allowed; the seed is
// fixed.
func TestNormalPairHasTheMomentsOfTwoNormals(t *testing.T) {
	r := newRand()
	const n = 200_000
	var mean, square, fourth, cross float64
	for range n / 2 {
		a, b := NormalPair(1-r.Float64(), r.Float64())
		mean += a + b
		square += a*a + b*b
		fourth += a*a*a*a + b*b*b*b
		cross += a * b
	}
	for _, m := range []struct {
		name                     string
		got, want, standardError float64
	}{
		{"mean", mean / n, 0, 1 / math.Sqrt(n)},
		{"variance", square / n, 1, math.Sqrt(2.0 / n)},
		{"fourth moment", fourth / n, 3, math.Sqrt(96.0 / n)},
		{"correlation", cross / (n / 2), 0, 1 / math.Sqrt(n/2)},
	} {
		if math.Abs(m.got-m.want) > 4*m.standardError {
			t.Errorf("%s is %v, want %v within %v", m.name, m.got, m.want, 4*m.standardError)
		}
	}
	if a, b := NormalPair(1, 0); a != 0 || b != 0 {
		t.Errorf("NormalPair(1, 0) = %v, %v, want 0, 0: the radius is 0", a, b)
	}
}
