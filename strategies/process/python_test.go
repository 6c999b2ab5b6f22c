package process

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/clients"
)

// python is the command that runs a file beside the client, with the system's
// Python.
func python(t testing.TB, file string) string {
	t.Helper()
	path, err := exec.LookPath("python3")
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
`, []string{"n=20", "x=2", "on=true", "name=b c", "digits=12"}, ""},
		{"a parameter of another type", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("n", 1)
`, []string{"n=many"}, "ValueError: parameter n: found 'many', expected a value such as 1"},
		{"a misspelt parameter", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.param("fast", 20)
        ctx.param("slow", 50)
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
`, nil, "Out of range float values are not JSON compliant"},
		{"an order too early", `
class S(ptnsim.Strategy):
    def on_start(self, ctx):
        ctx.long("BTCUSD", 0.1)
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
