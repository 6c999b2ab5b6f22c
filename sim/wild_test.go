package sim

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// wild does anything that the interface allows, at any time: orders of any size,
// good and bad, in Decide and in Outcome, targets, reductions, pinned fills at
// absurd prices, alarms, and guests that are as wild, behind desks of all kinds.
type wild struct {
	random   *rand.Rand
	depth    int // of guests below it
	auditor  *auditor
	pairs    []string
	guests   []*Guest
	tellable map[OrderID]int // of the orders it emitted itself: how often it was told
}

func newWild(seed uint64, depth int, a *auditor) *wild {
	w := &wild{random: rand.New(rand.NewPCG(seed, uint64(depth))), depth: depth, auditor: a, tellable: make(map[OrderID]int)}
	a.wilds = append(a.wilds, w)
	return w
}

func (w *wild) Init(s *Setup) error {
	for _, pair := range s.Pairs() {
		o := FeedOptions{IntervalMS: 15 * minuteMS * w.random.Int64N(9), Quiet: w.random.IntN(2) == 0}
		f, err := s.SubscribeTo(pair, o)
		if err != nil {
			return err
		}
		if w.random.IntN(3) == 0 {
			f.WakeWhen(func(c Candles) bool { return c.Len()%3 == 0 })
		}
	}
	if w.random.IntN(2) == 0 {
		s.WakeEvery(minuteMS * (1 + w.random.Int64N(300)))
	}
	from, to := s.Range()
	for range 3 {
		s.WakeAt(from + w.random.Int64N(to-from))
	}
	w.pairs = append(s.Pairs(), "SPX", "NOPE", "SOLUSD")
	for i := range min(w.depth, 2) {
		g, err := s.Host(fmt.Sprint(i), newWild(w.random.Uint64(), w.depth-1, w.auditor), w.desk(s))
		if err != nil {
			return err
		}
		w.guests = append(w.guests, g)
	}
	return nil
}

// desk lets a guest's orders through, drops them, doubles them, or turns them round.
func (w *wild) desk(s *Setup) Desk {
	if w.random.IntN(2) == 0 {
		return Desk{}
	}
	return Desk{Submit: func(_ *Context, o Order) OrderID {
		switch w.random.IntN(4) {
		case 0:
			return -1
		case 1:
			o.Leverage *= 2
		case 2:
			if o.Leverage = -o.Leverage; o.Type != Flat {
				o.Type = Long + Short - o.Type
			}
		}
		return w.submit(&s.seat.context, o)
	}}
}

// submit emits an order of its own; behind a desk it is its host's.
func (w *wild) submit(c *Context, o Order) OrderID {
	id := c.Submit(o)
	if id >= 0 && c.seat.desk.Submit == nil {
		w.tellable[id] += 0
	}
	return id
}

func (w *wild) Decide(c *Context) error {
	w.auditor.look(c)
	for range w.random.IntN(3) {
		w.act(c)
	}
	for _, g := range w.guests {
		if w.random.IntN(5) > 0 {
			if err := g.Decide(); err != nil {
				return err
			}
		}
	}
	w.auditor.look(c)
	return nil
}

func (w *wild) act(c *Context) {
	pair := w.pairs[w.random.IntN(len(w.pairs))]
	sizes := []float64{0, 0.0005, 0.002, 0.01, 0.05, 0.1, 0.3, 0.5, 1, 5, 600}
	size := sizes[w.random.IntN(len(sizes))] * (0.5 + w.random.Float64())
	if w.random.IntN(2) == 0 {
		size = c.Room(pair).Leverage * (0.9 + 0.2*w.random.Float64())
	}
	signed := size * float64(1-2*w.random.IntN(2))
	before := len(c.seat.run.orders)
	switch w.random.IntN(7) {
	case 0:
		c.WakeAt(c.NowMS() + 1 + w.random.Int64N([]int64{15_000, hourMS}[w.random.IntN(2)]))
	case 1:
		c.Target(pair, signed)
	case 2:
		c.Reduce(pair, size)
	case 3:
		w.submit(c, flat(pair))
	case 4:
		o := pinned(Order{Pair: pair, Type: Long + OrderType(w.random.IntN(3)), Leverage: signed}, 20*math.Pow(2, 4*w.random.Float64()))
		if w.random.IntN(3) == 0 {
			o.UUID = fmt.Sprint(w.random.IntN(9))
		}
		w.submit(c, o)
	default:
		c.signed(pair, signed)
	}
	for id := before; id < len(c.seat.run.orders); id++ {
		if c.seat.desk.Submit == nil {
			w.tellable[OrderID(id)] += 0
		}
	}
}

func (w *wild) Outcome(c *Context, id OrderID, o OrderRecord) error {
	w.auditor.look(c)
	w.tellable[id]++
	if o.Outcome == "" || o.EmittedMS > c.NowMS() || o.FilledMS > c.NowMS() {
		return fmt.Errorf("told of an order without an outcome, or of the future: %+v at %s", o, stamp(c.NowMS()))
	}
	if w.random.IntN(4) == 0 && !c.seat.run.over {
		w.act(c)
	}
	return nil
}

