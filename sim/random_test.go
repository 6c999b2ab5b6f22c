package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// The source is the first two words, big endian, of the SHA-256 of the seed (8
// bytes, big endian) and of each name after its length (8 bytes). For seed 1 and
// the names "" and "a" that is
//
//	printf '\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1a' | sha256sum
func TestRandomIsSeededByItsNames(t *testing.T) {
	sum := sha256.Sum256([]byte("\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01a"))
	want := rand.NewPCG(binary.BigEndian.Uint64(sum[0:8]), binary.BigEndian.Uint64(sum[8:16]))
	got := NewRandom(1, "", "a")
	for i := range 100 {
		if g, w := got.Uint64(), want.Uint64(); g != w {
			t.Fatalf("number %d is %d, want %d", i, g, w)
		}
	}
}

// pcg is PCG XSL RR 128/64 DXSM as its author published it: a 128-bit
// multiplicative generator whose output is the high word, twice xor-shifted and
// multiplied by the cheap multiplier, times the low word made odd.
type pcg struct{ hi, lo uint64 }

func (p *pcg) next() uint64 {
	const mulHi, mulLo = 2549297995355413924, 4865540595714422341
	const incHi, incLo = 6364136223846793005, 1442695040888963407
	hi, lo := bits.Mul64(p.lo, mulLo)
	hi += p.hi*mulLo + p.lo*mulHi
	lo, carry := bits.Add64(lo, incLo, 0)
	hi, _ = bits.Add64(hi, incHi, carry)
	p.hi, p.lo = hi, lo
	const cheap = 0xda942042e4dd58b5
	hi ^= hi >> 32
	hi *= cheap
	hi ^= hi >> 48
	hi *= lo | 1
	return hi
}

// TestRandomIsPCG: integers alone make the bits, so they are the same on every
// machine, whatever its floating-point unit can do.
func TestRandomIsPCG(t *testing.T) {
	sum := sha256.Sum256(slices.Concat(make([]byte, 7), []byte{9}, make([]byte, 7), []byte{1, 'x'}))
	want := pcg{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])}
	got := NewRandom(9, "x")
	for i := range 1000 {
		if g, w := got.Uint64(), want.next(); g != w {
			t.Fatalf("number %d is %d, want %d", i, g, w)
		}
	}
}

func TestRandomNamesAreNotGlued(t *testing.T) {
	first := make(map[uint64][]string)
	for _, names := range [][]string{{"a", "bc"}, {"ab", "c"}, {"abc"}, {"", "abc"}, {"abc", ""}, {"a", "b", "c"}, {}} {
		x := NewRandom(0, names...).Uint64()
		if other, taken := first[x]; taken {
			t.Errorf("%q and %q are one source", names, other)
		}
		first[x] = names
	}
}

// TestFloat64IsUniform: a million numbers in 100 classes of 10 000. The
// chi-square statistic has 99 degrees of freedom, a mean of 99 and a standard
// deviation of sqrt(198) = 14.07; 99 ± 5 of them is [29, 169]. The seed is fixed.
func TestFloat64IsUniform(t *testing.T) {
	r := NewRandom(1, "uniform")
	var count [100]float64
	for range 1_000_000 {
		x := r.Float64()
		if !(x >= 0 && x < 1) {
			t.Fatalf("%g is outside [0, 1)", x)
		}
		if y := x * (1 << 53); y != math.Trunc(y) {
			t.Fatalf("%g is no multiple of 2^-53", x)
		}
		count[int(x*100)]++
	}
	chi := 0.0
	for _, n := range count {
		chi += (n - 10_000) * (n - 10_000) / 10_000
	}
	if chi < 29 || chi > 169 {
		t.Errorf("chi-square is %g", chi)
	}
}

// TestIntNIsUniform: as above with 7 classes: 6 degrees of freedom, mean 6,
// standard deviation sqrt(12) = 3.46.
func TestIntNIsUniform(t *testing.T) {
	r := NewRandom(1, "int")
	var count [7]float64
	for range 700_000 {
		count[r.IntN(7)]++
	}
	chi := 0.0
	for _, n := range count {
		chi += (n - 100_000) * (n - 100_000) / 100_000
	}
	if chi > 6+5*3.46 {
		t.Errorf("chi-square is %g of %v", chi, count)
	}
	for range 1000 {
		if x := r.IntN(1); x != 0 {
			t.Fatalf("of one number it draws %d", x)
		}
		// Of 3·2^61 numbers a plain remainder of 64 bits would favour the first 2^62.
		if x := r.IntN(3 << 61); x < 0 || x >= 3<<61 {
			t.Fatalf("%d is out of range", x)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("IntN(0) is no panic")
		}
	}()
	r.IntN(0)
}

// TestNormalHasTheMomentsOfItsDistribution: of a million numbers the mean is 0
// within 5/1000, the variance 1 within 5·sqrt(2)/1000, the third moment 0 within
// 5·sqrt(15)/1000, the fourth 3 within 5·sqrt(96)/1000 (five standard errors);
// 68.27 % lie within 1, ± 5·0.0465 %. Pairs and their order are uncorrelated.
func TestNormalHasTheMomentsOfItsDistribution(t *testing.T) {
	const n = 1_000_000
	r := NewRandom(1, "normal")
	var m [5]float64
	within, lag, previous := 0.0, 0.0, 0.0
	for range n {
		x := r.Normal()
		for k, p := 1, x; k <= 4; k, p = k+1, p*x {
			m[k] += p / n
		}
		if math.Abs(x) < 1 {
			within += 1. / n
		}
		lag += x * previous / n
		previous = x
	}
	for _, tc := range []struct {
		name            string
		got, want, band float64
	}{
		{"mean", m[1], 0, 0.005}, {"variance", m[2], 1, 0.0071}, {"third moment", m[3], 0, 0.0194}, {"fourth moment", m[4], 3, 0.049},
		{"within one deviation", within, 0.682689, 0.0024}, {"correlation with the one before", lag, 0, 0.005},
	} {
		if !(math.Abs(tc.got-tc.want) <= tc.band) {
			t.Errorf("the %s is %g, want %g ± %g", tc.name, tc.got, tc.want, tc.band)
		}
	}
}
