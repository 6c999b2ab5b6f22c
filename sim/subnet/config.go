package subnet

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Config is one tournament. The zero value of every optional field is what the
// rules say, or what most want.
type Config struct {
	Market *sim.Market // the rule set and the candles, shared by all
	Miners []Miner     // in any order; their names differ

	// FromMS and ToMS are the range, UTC ms: within the market's, and to its end.
	// Both 0: the market's.
	FromMS, ToMS int64
	Seed         uint64 // of the miners' random sources, each split off by its name

	// WeightsEveryMS is the time between two settings of the weights, at multiples
	// of it since the epoch; 0: as the rules say (competition.weights_every). A
	// coarser one is for speed.
	WeightsEveryMS int64
	// ChecksEveryMS is the time between two looks at the rank of challengers; 0: as
	// the rules say (challenge.check_every). When its time is over a challenger is
	// looked at whatever this is.
	ChecksEveryMS int64

	// EmissionPerDay is what all miners together are paid a day, in any unit; 0 is 1.
	EmissionPerDay float64
	// RegistrationFee is what a registration costs, in that unit.
	RegistrationFee float64

	Workers  int               // accounts that play at once; 0: as many as there are processors
	Progress func(nowMS int64) // may be nil
}

// Miner is one who takes part.
type Miner struct {
	Name  string // unique; what ties are broken by, last
	Group string // the population it is of; its own name if it is of none

	// For reports: what it does.
	Strategy string
	Params   []strategies.Setting
	SHA256   string // of the files that say what it does; "" where the name says it all

	// Make makes its strategy, a new one for each call; nil for a copycat.
	Make func() (sim.Strategy, error)
	// Copies is the name of the miner whose positions it mirrors, DelayMS after
	// each of that one's fills.
	Copies  string
	DelayMS int64

	RegistersMS int64 // UTC ms; at the start of the range if before it
	// Main says that it is in the main competition from its registration on, without
	// a challenge, a fee and immunity: at the start of the range it was there before.
	// It keeps its slot until weights were set for it once, or it is eliminated.
	Main bool

	LatencyMS int64
	Fill      sim.FillMode
	Seed      *uint64      // nil: split off Config.Seed by its name
	Observer  sim.Observer // of its account; Progress is not called

	// AgainMS is how long after it lost its place (by elimination, or by losing its
	// slot) its owner registers a successor: the name with ~2, ~3 … behind it. A
	// registration that was refused is tried again after that time, too. At least a
	// minute; 0, and as long as the range: never. A short one makes the clock's steps
	// short.
	AgainMS int64
}
