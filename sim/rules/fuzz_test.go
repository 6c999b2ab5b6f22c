package rules

import (
	"reflect"
	"testing"
)

// Whatever is read, a valid set comes back from its canonical text.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		text, err := sets.ReadFile("sets/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[max(0, len(text)-2000):])
	}
	for _, text := range []string{
		inherits, inherits + "cooldown: {scope: miner}\n", inherits + "name: \"\\x41\\u00e9\\U0001d11e\"\n",
		inherits + "hours: {crypto: {zone: 'a b', weekdays: [\"\\t\"]}}\n", "a: &a [*a]\n", "? a\n: b\n", "- - -", "{[{[", "a: |\n  b\n",
		inherits + "carry: {crypto: {times: ['00:00'], multiples: [0, 0, 0, 0, 0, 0, 0]}}\n",
		inherits + "slippage: {equities: [[AAPL, buy, 0, 1, -0.0, 1e-300, 1e300, 5]]}\n",
		inherits + "instruments: {added: [{id: AB, class: forex, quote: USD}]}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse("fuzz.yaml", text)
		if err != nil {
			_ = err.Error()
			return
		}
		if !reflect.DeepEqual(back(t, r.Set), r.Set) {
			t.Errorf("the set does not come back:\n%s", Marshal(r.Set))
		}
		for _, row := range r.Rows() {
			if row.Origin == "" {
				t.Errorf("%s has no origin", row.Path)
			}
		}
	})
}

func FuzzOverride(f *testing.F) {
	for _, text := range []string{
		"cooldown.scope=miner", "weights={calmar: 0.4, sharpe: 0}", "instruments.halted=[BTCUSD]", "x", "=", "..=", "hours.crypto.zone=\"\\x00\"",
		"liquidity.defaults.EURUSD={spread_over_mid: 0, volatility_annual: 0, adv: 1}", "slippage.crypto.pairs=a", "carry.forex.multiples=[1]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Load(Default, WithOverride(text))
		if err != nil {
			_ = err.Error()
			return
		}
		if !reflect.DeepEqual(back(t, r.Set), r.Set) {
			t.Errorf("the set does not come back:\n%s", Marshal(r.Set))
		}
	})
}

func FuzzDuration(f *testing.F) {
	for _, text := range []string{"0", "500ms", "60s", "-5m", "12h", "90d", "1.5h", "9223372036854775807ms"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if again, err := ParseDuration(d.String()); err != nil || again != d {
			t.Errorf("%q reads as %d ms, is written %q and reads as %d ms (%v)", text, d, d, again, err)
		}
	})
}

// The parser meets texts that inherit nothing, so many more of them.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{
		"a: 1\nb: [x, {c: d}]\n", "a: &a [*a]\n", "? a\n: b\n", "- - -", "{[{[", "a: |\n  b\n", "a: >-\n b\n\n c", "--- a\n...\n", "%YAML 1.2\n---\n",
		"\ufeffa: 1", "a:\r\n\tb", "'", "\"\\x", "a: {b, c: }", "- a\n-\n", "# c", "a: 'b''c' # d\n  e", "!!a b", "<<: x", "[a, b]: c",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := newSource("fuzz.yaml", text)
		node, err := src.Parse()
		if err != nil || node == nil {
			return
		}
		d := decoder{src: src, places: make(map[string]place)}
		d.decode(node, reflect.ValueOf(new(Set)).Elem(), "", true)
		_ = joinErrors(d.errs)
	})
}
