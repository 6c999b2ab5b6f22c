package strategies

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// Crossover holds the side of the faster of two moving averages: long while it
// is above the slower one, short (or out) while it is below. It trades as soon
// as both averages exist, on candles before the run's range where there are any.
//
// Positions do not flip in this network: on a crossing the position is closed,
// and the other side is entered at the next candle that it looks at. A rejected
// order is tried again then, as long as the averages still ask for it.
type Crossover struct {
	Fast    int     // period of the faster average, candles
	Slow    int     // period of the slower one
	Average Average // SMA or EMA
	Placement
	stances
}

// maxPeriod bounds an average's period, candles: two years of minutes.
const maxPeriod = 1 << 20

func defineCrossover() (Configurable, []Param) {
	// A day and five days of five-minute candles: shorter averages pay more in
	// slippage than they follow.
	s := &Crossover{Fast: 288, Slow: 1440, Average: SMA, Placement: Placement{Direction: BothSides}}
	return s, append([]Param{
		IntParam("fast", &s.Fast, 1, maxPeriod-1, "candles in the faster average"),
		IntParam("slow", &s.Slow, 2, maxPeriod, "candles in the slower average; more than in the faster"),
		ChoiceParam("average", &s.Average, "the kind of average: simple or exponential", SMA, EMA),
	}, s.params()...)
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
	return s.validate()
}

// Init implements sim.Strategy.
func (s *Crossover) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	err := s.init(setup, &s.Placement, func(*holder) stance {
		return &trend{fast: newMovingAverage(s.Average, s.Fast), slow: newMovingAverage(s.Average, s.Slow)}
	})
	s.patient = true
	return err
}

// trend is the side of the faster average; flat until both exist.
type trend struct {
	fast, slow movingAverage
	above      side
}

// tie is the relative difference up to which the averages count as equal: a flat
// market must not trade on the rounding of sums.
const tie = 1e-12

// take leaves the side as it is where the averages are equal.
func (t *trend) take(b indicator.Bars, i int) side {
	t.fast.take(b.Close, i)
	t.slow.take(b.Close, i)
	slow := t.slow.value()
	switch d := t.fast.value() - slow; {
	case math.IsNaN(d), math.Abs(d) <= tie*slow:
	case d > 0:
		t.above = long
	default:
		t.above = short
	}
	return t.above
}
