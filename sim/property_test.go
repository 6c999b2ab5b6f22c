package sim

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// propertyStart is a Thursday, so that a few days hold a weekend.
const propertyStart = 1_741_219_200_000 // 2025-03-06

// walk makes candles of a random walk, with a gap now and then, while the pair's
// market is open or not.
func walk(id string, intervalMS int64, fromMS, toMS int64, seed uint64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: intervalMS}
	random := rand.New(rand.NewPCG(seed, uint64(len(id))))
	price := 1 + 100*random.Float64()
	for t := fromMS; t < toMS; t += intervalMS {
		open := price
		price *= 1 + 0.004*(random.Float64()-0.5)
		if random.IntN(50) == 0 {
			continue
		}
		s.Time = append(s.Time, t)
		s.Open = append(s.Open, open)
		s.Close = append(s.Close, price)
	}
	s.High, s.Low = s.Close, s.Close
	return s
}

// world is a drawn run: candles of pairs of every kind at mixed intervals, and
// orders at any time and of any size.
type world struct {
	series []*market.Series
	orders []Order
	at     []int64
	toMS   int64
}

func drawWorld(t *rapid.T) world {
	days := rapid.Int64Range(1, 12).Draw(t, "days")
	w := world{toMS: propertyStart + days*dayMS}
	seed := rapid.Uint64().Draw(t, "seed")
	for _, p := range []struct {
		id       string
		interval int64
	}{{"BTCUSD", 5 * minuteMS}, {"ETHUSD", 5 * minuteMS}, {"EURUSD", 15 * minuteMS}, {"NVDA", 7 * minuteMS}} {
		w.series = append(w.series, walk(p.id, p.interval, propertyStart, w.toMS, seed))
	}
	n := rapid.IntRange(0, 60).Draw(t, "orders")
	for range n {
		w.at = append(w.at, propertyStart+rapid.Int64Range(0, days*dayMS/1000).Draw(t, "second")*1000)
	}
	// Some fall on the grid: carry instants, checkpoint ends, candle ends.
	for i := range w.at {
		if rapid.IntRange(0, 3).Draw(t, "grid") == 0 {
			w.at[i] = w.at[i] / (4 * 60 * minuteMS) * (4 * 60 * minuteMS)
		}
	}
	slices.Sort(w.at)
	for range n {
		w.orders = append(w.orders, drawOrder(t))
	}
	return w
}

func drawOrder(t *rapid.T) Order {
	o := Order{
		Pair: rapid.SampledFrom([]string{"BTCUSD", "ETHUSD", "EURUSD", "NVDA", "SPX", "NOPE"}).Draw(t, "pair"),
		Type: rapid.SampledFrom([]OrderType{Long, Long, Short, Short, Flat}).Draw(t, "type"),
	}
	o.Leverage = rapid.SampledFrom([]float64{0.0005, 0.005, 0.05, 0.1, 0.3, 0.5, 1, 2.5, 5, 600}).Draw(t, "leverage")
	if o.Type == Short {
		o.Leverage = -o.Leverage
	}
	if rapid.IntRange(0, 5).Draw(t, "uuid") == 0 {
		o.UUID = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")
	}
	return o
}

func (w *world) config(t testing.TB, s Strategy, overrides ...string) Config {
	return Config{Rules: loadRules(t, "ptn-2025-02", overrides...), Series: w.series, Strategy: s, FromMS: propertyStart, ToMS: w.toMS}
}

func (w *world) script() *scripted { return &scripted{orders: w.orders, at: w.at} }

