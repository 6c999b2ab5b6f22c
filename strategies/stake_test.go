package strategies

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const allForex = "AUDCAD AUDUSD AUDJPY AUDNZD CADCHF CADJPY CHFJPY EURCAD EURUSD EURCHF EURGBP EURJPY EURNZD NZDCAD NZDJPY NZDUSD GBPUSD GBPJPY USDCAD USDCHF USDJPY USDMXN XAUUSD XAGUSD"

// TestLeverageIsShared: a tenth of the class's bound is 0.05 for crypto (weight
// 10, so 0.5 of the cap), 0.5 for forex, 0.3 for equities; together no more than
// three tenths of the cap. Rules §4.
func TestLeverageIsShared(t *testing.T) {
	for _, c := range []struct {
		name, pairs, override string
		want                  []float64
	}{
		{"one crypto", "BTCUSD", "", []float64{0.05}},
		{"one forex", "EURUSD", "", []float64{0.5}},
		{"one equity", "NVDA", "", []float64{0.3}},
		{"just three tenths of the cap: 3 × 0.5 + 0.5", "BTCUSD ETHUSD SOLUSD EURUSD", "leverage.portfolio_max=6.7", []float64{0.05, 0.05, 0.05, 0.5}},
		// 2.5 scaled by 0.6 / 2.5 = 0.24.
		{"three tenths of a cap of 2", "BTCUSD ETHUSD SOLUSD XRPUSD DOGEUSD", "leverage.portfolio_max=2", []float64{0.012, 0.012, 0.012, 0.012, 0.012}},
		// 2.3 scaled by 0.26087: 0.013043, 0.13043, 0.07826, rounded down; a stock's smallest position is 0.1.
		{"three classes", "BTCUSD ETHUSD SOLUSD EURUSD NVDA", "leverage.portfolio_max=2", []float64{0.013, 0.013, 0.013, 0.13, 0.1}},
		{"12 scaled by 3/12", allForex, "", slices.Repeat([]float64{0.125}, 24)},
		{"the smallest positions take more", allForex, "leverage.portfolio_max=2.5", slices.Repeat([]float64{0.1}, 24)},
		{"no cap", "BTCUSD ETHUSD SOLUSD XRPUSD DOGEUSD", "gate.checks.max_portfolio_leverage=false", slices.Repeat([]float64{0.05}, 5)},
		{"a tenth under the smallest", "BTCUSD", "leverage.position.crypto.min=0.4", []float64{0.4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var overrides []string
			if c.override != "" {
				overrides = append(overrides, c.override)
			}
			set := loadRules(t, overrides...)
			pairs := limitsOf(t, set, strings.Fields(c.pairs))
			got, err := shareLeverage(pairs)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if sum := weighted(pairs, got); sum > portfolioMax(pairs) {
				t.Errorf("%v weigh %.17g, over the cap", got, sum)
			}
		})
	}
}

// TestLeverageSharesNeverExceedTheCap walks caps whose shares are no binary
// fractions.
func TestLeverageSharesNeverExceedTheCap(t *testing.T) {
	set := loadRules(t)
	for n := 5; n <= 24; n++ {
		for limit := 2.5; limit <= 12; limit += 0.1 {
			set.Leverage.PortfolioMax = limit
			pairs := limitsOf(t, set, strings.Fields(allForex)[:n])
			got, err := shareLeverage(pairs)
			if err != nil {
				t.Fatal(err)
			}
			// Three tenths of the cap, or more where the smallest positions, 0.1, are.
			fair := max(min(0.3*limit, 0.5*float64(n)), 0.1*float64(n))
			if sum := weighted(pairs, got); sum > limit || sum > fair+1e-9 || sum < fair-float64(n)/leverageSteps {
				t.Fatalf("%d pairs under a cap of %g: %v weigh %.17g, want %g", n, limit, got[0], sum, fair)
			}
		}
	}
}

func limitsOf(t *testing.T, set *rules.Set, ids []string) []sim.PairLimits {
	t.Helper()
	known, err := set.Pairs()
	if err != nil {
		t.Fatal(err)
	}
	limits := make([]sim.PairLimits, 0, len(ids))
	for _, id := range ids {
		pair, ok := market.FindPair(known, id)
		if !ok {
			t.Fatalf("no pair %s", id)
		}
		limits = append(limits, sim.NewPairLimits(set, pair))
	}
	return limits
}

func TestStakesRefuse(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", start, 10, 1), walk(t, "ETHUSD", start, 10, 2)
	spx := walk(t, "SPX", start, 10, 2)
	for _, c := range []struct {
		name      string
		s         BuyAndHold
		series    []*market.Series
		overrides []string
		want      string
	}{
		{"unknown pair", BuyAndHold{Pairs: []string{"BTCUSDT"}}, []*market.Series{btc}, nil, "strategy: pairs: found BTCUSDT, which the rule set ptn-2025-02 does not know (did you mean BTCUSD?); expected a pair of the rule set"},
		{"pair twice", BuyAndHold{Pairs: []string{"BTCUSD", "BTCUSD"}}, []*market.Series{btc}, nil, "strategy: pairs: found BTCUSD twice; expected each pair once"},
		{"no candles", BuyAndHold{Pairs: []string{"ETHUSD"}}, []*market.Series{btc}, nil, "strategy: no candles of ETHUSD: the run has BTCUSD"},
		{"index", BuyAndHold{}, []*market.Series{btc, spx}, nil, "strategy: pairs: found SPX, on which the rule set ptn-2025-02 accepts no order; choose the pairs to trade with pairs="},
		{"halted", BuyAndHold{}, []*market.Series{btc}, []string{"instruments.halted=[BTCUSD]"}, "strategy: pairs: found BTCUSD, on which the rule set ptn-2025-02 accepts no order; choose the pairs to trade with pairs="},
		{"too little", BuyAndHold{Leverage: 0.009}, []*market.Series{btc}, nil, "strategy: leverage: found 0.009; expected at least 0.01, the smallest position in BTCUSD, or 0 for a share of the portfolio's cap"},
		{"too much together", BuyAndHold{Leverage: 0.5}, []*market.Series{btc, eth}, []string{"leverage.portfolio_max=9"},
			"strategy: leverage: found 0.5 in each of BTCUSD, ETHUSD, which weighs 10 together; expected no more than the portfolio's cap of 9, or 0 for a share of it"},
		{"too many", BuyAndHold{}, []*market.Series{btc, eth}, []string{"leverage.portfolio_max=0.1"},
			"strategy: leverage: found 2 pairs that share the portfolio's cap of 0.1, which leaves BTCUSD 0.005; expected at least 0.01, the smallest position; choose fewer with pairs="},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.s.Direction = LongSide
			cfg := config(t, &c.s, c.series...)
			cfg.Rules = loadRules(t, c.overrides...)
			if _, err := sim.Run(context.Background(), cfg); err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
