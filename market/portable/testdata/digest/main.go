// Digest prints a hash over the bits of many results, to be compared between
// builds for different processors.
package main

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/ptnsim/ptnsim/market/portable"
)

func main() {
	random := rand.New(rand.NewPCG(1, 2))
	hash := fnv.New64a()
	for range 100_000 {
		x := math.Float64frombits(random.Uint64()) // any float64 at all
		u, v := random.Float64(), random.Float64()
		a, b := portable.NormalPair(1-u, v)
		for _, result := range []float64{
			portable.Exp(x), portable.Expm1(x), portable.Log(x), portable.Log1p(x), portable.Pow(u, x), portable.Pow(x, u),
			portable.Exp(20 * (u - v)), portable.Expm1(u - v), portable.Log(u), portable.Log1p(u - v), portable.Pow(u, 100*v), a, b,
		} {
			if result != result {
				result = 0 // a NaN's bits are the processor's own
			}
			binary.Write(hash, binary.LittleEndian, result)
		}
	}
	fmt.Printf("%x\n", hash.Sum64())
}
