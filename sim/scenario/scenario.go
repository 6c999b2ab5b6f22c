package scenario

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
)

// Scenario is a file, read: nothing that it names was looked at.
type Scenario struct {
	File    string // as it was given
	Text    string // its bytes
	Title   string // key scenario
	Section string // what it is listed under; "" if it does not say
	About   string // prose

	Rules     string     // a built-in set, or a path; rules.Default if it does not say
	RulesAt   Place      // where it says so
	Overrides []Override // in the file's order

	Data         Data
	FromMS, ToMS int64 // UTC ms; 0: not said, as far as the candles go

	As        sim.Competition
	Fill      sim.FillMode
	LatencyMS int64
	Seed      *uint64 // nil: 1 of an account, the file's of a subnet

	Actor     Actor
	Tolerance condition.Tolerance // of all numbers that state none
	Expect    Expectation
}

// Place is where a value stands.
type Place = strictyaml.Place

// Override is one rule that is set otherwise: path=value, as rules.WithOverride takes it.
type Override struct {
	Text string
	At   Place
}

// Data is where the candles come from: exactly one of Paths, Sample, Recipe and
// Written; none of them where a population is scored.
type Data struct {
	Paths     []string // of a data set; relative to the scenario's folder
	Sample    bool     // the embedded one
	Pairs     []string // to take of it; nil: all
	Intervals map[string]datasets.Interval
	MaxGapMS  int64 // 0: the default; negative: none at all

	Recipe *synth.Document

	Written []Written

	At Place
}

// Written is the candles of one pair, written out in the file. What the pair is, the
// rule set tells.
type Written struct {
	PairID string
	Series *market.Series // its Pair is empty
	At     Place
}

// Kind is what sort of play a scenario is.
type Kind uint8

// The kinds, by who acts.
const (
	OfAccount    Kind = iota // one account: signals, a strategy, a script or recorded positions
	OfTournament             // a subnet
	OfStanding               // a population that is scored
)

// Actor is who acts: one of the fields is set.
type Actor struct {
	Kind Kind
	At   Place

	Signals    []strategies.Signal // written out; nil if they are not
	SignalFile string              // a path

	Strategy string               // what a Finder finds
	Params   []strategies.Setting // of the strategy or the script
	ParamsAt []Place

	Script string // the text of one; its lines count as the scenario's

	Positions string // a path of recorded positions
	Simulated bool   // they fill from the candles, not as recorded
	Miner     string // whose signals or positions, where a file has several's

	Subnet     string // a path of a subnet file
	SubnetText string // or a subnet, written out; its lines count as the scenario's

	Population     *scoring.Population // written out
	PopulationFile string              // a path of what ptnsim score reads
}
