package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// gate is the state behind the order gate's checks: the rate limiter's window,
// the uuids of accepted orders and the last accepted order of the miner. The
// checks run in the order of Rules §2; the first that fails rejects.
type gate struct {
	set *rules.Set

	windowOpenMS int64
	requests     int // in the window; 0: no window yet
	accepted     map[string]struct{}

	lastActMS int64 // of the miner's last accepted order
	anyAct    bool
}

// requested counts a request and reports whether the rate limit lets it in. A
// request that is itself limited does not count.
func (g *gate) requested(ms int64) bool {
	limit := g.set.RateLimit
	if g.requests == 0 || ms-g.windowOpenMS > limit.Window.MS() {
		g.windowOpenMS, g.requests = ms, 0
	}
	if g.requests >= limit.Requests && g.set.Gate.Checks.RateLimited {
		return false
	}
	g.requests++
	return true
}

// duplicate reports whether an accepted order had that uuid.
func (g *gate) duplicate(uuid string) bool {
	_, seen := g.accepted[uuid]
	return uuid != "" && seen
}

// cooling reports whether an order on a position (nil: none open) comes too
// soon after the previous accepted one.
func (g *gate) cooling(p *position, ms int64) bool {
	last, any := g.lastActMS, g.anyAct
	if g.set.Cooldown.Scope != rules.CooldownMiner {
		if p == nil {
			return false
		}
		last, any = p.lastActMS, true
	}
	// An order that waited for its candle may have acted before the last one that
	// filled: the distance counts.
	return any && max(ms-last, last-ms) < g.set.Cooldown.Period.MS()
}

// requestsLeft is how many more requests the rate limit lets in at ms.
func (g *gate) requestsLeft(ms int64) int {
	limit := g.set.RateLimit
	switch {
	case !g.set.Gate.Checks.RateLimited:
		return math.MaxInt
	case g.requests == 0 || ms-g.windowOpenMS > limit.Window.MS():
		return limit.Requests
	}
	return max(0, limit.Requests-g.requests)
}

// cooldownLeft is how long after ms an order on a position (nil: none open)
// still comes too soon.
func (g *gate) cooldownLeft(p *position, ms int64) int64 {
	if !g.cooling(p, ms) {
		return 0
	}
	last := g.lastActMS
	if g.set.Cooldown.Scope != rules.CooldownMiner {
		last = p.lastActMS
	}
	return last + g.set.Cooldown.Period.MS() - ms
}

// accept remembers an accepted order.
func (g *gate) accept(o *Order, ms int64) {
	g.lastActMS, g.anyAct = ms, true
	if o.UUID == "" {
		return
	}
	if g.accepted == nil {
		g.accepted = make(map[string]struct{})
	}
	g.accepted[o.UUID] = struct{}{}
}

// validLeverage reports whether an order's leverage is a legal magnitude and
// its sign agrees with its type. Rules §2.
func validLeverage(o *Order, bounds rules.Gate) bool {
	switch o.Type {
	case Flat:
		return true
	case Long, Short:
		magnitude := o.Leverage
		if o.Type == Short {
			magnitude = -magnitude
		}
		return magnitude >= bounds.OrderLeverageMin && magnitude <= bounds.OrderLeverageMax
	}
	return false
}
