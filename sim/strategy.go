package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
)

// Strategy decides orders. A strategy sees the world only through its Setup and
// Context, and they show nothing that a trader could not have known at the time:
// candles up to the last finished one, the account as it stands.
//
// Its life: Init, once; Decide at every instant it asked for, and before each
// call, for an OutcomeWatcher, what became of its orders; for an Ender, End. A
// strategy that is an io.Closer is closed when the run is over, however it ends.
type Strategy interface {
	// Init is called once, before the clock starts. The strategy subscribes to
	// the pairs it wants to see, sets its first alarm if it wants one, and
	// refuses parameters that make no sense. It starts anew: nothing of an
	// earlier run may be left.
	Init(*Setup) error
	// Decide is called at every instant at which a candle of a feed that isn't
	// quiet is finished, and at every alarm. An error ends the run.
	Decide(*Context) error
}

// OutcomeWatcher is a strategy that is told what became of each of its orders,
// in the order of their outcomes.
type OutcomeWatcher interface {
	// Outcome is called before the strategy's next Decide, or its End: an order
	// fills at an open after the strategy was asked, and at that very instant
	// nothing can be done about it any more.
	Outcome(c *Context, id OrderID, o OrderRecord) error
}

// Ender is a strategy that is told when the clock has stopped. Orders are no
// longer taken.
type Ender interface {
	End(*Context) error
}

// errTooLate is of a strategy that kept its Setup.
var errTooLate = errors.New("the clock runs already: feeds, columns, guests and the alarms of a Setup are set up in Init")

// Setup is what a strategy may ask for before the clock starts.
type Setup struct {
	seat *seat
}

// Context ends when the run is given up. A strategy that waits for something
// outside the program waits for this, too.
func (s *Setup) Context() context.Context { return s.seat.run.ctx }

// RulesName is the name of the rule set that the run plays.
func (s *Setup) RulesName() string { return s.seat.run.cfg.Rules.Name }

// Range is the run's first and last instant, UTC ms.
func (s *Setup) Range() (fromMS, toMS int64) {
	return s.seat.run.cfg.FromMS, s.seat.run.cfg.ToMS
}

// LatencyMS is the time from an order's emission to when it acts.
func (s *Setup) LatencyMS() int64 { return s.seat.run.cfg.LatencyMS }

// Pairs lists the ids of the pairs that the run has candles of, in the order
// they were given; a guest's are those that its host gives it.
func (s *Setup) Pairs() []string {
	if of := s.seat.desk.Pairs; of != nil {
		return slices.Clone(of)
	}
	series := s.seat.run.cfg.Series
	ids := make([]string, 0, len(series))
	for _, of := range series {
		ids = append(ids, of.Pair.ID)
	}
	return ids
}

// KnownPairs lists the pairs that the rule set knows, with candles or without.
func (s *Setup) KnownPairs() []market.Pair {
	pairs := make([]market.Pair, 0, len(s.seat.run.account.instruments))
	for i := range s.seat.run.account.instruments {
		pairs = append(pairs, s.seat.run.account.instruments[i].pair)
	}
	return pairs
}

// Limits is what the rules allow on a pair; ok is false if the rule set doesn't
// know it.
func (s *Setup) Limits(pair string) (l PairLimits, ok bool) { return s.seat.run.limits(pair) }

// Random returns a source of random numbers that depends on the run's seed, on
// the strategy's place in the run and on the name, and on nothing else.
func (s *Setup) Random(name string) *Random {
	return NewRandom(s.seat.run.cfg.Seed, s.seat.name, name)
}

// Subscribe has Decide called whenever a candle of the pair is finished. The
// feed shows the pair during those calls, without a look-up.
// Once more it returns the same feed.
func (s *Setup) Subscribe(pair string) (*Feed, error) {
	for _, f := range s.seat.feeds {
		if f.Pair() == pair && f.plain {
			return f, nil
		}
	}
	f, err := s.SubscribeTo(pair, FeedOptions{})
	if err == nil {
		f.plain = true
	}
	return f, err
}

// SubscribeTo subscribes to a pair in another way than Subscribe does. Each
// call returns a feed of its own.
func (s *Setup) SubscribeTo(pair string, o FeedOptions) (*Feed, error) {
	r := s.seat.run
	if r.started {
		return nil, errTooLate
	}
	i := findInstrument(r.account.instruments, pair)
	if i < 0 || r.account.instruments[i].series == nil {
		return nil, fmt.Errorf("no candles of %s: the run has %s", pair, strings.Join(s.Pairs(), ", "))
	}
	if of := s.seat.desk.Pairs; of != nil && !slices.Contains(of, pair) {
		return nil, fmt.Errorf("no candles of %s: the strategy may trade %s alone", pair, strings.Join(of, ", "))
	}
	series, err := r.cfg.Market.seriesAt(i, o.IntervalMS)
	if err != nil {
		return nil, err
	}
	f := &Feed{seat: s.seat, instrument: i, series: series, quiet: o.Quiet,
		seen: series.Search(r.cfg.FromMS - series.IntervalMS)}
	f.tested = f.seen
	s.seat.feeds = append(s.seat.feeds, f)
	r.feeds = append(r.feeds, f)
	return f, nil
}

