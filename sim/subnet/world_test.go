package subnet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

const (
	hourMS = 60 * minuteMS

	// monday is 2025-01-06T00:00:00Z: a midnight, so that a checkpoint begins.
	monday = 1_736_121_600_000
)

// ruleSet loads a rule set.
func ruleSet(t testing.TB, name string, overrides ...string) *rules.Set {
	t.Helper()
	var options []rules.Option
	for _, o := range overrides {
		options = append(options, rules.WithOverride(o))
	}
	r, err := rules.Load(name, options...)
	if err != nil {
		t.Fatal(err)
	}
	return r.Set
}

// calm is the documents' rules without costs: an account's value follows from
// prices alone.
func calm(t testing.TB, overrides ...string) *rules.Set {
	return ruleSet(t, "ptn-2025-02", append([]string{
		"slippage.enabled=false", "carry.crypto.rate_annual=0", "carry.forex.rate_annual=0"}, overrides...)...)
}

// path makes candles from monday on: candle i opens at price(i) and closes at
// price(i+1), which is also the mark at its end.
func path(id string, intervalMS int64, n int, price func(i int) float64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: intervalMS}
	for i := range n {
		s.Time = append(s.Time, monday+int64(i)*intervalMS)
		s.Open = append(s.Open, price(i))
		s.Close = append(s.Close, price(i+1))
	}
	s.High, s.Low = s.Close, s.Open
	return s
}

// rising goes up by a hundredth of a percent of the start an hour, with a dent every
// third day, so that a day can lose.
func rising(i int) float64 {
	price := 100 + 0.01*float64(i)
	if i/24%3 == 2 {
		price -= 0.3
	}
	return price
}

// falls is 100 until a candle, which opens at another price, as all do after it: the
// mark at the end of the one before it is that price.
func falls(at int, to float64) func(i int) float64 {
	return func(i int) float64 {
		if i >= at {
			return to
		}
		return 100
	}
}

func marketOf(t testing.TB, set *rules.Set, series ...*market.Series) *sim.Market {
	t.Helper()
	last := series[0].EndMS(series[0].Len() - 1)
	m, err := sim.NewMarket(set, series, monday, last)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// days is a market of hourly candles of BTCUSD that rise.
func days(t testing.TB, n int, set *rules.Set) *sim.Market {
	t.Helper()
	return marketOf(t, set, path("BTCUSD", hourMS, 24*n, rising))
}

// timed is an order and the instant of its emission.
type timed struct {
	ms int64
	sim.Order
}

// script emits given orders, in the order of their times, from its registration on.
type script struct{ orders []timed }

func (s *script) Init(setup *sim.Setup) error {
	fromMS, _ := setup.Range()
	for len(s.orders) > 0 && s.orders[0].ms < fromMS {
		s.orders = s.orders[1:]
	}
	for _, o := range s.orders {
		setup.WakeAt(o.ms)
	}
	return nil
}

func (s *script) Decide(c *sim.Context) error {
	for len(s.orders) > 0 && s.orders[0].ms <= c.NowMS() {
		c.Submit(s.orders[0].Order)
		s.orders = s.orders[1:]
	}
	return nil
}

func orders(of ...timed) func() (sim.Strategy, error) {
	return func() (sim.Strategy, error) { return &script{of}, nil }
}

func long(ms int64, leverage float64) timed {
	return timed{ms, sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: leverage}}
}

func short(ms int64, leverage float64) timed {
	return timed{ms, sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -leverage}}
}

func flat(ms int64) timed { return timed{ms, sim.Order{Pair: "BTCUSD", Type: sim.Flat}} }

// builtin is a strategy of the library.
func builtin(t testing.TB, name string, settings ...string) func() (sim.Strategy, error) {
	t.Helper()
	d, err := strategies.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	var given []strategies.Setting
	for _, text := range settings {
		s, err := strategies.ParseSetting(text)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, s)
	}
	return func() (sim.Strategy, error) { return d.New(given) }
}

func play(t interface {
	Helper()
	Fatal(...any)
}, cfg Config) *Result {
	t.Helper()
	r, err := Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *Result) miner(t testing.TB, name string) *MinerResult {
	t.Helper()
	for i := range r.Miners {
		if r.Miners[i].Name == name {
			return &r.Miners[i]
		}
	}
	t.Fatalf("no miner %s in the result", name)
	return nil
}

// log writes the events down, the time in days since monday.
func (r *Result) log() []string {
	var lines []string
	for _, e := range r.Events {
		line := fmt.Sprintf("%.4f %s %s", float64(e.TimeMS-monday)/dayMS, e.Kind, e.Miner)
		if e.Reason != "" {
			line += " " + string(e.Reason)
		}
		if e.Other != "" {
			line += " for " + e.Other
		}
		lines = append(lines, line)
	}
	return lines
}

func wantLog(t testing.TB, r *Result, want ...string) {
	t.Helper()
	if got := r.log(); !reflect.DeepEqual(got, want) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// comparable leaves out functions, of which Go can't say that they are the same.
func (r *Result) comparable() *Result {
	clean := *r
	clean.Miners = nil
	for _, m := range r.Miners {
		m.Make, m.Observer = nil, sim.Observer{}
		clean.Miners = append(clean.Miners, m)
	}
	clean.Refused = nil
	for _, m := range r.Refused {
		m.Make, m.Observer = nil, sim.Observer{}
		clean.Refused = append(clean.Refused, m)
	}
	return &clean
}

// wander makes candles of a random walk that stays about where it begins.
func wander(id string, intervalMS int64, n int, size float64, seed uint64) *market.Series {
	random := rand.New(rand.NewPCG(seed, 7))
	prices := make([]float64, n+1)
	price := 100.0
	for i := range prices {
		prices[i] = price
		price += (100-price)*0.0005 + (random.Float64()-0.5)*size
	}
	return path(id, intervalMS, n, func(i int) float64 { return prices[i] })
}

// crowd is miners of every kind that trade a market of hourly candles.
func crowd(t testing.TB, n int) []Miner {
	kinds := []func() (sim.Strategy, error){
		builtin(t, "random", "wait=12", "hold=24", "leverage=0.4"),
		builtin(t, "momentum", "lookback=24", "hold=12", "leverage=0.3"),
		builtin(t, "crossover", "fast=5", "slow=20", "leverage=0.2"),
		builtin(t, "rsi-reversion", "leverage=0.2"),
	}
	var miners []Miner
	for i := range n {
		m := Miner{Name: fmt.Sprintf("m%03d", i), Make: kinds[i%len(kinds)], Main: i%3 == 1}
		if !m.Main {
			m.RegistersMS = monday + int64(i)*7*hourMS
			m.AgainMS = 2 * dayMS
		}
		if i%5 == 4 {
			m.Make, m.Copies, m.DelayMS = nil, fmt.Sprintf("m%03d", i-1), int64(i%4)*30*minuteMS
		}
		miners = append(miners, m)
	}
	return miners
}

func shares(r Round) float64 {
	sum := 0.0
	for _, p := range r.Places {
		sum += p.Share
	}
	return sum
}
