package strategies

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
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
	Lookback    int     // candles that the trend is measured over
	Hold        int     // candles that a position is expected to last
	Persistence float64 // the share of the trend's pace that is expected to go on
	Hurdle      float64 // how many times its carry a trend has to gain
	Placement
	stances
}

func defineCarryTrend() (Configurable, []Param) {
	// Five days of five-minute candles. A tenth of the pace, twice the carry: a
	// trend over as long as it is expected to last has to be 20 times its carry.
	s := &CarryTrend{Lookback: 1440, Hold: 1440, Persistence: 0.1, Hurdle: 2, Placement: Placement{Direction: BothSides}}
	return s, append([]Param{
		IntParam("lookback", &s.Lookback, 1, maxPeriod, "candles that the trend is measured over"),
		IntParam("hold", &s.Hold, 1, maxPeriod, "candles that a position is expected to last"),
		NumberParam("persistence", &s.Persistence, 0, 1, "share of the trend's pace that is expected to go on"),
		NumberParam("hurdle", &s.Hurdle, 0, 1000, "how many times its carry a trend is expected to gain before it is entered"),
	}, s.params()...)
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
	return s.validate()
}

// Init implements sim.Strategy.
func (s *CarryTrend) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	latencyMS := setup.LatencyMS()
	return s.init(setup, &s.Placement, func(h *holder) stance {
		ownMS := h.own.Candles().IntervalMS()
		return &payer{
			of: s, feed: h.feed, from: max(h.feed.Candles().Len(), s.Lookback),
			fillMS: (latencyMS + ownMS - 1) / ownMS * ownMS,
		}
	})
}

// payer is the stance on one pair.
type payer struct {
	of     *CarryTrend
	feed   *sim.Feed
	from   int   // the first candle that can be judged: a run's, for the carry is that of now
	fillMS int64 // from a decision to the candle of the run that its order fills at
	on     side
}

func (p *payer) take(b indicator.Bars, i int) side {
	if i >= p.from {
		p.on = p.judge(b.Close[:i+1], p.feed.Candles().Time()[:i+1])
	}
	return p.on
}

// judge is the side to hold from the end of the last candle on.
func (p *payer) judge(closes []float64, times []int64) side {
	last := len(closes) - 1
	before := last - p.of.Lookback
	trend := closes[last]/closes[before] - 1
	is := p.of.Direction.allow(sideOfReturn(closes[last], closes[before], flat))
	if is == flat {
		return flat
	}
	nowMS := times[last] + p.feed.Candles().IntervalMS()
	if is == p.on && !p.lastBeforeCharge(nowMS) {
		return is
	}
	spent := float64(times[last]-times[before]) / float64(p.of.Lookback)
	horizonMS := int64(spent * float64(p.of.Hold))
	gain := p.of.Persistence * max(trend, -trend) * float64(p.of.Hold) / float64(p.of.Lookback)
	if gain > p.of.Hurdle*expectedCarry(p.feed.Carry(), nowMS, nowMS+horizonMS) {
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
// now is the last time that an order fills before it: one of the next candle
// would be filled at the instant, where it is charged too, or later; or not
// before the market, which closes until then, is open again.
func (p *payer) lastBeforeCharge(nowMS int64) bool {
	next := p.feed.Carry()
	if next.Multiple <= 1 {
		return false
	}
	_, closesMS := p.feed.Session()
	return min(next.NextMS, closesMS) <= nowMS+p.feed.Candles().IntervalMS()+p.fillMS
}
