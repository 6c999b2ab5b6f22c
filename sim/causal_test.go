package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// plan is a strategy made of functions.
type plan struct {
	init    func(*Setup) error
	decide  func(*Context) error
	outcome func(*Context, OrderID, OrderRecord) error
	end     func(*Context) error
	close   func() error
}

func (p *plan) Init(s *Setup) error { return p.init(s) }

func (p *plan) Decide(c *Context) error {
	if p.decide == nil {
		return nil
	}
	return p.decide(c)
}

func (p *plan) Outcome(c *Context, id OrderID, o OrderRecord) error {
	if p.outcome == nil {
		return nil
	}
	return p.outcome(c, id, o)
}

func (p *plan) End(c *Context) error {
	if p.end == nil {
		return nil
	}
	return p.end(c)
}

func (p *plan) Close() error {
	if p.close == nil {
		return nil
	}
	return p.close()
}

// follower holds BTCUSD on the side that a signal at each candle tells.
func follower(o FeedOptions, signal func(f *Feed, c Candles) float64) *plan {
	var f *Feed
	p := &plan{}
	p.init = func(s *Setup) (err error) {
		f, err = s.SubscribeTo("BTCUSD", o)
		return err
	}
	p.decide = func(c *Context) error {
		if f.Fresh() {
			c.Target("BTCUSD", 0.1*sign(signal(f, f.Candles())))
		}
		return nil
	}
	return p
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// mean of the last n values; 0 while there are fewer.
func mean(col []float64, n int) float64 {
	if len(col) < n {
		return 0
	}
	sum := 0.0
	for _, x := range col[len(col)-n:] {
		sum += x
	}
	return sum / float64(n)
}

// crossing is the classic: the faster mean against the slower.
func crossing(_ *Feed, c Candles) float64 {
	if c.Len() < 12 {
		return 0
	}
	return mean(c.Close(), 3) - mean(c.Close(), 12)
}

// crossings is crossing as a column.
func crossings(c Candles) []float64 {
	col := make([]float64, c.Len())
	for i := range col {
		col[i] = sign(crossing(nil, Candles{series: c.series, n: i + 1}))
	}
	return col
}

// precomputed follows a column, called only where it changes.
func precomputed(compute func(Candles) []float64) *plan {
	var f *Feed
	var column *Column
	p := &plan{}
	p.init = func(s *Setup) (err error) {
		if f, err = s.SubscribeTo("BTCUSD", FeedOptions{}); err == nil {
			column = f.Precompute(compute)
			f.WakeOnChange(column)
		}
		return err
	}
	p.decide = func(c *Context) error {
		c.Target("BTCUSD", 0.1*column.Last())
		return nil
	}
	return p
}

// honest are strategies that see nothing they may not, one for each part of the
// interface that could show the future by mistake.
func honest() map[string]func() (Strategy, error) {
	of := func(make func() Strategy) func() (Strategy, error) {
		return func() (Strategy, error) { return make(), nil }
	}
	return map[string]func() (Strategy, error){
		"crossover":   of(func() Strategy { return follower(FeedOptions{}, crossing) }),
		"coarse":      of(func() Strategy { return follower(FeedOptions{IntervalMS: hourMS}, crossing) }),
		"precomputed": of(func() Strategy { return precomputed(crossings) }),
		"guest": of(func() Strategy {
			inner := follower(FeedOptions{}, crossing)
			var g *Guest
			return &plan{
				init: func(s *Setup) (err error) {
					g, err = s.Host("inner", inner, Desk{})
					return err
				},
				decide: func(*Context) error { return g.Decide() },
			}
		}),
		"random": of(func() Strategy { return wanderer() }),
		"fill of": of(func() Strategy { // what an order of the last candles got
			return follower(FeedOptions{}, func(f *Feed, c Candles) float64 {
				v, _ := f.seat.context.FillOf("BTCUSD", f.seat.run.now-int64(c.Len()%3)*5*minuteMS-1)
				if v.Price == 0 {
					return float64(f.seat.run.now/minuteMS%2) - float64(len(v.Reason)%2)
				}
				return v.Price - c.LastClose()
			})
		}),
		"pinned": of(func() Strategy {
			p := follower(FeedOptions{}, crossing)
			inner := p.decide
			n := 0
			p.decide = func(c *Context) error {
				n++
				if n%7 == 0 {
					o := pinned(long("ETHUSD", 0.02), 50)
					o.UUID = fmt.Sprint(n)
					c.Submit(o)
				}
				return inner(c)
			}
			return p
		}),
		"wake when": of(func() Strategy {
			p := follower(FeedOptions{}, crossing)
			inner := p.init
			var f *Feed
			p.init = func(s *Setup) (err error) {
				if err = inner(s); err == nil {
					f, err = s.Subscribe("ETHUSD")
				}
				if err == nil {
					f.WakeWhen(func(c Candles) bool { return c.Open()[c.Len()-1] < c.LastClose() })
				}
				return err
			}
			return p
		}),
	}
}

// wanderer trades every pair at random, as it is told what became of its orders,
// and looks at everything that a context shows.
func wanderer() *plan {
	var feeds []*Feed
	var random *Random
	seen := 0.0
	p := &plan{}
	p.init = func(s *Setup) error {
		feeds, seen, random = nil, 0, s.Random("wander")
		for _, pair := range s.Pairs() {
			f, err := s.Subscribe(pair)
			if err != nil {
				return err
			}
			feeds = append(feeds, f)
		}
		s.WakeEvery(17 * minuteMS)
		return nil
	}
	p.decide = func(c *Context) error {
		v := c.Portfolio()
		seen += v.Value + v.Drawdown + v.Leverage
		for _, f := range feeds {
			if position, open := f.Position(); open {
				seen += position.Return
			}
			if f.Pending() {
				seen++
			}
			if f.Fresh() {
				seen += f.Candles().LastClose()
			}
			if random.IntN(20) == 0 {
				// What was seen decides, down to the last bit.
				c.Target(f.Pair(), float64(int64(seen*1e6)%11-5)/10)
			}
		}
		return nil
	}
	p.outcome = func(_ *Context, id OrderID, o OrderRecord) error {
		seen += float64(id) + float64(len(o.Reason)) + o.FillPrice
		return nil
	}
	return p
}

// causalWorld is some days of three pairs with gaps, a weekend among them.
func causalWorld(t testing.TB, seed uint64, days int64, overrides ...string) Config {
	toMS := propertyStart + days*dayMS
	cfg := Config{Rules: loadRules(t, "ptn-2025-02", overrides...), FromMS: propertyStart + 6*hourMS, ToMS: toMS}
	for _, p := range []struct {
		id       string
		interval int64
	}{{"BTCUSD", 5 * minuteMS}, {"ETHUSD", 5 * minuteMS}, {"EURUSD", 15 * minuteMS}} {
		s := walk(p.id, p.interval, propertyStart, toMS, seed)
		random := rand.New(rand.NewPCG(seed, 3))
		s.High, s.Low = slices.Clone(s.Close), slices.Clone(s.Close)
		s.Open = slices.Clone(s.Open)
		for i := range s.Time {
			s.Open[i] *= 1 + 0.001*(random.Float64()-0.5) // no open is the close before it
			s.High[i], s.Low[i] = max(s.Open[i], s.Close[i])*1.001, min(s.Open[i], s.Close[i])*0.999
			s.Volume = append(s.Volume, random.Float64())
			s.Bid, s.Ask = append(s.Bid, s.Close[i]*0.9999), append(s.Ask, s.Close[i]*1.0001)
		}
		cfg.Series = append(cfg.Series, s)
	}
	return cfg
}

func verify(t rapid.TB, cfg Config, make func() (Strategy, error), o CausalOptions) *CausalReport {
	t.Helper()
	report, err := VerifyCausal(context.Background(), cfg, make, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestHonestStrategiesPass(t *testing.T) {
	for name, make := range honest() {
		for _, how := range []Config{{}, {LatencyMS: 90_000}, {Fill: FillLastClose}} {
			t.Run(fmt.Sprintf("%s, latency %d, fill mode %d", name, how.LatencyMS, how.Fill), func(t *testing.T) {
				cfg := causalWorld(t, 1, 6)
				cfg.LatencyMS, cfg.Fill = how.LatencyMS, how.Fill
				done := 0
				report := verify(t, cfg, make, CausalOptions{Progress: func(n, total int) {
					if done++; n != done || n > total {
						t.Errorf("run %d of %d is told as the %d.", done, total, n)
					}
				}})
				if err := report.Err(); err != nil {
					t.Error(err)
				}
				if pinned := strings.HasSuffix(report.Note, "bring their own fill price: whether it could be had no test can tell"); report.Note != "" && !pinned || pinned != (name == "pinned") {
					t.Errorf("a note on a strategy that looks at its candles: %s", report.Note)
				}
				if len(report.Base.Orders) < 5 || report.Points < 12 || report.Runs != done || done != report.Points+3 {
					t.Errorf("%d orders, %d points, %d runs, %d told: too little was compared", len(report.Base.Orders), report.Points, report.Runs, done)
				}
			})
		}
	}
}

// TestNoFalseAlarm draws the data, the latency, the strategy and the points.
func TestNoFalseAlarm(t *testing.T) {
	for _, fill := range []FillMode{FillNextOpen, FillLastClose} {
		rapid.Check(t, func(rt *rapid.T) { checkNoFalseAlarm(t, rt, fill) })
	}
}

func checkNoFalseAlarm(t *testing.T, rt *rapid.T, fill FillMode) {
	names := []string{"coarse", "crossover", "fill of", "guest", "pinned", "precomputed", "random", "random", "wake when"}
	cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), rapid.Int64Range(1, 4).Draw(rt, "days"),
		rapid.SampledFrom([]string{"elimination.check_every=0", "elimination.check_every=5m"}).Draw(rt, "check"),
		rapid.SampledFrom([]string{"drawdown.limit=0.1", "drawdown.limit=0.005"}).Draw(rt, "limit"))
	cfg.LatencyMS = rapid.SampledFrom([]int64{0, 1, 7000, 400_000}).Draw(rt, "latency")
	cfg.Seed = rapid.Uint64().Draw(rt, "seed")
	cfg.Fill = fill
	name := rapid.SampledFrom(names).Draw(rt, "strategy")
	report := verify(rt, cfg, honest()[name], CausalOptions{Points: 8, Seed: rapid.Uint64().Draw(rt, "points")})
	if err := report.Err(); err != nil {
		rt.Fatalf("%s: %v", name, err)
	}
}

// peek reads the value behind the end of a column.
func peek(col []float64) float64 {
	return unsafe.Slice(unsafe.SliceData(col), len(col)+1)[len(col)]
}

// shifted is a column that looks one candle ahead.
func shifted(c Candles) []float64 {
	col := make([]float64, c.Len())
	closes := c.Close()
	for i := range len(col) - 1 {
		col[i] = sign(closes[i+1] - closes[i])
	}
	return col
}

// belowTop is a column that knows the highest close of all.
func belowTop(c Candles) []float64 {
	col := make([]float64, c.Len())
	top := slices.Max(c.Close())
	for i, x := range c.Close() {
		if x > 0.998*top {
			col[i] = -1
		}
	}
	return col
}

// TestCheatsAreCaught: each cheat with the order that gives it away.
func TestCheatsAreCaught(t *testing.T) {
	for name, make := range map[string]func() *plan{
		"Go strategy that reaches past its slice": func() *plan {
			return follower(FeedOptions{}, func(f *Feed, c Candles) float64 {
				if c.Len() == f.series.Len() { // nothing is behind the last one of the run
					return 0
				}
				return peek(c.Close()) - c.LastClose()
			})
		},
		"Go strategy that reaches past a coarse slice": func() *plan {
			return follower(FeedOptions{IntervalMS: hourMS}, func(f *Feed, c Candles) float64 {
				if c.Len() == f.series.Len() {
					return 0
				}
				return peek(c.Close()) - c.LastClose()
			})
		},
		"column that looks one candle ahead": func() *plan { return precomputed(shifted) },
		"column that knows the next open": func() *plan {
			return precomputed(func(c Candles) []float64 {
				col := make([]float64, c.Len())
				for i := range len(col) - 1 {
					col[i] = sign(c.Open()[i+1] - c.Close()[i])
				}
				return col
			})
		},
		"strategy that knows what its order will get": func() *plan {
			p := follower(FeedOptions{}, nil)
			p.decide = func(c *Context) error {
				r := c.seat.run
				if v := r.fillOf(&r.account.instruments[findInstrument(r.account.instruments, "BTCUSD")], c.NowMS()); v.Price > 0 {
					c.Target("BTCUSD", 0.1*sign(v.Price-c.Feed("BTCUSD").Candles().LastClose()))
				}
				return nil
			}
			return p
		},
		"column that knows the highest of all": func() *plan { return precomputed(belowTop) },
		"column that knows how much data there is": func() *plan {
			return precomputed(func(c Candles) []float64 {
				col := make([]float64, c.Len())
				for i := range col {
					col[i] = float64((i + c.Len()) / 20 % 2)
				}
				return col
			})
		},
		"test that keeps what it saw ahead": func() *plan {
			latest := 0.0
			p := follower(FeedOptions{}, func(_ *Feed, c Candles) float64 { return latest - c.LastClose() })
			inner := p.init
			p.init = func(s *Setup) error {
				if err := inner(s); err != nil {
					return err
				}
				f, err := s.SubscribeTo("BTCUSD", FeedOptions{Quiet: true})
				f.WakeWhen(func(c Candles) bool { latest = c.LastClose(); return c.Len()%10 == 0 })
				return err
			}
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(10) {
				report := verify(t, causalWorld(t, seed, 3), func() (Strategy, error) { return make(), nil }, CausalOptions{Seed: seed})
				d := report.Difference
				if d == nil {
					t.Fatalf("not caught, with %d orders and %d points", len(report.Base.Orders), report.Points)
				}
				checkDifference(t, report)
				if d.Repeated || !strings.HasPrefix(d.Error(), "the strategy sees the future: what it did at "+stamp(d.TimeMS)) {
					t.Errorf("it is told as %q", d.Error())
				}
			}
		})
	}
}

