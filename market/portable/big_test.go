package portable

import (
	"math"
	"math/big"
)

// The expectation: the functions by their defining series in arithmetic of
// bigPrecision bits, which shares nothing with the code under test.

const bigPrecision = 256

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(bigPrecision).SetFloat64(x) }

func bigNew() *big.Float { return new(big.Float).SetPrec(bigPrecision) }

// negligible reports whether a term no longer counts beside a sum.
func negligible(term, sum *big.Float) bool {
	return term.Sign() == 0 || (sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-bigPrecision)
}

// bigExpm1 returns e^x - 1: the Taylor series of e^r - 1 for r = x/2^n, then n
// times e^2r - 1 = (e^r - 1)(e^r - 1 + 2).
func bigExpm1(x *big.Float) *big.Float {
	n := max(0, x.MantExp(nil)+8)
	r := bigNew().SetMantExp(x, -n)
	total, term := bigNew(), bigOf(1)
	for i := int64(1); ; i++ {
		term.Mul(term, r)
		term.Quo(term, bigNew().SetInt64(i))
		if negligible(term, total) {
			break
		}
		total.Add(total, term)
	}
	for range n {
		total.Mul(total, bigNew().Add(total, bigOf(2)))
	}
	return total
}

// bigExp returns e^x, for x < 0 as 1/e^-x: nothing cancels.
func bigExp(x *big.Float) *big.Float {
	e := bigExpm1(bigNew().Abs(x))
	e.Add(e, bigOf(1))
	if x.Sign() < 0 {
		return e.Quo(bigOf(1), e)
	}
	return e
}

// bigLog returns ln x for x > 0: k ln 2 + ln m with m in [1/2, 1), and
// ln m = 2 artanh((m-1)/(m+1)).
func bigLog(x *big.Float) *big.Float {
	m := bigNew()
	k := x.MantExp(m)
	if k == 1 { // x in [1, 2): as it is, so that nothing cancels around 1
		m.SetMantExp(m, 1)
		k = 0
	}
	ratio := bigNew().Quo(bigNew().Sub(m, bigOf(1)), bigNew().Add(m, bigOf(1)))
	result := bigArtanh2(ratio)
	if k != 0 {
		ln2 := bigArtanh2(bigNew().Quo(bigOf(1), bigOf(3))) // (2-1)/(2+1)
		result.Add(result, ln2.Mul(ln2, bigNew().SetInt64(int64(k))))
	}
	return result
}

// bigArtanh2 returns 2 artanh z = 2 (z + z³/3 + z⁵/5 + …).
func bigArtanh2(z *big.Float) *big.Float {
	total, power, square := bigNew(), bigNew().Set(z), bigNew().Mul(z, z)
	for i := int64(1); ; i += 2 {
		term := bigNew().Quo(power, bigNew().SetInt64(i))
		if negligible(term, total) {
			return total.Mul(total, bigOf(2))
		}
		total.Add(total, term)
		power.Mul(power, square)
	}
}

func bigLog1p(x float64) *big.Float {
	// 1 + x without error: a float64 next to 1 needs up to 1074 bits.
	one := new(big.Float).SetPrec(2400).SetInt64(1)
	sum := one.Add(one, bigOf(x))
	if math.Abs(x) > 0.25 {
		return bigLog(bigNew().Set(sum))
	}
	// ln(1+x) = 2 artanh(x/(2+x)), with no cancellation.
	return bigArtanh2(bigNew().Quo(bigOf(x), bigNew().Add(sum, bigOf(1))))
}

// bigPow returns x^y for x > 0.
func bigPow(x, y float64) *big.Float {
	l := bigLog(bigOf(x))
	return bigExp(l.Mul(l, bigOf(y)))
}

// bigSin and bigCos sum the Taylor series; for |x| below 10 or so.
func bigSin(x float64) *big.Float { return bigSeries(bigOf(x), bigOf(x), 1) }
func bigCos(x float64) *big.Float { return bigSeries(bigOf(1), bigOf(x), 0) }

// bigSeries sums first - first x²/(n+1)(n+2) + …
func bigSeries(first, x *big.Float, n int64) *big.Float {
	total, term, square := bigNew(), first, bigNew().Mul(x, x)
	// Terms grow until their number passes |x|: never stop before that.
	for i := n; i < 40 || !negligible(term, total); i += 2 {
		total.Add(total, term)
		term = bigNew().Mul(term, square)
		term.Quo(term, bigNew().SetInt64(-(i+1)*(i+2)))
	}
	return total
}

// ulps returns the distance of got from want in units in the last place of the
// float64 next to want.
func ulps(got float64, want *big.Float) float64 {
	nearest, _ := want.Float64()
	switch {
	case math.IsNaN(got):
		return math.Inf(1)
	case math.IsInf(nearest, 0) || math.IsInf(got, 0):
		// Half a unit above MaxFloat64 is where rounding goes to infinity.
		if got == nearest || (math.IsInf(got, 0) && math.Abs(nearest) == math.MaxFloat64) {
			return 0
		}
		return math.Inf(1)
	}
	_, exponent := math.Frexp(nearest)
	unit := math.Ldexp(1, max(exponent-53, -1074))
	d := new(big.Float).SetPrec(bigPrecision).Sub(bigOf(got), want)
	distance, _ := d.Quo(d, bigOf(unit)).Float64()
	return math.Abs(distance)
}
