package scoring

import (
	"slices"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Weights turns the places of a competition into weights that sum to 1. Those
// left out of the ranking get 0; if that is everyone, all get 0. A lone miner
// gets 1 whatever its penalties. Rules §12.
func Weights(c rules.Competition, places []Place) []float64 {
	if len(places) == 1 {
		return []float64{1}
	}
	var scores []float64
	for _, p := range places {
		if p.Ranked {
			scores = append(scores, p.Score)
		}
	}
	shares := Softmax(scores, c.SoftmaxTemperature)
	weights := make([]float64, len(places))
	for i, next := 0, 0; i < len(places); i++ {
		if places[i].Ranked {
			weights[i] = shares[next]
			next++
		}
	}
	return weights
}

// Softmax turns scores into positive shares that sum to 1: the lower the
// temperature, the more goes to the best. Rules §12.
func Softmax(scores []float64, temperature float64) []float64 {
	if len(scores) == 0 {
		return nil
	}
	best := slices.Max(scores)
	shares := make([]float64, len(scores))
	sum := 0.0
	for i, s := range scores {
		shares[i] = portable.Exp((s - best) / temperature)
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// Concentration is the share of all weight that the best fraction of miners
// receives; of a miner that is in it only in part, that part counts. The
// network's target is 90 % for the best 40 %. It does not exist where nobody
// has weight. Rules §12.
func Concentration(weights []float64, fraction float64) Value {
	sorted := slices.Clone(weights)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	best := float64(fraction * float64(len(sorted)))
	share, total := 0.0, 0.0
	for i, w := range sorted {
		part := min(max(best-float64(i), 0), 1)
		share += float64(part * w)
		total += w
	}
	return Known(share / total)
}
