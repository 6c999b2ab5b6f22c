package sweep

import (
	"context"
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const (
	startMS   = 1_738_540_800_000 // 2025-02-03, a Monday
	quarterMS = 15 * 60_000
	dayMS     = 86_400_000
)

// walk is a pair's quarters of an hour from the start on: a seeded walk of steps of up
// to size, a fraction of the price.
func walk(id string, quarters int, price, size float64, seed uint64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: quarterMS}
	random := sim.NewRandom(seed, id)
	for i := range quarters {
		open := price
		price *= 1 + float64(size*float64(2*random.Float64()-1))
		s.Time = append(s.Time, startMS+int64(i)*quarterMS)
		s.Open, s.Close = append(s.Open, open), append(s.Close, price)
		s.High, s.Low = append(s.High, max(open, price)), append(s.Low, min(open, price))
	}
	return s
}

// fidget emits orders of every kind at random: pinned and not, on pairs without
// candles, with names that repeat, many at once.
type fidget struct {
	chance float64
	random *sim.Random
	pairs  []string
}

func (f *fidget) Init(s *sim.Setup) error {
	f.random = s.Random("orders")
	f.pairs = append(s.Pairs(), "ETHUSD", "NOSUCH")
	for _, id := range s.Pairs() {
		if _, err := s.Subscribe(id); err != nil {
			return err
		}
	}
	return nil
}

func (f *fidget) Decide(c *sim.Context) error {
	for f.random.Float64() < f.chance {
		o := sim.Order{Pair: f.pairs[f.random.IntN(len(f.pairs))], Type: sim.OrderType(1 + f.random.IntN(3)), Leverage: f.random.Float64()}
		if o.Type == sim.Short {
			o.Leverage = -o.Leverage
		}
		if f.random.IntN(2) == 0 {
			o.UUID = strconv.Itoa(f.random.IntN(50))
		}
		if f.random.IntN(4) == 0 {
			o.Pinned, o.Price = true, 95+10*f.random.Float64()
			if o.Pair == "EURUSD" {
				o.Price /= 100
			}
			o.HasSlippage, o.Slippage = f.random.IntN(2) == 0, 0.001
		}
		c.Submit(o)
	}
	return nil
}

// The orders of a run, played again under the same rules, are the same account, to the
// last bit: every order with its outcome, every position, every checkpoint.
func TestOrdersUnderTheSameRulesAreTheSameAccount(t *testing.T) {
	series := []*market.Series{walk("BTCUSD", 3*96, 100, 0.01, 1), walk("EURUSD", 3*96, 1, 0.001, 2)}
	rapid.Check(t, func(t *rapid.T) {
		cfg := sim.Config{
			Rules: ruleSet(t, rapid.SampledFrom(rules.Names()).Draw(t, "rules")).Set, Series: series,
			Strategy: &fidget{chance: rapid.Float64Range(0, 0.6).Draw(t, "chance")},
			FromMS:   startMS, ToMS: startMS + 3*dayMS,
			Fill: sim.FillMode(rapid.IntRange(0, 1).Draw(t, "fill")), LatencyMS: rapid.Int64Range(0, 2*quarterMS).Draw(t, "latency"),
			Seed: rapid.Uint64().Draw(t, "seed"),
		}
		want, err := sim.Run(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		again := Orders(want)
		for range 2 { // each strategy is a new one
			if cfg.Strategy, err = again(); err != nil {
				t.Fatal(err)
			}
			got, err := sim.Run(context.Background(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("the account differs: %d orders and a return of %v, want %d and %v", len(got.Orders), got.FinalReturn, len(want.Orders), want.FinalReturn)
			}
		}
	})
}

// Under other rules the same orders are requested, with other outcomes: a limit of two
// requests a minute rejects the third of an instant.
func TestOrdersUnderOtherRulesAreRequestedAsBefore(t *testing.T) {
	series := []*market.Series{walk("BTCUSD", 96, 100, 0.01, 1)}
	cfg := sim.Config{Rules: ruleSet(t, rules.Default).Set, Series: series, Strategy: &burst{}, FromMS: startMS, ToMS: startMS + dayMS}
	before, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Rules = ruleSet(t, rules.Default, "rate_limit.requests=2").Set
	if cfg.Strategy, err = Orders(before)(); err != nil {
		t.Fatal(err)
	}
	after, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Orders) != 3 || len(after.Orders) != 3 {
		t.Fatalf("%d and %d orders, want 3", len(before.Orders), len(after.Orders))
	}
	for i := range after.Orders {
		if before.Orders[i].Order != after.Orders[i].Order || before.Orders[i].EmittedMS != after.Orders[i].EmittedMS {
			t.Errorf("order %d is %+v, was %+v", i, after.Orders[i], before.Orders[i])
		}
	}
	if before.Orders[2].Reason == sim.RateLimited || after.Orders[2].Reason != sim.RateLimited {
		t.Errorf("the third order was %q and is %q, want it rate limited by the other rules alone", before.Orders[2].Reason, after.Orders[2].Reason)
	}
}

// burst emits three orders at once, when an hour has passed.
type burst struct{}

func (b *burst) Init(s *sim.Setup) error {
	s.WakeAt(startMS + 60*60_000)
	return nil
}

func (b *burst) Decide(c *sim.Context) error {
	c.Long("BTCUSD", 0.1)
	c.Long("BTCUSD", 0.1)
	c.Flat("BTCUSD")
	return nil
}

// A run that begins later than the one that the orders are of leaves out those of a
// time before it; one of its first instant is emitted.
func TestOrdersOfATimeBeforeTheRunAreLeftOut(t *testing.T) {
	const hourMS = 60 * 60_000
	series := []*market.Series{walk("BTCUSD", 96, 100, 0.01, 1)}
	before := &sim.Result{}
	for i := range 4 {
		o := sim.OrderRecord{EmittedMS: startMS + int64(i)*hourMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.01}}
		before.Orders = append(before.Orders, o)
	}
	for _, c := range []struct {
		fromMS int64
		want   int
	}{{startMS, 4}, {startMS + 1, 3}, {startMS + 2*hourMS, 2}, {startMS + 3*hourMS + 1, 0}} {
		cfg := sim.Config{Rules: ruleSet(t, rules.Default).Set, Series: series, FromMS: c.fromMS, ToMS: startMS + dayMS}
		var err error
		if cfg.Strategy, err = Orders(before)(); err != nil {
			t.Fatal(err)
		}
		res, err := sim.Run(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Orders) != c.want || c.want > 0 && res.Orders[0].EmittedMS != before.Orders[4-c.want].EmittedMS {
			t.Errorf("from %d ms on: %d orders, want %d", c.fromMS-startMS, len(res.Orders), c.want)
		}
	}
}

func TestOrdersOfARunWithoutAnyEmitNone(t *testing.T) {
	cfg := sim.Config{Rules: ruleSet(t, rules.Default).Set, Series: []*market.Series{walk("BTCUSD", 96, 100, 0.01, 1)}, FromMS: startMS, ToMS: startMS + dayMS}
	var err error
	if cfg.Strategy, err = Orders(&sim.Result{})(); err != nil {
		t.Fatal(err)
	}
	res, err := sim.Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Orders) != 0 || res.FinalReturn != 1 {
		t.Errorf("%d orders and a return of %v, want none and 1", len(res.Orders), res.FinalReturn)
	}
}
