package sim

import (
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Market is what every account of a range of time shares: a rule set, the candles,
// and what follows from both (schedules, carry terms, coarser candles, the daily
// bars that slippage looks at). It does not change, and serves any number of runs
// at once. Made once, it saves each of many runs from making its own.
type Market struct {
	set *rules.Set
}

// NewMarket joins a rule set with candles, one series a pair, that may reach back
// before fromMS for history. Every run on it lies within [fromMS, toMS], UTC ms,
// and ends at toMS: nothing past it exists for its strategies.
func NewMarket(set *rules.Set, series []*market.Series, fromMS, toMS int64) (*Market, error) {
	panic("sim: not built yet")
}

// Rules is the market's rule set.
func (m *Market) Rules() *rules.Set { return m.set }

// Range is the first and the last instant of its runs, UTC ms.
func (m *Market) Range() (fromMS, toMS int64) { panic("sim: not built yet") }

// Pairs lists the ids of the pairs with candles, in the order they were given.
func (m *Market) Pairs() []string { panic("sim: not built yet") }
