package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Strategy decides orders. A strategy sees the world only through its Setup and
// Context, and they show nothing that a trader could not have known at the time:
// candles up to the last finished one, the account as it stands.
type Strategy interface {
	// Init is called once, before the clock starts. The strategy subscribes to
	// the pairs it wants to see, sets its first alarm if it wants one, and
	// refuses parameters that make no sense.
	Init(*Setup) error
	// Decide is called at every instant at which a candle of a subscribed pair
	// is finished, and at every alarm. An error ends the run.
	Decide(*Context) error
}

// Setup is what a strategy may ask for before the clock starts.
type Setup struct {
	run *run
}

// Rules is the rule set that the run plays. A strategy must not change it.
func (s *Setup) Rules() *rules.Set { return s.run.cfg.Rules }

// Range is the run's first and last instant, UTC ms.
func (s *Setup) Range() (fromMS, toMS int64) { return s.run.cfg.FromMS, s.run.cfg.ToMS }

// Pairs lists the ids of the pairs that the run has candles of, in the order
// they were given.
func (s *Setup) Pairs() []string {
	ids := make([]string, 0, len(s.run.cfg.Series))
	for _, series := range s.run.cfg.Series {
		ids = append(ids, series.Pair.ID)
	}
	return ids
}

// Known reports whether the rule set knows a pair, with candles or without.
func (s *Setup) Known(pair string) bool { return findInstrument(s.run.account.instruments, pair) >= 0 }

// Subscribe has Decide called whenever a candle of the pair is finished. The
// feed shows the pair during those calls, without a look-up.
func (s *Setup) Subscribe(pair string) (*Feed, error) {
	i := findInstrument(s.run.account.instruments, pair)
	if i < 0 || s.run.account.instruments[i].series == nil {
		return nil, fmt.Errorf("no candles of %s: the run has %v", pair, s.Pairs())
	}
	return s.run.subscribe(i), nil
}

// WakeAt has Decide called at ms, a UTC ms in the run's range, whatever the
// candles do.
func (s *Setup) WakeAt(ms int64) { s.run.wakeAt(ms, s.run.cfg.FromMS-1) }

// Context is the world at one instant, as a strategy may see it. It is valid
// during the call that it is given to.
type Context struct {
	run *run
}

// NowMS is the instant, UTC ms.
func (c *Context) NowMS() int64 { return c.run.now }

// Feed returns the feed of a subscribed pair; nil if there is none. A strategy
// that is called often keeps what Subscribe returned instead.
func (c *Context) Feed(pair string) *Feed {
	for _, f := range c.run.feeds {
		if f.series.Pair.ID == pair {
			return f
		}
	}
	return nil
}

// WakeAt has Decide called again at ms, which must be later than now.
func (c *Context) WakeAt(ms int64) { c.run.wakeAt(ms, c.run.now) }

// Position is the open position on a pair; ok is false if there is none.
func (c *Context) Position(pair string) (p PositionView, ok bool) {
	i := findInstrument(c.run.account.instruments, pair)
	if i < 0 {
		return p, false
	}
	return c.run.view(i)
}

// Portfolio is the account as it stands.
func (c *Context) Portfolio() PortfolioView {
	c.run.mark()
	a := c.run.account
	return PortfolioView{
		Value: a.value(), Drawdown: 1 - a.ledger.drawdown(), Leverage: a.leverage(), Eliminated: a.judge.ended,
	}
}

// Submit emits an order. It acts now, or after the run's latency, and fills at
// the open of the next candle unless it is pinned. Rules §2.
func (c *Context) Submit(o Order) { c.run.emit(o) }

// Long emits an order that buys; leverage is a magnitude.
func (c *Context) Long(pair string, leverage float64) {
	c.Submit(Order{Pair: pair, Type: Long, Leverage: leverage})
}

// Short emits an order that sells; leverage is a magnitude.
func (c *Context) Short(pair string, leverage float64) {
	c.Submit(Order{Pair: pair, Type: Short, Leverage: -leverage})
}

// Flat emits an order that closes the pair's position.
func (c *Context) Flat(pair string) { c.Submit(Order{Pair: pair, Type: Flat}) }

// PositionView is an open position as a strategy sees it.
type PositionView struct {
	OpenMS            int64
	NetLeverage       float64 // signed
	AverageEntryPrice float64
	Return            float64 // with costs, a factor, at the last mark
}

// PortfolioView is the account as a strategy sees it.
type PortfolioView struct {
	Value      float64 // a factor
	Drawdown   float64 // the largest over the window, a loss
	Leverage   float64 // weighted
	Eliminated bool
}

// Feed is one subscribed pair as a strategy sees it at the present instant.
type Feed struct {
	run        *run
	instrument int
	series     *market.Series
	seen       int // finished candles
	freshMS    int64
}

// Pair is the pair's id.
func (f *Feed) Pair() string { return f.series.Pair.ID }

// Candles are the pair's finished candles, oldest first.
func (f *Feed) Candles() Candles { return Candles{series: f.series, n: f.seen} }

// Fresh reports whether a candle of the pair was finished at this very instant.
func (f *Feed) Fresh() bool { return f.freshMS == f.run.now }

// Position is the open position on the pair; ok is false if there is none.
func (f *Feed) Position() (p PositionView, ok bool) { return f.run.view(f.instrument) }

// Pending reports whether an order on the pair was emitted and has neither
// filled nor been rejected yet: it waits for its latency, or for its candle.
func (f *Feed) Pending() bool {
	return slices.ContainsFunc(f.run.queue, func(p pending) bool { return f.run.orders[p.order].Pair == f.series.Pair.ID })
}

// Open reports whether the pair's market is open at this instant.
func (f *Feed) Open() bool { return f.run.account.instruments[f.instrument].schedule.Open(f.run.now) }

// nextMS is when the next candle is finished.
func (f *Feed) nextMS() int64 {
	if f.seen >= len(f.series.Time) {
		return math.MaxInt64
	}
	return f.series.Time[f.seen] + f.series.IntervalMS
}

// Candles is a view of a pair's finished candles: nothing past the last of them
// can be reached through it. The columns are shared with the run; a strategy
// must not write to them.
type Candles struct {
	series *market.Series
	n      int
}

// Len is the number of finished candles.
func (c Candles) Len() int { return c.n }

// IntervalMS is the length of a candle.
func (c Candles) IntervalMS() int64 { return c.series.IntervalMS }

// Time is when each candle opened, UTC ms.
func (c Candles) Time() []int64 { return c.series.Time[:c.n:c.n] }

// Open is the column of opening prices.
func (c Candles) Open() []float64 { return column(c.series.Open, c.n) }

// High is the column of highest prices.
func (c Candles) High() []float64 { return column(c.series.High, c.n) }

// Low is the column of lowest prices.
func (c Candles) Low() []float64 { return column(c.series.Low, c.n) }

// Close is the column of closing prices.
func (c Candles) Close() []float64 { return column(c.series.Close, c.n) }

// Volume is the column of volumes; nil if the data has none.
func (c Candles) Volume() []float64 { return column(c.series.Volume, c.n) }

// LastClose is the close of the last finished candle; NaN if there is none.
func (c Candles) LastClose() float64 {
	if c.n == 0 {
		return math.NaN()
	}
	return c.series.Close[c.n-1]
}

// column cuts a column off at n and leaves it no capacity to look past it.
func column(col []float64, n int) []float64 {
	if col == nil {
		return nil
	}
	return col[:n:n]
}