// auditor looks at the account at every call of every strategy of a run.
type auditor struct {
	rt     *rapid.T
	wilds  []*wild
	closed map[*position]PositionRecord
	nowMS  int64
	looks  int
}

func (a *auditor) look(c *Context) {
	a.looks++
	r := c.seat.run
	if r.now < a.nowMS {
		a.rt.Fatalf("the clock runs back, from %s to %s", stamp(a.nowMS), stamp(r.now))
	}
	a.nowMS = r.now
	view := c.seat.run.portfolio() // it marks
	product, leverage, open := 1.0, 0.0, make(map[int]bool)
	for _, p := range r.account.all {
		product *= p.value
		if p.closed {
			a.lookClosed(p)
			continue
		}
		if open[p.pair] {
			a.rt.Fatalf("two positions on %s are open", r.account.instruments[p.pair].pair.ID)
		}
		open[p.pair] = true
		b := &r.account.instruments[p.pair].bounds
		if abs(p.net) > b.max*(1+1e-12) {
			a.rt.Fatalf("a position of %g is over its bound of %g", p.net, b.max)
		}
		leverage += abs(p.net) * b.weight
	}
	switch {
	case len(open) != len(r.account.open) || view.OpenPositions != len(open):
		a.rt.Fatalf("%d positions are open, %d are told", len(open), view.OpenPositions)
	case leverage > view.LeverageMax*(1+1e-12) || !relative(leverage, view.Leverage):
		a.rt.Fatalf("the weighted leverage is %g, told as %g, under a cap of %g", leverage, view.Leverage, view.LeverageMax)
	case !relative(product, view.Value):
		a.rt.Fatalf("the value is %.17g, the product of the positions %.17g", view.Value, product)
	case r.account.ledger.started && !relative(product, r.account.ledger.lastValue()):
		a.rt.Fatalf("the ledger's value is %.17g, the product of the positions %.17g", r.account.ledger.lastValue(), product)
	case view.Eliminated && len(open) > 0:
		a.rt.Fatal("an eliminated account holds positions")
	case view.Peak < view.Value && !relative(view.Peak, view.Value), view.Drawdown < -1e-12 || view.DrawdownNow > view.Drawdown+1e-12 && r.account.set.Ledger.Window.MS() > 30*dayMS:
		a.rt.Fatalf("impossible: %+v", view)
	}
}

// lookClosed: a closed position stays as it is.
func (a *auditor) lookClosed(p *position) {
	record := p.record("")
	if before, known := a.closed[p]; known && !reflect.DeepEqual(before, record) {
		a.rt.Fatalf("a closed position changed from %+v to %+v", before, record)
	}
	record.Fills = slices.Clone(record.Fills)
	a.closed[p] = record
}

// relative compares products that were multiplied in another order.
func relative(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// TestNoStrategyBreaksTheAccount however wild.
func TestNoStrategyBreaksTheAccount(t *testing.T) {
	seen := make(map[string]int)
	looks := 0
	rapid.Check(t, func(rt *rapid.T) {
		cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), rapid.Int64Range(1, 5).Draw(rt, "days"))
		cfg.Rules = loadRules(t, rapid.SampledFrom([]string{"ptn-2025-02", "ptn-2024-12", "ptn-4.8.12", "ptn-5.4.0"}).Draw(rt, "rules"))
		cfg.LatencyMS = rapid.SampledFrom([]int64{0, 0, 1, 30_000, 400_000}).Draw(rt, "latency")
		cfg.Fill = rapid.SampledFrom([]FillMode{FillNextOpen, FillNextOpen, FillLastClose}).Draw(rt, "fill")
		a := &auditor{rt: rt, closed: make(map[*position]PositionRecord)}
		cfg.Strategy = newWild(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 2).Draw(rt, "depth"), a)
		res := mustRun(rt, cfg)
		looks += a.looks
		a.checkTold(res)
		checkOrders(rt, &cfg, res)
		checkLedgerOfAnySize(rt, &cfg, res)
		for _, o := range res.Orders {
			seen[string(o.Outcome)+" "+string(o.Reason)]++
		}
	})
	if looks == 0 {
		t.Error("nobody looked")
	}
	if testing.Short() {
		return // too few worlds for the rarer verdicts
	}
	for _, verdict := range []string{"accepted ", "clamped ", "ignored no_position", "rejected rate_limited", "rejected eliminated", "rejected market_closed",
		"rejected unsupported_pair", "rejected duplicate", "rejected invalid_leverage", "rejected cooldown", "rejected max_portfolio_leverage",
		"rejected max_position_leverage", "rejected min_position_leverage", "rejected no_price"} {
		if seen[verdict] == 0 {
			t.Errorf("not wild enough: no order was %s", verdict)
		}
	}
}