func mustRun(t rapid.TB, cfg Config) *Result {
	res, err := Run(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// closeTo compares sums of many rounded terms.
func closeTo(a, b float64) bool { return math.Abs(a-b) <= 1e-11 }

// TestRunMeetsNaiveLedger compares every checkpoint with the plainest reading of
// the rules, over random orders on mixed intervals, weekends and carry instants.
func TestRunMeetsNaiveLedger(t *testing.T) {
	for _, rule := range [][]string{
		{"elimination.main=false"},
		{"elimination.main=false", "ledger.window=2d", "transaction_fee.enabled=true", "slippage.enabled=false"},
		{"elimination.main=false", "carry.rate=compound", "carry.crypto.rate_annual=0.9", "carry.forex.rate_annual=0.9"},
	} {
		rapid.Check(t, func(rt *rapid.T) {
			w := drawWorld(rt)
			cfg := w.config(t, w.script(), rule...)
			res := mustRun(rt, cfg)
			instruments, err := newInstruments(cfg.Rules, cfg.Series, cfg.FromMS, cfg.ToMS)
			if err != nil {
				rt.Fatal(err)
			}
			n := &naive{set: cfg.Rules, instruments: instruments}
			want := n.play(res, cfg.ToMS)
			if len(res.Checkpoints) != len(want) {
				rt.Fatalf("%d checkpoints, want %d", len(res.Checkpoints), len(want))
			}
			for i, c := range res.Checkpoints {
				x := want[i]
				if c.LastUpdateMS != x.LastUpdateMS || c.AccumMS != x.AccumMS || c.OpenMS != x.OpenMS || !closeTo(c.Gain, x.Gain) || !closeTo(c.Loss, x.Loss) || !closeTo(c.MDD, x.MDD) || !closeTo(c.MPV, x.MPV) {
					rt.Fatalf("checkpoint %d:\n got %+v\nwant %+v", i, c, x)
				}
			}
		})
	}
}

// TestRunKeepsInvariants holds for any sequence of orders.
func TestRunKeepsInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		cfg := w.config(t, w.script())
		cfg.Rules = loadRules(t, rapid.SampledFrom([]string{"ptn-2025-02", "ptn-2024-12", "ptn-4.8.12"}).Draw(rt, "rules"))
		res := mustRun(rt, cfg)
		checkLeverage(rt, &cfg, res)
		checkLedger(rt, res)
		value := 1.0
		for i, p := range res.Positions {
			value *= p.ReturnAtClose
			for _, q := range res.Positions[:i] {
				if q.Pair == p.Pair && (!q.Closed || q.CloseMS > p.OpenMS) {
					rt.Fatalf("two positions on %s are open at %s", p.Pair, stamp(p.OpenMS))
				}
			}
		}
		if !closeTo(value, res.FinalReturn) {
			rt.Fatalf("the positions' product is %.17g, the portfolio's value %.17g", value, res.FinalReturn)
		}
	})
}

// checkLeverage replays the fills and looks at the bounds after each.
func checkLeverage(rt *rapid.T, cfg *Config, res *Result) {
	instruments, err := newInstruments(cfg.Rules, nil, cfg.FromMS, cfg.ToMS)
	if err != nil {
		rt.Fatal(err)
	}
	const rounding = 1e-9
	net := make(map[string]float64)
	// The log is in the order of emission; an order may wait for its candle
	// while a later one fills.
	orders := slices.Clone(res.Orders)
	slices.SortStableFunc(orders, func(a, b OrderRecord) int { return cmp.Compare(a.FilledMS, b.FilledMS) })
	for _, o := range orders {
		if !o.Filled() {
			if o.EffectiveLeverage != 0 || o.FilledMS != 0 {
				rt.Fatalf("an order that did not fill has a fill: %+v", o)
			}
			continue
		}
		before := abs(net[o.Pair])
		net[o.Pair] += o.EffectiveLeverage
		b := instruments[findInstrument(instruments, o.Pair)].bounds
		size := abs(net[o.Pair])
		if size > b.max+rounding {
			rt.Fatalf("%s: |net leverage| %g is above %g", o.Pair, size, b.max)
		}
		// A clamp to what the portfolio's cap leaves may go below the position's
		// minimum, and a position that is there may grow by any order. Rules §4.
		grows := before > rounding && size >= before
		if size > rounding && size < b.min-rounding && o.Outcome != Clamped && !grows {
			rt.Fatalf("%s: |net leverage| %g is below %g, it was %g", o.Pair, size, b.min, before)
		}
		sum := 0.0
		for id, l := range net {
			sum += abs(l) * instruments[findInstrument(instruments, id)].bounds.weight
		}
		if sum > b.cap+rounding {
			rt.Fatalf("the portfolio's leverage %g is over %g", sum, b.cap)
		}
	}
}

