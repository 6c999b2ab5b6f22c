package scoring

import "github.com/ptnsim/ptnsim/sim/rules"

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
	return NewCompetition(set, miners).Places()
}
