package sim

// FillView is what the market makes of an order, whatever the account holds: the
// price that it gets, or why it gets none. Rules §2.
type FillView struct {
	TimeMS int64   // when it fills or is rejected, UTC ms
	Price  float64 // raw, before slippage
	Reason Reason  // "" if it fills
}

// FillOf is what has become by now of an order on a pair that acted at actMS,
// pinned to no price, as the market has it. While it is on its way ok is false,
// and the view is empty; so it is where none can have acted, before the run.
// Nothing is known here that an order of the account's own would not have told:
// a host reckons with it what its guest's orders would have got.
func (c *Context) FillOf(pair string, actMS int64) (v FillView, ok bool) {
	r := c.seat.run
	settled := r.settledMS()
	if actMS < r.cfg.FromMS || actMS >= settled {
		return FillView{}, false
	}
	i := findInstrument(r.account.instruments, pair)
	if i < 0 {
		return FillView{TimeMS: actMS, Reason: UnsupportedPair}, true
	}
	if v = r.fillOf(&r.account.instruments[i], actMS); v.TimeMS >= settled {
		return FillView{}, false
	}
	return v, true
}

// settledMS is the instant before which the orders are settled: those of now
// come after the strategy, unless the clock has stopped.
func (r *run) settledMS() int64 {
	if r.over {
		return r.now + 1
	}
	return r.now
}

func (r *run) fillOf(in *instrument, actMS int64) FillView {
	switch {
	case r.cfg.Rules.Gate.Checks.MarketClosed && !in.schedule.Open(actMS):
		return FillView{TimeMS: actMS, Reason: MarketClosed}
	case in.halted && r.cfg.Rules.Gate.Checks.UnsupportedPair:
		return FillView{TimeMS: actMS, Reason: UnsupportedPair}
	case in.series == nil:
		return FillView{TimeMS: actMS, Reason: NoPrice}
	}
	wait := r.fillWait(in)
	if r.cfg.Fill == FillLastClose {
		if price, endMS, ok := in.lastClose(actMS); ok && actMS-endMS <= wait {
			return FillView{TimeMS: actMS, Price: price}
		}
		return FillView{TimeMS: actMS, Reason: NoPrice}
	}
	if i := in.firstFill(actMS, wait); i != noCandle {
		return FillView{TimeMS: in.series.Time[i], Price: in.series.Open[i]}
	}
	return FillView{TimeMS: actMS + wait, Reason: NoPrice}
}

// fillWait is how long an order on a pair with candles waits for its price.
// Rules §2.
func (r *run) fillWait(in *instrument) int64 {
	return max(r.cfg.Rules.Fill.MaxWait.MS(), in.series.IntervalMS)
}

// Mark is the close of a pair's last finished candle whose market was open, and
// when it ended, UTC ms; ok is false if there is none.
func (c *Context) Mark(pair string) (price float64, endMS int64, ok bool) {
	r := c.seat.run
	i := findInstrument(r.account.instruments, pair)
	if i < 0 || r.account.instruments[i].series == nil {
		return 0, 0, false
	}
	return r.account.instruments[i].lastClose(r.now)
}
