package scenario

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// FuzzParse: no text makes a panic, or takes more memory than the limits allow; every
// error has its place; and what is read keeps to the limits.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		recipe, troupe, strings.ReplaceAll(recipe, "\n", "\r\n"), "\ufeff" + troupe,
		small("signals:\n  - 2025-03-03T00:00:00Z BTCUSD LONG 0.1 at 100\n  - {time: 1740960010000, pair: BTCUSD, order_type: FLAT}\n"),
		small("script: |\n  def decide(ctx):\n      pass\nset: {a: [1, {b: c}], d: 'e'}\n"),
		small("strategy: a\nparams: {b: [1, 2]}\nas: main\nfill: close\nlatency: 1s\nseed: 1\ntolerance: 0.1%\nfrom: 2025-03-03\nto: 2025-03-04\n"),
		"scenario: a\ndata: {path: [b], pairs: [BTCUSD], interval: {BTCUSD: 1m}, max_gap: 0}\npositions: c\nfills: simulated\nminer: d\nexpect: {days: _}\n",
		withCandles("  BTCUSD: {every: 1m, from: 2025-03-03, closes: [100, 60 x 101], spread: 0.02}\n"),
		withCandles("  BTCUSD: {every: 1d, from: 2025-03-03, rows: [[1, 2, 0.5, 1, 7]]}\n"),
		withCandles("  BTCUSD: {every: 1s, from: 2025-03-03, to: 2025-03-04, price: 1, moves: {2025-03-03T00:00:01Z: 2}, volume: 0}\n"),
		withScore("  at: 2025-03-03\n  miners: {a: {returns: [60 x 0.001]}, b: {state: challenge, challenge_start: 1740960000000, checkpoints: [{gain: 0, loss: null, mdd: 0, times: 9}]}}\n"),
		withScore("  at: 2025-03-03\n  miners:\n    a: {checkpoints: [], positions: [{pair: A, open: 2025-03-01, return_at_close: 1, orders: [{order_type: LONG, leverage: 1, price: 1, time: 2025-03-01}]}]}\n"),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := Parse("a.yaml", []byte(text))
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<30 {
			t.Errorf("took %d bytes", taken)
		}
		if err != nil {
			if _, ok := errors.AsType[*strictyaml.SyntaxError](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		candles := 0
		for _, w := range s.Data.Written {
			candles += w.Series.Len()
			if n := w.Series.Len(); n == 0 || len(w.Series.Open) != n || len(w.Series.High) != n || len(w.Series.Low) != n || len(w.Series.Close) != n {
				t.Errorf("columns of other lengths than %d", n)
			}
		}
		if candles > candlesMax || s.Title == "" {
			t.Errorf("%d candles, titled %q", candles, s.Title)
		}
	})
}
