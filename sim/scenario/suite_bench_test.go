package scenario_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// manyScenarios is a folder of n small scenarios of every kind, as a rule's tests are:
// half of them with candles and signals written out, a third with rules of their own.
func manyScenarios(t testing.TB, n int) (dir string) {
	files := make(map[string]string)
	for i := range n {
		text := fmt.Sprintf("scenario: number %d\n", i)
		if i%3 == 0 {
			text += fmt.Sprintf("set: {cooldown.period: %dms}\n", 9000+i)
		}
		switch {
		case i%30 == 1:
			text += "subnet:\n  miners: [{name: a, strategy: buy-and-hold, state: main}, {name: b, strategy: random}]\n" + up + "expect: {miners: {count: 2}}\n"
		case i%30 == 2:
			text += fmt.Sprintf("synth: {seed: %d, from: 2025-03-03, to: +2d, interval: 5m, pairs: [{pair: EURUSD}]}\nstrategy: crossover\nparams: {fast: 3, slow: 9}\nexpect: {orders: {count: '> 0'}}\n", i%4)
		case i%10 == 3:
			text += "data: {path: sample, pairs: [BTCUSD]}\nfrom: 2025-01-10\nto: 2025-01-12\nstrategy: crossover\nparams: {fast: 3, slow: 9}\nexpect: {orders: {count: '> 0'}}\n"
		case i%10 == 4:
			text += "score: {at: 2025-06-01T00:00:00Z, miners: {a: {returns: [60 x 0.001, -0.01]}, b: {returns: [60 x 0.002, -0.02]}}}\nexpect: {miners: {count: 2}}\n"
		case i%10 == 5:
			text += "script: |\n  def decide(ctx):\n      if ctx.now == 0:\n          return\n" + up + "expect: {orders: {count: 0}}\n"
		default:
			text += longHalf + up + "expect: {orders: [accepted, accepted], carry: {count: 5}}\n"
		}
		files[fmt.Sprintf("%03d.yaml", i)] = text
	}
	return write(t, files)
}

func TestThreeHundredScenariosTakeSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("plays 300 scenarios")
	}
	began := time.Now()
	checks, err := (&scenario.Suite{Library: library(), Workers: 2}).Check(context.Background(), []string{manyScenarios(t, 300)})
	if err != nil || len(checks) != 300 {
		t.Fatal(len(checks), err)
	}
	for _, c := range checks {
		if c.Outcome != scenario.Passed {
			t.Errorf("%s: %s %+v %v", c.File, c.Outcome, c.Findings, c.Err)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v, expected a few seconds", took)
	}
}

func BenchmarkThreeHundredScenarios(b *testing.B) {
	dir := manyScenarios(b, 300)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (&scenario.Suite{Library: library(), Workers: 2}).Check(context.Background(), []string{dir}); err != nil {
			b.Fatal(err)
		}
	}
}