// WakeAt has Decide called at ms, a UTC ms in the run's range, whatever the
// candles do.
func (s *Setup) WakeAt(ms int64) {
	if s.seat.run.started {
		s.seat.run.refuse(errTooLate)
		return
	}
	s.seat.run.wakeAt(s.seat, ms, s.seat.run.cfg.FromMS-1)
}

// WakeEvery has Decide called at every multiple of everyMS since the epoch, so
// an hour's is on the full hours of UTC.
func (s *Setup) WakeEvery(everyMS int64) {
	r := s.seat.run
	switch {
	case r.started:
		r.refuse(errTooLate)
	case everyMS <= 0:
		r.refuse(fmt.Errorf("alarms every %d ms; expected a positive duration", everyMS))
	default:
		r.periodics = append(r.periodics, periodic{seat: s.seat, everyMS: everyMS, nextMS: NextMultiple(r.cfg.FromMS, everyMS)})
	}
}

// Context is the world at one instant, as a strategy may see it. It is valid
// during the call that it is given to.
type Context struct {
	seat *seat
}

// NowMS is the instant, UTC ms.
func (c *Context) NowMS() int64 { return c.seat.run.now }

// Feed returns the first feed of a subscribed pair; nil if there is none. A
// strategy that is called often keeps what Subscribe returned instead.
func (c *Context) Feed(pair string) *Feed {
	for _, f := range c.seat.feeds {
		if f.series.Pair.ID == pair {
			return f
		}
	}
	return nil
}

// WakeAt has Decide called again at ms, which must be later than now.
func (c *Context) WakeAt(ms int64) { c.seat.run.wakeAt(c.seat, ms, c.seat.run.now) }

// Position is the open position on a pair; ok is false if there is none.
func (c *Context) Position(pair string) (p PositionView, ok bool) {
	if of := c.seat.desk.Position; of != nil {
		return of(pair)
	}
	i := findInstrument(c.seat.run.account.instruments, pair)
	if i < 0 {
		return p, false
	}
	return c.seat.run.view(i)
}

// Pending lists the orders on a pair that were emitted and have neither filled
// nor been rejected yet, oldest first: they wait for their latency, or for
// their candle.
func (c *Context) Pending(pair string) []Order {
	if of := c.seat.desk.Pending; of != nil {
		return of(pair)
	}
	return c.seat.run.pending(pair)
}

// Portfolio is the account as it stands.
func (c *Context) Portfolio() PortfolioView {
	if of := c.seat.desk.Portfolio; of != nil {
		return of()
	}
	return c.seat.run.portfolio()
}

// Room is what the limits leave on a pair now; none on a pair that the rule set
// doesn't know.
func (c *Context) Room(pair string) Room {
	if of := c.seat.desk.Room; of != nil {
		return of(pair)
	}
	return c.seat.run.room(pair)
}

// Submit emits an order. It acts now, or after the run's latency, and fills at
// the open of the next candle unless it is pinned. Rules §2.
//
// An order that no rule could judge, because it is no order, ends the run.
func (c *Context) Submit(o Order) OrderID {
	r := c.seat.run
	if err := o.wellFormed(); err != nil {
		r.refuse(fmt.Errorf("an order on %s: %w", o.Pair, err))
		return -1
	}
	if r.over {
		r.refuse(fmt.Errorf("an order on %s after the end of the run", o.Pair))
		return -1
	}
	return c.seat.submit(o)
}

// Warn adds a doubt to the run's warnings, each once. A hundred are kept.
func (c *Context) Warn(text string) {
	if r := c.seat.run; len(r.notes) < notesMax && !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// notesMax bounds the warnings of one run.
const notesMax = 100

// Long emits an order that buys; leverage is a magnitude.
func (c *Context) Long(pair string, leverage float64) OrderID {
	return c.Submit(Order{Pair: pair, Type: Long, Leverage: leverage})
}

// Short emits an order that sells; leverage is a magnitude.
func (c *Context) Short(pair string, leverage float64) OrderID {
	return c.Submit(Order{Pair: pair, Type: Short, Leverage: -leverage})
}

// Flat emits an order that closes the pair's position.
func (c *Context) Flat(pair string) OrderID { return c.Submit(Order{Pair: pair, Type: Flat}) }

// PositionView is an open position as a strategy sees it.
type PositionView struct {
	OpenMS            int64
	NetLeverage       float64 // signed
	AverageEntryPrice float64
	Return            float64 // with costs, a factor, at the last mark
}

// PortfolioView is the account as a strategy sees it, and its distance to what
// would end it. Rules §8, §9.
type PortfolioView struct {
	Value       float64 // a factor
	Peak        float64 // the highest value of the window, at least 1
	Drawdown    float64 // the largest over the window, a loss: 0.03
	DrawdownNow float64 // of the value against the peak, a loss

	// DrawdownLimit is the drawdown that eliminates, a loss; 0 if none does.
	DrawdownLimit float64
	// Floor is the value at which the drawdown reaches that limit, if it has not
	// before; 0 if there is no limit.
	Floor float64

	Leverage       float64 // weighted
	LeverageMax    float64 // the cap of it; +Inf if there is none
	OpenPositions  int
	Eliminated     bool
	ChallengeEndMS int64 // when the challenge's time is up, UTC ms; 0 outside it, or before it starts
}
