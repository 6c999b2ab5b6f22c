package script

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/sim"
)

// TestParseRefuses what can be told before a run.
func TestParseRefuses(t *testing.T) {
	const ok = "def decide(ctx):\n    pass\n"
	for _, c := range []struct{ name, text, want string }{
		{"syntax", "def decide(ctx):\n    x = = 1\n", "bad.star:2:9: got '=', want primary expression\n    2 |     x = = 1\n      |         ^"},
		{"an unknown name, with what may be meant", "def decide(ctx):\n\treturn lenn(ctx.pairs)\n", "bad.star:2:9: undefined: lenn (did you mean len?)\n    2 | \treturn lenn(ctx.pairs)\n      | \t       ^"},
		{"nothing", "", "bad.star: it defines no function decide(ctx); expected one, which is called whenever a candle is finished"},
		{"decide without an argument", "def decide():\n    pass\n", "bad.star:1:1: decide takes 0 arguments; expected one: ctx"},
		{"outcome with one argument", ok + "def outcome(ctx):\n    pass\n", "bad.star:3:1: outcome takes 1 arguments; expected two: ctx and order"},
		{"decide as a number", "decide = 1\n", "bad.star: decide is a value of type int; expected a function"},
		{"load", "load(\"other.star\", \"x\")\n" + ok, "bad.star:1:1: load is not available: a script is a single file"},
		{"while", "def decide(ctx):\n    while True:\n        pass\n", "bad.star:2:5: while is not available: loop over something that ends, as in for i in range(1000), and break\n    2 |     while True:"},
		{"recursion", "def f(n):\n    return f(n)\nx = f(1)\n" + ok, "bad.star:2:12: f: function f called recursively\n    2 |     return f(n)\n      |            ^\ncalled from bad.star:2:13 in f\ncalled from bad.star:3:6"},
		{"a runaway", "def spin():\n    for i in range(10000000):\n        for j in range(10000000):\n            pass\nspin()\n" + ok, "spin: this call took more than 100000 steps: it does not end, or does too much at once"},
		{"a huge range", "x = list(range(1000000000))\n" + ok, "range: found 1000000000 elements; expected at most 10000000"},
		{"its own refusal", "fail(\"fast is not below slow\")\n" + ok, "bad.star:1:5: fail: fast is not below slow"},
		{"a pair of parameters of one name", "param(\"a\", 1)\nparam(\"a\", 2)\n" + ok, "param a: declared twice"},
		{"a parameter's name", "param(\"a b\", 1)\n" + ok, "param: found the name \"a b\"; expected letters, digits, _ and -"},
		{"a default out of bounds", "param(\"a\", 1, least=2)\n" + ok, "param a: found a default of 1; expected one from 2 to"},
		{"a default of no kind", "param(\"a\", None)\n" + ok, "param a: found None for the default"},
		{"bounds of a string", "param(\"a\", \"x\", least=2)\n" + ok, "param a: least and most are for numbers"},
		{"a default that is no choice", "param(\"a\", \"smaa\", choices=[\"sma\", \"ema\"])\n" + ok, "param a: the default: found \"smaa\"; expected one of sma, ema (did you mean sma?)"},
		{"a parameter within a function", "def decide(ctx):\n    pass\ndef f():\n    return param(\"a\", 1)\nf()\nf()\n", "declared twice"},
		{"a domain", "math.log(0)\n" + ok, "math.log: found 0; expected a positive number"},
		{"an import", "import numpy as np\n" + ok, "bad.star:1:1: import is not available: a script is a single file, and math is there without it"},
		{"an import of a part", "from math import sqrt\n" + ok, "bad.star:1:1: from is not available: a script is a single file"},
		{"a global", "n = 0\ndef decide(ctx):\n    global n\n    n = 1\n", "bad.star:3:5: global is not available: keep what changes in ctx.state"},
		{"a class", "class A:\n    pass\n" + ok, "bad.star:1:1: class is not available: record(name=value) has fields"},
		{"a try", "def decide(ctx):\n    try:\n        pass\n    except ValueError:\n        pass\n", "bad.star:2:5: try is not available: an error ends the run; ask before"},
		{"a raise", "def decide(ctx):\n    raise 1\n", "bad.star:2:5: raise is not available: an error ends the run; ask before, as in x != None, and give up with fail(message)"},
		{"an is", "def decide(ctx):\n    if ctx is None:\n        pass\n", "is is not available: write == None, or != None"},
		{"a power", "x = 2 ** 3\n" + ok, "bad.star:1:9: ** is not available: write math.pow(x, y)"},
		{"an f-string", "def decide(ctx):\n    print(f\"{ctx}\")\n", "f-strings are not available: write \"%d\" % x, or \"{}\".format(x)"},
		{"another f-string", "x = F'a'\n" + ok, "f-strings are not available"},
		{"two strings, neither an f-string", "x = 'if' 'b'\n" + ok, "got string literal, want newline"},
		{"a file", "x = open('x')\n" + ok, "bad.star:1:5: undefined: open (a script reads and writes no files)"},
		{"a sum", "x = sum([1])\n" + ok, "undefined: sum (math.sum is there)"},
		{"a variable before it has a value", "def f():\n    if False:\n        n = 1\n    return n\nf()\n" + ok, "bad.star:4:12: f: local variable n referenced before assignment\n"},
		{"deep brackets", strings.Repeat("(", textMax), "excessive nesting"},
		{"a long text", strings.Repeat("#", textMax+1), "bad.star: found more than 256 KiB, expected a script of at most that"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("bad.star", []byte(c.text), WithSteps(100_000))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// TestRunRefuses what shows only when the script runs.
func TestRunRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a candle that is not there, with the stack", "def first(feed):\n    return feed.close[3]\ndef decide(ctx):\n    for feed in ctx.fresh:\n        first(feed)\n",
			"strategy at 2025-03-03T00:01:00Z: bad.star:2:22: first: column index 3: only 1 candle is finished; ask feed.count first\n    2 |     return feed.close[3]\n      |                      ^\ncalled from bad.star:5:14 in decide"},
		{"a candle that is not there yet", "def decide(ctx):\n    ctx.feeds[0].close[-3] if ctx.feeds[0].count == 2 else None\n", "column index -3: only 2 candles are finished; ask feed.count first"},
		{"a candle of what a test may not see", "def init(ctx):\n    feed = ctx.subscribe(\"BTCUSD\")\n    ctx.subscribe(\"BTCUSD\", when=lambda candles: feed.close[-1] > 0)\ndef decide(ctx):\n    pass\n", "lambda: column index -1: no finished candle is to be seen here; ask feed.count first"},
		{"a variable of the script's, assigned to", "n = 0\ndef decide(ctx):\n    n = n + 1\n", "bad.star:3:9: decide: local variable n referenced before assignment: a function that assigns to n has a variable of its own of that name; keep what changes in ctx.state\n"},
		{"an order without candles", "def decide(ctx):\n    ctx.long(\"SOLUSD\", 0.1)\n", "bad.star:2:13: decide: long: no candles of SOLUSD: the run has BTCUSD\n"},
		{"a target without candles", "def decide(ctx):\n    ctx.target(\"SOLUSD\", 0.1)\n", "target: no candles of SOLUSD: the run has BTCUSD\n"},
		{"orders without end", "def decide(ctx):\n    for i in range(1001):\n        ctx.flat(\"BTCUSD\")\n", "flat: found more than 1000 orders at one instant; expected at most that"},
		{"targets without end", "def decide(ctx):\n    for i in range(1001):\n        ctx.target(\"BTCUSD\", 0.1 + 0.1 * (i % 2))\n", "target: found more than 1000 orders at one instant"},
		{"a misspelt attribute", "def decide(ctx):\n    ctx.lng(\"BTCUSD\", 1)\n", "context has no .lng field or method (did you mean .long?)"},
		{"a misspelt pair", "def decide(ctx):\n    ctx.long(\"BTCSUD\", 1)\n", "long: found \"BTCSUD\", which the rule set ptn-2025-02 does not know (did you mean BTCUSD?)"},
		{"a pair without candles", "def init(ctx):\n    ctx.subscribe(\"ETHUSD\")\ndef decide(ctx):\n    pass\n", "subscribe: no candles of ETHUSD: the run has BTCUSD"},
		{"a negative leverage", "def decide(ctx):\n    ctx.short(\"BTCUSD\", -0.1)\n", "short: found a leverage of -0.1; expected a positive one: long buys, short sells, target takes a sign"},
		{"an infinite leverage", "def decide(ctx):\n    ctx.target(\"BTCUSD\", math.inf)\n", "found +Inf; expected a finite number"},
		{"an indicator that is not there yet", "def decide(ctx):\n    ctx.feed(\"BTCUSD\").sma(20).value < 1\n", "NoneType < int not implemented"},
		{"an indicator's argument", "def decide(ctx):\n    ctx.feed(\"BTCUSD\").sma(0)\n", "sma: period: found 0; expected a whole number from 1 to 1048576"},
		{"an unknown indicator", "def decide(ctx):\n    ctx.feed(\"BTCUSD\").indicator(\"smaa(20)\")\n", "found the unknown indicator \"smaa\" (did you mean sma?)"},
		{"an order in init", "def init(ctx):\n    ctx.long(\"BTCUSD\", 1)\ndef decide(ctx):\n    pass\n", "long: orders are only taken in decide and outcome"},
		{"an order at the end", "def decide(ctx):\n    pass\ndef end(ctx):\n    ctx.flat(\"BTCUSD\")\n", "strategy at its end: bad.star:4:13: end: flat: orders are only taken in decide and outcome"},
		{"a subscription in decide", "def decide(ctx):\n    ctx.subscribe(\"BTCUSD\")\n", "subscribe: only to be called in init"},
		{"a position in init", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\").net\ndef decide(ctx):\n    pass\n", "only to be asked in decide, outcome and end"},
		{"an alarm in the past", "def decide(ctx):\n    ctx.wake_at(ctx.now)\n", "wake_at: found 2025-03-03T00:01:00Z, which is not after 2025-03-03T00:01:00Z"},
		{"a runaway", "def spin():\n    for i in range(10000000):\n        for j in range(10000000):\n            pass\ndef decide(ctx):\n    spin()\n", "spin: this call took more than 100000 steps"},
		{"a runaway beforehand", "def spin(candles):\n    for i in range(10000000):\n        for j in range(10000000):\n            pass\ndef init(ctx):\n    ctx.subscribe(\"BTCUSD\").precompute(spin)\ndef decide(ctx):\n    pass\n", "spin: this call took more than 130000 steps"},
		{"a draw beforehand", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\", when=lambda candles: ctx.random.uniform() < 0.5)\ndef decide(ctx):\n    pass\n", "not for what looks at candles beforehand"},
		{"an error in what wakes, with an end", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\", when=lambda candles: candles.count == 3 and fail(\"so\"))\ndef decide(ctx):\n    pass\ndef end(ctx):\n    pass\n", "lambda: fail: so"},
		{"a column of another length", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\").precompute(lambda candles: [1])\ndef decide(ctx):\n    pass\n", "precompute: lambda returned 1 values; expected one for each of the 3 candles"},
		{"a column of texts", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\").precompute(lambda candles: [\"a\"] * 3)\ndef decide(ctx):\n    pass\n", "found a string for candle 0; expected a number, or None"},
		{"an error in what wakes", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\", when=lambda candles: 1 // 0)\ndef decide(ctx):\n    pass\n", "bad.star:2:52: lambda: floored division by zero"},
		{"a parameter in init", "def init(ctx):\n    param(\"a\", 1)\ndef decide(ctx):\n    pass\n", "param: parameters are declared at the top level of the script"},
		{"a price that is gone", "def decide(ctx):\n    ctx.submit(\"BTCUSD\", \"LONG\", 0.1, price=min(ctx.feed(\"BTCUSD\").low), slippage=0)\n",
			"submit: found price: a pinned fill is for signal files; the order of a script fills at the open of the next candle, with the slippage of the rules"},
		{"a slippage of its own", "def decide(ctx):\n    ctx.submit(\"BTCUSD\", \"LONG\", 0.1, slippage=0)\n", "submit: found slippage: a pinned fill is for signal files"},
		{"a quote without a spread", "def decide(ctx):\n    ctx.submit(\"BTCUSD\", \"LONG\", 0.1, bid=1000, ask=1000)\n", "submit: found bid: a pinned fill is for signal files"},
		{"an ask", "def decide(ctx):\n    ctx.submit(\"BTCUSD\", \"LONG\", 0.1, ask=1000)\n", "submit: found ask: a pinned fill is for signal files"},
		{"a type of order", "def decide(ctx):\n    ctx.submit(\"BTCUSD\", \"long\", 0.1)\n", "submit: found the type \"long\"; expected \"LONG\", \"SHORT\" or \"FLAT\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Parse("bad.star", []byte(c.text), WithSteps(100_000))
			if err != nil {
				t.Fatal(err)
			}
			s, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = sim.Run(context.Background(), config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v\nwant %s", err, c.want)
			}
			var e *Error
			if !errors.As(err, &e) || e.File != "bad.star" || e.Line == 0 && c.name != "a column of another length" {
				t.Errorf("no place in the script: %+v", e)
			}
		})
	}
}

