package compose

import (
	"context"
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// TestAloneInsideIsAsAlone: a strategy that opens and closes whole positions does
// the same inside a portfolio of its own, or unscaled, to the last digit: every
// order, every fill, every checkpoint.
func TestAloneInsideIsAsAlone(t *testing.T) {
	for _, name := range []string{
		"buy-and-hold",
		"crossover", "crossover fast=12 slow=60", "crossover average=ema fast=5 slow=30 leverage=0.11",
		"macd", "rsi-reversion", "bollinger-reversion", "donchian",
		"momentum lookback=100 hold=12", "cross-momentum lookback=100 rebalance=12 n=1", "carry-trend lookback=50 hold=50",
	} {
		alone := play(t, sample(t, build(t, name)))
		if len(alone.Orders) == 0 {
			t.Fatalf("%s: no order", name)
		}
		for _, around := range []struct {
			name string
			make func(strategies.Configurable) strategies.Configurable
		}{
			{"portfolio", portfolioOf},
			{"volatility-target", func(s strategies.Configurable) strategies.Configurable { return unscaled(s) }},
			{"volatility-target of volatility-target", func(s strategies.Configurable) strategies.Configurable { return unscaled(unscaled(s)) }},
			{"twap of one slice", func(s strategies.Configurable) strategies.Configurable {
				return &TWAP{Of: s, Slices: 1, DurationMS: hourMS, Closings: true}
			}},
		} {
			t.Run(name+"/"+around.name, func(t *testing.T) {
				inside := play(t, sample(t, around.make(build(t, name))))
				if len(inside.Orders) != len(alone.Orders) {
					t.Fatalf("%d orders, alone %d", len(inside.Orders), len(alone.Orders))
				}
				for i := range alone.Orders {
					if !reflect.DeepEqual(inside.Orders[i], alone.Orders[i]) {
						t.Fatalf("order %d: %+v,\nalone %+v", i, inside.Orders[i], alone.Orders[i])
					}
				}
				if !reflect.DeepEqual(inside, alone) {
					t.Error("the orders are the same, the results differ")
				}
			})
		}
	}
}

func portfolioOf(s strategies.Configurable) strategies.Configurable {
	return &Portfolio{Members: []Member{{Name: "alone", Strategy: s, Share: 1}}}
}

func unscaled(s strategies.Configurable) *VolatilityTarget {
	return &VolatilityTarget{Of: s, Least: 1, Most: 1, WindowMS: 30 * dayMS, RebalanceMS: dayMS, Band: 0.1}
}

// TestSecondRunIsAsTheFirst: Init leaves nothing of an earlier run.
func TestSecondRunIsAsTheFirst(t *testing.T) {
	for _, s := range []sim.Strategy{
		build(t, "volatility-target of.fast=12 of.slow=60"),
		build(t, "twap of.fast=12 of.slow=60"),
		&Portfolio{Members: []Member{
			{Name: "a", Strategy: build(t, "crossover fast=12 slow=60"), Share: 0.5},
			{Name: "b", Strategy: build(t, "twap"), Share: 0.5},
		}},
	} {
		first, second := play(t, sample(t, s)), play(t, sample(t, s))
		if len(first.Orders) == 0 || !reflect.DeepEqual(first, second) {
			t.Errorf("%T: %d and %d orders; the results differ, or there is nothing in them", s, len(first.Orders), len(second.Orders))
		}
	}
}

// TestWrappersAreCausal: another future changes no order of the past.
func TestWrappersAreCausal(t *testing.T) {
	for _, name := range []string{
		"volatility-target of.fast=12 of.slow=60 rebalance=1h",
		"twap of=volatility-target of.of.fast=12 of.of.slow=60 of.rebalance=1h",
	} {
		cfg := sample(t, nil)
		cfg.ToMS = cfg.FromMS + 10*dayMS
		cfg.LatencyMS = 7_000
		report, err := sim.VerifyCausal(context.Background(), cfg, func() (sim.Strategy, error) { return portfolioOf(build(t, name)), nil }, sim.CausalOptions{})
		if err != nil || report.Difference != nil || len(report.Base.Orders) == 0 {
			t.Errorf("%s: %v, %+v", name, err, report.Difference)
		}
	}
}
