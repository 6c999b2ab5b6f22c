package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market"
)

// The checks of what an account is held to: Rules §1 to §9.

func (c *checks) instruments(s *Set) {
	known := market.Pairs()
	for i, added := range s.Instruments.Added {
		p, wrong := added.pair(known)
		if wrong != nil {
			c.add(fmt.Sprintf("instruments.added[%d].%s", i, wrong.path), wrong.found, wrong.expected)
			continue
		}
		known = append(known, p)
	}
	for i, id := range s.Instruments.Halted {
		c.pair(fmt.Sprintf("instruments.halted[%d]", i), id, known, 0)
	}
	for _, class := range market.Classes() {
		over(c, "instruments.portfolio_weight."+class.String(), *s.Instruments.PortfolioWeight.For(class), 0)
	}
}

// pair demands the id of a known pair, of a class unless that is 0.
func (c *checks) pair(path, id string, known []market.Pair, class market.Class) {
	var ids []string
	for _, p := range known {
		if class == 0 || p.Class == class {
			ids = append(ids, p.ID)
		}
	}
	if slices.Contains(ids, id) {
		return
	}
	what := "a pair that is known"
	if class != 0 {
		what = "a pair of the class " + class.String()
	}
	c.add(path, quote(id), what+didYouMean(id, ids))
}

// known returns the pairs of a set, without those that are wrong.
func (s *Set) known() []market.Pair {
	known := market.Pairs()
	for _, added := range s.Instruments.Added {
		if p, wrong := added.pair(known); wrong == nil {
			known = append(known, p)
		}
	}
	return known
}

func (c *checks) orders(s *Set) {
	atLeast(c, "rate_limit.requests", s.RateLimit.Requests, 1)
	period(c, "rate_limit.window", s.RateLimit.Window)
	atLeast(c, "gate.order_leverage_min", s.Gate.OrderLeverageMin, 0)
	over(c, "gate.order_leverage_max", s.Gate.OrderLeverageMax, 0)
	ordered(c, "gate.order_leverage_min", s.Gate.OrderLeverageMin, "gate.order_leverage_max", s.Gate.OrderLeverageMax)
	atLeast(c, "gate.open_orders_max", s.Gate.OpenOrdersMax, 1)
	wait(c, "cooldown.period", s.Cooldown.Period)
	wait(c, "fill.max_wait", s.Fill.MaxWait)
}

// period demands a length of time over 0.
func period(c *checks, path string, d Duration) {
	if d <= 0 || d > durationMax {
		c.add(path, d.String(), "a period over 0, at most 36525d")
	}
}

// wait demands a length of time that may be 0.
func wait(c *checks, path string, d Duration) {
	if d < 0 || d > durationMax {
		c.add(path, d.String(), "a period of 0 or more, at most 36525d")
	}
}

// hours hands the hours of each class to their own validation.
func (c *checks) hours(s *Set) {
	for _, class := range market.Classes() {
		path := "hours." + class.String()
		err := s.Hours.For(class).Validate()
		if err == nil {
			continue
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			key, text, _ := strings.Cut(line, ": ")
			found, expected, _ := strings.Cut(strings.TrimPrefix(text, "found "), ", expected ")
			c.add(join(path, key), found, expected)
		}
	}
}

func (c *checks) leverage(s *Set) {
	over(c, "leverage.portfolio_max", s.Leverage.PortfolioMax, 0)
	for _, class := range market.Classes() {
		path := "leverage.position." + class.String()
		bounds := *s.Leverage.Position.For(class)
		atLeast(c, path+".min", bounds.Min, 0)
		atLeast(c, path+".max", bounds.Max, 0)
		ordered(c, path+".min", bounds.Min, path+".max", bounds.Max)
	}
}

func (c *checks) carry(s *Set) {
	over(c, "carry.days_in_year", s.Carry.DaysInYear, 0)
	c.carryClass("carry.crypto", s.Carry.Crypto)
	c.carryClass("carry.forex", s.Carry.Forex)
	c.carryClass("carry.equities", s.Carry.Equities)
	c.carryClass("carry.indices", s.Carry.Indices)
}

func (c *checks) carryClass(path string, k CarryClass) {
	if !(k.RateAnnual >= 0 && k.RateAnnual < 1) {
		c.add(path+".rate_annual", textOf(k.RateAnnual), "a fraction from 0 to below 1")
	}
	c.carryTimes(path+".times", k.Times)
	if len(k.Multiples) != 7 {
		c.add(path+".multiples", strconv.Itoa(len(k.Multiples))+" values", "7: of Sunday to Saturday")
	}
	for i, m := range k.Multiples {
		within(c, fmt.Sprintf("%s.multiples[%d]", path, i), m, 0, 366)
	}
}

// carryTimes demands times of day that ascend and are evenly spaced: a charge
// is for one period, and all periods are alike. Rules §6.
func (c *checks) carryTimes(path string, times []string) {
	if len(times) == 0 {
		c.add(path, "no time", "at least one time of day, such as \"21:00\"")
		return
	}
	const day = 24 * 60 // minutes
	even, last := day%len(times) == 0, -1
	for i, text := range times {
		at := fmt.Sprintf("%s[%d]", path, i)
		minutes, ok := clock(text)
		if !ok {
			c.add(at, quote(text), "a time of day from \"00:00\" to \"23:59\"")
			return
		}
		if minutes <= last {
			c.add(at, quote(text), "a time after the one before it")
			return
		}
		even = even && (i == 0 || minutes-last == day/len(times))
		last = minutes
	}
	if !even {
		c.add(path, all(times), "times that are evenly spaced over the day, such as 04:00, 12:00 and 20:00")
	}
}

