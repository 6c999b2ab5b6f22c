package strategies

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// RSIReversion bets that an extreme of Wilder's relative strength index won't
// last: long when the index falls below Low, short when it rises above High,
// until it is back at Exit.
type RSIReversion struct {
	Period          int     // of the index, candles
	Low, High, Exit float64 // levels of the index, from 0 to 100
	Placement
	stances
}

func defineRSIReversion() (Configurable, []Param) {
	s := &RSIReversion{Period: 14, Low: 30, High: 70, Exit: 50, Placement: hourly()}
	return s, append([]Param{
		IntParam("period", &s.Period, 1, maxPeriod, "candles that the index averages over"),
		NumberParam("low", &s.Low, 0, 100, "level of the index below which it goes long"),
		NumberParam("high", &s.High, 0, 100, "level of the index above which it goes short"),
		NumberParam("exit", &s.Exit, 0, 100, "level of the index at which a position is closed; between low and high"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *RSIReversion) Validate() error {
	switch {
	case s.Period < 1 || s.Period > maxPeriod:
		return fmt.Errorf("period: found %d; expected one from 1 to %d", s.Period, maxPeriod)
	case !(0 <= s.Low && s.Low < s.High && s.High <= 100):
		return fmt.Errorf("low, high: found %g and %g; expected levels from 0 to 100, the low one first", s.Low, s.High)
	case !(s.Low <= s.Exit && s.Exit <= s.High):
		return fmt.Errorf("exit: found %g; expected a level between low and high, which are %g and %g", s.Exit, s.Low, s.High)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *RSIReversion) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return s.init(setup, &s.Placement, func(*holder) stance {
		return &rsiStance{rsi: indicator.NewRSI(s.Period), low: s.Low, high: s.High, exit: s.Exit}
	})
}

type rsiStance struct {
	rsi             *indicator.RSI
	low, high, exit float64
	on              side
}

func (r *rsiStance) take(b indicator.Bars, i int) side {
	r.rsi.Take(b, i)
	switch level := r.rsi.Value(0); {
	case level < r.low:
		r.on = long
	case level > r.high:
		r.on = short
	case r.on == long && level >= r.exit, r.on == short && level <= r.exit:
		r.on = flat
	}
	return r.on
}