// TestAScriptIsGivenUp: a run that is cancelled doesn't wait for a call that goes
// on for hours, and the error is the context's, not one of the script.
func TestAScriptIsGivenUp(t *testing.T) {
	const long = "def long(*args):\n    print(1)\n    for i in range(10000000):\n        for j in range(10000000):\n            pass\n"
	const decide = "def decide(ctx):\n    pass\n"
	for _, c := range []struct{ name, text string }{
		{"in decide", "def decide(ctx):\n    long()\n"},
		{"in init", "def init(ctx):\n    long()\n" + decide},
		{"in a computation beforehand", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\").precompute(long)\n" + decide},
		{"in what wakes", "def init(ctx):\n    ctx.subscribe(\"BTCUSD\", when=long)\n" + decide},
		{"at the end", decide + "def end(ctx):\n    long()\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			d, err := Parse("long.star", []byte(long+c.text), WithSteps(1<<60), WithPrint(writerFunc(cancel)))
			if err != nil {
				t.Fatal(err)
			}
			s, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = sim.Run(ctx, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001)))
			var e *Error
			if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestOrdersOfManyInstants: the bound of a thousand orders begins anew with each.
func TestOrdersOfManyInstants(t *testing.T) {
	s := made(t, "def decide(ctx):\n    for i in range(1000):\n        ctx.flat(\"BTCUSD\")\n")
	if n := len(play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002))).Orders); n != 3000 {
		t.Errorf("%d orders, want 3000", n)
	}
}

