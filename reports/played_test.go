package reports

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// startMS is 2025-01-01T00:00:00Z, a Wednesday.
const startMS = 1735689600000

const minuteMS = 60_000

// scripted emits given orders at given times.
type scripted struct {
	orders []sim.Order
	at     []int64
	next   int
}

func (s *scripted) Init(setup *sim.Setup) error {
	for _, ms := range s.at {
		setup.WakeAt(ms)
	}
	return nil
}

func (s *scripted) Decide(c *sim.Context) error {
	for ; s.next < len(s.at) && s.at[s.next] <= c.NowMS(); s.next++ {
		c.Submit(s.orders[s.next])
	}
	return nil
}

// trembling makes candles whose price swings by a hundredth around 100, and
// trembles, without any call of a random source.
func trembling(id string, candles int, intervalMS int64) *market.Series {
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		panic("no pair " + id)
	}
	s := &market.Series{Pair: pair, IntervalMS: intervalMS}
	state, price := uint64(len(id))+uint64(id[0]), 100.0
	for i := range candles {
		state = state*6364136223846793005 + 1442695040888963407
		step := (float64(state>>40)/(1<<24) - 0.5) / 500
		swing := 0.000003
		if i/3000%2 == 1 {
			swing = -0.000003
		}
		next := price * (1 + step + swing)
		s.Time = append(s.Time, startMS+int64(i)*intervalMS)
		s.Open, s.Close = append(s.Open, price), append(s.Close, next)
		s.High, s.Low = append(s.High, max(price, next)), append(s.Low, min(price, next))
		price = next
	}
	return s
}

// played is a run of days on two pairs with an order every hoursBetween hours,
// watched by observe, which may be nil. Overrides change its rules.
func played(t testing.TB, days, hoursBetween int, observe func([]int64, []float64, []float64), overrides ...string) *Run {
	t.Helper()
	var options []rules.Option
	for _, text := range overrides {
		options = append(options, rules.WithOverride(text))
	}
	resolved, err := rules.Load(rules.Default, options...)
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{}
	pairs := []string{"BTCUSD", "ETHUSD"}
	for i := range days * 24 / hoursBetween {
		o := sim.Order{Pair: pairs[i/2%2], Type: sim.Long, Leverage: 0.3}
		switch {
		case i%4 >= 2 && i%2 == 0:
			o.Type, o.Leverage = sim.Short, -0.7 // over the bound of 0.5: clamped
		case i%2 == 1:
			o.Type, o.Leverage = sim.Flat, 0
		}
		s.at = append(s.at, startMS+int64(i*hoursBetween)*60*minuteMS)
		s.orders = append(s.orders, o)
	}
	// A second order of the same instant is within the cooldown.
	s.at = append([]int64{s.at[0]}, s.at...)
	s.orders = append([]sim.Order{s.orders[0]}, s.orders...)

	cfg := sim.Config{
		Rules: resolved.Set, FromMS: startMS, ToMS: startMS + int64(days)*dayMS, Strategy: s,
		Series: []*market.Series{trembling("BTCUSD", days*1440, minuteMS), trembling("ETHUSD", days*1440, minuteMS)},
	}
	recorder := NewCurveRecorder(cfg.FromMS, cfg.ToMS)
	cfg.Observer.Equity = func(times []int64, values, drawdowns []float64) {
		recorder.Record(times, values, drawdowns)
		if observe != nil {
			observe(times, values, drawdowns)
		}
	}
	result, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ledger := scoring.Ledger{Checkpoints: result.Checkpoints, Positions: result.Positions}
	return &Run{
		Version: "test", Rules: resolved, Strategy: "scripted", Params: []Param{{"hours", "6"}, {"note", "a <b> & ü"}}, Seed: 1 << 60,
		Dataset: []DatasetFile{
			{Pair: "BTCUSD", Interval: "1m", File: "BTCUSD-1m.parquet", Rows: days * 1440, FirstMS: startMS, LastMS: cfg.ToMS - minuteMS, SHA256: "00", Content: "c0"},
			{Pair: "ETHUSD", Interval: "1m", File: "ETHUSD-1m.parquet", Rows: days * 1440, FirstMS: startMS, LastMS: cfg.ToMS - minuteMS, SHA256: "01", Content: "c1"},
		},
		Result: result, Assessment: scoring.Assess(resolved.Set, ledger, cfg.ToMS), Curve: recorder.Curve(),
	}
}
