package sim

import (
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// carryTerms reads the carry of a class from a rule set. Rules §6.
func carryTerms(c *rules.Carry, class market.Class) (market.CarryTerms, error) {
	byClass := rules.ByClass[rules.CarryClass]{Crypto: c.Crypto, Forex: c.Forex, Equities: c.Equities, Indices: c.Indices}
	of := byClass.For(class)
	terms := market.CarryTerms{
		RateAnnual: of.RateAnnual,
		DaysInYear: c.DaysInYear,
		Compound:   c.Rate == rules.CarryCompound,
		Deployed:   c.Alignment == rules.CarryDeployed,
	}
	for _, text := range of.Times {
		t, err := time.Parse("15:04", text)
		if err != nil {
			return terms, fmt.Errorf("carry.%s.times: %q is no time of day: write it as 15:04", class, text)
		}
		terms.TimesMS = append(terms.TimesMS, int64(t.Hour()*60+t.Minute())*60_000)
	}
	if len(terms.TimesMS) == 0 || len(of.Multiples) != len(terms.Multiples) {
		return terms, fmt.Errorf("carry.%s: needs at least one time and seven multiples, has %d and %d", class, len(of.Times), len(of.Multiples))
	}
	copy(terms.Multiples[:], of.Multiples)
	return terms, nil
}

// transactionFactor is the factor that a cumulative leverage costs. Rules §6.
func transactionFactor(fee *rules.TransactionFee, class market.Class, cumulative float64) float64 {
	if !fee.Enabled {
		return 1
	}
	rate := *fee.Rate.For(class)
	return 1 - float64(cumulative*rate/2)
}