// checkDifference looks at whether a report tells of its own base run.
func checkDifference(t *testing.T, report *CausalReport) {
	t.Helper()
	d := report.Difference
	switch {
	case d.Was == nil && d.Became == nil:
		t.Error("it names no order")
	case d.Was != nil && !sameOrder(d.Was, &report.Base.Orders[d.Order]):
		t.Errorf("order %d was %+v, in the base run it is %+v", d.Order, d.Was, report.Base.Orders[d.Order])
	case d.TimeMS > d.PointMS:
		t.Errorf("an order at %s is told to depend on what is known at %s", stamp(d.TimeMS), stamp(d.PointMS))
	case !errors.Is(report.Err(), error(d)):
		t.Error("the report's error is another one")
	}
}

// TestFirstDifferenceIsTheFirstOrder: minutes that rise, up to candle 20, which
// falls to 80. Who waits for just that and looks one ahead sells at minute 20,
// when the candle before it ends; no other future has that price.
func TestFirstDifferenceIsTheFirstOrder(t *testing.T) {
	s := candlesOf("BTCUSD", minuteMS, thursday, 60)
	for i := range s.Time {
		s.Close[i] = 100 + float64(i)
		if i >= 20 {
			s.Close[i] = 100 - float64(i)
		}
	}
	s.Open = s.Close
	s.High, s.Low = s.Close, s.Close
	cfg := Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{s}, FromMS: thursday, ToMS: thursday + hourMS}
	cheat := func() (Strategy, error) {
		return precomputed(func(c Candles) []float64 {
			col := make([]float64, c.Len())
			for i := range c.Len() - 1 {
				if c.Close()[i+1] == 80 {
					col[i] = -1
				}
			}
			return col
		}), nil
	}
	report := verify(t, cfg, cheat, CausalOptions{})
	// The column is -1 at candle 19 alone, which ends at minute 20, and 0 again at 20.
	d := report.Difference
	if d == nil || d.Order != 0 || d.TimeMS != thursday+20*minuteMS || d.Was == nil || d.Was.Type != Short {
		t.Fatalf("got %+v, want the SHORT at minute 20, order 0", d)
	}
	if !strings.Contains(d.Error(), "Order 0 was: SHORT BTCUSD 0.1 at 2025-03-06T00:20:00Z; it became: no order.") {
		t.Errorf("it is told as %q", d.Error())
	}
}

