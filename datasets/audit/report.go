package audit

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Problem is what can be wrong with, or doubtful about, a series of candles.
type Problem string

// The problems, in the order in which reports list them.
const (
	Unreadable    Problem = "unreadable"    // no candle file, or a damaged one
	Changed       Problem = "changed"       // not the file that dataset.json describes
	Unsorted      Problem = "unsorted"      // a time before the one before it
	Duplicate     Problem = "duplicate"     // one time twice, with identical candles
	Conflict      Problem = "conflict"      // one time twice, with different candles
	OffGrid       Problem = "off_grid"      // a time that is no multiple of the interval
	NotFinite     Problem = "not_finite"    // a price or volume that is NaN or infinite
	NotPositive   Problem = "not_positive"  // a price of 0 or less, or out of every market's bounds
	Inconsistent  Problem = "ohlc"          // low ≤ open, close ≤ high or bid ≤ ask does not hold
	BadVolume     Problem = "volume"        // a negative volume, or one out of bounds
	WrongInterval Problem = "interval"      // the candles are of another interval than stated
	Scale         Problem = "scale"         // the prices jump by a power of ten, or are not near what the pair trades at
	TimeZone      Problem = "time_zone"     // the sessions don't fit the market's hours: a wrong clock
	MarketClosed  Problem = "market_closed" // candles while the market is closed
	MissingTime   Problem = "gap"           // open-market time without candles
	Spike         Problem = "spike"         // a price that leaves and comes back within a few candles
	FlatRun       Problem = "flat_run"      // many candles in a row without any movement
	ZeroVolume    Problem = "zero_volume"   // candles without volume where others have some
)

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	Note    Severity = "note"    // good to know
	Warning Severity = "warning" // may spoil results: look at it
	Error   Severity = "error"   // a run refuses such a file, and an import such candles, unless a policy takes them
)

// Finding is one kind of problem of a series, with all its occurrences counted
// and the first of them told.
type Finding struct {
	Problem  Problem
	Severity Severity
	Count    int64        // candles, or gaps, or runs
	Row      int64        // of the first occurrence, from 1; 0 where there is none
	FromMS   int64        // of the first occurrence, UTC ms
	ToMS     int64        // its end, UTC ms
	Found    string       // what was found: "2025-03-02T17:00:00Z twice, with closes 1.0402 and 1.0404"
	Cause    string       // the likely cause, where one can be named: "the file's clock is Europe/Athens, not UTC"
	Remedy   string       // what the user can do
	First    []Occurrence // the first of the occurrences, at most Options.Keep
}

// Occurrence is one place of a finding.
type Occurrence struct {
	Row    int64 // from 1; 0 where there is none
	FromMS int64 // UTC ms
	ToMS   int64 // UTC ms
	Found  string
}

// Day is how complete one UTC day of a series is.
type Day struct {
	StartMS   int64 // its midnight, UTC ms
	OpenMS    int64 // open-market time of the day within the series' span, ms
	PresentMS int64 // of it covered by candles, ms
	ClosedMS  int64 // candles' time outside the open market, ms

	Candles int64   // that open on this day
	Volume  float64 // of them
}

// Report is what an audit found.
type Report struct {
	File     string // the path, or what the candles are called
	Pair     market.Pair
	Interval datasets.Interval
	Columns  datasets.Columns
	Rows     int64
	FirstMS  int64 // open of the first candle, UTC ms
	EndMS    int64 // end of the last candle, UTC ms
	Findings []Finding
	Gaps     datasets.Gaps
	Days     []Day // every UTC day from the first candle's to the last's
}

// Worst is the highest severity of the findings, "" without one.
func (r *Report) Worst() Severity {
	worst := Severity("")
	for _, f := range r.Findings {
		if f.Severity == Error || worst == "" || worst == Note {
			worst = f.Severity
		}
	}
	return worst
}

// openMS is the open-market time of the series' span, ms.
func (r *Report) openMS() int64 {
	var ms int64
	for _, d := range r.Days {
		ms += d.OpenMS
	}
	return ms
}

// Find returns the finding of a problem, or nil.
func (r *Report) Find(p Problem) *Finding {
	for i := range r.Findings {
		if r.Findings[i].Problem == p {
			return &r.Findings[i]
		}
	}
	return nil
}
