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
type rebalancer struct {
	legs []leg

	windowMS  int64 // until as many requests are let in again; 0: there is no limit
	spacingMS int64 // between two orders on whatever pairs; 0: none

	alarmMS  int64 // the alarm that is set; past: none
	openMS   int64 // when the first order of this window was sent
	requests int   // that may still be sent in it
	sentMS   int64 // when the last order was sent
	over     bool  // the account is eliminated
}

// leg is one pair of a rebalancer.
type leg struct {
	stake
	target  float64 // signed leverage
	moving  bool    // not known to be there
	againMS int64   // when to look again
}

const longAgo = math.MinInt64 / 2

func newRebalancer(setup *sim.Setup, stakes []stake) rebalancer {
	limits := setup.RequestLimits()
	r := rebalancer{legs: make([]leg, len(stakes)), openMS: longAgo, sentMS: longAgo}
	if limits.Requests > 0 {
		r.windowMS = limits.WindowMS + 1
	}
	for i, s := range stakes {
		r.legs[i].stake = s
		if pair, _ := setup.Limits(s.feed.Pair()); limits.CooldownOfMiner {
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
	r.refill(c, now)
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

// refill counts the requests that may be sent. Orders under way have not reached
// the gate yet, which is why it can't be asked for all of it.
func (r *rebalancer) refill(c *sim.Context, now int64) {
	if now-r.openMS >= r.windowMS {
		r.requests = math.MaxInt
	}
	if r.windowMS == 0 {
		return
	}
	r.requests = min(r.requests, c.Room(r.legs[0].feed.Pair()).Requests)
}

// grows reports whether the target is a larger position than what is held.
func (l *leg) grows() bool {
	p, _ := l.feed.Position()
	return math.Abs(l.target) > math.Abs(p.NetLeverage) && l.target*p.NetLeverage >= 0
}

// flips reports whether the target is on the other side of what is held. That
// takes two orders, a FLAT and one that opens.
func (l *leg) flips() bool {
	p, _ := l.feed.Position()
	return l.target*p.NetLeverage < 0
}

// move takes one pair a step on its way. After an order it is looked at again
// when its next candle is finished: if nothing is left to do then, it is there.
func (r *rebalancer) move(c *sim.Context, l *leg) {
	now := c.NowMS()
	nextCandle := now + l.feed.Candles().IntervalMS()
	open, untilMS := l.feed.Session()
	switch {
	case !open:
		l.againMS = untilMS
	case l.feed.Pending():
		l.againMS = nextCandle
	case now-r.sentMS < r.spacingMS:
		l.againMS = r.sentMS + r.spacingMS
	case r.requests == 0:
		if l.againMS = r.openMS + r.windowMS; l.againMS <= now { // others used them up
			l.againMS = now + r.windowMS
		}
	case l.flips() && (r.requests == 1 || r.spacingMS > 0): // one of the two orders
		c.Flat(l.feed.Pair())
		l.againMS = nextCandle
		r.count(1, now)
	default:
		sent := c.Target(l.feed.Pair(), l.target)
		l.moving, l.againMS = sent > 0, nextCandle
		r.count(sent, now)
	}
}

// count takes note of orders that were sent.
func (r *rebalancer) count(sent int, now int64) {
	if sent == 0 {
		return
	}
	if now-r.openMS >= r.windowMS {
		r.openMS = now
	}
	r.requests -= sent
	r.sentMS = now
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
