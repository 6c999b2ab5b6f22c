package strategies

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// CrossMomentum is cross-sectional momentum: at every rebalancing it ranks the
// pairs by their return over the last Lookback, holds the best long and the
// worst short, and nothing of those between. A market that rises or falls as a
// whole leaves it cold.
//
// Pairs of different trading hours can be compared only over the same time:
// unlike elsewhere, periods are that many lengths of a candle of clock time,
// whether or not a market is open. At an instant a pair's price is the close of
// its last finished candle. A pair without any candle in the lookback has no
// return, and is not held.
//
// Many pairs change sides at once, and the rate limit lets 10 requests through
// in a minute (Rules §2): the rebalancer sends what the limit has left, comes
// back a minute later, and so on. A pair whose market is closed keeps what it
// has until it opens.
type CrossMomentum struct {
	Lookback  int     // lengths of a candle that the return is taken over
	Skip      int     // the last of them that are left out, for what reverts
	Rebalance int     // lengths of a candle between two rankings, on the grid of UTC
	Number    int     // pairs to hold on each side, in each ranking; never more than half of those ranked
	Within    Ranking // which pairs are ranked together
	Placement         // the candles of all pairs are as long as the longest by its IntervalMS; LongSide is the best alone

	unitMS int64     // the length of a candle
	sizes  []float64 // leverage of each pair if it is held, a magnitude
	wanted []float64 // signed leverage of each pair by the last ranking
	ranked []ranked
	book   rebalancer
}

// Ranking says which pairs are ranked together.
type Ranking string

// The rankings.
const (
	ByClass  Ranking = "class" // those of a class
	Together Ranking = "all"   // all of them; then the classes that move most are held most
)

func defineCrossMomentum() (Configurable, []Param) {
	// A week of five-minute candles, ranked anew every day.
	s := &CrossMomentum{Lookback: 2016, Rebalance: 288, Number: 2, Within: ByClass, Placement: Placement{Direction: BothSides}}
	return s, append([]Param{
		IntParam("lookback", &s.Lookback, 1, maxPeriod, "lengths of a candle, in clock time, that the return is taken over"),
		IntParam("skip", &s.Skip, 0, maxPeriod, "lengths of a candle before the ranking that are left out of the return"),
		IntParam("rebalance", &s.Rebalance, 1, maxPeriod, "lengths of a candle from one ranking to the next, on the grid of UTC: 288 of 5m is midnight"),
		IntParam("n", &s.Number, 1, 1000, "pairs to hold on each side, in each ranking; never more than half of the pairs ranked"),
		ChoiceParam("rank", &s.Within, "the pairs that are ranked together: those of a class, or all", ByClass, Together),
	}, s.params()...)
}

// Validate refuses parameters that make no sense.
func (s *CrossMomentum) Validate() error {
	switch {
	case min(s.Lookback, s.Rebalance) < 1 || s.Skip < 0 || max(s.Lookback, s.Skip, s.Rebalance) > maxPeriod:
		return fmt.Errorf("lookback, skip, rebalance: found %d, %d and %d; expected periods from 1, 0 and 1 to %d", s.Lookback, s.Skip, s.Rebalance, maxPeriod)
	case s.Number < 1:
		return fmt.Errorf("n: found %d; expected 1 or more pairs", s.Number)
	case s.Within != ByClass && s.Within != Together:
		return fmt.Errorf("rank: found %q; expected class or all", s.Within)
	}
	return s.validate()
}

// Init implements sim.Strategy.
func (s *CrossMomentum) Init(setup *sim.Setup) error {
	if err := s.Validate(); err != nil {
		return err
	}
	stakes, err := s.subscribe(setup)
	if err != nil {
		return err
	}
	s.book, s.ranked = newRebalancer(setup, stakes), nil
	s.sizes, s.wanted = make([]float64, len(stakes)), make([]float64, len(stakes))
	for i, stake := range stakes {
		limits, _ := setup.Limits(stake.feed.Pair())
		s.sizes[i] = reachable(limits, stake.leverage)
	}
	setup.WakeEvery(s.everyMS())
	return nil
}

