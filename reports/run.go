// Package reports is what people and programs see of a run: the terminal
// summary, tables, plots, and the result folder with its canonical result.json.
//
// It does not know how a result came about. Plots share one house style.
package reports

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Run is all that a report of one account's run is made of.
type Run struct {
	Version string // of ptnsim

	Rules     *rules.Resolved
	Dataset   []DatasetFile
	Strategy  string  // its name, or the signal file's
	Params    []Param // of the strategy, in its own order
	Source    string  // the SHA-256 of the files that say what the strategy does; "" where its name says it all
	Seed      uint64
	As        sim.Competition
	Fill      sim.FillMode
	LatencyMS int64

	Result     *sim.Result
	Assessment scoring.Assessment // the window at the end, judged alone
	Curve      *Curve             // equity and drawdown, thinned for plots; nil: none was recorded
	Causality  *Causality         // nil: it was not looked into
	Against    *Against           // where it stands in a population; nil: in none
}

// DatasetFile is a candle file that a run read.
type DatasetFile struct {
	Pair     string `json:"pair"`
	Interval string `json:"interval"`
	File     string `json:"file"`
	Rows     int    `json:"rows"`     // candles in the run's range
	FirstMS  int64  `json:"first_ms"` // the first candle's open, UTC ms
	LastMS   int64  `json:"last_ms"`  // the last one's
	SHA256   string `json:"sha256"`   // of the file's bytes
	Content  string `json:"content"`  // the SHA-256 that names its candles, whatever the format
	Note     string `json:"note"`     // what a reader must know of the data: that it is synthetic
	Doubts   string `json:"doubts"`   // what is doubtful about its candles, and what was done to them, as the data set's manifest says
}

// Param is one parameter of a strategy.
type Param struct{ Name, Value string }
