package roster

import (
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// Roster is a subnet file, read: the miners, and how the subnet is to be played.
type Roster struct {
	Name        string
	Description string
	SHA256      string // of the file's bytes, in hexadecimal
	Seed        uint64

	WeightsEveryMS, ChecksEveryMS   int64 // 0: not said
	EmissionPerDay, RegistrationFee float64
	Slots                           int // 0: as the rules say

	groups []group // as the file has them
}

// Options are what a file's miners need from outside.
type Options struct {
	Find strategies.Finder // by what the file writes for a strategy
	Dir  string            // what relative paths of the file are relative to; "": its own folder
}

// Bounds are the range and the pairs that the miners are drawn for.
type Bounds struct {
	FromMS, ToMS int64
	Pairs        []string // with candles
}

// Miners draws the miners. Dates and offsets of their registration become
// instants of the range; recorded orders outside it, or on pairs without candles,
// are left out with a warning.
func (r *Roster) Miners(b Bounds) (miners []subnet.Miner, warnings []string, err error) {
	panic("roster: not built yet")
}

type group struct{}
