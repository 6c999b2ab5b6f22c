package sim

import (
	"fmt"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// instrument is a pair as one run trades it: its candles and what the rule set
// says of it.
type instrument struct {
	pair     market.Pair
	series   *market.Series // nil: the run has no candles of it
	schedule *market.Schedule
	bounds   leverageBounds
	carry    market.CarryTerms
	halted   bool
}

// newInstruments joins the pairs that the rule set knows with the series of a
// run. fromMS and toMS bound every time that will be asked about.
func newInstruments(set *rules.Set, series []*market.Series, fromMS, toMS int64) ([]instrument, error) {
	pairs, err := set.Pairs()
	if err != nil {
		return nil, err
	}
	var schedules rules.ByClass[*market.Schedule]
	var carry rules.ByClass[market.CarryTerms]
	for _, class := range market.Classes() {
		if *schedules.For(class), err = market.NewSchedule(*set.Hours.For(class), fromMS, toMS); err != nil {
			return nil, fmt.Errorf("hours.%s: %w", class, err)
		}
		if *carry.For(class), err = carryTerms(&set.Carry, class); err != nil {
			return nil, err
		}
	}
	instruments := make([]instrument, 0, len(pairs))
	for _, p := range pairs {
		instruments = append(instruments, instrument{
			pair:     p,
			schedule: *schedules.For(p.Class),
			bounds:   newLeverageBounds(set, *set.Leverage.Position.For(p.Class), *set.Instruments.PortfolioWeight.For(p.Class)),
			carry:    *carry.For(p.Class),
			halted:   set.Halted(p.ID),
		})
	}
	for _, s := range series {
		i := findInstrument(instruments, s.Pair.ID)
		if i < 0 {
			return nil, fmt.Errorf("candles of %s: the rule set %s does not know that pair; add it under instruments.added in a rule file", s.Pair.ID, set.Name)
		}
		if instruments[i].series != nil {
			return nil, fmt.Errorf("candles of %s: given twice; a run takes one series a pair", s.Pair.ID)
		}
		instruments[i].series = s
	}
	return instruments, nil
}

func findInstrument(instruments []instrument, id string) int {
	for i := range instruments {
		if instruments[i].pair.ID == id {
			return i
		}
	}
	return -1
}

// firstFill returns the index of the first candle that opens at or after ms in
// an open market, no later than waitMS after it; noCandle if there is none.
func (in *instrument) firstFill(ms, waitMS int64) int {
	for i := in.series.Search(ms); i < in.series.Len() && in.series.Time[i]-ms <= waitMS; i++ {
		if in.schedule.Open(in.series.Time[i]) {
			return i
		}
	}
	return noCandle
}

// lastClose returns the close of the last candle that ended at or before ms in
// an open market, and when it ended; ok is false if there is none.
func (in *instrument) lastClose(ms int64) (price float64, endMS int64, ok bool) {
	if in.series == nil {
		return 0, 0, false
	}
	i := in.series.Search(ms-in.series.IntervalMS+1) - 1
	for i >= 0 {
		open, sinceMS := in.schedule.Since(in.series.Time[i])
		if open {
			return in.series.Close[i], in.series.EndMS(i), true
		}
		i = in.series.Search(sinceMS) - 1
	}
	return 0, 0, false
}
