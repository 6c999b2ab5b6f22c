package strategies

import (
	"cmp"

	"github.com/ptnsim/ptnsim/sim"
)

// BuyAndHold enters each pair once, at the first candle it sees of it, and never
// lets go. It is the yardstick: what the market itself would have brought.
type BuyAndHold struct {
	Pairs     []string  // none: every pair of the run
	Leverage  float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction Direction // LongSide or ShortSide

	waiting []stake // not yet entered
	quota   quota
}

func defineBuyAndHold() (Configurable, []Param) {
	s := &BuyAndHold{Direction: LongSide}
	return s, []Param{
		LeverageParam(&s.Leverage),
		ChoiceParam("direction", &s.Direction, "the side to hold", LongSide, ShortSide),
		PairsParam(&s.Pairs),
	}
}

// Validate refuses parameters that make no sense.
func (s *BuyAndHold) Validate() error {
	return cmp.Or(s.Direction.validateOne(), validLeverage(s.Leverage))
}

// Init implements sim.Strategy.
func (s *BuyAndHold) Init(setup *sim.Setup) (err error) {
	if err := s.Validate(); err != nil {
		return err
	}
	s.quota = quota{limits: setup.RequestLimits()}
	s.waiting, err = newStakes(setup, s.Pairs, s.Leverage, 0)
	return err
}

// Decide implements sim.Strategy. What the rate limit doesn't let through now, or
// is turned down, waits for the pair's next candle.
func (s *BuyAndHold) Decide(c *sim.Context) error {
	still := s.waiting[:0]
	for _, w := range s.waiting {
		if w.feed.Fresh() && !w.feed.Pending() && s.quota.left(c.NowMS()) > 0 {
			if sideOf(w.feed) != flat {
				continue
			}
			if c.Portfolio().Eliminated {
				s.waiting = nil
				return nil
			}
			w.open(c, s.Direction.side())
			s.quota.spend(1, c.NowMS())
		}
		still = append(still, w)
	}
	s.waiting = still
	return nil
}
