package sim

import (
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

func boundsOf(set *rules.Set, class market.Class) leverageBounds {
	return newLeverageBounds(set, *set.Leverage.Position.For(class), *set.Instruments.PortfolioWeight.For(class))
}

// TestLeverageRules walks every branch of Rules §4. Crypto: a position of 0.01
// to 0.5 that weighs 10; forex: 0.1 to 5 that weighs 1; the cap is 10.
func TestLeverageRules(t *testing.T) {
	const crypto, forex = market.Crypto, market.Forex
	set := loadRules(t, "ptn-2025-02")
	for _, tc := range []struct {
		name              string
		class             market.Class
		net, d, portfolio float64
		effective         float64
		closes            bool
		reason            Reason
	}{
		// first order
		{name: "first order within its bounds", class: crypto, d: 0.3, effective: 0.3},
		{name: "first order at the maximum", class: crypto, d: 0.5, effective: 0.5},
		{name: "first order at the minimum", class: crypto, d: 0.01, effective: 0.01},
		{name: "first order below the minimum", class: crypto, d: 0.0099, reason: MinPositionLeverage},
		{name: "first short below the minimum", class: forex, d: -0.09, reason: MinPositionLeverage},
		// min(0.5 - 0, (10-0)/10 = 1) = 0.5
		{name: "first order clamped to the position's maximum", class: crypto, d: 0.8, effective: 0.5},
		{name: "first short clamped to the position's maximum", class: crypto, d: -500, effective: -0.5},
		// 7 + 5 > 10; min(0.5, (10-7)/10) = 0.3
		{name: "first order clamped to the portfolio's cap", class: crypto, d: 0.5, portfolio: 7, effective: 0.3},
		{name: "first short clamped to the portfolio's cap", class: crypto, d: -0.5, portfolio: 7, effective: -0.3},
		// 5 + 5 is not over 10
		{name: "first order that just fills the cap", class: forex, d: 5, portfolio: 5, effective: 5},
		{name: "first order in a full portfolio", class: crypto, d: 0.1, portfolio: 10, reason: MaxPortfolioLeverage},
		{name: "first short in a full portfolio", class: crypto, d: -0.1, portfolio: 10, reason: MaxPortfolioLeverage},
		{name: "first order in a portfolio over its cap", class: forex, d: 1, portfolio: 10.5, reason: MaxPortfolioLeverage},
		// The clamp is not held against the position's minimum: min(5, 10 - 9.96) = 0.04 < 0.1
		{name: "clamp to less than the position's minimum", class: forex, d: 1, portfolio: 9.96, effective: 0.04},

		// the side stays, the position grows
		{name: "addition within the bounds", class: crypto, net: 0.2, d: 0.1, portfolio: 2, effective: 0.1},
		// 0.3 + 0.4 > 0.5; min(0.5-0.3, (10-3)/10) = 0.2
		{name: "addition clamped to the position's maximum", class: crypto, net: 0.3, d: 0.4, portfolio: 3, effective: 0.2},
		{name: "short addition clamped to the position's maximum", class: crypto, net: -0.3, d: -0.4, portfolio: 3, effective: -0.2},
		// propP = 9 - 1 + 4 = 12 > 10; min(5-1, 10-9) = 1
		{name: "addition clamped to the portfolio's cap", class: forex, net: 1, d: 3, portfolio: 9, effective: 1},
		{name: "addition to a position at its maximum", class: crypto, net: 0.5, d: 0.1, portfolio: 5, reason: MaxPositionLeverage},
		{name: "short addition to a position at its maximum", class: crypto, net: -0.5, d: -0.1, portfolio: 5, reason: MaxPositionLeverage},
		{name: "addition with both bounds reached", class: crypto, net: 0.5, d: 0.1, portfolio: 10, reason: MaxPortfolioLeverage},
		{name: "short addition with both bounds reached", class: crypto, net: -0.5, d: -0.1, portfolio: 10, reason: MaxPortfolioLeverage},
		// max - |net| = 5 - 6 < 0: not below 0
		{name: "addition to a position over its maximum", class: forex, net: 6, d: 1, portfolio: 6, reason: MaxPositionLeverage},
		// |prop| = 0.07 < 0.1, but neither first nor a reduction
		{name: "addition that stays below the minimum", class: forex, net: 0.05, d: 0.02, portfolio: 0.05, effective: 0.02},

		// the side stays, the position shrinks
		{name: "reduction within the bounds", class: forex, net: 3, d: -1, portfolio: 3, effective: -1},
		{name: "reduction of a short", class: forex, net: -3, d: 1, portfolio: 3, effective: 1},
		{name: "reduction to below the minimum", class: forex, net: 0.3, d: -0.25, portfolio: 0.3, reason: MinPositionLeverage},
		// |prop| = 5.5 > 5, but below |net| = 6 and propP = 5.5 < 6
		{name: "reduction of a position that stays over its maximum", class: forex, net: 6, d: -0.5, portfolio: 6, effective: -0.5},
		{name: "reduction in a portfolio that stays over its cap", class: forex, net: 2, d: -1, portfolio: 12, effective: -1},
		// propP = 12 - 0.3 + 0.05 = 11.75 > 10; |prop| = 0.05 < 0.1
		{name: "reduction over the cap to below the minimum", class: forex, net: 0.3, d: -0.25, portfolio: 12, reason: MinPositionLeverage},

		// the side would change
		{name: "reversal closes", class: crypto, net: 0.3, d: -0.5, portfolio: 3, effective: -0.3, closes: true},
		{name: "reversal of a short closes", class: crypto, net: -0.3, d: 500, portfolio: 3, effective: 0.3, closes: true},
		{name: "exactly flat closes", class: crypto, net: 0.3, d: -0.3, portfolio: 3, effective: -0.3, closes: true},
		{name: "reversal over every bound closes", class: forex, net: 6, d: -20, portfolio: 20, effective: -6, closes: true},

		// the smallest order
		{name: "addition below the smallest order", class: crypto, net: 0.3, d: 0.0005, portfolio: 3, reason: OrderMinLeverage},
		// (10 - 9.995)/10 = 0.0005
		{name: "clamp to below the smallest order", class: crypto, d: 0.5, portfolio: 9.995, reason: OrderMinLeverage},
		{name: "close of less than the smallest order", class: crypto, net: 0.0005, d: -0.5, portfolio: 0.005, closes: true, reason: OrderMinLeverage},
		// both: the position's minimum is looked at first
		{name: "first order below both minima", class: crypto, d: 0.0005, reason: MinPositionLeverage},
	} {
		t.Run(tc.name, func(t *testing.T) {
			effective, closes, reason := boundsOf(set, tc.class).admit(tc.net, tc.d, tc.portfolio)
			if reason != tc.reason {
				t.Fatalf("reason %q, want %q", reason, tc.reason)
			}
			if reason == "" && (!near(effective, tc.effective) || closes != tc.closes) {
				t.Errorf("effective %g, closes %t, want %g, %t", effective, closes, tc.effective, tc.closes)
			}
		})
	}
}

// TestLeverageChecksSwitchedOff: a bound that is off neither rejects nor clamps.
func TestLeverageChecksSwitchedOff(t *testing.T) {
	for _, tc := range []struct {
		off               string
		net, d, portfolio float64 // of a crypto position
		effective         float64
	}{
		{"max_position_leverage", 0, 0.8, 0, 0.8},
		{"max_position_leverage", 0, 3, 4, 0.6}, // the cap still clamps: (10-4)/10
		{"max_portfolio_leverage", 0, 0.5, 10, 0.5},
		{"max_portfolio_leverage", 0, 0.8, 10, 0.5}, // the maximum still clamps
		{"min_position_leverage", 0, 0.005, 0, 0.005},
		{"min_position_leverage", 0.3, -0.295, 3, -0.295},
		{"order_min_leverage", 0.3, 0.0005, 3, 0.0005},
	} {
		set := loadRules(t, "ptn-2025-02", "gate.checks."+tc.off+"=false")
		effective, closes, reason := boundsOf(set, market.Crypto).admit(tc.net, tc.d, tc.portfolio)
		if reason != "" || closes || !near(effective, tc.effective) {
			t.Errorf("without %s: net %g, order %g: %g, closes %t, %q, want %g", tc.off, tc.net, tc.d, effective, closes, reason, tc.effective)
		}
	}
}

// TestLeverageOfRuleSets: the bounds by rule set. Rules §1, §4.
func TestLeverageOfRuleSets(t *testing.T) {
	for _, tc := range []struct {
		set                         string
		equitiesMax, equitiesWeight float64
	}{
		{"ptn-2025-02", 3, 1}, {"ptn-5.4.0", 3, 2}, {"ptn-2024-12", 5, 1}, {"ptn-4.8.12", 5, 2},
	} {
		set := loadRules(t, tc.set)
		want := map[market.Class]leverageBounds{
			market.Crypto:   {min: 0.01, max: 0.5, cap: 10, weight: 10, orderMin: 0.001},
			market.Forex:    {min: 0.1, max: 5, cap: 10, weight: 1, orderMin: 0.001},
			market.Equities: {min: 0.1, max: tc.equitiesMax, cap: 10, weight: tc.equitiesWeight, orderMin: 0.001},
		}
		for class, w := range want {
			if got := boundsOf(set, class); got != w {
				t.Errorf("%s, %s: %+v, want %+v", tc.set, class, got, w)
			}
		}
	}
}

// TestPortfolioLeverageIsWeighted plays orders on several pairs: 0.5 of crypto
// weighs 5, so two of them fill the cap, and forex shares it one to one.
func TestPortfolioLeverageIsWeighted(t *testing.T) {
	for _, tc := range []struct {
		name      string
		orders    []Order
		verdicts  []string
		effective float64 // of the last order
	}{
		{"two full crypto positions leave no room",
			[]Order{long("BTCUSD", 0.5), short("ETHUSD", 0.5), long("SOLUSD", 0.1)},
			[]string{"accepted", "accepted", "rejected max_portfolio_leverage"}, 0},
		// 10 - (5 + 4) = 1, and 1/10 = 0.1
		{"crypto beside forex is clamped",
			[]Order{long("BTCUSD", 0.5), short("EURUSD", 4), long("SOLUSD", 0.5)},
			[]string{"accepted", "accepted", "clamped"}, 0.1},
		{"forex beside crypto is clamped",
			[]Order{long("BTCUSD", 0.3), short("ETHUSD", 0.5), short("EURUSD", 5)},
			[]string{"accepted", "accepted", "clamped"}, -2},
		{"a closed position weighs nothing",
			[]Order{long("BTCUSD", 0.5), long("ETHUSD", 0.5), flat("ETHUSD"), long("SOLUSD", 0.5)},
			[]string{"accepted", "accepted", "accepted", "accepted"}, 0.5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var orders []timed
			for i, o := range tc.orders {
				orders = append(orders, timed{thursday + int64(i)*10_000, pinned(o, 100)})
			}
			got := gateRun(t, nil, orders...)
			wantVerdicts(t, got, tc.verdicts...)
			wantNear(t, "the last order's effective leverage", got[len(got)-1].EffectiveLeverage, tc.effective)
		})
	}
}
