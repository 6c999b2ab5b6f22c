package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// benchSeries makes n one-minute candles of a driftless walk that stays where a
// position on it survives.
func benchSeries(id string, n int, seed uint64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: minuteMS}
	random := rand.New(rand.NewPCG(seed, 1))
	price := 100.0
	const start = 1_736_121_600_000 // 2025-01-06
	for i := range n {
		s.Time = append(s.Time, start+int64(i)*minuteMS)
		s.Open = append(s.Open, price)
		price += (100-price)*0.001 + (random.Float64()-0.5)*0.05
		s.Close = append(s.Close, price)
	}
	s.High, s.Low = s.Close, s.Close
	return s
}

var cryptoIDs = []string{"BTCUSD", "ETHUSD", "SOLUSD", "XRPUSD", "DOGEUSD"}

// benchPairs are n crypto-like pairs: always open, so that every candle counts.
func benchRun(b *testing.B, pairs, candles int) Config {
	b.Helper()
	overrides := []string{"elimination.main=false", "leverage.portfolio_max=1000", "gate.checks.rate_limited=false"}
	set := loadRules(b, "ptn-2025-02", overrides...)
	ids := append([]string{}, cryptoIDs...)
	for i := len(ids); i < pairs; i++ {
		id := fmt.Sprintf("X%02dUSD", i)
		ids = append(ids, id)
		set.Instruments.Added = append(set.Instruments.Added, addedPair(id))
	}
	cfg := Config{Rules: set}
	s := &scripted{}
	for i, id := range ids[:pairs] {
		series := benchSeries("BTCUSD", candles, uint64(i))
		series.Pair.ID, series.Pair.Base = id, id[:3]
		cfg.Series = append(cfg.Series, series)
		s.at = append(s.at, series.Time[0])
		s.orders = append(s.orders, Order{Pair: id, Type: Long, Leverage: 0.1})
	}
	first := cfg.Series[0]
	cfg.FromMS, cfg.ToMS = first.Time[0], first.EndMS(first.Len()-1)
	cfg.Strategy = s
	return cfg
}

// BenchmarkMarking is candle updates through the whole account between orders.
func BenchmarkMarking(b *testing.B) {
	const candles = 1 << 18
	for _, pairs := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("open=%d", pairs), func(b *testing.B) {
			b.ReportAllocs()
			cfg := benchRun(b, pairs, candles)
			for b.Loop() {
				b.StopTimer()
				r := startedRun(b, cfg)
				b.StartTimer()
				if err := r.conclude(cfg.ToMS); err != nil {
					b.Fatal(err)
				}
			}
			report(b, pairs*candles)
		})
	}
}

