package strategies

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// Crossover holds the side of the faster of two moving averages: long while it
// is above the slower one, short (or out) while it is below. It trades as soon
// as both averages exist, on candles before the run's range where there are any.
//
// Positions do not flip in this network: on a crossing the position is closed,
// and the other side is entered at the pair's next candle. A rejected order is
// tried again at the next candle, as long as the averages still ask for it.
type Crossover struct {
	Pairs     []string  // none: every pair of the run
	Fast      int       // period of the faster average, candles
	Slow      int       // period of the slower one
	Average   Average   // SMA or EMA
	Leverage  float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction Direction // which sides to take

	trends []trend
	over   bool // the account is eliminated
}

// maxPeriod bounds an average's period, candles: two years of minutes.
const maxPeriod = 1 << 20

func defineCrossover() (builtin, []Param) {
	// A day and five days of five-minute candles: shorter averages pay more in
	// slippage than they follow.
	s := &Crossover{Fast: 288, Slow: 1440, Average: SMA, Direction: BothSides}
	return s, []Param{
		intParam("fast", &s.Fast, 1, maxPeriod-1, "candles in the faster average"),
		intParam("slow", &s.Slow, 2, maxPeriod, "candles in the slower average; more than in the faster"),
		choiceParam("average", &s.Average, "the kind of average: simple or exponential", SMA, EMA),
		leverageParam(&s.Leverage),
		choiceParam("direction", &s.Direction, "the sides to take", BothSides, LongSide, ShortSide),
		pairsParam(&s.Pairs),
	}
}

// Validate refuses parameters that make no sense.
func (s *Crossover) Validate() error {
	switch {
	case s.Fast < 1 || s.Slow > maxPeriod:
		return fmt.Errorf("fast, slow: found %d and %d; expected periods from 1 to %d", s.Fast, s.Slow, maxPeriod)
	case s.Fast >= s.Slow:
		return fmt.Errorf("fast: found %d; expected less than slow, which is %d", s.Fast, s.Slow)
	case s.Average != SMA && s.Average != EMA:
		return fmt.Errorf("average: found %q; expected sma or ema", s.Average)
	case s.Direction != BothSides && s.Direction != LongSide && s.Direction != ShortSide:
		return fmt.Errorf("direction: found %q; expected both, long or short", s.Direction)
	}
	return validLeverage(s.Leverage)
}

// Init implements sim.Strategy.
func (s *Crossover) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := newStakes(setup, s.Pairs, s.Leverage)
	if err != nil {
		return err
	}
	s.over = false
	s.trends = make([]trend, 0, len(stakes))
	for _, stake := range stakes {
		s.trends = append(s.trends, trend{
			stake: stake,
			fast:  newMovingAverage(s.Average, s.Fast),
			slow:  newMovingAverage(s.Average, s.Slow),
		})
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *Crossover) Decide(c *sim.Context) error {
	if s.over {
		return nil
	}
	for i := range s.trends {
		t := &s.trends[i]
		if !t.feed.Fresh() {
			continue
		}
		t.follow(t.feed.Candles().Close())
		if want := s.take(t.above); want != t.held {
			s.trade(c, t, want)
		}
	}
	return nil
}

// take is the position to hold while the faster average is on that side of the
// slower one.
func (s *Crossover) take(above side) side {
	if above == long && s.Direction == ShortSide || above == short && s.Direction == LongSide {
		return flat
	}
	return above
}

// trade looks at what is really held, and emits the order that leads to what is
// wanted. What became of it the next candle shows: until then, what is held is
// unknown. Otherwise a position changes by orders only, so that it need not be
// looked at.
func (s *Crossover) trade(c *sim.Context, t *trend, want side) {
	if t.feed.Pending() || !t.feed.Open() {
		return // its order is on its way, or none would be taken: the next candle asks again
	}
	if t.held = sideOf(t.feed); t.held == want {
		return
	}
	if s.over = c.Portfolio().Eliminated; s.over {
		return
	}
	if t.held != flat {
		c.Flat(t.feed.Pair())
	} else {
		t.open(c, want)
	}
	t.held = unknown
}

// trend is the state of one pair.
type trend struct {
	stake
	seen       int // candles taken
	fast, slow movingAverage
	above      side // of the faster average; flat until both exist
	held       side // unknown after an order
}

// tie is the relative difference up to which the averages count as equal: a flat
// market must not trade on the rounding of sums.
const tie = 1e-12

// follow takes the candles that are new. Averages that are equal leave the side
// as it is.
func (t *trend) follow(closes []float64) {
	for ; t.seen < len(closes); t.seen++ {
		t.fast.take(closes, t.seen)
		t.slow.take(closes, t.seen)
		if t.seen < t.slow.period-1 {
			continue
		}
		switch d := t.fast.value - t.slow.value; {
		case math.Abs(d) <= tie*t.slow.value:
		case d > 0:
			t.above = long
		default:
			t.above = short
		}
	}
}
