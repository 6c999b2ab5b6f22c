package sim

import (
	"slices"
	"sync"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Market is what every account of a range of time shares: a rule set, the candles,
// and what follows from both (schedules, carry terms, coarser candles, the daily
// bars that slippage looks at). It does not change, and serves any number of runs
// at once. Made once, it saves each of many runs from making its own.
type Market struct {
	set          *rules.Set
	series       []*market.Series // cut at the end of the range
	instruments  []instrument
	fromMS, toMS int64

	bars   []dailyBars // by instrument
	coarse coarseCandles
}

// dailyBars are made when they are first asked for.
type dailyBars struct {
	once sync.Once
	bars []market.DailyBar
}

// coarseCandles are made when they are first asked for.
type coarseCandles struct {
	mu   sync.Mutex
	made []coarseSeries
}

// NewMarket joins a rule set with candles, one series a pair, that may reach back
// before fromMS for history. Every run on it lies within [fromMS, toMS], UTC ms,
// and ends at toMS: nothing past it exists for its strategies.
func NewMarket(set *rules.Set, series []*market.Series, fromMS, toMS int64) (*Market, error) {
	first := fromMS
	series = slices.Clone(series) // the caller's stays as it is
	for i, s := range series {
		series[i] = s.Slice(0, s.Search(toMS-s.IntervalMS+1))
		if series[i].Len() > 0 {
			first = min(first, series[i].Time[0])
		}
	}
	instruments, err := newInstruments(set, series, first, toMS)
	if err != nil {
		return nil, err
	}
	return &Market{
		set: set, series: series, instruments: instruments, fromMS: fromMS, toMS: toMS,
		bars: make([]dailyBars, len(instruments)),
	}, nil
}

// WarmupMS is how much history before a run its costs look at where there is any, ms:
// the trading days of the average volume and of the volatility (n returns take n+1
// closes) as calendar days of weeks with five trading days, and two weeks for
// holidays. Rules §7.
func WarmupMS(set *rules.Set) int64 {
	const most = 100 * 366 // more than any data has, so that nothing overflows
	trading := min(max(set.Liquidity.ADVDays, set.Liquidity.VolatilityDays+1), most)
	calendar := (trading*7+4)/5 + 14
	return int64(calendar) * dayMS
}

// Rules is the market's rule set.
func (m *Market) Rules() *rules.Set { return m.set }

// Range is the first and the last instant of its runs, UTC ms.
func (m *Market) Range() (fromMS, toMS int64) { return m.fromMS, m.toMS }

// Pairs lists the ids of the pairs with candles, in the order they were given.
func (m *Market) Pairs() []string {
	ids := make([]string, 0, len(m.series))
	for _, s := range m.series {
		ids = append(ids, s.Pair.ID)
	}
	return ids
}

// dailyBars are an instrument's; none of one without candles.
func (m *Market) dailyBars(instrument int) []market.DailyBar {
	in := &m.instruments[instrument]
	if in.series == nil {
		return nil
	}
	b := &m.bars[instrument]
	b.once.Do(func() {
		b.bars = market.DailyBars(in.series, m.set.Hours.For(in.pair.Class).TradingDay, in.schedule.Open)
	})
	return b.bars
}
