package compose

import (
	"cmp"
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// VolatilityTarget holds what the strategy inside holds, more of it in quiet
// markets and less in wild ones: its net leverage × the target volatility / the
// pair's realised one, within bounds.
//
// The scale of a pair is reckoned anew at every multiple of Rebalance, over the
// candles of the last Window, and kept where it would change by less than Band,
// unless nothing is held. Before there are enough candles it is 1.
type VolatilityTarget struct {
	Of strategies.Configurable

	Target      float64 // annual, as a fraction: 0.5; 0: what is usual for the pair
	Least, Most float64 // of the scale
	WindowMS    int64   // of the realised volatility
	IntervalMS  int64   // of the returns in it; 0: an hour, or the run's candles where the hour is no multiple of them
	RebalanceMS int64
	Band        float64 // a fraction of the scale

	host   host
	scaled []scaled
	nextMS int64 // when the scales are next reckoned
}

// scaled is a pair and its scale.
type scaled struct {
	goal   *goal
	feed   *sim.Feed // the returns', quiet
	target float64
	scale  float64
}

func volatilityTarget(find strategies.Finder) strategies.Definition {
	return strategies.Definition{
		Name: "volatility-target", Kind: strategies.Wrapper,
		Idea: "another strategy, with less leverage in wild markets and more in quiet ones",
		Doc: "Multiplies the leverage of the strategy inside, pair by pair, by the target volatility over the realised one, within bounds. " +
			"Volatility is persistent while returns are not, so that risk is bought where it is cheap; a position's size varies less with the market's mood. " +
			"The strategy inside plays an account of its own and doesn't know of the scaling.",
		Source: "A. Moreira and T. Muir, Volatility-Managed Portfolios, Journal of Finance 72 (2017); " +
			"C. R. Harvey et al., The Impact of Volatility Targeting, Journal of Portfolio Management 45 (2018)",
		Digest: digestInner(find),
		Define: func(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
			in, of, err := wrap(find, given)
			if err != nil {
				return nil, nil, err
			}
			s := &VolatilityTarget{Of: in.strategy, Least: 0.25, Most: 2, WindowMS: 30 * dayMS, RebalanceMS: dayMS, Band: 0.1}
			interval := strategies.IntervalParam(&s.IntervalMS)
			interval.Doc = "length of the candles whose returns it takes, a multiple of the run's; nothing means an hour, or the run's where the hour is no multiple of them"
			return s, append([]strategies.Param{
				of,
				strategies.NumberParam("target", &s.Target, 0, 10, "annual volatility, as a fraction, at which the scale is 1; 0 takes what is usual: "+
					"0.6 crypto, 0.08 forex, 0.16 metals, 0.35 equities, 0.2 indices"),
				strategies.NumberParam("least", &s.Least, 0, scaleMax, "least scale"),
				strategies.NumberParam("most", &s.Most, 0, scaleMax, "largest scale"),
				lengthParam("window", &s.WindowMS, "how far back the realised volatility looks"),
				interval,
				lengthParam("rebalance", &s.RebalanceMS, "how often the scale is reckoned anew"),
				strategies.NumberParam("band", &s.Band, 0, 1, "a scale that would change by a smaller fraction of it stays"),
			}, in.params...), nil
		},
	}
}

// scaleMax bounds a scale.
const scaleMax = 100

// usualVolatility is what a pair's volatility mostly is, a year: for forex, metals
// and equities what the built-in rule sets take where no history tells, Rules §7.
// For crypto and indices, which they leave out, it is a judgement of our own.
func usualVolatility(pair market.Pair) float64 {
	switch pair.Class {
	case market.Crypto:
		return 0.6
	case market.Forex:
		if pair.Metal() {
			return 0.16
		}
		return 0.08
	case market.Equities:
		return 0.35
	}
	return 0.2
}

// Validate implements strategies.Configurable.
func (s *VolatilityTarget) Validate() error {
	switch {
	case s.Of == nil:
		return fmt.Errorf("of: found no strategy; expected the one to scale")
	case !(s.Target >= 0 && s.Target <= 10):
		return fmt.Errorf("target: found %g; expected a number from 0 to 10", s.Target)
	case !(s.Least >= 0 && s.Most <= scaleMax && s.Most > 0):
		return fmt.Errorf("least, most: found %g and %g; expected scales from 0 to %d, the largest over 0", s.Least, s.Most, scaleMax)
	case s.Least > s.Most:
		return fmt.Errorf("least: found %g; expected no more than most, which is %g", s.Least, s.Most)
	case s.WindowMS <= 0 || s.RebalanceMS <= 0 || s.IntervalMS < 0:
		return fmt.Errorf("window, rebalance, interval: found %d, %d and %d ms; expected positive durations", s.WindowMS, s.RebalanceMS, s.IntervalMS)
	case !(s.Band >= 0 && s.Band <= 1):
		return fmt.Errorf("band: found %g; expected a number from 0 to 1", s.Band)
	}
	return s.Of.Validate()
}

// Init implements sim.Strategy.
func (s *VolatilityTarget) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	if err := s.host.start(setup); err != nil {
		return err
	}
	s.scaled = nil
	for _, g := range s.host.executor.goals {
		feed, err := s.subscribe(setup, g.feed)
		if err != nil {
			return err
		}
		s.scaled = append(s.scaled, scaled{goal: g, feed: feed, target: cmp.Or(s.Target, usualVolatility(g.limits.Pair))})
	}
	s.nextMS = never // the first decision reckons the first scales
	setup.WakeEvery(s.RebalanceMS)
	return s.host.seat(setup, "of", s.Of, nil)
}

// subscribe returns the feed that a pair's returns are taken from.
func (s *VolatilityTarget) subscribe(setup *sim.Setup, pair *sim.Feed) (*sim.Feed, error) {
	interval := s.IntervalMS
	if own := pair.Candles().IntervalMS(); interval == 0 && hourMS%own == 0 {
		interval = hourMS
	}
	return setup.SubscribeTo(pair.Pair(), sim.FeedOptions{IntervalMS: interval, Quiet: true})
}

// Decide implements sim.Strategy.
func (s *VolatilityTarget) Decide(c *sim.Context) error {
	changed, err := s.host.decide(c)
	if err != nil {
		return err
	}
	if c.NowMS() >= s.nextMS {
		s.nextMS = c.NowMS() - c.NowMS()%s.RebalanceMS + s.RebalanceMS
		s.rescale()
		changed = true
	}
	if changed {
		guest := s.host.books[0]
		for _, p := range s.scaled {
			p.goal.aim(guest.net(p.goal.feed.Pair()) * p.scale)
		}
	}
	s.host.executor.pursue(c)
	return nil
}

// rescale reckons the scales, and keeps those that are within the band.
func (s *VolatilityTarget) rescale() {
	for i := range s.scaled {
		p := &s.scaled[i]
		scale := s.scaleOf(p)
		if p.goal.target == 0 || math.Abs(scale-p.scale) > s.Band*p.scale {
			p.scale = scale
		}
	}
}

// scaleOf is the target volatility over the realised one, within the bounds. A
// market that stood still has the largest scale.
func (s *VolatilityTarget) scaleOf(p *scaled) float64 {
	volatility := realised(p.feed.Candles(), s.WindowMS)
	if math.IsNaN(volatility) {
		return min(max(1, s.Least), s.Most)
	}
	return min(max(p.target/volatility, s.Least), s.Most)
}

// End implements sim.Ender.
func (s *VolatilityTarget) End(c *sim.Context) error { return s.host.End(c) }
