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
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	ascending := make([]float64, len(scores))
	for k, i := range order {
		ascending[k] = scores[i]
	}
	percentiles := make([]float64, len(scores))
	for k, rank := range averageRanks(ascending) {
		percentiles[order[k]] = percentileOf(variant, rank, len(scores))
	}
	return percentiles
}

// averageRanks ranks ascending scores from 1. Ties share the average.
func averageRanks(ascending []float64) []float64 {
	ranks := make([]float64, len(ascending))
	for begin := 0; begin < len(ascending); {
		end := begin + 1
		for end < len(ascending) && ascending[end] == ascending[begin] {
			end++
		}
		for k := begin; k < end; k++ {
			ranks[k] = averageRank(begin, end)
		}
		begin = end
	}
	return ranks
}

// averageRank is the average of the ranks begin+1 … end.
func averageRank(begin, end int) float64 { return float64(float64(begin+1+end) / 2) }

func percentileOf(variant rules.Variant, rank float64, n int) float64 {
	switch {
	case n == 1:
		return 1
	case variant == rules.Deployed:
		return rank / float64(n)
	}
	return (rank - 1) / float64(n-1)
}
