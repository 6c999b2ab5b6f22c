package recording

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

// play plays signals on the candles from the first to the last.
func play(t testing.TB, signals []strategies.Signal, set string, overrides []string, candles ...*market.Series) *sim.Result {
	t.Helper()
	var options []rules.Option
	for _, o := range overrides {
		options = append(options, rules.WithOverride(o))
	}
	resolved, err := rules.Load(set, options...)
	if err != nil {
		t.Fatal(err)
	}
	first := candles[0]
	res, err := sim.Run(context.Background(), sim.Config{
		Rules: resolved.Set, Series: candles, Strategy: strategies.NewSignals("recording", signals),
		FromMS: first.Time[0], ToMS: first.EndMS(first.Len() - 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}
