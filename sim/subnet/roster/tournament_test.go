package roster

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

func TestTheFilesSlotsGiveWayToAnOverride(t *testing.T) {
	r := &Roster{Slots: 7}
	for _, test := range []struct{ given, want []string }{
		{nil, []string{"registration.slots=7"}},
		{[]string{"a.b=1"}, []string{"registration.slots=7", "a.b=1"}},
		{[]string{" registration.slots = 3", "a.b=1"}, []string{" registration.slots = 3", "a.b=1"}},
		{[]string{"registration.slots_max=3"}, []string{"registration.slots=7", "registration.slots_max=3"}},
		{[]string{"registration={slots: 3}"}, []string{"registration.slots=7", "registration={slots: 3}"}},
	} {
		if got := r.Overrides(test.given); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q", test.given, got)
		}
	}
	if got := new(Roster).Overrides([]string{"a=1"}); len(got) != 1 {
		t.Errorf("without slots: %q", got)
	}
}

// TestAnOverrideOfTheRegistrationHasTheLastWord: on the slots that it says, and on no
// others.
func TestAnOverrideOfTheRegistrationHasTheLastWord(t *testing.T) {
	for override, want := range map[string]int{"registration={slots: 3}": 3, "registration={immunity: 1h}": 7} {
		var options []rules.Option
		for _, text := range (&Roster{Slots: 7}).Overrides([]string{override}) {
			options = append(options, rules.WithOverride(text))
		}
		set, err := rules.Load(rules.Default, options...)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Set.Registration.Slots; got != want {
			t.Errorf("%s: %d slots, want %d", override, got, want)
		}
	}
}

// TestATournamentsPace: the file's, else a day between weights, and the rules' time
// between looks at challengers, but half a day at least.
func TestATournamentsPace(t *testing.T) {
	for _, test := range []struct {
		roster          Roster
		rule            string
		weights, checks time.Duration
	}{
		{Roster{}, "challenge.check_every=5m", 24 * time.Hour, 12 * time.Hour},
		{Roster{}, "challenge.check_every=2d", 24 * time.Hour, 48 * time.Hour},
		{Roster{WeightsEveryMS: 60_000, ChecksEveryMS: 120_000, Seed: 5, EmissionPerDay: 2, RegistrationFee: 3}, "challenge.check_every=2d", time.Minute, 2 * time.Minute},
	} {
		set, err := rules.Load(rules.Default, rules.WithOverride(test.rule))
		if err != nil {
			t.Fatal(err)
		}
		pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
		one := []float64{1}
		series := &market.Series{Pair: pair, IntervalMS: 60_000, Time: []int64{1735689600_000}, Open: one, High: one, Low: one, Close: one}
		m, err := sim.NewMarket(set.Set, []*market.Series{series}, 1735689600_000, 1735689660_000)
		if err != nil {
			t.Fatal(err)
		}
		cfg := test.roster.Config(m, nil)
		if cfg.WeightsEveryMS != test.weights.Milliseconds() || cfg.ChecksEveryMS != test.checks.Milliseconds() || cfg.Seed != test.roster.Seed ||
			cfg.EmissionPerDay != test.roster.EmissionPerDay || cfg.RegistrationFee != test.roster.RegistrationFee || cfg.FromMS != 1735689600_000 || cfg.ToMS != 1735689660_000 {
			t.Errorf("%s: %+v", test.rule, cfg)
		}
	}
}

func TestNobodyWhoTakesPartIsAnError(t *testing.T) {
	_, _, err := read(t, "miners: [{name: late, strategy: random, registers: 2025-06-05}]").Field(sample())
	if err == nil || !strings.Contains(err.Error(), "takes part: late is left out: it would register at") {
		t.Errorf("%v", err)
	}
}
