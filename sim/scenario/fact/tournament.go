package fact

import "github.com/ptnsim/ptnsim/sim/scoring"

// Tournament is what a subnet of many miners came to.
type Tournament struct {
	Miners        []Miner       `fact:"miners,blank" doc:"all that were ever registered, in the order of registration"`
	Events        []Event       `fact:"events" doc:"what happened, in its order"`
	Rounds        []Round       `fact:"rounds" doc:"settings of the weights: the first of each day, and the last of all"`
	Refused       []Refused     `fact:"refused" doc:"those who never got a slot"`
	Emission      float64       `fact:"emission" doc:"paid over the range, in the unit of emission_per_day"`
	Concentration scoring.Value `fact:"concentration" doc:"weight of the best miners of the main competition at the end"`
	Warnings      []string      `fact:"warnings" doc:"what the tournament warns of"`
	Digest        string        `fact:"digest" doc:"of the canonical result: docs/subnet.md"`
}

// Miner is what became of one miner.
type Miner struct {
	Judgement                 // at the end
	Generation   int          `fact:"generation" doc:"1; of a successor 2, 3 …"`
	Registered   Instant      `fact:"registered" doc:"when it got its slot"`
	Promoted     *Instant     `fact:"promoted" doc:"when it passed its challenge; null: never, or in the main competition from the beginning"`
	Out          *Instant     `fact:"out" doc:"when its trading ended; null: it is still in"`
	SlotLost     *Instant     `fact:"slot_lost" doc:"when it lost its slot; null: it still has it"`
	Refusals     int          `fact:"refusals" doc:"how often it was refused before it got its slot"`
	EmissionPaid float64      `fact:"emission" doc:"accrued, in the unit of emission_per_day"`
	Fee          float64      `fact:"fee" doc:"paid for its registration"`
	Elimination  *Elimination `fact:"elimination" doc:"null: it was not eliminated"`
	Account      Account      `fact:"account" doc:"its account" without:"carry digest"`
}

// Event is something that happened to a miner. What has no part in its kind is null.
type Event struct {
	Became     Word          `fact:"became,short,blank" words:"event of a miner" doc:"kind, miner and reason: eliminated alice MAX_TOTAL_DRAWDOWN"`
	Time       Instant       `fact:"time,key,blank" doc:"when"`
	Kind       Word          `fact:"kind" words:"event" doc:"registered, refused, promoted, eliminated or deregistered"`
	Miner      string        `fact:"miner" doc:"to whom"`
	Reason     *Word         `fact:"reason" words:"elimination" doc:"of an elimination"`
	Drawdown   scoring.Value `fact:"drawdown" doc:"of an elimination or a promotion, a loss"`
	Days       *int          `fact:"days" doc:"full days of a promotion, or of a failed challenge"`
	Percentile scoring.Value `fact:"percentile" doc:"of a promotion, or of time that is over"`
	Weight     scoring.Value `fact:"weight" doc:"that a miner lost its slot by"`
	Other      *string       `fact:"other" doc:"who took the slot, or lost it"`
	Fee        scoring.Value `fact:"fee" doc:"of a registration"`
	Main       *bool         `fact:"main" doc:"of a registration: into the main competition"`
	Pair       *string       `fact:"pair" doc:"of an elimination: whose mark or order was the last straw; null for carry and time"`
	Price      scoring.Value `fact:"price" doc:"of that mark"`
}

// Round is one setting of the weights. Rules §12.
type Round struct {
	Time          Instant       `fact:"time,key" doc:"when"`
	Places        []Place       `fact:"places,short,blank" doc:"of all that hold a slot, in the order of registration"`
	Concentration scoring.Value `fact:"concentration" doc:"weight of the best miners"`
}

// Place is how one miner stood then.
type Place struct {
	Miner string        `fact:"miner,key" doc:"its name"`
	State Word          `fact:"state" words:"state" doc:"main, challenge or eliminated"`
	Rank  *int          `fact:"rank" doc:"by weight in the main competition; null: it has none"`
	Score scoring.Value `fact:"score" doc:"combined, penalties included"`
	Share float64       `fact:"share,short,blank" doc:"of the emission until the next setting"`
}

// Refused is one that never took part. Rules §14.
type Refused struct {
	Miner string  `fact:"miner,key" doc:"its name"`
	Times int     `fact:"times,short,blank" doc:"how often it was refused"`
	Last  Instant `fact:"last" doc:"when it was refused last"`
}
