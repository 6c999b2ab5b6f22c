package strategies

import (
	"math/rand/v2"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// walk makes n one-minute candles of a random walk with small steps.
func walk(t testing.TB, id, start string, n int, seed uint64) *market.Series {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	closes := make([]float64, n)
	price := 1000.0
	for i := range closes {
		price *= 1 + 0.0004*(random.Float64()-0.5)
		closes[i] = price
	}
	return minutes(t, id, start, closes...)
}
