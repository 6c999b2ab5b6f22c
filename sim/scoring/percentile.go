package scoring

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Percentiles ranks scores, of which more is better. Ties share the average of
// their ranks. As documented the worst gets 0 and the best 1; as deployed the
// worst of N gets 1/N. A lone score gets 1. Rules §12.
func Percentiles(variant rules.Variant, scores []float64) []float64 {
	if len(scores) == 1 {
		return []float64{1}
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })

	percentiles := make([]float64, len(scores))
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && scores[order[end]] == scores[order[begin]] {
			end++
		}
		rank := float64(float64(begin+1+end) / 2) // the average of begin+1 … end
		for _, i := range order[begin:end] {
			percentiles[i] = percentileOf(variant, rank, len(scores))
		}
		begin = end
	}
	return percentiles
}

func percentileOf(variant rules.Variant, rank float64, n int) float64 {
	if variant == rules.Deployed {
		return rank / float64(n)
	}
	return (rank - 1) / float64(n-1)
}
