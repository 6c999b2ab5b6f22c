package script

import (
	"context"
	"io/fs"
	"reflect"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// TestExamplesTradeAndDoNotPeek plays every example on the sample.
func TestExamplesTradeAndDoNotPeek(t *testing.T) {
	series := sampleSeries(t)
	for i, s := range series {
		series[i] = s.Slice(0, min(s.Len(), 8000))
	}
	files, err := fs.Glob(Examples(), "*.star")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(name, func(t *testing.T) {
			text, err := fs.ReadFile(Examples(), name)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(name, text)
			if err != nil {
				t.Fatal(err)
			}
			if d.Kind != strategies.Script || d.Name != name || d.Idea == "" || d.Doc == "" || len(d.SHA256) != 64 {
				t.Errorf("the definition is %+v", d)
			}
			report, err := sim.VerifyCausal(context.Background(), config(t, nil, series...),
				func() (sim.Strategy, error) { return d.New(nil) }, sim.CausalOptions{Points: 4})
			if err != nil {
				t.Fatal(err)
			}
			if report.Difference != nil || report.Note != "" {
				t.Errorf("%+v: %s", report.Difference, report.Note)
			}
			filled := 0
			for _, o := range report.Base.Orders {
				if o.Filled() {
					filled++
				}
			}
			if filled < 10 {
				t.Errorf("%d of %d orders filled", filled, len(report.Base.Orders))
			}
		})
	}
}

// TestPeekingIsCaught: nothing hides the future from a computation beforehand,
// and the causality test finds who uses it.
func TestPeekingIsCaught(t *testing.T) {
	d, err := Open("testdata/peek.star")
	if err != nil {
		t.Fatal(err)
	}
	report, err := sim.VerifyCausal(context.Background(), config(t, nil, walk(t, "BTCUSD", 2000, 1)),
		func() (sim.Strategy, error) { return d.New(nil) }, sim.CausalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Difference == nil {
		t.Fatal("it was not caught")
	}
}

// TestARunStartsAnew: neither a record nor what a script keeps at its top level
// outlives a run.
func TestARunStartsAnew(t *testing.T) {
	s := made(t, `
calls = []
def init(ctx):
    ctx.state.n = 0
    ctx.subscribe("BTCUSD")
def decide(ctx):
    calls.append(ctx.now)
    ctx.state.n += 1
    if ctx.random.uniform() < 0.1:
        ctx.target("BTCUSD", 0.001 * min(len(calls) + ctx.state.n, 100))
`)
	cfg := config(t, s, walk(t, "BTCUSD", 300, 1))
	first := play(t, cfg)
	if again := play(t, cfg); len(first.Orders) < 5 || !reflect.DeepEqual(again, first) {
		t.Errorf("%d orders, then %d, or others", len(first.Orders), len(again.Orders))
	}
	cfg.Seed++
	if other := play(t, cfg); reflect.DeepEqual(other.Orders, first.Orders) {
		t.Error("the seed changes nothing")
	}
}

// TestRunsShareNothing: strategies of one definition run side by side.
func TestRunsShareNothing(t *testing.T) {
	d, err := Open("examples/precomputed.star")
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t, nil, walk(t, "BTCUSD", 2000, 1))
	results := make([]*sim.Result, 4)
	var group errgroup.Group
	for i := range results {
		group.Go(func() (err error) {
			cfg := cfg
			if cfg.Strategy, err = d.New(nil); err == nil {
				results[i], err = sim.Run(context.Background(), cfg)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, r := range results[1:] {
		if len(r.Orders) == 0 || !reflect.DeepEqual(r, results[0]) {
			t.Error("the results differ, or are empty")
		}
	}
}
