package scenario

import (
	"context"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// Library is what scenarios need from outside.
type Library struct {
	Find   strategies.Finder                                             // strategies by what a file writes; nil: the built-in ones
	Digest func(*Play) (string, error)                                   // of an account's or a tournament's canonical result; nil: none, ""
	Memory *datasets.Memory                                              // of data files whose hash was verified; may be nil
	Script func(name string, text []byte) (strategies.Definition, error) // a script's definition
}

// Play is what came of a scenario: one of Account, Tournament and Standing.
type Play struct {
	Scenario *Scenario
	Rules    *rules.Resolved
	Candles  []Candles // by pair; none of a standing

	Strategy string // its name, or the signals' ("signals")
	Params   []strategies.Setting
	SHA256   string // of the files, or the text, that say what it does
	Seed     uint64

	FromMS, ToMS int64 // UTC ms
	Account      *sim.Result
	Assessment   scoring.Assessment // of the account
	Carry        []fact.CarryCharge
	RosterName   string // of a tournament: its file's name, and its hash
	RosterSHA256 string
	Tournament   *subnet.Result
	Standing     *scoring.Standing

	Facts fact.Node
}

// Candles is what a play read of one pair.
type Candles struct {
	Pair     string
	Interval datasets.Interval
	Content  string // the SHA-256 that names the candles: datasets.ManifestFile
	File     string // its path; "" of candles that were made or written out
	SHA256   string // of the file
	Rows     int    // in the range
	FirstMS  int64  // of those, UTC ms
	LastMS   int64
	Note     string // what a reader must know: that it is synthetic
}

// Player plays scenarios, any number at once. What several of them read it reads once.
type Player struct {
	library Library
	// Further unexported fields are the owner's to choose.
}

// NewPlayer returns a player. The caller closes it.
func NewPlayer(l Library) *Player { return &Player{library: l} }

// Close lets go of the candles that were read.
func (p *Player) Close() error { panic("not written yet") }

// Play plays a scenario. The error is what can't be played, with its place where the
// file says it; of a context that was cancelled, the context's.
func (p *Player) Play(ctx context.Context, s *Scenario) (*Play, error) { panic("not written yet") }
