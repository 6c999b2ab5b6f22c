package sim

// Target emits the orders that bring the net leverage on a pair to a signed
// target, and returns how many: none if it is there. Positions don't flip in
// this network, so the other side takes a FLAT and an order that opens; orders
// on their way count as filled. A difference smaller than the smallest order is
// left alone, and no smaller position is opened. Where no order would be taken,
// because the market is closed when it acts or the miner is eliminated, none is
// emitted: ask again. Rules §2, §4.
func (c *Context) Target(pair string, leverage float64) int {
	if !c.seat.run.takesOrders(pair) {
		return 0
	}
	net := c.Expected(pair)
	limits, _ := c.seat.run.limits(pair)
	switch {
	case leverage == net:
		return 0
	case leverage == 0:
		c.Flat(pair)
		return 1
	case net*leverage < 0:
		c.Flat(pair)
		if abs(leverage) < limits.OrderMin {
			return 1
		}
		c.signed(pair, leverage)
		return 2
	}
	difference := leverage - net
	if abs(difference) < limits.OrderMin {
		return 0
	}
	c.signed(pair, difference)
	return 1
}

// Reduce emits an order that makes the position on a pair smaller by a leverage,
// a magnitude, or closes it if that is all of it, or would leave less than the
// smallest position. It reports whether one was emitted: none is where there is
// nothing to reduce, or none would be taken.
func (c *Context) Reduce(pair string, leverage float64) bool {
	if !c.seat.run.takesOrders(pair) {
		return false
	}
	net := c.Expected(pair)
	if net == 0 || !(leverage > 0) {
		return false
	}
	limits, _ := c.seat.run.limits(pair)
	if left := abs(net) - leverage; left <= 0 || left < limits.PositionMin {
		c.Flat(pair)
		return true
	}
	if net > 0 {
		leverage = -leverage
	}
	c.signed(pair, leverage)
	return true
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
// filled as they are.
func (c *Context) Expected(pair string) float64 {
	net := 0.0
	if p, open := c.Position(pair); open {
		net = p.NetLeverage
	}
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

// takesOrders reports whether an order on a pair that is emitted now could be
// taken as far as the time tells: neither is the miner eliminated, nor the market
// closed when the order acts.
func (r *run) takesOrders(pair string) bool {
	if r.account.judge.ended {
		return false
	}
	i := findInstrument(r.account.instruments, pair)
	if i < 0 || !r.cfg.Rules.Gate.Checks.MarketClosed {
		return true
	}
	acts := min(r.now+r.cfg.LatencyMS, r.cfg.ToMS) // what acts later never acts
	return r.account.instruments[i].schedule.Open(acts)
}
