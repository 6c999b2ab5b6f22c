package strategies

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestAnIntervalThatDoesNotFitIsRefused: silence would trade something else. The
// error names the parameter, and what to do.
func TestAnIntervalThatDoesNotFitIsRefused(t *testing.T) {
	btc := every(t, 4*hourMS, "BTCUSD", "2025-01-01T00:00:00Z", 1, 2, 3)
	const want = "interval: candles of BTCUSD at 1h: the run has them at 4h; expected a multiple of that; choose a multiple of 4h, or leave it out"
	tested := 0
	for _, d := range Builtins() {
		s, err := d.New([]Setting{{"interval", "1h"}})
		if err != nil {
			continue // it has no such parameter
		}
		tested++
		if _, err := sim.Run(context.Background(), config(t, s, btc)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s at 1h of candles of 4h: %v", d.Name, err)
		}
	}
	if tested != len(Builtins())-1 { // all but buy-and-hold
		t.Errorf("%d strategies were tested", tested)
	}
}

// TestAutoIntervalIsAnHourOrTheRunsOwn: an hour where it is a multiple of the
// run's candles, pair by pair; without asking, a strategy never refuses the
// candles it is given.
func TestAutoIntervalIsAnHourOrTheRunsOwn(t *testing.T) {
	for _, c := range []struct{ own, want int64 }{
		{minuteMS, hourMS}, {15 * minuteMS, hourMS}, {hourMS, hourMS},
		{7 * minuteMS, 7 * minuteMS}, {45 * minuteMS, 45 * minuteMS}, {4 * hourMS, 4 * hourMS}, {24 * hourMS, 24 * hourMS},
	} {
		if got := intervalFor(AutoInterval, c.own); got != c.want {
			t.Errorf("of %d ms: %d, want %d", c.own, got, c.want)
		}
	}
	closes := walk(t, "BTCUSD", start, 1500, 4).Close
	for _, name := range stanceNames() {
		for _, own := range []int64{4 * hourMS, 24 * hourMS, 45 * minuteMS} {
			btc := every(t, own, "BTCUSD", "2021-01-01T00:00:00Z", closes...)
			eth := every(t, minuteMS, "ETHUSD", "2021-01-01T00:00:00Z", closes...)
			auto := play(t, config(t, builtin(t, name), btc, eth)).Orders
			asked := play(t, config(t, builtin(t, name, Setting{"interval", ""}, Setting{"pairs", "BTCUSD"}), btc, eth)).Orders
			var ofBTC []sim.OrderRecord
			for _, o := range auto {
				if o.Pair == "BTCUSD" {
					ofBTC = append(ofBTC, o)
				}
			}
			if len(ofBTC) < 3 || !reflect.DeepEqual(ofBTC, asked) {
				t.Errorf("%s on candles of %d min: %d orders by default, %d at the run's interval", name, own/minuteMS, len(ofBTC), len(asked))
			}
		}
	}
}

// TestAutoIntervalResolvesToItself, so that what a run is reported to have played
// plays the same again, on whatever candles.
func TestAutoIntervalResolvesToItself(t *testing.T) {
	for _, name := range stanceNames() {
		d, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for given, want := range map[string]string{"auto": "auto", "60m": "1h", "": ""} {
			resolved, err := d.Resolve([]Setting{{"interval", given}})
			if last := resolved[len(resolved)-1]; err != nil || last != (Setting{"interval", want}) {
				t.Errorf("%s: %q resolves to %v, %v", name, given, last, err)
			}
		}
		if defaults, err := d.Resolve(nil); err != nil || defaults[len(defaults)-1].Value != "auto" {
			t.Errorf("%s: by default %v, %v", name, defaults, err)
		}
	}
}
