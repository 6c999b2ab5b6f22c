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
	Base  bool // of Vary: its values are those of the base, whatever its name says

	again *repeat // nil: the miners play as they are; see SameOrders
}

// Play plays one variant: the caller knows the candles and the miners, and makes a
// [sim.Market] of the variant's rules for them. Where [SameOrders] is to work, it plays
// what [Variant.Miners] makes of the miners.
type Play func(v Variant) (*subnet.Result, error)

// Plan is what a comparison plays.
type Plan struct {
	Variants []Variant // one or more
	Play     Play
	// Progress gets the number of variants that are done; may be nil.
	Progress func(done, total int)
}

// Comparison is several rule sets over the same candles and the same miners. The
// first variant is what the others are compared with.
type Comparison struct {
	FromMS, ToMS int64
	Outcomes     []Outcome // in the order of the variants
}

// Outcome is what came of one variant.
type Outcome struct {
	Variant Variant
	Miners  []MinerOutcome // in the order of names; the same miners in every variant, unless owners registered successors

	// How many miners were promoted, and how many are in either state at the end.
	// One that was eliminated, and lost its slot later, is eliminated.
	Promoted, Eliminated, Deregistered int
	Refused                            int // how many never got a slot

	Concentration scoring.Value // Rules §12, of the weights as they would be set at the end of the range
	MeanReturn    float64       // of all miners, refused ones too, a factor: the mean of their final returns; 1 of none
	Warnings      []string
}

// StateRefused is the state of a miner that wanted a slot and never got one: every
// slot was taken by a miner in its immunity. It has no account, and no judgement.
// Rules §14.
const StateRefused scoring.State = "refused"

// MinerOutcome is what a variant made of one miner: what a comparison looks at,
// without the orders.
type MinerOutcome struct {
	Name, Group string
	State       scoring.State // or StateRefused

	FinalReturn float64 // a factor; 1 of one that was refused
	Judgement   scoring.Judgement
	Costs       sim.Costs
	Filled      int // orders
	Rejected    int

	PromotedMS  int64
	Elimination *sim.Elimination // nil: none
	SlotLostMS  int64
	Emission    float64 // accrued over the range
}

// Change is a difference between two rule sets that is switched as one: mostly a
// single value; values that make no sense apart, such as weights that sum to 1,
// go together.
type Change struct {
	Name    string // the path, or what the paths have in common: "weights"
	Section string // of docs/rules.md, of the first row
	Rows    []rules.DiffRow
	Paths   []string // what is switched: values, lists as a whole, entries of maps
}

// Attribution tells what each change between two rule sets does by itself.
type Attribution struct {
	FromMS, ToMS int64
	From, To     Outcome
	Effects      []Effect // in the order of the rules

	Total Difference // from From to To: all changes together
	// Residual is what Total has beyond the sum of all Effects' First: how much the
	// changes interact. Its miners have no states; its Moved, EmissionMoved and
	// Ranks, which do not add up, are those of what is left of each miner. Where
	// successors are there under some of the rules only, the means that its MeanReturn
	// is made of are not all of the same miners.
	Residual Difference
}

// Comparison is that of the two sets.
func (a *Attribution) Comparison() *Comparison {
	return &Comparison{FromMS: a.FromMS, ToMS: a.ToMS, Outcomes: []Outcome{a.From, a.To}}
}

// Effect is what one change does: switched first, alone, on the old rules; and
// switched last, when all others are switched already. Where the two differ the
// change interacts with others.
type Effect struct {
	Change      Change
	First, Last Difference
	Interacts   bool // the two differ in any number, or in any miner's change of state
}

// Difference is what switching a change did to a population.
type Difference struct {
	// MeanReturn is the mean of what the final returns of the miners changed by that
	// are there before and after, a factor: +0.01 is one percent of the capital. It is
	// 0 where there is no such miner, and where only who is counted changes.
	MeanReturn   float64
	Eliminated   int // more (or fewer) miners eliminated
	Promoted     int
	Deregistered int

	Moved         float64 // the part of the emission that changes hands by the weights as they would be set at the end of the range, 0 to 1
	EmissionMoved float64 // the part of what was paid over the range that changed hands, 0 to 1
	Ranks         float64 // mean |difference| of the ranks of miners that have one before and after

	Miners []MinerDifference // in the order of names; of all that there are before or after
}

// MinerDifference is what switching a change did to one miner. All differences
// are after less before; where the miner is missing on one side, as successors may
// be, Return, Costs and Rank are 0, and it weighs nothing there.
type MinerDifference struct {
	Name          string
	Return        float64       // of the final returns, factors
	Before, After scoring.State // "" where it is missing
	Weight        float64       // of the shares of the emission at the end
	Emission      float64       // of the emissions accrued, as parts of what was paid to all
	Rank          int           // places won (positive) or lost
	Ranked        bool          // it has a rank before and after; else Rank is 0
	Costs         sim.Costs
}

// StateChange is a miner that ends in another state.
type StateChange struct {
	Name, Group   string
	Before, After scoring.State    // "" where there is no such miner
	Elimination   *sim.Elimination // of After, or of Before where After has none; nil: none in either
}
