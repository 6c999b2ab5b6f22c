package sweep

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Variant is one rule set of a comparison.
type Variant struct {
	Name  string // unique
	Rules *rules.Resolved
}

// Outcome is what came of one variant.
type Outcome struct {
	Variant Variant
	Miners  []MinerOutcome // in the order of names; the same miners in every variant, unless owners registered successors

	Promoted, Eliminated, Deregistered int           // miners
	Concentration                      scoring.Value // Rules §12, of the last weights
	MeanReturn                         float64       // of all miners, a factor: the mean of their final returns
	Warnings                           []string
}

// MinerOutcome is what a variant made of one miner: what a comparison looks at,
// without the orders.
type MinerOutcome struct {
	Name, Group string
	State       scoring.State

	FinalReturn float64 // a factor
	Judgement   scoring.Judgement
	Costs       Costs
	Filled      int // orders
	Rejected    int

	PromotedMS  int64
	Elimination *sim.Elimination // nil: none
	SlotLostMS  int64
	Emission    float64
}

// Costs are what an account paid, as fractions of its value: 0.01 is one percent.
type Costs struct {
	Carry, Fee, Slippage float64
}

// Comparison is several rule sets over the same candles and the same miners. The
// first variant is what the others are compared with.
type Comparison struct {
	FromMS, ToMS int64
	Outcomes     []Outcome
}

// Change is a difference between two rule sets that is switched as one: mostly a
// single value; values that make no sense apart, such as weights that sum to 1,
// go together.
type Change struct {
	Name    string // the path, or what the paths have in common: "weights"
	Section string // of docs/rules.md
	Rows    []rules.DiffRow
}

// Attribution tells what each change between two rule sets does by itself.
type Attribution struct {
	From, To Outcome
	Effects  []Effect // in the order of the rules
}

// Effect is what one change does: switched first, alone, on the old rules; and
// switched last, when all others are switched already. Where the two differ the
// change interacts with others.
type Effect struct {
	Change      Change
	First, Last Difference
	Interacts   bool // the two differ in any number that Difference has
}

// Difference is what switching a change did to a population.
type Difference struct {
	MeanReturn   float64 // of the mean final return, a factor: +0.01 is one percent of the capital
	Eliminated   int     // more (or fewer) miners eliminated
	Promoted     int
	Deregistered int
	Moved        float64 // the part of all weight that changed hands: half the sum of |differences| of weights over their sum
	Ranks        float64 // mean |difference| of the ranks of miners that have one before and after

	Miners []MinerDifference // in the order of names
}

// MinerDifference is what switching a change did to one miner.
type MinerDifference struct {
	Name          string
	Return        float64 // difference of the final returns, factors
	Before, After scoring.State
	Weight        float64 // difference of the shares of the emission at the end
	Rank          int     // places won (positive) or lost; 0 if it had none before or after
}

// Plan is what a comparison plays.
type Plan struct {
	Variants []Variant
	// Play plays one variant: the caller knows the candles and the miners.
	Play func(v Variant) (*subnet.Result, error)
	// Progress gets the number of variants that are done; may be nil.
	Progress func(done, total int)
}
