package compose

import (
	"fmt"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// BenchmarkAround tells what a wrapper costs: the crossover alone, and inside.
func BenchmarkAround(b *testing.B) {
	around := map[string]func(strategies.Configurable) sim.Strategy{
		"alone":             func(s strategies.Configurable) sim.Strategy { return s },
		"portfolio":         func(s strategies.Configurable) sim.Strategy { return portfolioOf(s) },
		"volatility-target": func(s strategies.Configurable) sim.Strategy { return build(b, "volatility-target") },
		"twap":              func(s strategies.Configurable) sim.Strategy { return build(b, "twap") },
	}
	for _, name := range []string{"alone", "portfolio", "volatility-target", "twap"} {
		b.Run(name, func(b *testing.B) {
			cfg := sample(b, around[name](build(b, "crossover")))
			candles := 0
			for _, s := range cfg.Series {
				candles += s.Slice(s.Search(cfg.FromMS), s.Search(cfg.ToMS)).Len()
			}
			b.ReportAllocs()
			for b.Loop() {
				play(b, cfg)
			}
			b.ReportMetric(float64(candles)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
		})
	}
}

// BenchmarkTwelvePairs is what the executor costs where most goals can't move:
// minutes of crypto and forex, where the portfolio's cap is soon full.
func BenchmarkTwelvePairs(b *testing.B) {
	const pairs, candles = 12, 20_000
	var series []*market.Series
	for _, p := range market.Pairs()[:pairs] {
		series = append(series, walk(b, p.ID, candles, uint64(len(series))))
	}
	for _, name := range []string{"crossover", "twap", "volatility-target", "volatility-target of=twap"} {
		for _, inside := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/portfolio=%t", name, inside), func(b *testing.B) {
				s := build(b, name)
				if inside {
					s = portfolioOf(s)
				}
				cfg := config(b, s, series...)
				b.ReportAllocs()
				for b.Loop() {
					play(b, cfg)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pairs/candles, "ns/candle")
			})
		}
	}
}
