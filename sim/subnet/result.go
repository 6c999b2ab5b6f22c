package subnet

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Result is what a tournament came to.
type Result struct {
	Rules        *rules.Set
	FromMS, ToMS int64
	Seed         uint64

	WeightsEveryMS, ChecksEveryMS   int64 // as played
	EmissionPerDay, RegistrationFee float64

	Miners  []MinerResult  // in the order of registration, then of names
	Refused []RefusedMiner // those who asked for a slot and never got one, in the order of their first refusal
	Events  []Event        // in the order in which they happened
	History []Round        // settings of the weights, oldest first: the first of each day, and the last of all

	// Standing is how all who were ever registered stand at the end, those that are
	// out included, in the order of their names.
	Standing *scoring.Standing
	// Emission is what was paid over the range: at EmissionPerDay for the time from
	// each setting of the weights that gave somebody a share until the next setting,
	// or the end. Where a setting is due and nobody can be paid (the main competition
	// is empty, or all of it fully penalised and no challenger beside), nothing is
	// paid from there on.
	Emission float64
	Warnings []string
}

// MinerResult is what became of one miner.
type MinerResult struct {
	Miner
	Generation int // 1; of a successor 2, 3 …

	Refusals     int           // how often it was refused before it got its slot
	RegisteredMS int64         // UTC ms
	PromotedMS   int64         // UTC ms; 0: never, or in the main competition from the beginning
	OutMS        int64         // when it was eliminated, or lost its slot: its trading ended (but see gate.checks.eliminated); 0: it is still in
	SlotLostMS   int64         // when it lost its slot; 0: it still has it
	State        scoring.State // at the end; of one that was eliminated and lost its slot later: eliminated

	Account   *sim.Result       // its account; the challenge's verdict is known
	Judgement scoring.Judgement // as in Standing

	Emission float64 // accrued, in the unit of EmissionPerDay
	Fee      float64 // paid for its registration
}

// RefusedMiner is one that never took part: whenever it came to register, all slots
// were taken, and nobody could be put out. Rules §14.
type RefusedMiner struct {
	Miner
	Times  int   // how often it was refused
	LastMS int64 // when it was refused last, UTC ms
}

// EventKind is what happened.
type EventKind string

// The kinds of events.
const (
	Registered   EventKind = "registered"
	Refused      EventKind = "refused" // no slot: nobody can be put out; of one who tries again and again the first time alone
	Promoted     EventKind = "promoted"
	Eliminated   EventKind = "eliminated"
	Deregistered EventKind = "deregistered" // lost its slot to a newcomer
)

// Event is something that happened to a miner, with the numbers that it
// happened for. Numbers that have no part in a kind are zero.
type Event struct {
	TimeMS int64 // UTC ms
	Kind   EventKind
	Miner  string

	Reason     sim.Reason    // of an elimination
	Drawdown   float64       // of an elimination, and of a promotion; a loss
	Days       int           // full days of a promotion, or of a failed challenge; of the online marking
	Percentile scoring.Value // of the combined score, of a promotion or of time that is over
	Weight     float64       // of a deregistration: the one that it was put out by, the last that was set; 0 of who was eliminated
	Other      string        // of a deregistration: who took the slot; of a registration: who lost it
	Fee        float64       // of a registration
	Main       bool          // registered into the main competition
	Pair       string        // of an elimination: whose mark or order was the last straw
	Price      float64       // of that mark
}

// Round is one setting of the weights.
type Round struct {
	TimeMS        int64
	Places        []Place       // of all that hold a slot, in the order of Result.Miners
	Concentration scoring.Value // the part of all weight that the best miners get: Rules §12
}

// Place is how one miner stood then.
type Place struct {
	Miner int           // index in Result.Miners
	State scoring.State // main, challenge or eliminated
	Rank  int           // by weight in the main competition, 1 the best; 0: it has none
	Score scoring.Value // combined, penalties included
	Share float64       // of the emission until the next setting
}
