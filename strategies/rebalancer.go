package strategies

import (
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// rebalancer brings pairs to signed leverages, and keeps at it until they are
// there: an order may be rejected, a market closed, the rate limit reached.
//
// It sends no more orders than the rate limit has left, and what must wait comes
// in the next window, a minute later: of many pairs that move at once the first
// in the list move first. Positions that shrink go before those that grow, so
// that there is room for these under the portfolio's cap. Rules §2, §4.
//
// An order is followed up after the pair's next candle of the run, however long
// the candles are that the strategy looks at: a pair whose candles have ended, or
// pause, gets one order and then none until there is a candle again.
type rebalancer struct {
	legs  []leg
	quota quota

	latencyMS int64
	spacingMS int64 // between two orders on whatever pairs; 0: none

	alarmMS int64 // the alarm that is set; past: none
	sentMS  int64 // when the last order was sent
	over    bool  // the account is eliminated
}

// leg is one pair of a rebalancer.
type leg struct {
	stake
	orderMin float64
	target   float64 // signed leverage
	moving   bool    // not known to be there
	againMS  int64   // when to look again
	known    int     // candles of the run when its last order was sent; noOrder: none since the market opened
}

const (
	longAgo = math.MinInt64 / 2
	noOrder = -1
)

func newRebalancer(setup *sim.Setup, stakes []stake) rebalancer {
	limits := setup.RequestLimits()
	r := rebalancer{legs: make([]leg, len(stakes)), quota: quota{limits: limits}, latencyMS: setup.LatencyMS(), sentMS: longAgo}
	for i, s := range stakes {
		pair, _ := setup.Limits(s.feed.Pair())
		r.legs[i] = leg{stake: s, orderMin: pair.OrderMin, known: noOrder}
		if limits.CooldownOfMiner {
			r.spacingMS = max(r.spacingMS, pair.CooldownMS)
		}
	}
	return r
}

// aim gives a pair a target. One that is there already, or on its way, is left
// alone.
func (r *rebalancer) aim(pair int, target float64) {
	if l := &r.legs[pair]; l.target != target {
		l.target, l.moving, l.againMS = target, true, 0
	}
}

// work sends what can be sent now, and sets the alarm for the rest.
func (r *rebalancer) work(c *sim.Context) {
	if !r.isMoving() {
		return
	}
	if r.over = r.over || c.Portfolio().Eliminated; r.over {
		return
	}
	now := c.NowMS()
	for _, growing := range [...]bool{false, true} {
		for i := range r.legs {
			if l := &r.legs[i]; l.moving && l.againMS <= now && l.grows() == growing {
				r.move(c, l)
			}
		}
	}
	r.wake(c, now)
}

func (r *rebalancer) isMoving() bool {
	for i := range r.legs {
		if r.legs[i].moving {
			return true
		}
	}
	return false
}

// grows reports whether the target is a larger position than what is held. The
// account was looked at before, so that the net leverage is that of now.
func (l *leg) grows() bool {
	net := l.feed.NetLeverage()
	return math.Abs(l.target) > math.Abs(net) && l.target*net >= 0
}

// flips reports whether the target is on the other side of what is held. That
// takes two orders, a FLAT and one that opens.
func (l *leg) flips() bool {
	return l.target*l.feed.NetLeverage() < 0
}

// opens reports whether the market is open when an order acts that is sent now;
// if not, when to look again.
func (l *leg) opens(nowMS, latencyMS int64) (open bool, againMS int64) {
	open, untilMS := l.feed.Session()
	switch changes := untilMS <= nowMS+latencyMS; {
	case changes && open: // it closes before
		return false, untilMS
	case changes, open:
		return true, 0
	}
	return false, untilMS - latencyMS
}

// isThere reports whether nothing is left to do once the orders on their way have
// filled.
func (l *leg) isThere(c *sim.Context) bool {
	left := math.Abs(c.Expected(l.feed.Pair()) - l.target)
	return left == 0 || l.target != 0 && left < l.orderMin
}

// move takes one pair a step on its way. After an order it is looked at again
// when its next candle is finished: if nothing is left to do then, it is there.
func (r *rebalancer) move(c *sim.Context, l *leg) {
	now := c.NowMS()
	nextCandle := now + l.own.Candles().IntervalMS()
	open, opensMS := l.opens(now, r.latencyMS)
	requests := r.quota.left(now)
	switch {
	case l.isThere(c) && !l.feed.Pending():
		l.moving = false
	case !open:
		l.againMS, l.known = opensMS, noOrder
	case l.feed.Pending(), l.known == l.own.Candles().Len():
		l.againMS = nextCandle
	case now-r.sentMS < r.spacingMS:
		l.againMS = r.sentMS + r.spacingMS
	case requests == 0:
		l.againMS = r.quota.nextMS()
	case l.flips() && (requests == 1 || r.spacingMS > 0): // one of the two orders
		c.Flat(l.feed.Pair())
		r.sent(l, 1, now)
	default:
		r.sent(l, c.Target(l.feed.Pair(), l.target), now)
	}
}

// sent takes note of orders that were sent on a pair; none where it was not to be.
func (r *rebalancer) sent(l *leg, n int, nowMS int64) {
	l.againMS = nowMS + l.own.Candles().IntervalMS()
	if n > 0 {
		l.known, r.sentMS = l.own.Candles().Len(), nowMS
		r.quota.spend(n, nowMS)
	}
}

// wake sets an alarm for the first pair to look at again.
func (r *rebalancer) wake(c *sim.Context, now int64) {
	next := int64(math.MaxInt64)
	for i := range r.legs {
		if r.legs[i].moving {
			next = min(next, r.legs[i].againMS)
		}
	}
	if next == math.MaxInt64 || r.alarmMS > now && r.alarmMS <= next {
		return
	}
	r.alarmMS = next
	c.WakeAt(next)
}

// reachable is the leverage that a position can really have: an order over the
// bound is clamped, and would be tried again for ever. Rules §4.
func reachable(l sim.PairLimits, leverage float64) float64 {
	return min(max(leverage, smallest(l)), l.PositionMax)
}
