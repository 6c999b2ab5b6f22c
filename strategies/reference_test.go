package strategies

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/ingest"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestBuiltinsPlayRealCandles: every built-in strategy with its defaults over the
// window that real candles of crypto, forex and equities have in common.
func TestBuiltinsPlayRealCandles(t *testing.T) {
	if testing.Short() {
		t.Skip("two million candles")
	}
	cfg := sim.Config{Rules: loadRules(t), Series: referenceCandles(t), FromMS: at(t, "2025-05-13T00:00:00Z"), ToMS: at(t, "2026-02-13T00:00:00Z")}
	if len(cfg.Series) != 33 {
		t.Fatalf("%d pairs, want 5 of crypto, 21 of forex and 7 of equities", len(cfg.Series))
	}
	for _, d := range Builtins() {
		t.Run(d.Name, func(t *testing.T) {
			strategy, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			own := cfg
			own.Strategy = strategy
			res := play(t, own)
			if len(res.Positions) == 0 {
				t.Error("no order fills")
			}
			checkAccount(t, own.Rules, res)
		})
	}
}

// referenceCandles imports the reference folder's candles of all classes, and
// skips the test without it.
func referenceCandles(t *testing.T) []*market.Series {
	t.Helper()
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("set PTNSIM_REFERENCE to the folder with candles/ to run this test")
	}
	newYork, err := market.LoadZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, from := range []struct {
		folder   string
		options  vendors.Options
		policies audit.Policies
	}{
		// A wick of Solana on 2025-12-31 stands alone in its neighbourhood.
		{"crypto-5m", vendors.Options{}, audit.Policies{OnSpike: audit.Keep}},
		{"forex-15m", vendors.Options{VolumeScale: 10}, audit.Policies{}},
		{"equities-5m", vendors.Options{Zone: newYork}, audit.Policies{}},
	} {
		inputs, err := vendors.Find([]string{filepath.Join(root, "candles", from.folder)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		plan := ingest.Plan{Inputs: inputs, Options: from.options, Known: market.Pairs(), SkipUnknown: true, Policies: from.policies}
		if _, err := plan.Run(context.Background(), folder); err != nil {
			t.Fatal(err)
		}
	}
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: market.Pairs()}, folder)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := set.Read(context.Background(), datasets.Select{Calendar: datasets.MarketCalendar, WarmupMS: 60 * int64(datasets.Day),
		FromMS: at(t, "2025-05-13T00:00:00Z"), ToMS: at(t, "2026-02-13T00:00:00Z")})
	if err != nil {
		t.Fatal(err)
	}
	var series []*market.Series
	for _, o := range opened {
		t.Cleanup(func() { o.Close() })
		series = append(series, o.Series)
	}
	return series
}
