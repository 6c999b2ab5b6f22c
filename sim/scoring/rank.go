package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Place is where a miner stands in a competition.
type Place struct {
	Percentiles Metrics // of each metric; unknown of a miner left out
	Score       float64 // combined, penalties included
	Ranked      bool    // false: fully penalised, left out of the ranking, weight 0
}

// Rank places miners among each other. One that is fully penalised is left out
// before percentiles are taken. A metric that does not exist ranks below every
// one that does. Rules §12.
func Rank(set *rules.Set, miners []Assessment) []Place {
	places := make([]Place, len(miners))
	var ranked []int
	for i := range miners {
		if miners[i].Penalties.Total > 0 {
			places[i].Ranked = true
			ranked = append(ranked, i)
		}
	}
	scores := make([]float64, len(ranked))
	for _, metric := range AllMetrics() {
		for j, i := range ranked {
			scores[j] = miners[i].Metrics[metric].Or(math.Inf(-1))
		}
		weight := metric.Weight(set.Weights)
		for j, percentile := range Percentiles(set.Competition.Percentiles, scores) {
			place := &places[ranked[j]]
			place.Percentiles[metric] = Known(percentile)
			place.Score += float64(weight * percentile)
		}
	}
	for _, i := range ranked {
		places[i].Score *= miners[i].Penalties.Total
	}
	return places
}