func (c *checks) fee(s *Set) {
	for _, class := range market.Classes() {
		within(c, "transaction_fee.rate."+class.String(), *s.TransactionFee.Rate.For(class), 0, 1)
	}
}

func (c *checks) slippage(s *Set) {
	over(c, "slippage.account_usd", s.Slippage.AccountUSD, 0)
	atLeast(c, "slippage.free_below_usd", s.Slippage.FreeBelowUSD, 0)
	within(c, "slippage.max", s.Slippage.Max, 0, 1)
	within(c, "slippage.crypto.default", s.Slippage.Crypto.Default, 0, 1)
	known := s.known()
	for _, id := range slices.Sorted(maps.Keys(s.Slippage.Crypto.Pairs)) {
		path := join("slippage.crypto.pairs", id)
		c.pair(path, id, known, market.Crypto)
		within(c, path, s.Slippage.Crypto.Pairs[id], 0, 1)
	}
	f := s.Slippage.Forex
	atLeast(c, "slippage.forex.spread", f.Spread, 0)
	atLeast(c, "slippage.forex.impact", f.Impact, 0)
	over(c, "slippage.forex.variance_divisor", f.VarianceDivisor, 0)
	over(c, "slippage.forex.days_in_year", f.DaysInYear, 0)
	over(c, "slippage.forex.adv_share", f.ADVShare, 0)
	over(c, "slippage.forex.lot_units", f.LotUnits, 0)
}

// equitiesTable demands that the buckets of a symbol and side follow one
// another without a gap.
func (c *checks) equitiesTable(s *Set) {
	type part struct{ pair, side string }
	ends := map[part]float64{}
	known := s.known()
	for i, row := range s.Slippage.Equities {
		path := fmt.Sprintf("slippage.equities[%d]", i)
		c.pair(path+".pair", row.Pair, known, market.Equities)
		if row.Side != "buy" && row.Side != "sell" {
			c.add(path+".side", quote(row.Side), "buy or sell")
		}
		atLeast(c, path+".over_usd", row.OverUSD, 0)
		over(c, path+".to_usd", row.ToUSD, row.OverUSD)
		if end, ok := ends[part{row.Pair, row.Side}]; ok && row.OverUSD != end {
			c.add(path+".over_usd", textOf(row.OverUSD), number(end)+", where the bucket before it ends")
		}
		ends[part{row.Pair, row.Side}] = row.ToUSD
		finite(c, path+".intercept", row.Intercept)
		finite(c, path+".spread", row.Spread)
		finite(c, path+".volatility", row.Volatility)
		finite(c, path+".value_adv", row.ValueADV)
	}
}

func (c *checks) liquidity(s *Set) {
	l := s.Liquidity
	atLeast(c, "liquidity.adv_days", l.ADVDays, 1)
	atLeast(c, "liquidity.volatility_days", l.VolatilityDays, 2) // a sample deviation needs two
	over(c, "liquidity.trading_days_in_year", l.TradingDaysInYear, 0)

	names := []string{"forex", "metals", "equities"}
	for _, name := range names {
		if _, ok := l.Defaults[name]; !ok {
			c.add("liquidity.defaults", "nothing for "+name, "defaults for "+all(names))
		}
	}
	var currencies []string
	for _, p := range s.known() {
		if p.Class != market.Indices {
			names = append(names, p.ID)
			currencies = append(currencies, p.Base, p.Quote)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Defaults)) {
		path := join("liquidity.defaults", name)
		if !slices.Contains(names, name) {
			c.add(path, quote(name), "forex, metals, equities or a pair"+didYouMean(name, names))
		}
		d := l.Defaults[name]
		within(c, path+".spread_over_mid", d.SpreadOverMid, 0, 1)
		atLeast(c, path+".volatility_annual", d.VolatilityAnnual, 0)
		over(c, path+".adv", d.ADV, 0)
	}
	for _, name := range slices.Sorted(maps.Keys(l.USDPrices)) {
		path := join("liquidity.usd_prices", name)
		if !slices.Contains(currencies, name) {
			c.add(path, quote(name), "the currency of a pair"+didYouMean(name, currencies))
		}
		over(c, path, l.USDPrices[name], 0)
		if name == "USD" && l.USDPrices[name] != 1 {
			c.add(path, textOf(l.USDPrices[name]), "1: the price of a dollar")
		}
	}
}

func (c *checks) ledger(s *Set) {
	const day = 86_400_000
	checkpoint, window := s.Ledger.Checkpoint, s.Ledger.Window
	if checkpoint <= 0 || day%checkpoint != 0 {
		c.add("ledger.checkpoint", checkpoint.String(), "a period over 0 that divides a day, such as 12h")
	}
	period(c, "ledger.window", window)
	if window > 0 && window < checkpoint {
		c.found = append(c.found, problem{"ledger.window", window.String(),
			"at least ledger.checkpoint, which is " + checkpoint.String(), []string{"ledger.checkpoint"}})
	}
}

func (c *checks) elimination(s *Set) {
	share(c, "drawdown.limit", s.Drawdown.Limit)
	wait(c, "elimination.check_every", s.Elimination.CheckEvery)
	wait(c, "elimination.challenge_check_every", s.Elimination.ChallengeCheckEvery)
	wait(c, "elimination.ledger_lag", s.Elimination.LedgerLag)
}