// TestATargetThatOpensNothing is told, once: the smallest position in crypto is
// 0.01. Rules §4.
func TestATargetThatOpensNothing(t *testing.T) {
	const doubt = "BTCUSD: a target is below the smallest position, 0.01: none is opened"
	for _, c := range []struct {
		name, calls string
		want        bool
	}{
		{"from nothing", "ctx.target('BTCUSD', 0.009)", true},
		{"short", "ctx.target('BTCUSD', -0.009)", true},
		{"through zero", "ctx.long('BTCUSD', 0.1); ctx.target('BTCUSD', -0.009)", true},
		{"the smallest", "ctx.target('BTCUSD', 0.01)", false},
		{"nothing of nothing", "ctx.target('BTCUSD', 0)", false},
		{"on the side of a position", "ctx.long('BTCUSD', 0.1); ctx.target('BTCUSD', 0.009)", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := made(t, "def decide(ctx):\n    if ctx.feeds[0].count <= 2:\n        "+c.calls+"\n")
			var told int
			for _, w := range play(t, config(t, s, minutes(t, "BTCUSD", monday, 1000, 1001, 1002, 1003))).Warnings {
				if w == doubt {
					told++
				}
			}
			if told == 1 != c.want || told > 1 {
				t.Errorf("told %d times, want it told: %t", told, c.want)
			}
		})
	}
}

