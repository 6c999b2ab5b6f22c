package rules

import (
	"bytes"
	"reflect"
	"testing"
)

// back parses the canonical text of a set.
func back(t testing.TB, s *Set) *Set {
	t.Helper()
	r, err := Parse("back.yaml", Marshal(s))
	if err != nil {
		t.Fatalf("the canonical text does not parse: %v", err)
	}
	return r.Set
}

func TestMarshalParsesBack(t *testing.T) {
	for _, name := range Names() {
		want := builtinSet(t, name).Set
		if got := back(t, want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s does not come back", name)
		}
	}
}

func TestMarshalParsesBackOddSets(t *testing.T) {
	for _, override := range []string{
		"slippage.equities=[]",
		"instruments.added=[{id: LTCUSD, class: crypto, quote: USD}, {id: \"0123\", class: equities, base: \"5\", quote: EUR}]",
		"instruments.halted=[BTCUSD]",
		"name=\"a: 'b' # c\"",
		"description=\"true\"",
		"description=\"\\\"quoted\\\" \\\\ é ☂ 𝄞\"",
		"hours.crypto={zone: \"~\", weekdays: [\"5\", \"\"], holidays: [{day: \"no day\", first_year: -3}]}",
		"metrics.days_in_year=1e-300",
		"slippage.account_usd=1.7976931348623157e308",
		"carry.crypto.rate_annual=0.30000000000000004",
		"cooldown.period=1ms",
	} {
		r, err := Load("ptn-5.4.0", WithOverride(override))
		if err != nil {
			t.Errorf("%s: %v", override, err)
			continue
		}
		if got := back(t, r.Set); !reflect.DeepEqual(got, r.Set) {
			t.Errorf("%s does not come back:\n%s", override, Marshal(r.Set))
		}
	}
}

func TestMarshalIsTheSameEachTime(t *testing.T) {
	s := builtinSet(t, Default).Set
	want := Marshal(s)
	for range 20 {
		if !bytes.Equal(Marshal(s), want) {
			t.Fatal("two texts of one set differ")
		}
	}
}