// TestStrategiesThatAreNotDeterministicAreCaught: what a run remembers of an
// earlier one, and what differs by chance.
func TestStrategiesThatAreNotDeterministicAreCaught(t *testing.T) {
	var memory []float64 // of all runs: the closes they saw
	remembering := func() (Strategy, error) {
		n := 0
		return follower(FeedOptions{}, func(_ *Feed, c Candles) float64 {
			n = c.Len()
			if n >= len(memory) {
				memory = append(memory, c.LastClose())
				return 0
			}
			return memory[n] - c.LastClose()
		}), nil
	}
	chance := func() (Strategy, error) {
		return follower(FeedOptions{}, func(*Feed, Candles) float64 { return float64(rand.IntN(3) - 1) }), nil
	}
	for name, make := range map[string]func() (Strategy, error){"memory of an earlier run": remembering, "chance": chance} {
		t.Run(name, func(t *testing.T) {
			report := verify(t, causalWorld(t, 3, 2), make, CausalOptions{})
			d := report.Difference
			if d == nil || !d.Repeated || !strings.Contains(d.Error(), "not deterministic") || !strings.Contains(d.Error(), "(Setup.Random, ctx.random)") {
				t.Fatalf("got %v, want a strategy that is not deterministic", d)
			}
			checkDifference(t, report)
			if report.Points != 0 {
				t.Errorf("%d futures were changed for nothing", report.Points)
			}
		})
	}
}

