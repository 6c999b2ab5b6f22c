package fetch

import (
	"context"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// Source is a place that history is fetched from: how it names things, and which
// requests make a span of candles.
type Source interface {
	// About describes the source.
	About() About
	// Symbol returns the source's own name for a pair, or why it has none.
	Symbol(p market.Pair) (string, error)
	// Interval returns the source's own name for a candle's length, or an error
	// that lists what it has.
	Interval(v datasets.Interval) (string, error)
	// Fetch gets the pieces that hold the candles of a job's span.
	Fetch(ctx context.Context, g *Getter, j Job) (Raw, error)
}

// About is what there is to know of a source before asking it.
type About struct {
	Name      string // as the command line has it: "binance"
	Title     string // for people and the manifest: "Binance spot archives and REST"
	Licence   string // a note for the manifest
	API       string // base URL of its requests
	Archive   string // base URL of its archives, where those are elsewhere; else ""
	Key       Key    // the zero Key: none is needed
	PerMinute int    // requests a minute that the source takes from everybody
	Weight    Weight // the zero Weight: the source doesn't report one
}

// Key is how a source wants its key.
type Key struct {
	Variable string // the environment's variable that holds it
	Scheme   string // before the key in the header Authorization: "Bearer", "Token"
}

// Weight is the header in which a source says how much of its patience is used.
type Weight struct {
	Header string
	Limit  int // from here on, the rest of the minute is waited for
}

// Job is one pair's history.
type Job struct {
	Pair     market.Pair
	Symbol   string // the source's own
	Interval datasets.Interval
	Step     string // the source's own name of the interval
	Span     Span
	Ask      bool // the ask's close is wanted as a column, where the source has one
}

// Raw is a pair's finished pieces, in order of time, and how to read them.
type Raw struct {
	Job     Job
	Paths   []string // of the files; an archive counts for its members
	Options vendors.Options
	Notes   []string // for people and the manifest: "BTCUSD is BTCUSDT at Binance"
}

// Sources lists the sources that there are.
func Sources() []Source {
	return []Source{Binance{}, Binance{Futures: true}, Kraken{}, Polygon{}, Tiingo{}, Dukascopy{}}
}

// Names lists the sources' names.
func Names() []string {
	var names []string
	for _, s := range Sources() {
		names = append(names, s.About().Name)
	}
	return names
}

// Find returns the source of that name.
func Find(name string) (Source, error) {
	for _, s := range Sources() {
		if s.About().Name == name {
			return s, nil
		}
	}
	return nil, fmt.Errorf("found the source %q, expected one of %s%s",
		name, strings.Join(Names(), ", "), suggest.DidYouMean(name, Names()))
}

// noInterval is the error of an interval that a source doesn't have.
func noInterval(a About, v datasets.Interval, has string) error {
	return fmt.Errorf("%s has no candles of %s: it has %s; fetch one of those and make longer ones of it with data convert", a.Name, v, has)
}

// noClass is the error of a pair that a source doesn't trade.
func noClass(a About, p market.Pair, instead string) error {
	return fmt.Errorf("%s has no %s pairs such as %s; try %s, or name its symbol with --symbol %s=…", a.Name, p.Class, p.ID, instead, p.ID)
}

// named looks an interval up among names in the notation of datasets.
func named(v datasets.Interval, has string) (string, bool) {
	for name := range strings.FieldsSeq(has) {
		if name == v.String() {
			return name, true
		}
	}
	return "", false
}
