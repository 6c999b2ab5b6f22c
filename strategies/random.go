package strategies

import (
	"fmt"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
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
	Wait int // candles that pass on average before a trade
	Hold int // candles that a trade lasts on average
	Placement
	stances
}

func defineRandom() (Configurable, []Param) {
	// Half a day of five-minute candles out of the market, half a day in it.
	s := &Random{Wait: 144, Hold: 144, Placement: Placement{Direction: BothSides}}
	return s, append([]Param{
		IntParam("wait", &s.Wait, 1, maxPeriod, "candles that pass on average before a trade"),
		IntParam("hold", &s.Hold, 1, maxPeriod, "candles that a trade lasts on average"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *Random) Validate() error {
	if min(s.Wait, s.Hold) < 1 || max(s.Wait, s.Hold) > maxPeriod {
		return fmt.Errorf("wait, hold: found %d and %d; expected means from 1 to %d candles", s.Wait, s.Hold, maxPeriod)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *Random) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return s.init(setup, &s.Placement, func(h *holder) stance {
		source := setup.Random(h.feed.Pair())
		return &gambler{
			source: source, direction: s.Direction, wait: s.Wait, hold: s.Hold,
			from: h.feed.Candles().Len(), left: geometric(source, s.Wait),
		}
	})
}

// gambler is the stance on one pair.
type gambler struct {
	source     *sim.Random
	direction  Direction
	wait, hold int // means, candles
	from       int // the first candle of the run: the history before it doesn't count
	on         side
	left       int // candles until it changes its mind
}

func (g *gambler) take(_ indicator.Bars, i int) side {
	if i < g.from {
		return flat
	}
	if g.left--; g.left == 0 {
		g.turn()
	}
	return g.on
}

// turn enters or leaves, and draws when to do the opposite. The coin is tossed
// whatever the direction: it changes the sides alone, not the times.
func (g *gambler) turn() {
	if g.on != flat {
		g.on, g.left = flat, geometric(g.source, g.wait)
		return
	}
	g.on = long
	if g.source.IntN(2) == 0 {
		g.on = short
	}
	if g.direction != BothSides {
		g.on = g.direction.side()
	}
	g.left = geometric(g.source, g.hold)
}

// geometric draws how many candles it takes until something happens that happens
// at each of them with a chance of one in mean: 1 or more.
func geometric(source *sim.Random, mean int) int {
	// P(more than n) = (1 - 1/mean)^n. Both logarithms are negative; for a mean of
	// 1 the lower is -Inf, and the quotient 0. A Float64 is at most 1 - 2^-53, so
	// that the quotient is below 37 means.
	return 1 + int(portable.Log1p(-source.Float64())/portable.Log1p(-1/float64(mean)))
}
