package rules

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// text is what a rule set says, whatever it is called.
func text(r *Resolved) string {
	s := *r.Set
	s.Name, s.Description = "x", ""
	return string(Marshal(&s))
}

// loaded returns the default set with overrides.
func loaded(t testing.TB, overrides ...string) *Resolved {
	t.Helper()
	var options []Option
	for _, o := range overrides {
		options = append(options, WithOverride(o))
	}
	r, err := Load(Default, options...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMixTakesWhatAPathNames(t *testing.T) {
	const pairs = "instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]"
	tests := map[string]struct {
		a, b  []string // overrides of the two sets
		paths []string
		want  []string // overrides that make the mixed set
	}{
		"nothing":            {nil, []string{"drawdown.limit=0.2"}, nil, nil},
		"a value":            {nil, []string{"drawdown.limit=0.2", "slippage.max=0.5"}, []string{"drawdown.limit"}, []string{"drawdown.limit=0.2"}},
		"a section":          {nil, []string{"cooldown={period: 1m, scope: miner}", "slippage.max=0.5"}, []string{"cooldown"}, []string{"cooldown={period: 1m, scope: miner}"}},
		"a plain list":       {nil, []string{"instruments.halted=[BTCUSD, ETHUSD]"}, []string{"instruments.halted"}, []string{"instruments.halted=[BTCUSD, ETHUSD]"}},
		"a list by a row":    {nil, []string{"slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"}, []string{"slippage.equities[3]"}, []string{"slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"}},
		"an entry's value":   {nil, []string{"liquidity.defaults.forex={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}"}, []string{"liquidity.defaults.forex.adv"}, []string{"liquidity.defaults.forex.adv=5"}},
		"an entry of both":   {nil, []string{"slippage.crypto.pairs={BTCUSD: 0.1, ETHUSD: 0.2}"}, []string{"slippage.crypto.pairs.ETHUSD"}, []string{"slippage.crypto.pairs.ETHUSD=0.2"}},
		"a field left out":   {[]string{"hours.crypto.zone=UTC"}, nil, []string{"hours.crypto.zone"}, nil},
		"an entry more":      {[]string{pairs}, []string{pairs, "slippage.crypto.pairs.LTCUSD=0.1"}, []string{"slippage.crypto.pairs.LTCUSD"}, []string{pairs, "slippage.crypto.pairs.LTCUSD=0.1"}},
		"an entry less":      {[]string{pairs, "slippage.crypto.pairs.LTCUSD=0.1"}, []string{pairs}, []string{"slippage.crypto.pairs.LTCUSD"}, []string{pairs}},
		"a whole entry more": {nil, []string{"liquidity.defaults.BTCUSD={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}"}, []string{"liquidity.defaults.BTCUSD.adv"}, []string{"liquidity.defaults.BTCUSD={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Mix(loaded(t, tt.a...), loaded(t, tt.b...), "mixed", "of two", tt.paths...)
			if err != nil {
				t.Fatal(err)
			}
			if text(got) != text(loaded(t, tt.want...)) {
				t.Errorf("differs from the expected set in %v", Diff(got, loaded(t, tt.want...)))
			}
			if got.Set.Name != "mixed" || got.Set.Description != "of two" {
				t.Errorf("it is called %q, %q", got.Set.Name, got.Set.Description)
			}
		})
	}
}

func TestMixLeavesBothSetsAsTheyAre(t *testing.T) {
	a, b := builtinSet(t, "ptn-2024-12"), builtinSet(t, "ptn-5.4.0")
	mixed, err := Mix(a, b, "mixed", "", "slippage", "carry", "hours", "liquidity")
	if err != nil {
		t.Fatal(err)
	}
	mixed.Set.Slippage.Equities[0].Spread = 7
	mixed.Set.Slippage.Crypto.Pairs["BTCUSD"] = 7
	mixed.Set.Carry.Crypto.Multiples[0] = 7
	mixed.Set.Hours.Equities.Weekdays[0] = "sunday"
	mixed.Set.Liquidity.USDPrices["EUR"] = 7
	mixed.Set.Instruments.Halted = append(mixed.Set.Instruments.Halted, "BTCUSD")
	if !reflect.DeepEqual(a.Set, builtinSet(t, "ptn-2024-12").Set) || !reflect.DeepEqual(b.Set, builtinSet(t, "ptn-5.4.0").Set) {
		t.Error("a change of the mixed set shows in one that it was made of")
	}
}

func TestMixKeepsTheOrigins(t *testing.T) {
	a, b := builtinSet(t, "ptn-2025-02"), loaded(t, "carry.crypto={rate_annual: 0.2, times: [\"00:00\"], multiples: [1, 1, 1, 1, 1, 1, 1]}")
	mixed, err := Mix(a, b, "mixed", "", "carry.crypto.rate_annual")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"carry.crypto.rate_annual": "--set", "carry.crypto.times": "ptn-2025-02"} {
		if got := rowOf(t, mixed, path).Origin; got != want {
			t.Errorf("%s comes from %s, want %s", path, got, want)
		}
	}
	if want := []string{"ptn-2025-02"}; !slices.Equal(mixed.Extends, want) {
		t.Errorf("it extends %v, want %v", mixed.Extends, want)
	}
}

func TestMixRefusesValuesThatDoNotFit(t *testing.T) {
	a := loaded(t)
	b := loaded(t, "weights={calmar: 0.4, sharpe: 0}", "ledger={checkpoint: 24h, window: 24h}")
	_, err := Mix(a, b, "mixed", "", "weights.sharpe")
	wrong, ok := errors.AsType[*SyntaxError](err)
	if !ok || wrong.Path != "weights" {
		t.Errorf("got %v, want an error at weights", err)
	}
	if _, err = Mix(a, b, "mixed", "", "weights"); err != nil {
		t.Errorf("all weights together: %v", err)
	}
	_, err = Mix(a, b, "mixed", "", "weight.sharpe")
	if err == nil || !strings.Contains(err.Error(), `unknown path "weight.sharpe"`) {
		t.Errorf("got %v, want an error of the unknown path", err)
	}
}

func TestDiffPartsAreWhatASetCanTake(t *testing.T) {
	a := loaded(t, "liquidity.defaults.BTCUSD={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}")
	b := loaded(t, "slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]", "liquidity.defaults.forex={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}")
	var got []string
	rows := 0
	for _, p := range DiffParts(a, b) {
		got = append(got, p.Path)
		rows += len(p.Rows)
	}
	want := []string{"slippage.equities", "liquidity.defaults.BTCUSD",
		"liquidity.defaults.forex.spread_over_mid", "liquidity.defaults.forex.volatility_annual", "liquidity.defaults.forex.adv"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rows != len(Diff(a, b)) {
		t.Errorf("%d rows in the parts, %d in all", rows, len(Diff(a, b)))
	}
}

func BenchmarkMix(b *testing.B) {
	from, to := builtinSet(b, "ptn-2024-12"), builtinSet(b, "ptn-5.4.0")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Mix(from, to, "mixed", "", "slippage.enabled"); err != nil {
			b.Fatal(err)
		}
	}
}
