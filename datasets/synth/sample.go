package synth

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// WriteSample makes the sample again, byte for byte as it is embedded, in a
// folder, which it creates if need be, and returns the files' paths. Candles and
// manifest appear together; files that are there already are refused, unless
// replace is set.
func WriteSample(ctx context.Context, folder string, replace bool) ([]string, error) {
	update, err := datasets.BeginUpdate(folder, replace)
	if err != nil {
		return nil, err
	}
	defer update.Abort()
	var paths []string
	for _, g := range samplePlan() {
		s, err := g.series()
		if err != nil {
			return nil, fmt.Errorf("sample: %w", err)
		}
		name := datasets.Name{Pair: g.Pair.ID, Interval: g.Interval, Format: datasets.Parquet}
		w, err := update.Create(name, datasets.WriterOptions{Pair: g.Pair, Columns: datasets.Stored(s), Calendar: datasets.MarketCalendar})
		if err != nil {
			return nil, err
		}
		defer w.Abort()
		if err := w.Append(s); err != nil {
			return nil, err
		}
		file, err := w.Close()
		if err != nil {
			return nil, err
		}
		file.Origin = &datasets.Origin{Command: "ptnsim data sample"}
		update.Put(file)
		paths = append(paths, filepath.Join(folder, name.String()))
	}
	return paths, update.Commit(ctx, datasets.Manifest{Source: "made by 'ptnsim data sample' from a seed", Licence: "MIT", Note: datasets.SampleNote})
}

// The sample's span: 150 days from 2025-01-06 00:00 UTC.
const (
	sampleFromMS = 1736121600000
	sampleToMS   = sampleFromMS + 150*int64(datasets.Day)
	sampleSeed   = "ptnsim sample 6"
)

// The shapes of a day's volatility by hour, UTC.
var (
	cryptoDay   = [24]float64{1, .9, .9, .85, .8, .8, .85, .95, 1, 1, .95, .95, 1.05, 1.25, 1.35, 1.35, 1.2, 1.1, 1.05, 1, 1.05, .95, .9, .95}
	forexDay    = [24]float64{.75, .8, .75, .7, .65, .75, 1, 1.35, 1.35, 1.2, 1.05, 1, 1.25, 1.5, 1.5, 1.35, 1.15, .9, .8, .75, .7, .5, .5, .65}
	equitiesDay = [24]float64{13: 1.5, 14: 1.35, 15: 1, 16: .85, 17: .75, 18: .8, 19: .95, 20: 1.1}
)

// samplePlan returns what the sample is made of.
func samplePlan() []samplePair {
	plan := []samplePair{
		{Price: 95000, TicksPerUnit: 10, Volatility: .50, HourShape: cryptoDay, DailyVolume: 20000, VolumesPerUnit: 100},
		{Price: 3300, TicksPerUnit: 100, Volatility: .65, HourShape: cryptoDay, DailyVolume: 300000, VolumesPerUnit: 1},
		{Price: 1.04, TicksPerUnit: 1e5, Volatility: .08, GapShare: .01, HourShape: forexDay, DailyVolume: 500000, VolumesPerUnit: 1, SpreadTicks: 8},
		{Price: 1.25, TicksPerUnit: 1e5, Volatility: .085, GapShare: .01, HourShape: forexDay, DailyVolume: 400000, VolumesPerUnit: 1, SpreadTicks: 12},
		{Price: 157, TicksPerUnit: 1e3, Volatility: .09, GapShare: .01, HourShape: forexDay, DailyVolume: 450000, VolumesPerUnit: 1, SpreadTicks: 12},
		{Price: 140, TicksPerUnit: 100, Volatility: .45, GapShare: .1, HourShape: equitiesDay, DailyVolume: 40e6, VolumesPerUnit: .01},
	}
	for i, id := range []string{"BTCUSD", "ETHUSD", "EURUSD", "GBPUSD", "USDJPY", "NVDA"} {
		g := &plan[i]
		g.Pair, _ = market.FindPair(market.Pairs(), id)
		g.Interval, g.FromMS, g.ToMS, g.Seed = 5*datasets.Minute, sampleFromMS, sampleToMS, sampleSeed
	}
	return plan
}
