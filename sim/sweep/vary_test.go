package sweep

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// fromDefault resolves the default set under overrides, after some of its own.
func fromDefault(own ...string) func(overrides ...string) (*rules.Resolved, error) {
	return func(overrides ...string) (*rules.Resolved, error) {
		var options []rules.Option
		for _, o := range slices.Concat(own, overrides) {
			options = append(options, rules.WithOverride(o))
		}
		return rules.Load(rules.Default, options...)
	}
}

func variantNames(variants []Variant) []string {
	var names []string
	for _, v := range variants {
		names = append(names, v.Name)
	}
	return names
}

func TestVaryMakesAVariantForEachValue(t *testing.T) {
	tests := map[string]struct {
		specs []string
		want  []string
	}{
		"numbers": {[]string{"competition.softmax_temperature=0.1, 0.125,0.2"}, []string{"competition.softmax_temperature=0.1", "competition.softmax_temperature=0.125", "competition.softmax_temperature=0.2"}},
		"one value beside several": {[]string{"drawdown.limit=0.2", "carry.rate=simple,compound"},
			[]string{"drawdown.limit=0.2, carry.rate=simple", "drawdown.limit=0.2, carry.rate=compound"}},
		"lists":    {[]string{"instruments.halted=[],[BTCUSD, ETHUSD]"}, []string{"instruments.halted=[]", "instruments.halted=[BTCUSD, ETHUSD]"}},
		"mappings": {[]string{"cooldown={period: 1m, scope: miner},{period: 5s}"}, []string{"cooldown={period: 1m, scope: miner}", "cooldown={period: 5s}"}},
		"nested":   {[]string{"slippage.equities=[],[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"}, []string{"slippage.equities=[]", "slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"}},
		"quotes":   {[]string{`carry.forex.times=["21:00"],['20:00']`}, []string{`carry.forex.times=["21:00"]`, `carry.forex.times=['20:00']`}},
		"a product, the last changing fastest": {[]string{"drawdown.limit=0.1,0.2", "carry.rate=simple,compound"},
			[]string{"drawdown.limit=0.1, carry.rate=simple", "drawdown.limit=0.1, carry.rate=compound", "drawdown.limit=0.2, carry.rate=simple", "drawdown.limit=0.2, carry.rate=compound"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			variants, err := Vary(fromDefault(), tt.specs...)
			if err != nil {
				t.Fatal(err)
			}
			if got := variantNames(variants); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVarySetsTheValuesAndMarksTheBase(t *testing.T) {
	variants, err := Vary(fromDefault("carry.rate=compound"), "drawdown.limit=0.05,0.1,0.2", "carry.rate=simple,compound")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range variants {
		got = append(got, fmt.Sprint(v.Rules.Set.Drawdown.Limit, " ", v.Rules.Set.Carry.Rate, " ", v.Base))
	}
	want := []string{"0.05 simple false", "0.05 compound false", "0.1 simple false", "0.1 compound true", "0.2 simple false", "0.2 compound false"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVaryRefuses(t *testing.T) {
	tests := map[string]struct {
		specs []string
		want  []string
	}{
		"nothing":             {nil, []string{"--vary: found nothing to vary"}},
		"one value":           {[]string{"drawdown.limit=0.2"}, []string{"--vary drawdown.limit=0.2: found one value, and nothing to compare it with", "--vary drawdown.limit=a,b"}},
		"one value of each":   {[]string{"drawdown.limit=0.2", "carry.rate=simple"}, []string{"--vary drawdown.limit=0.2: found one value"}},
		"no values":           {[]string{"drawdown.limit"}, []string{"--vary drawdown.limit: found no path and values; expected path=a,b,c"}},
		"no path":             {[]string{"=1,2"}, []string{"--vary =1,2: found no path"}},
		"an empty value":      {[]string{"drawdown.limit=0.1,,0.2"}, []string{"--vary drawdown.limit=0.1,,0.2: found an empty value"}},
		"a value twice":       {[]string{"drawdown.limit=0.1,0.1"}, []string{"found the value 0.1 a second time"}},
		"the same number":     {[]string{"drawdown.limit=0.1,0.10"}, []string{"--vary drawdown.limit=0.10: found the same rules as of drawdown.limit=0.1"}},
		"a path twice":        {[]string{"drawdown.limit=0.1", "drawdown.limit=0.2"}, []string{"found the path drawdown.limit a second time", "--vary drawdown.limit=a,b,c"}},
		"a wrong value":       {[]string{"carry.rate=simple,simpel"}, []string{"--vary carry.rate=simpel: ", `found "simpel"`}},
		"an impossible value": {[]string{"drawdown.limit=0.1,2"}, []string{"--vary drawdown.limit=2: ", "found 2; expected a fraction"}},
		"values that don't fit": {[]string{"gate.order_leverage_min=0.1,5", "gate.order_leverage_max=3,7"},
			[]string{"--vary gate.order_leverage_max=3: gate.order_leverage_min: found 5; expected at most gate.order_leverage_max, which is 3"}},
		"an unknown path":       {[]string{"drawdown.limt=0.1,0.2"}, []string{"--vary drawdown.limt=0.1: ", "an unknown path", "drawdown.limit"}},
		"an unclosed bracket":   {[]string{"instruments.halted=[BTCUSD,[]", "drawdown.limit=0.1,0.2"}, []string{"--vary instruments.halted=[BTCUSD,[]: "}},
		"too many":              {[]string{"drawdown.limit=" + manyNumbers(9), "metrics.days_min=1,2,3,4,5,6,7,8"}, []string{"found 72 or more combinations of values; expected at most 64"}},
		"too many of one value": {[]string{"drawdown.limit=" + manyNumbers(65)}, []string{"found 65 or more"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Vary(fromDefault(), tt.specs...)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got\n%v\nwant %q in it", err, want)
				}
			}
		})
	}
}

// manyNumbers lists n fractions.
func manyNumbers(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("0.%03d", i+1))
	}
	return strings.Join(list, ",")
}

func TestVaryTakes64Variants(t *testing.T) {
	variants, err := Vary(fromDefault(), "drawdown.limit="+manyNumbers(64))
	if err != nil || len(variants) != 64 {
		t.Errorf("%d variants, %v", len(variants), err)
	}
}

// No spec makes it panic, or takes more than a spec can ask for; what is split, joined
// again, is what was there.
func FuzzVary(f *testing.F) {
	for _, spec := range []string{"a=1,2", "drawdown.limit=0.1,0.2", `x=["a,b",{c: 'd,e'}],"\"",`, "a=]],[[", "carry.forex.times=[\"21:00\"]", "=", "a=,", "a='", "ä=é,ü"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		path, overrides, err := axis(spec)
		if err != nil {
			return
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		var values []string
		for _, o := range overrides {
			value, ok := strings.CutPrefix(o, path+"=")
			if !ok || value == "" {
				t.Fatalf("%q: the override %q has no value of %q", spec, o, path)
			}
			values = append(values, value)
		}
		if got := path + "=" + strings.Join(values, ","); squeeze(got) != squeeze(spec) {
			t.Errorf("%q is read as %q", spec, got)
		}
		if _, err := axes([]string{spec}); err == nil && len(overrides) > variantsMax {
			t.Errorf("%d variants are taken", len(overrides))
		}
	})
}
