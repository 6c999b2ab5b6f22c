package strategies

import (
	"cmp"
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
)

// Martingale adds to a position that loses: whenever the price has gone Step
// percent against the last order it multiplies the position by Factor, up to
// Steps times, and it takes its profit where the price is Target percent better
// than the average entry. Then it starts again. It has no stop: after the last
// step it waits for the price to come back.
//
// It exists to be looked at: nearly every position wins, the few that don't lose
// all of it, and the network's penalty for such positions (Rules §11) takes
// nearly the whole reward. Compare it with steps=0, the same without doubling.
type Martingale struct {
	Step      float64 // percent that the price goes against the last order before one is added
	Steps     int     // orders added at most
	Factor    float64 // what an added order multiplies the position by
	Target    float64 // percent of the average entry price at which the profit is taken
	Placement         // its leverage that of each pair's first order; its direction one side

	ladders []ladder
	quota   quota
	over    bool // the account is eliminated
}

// maxSteps bounds the orders added to a position: the rules take 200 orders.
const maxSteps = 100

func defineMartingale() (Configurable, []Param) {
	// A tenth of the largest position, doubled three times, is eight tenths of it.
	s := &Martingale{Step: 0.5, Steps: 3, Factor: 2, Target: 0.5, Placement: Placement{Direction: LongSide}}
	return s, append([]Param{
		NumberParam("step", &s.Step, 0.001, 100, "percent that the price goes against the last order before one is added"),
		IntParam("steps", &s.Steps, 0, maxSteps, "orders added at most; 0 is the same strategy without doubling"),
		NumberParam("factor", &s.Factor, 1.01, 10, "what an added order multiplies the position by"),
		NumberParam("target", &s.Target, 0.001, 100, "percent over the average entry price at which the profit is taken"),
	}, s.params(LongSide, ShortSide)...)
}

// Validate refuses parameters that make no sense.
func (s *Martingale) Validate() error {
	switch {
	case !(s.Step >= 0.001 && s.Step <= 100) || !(s.Target >= 0.001 && s.Target <= 100):
		return fmt.Errorf("step, target: found %g and %g; expected percents from 0.001 to 100", s.Step, s.Target)
	case s.Steps < 0 || s.Steps > maxSteps:
		return fmt.Errorf("steps: found %d; expected a number from 0 to %d", s.Steps, maxSteps)
	case !(s.Factor >= 1.01 && s.Factor <= 10):
		return fmt.Errorf("factor: found %g; expected a number from 1.01 to 10", s.Factor)
	}
	return cmp.Or(s.Direction.validateOne(), validLeverage(s.Leverage))
}

// Init implements sim.Strategy.
func (s *Martingale) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := s.stakes(setup)
	if err != nil {
		return err
	}
	s.over, s.quota = false, quota{limits: setup.RequestLimits()}
	s.ladders = make([]ladder, len(stakes))
	for i, stake := range stakes {
		s.ladders[i].stake = stake
		s.ladders[i].limits, _ = setup.Limits(stake.feed.Pair())
	}
	return nil
}

// ladder is the state of one pair.
type ladder struct {
	stake
	limits sim.PairLimits
	orders int     // that made the position: its first, and those added
	last   float64 // the price of the last of them
}

// Outcome implements sim.OutcomeWatcher: it tells at which price an order filled.
func (s *Martingale) Outcome(_ *sim.Context, _ sim.OrderID, o sim.OrderRecord) error {
	if !o.Filled() || o.Type == sim.Flat {
		return nil
	}
	for i := range s.ladders {
		if l := &s.ladders[i]; l.feed.Pair() == o.Pair {
			l.orders++
			l.last = o.FillPrice
		}
	}
	return nil
}

// Decide implements sim.Strategy. An order that is rejected, or that the rate
// limit doesn't let through now, is made at the next candle, as long as the price
// still asks for it.
func (s *Martingale) Decide(c *sim.Context) error {
	if s.over {
		return nil
	}
	for i := range s.ladders {
		l := &s.ladders[i]
		if !l.feed.Fresh() || l.feed.Pending() || !l.feed.Open() || s.quota.left(c.NowMS()) == 0 {
			continue
		}
		if s.over = s.step(c, l); s.over {
			return nil
		}
	}
	return nil
}

// step looks at one pair, and reports whether the account is eliminated.
func (s *Martingale) step(c *sim.Context, l *ladder) (over bool) {
	p, held := l.feed.Position()
	price := l.feed.Candles().LastClose()
	switch {
	case !held:
		if c.Portfolio().Eliminated {
			return true
		}
		l.orders = 0
		if c.Room(l.feed.Pair()).Leverage >= smallest(l.limits) {
			l.open(c, s.Direction.side())
			s.quota.spend(1, c.NowMS())
		}
	case s.gain(price, p.AverageEntryPrice) >= s.Target:
		c.Flat(l.feed.Pair())
		s.quota.spend(1, c.NowMS())
	case l.orders <= s.Steps && s.gain(price, l.last) <= -s.Step:
		s.add(c, l, p.NetLeverage)
	}
	return false
}

// add makes a position as many times as large as it is, or what the limits leave
// of that: an order for which there is no room at all isn't worth its request.
func (s *Martingale) add(c *sim.Context, l *ladder, net float64) {
	room := c.Room(l.feed.Pair())
	more := min((s.Factor-1)*max(net, -net), room.Leverage)
	if more < l.limits.OrderMin || room.CooldownMS > 0 {
		return
	}
	s.quota.spend(1, c.NowMS())
	if s.Direction.side() == short {
		c.Short(l.feed.Pair(), more)
		return
	}
	c.Long(l.feed.Pair(), more)
}

// gain is what a price is better than another for the side that is held, percent.
func (s *Martingale) gain(price, than float64) float64 {
	return 100 * signed(s.Direction.side(), price/than-1)
}
