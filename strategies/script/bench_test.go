package script

import (
	"context"
	"io/fs"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// BenchmarkCrossover plays a year of minutes with the example, account included:
// the script is called for every candle.
func BenchmarkCrossover(b *testing.B) {
	const n = 525_600
	btc := walk(b, "BTCUSD", n, 1)
	for _, c := range []struct {
		name string
		make func() sim.Strategy
	}{
		{"script/20-50", func() sim.Strategy {
			return opened(b, "examples/crossover.star", settings("fast=20", "slow=50")...)
		}},
		{"script/20-100", func() sim.Strategy {
			return opened(b, "examples/crossover.star", settings("fast=20", "slow=100")...)
		}},
		{"least", func() sim.Strategy { return made(b, "def decide(ctx):\n    pass\n") }},
		{"short", func() sim.Strategy {
			return made(b, `
def decide(ctx):
    for feed in ctx.fresh:
        fast, slow = feed.sma(20), feed.sma(100)
        if slow.ready:
            ctx.target(feed, 0.05 if fast.value > slow.value else 0.0)
`)
		}},
		{"go/20-50", func() sim.Strategy {
			d, err := strategies.Find("crossover")
			if err != nil {
				b.Fatal(err)
			}
			s, err := d.New(settings("fast=20", "slow=50"))
			if err != nil {
				b.Fatal(err)
			}
			return s
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			cfg := config(b, c.make(), btc)
			orders := 0
			for b.Loop() {
				res, err := sim.Run(context.Background(), cfg)
				if err != nil {
					b.Fatal(err)
				}
				orders = len(res.Orders)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcandles/s")
			b.ReportMetric(float64(orders), "orders")
		})
	}
}

// BenchmarkParse is what a script costs before a run.
func BenchmarkParse(b *testing.B) {
	text, err := fs.ReadFile(Examples(), "crossover.star")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("crossover.star", text); err != nil {
			b.Fatal(err)
		}
	}
}
