package strategies

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// Momentum is time-series momentum: each pair is held on the side of its own
// return over the last Lookback candles, and judged anew every Hold candles. A
// return of exactly zero leaves the side as it is.
//
// It is the library's example of a strategy that is computed beforehand: what
// to hold is a column, made in one loop over the candles (Feed.Precompute), and
// Decide is called only where that column changes (WakeOnChange). What such a
// strategy is not called for it has to ask for: orders that were rejected, or
// wait for a market to open, are followed up by the rebalancer's alarms, and an
// alarm at the run's start looks at what the history before it says.
type Momentum struct {
	Lookback int // candles that the return is taken over
	Hold     int // lengths of a candle between two judgements, on the grid of UTC

	// Volatility is the annual volatility, a fraction, up to which a pair has its
	// whole leverage: one that moves twice as much has half. 0: all have it whole.
	Volatility float64
	// VolatilityPeriod is the number of candles that it is measured over.
	VolatilityPeriod int
	Placement

	targets []*sim.Column // signed leverages; NaN before the first judgement
	book    rebalancer
}

func defineMomentum() (Configurable, []Param) {
	// Ten days of five-minute candles, judged once a day.
	s := &Momentum{Lookback: 2880, Hold: 288, VolatilityPeriod: 2880, Placement: Placement{Direction: BothSides}}
	return s, append([]Param{
		IntParam("lookback", &s.Lookback, 1, maxPeriod, "candles that the return is taken over"),
		IntParam("hold", &s.Hold, 1, maxPeriod, "lengths of a candle from one judgement to the next, on the grid of UTC: 288 of 5m is midnight"),
		NumberParam("volatility", &s.Volatility, 0, 10, "annual volatility, a fraction, up to which a pair has its whole leverage: one that moves twice as much has half; 0 gives all of them the whole"),
		IntParam("volatility-period", &s.VolatilityPeriod, 2, maxPeriod, "candles that the volatility is measured over"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *Momentum) Validate() error {
	switch {
	case s.Lookback < 1 || s.Hold < 1 || max(s.Lookback, s.Hold) > maxPeriod:
		return fmt.Errorf("lookback, hold: found %d and %d; expected periods from 1 to %d", s.Lookback, s.Hold, maxPeriod)
	case !(s.Volatility >= 0 && s.Volatility <= 10):
		return fmt.Errorf("volatility: found %g; expected a number from 0 to 10", s.Volatility)
	case s.Volatility > 0 && (s.VolatilityPeriod < 2 || s.VolatilityPeriod > maxPeriod):
		return fmt.Errorf("volatility-period: found %d; expected a period from 2 to %d", s.VolatilityPeriod, maxPeriod)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *Momentum) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := s.stakes(setup)
	if err != nil {
		return err
	}
	s.book = newRebalancer(setup, stakes)
	s.targets = make([]*sim.Column, len(stakes))
	for i, stake := range stakes {
		limits, _ := setup.Limits(stake.feed.Pair())
		s.targets[i] = stake.feed.Precompute(func(candles sim.Candles) []float64 {
			return s.compute(candles, limits, stake.leverage)
		})
		stake.feed.WakeOnChange(s.targets[i])
	}
	fromMS, _ := setup.Range()
	setup.WakeAt(fromMS)
	return nil
}

// Decide implements sim.Strategy.
func (s *Momentum) Decide(c *sim.Context) error {
	for i, column := range s.targets {
		if target := column.Last(); !math.IsNaN(target) {
			s.book.aim(i, target)
		}
	}
	s.book.work(c)
	return nil
}

// compute makes the column of targets. A candle is a judgement if it is the
// first to end in a new span of Hold lengths of a candle.
func (s *Momentum) compute(candles sim.Candles, limits sim.PairLimits, leverage float64) []float64 {
	closes, intervalMS := candles.Close(), candles.IntervalMS()
	spanMS := int64(s.Hold) * intervalMS
	sizeAt := s.sizes(candles, limits, leverage)
	targets := make([]float64, len(closes))
	judgeMS, target, side := int64(0), math.NaN(), flat
	for i, t := range candles.Time() {
		if endMS := t + intervalMS; endMS >= judgeMS {
			judgeMS = (endMS/spanMS + 1) * spanMS
			if size := sizeAt(i); i >= s.Lookback && !math.IsNaN(size) {
				side = sideOfReturn(closes[i], closes[i-s.Lookback], side)
				target = signed(s.Direction.allow(side), size)
			}
		}
		targets[i] = target
	}
	return targets
}

// sizes returns the leverage of a position, a magnitude, as of candle i; NaN
// while the volatility is not known.
func (s *Momentum) sizes(candles sim.Candles, limits sim.PairLimits, leverage float64) func(i int) float64 {
	whole := reachable(limits, leverage)
	if s.Volatility == 0 {
		return func(int) float64 { return whole }
	}
	parts := s.parts(candles.Close(), candles.Time())
	return func(i int) float64 {
		if math.IsNaN(parts[i]) {
			return math.NaN()
		}
		return reachable(limits, inSteps(whole*parts[i]))
	}
}

// yearMS is a year of 365 days, as the rules count them.
const yearMS = 365 * 24 * 60 * 60 * 1000

// parts is the part of the leverage that the volatility leaves at each candle;
// NaN before there is one. The volatility of a candle is made that of a year by
// the time that the candles it is measured over took, the closed market's
// included: so a night counts as what it moved.
func (s *Momentum) parts(closes []float64, times []int64) []float64 {
	volatility := indicator.NewVolatility(s.VolatilityPeriod)
	parts := indicator.Column(volatility, 0, indicator.Bars{Close: closes})
	for i, ofCandle := range parts {
		if i < s.VolatilityPeriod || math.IsNaN(ofCandle) {
			parts[i] = math.NaN()
			continue
		}
		candleMS := float64(times[i]-times[i-s.VolatilityPeriod]) / float64(s.VolatilityPeriod)
		annual := ofCandle * math.Sqrt(yearMS/candleMS)
		parts[i] = s.Volatility / max(annual, s.Volatility)
	}
	return parts
}

// inSteps rounds a leverage down to steps, so that a hair of it doesn't trade.
func inSteps(leverage float64) float64 {
	return math.Floor(leverage*leverageSteps) / leverageSteps
}

// sideOfReturn is the side of the way from one price to another; before where
// there is none.
func sideOfReturn(to, from float64, before side) side {
	switch {
	case to > from:
		return long
	case to < from:
		return short
	}
	return before
}

// signed is a leverage on a side.
func signed(s side, leverage float64) float64 {
	return float64(s) * leverage
}
