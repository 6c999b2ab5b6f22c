package script

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// TestWhatAScriptSees prints what there is after the third candle of a walk up
// and down, bought after the first.
func TestWhatAScriptSees(t *testing.T) {
	eur := minutes(t, "EURUSD", monday, 1, 1.25, 1.5, 1.5, 2, 2)
	for _, c := range []struct{ name, text, want string }{
		{"columns up to the last finished candle",
			"print(feed.close[-1], feed.close[0], len(feed.close), feed.count, feed.open[-1], feed.high[2], feed.low[2], list(feed.close))",
			"1.5 1.0 3 3 1.25 1.5 1.25 [1.0, 1.25, 1.5]"},
		{"slices stay as they are", "print(list(feed.close[-2:]), list(feed.close[::-2]), feed.close[:2] == feed.close[-3:-1], feed.close[1:] == feed.close[:2])",
			"[1.25, 1.5] [1.5, 1.0] True False"},
		{"a column that the data lacks", "print(feed.volume, feed.bid, feed.ask)", "None None None"},
		{"times", "print(feed.time[-1], utc(feed.time[-1]), feed.interval)", "1740960120000 2025-03-03T00:02:00Z 60000"},
		{"an index before the first", "print(max([x for x in feed.close]))", "1.5"},
		{"the feed", "print(feed, feed.pair, feed.asset_class, feed.fresh, feed.pending, feed.market_open, utc(feed.market_until))",
			"<feed of EURUSD> EURUSD forex True False True 2025-03-07T22:00:00Z"},
		{"a mean of two, and of four that do not exist", "print(feed.sma(2).value, feed.sma(2).previous, feed.sma(2).ready, feed.sma(4).value, feed.sma(4).ready)",
			"1.375 1.125 True None False"},
		{"an indicator is one, however it is asked for", "print(feed.indicator('sma(2)') == feed.sma(2), feed.sma(period=2) == feed.sma(2), feed.indicator('sma', 2))", "True True sma(2)"},
		{"outputs by name", "print(feed.donchian(2).upper, feed.donchian(2).lower, feed.donchian(2).previous_upper)", "1.5 1.0 1.25"},
		{"the position", "print(feed.net, feed.position.net, feed.position.entry > 1, utc(feed.position.opened), ctx.position(feed).net, feed.position.gain < 0.5)",
			"0.5 0.5 True 2025-03-03T00:01:00Z 0.5 True"},
		{"no position", "print(ctx.position('GBPUSD'))", "None"},
		{"the portfolio", "print(ctx.portfolio.positions, ctx.portfolio.eliminated, ctx.portfolio.leverage > 0, ctx.portfolio.drawdown_limit)", "1 False True 0.1"},
		{"limits and room", "print(ctx.limits('EURUSD').class_max, ctx.limits(feed).order_min, ctx.room(feed).leverage < 5, ctx.room(feed).requests)", "5.0 0.001 True 10"},
		{"the share of the built-in strategies", "print(ctx.share(), ctx.share(['EURUSD'], 0.2))", `{"EURUSD": 0.5} {"EURUSD": 0.2}`},
		{"the run", "print(ctx.pairs, ctx.rules, utc(ctx.start), utc(ctx.stop), ctx.latency, utc(ctx.now))",
			`("EURUSD",) ptn-2025-02 2025-03-03T00:00:00Z 2025-03-03T00:06:00Z 0 2025-03-03T00:03:00Z`},
		{"the calendar", "print(utc(ctx.now).weekday, utc(ctx.now).hour, utc(ctx.now).minute, utc(ctx.now).year, parse_time('2025-03-03') == ctx.start, duration('1h'))",
			"0 0 3 2025 True 3600000"},
		{"lists of feeds", "print(ctx.feeds[0] == feed, ctx.fresh[-1] == feed, len(ctx.feeds), len(ctx.fresh), ctx.feeds[1:], list(ctx.fresh[:1]))",
			"True True 1 1 () [<feed of EURUSD>]"},
		{"carry: a fifth of a percent a year and more", "print(ctx.feeds, feed.carry.multiple, feed.carry.rate_annual > 0)", "<feeds> 1 True"},
		{"feeds as keys", "print({feed: 1}[ctx.feed('EURUSD')], [f.pair for f in ctx.feeds])", `1 ["EURUSD"]`},
		{"a record", "r = record(a=1)\nr.b = r.a + 1\nprint(r.b, type(r), dir(r), r)", `2 record ["a", "b"] record[a b]`},
		{"mathematics", "print(math.exp(0), math.sqrt(4), math.floor(-1.5), math.ceil(1.2), math.round(2.5), math.fabs(-1), math.pow(2, 10), math.log(1))",
			"1.0 2.0 -2 2 2 1.0 1024.0 0.0"},
		{"sums", "print(math.sum(feed.close), math.mean([1, 2, 6]), math.stdev([1, 2, 3]), math.mean(feed.close[:2]))", "3.75 3.0 1.0 1.125"},
		{"floats of every size", "print(0.1 + 0.2, 1e300, 1e-7, 3.0)", "0.30000000000000004 1e+300 1e-07 3.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			indented := strings.ReplaceAll(c.text, "\n", "\n        ")
			var printed bytes.Buffer
			d, err := Parse("see.star", []byte("def decide(ctx):\n    feed = ctx.feed('EURUSD')\n    if feed.count == 1:\n        ctx.long(feed, 0.5)\n    if feed.count == 3:\n        "+indented+"\n"), WithPrint(&printed))
			if err != nil {
				t.Fatal(err)
			}
			s, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			play(t, config(t, s, eur))
			if got, want := printed.String(), "see.star: 2025-03-03T00:03:00Z: "+c.want+"\n"; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

// TestLifeOfAScript: what is called when, and what it is told. An order that
// waits for a candle that never comes is rejected at the end.
func TestLifeOfAScript(t *testing.T) {
	var printed bytes.Buffer
	d, err := Parse("life.star", []byte(`
print("top")
def init(ctx):
    print("init", len(ctx.pairs))
    ctx.subscribe("BTCUSD", quiet=True)
    ctx.wake_at(ctx.start + 90000)
    ctx.wake_every("2m")
def decide(ctx):
    print("decide", ctx.feed("BTCUSD").count, [f.pair for f in ctx.fresh])
    if ctx.now == ctx.start + 90000:
        ctx.wake_at(ctx.now + 1000)
        ctx.long("BTCUSD", 0.1)
        print(ctx.pending("BTCUSD")[0].type, ctx.feed("BTCUSD").pending)
    if ctx.now == ctx.start + 240000:
        ctx.flat("BTCUSD")
def outcome(ctx, order):
    print("outcome", order.id, order.type, order.outcome, order.reason, order.filled, order.price, order)
def end(ctx):
    print("end", ctx.portfolio.positions)
`), WithPrint(&printed))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002, 1003)))
	want := `life.star: 2025-03-03T00:00:00Z: top
life.star: 2025-03-03T00:00:00Z: init 1
life.star: 2025-03-03T00:00:00Z: decide 0 []
life.star: 2025-03-03T00:01:30Z: decide 1 []
life.star: 2025-03-03T00:01:30Z: LONG True
life.star: 2025-03-03T00:01:31Z: decide 1 []
life.star: 2025-03-03T00:02:00Z: decide 2 []
life.star: 2025-03-03T00:04:00Z: outcome 0 LONG accepted  True 1001.0 <order 0: LONG BTCUSD: accepted>
life.star: 2025-03-03T00:04:00Z: decide 4 []
life.star: 2025-03-03T00:04:00Z: outcome 1 FLAT rejected no_price False 0.0 <order 1: FLAT BTCUSD: rejected, no_price>
life.star: 2025-03-03T00:04:00Z: end 1
`
	if printed.String() != want {
		t.Errorf("%s\nwant\n%s", &printed, want)
	}
}

