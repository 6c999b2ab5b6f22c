package ingest

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// BenchmarkImport is the whole import of a CSV, on one core: detection, parsing,
// policies, audit, and the file with its hashes.
func BenchmarkImport(b *testing.B) {
	const rows = 500_000
	path := filepath.Join(b.TempDir(), "BTCUSD-1m.csv")
	// Prices that wander in whole ticks, as a market's do.
	ticks := func(i int) float64 { return 90000 + float64((i*7919)%20011-10005)/100 }
	if err := os.WriteFile(path, []byte(minutes(0, rows, ticks)), 0o644); err != nil {
		b.Fatal(err)
	}
	inputs, err := vendors.Find([]string{path}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, plan := range map[string]Plan{
		"to Parquet": {Format: datasets.Parquet}, "to Arrow": {Format: datasets.Arrow}, "judged only": {DryRun: true},
	} {
		b.Run(name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			plan.Inputs, plan.Known, plan.Policies.OnSpike = inputs, market.Pairs(), "keep"
			b.ReportAllocs()
			for b.Loop() {
				if _, err := plan.Run(context.Background(), filepath.Join(b.TempDir(), "out")); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
