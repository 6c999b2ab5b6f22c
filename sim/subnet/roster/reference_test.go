package roster

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

func TestReferenceIsAnExampleOfEverything(t *testing.T) {
	text := string(ReferenceText())
	for _, key := range []string{
		"name:", "description:", "seed:", "weights_every:", "emission_per_day:", "registration_fee:", "slots:", "count:", "strategy:", "params:", "state:", "registers:",
		"latency:", "copies:", "delay:", "again:", "uniform:", "loguniform:", "normal:", "choice:", "every:",
	} {
		if !strings.Contains(text, key) {
			t.Errorf("it has no %s", key)
		}
	}
	ReferenceText()[0] = 'x'
	if !bytes.Equal(ReferenceText(), []byte(text)) {
		t.Error("whoever changes a copy changes it")
	}
	seed := uint64(8)
	if r, err := Reference(Options{Seed: &seed}); err != nil || r.Seed != 8 || r.Name != "reference" {
		t.Errorf("%+v, %v", r, err)
	}
}

// playReference plays the reference population over the embedded sample, or over
// some of its pairs.
func playReference(tb testing.TB, pairs ...string) *subnet.Result {
	tb.Helper()
	ctx := context.Background()
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	candles, err := set.Read(ctx, datasets.Select{})
	if err != nil {
		tb.Fatal(err)
	}
	bounds := Bounds{FromMS: fromMS, ToMS: toMS}
	var series []*market.Series
	for _, c := range candles {
		if len(pairs) > 0 && !slices.Contains(pairs, c.Series.Pair.ID) {
			continue
		}
		series, bounds.Pairs = append(series, c.Series), append(bounds.Pairs, c.Series.Pair.ID)
	}
	r, err := Reference(Options{})
	if err != nil {
		tb.Fatal(err)
	}
	resolved, err := rules.Load(rules.Default, rules.WithOverride(fmt.Sprintf("registration.slots=%d", r.Slots)))
	if err != nil {
		tb.Fatal(err)
	}
	m, err := sim.NewMarket(resolved.Set, series, fromMS, toMS)
	if err != nil {
		tb.Fatal(err)
	}
	miners, warnings, err := r.Miners(bounds)
	if err != nil || len(warnings) > 0 {
		tb.Fatal(err, warnings)
	}
	if len(miners) < 65 || len(miners) > 80 {
		tb.Errorf("%d miners, some seventy are promised", len(miners))
	}
	res, err := subnet.Run(ctx, subnet.Config{
		Market: m, Miners: miners, Seed: r.Seed, WeightsEveryMS: r.WeightsEveryMS, ChecksEveryMS: r.ChecksEveryMS,
		EmissionPerDay: r.EmissionPerDay, RegistrationFee: r.RegistrationFee,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return res
}

// TestReferenceShowsWhatASubnetDoes: every kind of event but a refusal, and every
// reason, as the file promises.
func TestReferenceShowsWhatASubnetDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("a tournament")
	}
	seen, living := map[string]int{}, 0
	for _, e := range playReference(t).Events {
		seen[string(e.Kind)]++
		if e.Kind == subnet.Eliminated {
			seen[string(e.Reason)]++
		}
		if e.Kind == subnet.Registered && strings.Contains(e.Miner, "~") {
			seen["successor"]++
		}
		if e.Kind == subnet.Deregistered && e.Weight > 0 {
			living++
		}
	}
	for _, what := range []string{
		string(subnet.Registered), string(subnet.Promoted), string(subnet.Eliminated), string(subnet.Deregistered), "successor",
		string(sim.MaxTotalDrawdown), string(sim.FailedChallengeDrawdown), string(sim.FailedChallengeTime),
	} {
		if seen[what] == 0 {
			t.Errorf("no %s among %v", what, seen)
		}
	}
	if living == 0 {
		t.Error("nobody in the competition loses its slot")
	}
}

// TestReferencePlaysOnAnyPairs: of one class, or one alone.
func TestReferencePlaysOnAnyPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("some tournaments")
	}
	for _, pairs := range [][]string{{"BTCUSD"}, {"EURUSD", "USDJPY"}, {"NVDA"}} {
		if res := playReference(t, pairs...); len(res.Miners) < 45 {
			t.Errorf("%v: %d miners", pairs, len(res.Miners))
		}
	}
}

func BenchmarkReferenceIsDrawn(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := Reference(Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := r.Miners(sample()); err != nil {
			b.Fatal(err)
		}
	}
}
