package subnet

import (
	"fmt"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// benchMiners are cheap strategies with a few positions open at most times, that
// trade as seldom as miners do.
func benchMiners(b *testing.B, n int) []Miner {
	kinds := []func() (sim.Strategy, error){
		builtin(b, "random", "wait=24", "hold=72", "interval=1h", "leverage=0.05"),
		builtin(b, "momentum", "lookback=48", "hold=24", "interval=1h", "leverage=0.05"),
		builtin(b, "crossover", "fast=12", "slow=72", "interval=1h", "leverage=0.05"),
		builtin(b, "rsi-reversion", "interval=4h", "leverage=0.05"),
		builtin(b, "donchian", "entry=40", "exit=20", "interval=4h", "leverage=0.05"),
		builtin(b, "buy-and-hold", "leverage=0.05"),
	}
	var miners []Miner
	for i := range n {
		miners = append(miners, Miner{Name: fmt.Sprintf("m%03d", i), Make: kinds[i%len(kinds)], Main: i%2 == 0})
	}
	return miners
}

// BenchmarkSubnet is the whole tournament over one-minute candles of five pairs,
// with daily weights; the market is made once.
func BenchmarkSubnet(b *testing.B) {
	for _, size := range []struct{ miners, days int }{{16, 10}, {64, 30}, {128, 120}, {256, 120}} {
		b.Run(fmt.Sprintf("miners=%d/days=%d", size.miners, size.days), func(b *testing.B) {
			var series []*market.Series
			for i, id := range []string{"BTCUSD", "ETHUSD", "SOLUSD", "XRPUSD", "DOGEUSD"} {
				series = append(series, wander(id, minuteMS, size.days*24*60, 0.1, uint64(i)))
			}
			m := marketOf(b, ruleSet(b, "ptn-2025-02"), series...)
			miners := benchMiners(b, size.miners)
			b.ReportAllocs()
			var r *Result
			for b.Loop() {
				r = play(b, Config{Market: m, Miners: miners, Seed: 1, WeightsEveryMS: dayMS, ChecksEveryMS: dayMS / 2})
			}
			held := heldMS(r)
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(held/float64(r.ToMS-r.FromMS)/float64(size.miners), "open/miner")
			b.ReportMetric(held/minuteMS/seconds/1e6, "Mcandles/s")
			b.ReportMetric(seconds*1e3/float64(size.miners), "ms/miner")
		})
	}
}

// heldMS is how long positions were open, all together.
func heldMS(r *Result) float64 {
	held := 0.0
	for i := range r.Miners {
		for _, p := range r.Miners[i].Account.Positions {
			closed := p.CloseMS
			if !p.Closed {
				closed = r.ToMS
			}
			held += float64(closed - p.OpenMS)
		}
	}
	return held
}

// BenchmarkFineWeights is two miners of 24 positions a day, whose weights are set
// every five minutes, as the network sets them.
func BenchmarkFineWeights(b *testing.B) {
	const days = 120
	var round []timed
	for hour := range int64(days * 24) {
		at := monday + hour*hourMS
		round = append(round, long(at, 0.1), flat(at+hourMS/2))
	}
	m := marketOf(b, ruleSet(b, "ptn-2025-02"), wander("BTCUSD", 5*minuteMS, days*24*12, 0.1, 1))
	for _, every := range []int64{5 * minuteMS, dayMS} {
		b.Run(fmt.Sprintf("every=%dm", every/minuteMS), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := play(b, Config{Market: m, WeightsEveryMS: every, Miners: []Miner{
					{Name: "a", Main: true, Make: orders(round...)}, {Name: "b", Main: true, Make: orders(round...)},
				}})
				if n := len(r.Miners[0].Account.Positions); n < 24*days-1 {
					b.Fatalf("%d positions", n)
				}
			}
		})
	}
}
