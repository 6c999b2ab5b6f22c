package strategies

import (
	"cmp"

	"github.com/ptnsim/ptnsim/sim"
)

// Placement is what strategies have in common that trade each pair by itself:
// what they trade, how much of it, and on which candles they decide.
type Placement struct {
	Pairs      []string  // none: every pair of the run
	Leverage   float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction  Direction // which sides to take
	IntervalMS int64     // of the candles it looks at; 0: the run's; or AutoInterval
}

// AutoInterval makes the candles that a strategy looks at hours, or leaves them as
// the run has them where an hour is no multiple of theirs: shorter ones than hours
// pay more in slippage than most signals earn.
const AutoInterval int64 = -1

const hourlyMS = 60 * 60 * 1000

// hourly is the placement of the strategies whose periods mean hours.
func hourly() Placement { return Placement{Direction: BothSides, IntervalMS: AutoInterval} }

// intervalFor is the interval to look at where the run has a pair's candles at
// ownMS.
func intervalFor(wantedMS, ownMS int64) int64 {
	switch {
	case wantedMS == 0, wantedMS == AutoInterval && hourlyMS%ownMS != 0:
		return ownMS
	case wantedMS == AutoInterval:
		return hourlyMS
	}
	return wantedMS
}

// params are those that set a placement; without directions, it takes both sides
// or either.
func (p *Placement) params(directions ...Direction) []Param {
	if len(directions) == 0 {
		directions = []Direction{BothSides, LongSide, ShortSide}
	}
	return []Param{
		LeverageParam(&p.Leverage),
		ChoiceParam("direction", &p.Direction, "the sides to take", directions...),
		PairsParam(&p.Pairs),
		autoIntervalParam(&p.IntervalMS),
	}
}

func (p *Placement) validate() error {
	return cmp.Or(p.Direction.Validate(), validLeverage(p.Leverage))
}

// stakes subscribes to the pairs.
func (p *Placement) stakes(setup *sim.Setup) ([]stake, error) {
	return newStakes(setup, p.Pairs, p.Leverage, p.IntervalMS)
}
