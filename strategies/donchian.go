package strategies

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// Donchian is the turtles' breakout: long at a close above the highest high of
// the Entry candles before it, short at one below their lowest low, until a close
// beyond the opposite extreme of the Exit candles before it, or the stop.
//
// The turtles bought the moment the price broke out; here a candle has to close
// beyond the level, since nothing can be ordered before it is finished. They also
// added to winners, up to four units; this is the first unit.
type Donchian struct {
	Entry int // candles whose extreme is to be broken
	Exit  int // candles whose opposite extreme ends it

	ATR int // period of the average true range, candles: the turtles' N
	// Stop closes a position at a close so many N against the close that it was
	// entered at; 0 is no stop.
	Stop float64
	// Risk makes a position so large that a move of one N is worth this fraction
	// of the portfolio, and no larger than Leverage; 0: all are of Leverage.
	Risk float64
	Placement
	stances
}

// maxStop bounds the stop's distance, average true ranges.
const maxStop = 1000

func defineDonchian() (Configurable, []Param) {
	// The turtles' second system.
	s := &Donchian{Entry: 55, Exit: 20, ATR: 20, Stop: 2, Placement: hourly()}
	return s, append([]Param{
		IntParam("entry", &s.Entry, 1, maxPeriod, "candles whose high or low has to be broken"),
		IntParam("exit", &s.Exit, 1, maxPeriod, "candles whose opposite extreme ends a position; no more than entry"),
		IntParam("atr", &s.ATR, 1, maxPeriod, "candles in the average true range of stop and risk"),
		NumberParam("stop", &s.Stop, 0, maxStop, "average true ranges against a position at which it is closed; 0 is no stop"),
		NumberParam("risk", &s.Risk, 0, 1, "fraction of the portfolio that a move of one average true range is worth, as far as leverage allows; the turtles had 0.01; 0 takes the leverage"),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *Donchian) Validate() error {
	switch {
	case min(s.Entry, s.Exit, s.ATR) < 1 || max(s.Entry, s.ATR) > maxPeriod:
		return fmt.Errorf("entry, exit, atr: found %d, %d and %d; expected periods from 1 to %d", s.Entry, s.Exit, s.ATR, maxPeriod)
	case s.Exit > s.Entry:
		return fmt.Errorf("exit: found %d; expected no more than entry, which is %d", s.Exit, s.Entry)
	case !(s.Stop >= 0 && s.Stop <= maxStop):
		return fmt.Errorf("stop: found %g; expected a number from 0 to %d", s.Stop, maxStop)
	case !(s.Risk >= 0 && s.Risk <= 1):
		return fmt.Errorf("risk: found %g; expected a number from 0 to 1", s.Risk)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *Donchian) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return s.init(setup, &s.Placement, func(h *holder) stance {
		limits, _ := setup.Limits(h.feed.Pair())
		return &breakout{
			entry: indicator.NewDonchian(s.Entry), exit: indicator.NewDonchian(s.Exit), atr: indicator.NewATR(s.ATR),
			stop: s.Stop, risk: s.Risk,
			holder: h, least: smallest(limits), most: h.leverage,
		}
	})
}

type breakout struct {
	entry, exit *indicator.Donchian
	atr         *indicator.ATR
	stop, risk  float64
	holder      *holder // whose leverage the risk sets
	least, most float64 // leverage

	on       side
	from     float64 // the close at which it went there
	distance float64 // from there to the stop
}

// take compares the close with the extremes, and takes N, of the candles before
// it.
func (d *breakout) take(b indicator.Bars, i int) side {
	price, n := b.Close[i], d.atr.Value(0)
	switch {
	case price > d.entry.Upper():
		d.enter(long, price, n)
	case price < d.entry.Lower():
		d.enter(short, price, n)
	case d.on == long && price < d.exit.Lower(), d.on == short && price > d.exit.Upper(), d.stops(price):
		d.on = flat
	}
	d.entry.Take(b, i)
	d.exit.Take(b, i)
	d.atr.Take(b, i)
	return d.on
}

func (d *breakout) stops(price float64) bool {
	return d.on != flat && d.stop > 0 && float64(d.on)*(d.from-price) >= d.distance
}

// enter goes to a side, unless it is there already. What needs N waits for it.
func (d *breakout) enter(to side, price, n float64) {
	switch {
	case d.on == to:
		return
	case math.IsNaN(n) && (d.stop > 0 || d.risk > 0):
		d.on = flat // the other side is over all the same
		return
	}
	d.on, d.from, d.distance = to, price, d.stop*n
	if d.risk > 0 {
		d.holder.leverage = min(max(inSteps(d.risk*price/n), d.least), d.most)
	}
}
