package strategies

import (
	"cmp"
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
)

// CarryTrend follows trends that pay for their carry. In this network carry is a
// cost whatever the side: it is charged on |leverage|, at 21:00 UTC for forex and
// three times on Wednesdays. Rules §6.
//
// At each candle, with n = Lookback, m = Hold and for leverage 1 (both sides of
// the comparison grow with it):
//
//   - The trend is r = close / close n candles ago - 1; its side is that of r.
//   - It is expected to be held for m candles, which take as long as the last n
//     did on average, the closed market's hours included: the horizon.
//   - The expected gain is Persistence · |r| · m/n: that share of the trend's pace
//     goes on.
//   - The expected carry is the next charge as it stands, if its instant lies in
//     the horizon, and the annual rate for the rest of the horizon behind it.
//   - The trend pays if its gain exceeds Hurdle times its carry.
//
// It enters a trend that pays and holds it until r changes its side, whether or
// not it still pays: to leave and come back costs more than a day's carry. Only
// before a charge that counts more than once, at the last candle at which an
// order still fills before it, a position in a trend that doesn't pay is closed.
// Afterwards the same test decides whether it is entered again.
type CarryTrend struct {
	Pairs       []string  // none: every pair of the run
	Lookback    int       // candles that the trend is measured over
	Hold        int       // candles that a position is expected to last
	Persistence float64   // the share of the trend's pace that is expected to go on
	Hurdle      float64   // how many times its carry a trend has to gain
	Leverage    float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction   Direction // the sides to take
	IntervalMS  int64     // of the candles it looks at; 0: the run's

	payers    []payer
	latencyMS int64
	over      bool // the account is eliminated
}

func defineCarryTrend() (Configurable, []Param) {
	// Five days of five-minute candles. A tenth of the pace, twice the carry: a
	// trend over as long as it is expected to last has to be 20 times its carry.
	s := &CarryTrend{Lookback: 1440, Hold: 1440, Persistence: 0.1, Hurdle: 2, Direction: BothSides}
	return s, []Param{
		IntParam("lookback", &s.Lookback, 1, maxPeriod, "candles that the trend is measured over"),
		IntParam("hold", &s.Hold, 1, maxPeriod, "candles that a position is expected to last"),
		NumberParam("persistence", &s.Persistence, 0, 1, "share of the trend's pace that is expected to go on"),
		NumberParam("hurdle", &s.Hurdle, 0, 1000, "how many times its carry a trend is expected to gain before it is entered"),
		LeverageParam(&s.Leverage),
		ChoiceParam("direction", &s.Direction, "the sides to take", BothSides, LongSide, ShortSide),
		PairsParam(&s.Pairs),
		IntervalParam(&s.IntervalMS),
	}
}

// Validate refuses parameters that make no sense.
func (s *CarryTrend) Validate() error {
	switch {
	case min(s.Lookback, s.Hold) < 1 || max(s.Lookback, s.Hold) > maxPeriod:
		return fmt.Errorf("lookback, hold: found %d and %d; expected periods from 1 to %d", s.Lookback, s.Hold, maxPeriod)
	case !(s.Persistence >= 0 && s.Persistence <= 1):
		return fmt.Errorf("persistence: found %g; expected a number from 0 to 1", s.Persistence)
	case !(s.Hurdle >= 0 && s.Hurdle <= 1000):
		return fmt.Errorf("hurdle: found %g; expected a number from 0 to 1000", s.Hurdle)
	}
	return cmp.Or(s.Direction.Validate(), validLeverage(s.Leverage))
}

// Init implements sim.Strategy.
func (s *CarryTrend) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := newStakes(setup, s.Pairs, s.Leverage, s.IntervalMS)
	if err != nil {
		return err
	}
	s.latencyMS, s.over = setup.LatencyMS(), false
	s.payers = make([]payer, len(stakes))
	for i, stake := range stakes {
		s.payers[i].stake = stake
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *CarryTrend) Decide(c *sim.Context) error {
	if s.over {
		return nil
	}
	for i := range s.payers {
		p := &s.payers[i]
		if !p.feed.Fresh() || p.feed.Candles().Len() <= s.Lookback {
			continue
		}
		p.want = s.judge(c.NowMS(), p)
		if s.over = p.hold(c, p.want); s.over {
			return nil
		}
	}
	return nil
}

// payer is the state of one pair.
type payer struct {
	holder
	want side
}

// judge is the side to hold from now on.
func (s *CarryTrend) judge(nowMS int64, p *payer) side {
	candles := p.feed.Candles()
	closes, times := candles.Close(), candles.Time()
	last := len(closes) - 1
	trend := closes[last]/closes[last-s.Lookback] - 1
	is := s.Direction.allow(sideOfReturn(closes[last], closes[last-s.Lookback], flat))
	if is == flat {
		return flat
	}
	if is == p.want && !s.lastBeforeCharge(nowMS, p.feed) {
		return is
	}
	spent := float64(times[last]-times[last-s.Lookback]) / float64(s.Lookback)
	horizonMS := int64(spent * float64(s.Hold))
	gain := s.Persistence * max(trend, -trend) * float64(s.Hold) / float64(s.Lookback)
	if gain > s.Hurdle*expectedCarry(p.feed.Carry(), nowMS, nowMS+horizonMS) {
		return is
	}
	return flat
}

// expectedCarry is what leverage 1 pays from now to a time, a fraction: the next
// charge, if it falls due by then, and the annual rate from there on, which is
// what a week's charges come to.
func expectedCarry(next sim.CarryView, nowMS, untilMS int64) float64 {
	if next.NextMS > untilMS {
		return 0
	}
	return next.Charge + float64(next.RateAnnual*(float64(untilMS-next.NextMS)/yearMS))
}

// lastBeforeCharge reports whether the next charge counts more than once, and
// now is the last time that an order fills before it: the next would be filled
// at the instant, where it is charged too, or later; or not before the market,
// which closes until then, is open again.
func (s *CarryTrend) lastBeforeCharge(nowMS int64, f *sim.Feed) bool {
	next := f.Carry()
	if next.Multiple <= 1 {
		return false
	}
	intervalMS := f.Candles().IntervalMS()
	candles := 1 + (s.latencyMS+intervalMS-1)/intervalMS
	_, closesMS := f.Session()
	return min(next.NextMS, closesMS) <= nowMS+candles*intervalMS
}
