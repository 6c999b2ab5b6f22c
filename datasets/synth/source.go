package synth

import (
	"crypto/sha256"
	"math/rand/v2"

	"github.com/ptnsim/ptnsim/market/portable"
)

// source is a stream of random numbers of its own: ChaCha8 keyed with the hash of
// the seed and a name. What one source is asked for changes no other.
type source struct{ bits *rand.ChaCha8 }

func newSource(seed Seed, name string) source {
	return source{rand.NewChaCha8(sha256.Sum256([]byte(string(seed) + "/" + name)))}
}

// uniform returns a number in [0, 1).
func (s source) uniform() float64 { return float64(float64(s.bits.Uint64()>>11) * 0x1p-53) }

// positive returns a uniform number in (0, 1].
func (s source) positive() float64 { return 1 - s.uniform() }

// exponential returns an exponential deviate of mean 1.
func (s source) exponential() float64 { return -portable.Log(s.positive()) }

// normals fills dst, of an even length, with standard normal deviates.
func (s source) normals(dst []float64) {
	for i := 0; i+1 < len(dst); i += 2 {
		dst[i], dst[i+1] = portable.NormalPair(s.positive(), s.uniform())
	}
}

// normal returns one standard normal deviate, for what is drawn now and then.
func (s source) normal() float64 {
	x, _ := portable.NormalPair(s.positive(), s.uniform())
	return x
}

// erlang returns a deviate of the Erlang distribution of shape 4 and mean 1
// (standard deviation 1/2), made of four uniform numbers of 32 bits each: what
// makes volumes uneven.
func (s source) erlang() float64 {
	a, b := s.bits.Uint64(), s.bits.Uint64()
	x := float64(a>>32+1) * float64(a&(1<<32-1)+1)
	y := float64(b>>32+1) * float64(b&(1<<32-1)+1)
	return portable.Log(x*0x1p-64*(y*0x1p-64)) * -.25 // each in (0, 1]
}
