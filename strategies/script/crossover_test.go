package script

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// TestCrossoverIsTheBuiltIn: the example and the built-in strategy give the same
// result, whole and to the last digit.
func TestCrossoverIsTheBuiltIn(t *testing.T) {
	d, err := strategies.Find("crossover")
	if err != nil {
		t.Fatal(err)
	}
	walks := []*market.Series{walk(t, "BTCUSD", 6000, 1), walk(t, "ETHUSD", 6000, 2), walk(t, "EURUSD", 6000, 3)}
	sample := sampleSeries(t)
	for _, c := range []struct {
		series   []*market.Series
		settings []strategies.Setting
	}{
		{walks[:1], settings("fast=20", "slow=50")},
		{walks[:1], settings("fast=1", "slow=2", "direction=long")},
		{walks, settings("fast=5", "slow=23", "average=ema")},
		{walks, settings("fast=7", "slow=400", "leverage=0.02", "direction=short", "pairs=ETHUSD,BTCUSD")},
		{walks, settings("fast=3", "slow=9", "interval=15m")},
		{sample, nil},
		{sample, settings("fast=20", "slow=50")},
		{sample, settings("fast=10", "slow=100", "average=ema", "direction=long", "interval=1h")},
	} {
		t.Run(fmt.Sprint(len(c.series), c.settings), func(t *testing.T) {
			for _, history := range []int64{0, 60} { // candles before the range
				builtIn, err := d.New(c.settings)
				if err != nil {
					t.Fatal(err)
				}
				cfg := config(t, builtIn, c.series...)
				cfg.FromMS += history * cfg.Series[0].IntervalMS
				want := play(t, cfg)
				cfg.Strategy = opened(t, "examples/crossover.star", c.settings...)
				got := play(t, cfg)
				if len(want.Orders) < 3 {
					t.Fatalf("%d orders are too few to show anything", len(want.Orders))
				}
				if !slices.EqualFunc(got.Orders, want.Orders, func(a, b sim.OrderRecord) bool { return reflect.DeepEqual(a, b) }) {
					t.Errorf("%d orders, want %d", len(got.Orders), len(want.Orders))
				}
				if !reflect.DeepEqual(got, want) {
					t.Error("the results differ")
				}
				if again := play(t, cfg); !reflect.DeepEqual(again, got) {
					t.Error("a second run of the same strategy differs")
				}
			}
		})
	}
}

func settings(texts ...string) []strategies.Setting {
	var list []strategies.Setting
	for _, text := range texts {
		s, err := strategies.ParseSetting(text)
		if err != nil {
			panic(err)
		}
		list = append(list, s)
	}
	return list
}

// sampleSeries is the embedded sample.
func sampleSeries(t testing.TB) []*market.Series {
	t.Helper()
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var list []*market.Series
	candles, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range candles {
		list = append(list, c.Series)
	}
	return list
}