// TestCausalReportsFailures: a strategy that fails only where the future is
// another one depends on it.
func TestCausalReportsFailures(t *testing.T) {
	cfg := causalWorld(t, 4, 2)
	top := slices.Max(cfg.Series[0].Close)
	errTop := errors.New("higher than ever")
	report := verify(t, cfg, func() (Strategy, error) {
		p := follower(FeedOptions{}, crossing)
		inner := p.init
		p.init = func(s *Setup) error {
			f, err := s.Subscribe("BTCUSD")
			if slices.Max(f.series.Close) > top { // reaches past its candles
				return errTop
			}
			return errors.Join(err, inner(s))
		}
		return p, nil
	}, CausalOptions{})
	if err := report.Err(); !errors.Is(err, errTop) || !strings.Contains(err.Error(), "it became: an error, strategy: higher than ever.") {
		t.Errorf("got %v, want the strategy's error", err)
	}
}

func TestCausalNotesStrategiesThatDoNotLook(t *testing.T) {
	cfg := causalWorld(t, 5, 1)
	w := func() (Strategy, error) {
		return script(timed{cfg.FromMS, long("BTCUSD", 0.1)}, timed{cfg.FromMS + hourMS, flat("BTCUSD")}), nil
	}
	if report := verify(t, cfg, w, CausalOptions{}); report.Err() != nil || !strings.Contains(report.Note, "does not look at them") {
		t.Errorf("got %v and the note %q", report.Err(), report.Note)
	}
	idle := func() (Strategy, error) { return script(), nil }
	if report := verify(t, cfg, idle, CausalOptions{}); report.Err() != nil || !strings.Contains(report.Note, "no order") {
		t.Errorf("got %v and the note %q", report.Err(), report.Note)
	}
}

