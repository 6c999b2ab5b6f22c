package process

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

const minuteMS = 60_000

// startMS is 2025-03-03 00:00 UTC, a Monday.
const startMS = 1740960000000

// minutes makes one-minute candles from closes: each opens at the close before.
func minutes(t testing.TB, id string, fromMS int64, closes ...float64) *market.Series {
	t.Helper()
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	s := &market.Series{Pair: pair, IntervalMS: minuteMS}
	open := closes[0]
	for i, c := range closes {
		s.Time = append(s.Time, fromMS+int64(i)*minuteMS)
		s.Open, s.Close = append(s.Open, open), append(s.Close, c)
		s.High, s.Low = append(s.High, max(open, c)), append(s.Low, min(open, c))
		open = c
	}
	return s
}

// walk makes n one-minute candles of a random walk with small steps.
func walk(t testing.TB, id string, n int, seed uint64) *market.Series {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	closes, price := make([]float64, n), 1000.0
	for i := range closes {
		price *= 1 + 0.0004*(random.Float64()-0.5)
		closes[i] = price
	}
	return minutes(t, id, startMS, closes...)
}

// config covers the candles of the series from the first to the last.
func config(t testing.TB, s sim.Strategy, series ...*market.Series) sim.Config {
	t.Helper()
	resolved, err := rules.Load("ptn-2025-02")
	if err != nil {
		t.Fatal(err)
	}
	cfg := sim.Config{Rules: resolved.Set, Series: series, Strategy: s, FromMS: series[0].Time[0]}
	for _, one := range series {
		cfg.FromMS = min(cfg.FromMS, one.Time[0])
		cfg.ToMS = max(cfg.ToMS, one.EndMS(one.Len()-1))
	}
	return cfg
}

// open makes the strategy of a command.
func open(t testing.TB, command string, o Options, params ...strategies.Setting) sim.Strategy {
	t.Helper()
	d, err := Open(command, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(params)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func play(t testing.TB, cfg sim.Config) *sim.Result {
	t.Helper()
	res, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
