package fact

import "github.com/ptnsim/ptnsim/sim/scoring"

// Standing is what the scoring of a population, or of one series of returns, came to.
type Standing struct {
	Miners        []Judgement   `fact:"miners,blank" doc:"in the order of their names"`
	Concentration scoring.Value `fact:"concentration" doc:"weight of the best miners of the main competition; Rules §12 has their part"`
	Warnings      []string      `fact:"warnings" doc:"what the scoring warns of"`
	Digest        string        `fact:"digest" doc:"of everything above"`
}

// Judgement is all that scoring tells of one miner. Rules §10 to §13.
type Judgement struct {
	Miner         string        `fact:"miner,key" doc:"its name"`
	State         Word          `fact:"state" words:"state" doc:"main, challenge, eliminated or deregistered"`
	Days          int           `fact:"days" doc:"full days in the window"`
	MaxDrawdown   float64       `fact:"max_drawdown" doc:"over the window, a loss"`
	Metrics       Metrics       `fact:"metrics" doc:"of its days"`
	Percentiles   Metrics       `fact:"percentiles" doc:"from 0 to 1; of a challenger: among the main competition"`
	Penalties     Penalties     `fact:"penalties" doc:"factors from 0 to 1"`
	Score         scoring.Value `fact:"score,blank" doc:"combined, penalties included; null of who is out"`
	Weight        float64       `fact:"weight,blank" doc:"of the main competition they sum to 1"`
	EmissionShare float64       `fact:"emission_share" doc:"weight over the sum of all weights"`
	Rank          *int          `fact:"rank,short,blank" doc:"by weight in the main competition, 1 the best; null if it is not in it"`
	Challenge     *Challenge    `fact:"challenge" doc:"of a challenger"`
}