// checkLedger looks at what every ledger must keep.
func checkLedger(rt *rapid.T, res *Result) {
	previous := 1.0
	for i, c := range res.Checkpoints {
		if !closeTo(c.Gain+c.Loss, math.Log(c.PrevPortfolioRet/previous)) {
			rt.Fatalf("checkpoint %d: gain + loss is %g, the change of ln V %g", i, c.Gain+c.Loss, math.Log(c.PrevPortfolioRet/previous))
		}
		if c.Gain < 0 || c.Loss > 0 || c.MDD > 1 || c.MDD <= 0 || c.MPV < c.PrevPortfolioRet || c.OpenMS > c.AccumMS || c.OpenMS < 0 {
			rt.Fatalf("checkpoint %d is impossible: %+v", i, c)
		}
		previous = c.PrevPortfolioRet
	}
	if res.MaxDrawdown < 0 {
		rt.Fatalf("drawdown %g", res.MaxDrawdown)
	}
}

// TestRejectedOrdersChangeNothing plays the accepted orders alone.
func TestRejectedOrdersChangeNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		off := "gate.checks.rate_limited=false" // a rejected order counts there
		all := mustRun(rt, w.config(t, w.script(), off))
		kept := &scripted{}
		for i, o := range all.Orders {
			if o.Filled() {
				kept.orders, kept.at = append(kept.orders, w.orders[i]), append(kept.at, w.at[i])
			}
		}
		few := mustRun(rt, w.config(t, kept, off))
		few.Orders, all.Orders = nil, nil
		few.Warnings, all.Warnings = nil, nil // a rejected order may have asked for liquidity
		if !reflect.DeepEqual(few, all) {
			rt.Fatalf("without the rejected orders:\n%+v\nwith them:\n%+v", few, all)
		}
	})
}

// looker looks at the account after every candle, and else does what the script
// says: marks then come one by one instead of in chunks.
type looker struct {
	scripted
	values []float64
}

func (l *looker) Init(s *Setup) error {
	for _, pair := range s.Pairs() {
		if _, err := s.Subscribe(pair); err != nil {
			return err
		}
	}
	return l.scripted.Init(s)
}

func (l *looker) Decide(c *Context) error {
	l.values = append(l.values, c.Portfolio().Value)
	return l.scripted.Decide(c)
}

// TestMarksDoNotDependOnWhoLooks: chunks are an optimisation, to the last bit.
func TestMarksDoNotDependOnWhoLooks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		bulk := mustRun(rt, w.config(t, w.script()))
		l := &looker{scripted: *w.script()}
		single := mustRun(rt, w.config(t, l))
		if !reflect.DeepEqual(bulk, single) {
			rt.Fatalf("in bulk:\n%+v\none by one:\n%+v", bulk, single)
		}
	})
}

// TestFutureChangesNothing: a run over less data is a prefix of the longer run.
func TestFutureChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		long := mustRun(rt, w.config(t, w.script()))
		cut := w
		cut.toMS = propertyStart + rapid.Int64Range(1, (w.toMS-propertyStart)/dayMS*24).Draw(rt, "hours")*60*minuteMS
		short := mustRun(rt, cut.config(t, w.script()))
		for i, o := range short.Orders {
			if o.FilledMS != 0 && o.FilledMS < cut.toMS && !reflect.DeepEqual(o, long.Orders[i]) {
				rt.Fatalf("order %d: %+v over less data, %+v over more", i, o, long.Orders[i])
			}
		}
		for i, p := range short.Positions {
			if p.Closed && !reflect.DeepEqual(p, long.Positions[i]) {
				rt.Fatalf("a closed position changed: %+v, then %+v", p, long.Positions[i])
			}
		}
		for i, c := range short.Checkpoints {
			if c.LastUpdateMS < cut.toMS && c != long.Checkpoints[i] {
				rt.Fatalf("checkpoint %d: %+v over less data, %+v over more", i, c, long.Checkpoints[i])
			}
		}
	})
}

