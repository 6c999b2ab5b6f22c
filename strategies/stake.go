package strategies

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// stake is one pair that a strategy trades, and how much of it.
type stake struct {
	feed     *sim.Feed // the candles that the strategy looks at
	own      *sim.Feed // those of the run, by which its orders are followed up; may be the same
	leverage float64   // a magnitude
}

// newStakes subscribes to the pairs (none: every pair of the run) and shares
// the leverage out: given to each, or, where it is 0, what shareLeverage says.
// Candles come at an interval of intervalMS; 0 is the run's; or AutoInterval.
func newStakes(setup *sim.Setup, ids []string, given float64, intervalMS int64) ([]stake, error) {
	pairs, leverages, err := Share(setup, ids, given)
	if err != nil {
		return nil, err
	}
	stakes := make([]stake, len(pairs))
	for i, p := range pairs {
		if stakes[i], err = newStake(setup, p.Pair.ID, sim.FeedOptions{IntervalMS: intervalMS}); err != nil {
			return nil, err
		}
		stakes[i].leverage = leverages[i]
	}
	return stakes, nil
}

// newStake subscribes to one pair.
func newStake(setup *sim.Setup, pair string, as sim.FeedOptions) (s stake, err error) {
	if s.own, err = setup.SubscribeTo(pair, sim.FeedOptions{Quiet: as.Quiet || as.IntervalMS != 0}); err != nil {
		return s, err
	}
	ownMS := s.own.Candles().IntervalMS()
	wantedMS := as.IntervalMS
	if as.IntervalMS = intervalFor(wantedMS, ownMS); wantedMS == 0 {
		s.feed = s.own
		return s, nil
	}
	if s.feed, err = setup.SubscribeTo(pair, as); err != nil {
		return s, fmt.Errorf("interval: %w; choose a multiple of %s, or leave it out", err, datasets.Interval(ownMS))
	}
	if as.IntervalMS == ownMS {
		s.own = s.feed
	}
	return s, nil
}

// Share looks the pairs up (none: every pair of the run), refuses those that
// take no order, and shares the leverage out as the built-in strategies do: given
// to each, or, where it is 0, a tenth of the largest position of its class, or a
// share of the portfolio's cap where the pairs together would exceed it.
func Share(setup *sim.Setup, ids []string, given float64) ([]sim.PairLimits, []float64, error) {
	pairs, err := tradable(setup, ids)
	if err != nil {
		return nil, nil, err
	}
	if given != 0 {
		return pairs, slices.Repeat([]float64{given}, len(pairs)), checkLeverage(pairs, given)
	}
	leverages, err := shareLeverage(pairs)
	return pairs, leverages, err
}

// tradable looks the pairs up (none: every pair of the run) and refuses those
// that take no order. Rules §1.
func tradable(setup *sim.Setup, ids []string) ([]sim.PairLimits, error) {
	if len(ids) == 0 {
		ids = setup.Pairs()
	}
	pairs := make([]sim.PairLimits, 0, len(ids))
	for i, id := range ids {
		p, ok := setup.Limits(id)
		switch {
		case !ok:
			return nil, fmt.Errorf("pairs: found %s, which the rule set %s does not know%s; expected a pair of the rule set",
				id, setup.RulesName(), suggest.DidYouMean(id, market.PairIDs(setup.KnownPairs())))
		case slices.Contains(ids[:i], id):
			return nil, fmt.Errorf("pairs: found %s twice; expected each pair once", id)
		case p.Halted:
			return nil, fmt.Errorf("pairs: found %s, on which the rule set %s accepts no order; choose the pairs to trade with pairs=", id, setup.RulesName())
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// The default sizes. The classes' bounds are drawn so that each of them alone can
// lose the drawdown limit in days: a tenth of the largest position leaves room
// for bad weeks. And three tenths of the portfolio's cap leave room for all pairs
// to have them at once.
const (
	partOfMax = 10
	partOfCap = 0.3
)

// leverageSteps is the steps of one leverage that shared ones are rounded down
// to, so that they read well.
const leverageSteps = 1000

// shareLeverage gives each pair a tenth of the largest position of its class, or
// less where the pairs together would take more than three tenths of the
// portfolio's cap: then they share those in proportion, as far as the smallest
// positions allow. Rules §4.
func shareLeverage(pairs []sim.PairLimits) ([]float64, error) {
	leverages := make([]float64, len(pairs))
	for i, p := range pairs {
		leverages[i] = max(p.ClassMax/partOfMax, smallest(p))
	}
	limit := portfolioMax(pairs)
	total := weighted(pairs, leverages)
	if total <= limit*partOfCap {
		return leverages, nil
	}
	share := limit * partOfCap / total
	fair := slices.Clone(leverages)
	for i, p := range pairs {
		const hair = 1e-9 // steps are no binary fractions
		leverages[i] = max(math.Floor(float64(fair[i]*share*leverageSteps)+hair)/leverageSteps, smallest(p))
	}
	if weighted(pairs, leverages) <= limit {
		return leverages, nil
	}
	tightest := 0 // the pair whose part of the cap is the furthest below its smallest position
	for i, p := range pairs {
		if fair[i]*smallest(pairs[tightest]) < fair[tightest]*smallest(p) {
			tightest = i
		}
	}
	p := pairs[tightest]
	return nil, fmt.Errorf("leverage: found %d pairs that share the portfolio's cap of %g, which leaves %s %.3g; "+
		"expected at least %g, the smallest position; choose fewer with pairs=",
		len(pairs), limit, p.Pair.ID, fair[tightest]*limit/total, smallest(p))
}

// checkLeverage refuses a leverage that the order gate would never let in. One
// over a class's largest position is let be: the gate clamps it. Rules §2, §4.
func checkLeverage(pairs []sim.PairLimits, given float64) error {
	leverages := make([]float64, len(pairs))
	for i, p := range pairs {
		if least := smallest(p); given < least {
			return fmt.Errorf("leverage: found %g; expected at least %g, the smallest position in %s, or 0 for a share of the portfolio's cap",
				given, least, p.Pair.ID)
		}
		leverages[i] = min(given, p.ClassMax)
	}
	if total, limit := weighted(pairs, leverages), portfolioMax(pairs); total > limit*(1+1e-9) {
		ids := make([]string, 0, len(pairs))
		for _, p := range pairs {
			ids = append(ids, p.Pair.ID)
		}
		return fmt.Errorf("leverage: found %g in each of %s, which weighs %g together; "+
			"expected no more than the portfolio's cap of %g, or 0 for a share of it",
			given, strings.Join(ids, ", "), total, limit)
	}
	return nil
}

// weighted is the weighted portfolio leverage of positions in the pairs. Rules §4.
func weighted(pairs []sim.PairLimits, leverages []float64) float64 {
	sum := 0.0
	for i, p := range pairs {
		sum += float64(leverages[i] * p.Weight)
	}
	return sum
}

// portfolioMax is the cap of the weighted portfolio leverage. Rules §4.
func portfolioMax(pairs []sim.PairLimits) float64 {
	if len(pairs) == 0 {
		return math.Inf(1)
	}
	return pairs[0].PortfolioMax
}

// smallest is the smallest leverage that opens a position. Rules §2, §4.
func smallest(p sim.PairLimits) float64 { return max(p.PositionMin, p.OrderMin) }