// checkTold: every order's outcome is told once, to whoever emitted it.
func (a *auditor) checkTold(res *Result) {
	told := make([]int, len(res.Orders))
	for _, w := range a.wilds {
		for id, n := range w.tellable {
			told[id] += n
		}
	}
	for id, n := range told {
		if n != 1 || res.Orders[id].Outcome == "" {
			a.rt.Fatalf("order %d is told %d times: %+v", id, n, res.Orders[id])
		}
	}
}

// checkOrders plays the gate's checks that look at times alone, from the log.
func checkOrders(rt *rapid.T, cfg *Config, res *Result) {
	instruments, err := newInstruments(cfg.Rules, cfg.Series, cfg.FromMS, cfg.ToMS)
	if err != nil {
		rt.Fatal(err)
	}
	type request struct {
		OrderRecord
		id    int
		actMS int64
	}
	var requests []request
	for id, o := range res.Orders {
		if id > 0 && o.EmittedMS < res.Orders[id-1].EmittedMS {
			rt.Fatalf("order %d was emitted before the one in front of it", id)
		}
		r := request{OrderRecord: o, id: id, actMS: o.EmittedMS}
		if !o.Pinned {
			r.actMS += cfg.LatencyMS
		}
		if r.actMS <= cfg.ToMS {
			requests = append(requests, r)
		}
	}
	slices.SortStableFunc(requests, func(a, b request) int { return cmp.Or(cmp.Compare(a.actMS, b.actMS), cmp.Compare(a.id, b.id)) })
	// The rate limit: a window opens with a request that comes more than 60 s
	// after the last one opened, and takes ten.
	opened, n := int64(math.MinInt64/2), 0
	for _, r := range requests {
		if r.actMS-opened > 60_000 {
			opened, n = r.actMS, 0
		}
		if limited := n >= 10; limited != (r.Reason == RateLimited) {
			rt.Fatalf("order %d is %s %s as number %d of its window", r.id, r.Outcome, r.Reason, n+1)
		} else if !limited {
			n++
		}
	}
	requests = slices.DeleteFunc(requests, func(r request) bool { return !r.Filled() })
	slices.SortStableFunc(requests, func(a, b request) int { return cmp.Compare(a.FilledMS, b.FilledMS) })
	used := make(map[string]bool)
	held := make(map[string]request)
	for _, r := range requests {
		in := &instruments[findInstrument(instruments, r.Pair)]
		last, open := held[r.Pair]
		switch {
		case res.Elimination != nil && r.FilledMS > res.Elimination.TimeMS:
			rt.Fatalf("order %d filled after the elimination at %s: %+v", r.id, stamp(res.Elimination.TimeMS), r)
		case !in.schedule.Open(r.actMS) || !in.schedule.Open(r.FilledMS):
			rt.Fatalf("order %d filled in a closed market: %+v", r.id, r)
		case r.UUID != "" && used[r.UUID]:
			rt.Fatalf("the uuid %s was accepted twice", r.UUID)
		case open && abs(float64(r.actMS-last.actMS)) < 10_000:
			rt.Fatalf("order %d was accepted %d ms after order %d", r.id, r.actMS-last.actMS, last.id)
		case r.EffectiveLeverage == 0, r.FilledMS < r.actMS, r.FilledMS-r.actMS > max(5*minuteMS, in.interval()):
			rt.Fatalf("an impossible fill: %+v", r)
		}
		used[r.UUID] = true
		r.EffectiveLeverage += last.EffectiveLeverage // what is held now
		if held[r.Pair] = r; abs(r.EffectiveLeverage) < 1e-12 {
			delete(held, r.Pair)
		}
	}
}

// interval is that of the instrument's candles, 0 if there are none.
func (in *instrument) interval() int64 {
	if in.series == nil {
		return 0
	}
	return in.series.IntervalMS
}

// checkLedgerOfAnySize is for values that may be any number of orders of
// magnitude from 1.
func checkLedgerOfAnySize(rt *rapid.T, cfg *Config, res *Result) {
	product := 1.0
	for _, p := range res.Positions {
		product *= p.ReturnAtClose
	}
	// Where the ledger is marked as the builds do, prices come at other times.
	if cfg.Rules.Ledger.Marking != rules.Deployed && !relative(product, res.FinalReturn) {
		rt.Fatalf("the positions' product is %.17g, the portfolio's value %.17g", product, res.FinalReturn)
	}
	for i, c := range res.Checkpoints {
		if c.Gain < 0 || c.Loss > 0 || c.MDD > 1 || c.MDD < 0 || c.MPV < c.PrevPortfolioRet || c.OpenMS > c.AccumMS || c.OpenMS < 0 {
			rt.Fatalf("checkpoint %d is impossible: %+v", i, c)
		}
	}
}
