package compose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

const minuteMS = 60_000

// start is a Monday, all markets but the stocks' open.
const start = 1_740_960_000_000 // 2025-03-03T00:00:00Z

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

// candlesOf makes n candles without gaps; each opens at the close before it.
func candlesOf(t testing.TB, id string, intervalMS int64, n int, price func(i int) float64) *market.Series {
	t.Helper()
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	s := &market.Series{Pair: pair, IntervalMS: intervalMS}
	open := price(0)
	for i := range n {
		c := price(i)
		s.Time = append(s.Time, start+int64(i)*intervalMS)
		s.Open, s.Close = append(s.Open, open), append(s.Close, c)
		s.High, s.Low = append(s.High, max(open, c)), append(s.Low, min(open, c))
		open = c
	}
	return s
}

// minutes makes one-minute candles whose closes rise from 1000 by 1: the candle i
// opens at 1000+i-1 (the first at 1000).
func minutes(t testing.TB, id string, n int) *market.Series {
	return candlesOf(t, id, minuteMS, n, func(i int) float64 { return 1000 + float64(i) })
}

// walk makes one-minute candles of a random walk with small steps.
func walk(t testing.TB, id string, n int, seed uint64) *market.Series {
	random := rand.New(rand.NewPCG(seed, 0))
	price := 1000.0
	return candlesOf(t, id, minuteMS, n, func(int) float64 {
		price *= 1 + 0.0004*(random.Float64()-0.5)
		return price
	})
}

func config(t testing.TB, s sim.Strategy, series ...*market.Series) sim.Config {
	t.Helper()
	cfg := sim.Config{Rules: loadRules(t), Series: series, Strategy: s, FromMS: series[0].Time[0], Seed: 1}
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

// sample is a run over sixty days of the embedded sample, all pairs of it.
func sample(t testing.TB, s sim.Strategy) sim.Config {
	t.Helper()
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	candles, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	var series []*market.Series
	for _, c := range candles {
		series = append(series, c.Series)
	}
	cfg := config(t, s, series...)
	cfg.ToMS = cfg.FromMS + 60*dayMS
	return cfg
}

// findAny finds built-in strategies and wrappers.
func findAny(spec string) (strategies.Definition, error) {
	for _, d := range Wrappers(findAny) {
		if d.Name == spec {
			return d, nil
		}
	}
	return strategies.Find(spec)
}

// build makes a strategy from "name key=value …".
func build(t testing.TB, text string) strategies.Configurable {
	t.Helper()
	words := strings.Fields(text)
	d, err := findAny(words[0])
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(settings(t, words[1:]))
	if err != nil {
		t.Fatal(err)
	}
	return s.(strategies.Configurable)
}

// settings reads "key=value" texts.
func settings(t testing.TB, texts []string) (given []strategies.Setting) {
	t.Helper()
	for _, text := range texts {
		s, err := strategies.ParseSetting(text)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, s)
	}
	return given
}

// actor does at given minutes what it is told to, and writes down what becomes of
// its orders. It is woken by its alarms alone.
type actor struct {
	does     map[int]func(c *sim.Context)
	outcomes []string
	inits    int
}

func (a *actor) Validate() error { return nil }

func (a *actor) Init(s *sim.Setup) error {
	a.outcomes = nil
	a.inits++
	for minute := range a.does {
		s.WakeAt(start + int64(minute)*minuteMS)
	}
	return nil
}

func (a *actor) Decide(c *sim.Context) error {
	if do := a.does[int((c.NowMS()-start)/minuteMS)]; do != nil {
		do(c)
	}
	return nil
}

func (a *actor) Outcome(c *sim.Context, id sim.OrderID, o sim.OrderRecord) error {
	a.outcomes = append(a.outcomes, fmt.Sprintf("%s: %d %s", clock(c.NowMS()), id, told(&o)))
	return nil
}

// clock writes an instant as minutes, and seconds where there are any, after the
// start.
func clock(ms int64) string {
	ms -= start
	if ms%minuteMS == 0 {
		return fmt.Sprint(ms / minuteMS)
	}
	return fmt.Sprint(time.Duration(ms) * time.Millisecond)
}

func told(o *sim.OrderRecord) string {
	if !o.Filled() {
		return fmt.Sprintf("%s %s %s", o.Type, o.Pair, o.Reason)
	}
	return fmt.Sprintf("%s %s %.6g at %s for %g", o.Type, o.Pair, o.EffectiveLeverage, clock(o.FilledMS), o.FillPrice)
}

// orders writes the orders of a result as "emitted: what became of it".
func orders(res *sim.Result) []string {
	var list []string
	for i := range res.Orders {
		list = append(list, clock(res.Orders[i].EmittedMS)+": "+told(&res.Orders[i]))
	}
	return list
}

func checkLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
