package strategies

import (
	"context"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const minuteMS = 60_000

// at reads a time of the tests.
func at(t testing.TB, text string) int64 {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment.UnixMilli()
}

func loadRules(t testing.TB, overrides ...string) *rules.Set {
	t.Helper()
	var options []rules.Option
	for _, o := range overrides {
		options = append(options, rules.WithOverride(o))
	}
	resolved, err := rules.Load("ptn-2025-02", options...)
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Set
}

// minutes makes one-minute candles without gaps from closes: each opens at the
// close before it, the first at its own.
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
		s.Open = append(s.Open, open)
		s.High = append(s.High, max(open, c))
		s.Low = append(s.Low, min(open, c))
		s.Close = append(s.Close, c)
		open = c
	}
	return s
}

// join appends the candles of b to those of a.
func join(a, b *market.Series) *market.Series {
	a.Time = append(a.Time, b.Time...)
	a.Open, a.High = append(a.Open, b.Open...), append(a.High, b.High...)
	a.Low, a.Close = append(a.Low, b.Low...), append(a.Close, b.Close...)
	return a
}

// config covers the candles of the series from the first to the last.
func config(t testing.TB, s sim.Strategy, series ...*market.Series) sim.Config {
	t.Helper()
	cfg := sim.Config{Rules: loadRules(t), Series: series, Strategy: s}
	cfg.FromMS = series[0].Time[0]
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

// event is what the tests compare of an order.
type event struct {
	emitted, filled int64 // minutes after the start; filled -1: it didn't
	pair            string
	kind            sim.OrderType
	leverage        float64 // effective; of a rejected order, asked for
	price           float64
	outcome         sim.Outcome
	reason          sim.Reason
}

func events(startMS int64, orders []sim.OrderRecord) []event {
	var list []event
	for i := range orders {
		o := &orders[i]
		e := event{(o.EmittedMS - startMS) / minuteMS, -1, o.Pair, o.Type, o.Leverage, 0, o.Outcome, o.Reason}
		if o.Filled() {
			e.filled, e.leverage, e.price = (o.FilledMS-startMS)/minuteMS, o.EffectiveLeverage, o.FillPrice
		}
		list = append(list, e)
	}
	return list
}

func checkEvents(t *testing.T, got, want []event) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("order %d: none, want %+v", i, want[i])
		case i >= len(want):
			t.Errorf("order %d: %+v, want none", i, got[i])
		case got[i] != want[i]:
			t.Errorf("order %d: %+v,\nwant %+v", i, got[i], want[i])
		}
	}
}
