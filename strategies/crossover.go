package strategies

import (
	"cmp"
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
	Pairs      []string  // none: every pair of the run
	Fast       int       // period of the faster average, candles
	Slow       int       // period of the slower one
	Average    Average   // SMA or EMA
	Leverage   float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction  Direction // which sides to take
	IntervalMS int64     // of the candles it looks at; 0: the run's

	trends []trend
	over   bool // the account is eliminated
}

// maxPeriod bounds an average's period, candles: two years of minutes.
const maxPeriod = 1 << 20

func defineCrossover() (Configurable, []Param) {
	// A day and five days of five-minute candles: shorter averages pay more in
	// slippage than they follow.
	s := &Crossover{Fast: 288, Slow: 1440, Average: SMA, Direction: BothSides}
	return s, []Param{
		IntParam("fast", &s.Fast, 1, maxPeriod-1, "candles in the faster average"),
		IntParam("slow", &s.Slow, 2, maxPeriod, "candles in the slower average; more than in the faster"),
		ChoiceParam("average", &s.Average, "the kind of average: simple or exponential", SMA, EMA),
		LeverageParam(&s.Leverage),
		ChoiceParam("direction", &s.Direction, "the sides to take", BothSides, LongSide, ShortSide),
		PairsParam(&s.Pairs),
		IntervalParam(&s.IntervalMS),
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
	}
	return cmp.Or(s.Direction.Validate(), validLeverage(s.Leverage))
}

// Init implements sim.Strategy.
func (s *Crossover) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := newStakes(setup, s.Pairs, s.Leverage, s.IntervalMS)
	if err != nil {
		return err
	}
	s.over = false
	s.trends = make([]trend, 0, len(stakes))
	for _, stake := range stakes {
		s.trends = append(s.trends, trend{
			holder: holder{stake: stake},
			fast:   newMovingAverage(s.Average, s.Fast),
			slow:   newMovingAverage(s.Average, s.Slow),
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
		if s.over = t.hold(c, s.Direction.allow(t.above)); s.over {
			return nil
		}
	}
	return nil
}

// trend is the state of one pair.
type trend struct {
	holder
	seen       int // candles taken
	fast, slow movingAverage
	above      side // of the faster average; flat until both exist
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
		slow := t.slow.value()
		switch d := t.fast.value() - slow; {
		case math.IsNaN(d), math.Abs(d) <= tie*slow:
		case d > 0:
			t.above = long
		default:
			t.above = short
		}
	}
}
