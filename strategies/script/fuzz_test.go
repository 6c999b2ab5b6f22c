package script

import (
	"bytes"
	"context"
	"io/fs"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// FuzzParse: no text makes the program panic or hang, neither when it is read nor
// when it runs. Products are left out: Starlark lets a script ask for a list of
// 2^30 elements, which no step limit sees.
func FuzzParse(f *testing.F) {
	files, err := fs.Glob(Examples(), "*.star")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(Examples(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.ReplaceAll(text, []byte("*"), []byte("+")))
	}
	f.Add([]byte("def decide(ctx):\n    for f in ctx.fresh:\n        ctx.state.x = (f.close[-1], f.close == f.open, f.close[:] == f.time[:], f.macd().signal, str(f), dir(ctx))\n        ctx.target(f, 0.1)\n"))
	f.Add([]byte("x = param(\"x\", [\"BTCUSD\"])\ndef decide(ctx):\n    for v in (ctx, ctx.portfolio, ctx.random, ctx.fresh, ctx.feed(\"BTCUSD\"), math, utc(0), record(a=1)):\n        print(v, [getattr(v, a, None) for a in dir(v) if a != \"net\"])\n"))
	f.Add([]byte("def init(ctx):\n    ctx.subscribe(\"BTCUSD\", when=lambda c: c.rsi(2).value != None)\n    ctx.wake_every(\"5m\")\ndef decide(ctx):\n    ctx.submit(\"BTCUSD\", \"LONG\", 0.1, uuid=\"a\")\n"))
	f.Add(bytes.Repeat([]byte("-"), 5000))
	f.Add(bytes.Repeat([]byte("not "), 5000))
	f.Add(bytes.Repeat([]byte("lambda:"), 5000))
	f.Add(bytes.Repeat([]byte("[("), 90))
	cfg := config(f, nil, minutes(f, "BTCUSD", monday, 1000, 1001, 1002, 999, 998, 1003))
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.ContainsAny(text, "*") || bytes.Contains(text, []byte("replace")) || bytes.Contains(text, []byte("join")) {
			t.Skip()
		}
		var printed bytes.Buffer
		d, err := Parse("fuzz.star", text, WithSteps(20_000), WithPrint(&printed))
		if err != nil {
			_ = err.Error()
			return
		}
		s, err := d.New(nil)
		if err != nil {
			t.Fatalf("read, but not made: %v", err)
		}
		cfg := cfg
		cfg.Strategy = s
		_, err = sim.Run(context.Background(), cfg)
		_ = err
	})
}