func TestCausalGivesUp(t *testing.T) {
	cfg := causalWorld(t, 6, 1)
	ctx, cancel := context.WithCancel(context.Background())
	runs := 0
	_, err := VerifyCausal(ctx, cfg, honest()["crossover"], CausalOptions{Progress: func(n, _ int) {
		if runs = n; n == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || runs != 4 {
		t.Errorf("cancelled after 3 runs it gave up after %d with %v", runs, err)
	}
	if _, err := VerifyCausal(context.Background(), cfg, func() (Strategy, error) { return nil, errStrategy }, CausalOptions{}); !errors.Is(err, errStrategy) {
		t.Errorf("a strategy that can't be made: %v", err)
	}
	failing := func() (Strategy, error) { return &failing{*script(timed{cfg.FromMS, flat("BTCUSD")})}, nil }
	if _, err := VerifyCausal(context.Background(), cfg, failing, CausalOptions{}); !errors.Is(err, errStrategy) {
		t.Errorf("a strategy that fails in the first run: %v", err)
	}
}

// TestFuturesKeepThePast: whatever is done to the future, what is finished stays,
// an open that is known stays, and the candles stay possible.
func TestFuturesKeepThePast(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), 1)
		before := copySeries(cfg.Series[0])
		f := future{
			ms:     propertyStart + rapid.Int64Range(-1, dayMS/1000).Draw(rt, "second")*1000,
			change: futureChange(rapid.IntRange(int(changeMirrored), int(changesEnd)-1).Draw(rt, "change")),
		}
		if rapid.Bool().Draw(rt, "on the grid") {
			f.ms = f.ms / (5 * minuteMS) * (5 * minuteMS)
		}
		for i, s := range f.of(cfg.Series, cfg.ToMS, 1) {
			checkFuture(rt, f, cfg.Series[i], s)
		}
		for i, col := range columns(before) {
			if !slices.Equal(*col, *columns(cfg.Series[0])[i]) {
				rt.Fatal("the data itself was changed")
			}
		}
	})
}

