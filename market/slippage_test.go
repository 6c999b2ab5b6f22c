package market

import (
	"math"
	"strings"
	"testing"
)

// sameFraction allows a fraction the rounding of a few operations.
func sameFraction(got, want float64) bool {
	return math.Abs(got-want) <= 1e-18+1e-13*math.Abs(want)
}

func TestSlippageSideOfAnOrder(t *testing.T) {
	for _, c := range []struct {
		leverage float64
		want     Side
		name     string
	}{{0.5, Buy, "buy"}, {-0.5, Sell, "sell"}} {
		if got := SideOf(c.leverage); got != c.want || got.String() != c.name {
			t.Errorf("an order of %g is a %s, want %s", c.leverage, got, c.name)
		}
	}
}

// TestForexSlippageFollowsItsFormula:
// 0.433·spread/mid + 0.335·sqrt(vol²/3/250)·sqrt(lots/(0.3·ADV)).
func TestForexSlippageFollowsItsFormula(t *testing.T) {
	model := SlippageForex{Spread: 0.433, Impact: 0.335, VarianceDivisor: 3, DaysInYear: 250, ADVShare: 0.3, LotUnits: 100000}
	const vol = 0.27386127875258305673 // sqrt(0.075): vol²/750 = 0.0001, whose root is 0.01
	for _, c := range []struct {
		name                   string
		spread, vol, lots, adv float64
		want                   float64
	}{
		// 0.433·0.001 + 0.335·0.01·sqrt(3/300 = 0.01) = 0.000433 + 0.000335
		{"Round", 0.001, vol, 3, 1000, 0.000768},
		// Four times the lots are twice the impact: 0.000433 + 0.00067
		{"FourTimesTheLots", 0.001, vol, 12, 1000, 0.001103},
		// A quarter of the volume likewise.
		{"AQuarterOfTheVolume", 0.001, vol, 3, 250, 0.001103},
		// Twice the volatility is twice the impact.
		{"TwiceTheVolatility", 0.001, 2 * vol, 3, 1000, 0.001103},
		{"NoSpread", 0, vol, 3, 1000, 0.000335},
		{"NoVolatility", 0.001, 0, 3, 1000, 0.000433},
		// Bid 1.0999, ask 1.1001, one lot of euros at 1.1: spread/mid = 0.0002/1.1 =
		// 0.000181818…, × 0.433 = 0.0000787272727…; sqrt(0.0064/750) =
		// 0.00292118697336; lots = 1/1.1 = 0.909090…, over 150000 =
		// 0.00000606060…, root 0.00246182981959; 0.335 × the two =
		// 0.00000240914084…. The sum is 0.0000811364135691….
		{"EuroWithTheDefaults", 0.0002 / 1.1, 0.08, 1 / 1.1, 500000, 0.00008113641356914137899},
	} {
		if got := model.Fraction(c.spread, c.vol, c.lots, c.adv); !sameFraction(got, c.want) {
			t.Errorf("%s: %.17g, want %.17g", c.name, got, c.want)
		}
	}
}

// TestEquitiesSlippageIsLinear: b0 + b1·spread/mid + b2·vol + b3·value/ADV.
func TestEquitiesSlippageIsLinear(t *testing.T) {
	row := SlippageBucket{Intercept: 0.001, Spread: 0.5, Volatility: -0.002, ValueADV: 0.1}
	for _, c := range []struct {
		name                    string
		spread, vol, value, adv float64
		want                    float64
	}{
		// 0.001 + 0.5·0.0002 - 0.002·0.35 + 0.1·20000/40000000 = 0.001 + 0.0001 - 0.0007 + 0.00005
		{"All", 0.0002, 0.35, 20000, 40000000, 0.00045},
		{"InterceptAlone", 0, 0, 0, 1, 0.001},
		// It is not clamped here: 0.001 - 0.002·1.
		{"BelowZero", 0, 1, 0, 1, -0.001},
	} {
		if got := row.Fraction(c.spread, c.vol, c.value, c.adv); !sameFraction(got, c.want) {
			t.Errorf("%s: %.17g, want %.17g", c.name, got, c.want)
		}
	}
}

// TestSlippageBucketExcludesTheLowerBound and includes the upper one; the rows may
// come in any order. The intercept numbers the rows.
func TestSlippageBucketExcludesTheLowerBound(t *testing.T) {
	table := []SlippageBucket{
		{Pair: "NVDA", Side: "buy", OverUSD: 200000, ToUSD: 300000, Intercept: 5},
		{Pair: "NVDA", Side: "buy", OverUSD: 1000, ToUSD: 10000, Intercept: 1},
		{Pair: "NVDA", Side: "buy", OverUSD: 10000, ToUSD: 50000, Intercept: 2},
		{Pair: "NVDA", Side: "sell", OverUSD: 1000, ToUSD: 10000, Intercept: -1},
		{Pair: "AAPL", Side: "buy", OverUSD: 1000, ToUSD: 900000, Intercept: 9},
		{Pair: "NVDA", Side: "buy", OverUSD: 50000, ToUSD: 100000, Intercept: 3},
		{Pair: "NVDA", Side: "buy", OverUSD: 100000, ToUSD: 200000, Intercept: 4},
	}
	for _, c := range []struct {
		pair   string
		side   Side
		value  float64
		want   float64
		beyond bool
	}{
		{"NVDA", Buy, 1000.01, 1, false},
		{"NVDA", Buy, 10000, 1, false},
		{"NVDA", Buy, 10000.01, 2, false},
		{"NVDA", Buy, 50000, 2, false},
		{"NVDA", Buy, 50000.01, 3, false},
		{"NVDA", Buy, 100000, 3, false},
		{"NVDA", Buy, 100000.01, 4, false},
		{"NVDA", Buy, 200000, 4, false},
		{"NVDA", Buy, 200000.01, 5, false},
		{"NVDA", Buy, 300000, 5, false},
		{"NVDA", Buy, 300000.01, 5, true},
		{"NVDA", Buy, 5000000, 5, true},
		{"NVDA", Sell, 10000, -1, false},
		{"NVDA", Sell, 10000.01, -1, true},
		{"AAPL", Buy, 300000.01, 9, false},
	} {
		row, beyond, err := FindBucket(table, c.pair, c.side, c.value)
		if err != nil || row.Intercept != c.want || beyond != c.beyond {
			t.Errorf("%s %s of %g: row %g, beyond %v (%v), want row %g, beyond %v", c.pair, c.side, c.value, row.Intercept, beyond, err, c.want, c.beyond)
		}
	}
}

func TestSlippageBucketRefusesWhatHasNoRow(t *testing.T) {
	table := []SlippageBucket{{Pair: "NVDA", Side: "buy", OverUSD: 1000, ToUSD: 10000}}
	for _, c := range []struct {
		name  string
		pair  string
		side  Side
		value float64
		want  string
	}{
		{"UnknownPair", "AMD", Buy, 5000, "AMD buy of 5000 USD"},
		{"OtherSide", "NVDA", Sell, 5000, "NVDA sell of 5000 USD"},
		{"BelowTheLeast", "NVDA", Buy, 1000, "NVDA buy of 1000 USD"},
	} {
		_, _, err := FindBucket(table, c.pair, c.side, c.value)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "slippage.equities") {
			t.Errorf("%s: error %v, want one that names %q and slippage.equities", c.name, err, c.want)
		}
	}
}