// TestWhen: decide is called for the candles that pass the test, and the test
// sees the candle in question.
func TestWhen(t *testing.T) {
	var printed bytes.Buffer
	d, err := Parse("when.star", []byte(`
def init(ctx):
    feed = ctx.subscribe("BTCUSD", when=lambda candles: candles.close[-1] > 1001 and candles.sma(2).value != candles.sma(2).previous)
def decide(ctx):
    for feed in ctx.fresh:
        print(feed.count, feed.close[-1], feed.sma(2).value)
`), WithPrint(&printed))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// Means of two: -, 1000.5, 1001.5, 1002, 1001.5, 1001.5. The first mean
	// differs from none. Closes above 1001 are those of candles 3, 4 and 6.
	play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002, 1002, 1001, 1002)))
	want := "when.star: 2025-03-03T00:03:00Z: 3 1002.0 1001.5\nwhen.star: 2025-03-03T00:04:00Z: 4 1002.0 1002.0\n"
	if printed.String() != want {
		t.Errorf("%s\nwant\n%s", &printed, want)
	}
}

// TestOrders: what a script asks for is what is emitted.
func TestOrders(t *testing.T) {
	for _, c := range []struct {
		call string
		want sim.Order
	}{
		{"ctx.long('BTCUSD', 0.25)", sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.25}},
		{"ctx.short(ctx.feed('BTCUSD'), 0.25)", sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.25}},
		{"ctx.flat('BTCUSD')", sim.Order{Pair: "BTCUSD", Type: sim.Flat}},
		{"ctx.target('BTCUSD', -0.125)", sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.125}},
		{"ctx.submit('BTCUSD', 'SHORT', 1, uuid='u')", sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -1, UUID: "u"}},
		{"ctx.submit(pair='BTCUSD', type='FLAT')", sim.Order{Pair: "BTCUSD", Type: sim.Flat}},
	} {
		t.Run(c.call, func(t *testing.T) {
			s := made(t, "def decide(ctx):\n    if ctx.feed('BTCUSD').count == 1:\n        "+c.call+"\n")
			orders := play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002))).Orders
			if len(orders) != 1 || orders[0].Order != c.want {
				t.Errorf("%+v\nwant %+v", orders, c.want)
			}
		})
	}
}

