package compose

import (
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// executor brings the account to a target on every pair, under the rules:
//
//   - A target beyond the pair's largest position is that position; one below its
//     smallest is none, with a warning. A difference below the smallest order is
//     left alone. Rules §2, §4.
//   - An order that was rejected is emitted anew at the pair's next candle; one
//     that would be, by the rate limit, the cooldown or a closed market, is
//     withheld until it passes. Rules §2, §3.
//   - What the portfolio's cap leaves no room for is not opened until there is
//     some, with a warning. Rules §4.
//
// Orders of one instant come in the order in which the guests asked for them, as
// long as all of them pass; else those that reduce come first.
type executor struct {
	goals     []*goal
	requests  sim.RequestLimits
	window    window
	latencyMS int64
	alarm     alarm
	lastActMS int64 // of the last order on any pair
	sequence  int
	steps     []step  // scratch
	held      float64 // weighted portfolio leverage after the orders emitted so far
	orders    int     // that the open positions still take
}

// goal is a pair and what the account should hold of it.
type goal struct {
	feed      *sim.Feed // quiet
	limits    sim.PairLimits
	target    float64
	sequence  int   // of the guest's last order on the pair
	reached   bool  // nothing is to be done until the target changes
	lastActMS int64 // of the last order on the pair
	againMS   int64 // when to look at it again; MaxInt64: when another one is looked at
	net       float64
}

// step is one order that brings a goal nearer.
type step struct {
	goal     *goal
	from, to float64 // signed net leverage
}

// reduces reports whether the step makes the position smaller.
func (s step) reduces() bool { return math.Abs(s.to) < math.Abs(s.from) }

// never is before every time that a run can have.
const never = math.MinInt64 / 2

// start makes an executor of every pair that the strategy may trade.
func (e *executor) start(setup *sim.Setup) error {
	*e = executor{requests: setup.RequestLimits(), latencyMS: setup.LatencyMS(), alarm: alarm{never}, lastActMS: never}
	e.window = window{limits: e.requests}
	for _, pair := range setup.Pairs() {
		feed, err := setup.SubscribeTo(pair, sim.FeedOptions{Quiet: true})
		if err != nil {
			return err
		}
		limits, _ := setup.Limits(pair)
		e.goals = append(e.goals, &goal{feed: feed, limits: limits, reached: true, lastActMS: never})
	}
	return nil
}

// touch notes that a guest has just asked for something on a pair.
func (e *executor) touch(pair string) {
	for _, g := range e.goals {
		if g.feed.Pair() == pair {
			e.sequence++
			g.sequence = e.sequence
		}
	}
}

// aim sets what the account should hold of a pair.
func (g *goal) aim(target float64) {
	if target != g.target {
		g.target, g.reached, g.againMS = target, false, never
	}
}

// due reports whether the goal is to be looked at now. One with an order on its
// way is so at every candle.
func (g *goal) due(now int64) bool { return !g.reached && g.againMS <= now }

// pursue emits what can be emitted now, and has the strategy called again when
// there is more to do.
func (e *executor) pursue(c *sim.Context) {
	now := c.NowMS()
	if slices.ContainsFunc(e.goals, func(g *goal) bool { return g.due(now) }) {
		if c.Portfolio().Eliminated {
			return
		}
		e.steps = e.steps[:0]
		for _, g := range e.goals {
			if g.due(now) || !g.reached && g.againMS == math.MaxInt64 { // the others may make room
				e.approach(c, g)
			}
		}
		if len(e.steps) > 0 {
			e.emit(c)
		}
	}
	e.wake(c)
}

// approach adds the steps that a goal takes now, and sets when to look at it
// again.
func (e *executor) approach(c *sim.Context, g *goal) {
	now, net := c.NowMS(), c.Expected(g.feed.Pair())
	want := g.wanted(c, net)
	g.againMS = g.nextCandle(now)
	if net == want || net*want > 0 && math.Abs(want-net) < max(g.limits.OrderMin, 2*hair*math.Abs(want)) {
		g.reached = !g.feed.Pending()
		return
	}
	if open, untilMS := g.feed.Session(); !open {
		g.againMS = untilMS
		return
	}
	if free := e.cooledMS(g, net); free > now {
		g.againMS = g.nextCandle(free - 1)
		return
	}
	if net*want < 0 {
		e.steps = append(e.steps, step{g, net, 0})
		net = 0
	}
	e.steps = append(e.steps, step{g, net, want})
}

// nextCandle is the first end of a candle after an instant, on the grid of UTC.
// An order between two ends would fill no sooner.
func (g *goal) nextCandle(ms int64) int64 {
	interval := g.feed.Candles().IntervalMS()
	return ms - ms%interval + interval
}

// cooledMS is when an order on a pair with that net leverage no longer comes too
// soon after the one before. Rules §2.
func (e *executor) cooledMS(g *goal, net float64) int64 {
	last := g.lastActMS
	switch {
	case e.requests.CooldownOfMiner:
		last = e.lastActMS
	case net == 0: // a new position has no order before it
		return never
	}
	return last + g.limits.CooldownMS - e.latencyMS
}

// hair is a relative distance that rounding doesn't bridge.
const hair = 1e-9

// wanted is the target as far as the rules allow it, for an account that holds
// net.
func (g *goal) wanted(c *sim.Context, net float64) float64 {
	size, least := math.Abs(g.target), g.limits.PositionMin
	switch {
	case size == 0:
		return 0
	case size < least*(1-hair):
		c.Warn(fmt.Sprintf("%s: a target is below the smallest position, %g: the account holds none then", g.feed.Pair(), least))
		return 0
	case net == 0:
		size = max(size, least)
	default: // an order that reduces to it must not miss it by rounding
		size = max(size, least*(1+hair))
	}
	return math.Copysign(min(size, g.limits.PositionMax), g.target)
}

// emit emits the steps that pass, in the guests' order if all do, else those
// first that reduce.
func (e *executor) emit(c *sim.Context) {
	slices.SortStableFunc(e.steps, func(a, b step) int { return a.goal.sequence - b.goal.sequence })
	e.look(c)
	if !e.pass(c) {
		reducing := make([]step, 0, len(e.steps))
		growing := make([]step, 0, len(e.steps))
		for _, s := range e.steps {
			if s.reduces() {
				reducing = append(reducing, s)
			} else {
				growing = append(growing, s)
			}
		}
		e.steps = append(append(e.steps[:0], reducing...), growing...)
	}
	for _, s := range e.steps {
		e.take(c, s)
	}
}

// look sees what the account will hold once the orders on their way have filled.
func (e *executor) look(c *sim.Context) {
	e.held, e.orders = 0, c.Room(e.goals[0].feed.Pair()).Orders
	for _, g := range e.goals {
		g.net = c.Expected(g.feed.Pair())
		e.held += float64(math.Abs(g.net) * g.limits.Weight)
		if e.orders < math.MaxInt && g.feed.Pending() {
			e.orders -= len(c.Pending(g.feed.Pair()))
		}
	}
}

// pass reports whether the steps in their order exceed neither the limits on
// requests nor the portfolio's cap.
func (e *executor) pass(c *sim.Context) bool {
	if min(e.orders, e.window.left(c.NowMS()+e.latencyMS)) < len(e.steps) {
		return false
	}
	held := e.held
	for _, s := range e.steps {
		if held += s.weighted(); held > s.goal.limits.PortfolioMax*(1+hair) {
			return false
		}
	}
	return true
}

// weighted is by how much a step changes the weighted portfolio leverage.
func (s step) weighted() float64 {
	return float64((math.Abs(s.to) - math.Abs(s.from)) * s.goal.limits.Weight)
}

// take emits a step, if it passes.
func (e *executor) take(c *sim.Context, s step) {
	g, act := s.goal, c.NowMS()+e.latencyMS
	if e.window.left(act) == 0 || g.net != s.from || e.requests.CooldownOfMiner && act-e.lastActMS < g.limits.CooldownMS {
		return
	}
	if !e.fits(c, s) {
		if !g.feed.Pending() { // else what becomes of that order decides
			g.againMS = math.MaxInt64
		}
		return
	}
	if c.Target(g.feed.Pair(), s.to) == 0 {
		return
	}
	e.window.request(act)
	g.net, g.lastActMS, e.lastActMS = s.to, act, act
	e.held += s.weighted()
	if s.to != 0 && e.orders < math.MaxInt {
		e.orders--
	}
}

// fits reports whether the rules leave room for the step: an order that would be
// clamped to next to nothing is better not sent.
func (e *executor) fits(c *sim.Context, s step) bool {
	limits, pair := &s.goal.limits, s.goal.feed.Pair()
	if s.to != 0 && e.orders <= 0 {
		c.Warn(fmt.Sprintf("%s: the open positions hold as many orders as the rules take: it stays as it is until one of them closes", pair))
		return false
	}
	if s.reduces() {
		return true
	}
	least := limits.OrderMin
	if s.from == 0 {
		least = max(least, limits.PositionMin)
	}
	if room := (limits.PortfolioMax - e.held) / limits.Weight; room < least*(1-hair) {
		c.Warn(fmt.Sprintf("%s: the portfolio's cap of %g leaves no room for a target: the account waits for some", pair, limits.PortfolioMax))
		return false
	}
	return true
}

// wake has the strategy called at the first instant at which a goal is to be
// looked at again, unless it is called before. Where the rate limit lets nothing
// in, there is nothing to look at until it does.
func (e *executor) wake(c *sim.Context) {
	now, ms := c.NowMS(), int64(math.MaxInt64)
	free := e.window.freeMS(now+e.latencyMS) - e.latencyMS
	for _, g := range e.goals {
		switch {
		case g.reached:
		case free > g.againMS:
			ms = min(ms, g.nextCandle(free-1))
		default:
			ms = min(ms, g.againMS)
		}
	}
	e.alarm.set(c, ms)
}
