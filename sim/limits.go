package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// PairLimits is what the rules allow on one pair, whatever the account holds. A
// bound that the rule set doesn't enforce is 0, or +Inf. Leverages are
// magnitudes. Rules §1, §2, §4.
type PairLimits struct {
	Pair market.Pair

	PositionMin  float64 // of |net leverage|: no smaller position can be opened
	PositionMax  float64 // of |net leverage|: a larger order is clamped to it
	ClassMax     float64 // the class's largest position, enforced or not: a measure for sizing
	OrderMin     float64 // the smallest order
	OrderMax     float64 // the largest
	Weight       float64 // what leverage on the pair weighs in the portfolio
	PortfolioMax float64 // cap of Σ |net leverage| × weight over all positions
	CooldownMS   int64   // between two orders
	Halted       bool    // the pair takes no order
}

// NewPairLimits reads a pair's limits out of a rule set.
func NewPairLimits(set *rules.Set, pair market.Pair) PairLimits {
	position := *set.Leverage.Position.For(pair.Class)
	b := newLeverageBounds(set, position, *set.Instruments.PortfolioWeight.For(pair.Class))
	l := PairLimits{
		Pair: pair, PositionMin: b.min, PositionMax: b.max, ClassMax: position.Max,
		OrderMin: b.orderMin, OrderMax: math.Inf(1), Weight: b.weight, PortfolioMax: b.cap,
		Halted: set.Halted(pair.ID) || position.Max == 0,
	}
	if checks := set.Gate.Checks; checks.InvalidLeverage {
		l.OrderMin, l.OrderMax = max(l.OrderMin, set.Gate.OrderLeverageMin), set.Gate.OrderLeverageMax
	}
	if set.Gate.Checks.Cooldown {
		l.CooldownMS = set.Cooldown.Period.MS()
	}
	return l
}

// Admit is the part of the order gate that looks at leverage: what of an order
// reaches a position of a signed net leverage (0: there is none) in a portfolio
// of a weighted leverage, this position included. closes reports that it brings
// the position to zero. A reason other than "" rejects it. Rules §2, §4.
func (l PairLimits) Admit(o Order, net, portfolio float64) (effective float64, closes bool, reason Reason) {
	if o.Type != Flat && (abs(o.Leverage) < l.OrderMin || abs(o.Leverage) > l.OrderMax || (o.Leverage < 0) != (o.Type == Short)) {
		return 0, false, InvalidLeverage
	}
	switch {
	case o.Type == Flat && net == 0:
		return 0, false, NoPosition
	case o.Type == Flat:
		return -net, true, ""
	}
	b := leverageBounds{min: l.PositionMin, max: l.PositionMax, cap: l.PortfolioMax, weight: l.Weight, orderMin: l.OrderMin}
	return b.admit(net, o.Leverage, portfolio)
}

// RequestLimits is what the rules allow of requests on all pairs together.
// Rules §2.
type RequestLimits struct {
	// Requests in one window are let in; 0: any number. The first opens the
	// window, and one that comes more than WindowMS later opens the next.
	Requests int
	WindowMS int64
	// CooldownOfMiner says that an accepted order on any pair makes the next one
	// on every pair wait, not on its own alone.
	CooldownOfMiner bool
}

// RequestLimits are those of the run. A guest has none: they are its host's to
// obey.
func (s *Setup) RequestLimits() (l RequestLimits) {
	set := s.seat.run.cfg.Rules
	if s.seat.desk.Submit != nil {
		return l
	}
	if set.Gate.Checks.RateLimited {
		l.Requests, l.WindowMS = set.RateLimit.Requests, set.RateLimit.Window.MS()
	}
	l.CooldownOfMiner = set.Gate.Checks.Cooldown && set.Cooldown.Scope == rules.CooldownMiner
	return l
}

// Room is what the limits leave on one pair for an order that acts now.
type Room struct {
	Leverage   float64 // how much |net leverage| the pair's position can grow, if it stays on its side
	Portfolio  float64 // what is left under the portfolio's cap, weighted
	Requests   int     // left in the rate limit's window
	Orders     int     // that the open positions can still take together
	CooldownMS int64   // until the pair takes its next order
}

func (r *run) limits(pair string) (l PairLimits, ok bool) {
	i := findInstrument(r.account.instruments, pair)
	if i < 0 {
		return l, false
	}
	return NewPairLimits(r.cfg.Rules, r.account.instruments[i].pair), true
}

// room reckons with the account as it stands; orders on their way don't count.
func (r *run) room(pair string) Room {
	i := findInstrument(r.account.instruments, pair)
	a := r.account
	if i < 0 || a.judge.ended {
		return Room{}
	}
	r.mark()
	in, p, held := &a.instruments[i], a.position(i), 0.0
	if p != nil {
		held = abs(p.net)
	}
	portfolio := a.leverage()
	room := Room{
		Leverage:  max(0, min(in.bounds.max-held, (in.bounds.cap-portfolio)/in.bounds.weight)),
		Portfolio: max(0, in.bounds.cap-portfolio),
		Requests:  a.gate.requestsLeft(r.now), Orders: math.MaxInt,
	}
	if a.set.Gate.Checks.TooManyOpenOrders {
		room.Orders = max(0, a.set.Gate.OpenOrdersMax-a.openOrders())
	}
	if a.set.Gate.Checks.Cooldown {
		room.CooldownMS = a.gate.cooldownLeft(p, r.now)
	}
	if in.halted {
		room.Leverage = 0
	}
	return room
}

// portfolio is the account as it stands.
func (r *run) portfolio() PortfolioView {
	r.mark()
	a := r.account
	peak := max(1, a.ledger.track.peak)
	v := PortfolioView{
		Value: a.value(), Peak: peak, Drawdown: 1 - a.ledger.drawdown(),
		Leverage: a.leverage(), LeverageMax: math.Inf(1), OpenPositions: len(a.open), Eliminated: a.judge.ended,
	}
	v.DrawdownNow = max(0, 1-v.Value/peak)
	if a.judge.on {
		v.DrawdownLimit = a.set.Drawdown.Limit
		v.Floor = peak * a.judge.factor
	}
	if a.set.Gate.Checks.MaxPortfolioLeverage {
		v.LeverageMax = a.set.Leverage.PortfolioMax
	}
	if r.challengeEnd != math.MaxInt64 {
		v.ChallengeEndMS = r.challengeEnd
	}
	return v
}
