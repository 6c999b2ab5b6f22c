package strategies

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// BollingerReversion bets that a price far from its average returns to it: long
// at a close below the lower of Bollinger's bands, short at one above the upper,
// until a close is back at the middle.
type BollingerReversion struct {
	Period     int     // of the average and the deviation, candles
	Deviations float64 // from the average to each band

	// Stop closes a position at a close that lies so many standard deviations
	// beyond that of the entry, as they were then; 0 is no stop. That side is
	// entered again only after a close inside the bands.
	Stop float64
	Placement
	stances
}

// maxDeviations bounds what a number of standard deviations may be: no candle
// gets there.
const maxDeviations = 100

func defineBollingerReversion() (Configurable, []Param) {
	s := &BollingerReversion{Period: 20, Deviations: 2, Placement: hourly()}
	return s, append([]Param{
		IntParam("period", &s.Period, 2, maxPeriod, "candles in the average and the deviation"),
		NumberParam("deviations", &s.Deviations, 0, maxDeviations, "standard deviations from the average to each band"),
		NumberParam("stop", &s.Stop, 0, maxDeviations, "standard deviations against a position at which it is closed; 0 is no stop"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *BollingerReversion) Validate() error {
	switch {
	case s.Period < 2 || s.Period > maxPeriod:
		return fmt.Errorf("period: found %d; expected one from 2 to %d", s.Period, maxPeriod)
	case !(s.Deviations >= 0 && s.Deviations <= maxDeviations):
		return fmt.Errorf("deviations: found %g; expected a number from 0 to %d", s.Deviations, maxDeviations)
	case !(s.Stop >= 0 && s.Stop <= maxDeviations):
		return fmt.Errorf("stop: found %g; expected a number from 0 to %d", s.Stop, maxDeviations)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *BollingerReversion) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return s.init(setup, &s.Placement, func(*holder) stance {
		return &bollingerStance{bands: indicator.NewBollinger(s.Period, s.Deviations), stop: s.Stop}
	})
}

type bollingerStance struct {
	bands *indicator.Bollinger
	stop  float64 // standard deviations; 0: none

	on       side
	entry    float64 // the close at which it went there
	distance float64 // from there to the stop
	stopped  side    // not to be entered before a close inside the bands
}

func (s *bollingerStance) take(b indicator.Bars, i int) side {
	s.bands.Take(b, i)
	price := b.Close[i]
	cheap := s.cheap(price)
	if cheap == flat {
		s.stopped = flat
	}
	switch against := float64(s.on) * (s.entry - price); {
	case s.on == long && price >= s.bands.Middle(), s.on == short && price <= s.bands.Middle():
		s.on = flat
	case s.on != flat && s.stop > 0 && against >= s.distance:
		s.stopped, s.on = s.on, flat
	}
	if s.on == flat && cheap != flat && cheap != s.stopped {
		s.on, s.entry, s.distance = cheap, price, s.stop*s.bands.Deviation()
	}
	return s.on
}

// cheap is the side that looks cheap: long below the bands, short above them. A
// market that stands still is on its bands, up to rounding.
func (s *bollingerStance) cheap(price float64) side {
	rounding := float64(tie * price)
	switch {
	case price < s.bands.Lower()-rounding:
		return long
	case price > s.bands.Upper()+rounding:
		return short
	}
	return flat
}
