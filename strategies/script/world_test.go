package script

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

const minuteMS = 60_000

const monday = "2025-03-03T00:00:00Z"

func at(t testing.TB, text string) int64 {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment.UnixMilli()
}

func loadRules(t testing.TB) *rules.Set {
	t.Helper()
	resolved, err := rules.Load("ptn-2025-02")
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Set
}

// minutes makes one-minute candles from closes: each opens at the close before.
func minutes(t testing.TB, id, start string, closes ...float64) *market.Series {
	t.Helper()
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	s := &market.Series{Pair: pair, IntervalMS: minuteMS}
	open := closes[0]
	for i, c := range closes {
		s.Time = append(s.Time, at(t, start)+int64(i)*minuteMS)
		s.Open, s.High = append(s.Open, open), append(s.High, max(open, c))
		s.Low, s.Close = append(s.Low, min(open, c)), append(s.Close, c)
		open = c
	}
	return s
}

// walk makes n one-minute candles of a random walk with small steps.
func walk(t testing.TB, id string, n int, seed uint64) *market.Series {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	closes := make([]float64, n)
	price := 1000.0
	for i := range closes {
		price *= 1 + 0.0004*(random.Float64()-0.5)
		closes[i] = price
	}
	return minutes(t, id, monday, closes...)
}

// config covers the candles of the series from the first to the last.
func config(t testing.TB, s sim.Strategy, series ...*market.Series) sim.Config {
	t.Helper()
	cfg := sim.Config{Rules: loadRules(t), Series: series, Strategy: s, FromMS: series[0].Time[0]}
	for _, one := range series {
		cfg.FromMS = min(cfg.FromMS, one.Time[0])
		cfg.ToMS = max(cfg.ToMS, one.EndMS(one.Len()-1))
	}
	return cfg
}

func play(t testing.TB, cfg sim.Config) *sim.Result {
	t.Helper()
	res, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// made is the strategy of a script.
func made(t testing.TB, text string, settings ...strategies.Setting) sim.Strategy {
	t.Helper()
	d, err := Parse("test.star", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// opened is the strategy of a file.
func opened(t testing.TB, path string, settings ...strategies.Setting) sim.Strategy {
	t.Helper()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
