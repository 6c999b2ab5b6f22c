package compose

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// TWAP holds what the strategy inside holds, but gets there in slices: each
// change of its net leverage on a pair is worked in equal parts at equal
// distances of time. A new change drops what is left of the one before it.
//
// A new position's first slice is at least the pair's smallest position, and so
// is the last one of a closing; no slice is below the smallest order, so that a
// small change has fewer. Nor are two slices due within one candle, where they
// would get the same price. A new position that is therefore not sliced at all has
// a warning, once a pair. Rules §2, §4.
type TWAP struct {
	Of strategies.Configurable

	Slices     int
	DurationMS int64 // the last slice is due a slice's time before its end
	Closings   bool  // work what reduces as well; false: at once

	host   host
	worked []worked
	alarm  alarm
}

// worked is a pair and the plan that is being worked.
type worked struct {
	goal   *goal
	slices int
	plan   plan
}

func twap(find strategies.Finder) strategies.Definition {
	return strategies.Definition{
		Name: "twap", Kind: strategies.Wrapper,
		Idea: "another strategy, its orders worked in slices over time",
		Doc: "Works every change of the position of the strategy inside in equal slices at equal distances, so that the price is the average over time instead of one moment's. " +
			"What it costs is delay; what it saves is the luck of the moment and, where slippage grows with the order's size, slippage. " +
			"The strategy inside plays an account of its own and believes that its orders fill at once.",
		Source: "D. Bertsimas and A. W. Lo, Optimal Control of Execution Costs, Journal of Financial Markets 1 (1998): equal slices are the best where prices are a random walk",
		Digest: digestInner(find),
		Define: func(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
			in, of, err := wrap(find, given)
			if err != nil {
				return nil, nil, err
			}
			s := &TWAP{Of: in.strategy, Slices: 6, DurationMS: hourMS, Closings: true}
			return s, append([]strategies.Param{
				of,
				strategies.IntParam("slices", &s.Slices, 1, slicesMax, "parts that a change is worked in; fewer where candles are longer than a part's time"),
				lengthParam("duration", &s.DurationMS, "time that a change takes"),
				strategies.SwitchParam("closings", &s.Closings, "work closings and reductions in slices as well; false does them at once"),
			}, in.params...), nil
		},
	}
}

// slicesMax bounds the slices of a change.
const slicesMax = 1000

// Validate implements strategies.Configurable.
func (s *TWAP) Validate() error {
	switch {
	case s.Of == nil:
		return fmt.Errorf("of: found no strategy; expected the one whose orders to work")
	case s.Slices < 1 || s.Slices > slicesMax:
		return fmt.Errorf("slices: found %d; expected a whole number from 1 to %d", s.Slices, slicesMax)
	case s.DurationMS <= 0:
		return fmt.Errorf("duration: found %d ms; expected a positive duration", s.DurationMS)
	}
	return s.Of.Validate()
}

// Init implements sim.Strategy.
func (s *TWAP) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	if err := s.host.start(setup); err != nil {
		return err
	}
	s.worked, s.alarm = nil, alarm{never}
	for _, g := range s.host.executor.goals {
		if s.DurationMS/int64(s.Slices) < g.limits.CooldownMS {
			return fmt.Errorf("duration: found %s for %d slices; expected at least %s, the cooldown of %s between two orders",
				span(s.DurationMS), s.Slices, span(g.limits.CooldownMS*int64(s.Slices)), span(g.limits.CooldownMS))
		}
		candles := int(s.DurationMS / g.feed.Candles().IntervalMS())
		s.worked = append(s.worked, worked{goal: g, slices: max(1, min(s.Slices, candles))})
	}
	return s.host.seat(setup, "of", s.Of, nil)
}

// Decide implements sim.Strategy.
func (s *TWAP) Decide(c *sim.Context) error {
	changed, err := s.host.decide(c)
	if err != nil {
		return err
	}
	next := int64(math.MaxInt64)
	for i := range s.worked {
		w := &s.worked[i]
		if changed {
			w.follow(c, s.host.books[0].net(w.goal.feed.Pair()), s)
		}
		next = min(next, w.work(c.NowMS(), s.DurationMS))
	}
	s.alarm.set(c, next)
	s.host.executor.pursue(c)
	return nil
}

// follow plans anew if the guest asks for something else than the plan leads to.
func (w *worked) follow(c *sim.Context, net float64, s *TWAP) {
	if net == w.plan.end() {
		return
	}
	w.doubt(c, net, s)
	w.plan = plan{targets: sliced(w.goal.target, net, w.slices, s.Closings, &w.goal.limits), startMS: c.NowMS()}
}

// doubt warns of a new position that can't be sliced. One that the rules don't
// take at all has the executor's warning.
func (w *worked) doubt(c *sim.Context, net float64, s *TWAP) {
	opens := net != 0 && w.goal.target*net <= 0
	if s.Slices == 1 || !opens || math.Abs(net) < w.goal.limits.PositionMin*(1-hair) {
		return
	}
	pair := w.goal.feed.Pair()
	switch {
	case w.slices == 1:
		c.Warn(fmt.Sprintf("%s: not sliced: the duration, %s, is shorter than two candles of %s", pair, span(s.DurationMS), span(w.goal.feed.Candles().IntervalMS())))
	case len(growing(0, math.Abs(net), w.slices, &w.goal.limits)) == 1:
		c.Warn(fmt.Sprintf("%s: not sliced: a slice would be below the smallest position, %g", pair, max(w.goal.limits.PositionMin, w.goal.limits.OrderMin)))
	}
}

// work takes the slices that are due, and returns when the next one is.
func (w *worked) work(now, durationMS int64) (nextMS int64) {
	due := w.plan.dueMS(durationMS)
	for ; due <= now; due = w.plan.dueMS(durationMS) {
		w.goal.aim(w.plan.targets[w.plan.taken])
		w.plan.taken++
	}
	return due
}

// End implements sim.Ender.
func (s *TWAP) End(c *sim.Context) error { return s.host.End(c) }

// span writes a duration for a person.
func span(ms int64) string { return datasets.Interval(ms).String() }
