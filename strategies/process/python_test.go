package process

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/clients"
)

// interpreter is the system's Python itself: what is on the path may be a slow
// script that looks for it.
var interpreter = sync.OnceValues(func() (string, error) {
	path, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	return strings.TrimSpace(string(path)), err
})

// python is the command that runs a file beside the client.
func python(t testing.TB, file string) string {
	t.Helper()
	path, err := interpreter()
	if err != nil {
		t.Skip("no python3 on the path: the Python client is not tested")
	}
	return path + " -B " + filepath.Join("..", "clients", "python", file)
}

// pythonText is the command that runs a strategy's text in a folder with the
// client as ptnsim hands it out.
func pythonText(t testing.TB, text string) string {
	t.Helper()
	command := python(t, "")
	folder := t.TempDir()
	client, err := clients.Files.ReadFile("python/ptnsim.py")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"ptnsim.py": string(client), "strategy.py": text} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Fields(command)[0] + " -B '" + filepath.Join(folder, "strategy.py") + "'"
}

func settings(pairs ...string) []strategies.Setting {
	var list []strategies.Setting
	for _, p := range pairs {
		s, err := strategies.ParseSetting(p)
		if err != nil {
			panic(err)
		}
		list = append(list, s)
	}
	return list
}

// builtIn makes ptnsim's own crossover.
func builtIn(t testing.TB, params []strategies.Setting) sim.Strategy {
	t.Helper()
	d, err := strategies.Find("crossover")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(params)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPythonCrossoverIsTheBuiltIn, to the last digit: the same orders, the same
// result.
func TestPythonCrossoverIsTheBuiltIn(t *testing.T) {
	command := python(t, "example_crossover.py")
	walks := []*market.Series{walk(t, "BTCUSD", 2000, 1), walk(t, "ETHUSD", 1500, 2), walk(t, "EURUSD", 2000, 3)}
	for _, c := range []struct {
		name   string
		params []string
		change func(*sim.Config)
	}{
		{"simple", []string{"fast=5", "slow=20"}, nil},
		{"exponential", []string{"fast=7", "slow=30", "average=ema"}, nil},
		{"long alone, one pair, a leverage", []string{"fast=5", "slow=20", "direction=long", "pairs=ETHUSD", "leverage=0.25"}, nil},
		{"coarser candles", []string{"fast=5", "slow=20", "interval=15m"}, nil},
		{"history, latency", []string{"fast=50", "slow=200"}, func(cfg *sim.Config) { cfg.FromMS += 500 * minuteMS; cfg.LatencyMS = 2000 }},
		{"a cap to share, and elimination", []string{"fast=5", "slow=20"}, func(cfg *sim.Config) {
			cfg.Rules.Leverage.PortfolioMax = 1.3
			cfg.Rules.Drawdown.Limit = 0.0005
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			params := settings(c.params...)
			run := func(s sim.Strategy) *sim.Result {
				cfg := config(t, s, walks...)
				if c.change != nil {
					c.change(&cfg)
				}
				return play(t, cfg)
			}
			want, got := run(builtIn(t, params)), run(open(t, command, Options{}, params...))
			if len(want.Orders) < 3 {
				t.Fatalf("%d orders are too few to show anything", len(want.Orders))
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%d orders, a value of %.17g; want %d, %.17g", len(got.Orders), got.FinalReturn, len(want.Orders), want.FinalReturn)
			}
		})
	}
}

// sample reads the embedded sample.
func sample(t testing.TB) []*market.Series {
	t.Helper()
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	read, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	var series []*market.Series
	for _, c := range read {
		series = append(series, c.Series)
	}
	return series
}

// TestPythonCrossoverOnTheSample: with the defaults of both, on all of it.
func TestPythonCrossoverOnTheSample(t *testing.T) {
	if testing.Short() {
		t.Skip("150 days in Python")
	}
	command, series := python(t, "example_crossover.py"), sample(t)
	want := play(t, config(t, builtIn(t, nil), series...))
	got := play(t, config(t, open(t, command, Options{}), series...))
	if !reflect.DeepEqual(got, want) || len(want.Orders) < 100 {
		t.Errorf("%d orders, a value of %.17g; want %d, %.17g", len(got.Orders), got.FinalReturn, len(want.Orders), want.FinalReturn)
	}
}

// TestExamplesRun: each file that is handed out, of those that are strategies,
// trades on the sample.
func TestExamplesRun(t *testing.T) {
	series := sample(t)[:2]
	for i := range series {
		series[i] = series[i].Slice(0, 3000)
	}
	for _, command := range []string{python(t, "example_trend.py"), "sh " + filepath.Join("..", "clients", "shell", "example_momentum.sh")} {
		res := play(t, config(t, open(t, command, Options{}), series...))
		if len(res.Orders) < 10 {
			t.Errorf("%s: %d orders", command, len(res.Orders))
		}
		if testing.Short() {
			continue
		}
		if again := play(t, config(t, open(t, command, Options{}), series...)); !reflect.DeepEqual(res, again) {
			t.Errorf("%s: another result the second time", command)
		}
	}
}

// TestShellMomentum against its idea: at each full hour, in if the hour's last
// close is above its first. Its first hour has candles 0 to 59.
func TestShellMomentum(t *testing.T) {
	btc := walk(t, "BTCUSD", 600, 5)
	res := play(t, config(t, open(t, "sh ../clients/shell/example_momentum.sh", Options{}, settings("leverage=0.07")...), btc))
	var want []sim.OrderType
	held := false
	for hour := 1; hour <= 10; hour++ {
		rises := btc.Close[60*hour-1] > btc.Close[60*(hour-1)]
		if rises != held {
			want = append(want, map[bool]sim.OrderType{true: sim.Long, false: sim.Flat}[rises])
			held = rises
		}
	}
	var got []sim.OrderType
	for _, o := range res.Orders {
		got = append(got, o.Type)
		if o.Type == sim.Long && o.Leverage != 0.07 {
			t.Errorf("leverage %g, want that of the parameter", o.Leverage)
		}
	}
	if !reflect.DeepEqual(got, want) || len(want) < 3 {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestPythonClient does what its documentation says. The strategy checks, and
// fails with an assertion.
func TestPythonClient(t *testing.T) {
	for _, c := range []struct {
		name, text string
		params     []string
		want       string // in the error; "": there is none
	}{
		{"parameters have the types of their defaults", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        assert ctx.param("n", 1) == 20 and type(ctx.param("n", 1)) is int
        assert ctx.param("x", 0.5) == 2.0 and type(ctx.param("x", 0.5)) is float
        assert ctx.param("on", False) is True
        assert ctx.param("name", "a") == "b c"
        assert ctx.param("digits", "a") == "12"
        assert ctx.param("absent", 7) == 7
        assert ctx.param("threshold", 0.5) == 1.1 and ctx.param("big", 0.5) == 100000.0 and ctx.param("padded", 1) == 7
        assert ctx.param("label", "") == "1.10" and ctx.param("code", "") == "1e5" and ctx.param("zeros", "") == "007"
        assert ctx.param("half", "") == "0.5" and ctx.param("huge", 1) == 9007199254740993
    def on_candles(self, ctx): pass
`, []string{"n=20", "x=2", "on=true", "name=b c", "digits=12", "threshold=1.10", "big=1e5", "padded=007", "label=1.10", "code=1e5",
			"zeros=007", "half=0.5", "huge=9007199254740993"}, ""},
		{"a misspelt callback", `
class S(ptnsim.Strategy):
    def on_start(self, ctx): print("started")
    def on_candle(self, ctx): ctx.target("BTCUSD", 0.1)
`, nil, "says: TypeError: S has no on_candles(self, ctx) of its own (did you mean on_candle to be it?)"},
		{"no callback", `
class S(ptnsim.Strategy):
    pass
`, nil, "says: TypeError: S has no on_candles(self, ctx) of its own; its last words"},
		{"an object with a function for callback", `
def S():
    s = ptnsim.Strategy()
    s.on_candles = lambda ctx: ctx.target("BTCUSD", 0.1)
    return s
S = S()
`, nil, ""},
		{"a callback of a base", `
class Base(ptnsim.Strategy):
    def on_candles(self, ctx): ctx.target("BTCUSD", 0.1)
class S(Base):
    pass
`, nil, ""},
		{"an order on a pair without candles shows its line", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        ctx.target("EURUSD", 0.1)
`, nil, "says: ValueError: no candles of EURUSD: the run has BTCUSD"},
		{"a parameter that is not finite", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("x", 1.0)
    def on_candles(self, ctx): pass
`, []string{"x=1e999"}, "ValueError: parameter x: found inf, expected a value such as 1.0"},
		{"a parameter that is no whole number", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("n", 1)
    def on_candles(self, ctx): pass
`, []string{"n=1.5"}, "ValueError: parameter n: found 1.5, expected a value such as 1"},
		{"a parameter of another type", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("n", 1)
    def on_candles(self, ctx): pass
`, []string{"n=many"}, "ValueError: parameter n: found 'many', expected a value such as 1"},
		{"a misspelt parameter", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("fast", 20)
        ctx.param("slow", 50)
    def on_candles(self, ctx): pass
`, []string{"fsat=3"}, "ValueError: unknown parameter fsat; the strategy takes: fast, slow"},
		{"what it sees", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        self.minute, self.hour = ctx.subscribe("BTCUSD"), ctx.subscribe("BTCUSD", "1h")
        ctx.decide_every(50)
        ctx.decide_every("1h")
        self.calls = 0
    def on_candles(self, ctx):
        self.calls += 1
        minute, hour = self.minute, self.hour
        assert ctx.candles("BTCUSD") is minute and ctx.candles("BTCUSD", "1h") is hour and ctx.feeds == [minute, hour]
        minutes = (ctx.now - ctx.from_ms) // 60000
        assert len(minute) == len(minute.close) == minutes and len(hour) == minutes // 60
        assert minute.fresh == (minutes > 0) and hour.fresh == (minutes > 0 and minutes % 60 == 0)
        if hour.fresh:
            assert hour.high[-1] == max(minute.high[-60:]) and hour.open[-1] == minute.open[-60]
        assert ctx.is_open("BTCUSD") and ctx.limits("BTCUSD").weight == 10 and ctx.size("BTCUSD") == 0.05
    def on_end(self, ctx):
        assert self.calls == 6 + 6 - 1, self.calls  # minute 300 is one of both
`, nil, ""},
		{"orders and outcomes", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        self.told, self.n = [], 0
    def on_candles(self, ctx):
        self.n += 1
        if self.n == 1:
            ctx.long("BTCUSD", 0.1, uuid="a")
            ctx.wake_at(ctx.now + 30000)
        if self.n == 2:
            assert ctx.now == ctx.from_ms + 90000 and ctx.leverage("BTCUSD") == 0.1
            ctx.reduce("BTCUSD", 0.04)
        if self.n == 3:
            # It acts half a minute into a candle, and fills at the open of the next: now.
            assert ctx.leverage("BTCUSD") == 0.1
            assert [(o.order_type, o.leverage) for o in ctx.pending("BTCUSD")] == [("SHORT", -0.04)]
        if self.n == 4:
            assert 0.0599 < ctx.position("BTCUSD").net_leverage < 0.0601 and ctx.portfolio.open_positions == 1
            ctx.flat("BTCUSD")
        if self.n == 5:
            assert ctx.position("BTCUSD") is None and ctx.positions() == [] and ctx.leverage("BTCUSD") == 0
    def on_outcome(self, ctx, outcome):
        assert outcome.filled
        self.told.append((outcome.order_type, outcome.outcome, outcome.uuid))
    def on_end(self, ctx):
        assert self.told == [("LONG", "accepted", "a"), ("SHORT", "accepted", ""), ("FLAT", "accepted", "")], self.told
`, nil, ""},
		{"kept candles", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.keep(20)
        self.total = 0
    def on_candles(self, ctx):
        c = ctx.feeds[0]
        self.total += c.new
        assert len(c) + c.dropped == self.total and len(c) <= 41 and len(c) >= min(20, self.total) and len(c.low) == len(c)
    def on_end(self, ctx):
        assert self.total == 300
`, nil, ""},
		{"a bug", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        return 1 / 0
`, nil, "ZeroDivisionError: division by zero"},
		{"a bug's traceback", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        return 1 / 0
`, nil, "in on_candles\n      return 1 / 0"},
		{"an order that is no number", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        ctx.long("BTCUSD", float("nan"))
`, nil, "ValueError: leverage: found nan, expected a finite number"},
		{"an order that is no number shows its line", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        ctx.target("BTCUSD", float("inf"))
`, nil, "in on_candles\n      ctx.target("},
		{"numbers of other types", `
class Number:
    "As NumPy's: a number that json does not know."
    def __init__(self, value): self.value = value
    def __float__(self): return float(self.value)
    def __int__(self): return int(self.value)
    def __gt__(self, other): return self.value > other
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.decide_every(Number(50), interval=Number(60000))
        ctx.decide_on_move(Number(0.5))
        ctx.decide_when("close", "below", Number(1))
        ctx.history(Number(5))
        self.n = 0
    def on_candles(self, ctx):
        self.n += 1
        if self.n == 1:
            ctx.long("BTCUSD", Number(0.1))
            ctx.wake_at(Number(ctx.now + 60000))
        if self.n == 2:
            assert ctx.now == ctx.from_ms + 51 * 60000 and ctx.leverage("BTCUSD") == 0.1
            ctx.reduce("BTCUSD", Number(0.05))
        if self.n == 3:
            assert 0.049 < ctx.leverage("BTCUSD") < 0.051
            ctx.short("BTCUSD", Number(0.01))
        if self.n == 4:
            assert 0.039 < ctx.leverage("BTCUSD") < 0.041
            ctx.target("BTCUSD", Number(0))
    def on_end(self, ctx):
        assert self.n == 7 and ctx.portfolio.open_positions == 0
`, nil, ""},
		{"rules at an interval", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.subscribe("BTCUSD"), ctx.subscribe("BTCUSD", "1h")
        ctx.decide_every(2, "BTCUSD", "1h")
        ctx.decide_when("close", "below", 0, interval="1h")
        ctx.decide_on_move(9.0, interval=3600000)
        self.asked = []
    def on_candles(self, ctx):
        self.asked.append((ctx.now - ctx.from_ms) // 60000)
    def on_end(self, ctx):
        assert self.asked == [120, 240], self.asked
`, nil, ""},
		{"room and carry", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.want("room", "carry")
        ctx.decide_every("1h")
    def on_candles(self, ctx):
        room, carry = ctx.room("BTCUSD"), ctx.carry("BTCUSD")
        # No position yet: the largest is 0.5, the portfolio's cap 10, and ten requests fit the window. Rules §2, §4.
        if ctx.now == ctx.from_ms:
            assert (room.leverage, room.portfolio, room.requests, room.cooldown_ms) == (0.5, 10, 10, 0), room
            ctx.long("BTCUSD", 0.5)
        if ctx.now == ctx.from_ms + 3600000:
            assert room.leverage < 1e-9 and room.requests == 10, room
        # Crypto is charged at 04:00, 12:00 and 20:00; the run begins at midnight. Rules §6.
        assert carry.next_ms == ctx.from_ms + (4 if ctx.now < ctx.from_ms + 4 * 3600000 else 12) * 3600000, carry
        assert carry.multiple == 1 and 0 < carry.charge < 0.001, carry
`, nil, ""},
		{"a later ptnsim tells more", `
later = dict(a_new_field=1)
outcome = dict(id=0, pair="BTCUSD", order_type="LONG", leverage=0.1, emitted_ms=1, outcome="accepted")
assert ptnsim._made(ptnsim.Outcome, {**outcome, **later}) == ptnsim.Outcome(**outcome)
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.want("portfolio", "pending", "outcomes", "room", "carry", "positions")
        self.n = 0
        see = ctx._see
        def later_see(message):
            message["portfolio"].update(later)
            for name in ("pending", "outcomes", "room", "carry", "positions"):
                for entry in message.get(name, ()): entry.update(later)
            for entry in message.get("candles", ()): entry.update(a_column=[1], a_number=2)
            see(message)
        ctx._see = later_see
    def on_candles(self, ctx):
        self.n += 1
        assert ctx.portfolio.value == 1 or self.n > 1
        ctx.pending("BTCUSD"), ctx.positions(), ctx.room("BTCUSD"), ctx.carry("BTCUSD")
        if self.n == 1: ctx.long("BTCUSD", 0.1)
    def on_outcome(self, ctx, outcome):
        assert outcome.outcome == "accepted"
`, nil, ""},
		{"a pair that is not there", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.subscribe("BTCUSD")
        ctx.want("positions", "pending", "sessions", "room", "carry")
        assert ctx.size("BTCUSD") == 0.05
    def on_candles(self, ctx):
        for what in (ctx.candles, ctx.size, ctx.limits, ctx.leverage, ctx.position, ctx.pending, ctx.is_open, ctx.room, ctx.carry,
                     lambda pair: ctx.candles("BTCUSD", "1h")):
            try:
                what("EURUSD")
            except ValueError as e:
                assert "BTCUSD" in str(e), e
            else:
                assert False, what
`, nil, ""},
		{"an alarm that is past", `
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        ctx.wake_at(ctx.now)
`, nil, "ValueError: wake_at: found 1740960060000, expected an instant after now"},
		{"an order too early", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.long("BTCUSD", 0.1)
    def on_candles(self, ctx): pass
`, nil, "RuntimeError: an order is for on_candles"},
		{"prints, and another program's, go to standard error", `
import os
class S(ptnsim.Strategy):
    def on_candles(self, ctx):
        print("debug", ctx.now)
        os.system("echo shell")
        ctx.decide_every
`, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, pythonText(t, "import ptnsim\n"+c.text+"\nptnsim.run(S)\n"), Options{}, settings(c.params...)...)
			n := 300
			if strings.HasPrefix(c.name, "prints") {
				n = 5
			}
			_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", n, 1)))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestPythonClientDoesNotMakeUp what it was not told: each accessor of what was
// not asked for says so.
func TestPythonClientDoesNotMakeUp(t *testing.T) {
	command := pythonText(t, `
import ptnsim
looks = {
    "positions": [lambda c: c.leverage("BTCUSD"), lambda c: c.position("BTCUSD"), lambda c: c.positions()],
    "pending": [lambda c: c.pending("BTCUSD")], "sessions": [lambda c: c.is_open("BTCUSD")],
    "portfolio": [lambda c: c.portfolio], "room": [lambda c: c.room("BTCUSD")], "carry": [lambda c: c.carry("BTCUSD")],
}
def refused(ctx, wanted, phase):
    for name, all_of_it in looks.items():
        for look in all_of_it:
            try:
                look(ctx)
            except RuntimeError as e:
                asked = ("ctx.want(..., %r)" % name) not in str(e)
                assert asked == (name in wanted), (name, e)
                assert not asked or phase == "start", (name, e)
            else:
                assert name in wanted and phase != "start", (name, phase)
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        self.wanted = ctx.param("want", "default").split()
        if self.wanted != ["default"]:
            ctx.want(*self.wanted)
        else:
            self.wanted = ["outcomes", "positions", "pending", "sessions", "portfolio"]
        refused(ctx, self.wanted, "start")
    def on_candles(self, ctx):
        refused(ctx, self.wanted, "candles")
        ctx.target("BTCUSD", 0.1)
    def on_end(self, ctx):
        refused(ctx, self.wanted, "end")
        assert "positions" not in self.wanted or ctx.leverage("BTCUSD") == 0.1
        assert "portfolio" not in self.wanted or ctx.portfolio.open_positions == 1
        assert "room" not in self.wanted or ctx.room("BTCUSD").leverage > 0
        assert "sessions" not in self.wanted or ctx.is_open("BTCUSD")
ptnsim.run(S)
`)
	for _, want := range []string{"default", "outcomes", "positions", "pending sessions", "portfolio", "room carry", ""} {
		play(t, config(t, open(t, command, Options{}, settings("want="+want)...), walk(t, "BTCUSD", 3, 1)))
	}
}

// TestExampleIsTheREADMEs, with a line before that says what it is.
func TestExampleIsTheREADMEs(t *testing.T) {
	example, err := clients.Files.ReadFile("python/example_trend.py")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```python\n# trend.py\n")
	block, _, _ = strings.Cut(block, "```")
	doc, code, ok := strings.Cut(string(example), "\n\n")
	if !ok || code != block || strings.Count(code, "\n") < 10 {
		t.Errorf("the example is\n%s\nthe README's\n%s", code, block)
	}
	if !strings.HasPrefix(doc, `"""`) || !strings.HasSuffix(doc, `"""`) || strings.Contains(doc, "\n") {
		t.Errorf("it begins with %q, want a docstring of a line", doc)
	}
}

// BenchmarkPython is the speed of a program: 50 candles a decision, and one.
func BenchmarkPython(b *testing.B) {
	const n = 100_000
	btc := walk(b, "BTCUSD", n, 1)
	for name, decide := range map[string]string{"50 candles a decision": "ctx.decide_every(50)", "every candle": "pass"} {
		b.Run(name, func(b *testing.B) {
			s := open(b, pythonText(b, `
import ptnsim
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        `+decide+`
    def on_candles(self, ctx):
        c = ctx.feeds[0]
        if c.close[-1] < 0: ctx.flat(c.pair)
ptnsim.run(S)
`), Options{})
			b.ReportAllocs()
			for b.Loop() {
				play(b, config(b, s, btc))
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "candles/s")
		})
	}
}

// BenchmarkPythonCrossover decides at every candle.
func BenchmarkPythonCrossover(b *testing.B) {
	const n = 50_000
	btc := walk(b, "BTCUSD", n, 1)
	s := open(b, python(b, "example_crossover.py"), Options{})
	b.ReportAllocs()
	for b.Loop() {
		play(b, config(b, s, btc))
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "candles/s")
}

// BenchmarkArrow is the speed of a Go program that is sent Arrow, and of one that
// is sent JSON, 1000 candles a decision.
func BenchmarkArrow(b *testing.B) {
	const n = 1_000_000
	btc := walk(b, "BTCUSD", n, 1)
	for client, candles := range map[string]string{"arrow": "arrow", "script": "json"} {
		b.Run(candles, func(b *testing.B) {
			s := open(b, self(b, client, `{"type":"ready","protocol":1,"candles":"`+candles+`","decide":{"candles":1000}}`), Options{})
			b.ReportAllocs()
			for b.Loop() {
				play(b, config(b, s, btc))
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "candles/s")
		})
	}
}

// TestPeekCheats: the fixture of the causality test is what it says. Its first
// run is honest, a second one over fewer candles differs at times that both saw.
func TestPeekCheats(t *testing.T) {
	command := python(t, filepath.Join("..", "..", "process", "testdata", "peek.py"))
	notes := settings("notes=" + filepath.Join(t.TempDir(), "notes.json"))
	btc := walk(t, "BTCUSD", 2000, 1)
	before := func(res *sim.Result, ms int64) (kinds []sim.OrderRecord) {
		for _, o := range res.Orders {
			if o.EmittedMS <= ms {
				kinds = append(kinds, o)
			}
		}
		return kinds
	}
	first := play(t, config(t, open(t, command, Options{}, notes...), btc))
	cut := btc.Slice(0, 1000)
	second := play(t, config(t, open(t, command, Options{}, notes...), cut))
	ms := cut.EndMS(900)
	if reflect.DeepEqual(before(first, ms), before(second, ms)) || len(before(first, ms)) == 0 {
		t.Error("it does not peek")
	}
}
