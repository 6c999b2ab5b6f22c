package compose

import (
	"testing"

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
