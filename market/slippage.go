package market

import (
	"fmt"
	"math"
)

// Side is the side of an order: what a slippage model charges.
type Side uint8

// The sides.
const (
	Buy Side = iota
	Sell
)

// String returns the side as the equities table writes it.
func (s Side) String() string {
	if s == Sell {
		return "sell"
	}
	return "buy"
}

// SideOf is the side of an order with that signed leverage.
func SideOf(leverage float64) Side {
	if leverage < 0 {
		return Sell
	}
	return Buy
}

// SlippageForex is the coefficients of the forex model. Rules §7.
type SlippageForex struct {
	Spread          float64 `yaml:"spread"` // × spread/mid
	Impact          float64 `yaml:"impact"` // × sqrt(daily variance / divisor) × sqrt(lots / (share of ADV))
	VarianceDivisor float64 `yaml:"variance_divisor"`
	DaysInYear      float64 `yaml:"days_in_year"`
	ADVShare        float64 `yaml:"adv_share"`
	LotUnits        float64 `yaml:"lot_units"` // units of the base currency in a standard lot
}

// Fraction is the slippage of an order of that many lots, a fraction of the
// price: spread·s + impact·sqrt(vol²/divisor/days)·sqrt(lots/(share·ADV)).
// volatility is annualised, adv in lots a day. Rules §7.
func (f SlippageForex) Fraction(spreadOverMid, volatility, lots, adv float64) float64 {
	daily := math.Sqrt(volatility * volatility / f.VarianceDivisor / f.DaysInYear)
	size := math.Sqrt(lots / (f.ADVShare * adv))
	return float64(f.Spread*spreadOverMid) + float64(f.Impact*daily*size)
}

// SlippageBucket is a row of the equities table: the coefficients for a symbol,
// a side and an order value over OverUSD up to and including ToUSD. Rules §7.
type SlippageBucket struct {
	Pair       string  `yaml:"pair"`
	Side       string  `yaml:"side"` // buy or sell
	OverUSD    float64 `yaml:"over_usd"`
	ToUSD      float64 `yaml:"to_usd"`
	Intercept  float64 `yaml:"intercept"`
	Spread     float64 `yaml:"spread"`     // × spread/mid
	Volatility float64 `yaml:"volatility"` // × annualised volatility
	ValueADV   float64 `yaml:"value_adv"`  // × order value / ADV
}

// Fraction is the slippage of an order of that value, a fraction of the price:
// b0 + b1·spread/mid + b2·vol + b3·value/ADV. It can be negative: the rules
// clamp it afterwards. Rules §7.
func (b SlippageBucket) Fraction(spreadOverMid, volatility, valueUSD, adv float64) float64 {
	return b.Intercept + float64(b.Spread*spreadOverMid) + float64(b.Volatility*volatility) + float64(b.ValueADV*valueUSD/adv)
}

// FindBucket returns the row for an order; beyond reports that the order is
// larger than the largest row, which then serves. Rules §7.
func FindBucket(table []SlippageBucket, pair string, side Side, valueUSD float64) (row SlippageBucket, beyond bool, err error) {
	found := false
	for _, b := range table {
		if b.Pair != pair || b.Side != side.String() {
			continue
		}
		if valueUSD > b.OverUSD && valueUSD <= b.ToUSD {
			return b, false, nil
		}
		if valueUSD > b.ToUSD && (!found || b.ToUSD > row.ToUSD) {
			row, found = b, true
		}
	}
	if !found {
		return row, false, fmt.Errorf("no slippage coefficients for %s %s of %.0f USD: add rows to slippage.equities in the rule file",
			pair, side, valueUSD)
	}
	return row, true, nil
}