func checkFuture(rt *rapid.T, f future, was, is *market.Series) {
	changed := false
	for i, t := range was.Time {
		if t >= f.ms {
			changed = changed || i >= is.Len() || is.Close[i] != was.Close[i]
			continue
		}
		if is.Time[i] != t || is.Open[i] != was.Open[i] {
			rt.Fatalf("candle %d opened before, and its open is another", i)
		}
		for k, col := range columns(was) {
			if was.EndMS(i) <= f.ms && (*columns(is)[k])[i] != (*col)[i] {
				rt.Fatalf("candle %d was finished, and its column %d is another", i, k)
			}
		}
	}
	if last := len(was.Time) - 1; was.Time[last-1] > f.ms && !changed {
		rt.Fatalf("%s left the future as it was", f.change)
	}
	for i := range is.Time {
		if i > 0 && is.Time[i] <= is.Time[i-1] {
			rt.Fatalf("candle %d is not after the one before", i)
		}
		if !(is.Low[i] > 0) || is.Low[i] > min(is.Open[i], is.Close[i]) || is.High[i] < max(is.Open[i], is.Close[i]) || is.Bid[i] > is.Ask[i] || is.Volume[i] < 0 {
			rt.Fatalf("%s made an impossible candle %d: %g %g %g %g", f.change, i, is.Open[i], is.High[i], is.Low[i], is.Close[i])
		}
	}
}
