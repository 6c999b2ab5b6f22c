package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"github.com/ptnsim/ptnsim/market/portable"
)

// Random is a source of random numbers that are the same on every machine.
type Random struct {
	source rand.PCG
	spare  float64 // the second of a pair of normal numbers
	paired bool
}

// NewRandom splits a source off a seed by names: one more source changes none of
// the others.
func NewRandom(seed uint64, names ...string) *Random {
	hash := sha256.New()
	var word [8]byte
	binary.BigEndian.PutUint64(word[:], seed)
	hash.Write(word[:])
	for _, name := range names {
		binary.BigEndian.PutUint64(word[:], uint64(len(name)))
		hash.Write(word[:])
		hash.Write([]byte(name))
	}
	sum := hash.Sum(nil)
	r := &Random{}
	r.source.Seed(binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:]))
	return r
}

// Uint64 returns any 64 bits.
func (r *Random) Uint64() uint64 { return r.source.Uint64() }

// Float64 returns a number in [0, 1), all multiples of 2^-53 alike.
func (r *Random) Float64() float64 { return float64(r.source.Uint64()>>11) / (1 << 53) }

// IntN returns a number in [0, n), all alike. It panics if n is not positive.
func (r *Random) IntN(n int) int {
	if n <= 0 {
		panic("sim: IntN of a number that is not positive")
	}
	// The few values at the end that would favour small numbers are drawn again.
	limit := ^uint64(0) - ^uint64(0)%uint64(n)
	for {
		if x := r.source.Uint64(); x < limit {
			return int(x % uint64(n))
		}
	}
}

// Normal returns a number of the standard normal distribution.
func (r *Random) Normal() float64 {
	if r.paired {
		r.paired = false
		return r.spare
	}
	x, y := portable.NormalPair(1-r.Float64(), r.Float64())
	r.spare, r.paired = y, true
	return x
}