// writerFunc is called for what is written.
type writerFunc func()

// Write implements io.Writer.
func (f writerFunc) Write(p []byte) (int, error) { f(); return len(p), nil }

// TestMessagesAreBounded: what a script may make as long as it wants is not all
// shown.
func TestMessagesAreBounded(t *testing.T) {
	long := strings.Repeat("n", 40_000)
	for _, c := range []struct{ name, text, want string }{
		{"a refusal", "fail(\"ä\" * 1000000)\n", "fail: ä"},
		{"an unknown name", long + "\n", "undefined: n"},
		{"the names of functions", "def " + long + "():\n    fail(\"so\")\ndef n" + long + "():\n    " + long + "()\nn" + long + "()\n", "fail: so"},
		{"an attribute", "getattr(math, \"x\" * 1000000)\n", "has no .x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("long.star", []byte(c.text+"def decide(ctx):\n    pass\n"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%.300v\nwant %s", err, c.want)
			}
			if text := err.Error(); len(text) > 3000 || !utf8.ValidString(text) {
				t.Errorf("%d bytes, ending in %q", len(text), text[len(text)-100:])
			}
		})
	}
}

// TestTheStackIsBounded: of a call a hundred deep, the ten innermost callers show.
func TestTheStackIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("def f0():\n    fail(\"deep\")\n")
	for i := 1; i < 100; i++ {
		b.WriteString(strings.NewReplacer("A", strconv.Itoa(i), "B", strconv.Itoa(i-1)).Replace("def fA():\n    fB()\n"))
	}
	b.WriteString("f99()\ndef decide(ctx):\n    pass\n")
	_, err := Parse("deep.star", []byte(b.String()))
	var e *Error
	if !errors.As(err, &e) || len(e.Callers) != 10 || e.Function != "f0" || e.Callers[9].Function != "f10" {
		t.Fatalf("%v", err)
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.star")
	if err := os.WriteFile(path, []byte("#!/usr/bin/env ptnsim\n# Does nothing. Ever.\n# Or does it?\n\ndef decide(ctx):\n    pass\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "mine.star" || d.Idea != "Does nothing" || d.Doc != "Does nothing. Ever. Or does it?" {
		t.Errorf("%+v", d)
	}
	const expected = "; expected a script, such as those that 'ptnsim strategies example' lists"
	none := filepath.Join(t.TempDir(), "none.star")
	if _, err := Open(none); !errors.Is(err, os.ErrNotExist) || err.Error() != none+": found no such file"+expected {
		t.Errorf("%v", err)
	}
	folder := t.TempDir()
	if _, err := Open(folder); err == nil || err.Error() != folder+": found a folder"+expected {
		t.Errorf("%v", err)
	}
}
