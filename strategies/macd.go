package strategies

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// MACD is long while the distance of two exponential averages lies above its own
// average, the signal line, and short while it lies below: it follows the trend's
// change of pace, and so turns before a crossover does.
type MACD struct {
	Fast   int // period of the faster average, candles
	Slow   int // period of the slower one
	Signal int // period of the signal line

	// ZeroLine takes a side only while the distance itself is on it, too: long
	// above zero, short below, out otherwise.
	ZeroLine bool
	Placement
	stances
}

func defineMACD() (Configurable, []Param) {
	s := &MACD{Fast: 12, Slow: 26, Signal: 9, Placement: hourly()}
	return s, append([]Param{
		IntParam("fast", &s.Fast, 1, maxPeriod-1, "candles in the faster average"),
		IntParam("slow", &s.Slow, 2, maxPeriod, "candles in the slower average; more than in the faster"),
		IntParam("signal", &s.Signal, 1, maxPeriod, "candles in the signal line"),
		SwitchParam("zero-line", &s.ZeroLine, "whether to be long only above the zero line, short only below it"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *MACD) Validate() error {
	switch {
	case min(s.Fast, s.Signal) < 1 || max(s.Slow, s.Signal) > maxPeriod:
		return fmt.Errorf("fast, slow, signal: found %d, %d and %d; expected periods from 1 to %d", s.Fast, s.Slow, s.Signal, maxPeriod)
	case s.Fast >= s.Slow:
		return fmt.Errorf("fast: found %d; expected less than slow, which is %d", s.Fast, s.Slow)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *MACD) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return s.init(setup, &s.Placement, func(*holder) stance {
		return &macdStance{macd: indicator.NewMACD(s.Fast, s.Slow, s.Signal), zeroLine: s.ZeroLine}
	})
}

type macdStance struct {
	macd     *indicator.MACD
	zeroLine bool
	pace     side // of the line to the signal line; flat until both exist
}

// take leaves the side as it is where the lines are equal up to the rounding of
// prices.
func (m *macdStance) take(b indicator.Bars, i int) side {
	m.macd.Take(b, i)
	rounding := tie * b.Close[i]
	if d := m.macd.Histogram(); math.Abs(d) > rounding {
		m.pace = sideOfReturn(d, 0, m.pace)
	}
	if m.zeroLine && !(float64(m.pace)*m.macd.Line() > rounding) {
		return flat
	}
	return m.pace
}
