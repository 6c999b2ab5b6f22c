package sim

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
)

const (
	hourMS = 60 * minuteMS

	// thursday is 2025-03-06T00:00:00Z: New York is on winter time until the
	// Sunday after, so its weekend has 17:00 at 22:00 UTC and then at 21:00.
	thursday = propertyStart
)

// utc reads an instant.
func utc(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// candlesOf makes consecutive candles from fromMS on. Candle i opens at 100 + i
// and closes at 200 + i, so that a price tells where it came from.
func candlesOf(id string, intervalMS, fromMS int64, n int) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: intervalMS}
	for i := range n {
		s.Time = append(s.Time, fromMS+int64(i)*intervalMS)
		s.Open = append(s.Open, 100+float64(i))
		s.Close = append(s.Close, 200+float64(i))
	}
	s.High, s.Low = s.Close, s.Open
	return s
}

// mark is a price at an instant: the close of a one-minute candle that ends then.
type mark struct {
	endMS int64
	price float64
}

// marksOf makes the one-minute candles that end at those instants, and no other.
func marksOf(id string, marks ...mark) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: minuteMS}
	for _, m := range marks {
		s.Time = append(s.Time, m.endMS-minuteMS)
		s.Close = append(s.Close, m.price)
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	return s
}

// timed is an order and the instant of its emission.
type timed struct {
	at int64
	Order
}

func script(orders ...timed) *scripted {
	slices.SortStableFunc(orders, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	s := &scripted{}
	for _, o := range orders {
		s.at, s.orders = append(s.at, o.at), append(s.orders, o.Order)
	}
	return s
}

func long(pair string, leverage float64) Order {
	return Order{Pair: pair, Type: Long, Leverage: leverage}
}

func short(pair string, leverage float64) Order {
	return Order{Pair: pair, Type: Short, Leverage: -leverage}
}

func flat(pair string) Order { return Order{Pair: pair, Type: Flat} }

// pinned fills at a price, without slippage, at the very instant of its emission.
func pinned(o Order, price float64) Order {
	o.Pinned, o.Price, o.HasSlippage = true, price, true
	return o
}

func named(o Order, uuid string) Order {
	o.UUID = uuid
	return o
}

// free are the overrides of a run without carry and slippage: its numbers are
// the prices' alone.
var free = []string{"carry.crypto.rate_annual=0", "carry.forex.rate_annual=0", "slippage.enabled=false", "transaction_fee.enabled=false"}

// verdicts are the outcomes and reasons of a run's orders, in the order of emission.
func verdicts(orders []OrderRecord) []string {
	list := make([]string, len(orders))
	for i, o := range orders {
		list[i] = strings.TrimSpace(string(o.Outcome) + " " + string(o.Reason))
	}
	return list
}

func wantVerdicts(t *testing.T, orders []OrderRecord, want ...string) {
	t.Helper()
	if got := verdicts(orders); !slices.Equal(got, want) {
		t.Errorf("outcomes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func wantNear(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !near(got, want) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

// sight is what a strategy finds at an instant.
type sight struct {
	ms         int64
	value      float64
	eliminated bool
}

// witness looks at the account at every instant it is woken, then plays a script.
type witness struct {
	scripted
	sights []sight
}

func (w *witness) Decide(c *Context) error {
	p := c.Portfolio()
	w.sights = append(w.sights, sight{c.NowMS(), p.Value, p.Eliminated})
	return w.scripted.Decide(c)
}

// TestMarkThenCarryThenStrategyThenFill: 0.25 at 100 goes to 110, a return of
// 1 + 0.25·10/100 = 1.025, by the candle that ends at 04:00, when carry falls
// due: 1 - 0.1095/365/3·0.25 = 1 - 0.000025. The strategy sees both. Then its
// order fills at the open of the candle that opens at 04:00. It doubles the
// position at that very instant, so its leverage is the largest of the interval
// and the charge becomes 1 - 0.00005. Rules §2, §6.
func TestMarkThenCarryThenStrategyThenFill(t *testing.T) {
	four := int64(thursday + 4*hourMS)
	series := marksOf("BTCUSD", mark{four, 110}, mark{four + minuteMS, 500})
	series.Open = []float64{100, 110}
	w := &witness{scripted: *script(
		timed{four - minuteMS, long("BTCUSD", 0.25)},
		timed{four, long("BTCUSD", 0.25)},
	)}
	var times []int64
	var values []float64
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", "slippage.enabled=false"), Series: []*market.Series{series}, Strategy: w,
		FromMS: thursday, ToMS: four,
		Observer: Observer{Equity: func(at []int64, v, _ []float64) {
			times, values = append(times, at...), append(values, v...)
		}},
	})
	// The run ends at 04:00: the candle that opens then does not end in it.
	wantVerdicts(t, res.Orders, "accepted", "rejected no_price")

	w.next, w.sights, times, values = 0, nil, nil, nil
	res = mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", "slippage.enabled=false"), Series: []*market.Series{series}, Strategy: w,
		FromMS: thursday, ToMS: four + minuteMS,
		Observer: Observer{Equity: func(at []int64, v, _ []float64) {
			times, values = append(times, at...), append(values, v...)
		}},
	})
	wantVerdicts(t, res.Orders, "accepted", "accepted")
	if o := res.Orders[1]; o.FilledMS != four || o.FillPrice != 110 {
		t.Errorf("the order filled at %s at %g, want 04:00 and the open of that candle, 110", stamp(o.FilledMS), o.FillPrice)
	}
	wantNear(t, "what the strategy saw at 04:00", w.sights[1].value, 1.025*(1-0.000025))
	// Opening, mark, carry, order, mark: the average entry is 105, so 500 gives
	// 1 + (500-105)·0.5/100 = 2.975.
	wantTimes := []int64{four - minuteMS, four, four, four, four + minuteMS}
	wantValues := []float64{1, 1.025, 1.025 * (1 - 0.000025), 1.025 * (1 - 0.00005), 2.975 * (1 - 0.00005)}
	if !slices.Equal(times, wantTimes) {
		t.Fatalf("updates at %v, want %v", times, wantTimes)
	}
	for i, want := range wantValues {
		wantNear(t, "an update", values[i], want)
	}
	wantNear(t, "carry", res.Positions[0].CarryFactor, 1-0.00005)
}