// TestReduce: half of a position is let go; of nothing there is nothing to reduce.
func TestReduce(t *testing.T) {
	s := made(t, `
def decide(ctx):
    n = ctx.feed("BTCUSD").count
    if n == 1:
        ctx.reduce("BTCUSD", 0.1) and fail("there was nothing")
        ctx.long("BTCUSD", 0.4)
    if n == 3:
        ctx.reduce("BTCUSD", 0.2) or fail("there was something")
`)
	var leverages []float64
	for _, o := range play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002, 1003, 1004))).Orders {
		leverages = append(leverages, o.EffectiveLeverage)
	}
	if want := []float64{0.4, -0.2}; !reflect.DeepEqual(leverages, want) {
		t.Errorf("%v, want %v", leverages, want)
	}
}

// TestParams of every kind, as a person sets them.
func TestParams(t *testing.T) {
	const text = `
fast = param("fast", 20, least=1, most=100, doc="the faster")
slow = param("slow", 5 * fast)
part = param("part", 0.5, least=0, most=1)
average = param("average", "sma", choices=["sma", "ema"])
active = param("active", True)
note = param("note", "none")
pairs = param("pairs", ["BTCUSD"])
fast < slow or fail("fast: found %d; expected less than slow, which is %d" % (fast, slow))
def decide(ctx):
    print(fast, slow, part, average, active, note, pairs)
`
	var printed bytes.Buffer
	d, err := Parse("params.star", []byte(text), WithPrint(&printed))
	if err != nil {
		t.Fatal(err)
	}
	params, err := d.Params()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []strategies.Kind
	for _, p := range params {
		kinds = append(kinds, p.Kind)
	}
	if want := []strategies.Kind{"integer", "integer", "number", "choice", "switch", "text", "pairs"}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	if p := params[0]; p.Default != "20" || p.Range != "from 1 to 100" || p.Doc != "the faster" || params[1].Default != "100" {
		t.Errorf("%+v", params[:2])
	}
	for _, c := range []struct{ settings, want string }{
		{"", `20 100 0.5 sma True none ("BTCUSD",)`},
		{"fast=3", `3 15 0.5 sma True none ("BTCUSD",)`},
		{"slow=7 fast=3 part=1 average=ema active=false note=x pairs=ETHUSD,BTCUSD", `3 7 1.0 ema False x ("ETHUSD", "BTCUSD")`},
	} {
		s, err := d.New(settings(strings.Fields(c.settings)...))
		if err != nil {
			t.Fatal(err)
		}
		printed.Reset()
		play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000)))
		if got, want := printed.String(), "params.star: 2025-03-03T00:01:00Z: "+c.want+"\n"; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	for _, c := range []struct{ settings, want string }{
		{"fast=0", `params.star: fast: found "0"; expected a whole number from 1 to 100`},
		{"fsat=1", `params.star: found the unknown parameter "fsat" (did you mean fast?); expected one of fast, slow, part`},
		{"average=smaa", `params.star: average: found "smaa"; expected one of sma, ema (did you mean sma?)`},
		{"slow=2", "params.star: 9:20: fail: fast: found 20; expected less than slow, which is 2"},
	} {
		if _, err := d.New(settings(c.settings)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", c.settings, err, c.want)
		}
	}
}

// TestPrintsAreBounded: a script that prints for every candle doesn't fill a disk.
func TestPrintsAreBounded(t *testing.T) {
	var printed bytes.Buffer
	d, err := Parse("loud.star", []byte("def decide(ctx):\n    print('x' * 5000)\n"), WithPrint(&printed))
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	play(t, config(t, s, walk(t, "BTCUSD", printedMax+100, 1)))
	lines := strings.Split(strings.TrimSpace(printed.String()), "\n")
	if len(lines) != printedMax+1 || lines[printedMax] != "loud.star: more than 10000 lines; the rest is left out" || len(lines[0]) > lineMax+100 {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// TestNaNIsNone: what a comparison with no number would decide is not decided.
func TestNaNIsNone(t *testing.T) {
	if number(math.NaN()).String() != "None" || number(1).String() != "1.0" {
		t.Error(number(math.NaN()), number(1))
	}
}
