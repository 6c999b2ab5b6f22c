package strategies

import "github.com/ptnsim/ptnsim/sim"

// holder keeps a stake on the side of the market that a strategy wants.
type holder struct {
	stake
	held side // unknown after an order
}

// hold emits the order that leads from what is held to what is wanted, unless the
// rate limit would turn it down, and reports whether the account is eliminated:
// then nothing more can be done.
//
// Positions do not flip in this network: the other side takes two candles. What
// became of an order the next candle shows: until then, what is held is unknown.
// Otherwise a position changes by orders only, so that it need not be looked at.
func (h *holder) hold(c *sim.Context, want side, q *quota) (over bool) {
	if want == h.held || h.feed.Pending() || !h.feed.Open() {
		return false // it is there, or on its way, or no order would be taken: the next candle asks again
	}
	if h.held = sideOf(h.feed); h.held == want {
		return false
	}
	if c.Portfolio().Eliminated {
		return true
	}
	now := c.NowMS()
	if q.left(now) == 0 {
		return false
	}
	q.spend(1, now)
	if h.held != flat {
		c.Flat(h.feed.Pair())
	} else {
		h.open(c, want)
	}
	h.held = unknown
	return false
}