// subscribe takes the pairs at one length of candles. Nobody calls for their
// candles: rankings have times of their own.
func (s *CrossMomentum) subscribe(setup *sim.Setup) ([]stake, error) {
	pairs, leverages, err := Share(setup, s.Pairs, s.Leverage)
	if err != nil {
		return nil, err
	}
	stakes := make([]stake, len(pairs))
	s.unitMS = 0
	for i, p := range pairs {
		if stakes[i], err = newStake(setup, p.Pair.ID, sim.FeedOptions{IntervalMS: s.IntervalMS, Quiet: true}); err != nil {
			return nil, err
		}
		stakes[i].leverage = leverages[i]
		s.unitMS = max(s.unitMS, stakes[i].feed.Candles().IntervalMS())
	}
	for i := range stakes {
		if stakes[i].feed.Candles().IntervalMS() == s.unitMS {
			continue
		}
		if stakes[i].feed, err = setup.SubscribeTo(stakes[i].feed.Pair(), sim.FeedOptions{IntervalMS: s.unitMS, Quiet: true}); err != nil {
			return nil, fmt.Errorf("interval: found candles up to %s, and %w; choose one with interval=", datasets.Interval(s.unitMS), err)
		}
	}
	return stakes, nil
}

func (s *CrossMomentum) everyMS() int64 { return int64(s.Rebalance) * s.unitMS }

// Decide implements sim.Strategy.
func (s *CrossMomentum) Decide(c *sim.Context) error {
	if c.NowMS()%s.everyMS() == 0 {
		s.rank(c.NowMS())
	}
	s.book.work(c)
	return nil
}

// ranked is one pair's place.
type ranked struct {
	pair int // its leg
	gain float64
}

// rank aims every pair at what its place says.
func (s *CrossMomentum) rank(nowMS int64) {
	s.ranked = s.ranked[:0]
	clear(s.wanted)
	for i := range s.book.legs {
		if gain, ok := s.gain(s.book.legs[i].feed.Candles(), nowMS); ok {
			s.ranked = append(s.ranked, ranked{i, gain})
		}
	}
	s.eachRanking(s.pick)
	for i, wanted := range s.wanted {
		s.book.aim(i, wanted)
	}
}

// eachRanking passes on the pairs that are ranked together.
func (s *CrossMomentum) eachRanking(pick func([]ranked)) {
	if s.Within == Together {
		pick(s.ranked)
		return
	}
	class := func(r ranked) market.Class { return s.book.legs[r.pair].feed.Class() }
	slices.SortStableFunc(s.ranked, func(a, b ranked) int { return cmp.Compare(class(a), class(b)) })
	for rest := s.ranked; len(rest) > 0; {
		n := 1
		for n < len(rest) && class(rest[n]) == class(rest[0]) {
			n++
		}
		pick(rest[:n])
		rest = rest[n:]
	}
}

// pick wants the best and the worst of a ranking; of equals, the first in the
// list of pairs is the better.
func (s *CrossMomentum) pick(together []ranked) {
	slices.SortStableFunc(together, func(a, b ranked) int { return cmp.Compare(b.gain, a.gain) })
	n := min(s.Number, len(together)/2)
	for i, r := range together {
		side := flat
		switch {
		case i < n:
			side = long
		case i >= len(together)-n:
			side = short
		}
		s.wanted[r.pair] = signed(s.Direction.allow(side), s.sizes[r.pair])
	}
}

// gain is a pair's return over the lookback that ends Skip before now; ok is
// false if it has no candle in it, or none before it.
func (s *CrossMomentum) gain(candles sim.Candles, nowMS int64) (gain float64, ok bool) {
	endMS := nowMS - int64(s.Skip)*s.unitMS
	last := s.finished(candles, endMS)
	before := s.finished(candles, endMS-int64(s.Lookback)*s.unitMS)
	if before == 0 || last == before {
		return 0, false
	}
	closes := candles.Close()
	return closes[last-1]/closes[before-1] - 1, true
}

// finished is how many candles had ended by a time.
func (s *CrossMomentum) finished(candles sim.Candles, ms int64) int {
	n, _ := slices.BinarySearch(candles.Time(), ms-s.unitMS+1)
	return n
}
