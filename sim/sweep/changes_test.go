package sweep

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// ruleSet returns a built-in set with overrides.
func ruleSet(t rapid.TB, name string, overrides ...string) *rules.Resolved {
	t.Helper()
	var options []rules.Option
	for _, o := range overrides {
		options = append(options, rules.WithOverride(o))
	}
	r, err := rules.Load(name, options...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// textOf is what a rule set says, whatever it is called.
func textOf(r *rules.Resolved) string {
	s := *r.Set
	s.Name, s.Description = "x", ""
	return string(rules.Marshal(&s))
}

func namesOf(changes []Change) []string {
	var names []string
	for _, c := range changes {
		names = append(names, c.Name)
	}
	return names
}

// From December 2024 to February 2025 the documents differ in nine things (docs/rules.md,
// where it gives two values); the weights of the metrics sum to 1 and go together.
func TestChangesOfTheDocuments(t *testing.T) {
	changes, err := Changes(ruleSet(t, "ptn-2024-12"), ruleSet(t, "ptn-2025-02"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"leverage.position.equities.max", "transaction_fee.enabled", "slippage.enabled", "elimination.main", "recency.enabled",
		"weights", "drawdown_penalty.last_checkpoints", "competition.softmax_temperature", "challenge.days_min"}
	if got := namesOf(changes); !slices.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	weights := changes[5]
	if len(weights.Rows) != 7 || weights.Section != "10" {
		t.Errorf("the weights are %d rows of §%s, want 7 of §10", len(weights.Rows), weights.Section)
	}
}

// Every row in which the build differs from the document is a switch of its own.
func TestChangesOfTheBuildAreSingleValues(t *testing.T) {
	from, to := ruleSet(t, "ptn-2025-02"), ruleSet(t, "ptn-5.4.0")
	changes, err := Changes(from, to)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, row := range rules.Diff(from, to) {
		want = append(want, row.Path)
	}
	if got := namesOf(changes); !slices.Equal(got, want) || len(got) != 19 {
		t.Errorf("got\n%v\nwant the 19 of\n%v", got, want)
	}
}

func TestChangesGoTogetherWhereTheyNeedOneAnother(t *testing.T) {
	const litecoin = "instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]"
	tests := map[string]struct {
		from, to []string
		want     []string
	}{
		"none": {nil, nil, nil},
		"a list is one": {nil, []string{"slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"},
			[]string{"slippage.equities"}},
		"weights, and nothing beside them": {nil, []string{"weights={calmar: 0.4, sharpe: 0}", "drawdown.limit=0.2", "recency.floor=0.5"},
			[]string{"drawdown.limit", "recency.floor", "weights"}},
		// The window of 24 hours would be fine by itself, but days as checkpoints are
		// not in a window of 12 hours.
		"a window and its checkpoints": {[]string{"ledger.window=12h"}, []string{"ledger={checkpoint: 24h, window: 24h}", "ledger.day=deployed"},
			[]string{"ledger.checkpoint and 1 more", "ledger.day"}},
		"bounds that pass each other": {nil, []string{"leverage.position.forex={min: 6, max: 7}"},
			[]string{"leverage.position.forex"}},
		"bounds that overlap": {nil, []string{"leverage.position.forex={min: 4, max: 7}"},
			[]string{"leverage.position.forex.min", "leverage.position.forex.max"}},
		"an entry of a map by itself": {[]string{litecoin}, []string{litecoin, "slippage.crypto.pairs={LTCUSD: 0.1, BTCUSD: 0.2}"},
			[]string{"slippage.crypto.pairs.BTCUSD", "slippage.crypto.pairs.LTCUSD"}},
		"a pair and what is said of it": {nil, []string{litecoin, "slippage.crypto.pairs.LTCUSD=0.1", "slippage.max=0.5",
			"liquidity.defaults.LTCUSD={spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}"},
			[]string{"instruments.added and 2 more", "slippage.max"}},
		"hours of another kind": {nil, []string{"hours.crypto={kind: weekly, zone: UTC, open: sunday 17:00, close: friday 17:00}"},
			[]string{"hours.crypto"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			from, to := ruleSet(t, rules.Default, tt.from...), ruleSet(t, rules.Default, tt.to...)
			for _, sets := range [][2]*rules.Resolved{{from, to}, {to, from}} {
				changes, err := Changes(sets[0], sets[1])
				if err != nil {
					t.Fatal(err)
				}
				if got := namesOf(changes); !slices.Equal(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			}
		})
	}
}

// checkSwitches holds the laws of changes: each can be switched first and last; all
// of them together are the other set; they are the rows of the difference, each once.
func checkSwitches(t rapid.TB, from, to *rules.Resolved) {
	t.Helper()
	changes, err := Changes(from, to)
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	rows := 0
	for _, c := range changes {
		if names[c.Name] {
			t.Errorf("two changes are called %s", c.Name)
		}
		names[c.Name] = true
		rows += len(c.Rows)
		first, err := Mix(from, to, c)
		if err != nil {
			t.Fatalf("%s first: %v", c.Name, err)
		}
		if got := rules.Diff(from, first); !slices.Equal(got, c.Rows) {
			t.Errorf("%s switched differs in\n%v\nwant\n%v", c.Name, got, c.Rows)
		}
		last, err := Without(from, to, c)
		if err != nil {
			t.Fatalf("%s last: %v", c.Name, err)
		}
		if got := rules.Diff(last, to); !slices.Equal(got, c.Rows) {
			t.Errorf("%s switched back differs in\n%v\nwant\n%v", c.Name, got, c.Rows)
		}
	}
	if want := len(rules.Diff(from, to)); rows != want {
		t.Errorf("the changes have %d rows, the sets differ in %d", rows, want)
	}
	all, err := Mix(from, to, changes...)
	if err != nil {
		t.Fatal(err)
	}
	if textOf(all) != textOf(to) {
		t.Errorf("all changes switched, it still differs: %v", rules.Diff(all, to))
	}
	none, err := Without(from, to, changes...)
	if err != nil {
		t.Fatal(err)
	}
	if textOf(none) != textOf(from) {
		t.Errorf("all changes switched back, it still differs: %v", rules.Diff(none, from))
	}
}

func TestChangesOfEveryTwoBuiltinSets(t *testing.T) {
	for _, a := range rules.Names() {
		for _, b := range rules.Names() {
			t.Run(a+" to "+b, func(t *testing.T) { checkSwitches(t, ruleSet(t, a), ruleSet(t, b)) })
		}
	}
}

// Sets that are made of a built-in one by any choice of these, among them many that
// do not fit without each other.
func TestChangesOfRandomSets(t *testing.T) {
	choices := [][]string{
		{"instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]", "slippage.crypto.pairs.LTCUSD=0.1", "instruments.halted=[LTCUSD]"},
		{"instruments.halted=[BTCUSD, ETHUSD]"},
		{"gate.order_leverage_min=600", "gate.order_leverage_max=700"},
		{"gate.order_leverage_min=0.0005"},
		{"leverage.position.forex={min: 6, max: 7}", "leverage.position.equities.max=4"},
		{"weights={calmar: 0, sharpe: 0, omega: 0, sortino: 0, statistical_confidence: 0, return_long: 0.5, return_short: 0.5}"},
		{"weights={calmar: 1, sharpe: 0, omega: 0, sortino: 0, statistical_confidence: 0, return_long: 0, return_short: 0}"},
		{"ledger={checkpoint: 24h, window: 24h}"},
		{"ledger={checkpoint: 6h, window: 6h}"},
		{"slippage.equities=[]"},
		{"slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"},
		{"slippage.crypto.pairs={BTCUSD: 0.3, SOLUSD: 0.4}"},
		{"liquidity.defaults={BTCUSD: {spread_over_mid: 0.5, volatility_annual: 0.5, adv: 5}, forex: {adv: 7}}"},
		{"liquidity.usd_prices.GBP=1.3"},
		{"hours.crypto={kind: weekly, zone: UTC, open: sunday 17:00, close: friday 17:00}"},
		{"hours.forex={kind: always}"},
		{"hours.equities={kind: weekly, open: sunday 17:00, close: friday 17:00}"},
		{"carry.crypto.times=[\"00:00\", \"06:00\", \"12:00\", \"18:00\"]", "carry.rate=compound"},
		{"return_short={drawdown_min: 0.5, drawdown_max: 0.6}"},
		{"drawdown.limit=0.05", "cooldown={period: 0, scope: miner}"},
	}
	set := func(t *rapid.T, label, base string) *rules.Resolved {
		var overrides []string
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(choices)-1), 0, 8, rapid.ID[int]).Draw(t, label) {
			overrides = append(overrides, choices[i]...)
		}
		var options []rules.Option
		for _, o := range overrides {
			options = append(options, rules.WithOverride(o))
		}
		r, err := rules.Load(base, options...)
		if err != nil {
			t.Skip(err) // some choices exclude each other
		}
		return r
	}
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom(rules.Names()).Draw(t, "base")
		checkSwitches(t, set(t, "a", base), set(t, "b", base))
	})
}

func TestMixedSetsTellWhatWasSwitched(t *testing.T) {
	from, to := ruleSet(t, "ptn-2025-02"), ruleSet(t, "ptn-5.4.0")
	changes, err := Changes(from, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		changes []Change
		mixed   string
		without string
	}{
		{nil, "ptn-2025-02", "ptn-5.4.0"},
		{changes[1:2], "ptn-2025-02 + carry.rate", "ptn-5.4.0 - carry.rate"},
		{changes[1:3], "ptn-2025-02 + carry.rate + carry.alignment", "ptn-5.4.0 - carry.rate - carry.alignment"},
		{changes, "ptn-2025-02 + 19 changes", "ptn-5.4.0 - 19 changes"},
	} {
		mixed, err := Mix(from, to, tt.changes...)
		if err != nil {
			t.Fatal(err)
		}
		without, err := Without(from, to, tt.changes...)
		if err != nil {
			t.Fatal(err)
		}
		if mixed.Set.Name != tt.mixed || without.Set.Name != tt.without {
			t.Errorf("got %q and %q, want %q and %q", mixed.Set.Name, without.Set.Name, tt.mixed, tt.without)
		}
	}
}