// TestRunsAreEqualOnAnyWorker plays the same run at once on many workers.
func TestRunsAreEqualOnAnyWorker(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		want := mustRun(rt, w.config(t, w.script()))
		results := make([]*Result, 8)
		var wait sync.WaitGroup
		for i := range results {
			wait.Go(func() {
				results[i], _ = Run(context.Background(), w.config(t, w.script()))
			})
		}
		wait.Wait()
		for i, r := range results {
			if !reflect.DeepEqual(r, want) {
				rt.Fatalf("worker %d came to another result", i)
			}
		}
	})
}

// TestPricesHaveNoUnit: all prices times a power of two change no return.
func TestPricesHaveNoUnit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		// The USD value of a forex lot does depend on the price.
		once := mustRun(rt, w.config(t, w.script(), "slippage.enabled=false"))
		for i, s := range w.series {
			c := *s
			c.Open, c.Close = scaled(s.Open, 4), scaled(s.Close, 4)
			w.series[i] = &c
		}
		twice := mustRun(rt, w.config(t, w.script(), "slippage.enabled=false"))
		if !reflect.DeepEqual(once.Checkpoints, twice.Checkpoints) {
			rt.Fatal("four times the prices gave another ledger")
		}
	})
}

func scaled(col []float64, k float64) []float64 {
	out := make([]float64, len(col))
	for i, x := range col {
		out[i] = k * x
	}
	return out
}

// TestIdlePairChangesNothing: a pair that is never traded is not there.
func TestIdlePairChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		want := mustRun(rt, w.config(t, w.script()))
		w.series = append([]*market.Series{walk("SOLUSD", minuteMS, propertyStart, w.toMS, 7)}, w.series...)
		if got := mustRun(rt, w.config(t, w.script())); !reflect.DeepEqual(got, want) {
			rt.Fatal("an idle pair changed the result")
		}
	})
}

// TestNoOrdersNoChange: without orders the portfolio stays at 1.
func TestNoOrdersNoChange(t *testing.T) {
	w := world{series: []*market.Series{walk("BTCUSD", minuteMS, propertyStart, propertyStart+dayMS, 1)}, toMS: propertyStart + dayMS}
	res := mustRun(t, w.config(t, w.script()))
	if res.FinalReturn != 1 || res.MaxDrawdown != 0 || len(res.Checkpoints) != 0 || res.Challenge.Verdict != ChallengeRunning {
		t.Errorf("got %+v, want a portfolio that stays at 1", res)
	}
}

// TestEveryRunEnds plays challenges that are short, limits that are close, and
// delays of every kind: the clock must not stand still, nor run backwards.
func TestEveryRunEnds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		draw := func(path string, values ...string) string {
			return path + "=" + rapid.SampledFrom(values).Draw(rt, path)
		}
		cfg := w.config(t, w.script(),
			draw("drawdown.limit", "0.002", "0.01", "0.1"), draw("drawdown.at_limit", "survives", "eliminates"),
			draw("challenge.duration", "1d", "3d"), draw("challenge.check_every", "1m", "12h"), draw("challenge.days_min", "0", "1", "5"),
			draw("challenge.start", "registration", "first_order"),
			draw("elimination.check_every", "0", "5m", "1d"), draw("elimination.challenge_check_every", "0", "1m"),
			draw("elimination.ledger_lag", "0", "10m", "2d"),
			draw("carry.closed_market", "at_instant", "at_reopening"), draw("ledger.marking", "documented", "deployed"))
		cfg.As = rapid.SampledFrom([]Competition{Main, InChallenge}).Draw(rt, "as")
		cfg.LatencyMS = rapid.SampledFrom([]int64{0, 1, 90_000, dayMS}).Draw(rt, "latency")
		res := mustRun(rt, cfg)
		for i, o := range res.Orders {
			if o.Outcome == "" {
				rt.Fatalf("order %d has no outcome: %+v", i, o)
			}
		}
		if e := res.Elimination; e != nil && (e.TimeMS < cfg.FromMS || e.TimeMS > cfg.ToMS) {
			rt.Fatalf("eliminated at %s, outside the run", stamp(e.TimeMS))
		}
	})
}
