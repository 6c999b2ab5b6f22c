package audit

import (
	"fmt"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Options say what candles are to be judged and how strictly. Every zero field
// but Pair and Interval stands for its default.
type Options struct {
	File     string            // the path, or what the candles are called in messages
	Pair     market.Pair       // its class decides the hours and the thresholds
	Interval datasets.Interval // length of a candle

	// Calendar returns the hours of the pair's market over [fromMS, toMS), as
	// datasets.Select.Calendar does, so that one function serves both; nil =
	// datasets.MarketCalendar. It is asked again as the candles reach further.
	Calendar func(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error)

	// GapToleranceMS is the longest open-market time without candles that is not
	// an error, ms; 0 = datasets.DefaultGapTolerance of the class, negative = none
	// at all is taken.
	GapToleranceMS int64
	// GapDoubtMS is the longest open-market time without candles in the middle
	// of a session that is not worth a warning, ms; 0 = an hour.
	GapDoubtMS int64

	// FlatMS is how long candles must stand still to be a flat run, ms of open
	// market, and at least flatCandles of them; 0 = an hour, for equities half.
	// In the first hours of a market's week it is thrice as long.
	FlatMS int64

	// SpikeMove is the smallest move away from the last close that can be a
	// spike, a fraction of the price; 0 = forex 0.002, metals 0.005, equities and
	// indices 0.01, crypto 0.015.
	SpikeMove float64
	// SpikeRanges is how many times the usual range of the candles around it a
	// spike must measure; 0 = 20.
	SpikeRanges float64

	// Zone is the zone that the file's times were read with, as it was stated, such
	// as America/Chicago or America/New_York+7h; "" or UTC = none. It only serves
	// to name the clock that a file seems to have.
	Zone string

	// Keep is how many occurrences of each finding are kept; 0 = 5.
	Keep int
}

// The defaults that do not depend on the class.
const (
	defaultGapDoubtMS  = int64(datasets.Hour)
	defaultSpikeRanges = 20
	defaultKeep        = 5
	flatCandles        = 5 // fewer candles are no run
)

// withDefaults returns the options with every default filled in, or what is
// wrong with them.
func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Interval <= 0:
		return o, fmt.Errorf("audit of %s: found the interval %s, expected the length of a candle", o.File, o.Interval)
	case o.Pair.Class == 0:
		return o, fmt.Errorf("audit of %s: found a pair without a class, expected one of %v", o.File, market.Classes())
	case o.Interval > datasets.Interval(text.MaxTimeMS-text.MinTimeMS):
		return o, fmt.Errorf("audit of %s: found the interval %s, expected one of at most a year", o.File, o.Interval)
	}
	if o.Calendar == nil {
		o.Calendar = datasets.MarketCalendar
	}
	if o.GapToleranceMS == 0 {
		o.GapToleranceMS = datasets.DefaultGapTolerance(o.Pair.Class)
	}
	o.GapToleranceMS = max(o.GapToleranceMS, 0)
	o.GapDoubtMS = orDefault(o.GapDoubtMS, defaultGapDoubtMS)
	o.FlatMS = orDefault(o.FlatMS, flatDefault(o.Pair.Class))
	o.SpikeMove = orDefault(o.SpikeMove, spikeMoveDefault(o.Pair))
	o.SpikeRanges = orDefault(o.SpikeRanges, defaultSpikeRanges)
	o.Keep = orDefault(o.Keep, defaultKeep)
	return o, nil
}

func orDefault[T int | int64 | float64](x, fallback T) T {
	if x == 0 {
		return fallback
	}
	return x
}

func flatDefault(c market.Class) int64 {
	if c == market.Equities {
		return int64(30 * datasets.Minute)
	}
	return int64(datasets.Hour)
}

func spikeMoveDefault(p market.Pair) float64 {
	switch {
	case p.Metal():
		return 0.005
	case p.Class == market.Forex:
		return 0.002
	case p.Class == market.Crypto:
		return 0.015
	}
	return 0.01
}
