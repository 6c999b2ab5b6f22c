package vendors

import (
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// sessionDates is the clock of daily rows that carry a date alone: each lies at the
// instant at which the day's trading begins, as conversion's days do.
type sessionDates struct {
	zone    text.ZoneClock
	afterMS int64 // from midnight of the date to the opening, on the zone's clock
}

// UTC implements clock.
func (c *sessionDates) UTC(local int64) (ms int64, ok bool) { return c.zone.UTC(local + c.afterMS) }

// placeDates gives daily rows of bare dates their instants, by the class of their
// pair: midnight would lie outside the sessions of most markets, where no order
// fills. A stated zone is obeyed.
func (p *plan) placeDates(s *sheet, o Options) {
	if !slices.Contains([]string{anyTableName, "yahoo", "stooq"}, p.Format) || !p.time.local || !p.time.format.DateOnly() {
		return
	}
	if p.Interval == 0 && p.daily(s) {
		p.Interval = datasets.Day
		p.note("interval 1d by the dates")
	}
	class := p.class(o)
	if o.Zone != nil {
		if class != market.Crypto {
			p.note("dates without a time of day are midnight of %s, as stated: where a market is closed then, runs can't fill", o.zoneName())
		}
		return
	}
	if p.time.dates = true; p.Interval != datasets.Day {
		return
	}
	newYork := text.ZoneClock{Zone: loadZone("America/New_York")}
	switch class {
	case market.Crypto:
		p.time.clock, p.Clock = universal{}, "UTC"
		p.note("dates without a time of day: each candle begins at 00:00 UTC")
	case market.Equities:
		p.time.clock, p.Clock = &sessionDates{newYork, 9*hourMS + hourMS/2}, "America/New_York"
		p.note("dates without a time of day: each candle begins at the session's open, 09:30 New York")
	case market.Forex:
		p.time.clock, p.Clock = &sessionDates{newYork, -7 * hourMS}, "America/New_York"
		p.note("dates without a time of day: each candle begins at 17:00 New York of the day before, as the trading day does")
	}
}

// daily reports whether the least step between sampled dates is a day.
func (p *plan) daily(s *sheet) bool {
	least, last := int64(0), int64(0)
	samples, _ := p.timeSamples(s)
	for i, v := range samples {
		ms, _, ok := p.time.format.Parse([]byte(v))
		if !ok {
			continue
		}
		if step := max(ms-last, last-ms); i > 0 && step > 0 && (least == 0 || step < least) {
			least = step
		}
		last = ms
	}
	return least == int64(datasets.Day)
}

// class is that of the pair that the symbol means, or of the pairs that several
// symbols mean where it is the same for all; 0 if it is not known.
func (p *plan) class(o Options) market.Class {
	if o.Class != 0 {
		return o.Class
	}
	symbols := p.Symbols
	if p.Symbol != "" {
		symbols = []string{p.Symbol}
	}
	var class market.Class
	pairs := market.Pairs()
	for _, symbol := range symbols {
		pair, _, ok := PairOf(symbol, pairs)
		switch {
		case !ok:
		case class != 0 && class != pair.Class:
			return 0
		default:
			class = pair.Class
		}
	}
	return class
}

// datesUnplaced is the refusal of dates that can't be placed in a market's day.
func datesUnplaced(in Input, line int64) error {
	return &datasets.Refusal{File: in.String(), Line: line, Problem: datasets.ErrNoZone,
		Found:    "dates without a time of day, of candles that are not known to be daily ones of a pair with sessions",
		Expected: "daily candles of a symbol that is a pair of crypto, forex or equities, or the zone at whose midnight they begin",
		Remedy:   "name the file after its symbol and interval, such as AAPL-1d.csv, or give --zone"}
}