// TestStrategyFindsItselfEliminated: half at 100 falls to 70, a return of
// 1 - 0.5·0.3 = 0.85, by the candle that ends at the strategy's instant: it is
// eliminated before the strategy looks, and its order comes too late. Rules §2, §9.
func TestStrategyFindsItselfEliminated(t *testing.T) {
	w := &witness{scripted: *script(
		timed{thursday, pinned(long("BTCUSD", 0.5), 100)},
		timed{thursday + minuteMS, pinned(flat("BTCUSD"), 100)},
	)}
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{marksOf("BTCUSD", mark{thursday + minuteMS, 70})}, Strategy: w,
		FromMS: thursday, ToMS: thursday + hourMS,
	})
	wantVerdicts(t, res.Orders, "accepted", "rejected eliminated")
	if last := w.sights[1]; !last.eliminated || !near(last.value, 0.85) {
		t.Errorf("the strategy saw %+v, want an eliminated account worth 0.85", last)
	}
}

// TestPositionWithoutCandles: a pinned order trades a pair that the run has no
// candles of. It gets no mark; the other position's go on.
func TestPositionWithoutCandles(t *testing.T) {
	s := script(
		timed{thursday, pinned(long("ETHUSD", 0.1), 100)},
		timed{thursday, pinned(long("BTCUSD", 0.1), 100)},
		timed{thursday + 10*minuteMS, pinned(flat("ETHUSD"), 110)},
	)
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", free...), Series: []*market.Series{marksOf("BTCUSD", mark{thursday + minuteMS, 120})}, Strategy: s,
		FromMS: thursday, ToMS: thursday + hourMS,
	})
	// 1 + 0.1·20/100 = 1.02 of BTCUSD, 1 + 0.1·10/100 = 1.01 of ETHUSD.
	wantNear(t, "the portfolio", res.FinalReturn, 1.02*1.01)
}

// failing refuses to go on.
type failing struct{ scripted }

var errStrategy = errors.New("no idea")

func (f *failing) Decide(*Context) error { return errStrategy }

func TestRunRefuses(t *testing.T) {
	btc := candlesOf("BTCUSD", minuteMS, thursday, 10)
	unknown := *btc
	unknown.Pair.ID = "NOPE"
	ok := Config{Series: []*market.Series{btc}, FromMS: thursday, ToMS: thursday + 10*minuteMS}
	for _, tc := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"range that ends at its start", func(c *Config) { c.ToMS = c.FromMS }, "ends"},
		{"negative latency", func(c *Config) { c.LatencyMS = -1 }, "latency of -1 ms"},
		{"no candles", func(c *Config) { c.Series = nil }, "candles of at least one pair"},
		{"unknown pair", func(c *Config) { c.Series = []*market.Series{&unknown} }, "candles of NOPE: the rule set ptn-2025-02 does not know that pair"},
		{"pair given twice", func(c *Config) { c.Series = []*market.Series{btc, btc} }, "candles of BTCUSD: given twice"},
		{"strategy that fails", func(c *Config) { c.Strategy = &failing{*script(timed{thursday, flat("BTCUSD")})} }, "strategy at 2025-03-06T00:00:00Z: no idea"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cfg := ok
			cfg.Series = slices.Clone(ok.Series)
			cfg.Rules, cfg.Strategy = loadRules(t, "ptn-2025-02"), script()
			tc.change(&cfg)
			if _, err := Run(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestRunStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Run(ctx, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, Strategy: script(),
		FromMS: thursday, ToMS: thursday + 10*minuteMS,
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestMaxDrawdownIsTheLowestCheckpoint(t *testing.T) {
	if got := MaxDrawdown(nil); got != 0 {
		t.Errorf("without checkpoints it is %g, want 0", got)
	}
	if got := MaxDrawdown([]Checkpoint{{MDD: 1}, {MDD: 0.75}, {MDD: 0.875}}); got != 0.25 {
		t.Errorf("got %g, want 1 - 0.75", got)
	}
	if math.Signbit(MaxDrawdown([]Checkpoint{{MDD: 1}})) {
		t.Error("no drawdown is -0")
	}
}
