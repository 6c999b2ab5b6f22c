package sim

import "math"

// Target emits the orders that bring the net leverage on a pair to a signed
// target, and returns how many: none if it is there. Positions don't flip in
// this network, so the other side takes a FLAT and an order that opens; orders
// on their way count as filled. A difference smaller than the smallest order is
// left alone, and no smaller position is opened. Where no order would be taken,
// because the market is closed when it acts or the miner is eliminated, none is
// emitted: ask again. Rules §2, §4.
func (c *Context) Target(pair string, leverage float64) int {
	net := c.Expected(pair)
	if leverage == net {
		return 0
	}
	limits, _ := c.seat.run.limits(pair)
	closes, order := limits.towards(net, leverage)
	if !closes && order == 0 || !c.seat.run.takesOrders(pair) {
		return 0
	}
	emitted := 0
	if closes {
		c.Flat(pair)
		emitted++
	}
	if order != 0 {
		c.signed(pair, order)
		emitted++
	}
	return emitted
}

// Reduce emits an order that makes the position on a pair smaller by a leverage,
// a magnitude, or closes it if that is all of it, or would leave less than the
// smallest position. It reports whether one was emitted: none is where there is
// nothing to reduce, where it is less than the smallest order, or where none
// would be taken.
func (c *Context) Reduce(pair string, leverage float64) bool {
	net := c.Expected(pair)
	if net == 0 || !(leverage > 0) {
		return false
	}
	limits, _ := c.seat.run.limits(pair)
	closes, order := limits.reduction(net, leverage)
	if !closes && order == 0 || !c.seat.run.takesOrders(pair) {
		return false
	}
	if closes {
		c.Flat(pair)
	} else {
		c.signed(pair, order)
	}
	return true
}

// hair is a relative distance that only rounding makes.
const hair = 1e-9

// towards is what leads from a net leverage to a target: whether a FLAT comes
// first, and the leverage of an order, 0 for none.
func (l PairLimits) towards(net, target float64) (closes bool, order float64) {
	closes = net != 0 && (target == 0 || net*target < 0)
	if order = target; !closes {
		order = l.fit(net, target)
	}
	if abs(order) < l.OrderMin {
		order = l.least(net, order, closes)
	}
	return closes, order
}

// least is what becomes of an order below the smallest one: the smallest, where
// only rounding made it less and the rules would take it, else none.
func (l PairLimits) least(net, order float64, closes bool) float64 {
	step := math.Copysign(l.OrderMin, order)
	after := abs(net + step)
	small := after < l.PositionMin && (net == 0 || after < abs(net)) // Rules §4
	if closes || abs(order) < l.OrderMin*(1-hair) || after > l.PositionMax || small {
		return 0
	}
	return step
}

// reduction is what makes a position smaller: a FLAT, or an order, 0 for none.
func (l PairLimits) reduction(net, by float64) (closes bool, order float64) {
	left := abs(net) - by
	switch {
	case left <= hair*abs(net):
		return true, 0
	case by < l.OrderMin:
		return false, 0
	case left < l.PositionMin*(1-hair):
		return true, 0
	case left < l.PositionMin:
		return l.towards(net, math.Copysign(l.PositionMin, net))
	}
	return false, math.Copysign(by, -net)
}

// fit is the difference between a net leverage and a target on its side. Rounding
// could have it miss the smallest position by a hair, and be rejected: a target
// that is none below that is met from above. To the largest position the
// difference is just what the rules clamp it to.
func (l PairLimits) fit(net, target float64) float64 {
	d := target - net
	for abs(target) >= l.PositionMin && abs(target) < abs(net) && abs(net+d) < l.PositionMin {
		d = math.Nextafter(d, 0)
	}
	return d
}

// signed emits an order that buys or sells, by the leverage's sign.
func (c *Context) signed(pair string, leverage float64) {
	if leverage < 0 {
		c.Short(pair, -leverage)
		return
	}
	c.Long(pair, leverage)
}

// Expected is the net leverage on a pair once the orders on their way have
// filled as they are. As Feed.NetLeverage it does not mark the account.
func (c *Context) Expected(pair string) float64 {
	net := c.net(pair)
	for _, o := range c.Pending(pair) {
		switch after := net + o.Leverage; {
		case o.Type == Flat, net*after < 0: // through zero is closed at zero
			net = 0
		default:
			net = after
		}
	}
	return net
}

// net is the net leverage on a pair, 0 without a position.
func (c *Context) net(pair string) float64 {
	if c.seat.desk.hasNet() {
		return c.seat.desk.net(pair)
	}
	return c.seat.run.net(findInstrument(c.seat.run.account.instruments, pair))
}

// net is that of the account as it was marked last: none, too, of an instrument
// that there is not. Marks change it by an elimination alone.
func (r *run) net(instrument int) float64 {
	if p := r.account.position(instrument); p != nil {
		return p.net
	}
	return 0
}

// takesOrders reports whether an order on a pair that is emitted now could be
// taken as far as the time tells: neither is the miner eliminated, by the candles
// of this instant at the latest, nor the market closed when the order acts.
func (r *run) takesOrders(pair string) bool {
	if r.mark(); r.account.judge.ended {
		return false
	}
	i := findInstrument(r.account.instruments, pair)
	if i < 0 || !r.cfg.Rules.Gate.Checks.MarketClosed {
		return true
	}
	acts := min(r.now+r.cfg.LatencyMS, r.cfg.ToMS) // what acts later never acts
	return r.account.instruments[i].schedule.Open(acts)
}
