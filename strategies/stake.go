package strategies

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// stake is one pair that a strategy trades, and how much of it.
type stake struct {
	feed     *sim.Feed
	leverage float64 // a magnitude
}

// newStakes subscribes to the pairs (none: every pair of the run) and shares
// the leverage out: given to each, or, where it is 0, what shareLeverage says.
func newStakes(setup *sim.Setup, ids []string, given float64) ([]stake, error) {
	if len(ids) == 0 {
		ids = setup.Pairs()
	}
	set := setup.Rules()
	pairs, err := tradable(set, ids)
	if err != nil {
		return nil, err
	}
	var leverages []float64
	if given == 0 {
		leverages, err = shareLeverage(set, pairs)
	} else {
		leverages, err = slices.Repeat([]float64{given}, len(pairs)), checkLeverage(set, pairs, given)
	}
	if err != nil {
		return nil, err
	}
	stakes := make([]stake, len(ids))
	for i, id := range ids {
		feed, err := setup.Subscribe(id)
		if err != nil {
			return nil, err
		}
		stakes[i] = stake{feed, leverages[i]}
	}
	return stakes, nil
}

// tradable looks the pairs up and refuses those that take no order. Rules §1.
func tradable(set *rules.Set, ids []string) ([]market.Pair, error) {
	known, err := set.Pairs()
	if err != nil {
		return nil, err
	}
	pairs := make([]market.Pair, 0, len(ids))
	for i, id := range ids {
		p, ok := market.FindPair(known, id)
		switch {
		case !ok:
			return nil, fmt.Errorf("pairs: found %s, which the rule set %s does not know%s; expected a pair of the rule set",
				id, set.Name, suggest.DidYouMean(id, pairIDs(set)))
		case slices.Contains(ids[:i], id):
			return nil, fmt.Errorf("pairs: found %s twice; expected each pair once", id)
		case set.Halted(id) || set.Leverage.Position.For(p.Class).Max == 0:
			return nil, fmt.Errorf("pairs: found %s, on which the rule set %s accepts no order; choose the pairs to trade with pairs=", id, set.Name)
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// pairIDs lists the pairs that a rule set knows.
func pairIDs(set *rules.Set) []string {
	pairs, _ := set.Pairs() // a loaded set has no bad pair
	return market.PairIDs(pairs)
}

// leverageSteps is the steps of one leverage that shared ones are rounded down
// to, so that their sum stays below the cap and they read well.
const leverageSteps = 1000

// partOfMax is the part of its class's largest position that a pair gets by
// default. The classes' bounds are drawn so that each of them alone can lose the
// drawdown limit in days; a tenth leaves room for many pairs and bad weeks.
const partOfMax = 10

// shareLeverage gives each pair a tenth of the largest position of its class, or
// less where the pairs together would exceed the portfolio's cap: then they
// share it in proportion. Rules §4.
func shareLeverage(set *rules.Set, pairs []market.Pair) ([]float64, error) {
	leverages := make([]float64, len(pairs))
	for i, p := range pairs {
		bounds := set.Leverage.Position.For(p.Class)
		leverages[i] = max(bounds.Max/partOfMax, bounds.Min)
	}
	limit := portfolioMax(set)
	total := weighted(set, pairs, leverages)
	if total <= limit {
		return leverages, nil
	}
	share := limit / total
	wanted := slices.Clone(leverages)
	// Steps are no binary fractions: their sum may come to a hair over the cap,
	// and goes one step lower then.
	for lower := 0.0; weighted(set, pairs, leverages) > limit; lower++ {
		for i, w := range wanted {
			leverages[i] = (math.Floor(float64(w*share)*leverageSteps) - lower) / leverageSteps
		}
	}
	for i, p := range pairs {
		if least := positionMin(set, p.Class); leverages[i] < least {
			return nil, fmt.Errorf("leverage: found %d pairs that share the portfolio's cap of %g, which leaves %s %.3g; "+
				"expected at least %g, the smallest position; choose fewer with pairs=",
				len(pairs), limit, p.ID, max(leverages[i], 0), least)
		}
	}
	return leverages, nil
}

// checkLeverage refuses a leverage that the order gate would never let in. One
// over a class's largest position is let be: the gate clamps it. Rules §2, §4.
func checkLeverage(set *rules.Set, pairs []market.Pair, given float64) error {
	leverages := make([]float64, len(pairs))
	for i, p := range pairs {
		if least := positionMin(set, p.Class); given < least {
			return fmt.Errorf("leverage: found %g; expected at least %g, the smallest position in %s, or 0 for a share of the portfolio's cap",
				given, least, p.ID)
		}
		leverages[i] = min(given, set.Leverage.Position.For(p.Class).Max)
	}
	if total, limit := weighted(set, pairs, leverages), portfolioMax(set); total > limit*(1+1e-9) {
		ids := make([]string, 0, len(pairs))
		for _, p := range pairs {
			ids = append(ids, p.ID)
		}
		return fmt.Errorf("leverage: found %g in each of %s, which weighs %g together; "+
			"expected no more than the portfolio's cap of %g, or 0 for a share of it",
			given, strings.Join(ids, ", "), total, limit)
	}
	return nil
}

// weighted is the weighted portfolio leverage of positions in the pairs. Rules §4.
func weighted(set *rules.Set, pairs []market.Pair, leverages []float64) float64 {
	sum := 0.0
	for i, p := range pairs {
		sum += float64(leverages[i] * *set.Instruments.PortfolioWeight.For(p.Class))
	}
	return sum
}

// portfolioMax is the cap of the weighted portfolio leverage. Rules §4.
func portfolioMax(set *rules.Set) float64 {
	if !set.Gate.Checks.MaxPortfolioLeverage {
		return math.Inf(1)
	}
	return set.Leverage.PortfolioMax
}

// positionMin is the smallest leverage that opens a position. Rules §2, §4.
func positionMin(set *rules.Set, class market.Class) float64 {
	checks, least := set.Gate.Checks, 0.0
	if checks.MinPositionLeverage {
		least = set.Leverage.Position.For(class).Min
	}
	if checks.InvalidLeverage || checks.OrderMinLeverage {
		least = max(least, set.Gate.OrderLeverageMin)
	}
	return least
}
