package synth

import (
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// BenchmarkCandles makes a month of minutes of one pair; the aim is three million
// candles a second of geometric Brownian motion on one core.
func BenchmarkCandles(b *testing.B) {
	for name, p := range map[string]Pair{
		"gbm":                   {Pair: "BTCUSD"},
		"garch":                 {Pair: "BTCUSD", Model: GARCH},
		"stochastic volatility": {Pair: "BTCUSD", Model: StochasticVolatility},
		"everything": {Pair: "EURUSD", Model: StochasticVolatility, Season: ClassSeason, SpreadTicks: 8, GapShare: .01,
			Jumps: &Jumps{Rate: 100, SD: .01}, Loadings: map[string]float64{"dollar": .6}},
	} {
		b.Run(name, func(b *testing.B) {
			g, err := New(Recipe{Pairs: []Pair{p}}, market.Pairs())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				for s := range g.Chunks(0) {
					rows += s.Len()
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "candles/s")
		})
	}
}
