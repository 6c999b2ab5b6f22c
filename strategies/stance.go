package strategies

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// stance says which side of a pair to be on, candle by candle. It sees candles
// and what is known beforehand, such as the carry: what became of the orders
// doesn't sway it. So one that reads history before the run's range stands at its
// start where it would stand had it traded all along.
type stance interface {
	// take follows candle i; those before it have been taken, in order.
	take(b indicator.Bars, i int) side
}

// stances brings each pair to the side that its stance says.
//
// Positions do not flip in this network, and orders may be turned down, or have to
// wait for the rate limit: where the stance asks for more than one order, or one
// came to nothing, it goes on after the pair's next candle of the run, however
// long the candles are that the stance looks at. So it does behind a closed
// market; and a pair without candles gets no orders.
type stances struct {
	direction Direction
	placed    []placed
	quota     quota
	patient   bool // goes on only at the candles that the stances look at
	over      bool // the account is eliminated
}

// placed is a pair and the stance on it.
type placed struct {
	holder
	stance stance
	seen   int  // candles taken
	want   side // after the last of them

	againMS int64 // when to look again what became of an order; 0: not before the next candle
	known   int   // candles of the run when it was sent: without another there is nothing to look at
}

// init subscribes to the pairs and has a stance made for each.
func (s *stances) init(setup *sim.Setup, of *Placement, newStance func(*holder) stance) error {
	stakes, err := of.stakes(setup)
	if err != nil {
		return err
	}
	*s = stances{direction: of.Direction, placed: make([]placed, len(stakes)), quota: quota{limits: setup.RequestLimits()}}
	for i := range stakes {
		one := &s.placed[i]
		one.stake = stakes[i]
		one.stance = newStance(&one.holder)
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *stances) Decide(c *sim.Context) error {
	for i := range s.placed {
		if s.over {
			return nil
		}
		one := &s.placed[i]
		switch {
		case one.feed.Fresh():
			one.follow(one.feed.Candles())
		case !one.isDue(c):
			continue // another pair's instant
		}
		s.stand(c, one)
	}
	return nil
}

// stand brings a pair to the side it wants, or a step nearer to it.
func (s *stances) stand(c *sim.Context, p *placed) {
	want := s.direction.allow(p.want)
	s.over = p.hold(c, want, &s.quota)
	p.againMS = 0
	if p.held != want && !s.over && !s.patient && p.own != p.feed {
		p.known = p.own.Candles().Len()
		p.lookAgain(c)
	}
}

// isDue reports whether a candle of the run has come since an order that is to be
// followed up.
func (p *placed) isDue(c *sim.Context) bool {
	if p.againMS == 0 || c.NowMS() < p.againMS {
		return false
	}
	if p.own.Candles().Len() == p.known {
		p.lookAgain(c)
		return false
	}
	return true
}

// lookAgain sets an alarm for when the next candle of the run may be finished.
func (p *placed) lookAgain(c *sim.Context) {
	p.againMS = c.NowMS() + p.own.Candles().IntervalMS()
	c.WakeAt(p.againMS)
}

// follow takes the candles that are new.
func (p *placed) follow(candles sim.Candles) {
	bars := indicator.Bars{High: candles.High(), Low: candles.Low(), Close: candles.Close()}
	for ; p.seen < len(bars.Close); p.seen++ {
		p.want = p.stance.take(bars, p.seen)
	}
}
