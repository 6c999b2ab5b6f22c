package strategies

import (
	"cmp"
	"fmt"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
)

// Random enters a side by the toss of a coin, at random times, and leaves it at
// random times: the null hypothesis. What it loses is what trading costs; what
// another strategy has over many runs of it, with different seeds, is skill or
// the market's drift.
//
// The times are geometric: at each candle the chance to enter is one in Wait,
// and the chance to leave one in Hold. A pair's draws depend on the run's seed,
// the pair and its own candles: neither other pairs nor what becomes of an order
// change them.
type Random struct {
	Pairs      []string  // none: every pair of the run
	Wait       int       // candles that pass on average before a trade
	Hold       int       // candles that a trade lasts on average
	Leverage   float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction  Direction // BothSides tosses a coin
	IntervalMS int64     // of the candles it counts; 0: the run's

	gamblers []gambler
	over     bool // the account is eliminated
}

func defineRandom() (Configurable, []Param) {
	// Half a day of five-minute candles out of the market, half a day in it.
	s := &Random{Wait: 144, Hold: 144, Direction: BothSides}
	return s, []Param{
		IntParam("wait", &s.Wait, 1, maxPeriod, "candles that pass on average before a trade"),
		IntParam("hold", &s.Hold, 1, maxPeriod, "candles that a trade lasts on average"),
		LeverageParam(&s.Leverage),
		ChoiceParam("direction", &s.Direction, "the sides to take; both tosses a coin", BothSides, LongSide, ShortSide),
		PairsParam(&s.Pairs),
		IntervalParam(&s.IntervalMS),
	}
}

// Validate refuses parameters that make no sense.
func (s *Random) Validate() error {
	if min(s.Wait, s.Hold) < 1 || max(s.Wait, s.Hold) > maxPeriod {
		return fmt.Errorf("wait, hold: found %d and %d; expected means from 1 to %d candles", s.Wait, s.Hold, maxPeriod)
	}
	return cmp.Or(s.Direction.Validate(), validLeverage(s.Leverage))
}

// Init implements sim.Strategy.
func (s *Random) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := newStakes(setup, s.Pairs, s.Leverage, s.IntervalMS)
	if err != nil {
		return err
	}
	s.over = false
	s.gamblers = make([]gambler, 0, len(stakes))
	for _, stake := range stakes {
		source := setup.Random(stake.feed.Pair())
		s.gamblers = append(s.gamblers, gambler{
			holder: holder{stake: stake},
			source: source,
			left:   geometric(source, s.Wait),
		})
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *Random) Decide(c *sim.Context) error {
	if s.over {
		return nil
	}
	for i := range s.gamblers {
		g := &s.gamblers[i]
		if !g.feed.Fresh() {
			continue
		}
		if g.left--; g.left == 0 {
			s.turn(g)
		}
		if s.over = g.hold(c, g.want); s.over {
			return nil
		}
	}
	return nil
}

// gambler is the state of one pair.
type gambler struct {
	holder
	source *sim.Random
	want   side
	left   int // candles until it changes its mind
}

// turn enters or leaves, and draws when to do the opposite. The coin is tossed
// whatever the direction: it changes the sides alone, not the times.
func (s *Random) turn(g *gambler) {
	if g.want != flat {
		g.want, g.left = flat, geometric(g.source, s.Wait)
		return
	}
	g.want = long
	if g.source.IntN(2) == 0 {
		g.want = short
	}
	switch s.Direction {
	case LongSide:
		g.want = long
	case ShortSide:
		g.want = short
	}
	g.left = geometric(g.source, s.Hold)
}

// geometric draws how many candles it takes until something happens that happens
// at each of them with a chance of one in mean: 1 or more.
func geometric(source *sim.Random, mean int) int {
	// P(more than n) = (1 - 1/mean)^n. Both logarithms are negative; for a mean of
	// 1 the lower is -Inf, and the quotient 0. A Float64 is at most 1 - 2^-53, so
	// that the quotient is below 37 means.
	return 1 + int(portable.Log1p(-source.Float64())/portable.Log1p(-1/float64(mean)))
}
