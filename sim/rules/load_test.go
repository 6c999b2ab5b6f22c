package rules

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// write puts files into a folder of the test's own and returns the folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// rowOf returns the row of a path.
func rowOf(t *testing.T, r *Resolved, path string) Row {
	t.Helper()
	for _, row := range r.Rows() {
		if row.Path == path {
			return row
		}
	}
	t.Fatalf("no row %s", path)
	return Row{}
}

func TestListDescribesTheBuiltinSets(t *testing.T) {
	got, err := List()
	if err != nil {
		t.Fatal(err)
	}
	want := []Info{
		{"ptn-2025-02", "the rules as the February 2025 document states them", "", true},
		{"ptn-5.4.0", "the build deployed in February 2025", "ptn-2025-02", false},
		{"ptn-2024-12", "the rules as the December 2024 document states them", "ptn-2025-02", false},
		{"ptn-4.8.12", "the build deployed in December 2024", "ptn-2024-12", false},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestEveryEmbeddedSetIsNamed(t *testing.T) {
	files, err := sets.ReadDir("sets")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(Names()) {
		t.Errorf("%d files, %d names", len(files), len(Names()))
	}
	for _, name := range Names() {
		if got := builtinSet(t, name).Set.Name; got != name {
			t.Errorf("the set %s calls itself %s", name, got)
		}
	}
}

func TestLoadedTwiceIsEqualAndIndependent(t *testing.T) {
	a, b, untouched := builtinSet(t, "ptn-5.4.0"), builtinSet(t, "ptn-5.4.0"), builtinSet(t, "ptn-5.4.0")
	if !reflect.DeepEqual(a.Set, b.Set) {
		t.Error("two loads differ")
	}
	a.Set.Cooldown.Period = 1
	a.Set.Slippage.Equities[0].Intercept = 1
	a.Set.Slippage.Crypto.Pairs["BTCUSD"] = 1
	a.Set.Carry.Crypto.Multiples[0] = 9
	a.Set.Hours.Equities.Weekdays[0] = "sunday"
	if !reflect.DeepEqual(b.Set, untouched.Set) {
		t.Error("a change of one load shows in another")
	}
}

func TestFileExtendsFileExtendsBuiltin(t *testing.T) {
	dir := write(t, map[string]string{
		"mine.yaml":        "extends: lib/strict.yaml\ncooldown:\n  period: 20s\n",
		"lib/strict.yaml":  "extends: stricter.yml\nname: the strict one\ndescription: not inherited\ncooldown: {period: 15s, scope: miner}\n",
		"lib/stricter.yml": "extends: ptn-5.4.0\ngate:\n  open_orders_max: 100\n",
	})
	r, err := LoadFile(filepath.Join(dir, "mine.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Set.Name != "mine" || r.Set.Description != "" {
		t.Errorf("the set is %q, %q: name and description are not inherited", r.Set.Name, r.Set.Description)
	}
	if want := []string{"lib/strict.yaml", "stricter.yml", "ptn-5.4.0", "ptn-2025-02"}; !reflect.DeepEqual(r.Extends, want) {
		t.Errorf("extends %q, want %q", r.Extends, want)
	}
	for _, want := range []Row{
		{"cooldown.period", "20s", filepath.Join(dir, "mine.yaml") + ":3", "2"},
		{"cooldown.scope", "miner", filepath.Join(dir, "lib/strict.yaml") + ":4", "2"},
		{"gate.open_orders_max", "100", filepath.Join(dir, "lib/stricter.yml") + ":3", "2"},
		{"carry.rate", "compound", "ptn-5.4.0", "6"},
		{"carry.days_in_year", "365", "ptn-2025-02", "6"},
	} {
		if got := rowOf(t, r, want.Path); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestListsReplaceAndMapsMerge(t *testing.T) {
	r, err := Parse("my.yaml", []byte(`extends: ptn-2025-02
carry: {crypto: {times: ["06:00"]}}
slippage:
  crypto: {pairs: {BTCUSD: 0.5}}
  equities:
    - {pair: AAPL, side: buy, over_usd: 0, to_usd: 100, intercept: 1, spread: 2, volatility: 3, value_adv: 4}
liquidity:
  defaults:
    forex: {adv: 7}
    EURUSD: {spread_over_mid: 0.5, volatility_annual: 0.25, adv: 3}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := r.Set
	if len(s.Carry.Crypto.Times) != 1 || len(s.Slippage.Equities) != 1 || s.Slippage.Equities[0].Volatility != 3 {
		t.Errorf("lists are %v and %v, want the new ones alone", s.Carry.Crypto.Times, s.Slippage.Equities)
	}
	if p := s.Slippage.Crypto.Pairs; len(p) != 5 || p["BTCUSD"] != 0.5 || p["ETHUSD"] != 0.00001 {
		t.Errorf("crypto pairs are %v", p)
	}
	if d := s.Liquidity.Defaults; len(d) != 4 || d["forex"] != (LiquidityDefault{0.0001, 0.08, 7}) || d["EURUSD"].ADV != 3 {
		t.Errorf("liquidity defaults are %v", d)
	}
	for path, origin := range map[string]string{
		"carry.crypto.times":                       "my.yaml:2",
		"slippage.equities[0]":                     "my.yaml:6",
		"liquidity.defaults.forex.adv":             "my.yaml:9",
		"liquidity.defaults.forex.spread_over_mid": "ptn-2025-02",
		"liquidity.defaults.EURUSD.adv":            "my.yaml:10",
		"slippage.crypto.pairs.BTCUSD":             "my.yaml:4",
		"slippage.crypto.pairs.ETHUSD":             "ptn-2025-02",
	} {
		if got := rowOf(t, r, path).Origin; got != origin {
			t.Errorf("the origin of %s is %s, want %s", path, got, origin)
		}
	}
}

func TestOverridesAreTyped(t *testing.T) {
	r, err := Load(Default,
		WithOverride("cooldown.scope=miner"),
		WithOverride("cooldown.period=1s"),
		WithOverride("cooldown.period=2s"), // the later holds
		WithOverride("recency.enabled=false"),
		WithOverride("rate_limit.requests=3"),
		WithOverride("weights={calmar: 0.4, sharpe: 0}"),
		WithOverride("instruments.halted=[BTCUSD, EURUSD]"),
		WithOverride("instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]"),
		WithOverride("slippage.crypto.pairs.LTCUSD=0.002"),
		WithOverride("liquidity.usd_prices.EUR=1.1"),
		WithOverride("liquidity.defaults.EURUSD={spread_over_mid: 0, volatility_annual: 0, adv: 1}"),
		WithOverride("hours.crypto.kind = never"),
	)
	if err != nil {
		t.Fatal(err)
	}
	for path, value := range map[string]string{
		"cooldown.scope":                "miner",
		"cooldown.period":               "2s",
		"recency.enabled":               "false",
		"rate_limit.requests":           "3",
		"weights.calmar":                "0.4",
		"weights.sharpe":                "0",
		"instruments.halted":            "[BTCUSD, EURUSD]",
		"instruments.added[0]":          "{id: LTCUSD, class: crypto, quote: USD}",
		"slippage.crypto.pairs.LTCUSD":  "0.002",
		"liquidity.usd_prices.EUR":      "1.1",
		"liquidity.defaults.EURUSD.adv": "1",
		"hours.crypto.kind":             "never",
	} {
		if got := rowOf(t, r, path); got.Value != value || got.Origin != "--set" {
			t.Errorf("%s is %s from %s, want %s from --set", path, got.Value, got.Origin, value)
		}
	}
	if got := rowOf(t, r, "weights.omega"); got.Origin != Default {
		t.Errorf("weights.omega comes from %s", got.Origin)
	}
}

func TestOpenTellsFilesFromNames(t *testing.T) {
	dir := write(t, map[string]string{"a.yaml": "extends: ptn-2024-12\n"})
	for name, want := range map[string]string{"ptn-4.8.12": "ptn-4.8.12", filepath.Join(dir, "a.yaml"): "a"} {
		r, err := Open(name)
		if err != nil || r.Set.Name != want {
			t.Errorf("%s opens as %v (%v)", name, r, err)
		}
	}
}

func TestLoadRefusesUnknownNames(t *testing.T) {
	for _, name := range []string{"", "ptn", "../set", "ptn-5.4.0.yaml"} {
		if _, err := Load(name); err == nil || !strings.HasPrefix(err.Error(), "found "+strconv.Quote(name)+", which is no built-in rule set") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestLoadFileRefuses(t *testing.T) {
	dir := write(t, map[string]string{
		"self.yaml":     "extends: self.yaml\n",
		"a.yaml":        "extends: sub/b.yaml\n",
		"sub/b.yaml":    "extends: ../a.yaml\n",
		"absolute.yaml": "extends: /rules/set.yaml\n",
		"gone.yaml":     "extends: nowhere.yaml\n",
		"child.yaml":    "extends: wrong.yaml\n",
		"wrong.yaml":    "extends: ptn-2025-02\nfill: {max_wait: x}\nrecency: {decay: y}\n",
	})
	chain := map[string]string{"0.yaml": inherits}
	for i := range 20 {
		chain[strconv.Itoa(i+1)+".yaml"] = "extends: " + strconv.Itoa(i) + ".yaml\n"
	}
	long := write(t, chain)
	for _, c := range []struct{ name, path, want string }{
		{"Itself", dir + "/self.yaml", dir + `/self.yaml:1:10: extends: found "self.yaml", which extends this file in turn; expected no circle`},
		{"Circle", dir + "/a.yaml", dir + `/sub/b.yaml:1:10: extends: found "../a.yaml", which extends this file in turn; expected no circle`},
		{"Absolute", dir + "/absolute.yaml", dir + `/absolute.yaml:1:10: extends: found the absolute path "/rules/set.yaml"; expected one relative to this file, or ptn-2025-02, ptn-5.4.0, ptn-2024-12 or ptn-4.8.12`},
		{"MissingBase", dir + "/gone.yaml", dir + `/gone.yaml:1:10: extends: found no rule file to read (open ` + dir + `/nowhere.yaml: no such file or directory); expected a path of one, or a built-in set: ptn-2025-02, ptn-5.4.0, ptn-2024-12 or ptn-4.8.12`},
		{"Missing", dir + "/none.yaml", `found no rule file to read (open ` + dir + `/none.yaml: no such file or directory); expected a path of one, or a built-in set: ptn-2025-02, ptn-5.4.0, ptn-2024-12 or ptn-4.8.12`},
		{"Folder", dir, `found no rule file to read (read ` + dir + `: is a directory); expected a text file`},
		{"ErrorInTheBase", dir + "/child.yaml", dir + `/wrong.yaml:2:18: fill.max_wait: found "x"; expected a whole number with a unit, such as 500ms, 60s, 5m, 12h or 90d, or 0`},
		{"LongChain", long + "/20.yaml", long + `/12.yaml:1:10: extends: found more than 8 sets that extend one another; expected fewer`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := LoadFile(c.path)
			if got := firstLine(err); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}