// startedRun is a run whose first instant, with its orders, is over.
func startedRun(b *testing.B, cfg Config) *run {
	b.Helper()
	cfg.Series = append([]*market.Series{}, cfg.Series...)
	s := *cfg.Strategy.(*scripted)
	cfg.Strategy = &s
	r, err := newRun(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	if err := r.start(); err != nil {
		b.Fatal(err)
	}
	if err := r.instant(cfg.FromMS); err != nil {
		b.Fatal(err)
	}
	if len(r.account.open) != len(cfg.Series) {
		b.Fatalf("%d positions are open, want %d: %v", len(r.account.open), len(cfg.Series), r.orders)
	}
	return r
}

func report(b *testing.B, updates int) {
	perOp := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(perOp/float64(updates), "ns/candle")
	b.ReportMetric(float64(updates)/perOp*1e3, "Mcandles/s")
}

// BenchmarkMarkingRoofline is the smallest loop that reads the same columns and
// updates a product and a drawdown.
func BenchmarkMarkingRoofline(b *testing.B) {
	s := benchSeries("BTCUSD", 1<<18, 1)
	var sink float64
	b.ReportAllocs()
	for b.Loop() {
		gain, previous, peak, drawdown := 1.0, s.Close[0], s.Close[0], 1.0
		var last int64
		for i, x := range s.Close {
			gain *= x / previous
			previous = x
			if x > peak {
				peak = x
			}
			if d := x / peak; d < drawdown {
				drawdown = d
			}
			last = s.Time[i]
		}
		sink = gain + drawdown + float64(last)
	}
	_ = sink
	report(b, s.Len())
}

// watcher is the least strategy that looks at every candle.
type watcher struct {
	feed *Feed
	sum  float64
	in   bool
}

func (w *watcher) Init(s *Setup) (err error) {
	w.feed, err = s.Subscribe("BTCUSD")
	return err
}

func (w *watcher) Decide(c *Context) error {
	if !w.in {
		c.Long("BTCUSD", 0.1)
		w.in = true
	}
	w.sum += w.feed.Candles().LastClose()
	return nil
}

// BenchmarkStrategyEveryCandle is candle updates with a strategy called on each.
func BenchmarkStrategyEveryCandle(b *testing.B) {
	const candles = 1 << 18
	b.ReportAllocs()
	cfg := benchRun(b, 1, candles)
	for b.Loop() {
		cfg.Strategy = &watcher{}
		if _, err := Run(context.Background(), cfg); err != nil {
			b.Fatal(err)
		}
	}
	report(b, candles)
}

// BenchmarkVerifyCausal is a verification of the least strategies: what it costs
// beyond its runs is the making of other futures.
func BenchmarkVerifyCausal(b *testing.B) {
	const candles = 1 << 18
	for _, precomputed := range []bool{false, true} {
		b.Run(fmt.Sprintf("precomputed=%t", precomputed), func(b *testing.B) {
			b.ReportAllocs()
			cfg := benchRun(b, 1, candles)
			for b.Loop() {
				verified := verify(b, cfg, func() (Strategy, error) { return &crossover{precomputed: precomputed}, nil }, CausalOptions{})
				if err := verified.Err(); err != nil {
					b.Fatal(err)
				}
			}
			report(b, candles)
		})
	}
}

// averages of closes over two windows, as a column of their order: the signal of
// a crossover.
func averageOrder(c Candles) []float64 {
	const fast, slow = 288, 1440
	closes, column := c.Close(), make([]float64, c.Len())
	sumFast, sumSlow := 0.0, 0.0
	for i, x := range closes {
		sumFast, sumSlow = sumFast+x, sumSlow+x
		if i >= fast {
			sumFast -= closes[i-fast]
		}
		if i >= slow {
			sumSlow -= closes[i-slow]
		}
		switch d := sumFast/fast - sumSlow/slow; {
		case i < slow-1:
		case d > 0:
			column[i] = 0.1
		case d < 0:
			column[i] = -0.1
		}
	}
	return column
}

// crossover follows the order of two averages, at every candle or where a
// precomputed column changes.
type crossover struct {
	precomputed bool
	feed        *Feed
	column      *Column
	averages    [2]runningMean
	orders      int
}

// runningMean is the mean of the last closes, one candle at a time.
type runningMean struct {
	period int
	sum    float64
}

func (m *runningMean) take(closes []float64) float64 {
	n := len(closes)
	m.sum += closes[n-1]
	if n > m.period {
		m.sum -= closes[n-1-m.period]
	}
	return m.sum / float64(m.period)
}

func (s *crossover) Init(setup *Setup) (err error) {
	s.averages = [2]runningMean{{period: 288}, {period: 1440}}
	if s.feed, err = setup.Subscribe("BTCUSD"); err == nil && s.precomputed {
		s.column = s.feed.Precompute(averageOrder)
		s.feed.WakeOnChange(s.column)
	}
	return err
}

func (s *crossover) Decide(c *Context) error {
	if s.precomputed {
		s.orders += c.Target("BTCUSD", s.column.Last())
		return nil
	}
	closes := s.feed.Candles().Close()
	d := s.averages[0].take(closes) - s.averages[1].take(closes)
	if len(closes) < s.averages[1].period {
		return nil
	}
	want := 0.1
	if d < 0 {
		want = -want
	}
	if p, _ := s.feed.Position(); p.NetLeverage != want && !s.feed.Pending() {
		s.orders += c.Target("BTCUSD", want)
	}
	return nil
}

// BenchmarkCrossover is whole runs of one strategy in two forms: Go at every
// candle, which looks at its position each time, and a precomputed column.
func BenchmarkCrossover(b *testing.B) {
	const candles = 1 << 18
	for _, precomputed := range []bool{false, true} {
		b.Run(fmt.Sprintf("precomputed=%t", precomputed), func(b *testing.B) {
			b.ReportAllocs()
			cfg := benchRun(b, 1, candles)
			orders := 0
			for b.Loop() {
				s := &crossover{precomputed: precomputed}
				cfg.Strategy = s
				if _, err := Run(context.Background(), cfg); err != nil {
					b.Fatal(err)
				}
				orders = s.orders
			}
			report(b, candles)
			b.ReportMetric(float64(orders), "orders")
		})
	}
}

func addedPair(id string) rules.AddedPair {
	return rules.AddedPair{ID: id, Class: "crypto", Base: id[:3], Quote: "USD"}
}
