package rules

import (
	"reflect"
	"slices"
	"testing"
)

// The marked deviations of docs/rules.md, and no other, tell the build of
// February 2025 from the document.
func TestDiffOfTheBuildsOfFebruary2025(t *testing.T) {
	want := []DiffRow{
		{"instruments.portfolio_weight.equities", "1", "2", "1"},
		{"carry.rate", "simple", "compound", "6"},
		{"carry.alignment", "documented", "deployed", "6"},
		{"carry.closed_market", "at_instant", "at_reopening", "6"},
		{"ledger.marking", "documented", "deployed", "8"},
		{"ledger.day", "documented", "deployed", "8"},
		{"ledger.first_checkpoint", "documented", "deployed", "8"},
		{"drawdown.at_limit", "survives", "eliminates", "9"},
		{"elimination.check_every", "0", "5m", "9"},
		{"elimination.challenge_check_every", "0", "1m", "9"},
		{"elimination.ledger_lag", "0", "10m", "9"},
		{"metrics.days_in_year", "365", "252", "10"},
		{"recency.enabled", "true", "false", "10"},
		{"calmar.risk_free", "true", "false", "10"},
		{"drawdown_penalty.at_limit", "spares", "penalises", "11"},
		{"scoring.position_filter", "none", "closed_60s", "11"},
		{"competition.percentiles", "documented", "deployed", "12"},
		{"challenge.start", "registration", "first_order", "13"},
		{"challenge.check_every", "12h", "1m", "13"},
	}
	if got := Diff(builtinSet(t, "ptn-2025-02"), builtinSet(t, "ptn-5.4.0")); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestDiffOfASetWithItselfIsEmpty(t *testing.T) {
	for _, name := range Names() {
		if got := Diff(builtinSet(t, name), builtinSet(t, name)); len(got) != 0 {
			t.Errorf("%s differs from itself: %v", name, got)
		}
	}
}

func TestDiffShowsWhatOneSetLacks(t *testing.T) {
	a := builtinSet(t, Default)
	b, err := Load(Default,
		WithOverride("slippage.equities=[[AAPL, buy, 0, 5, 1, 2, 3, 4]]"),
		WithOverride("slippage.crypto.pairs.LTCUSD=0.002"),
		WithOverride("instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]"),
		WithOverride("instruments.halted=[BTCUSD]"),
		WithOverride("hours.crypto.zone=UTC"))
	if err != nil {
		t.Fatal(err)
	}
	got := Diff(a, b)
	for _, want := range []DiffRow{
		{"instruments.added[0]", "", "{id: LTCUSD, class: crypto, quote: USD}", "1"},
		{"instruments.halted", "[]", "[BTCUSD]", "1"},
		{"hours.crypto.zone", "", "UTC", "3"},
		{"slippage.crypto.pairs.LTCUSD", "", "0.002", "7"},
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no row %v in\n%v", want, got)
		}
	}
	// Of the 70 rows of the table one changed and 69 are gone.
	if len(got) != 4+70 {
		t.Errorf("%d rows, want 74", len(got))
	}
}

func TestRowsKeepTheOrderOfTheSchema(t *testing.T) {
	r := builtinSet(t, "ptn-4.8.12")
	rows := r.Rows()
	last := ""
	for _, row := range rows {
		if len(row.Section) < len(last) || len(row.Section) == len(last) && row.Section < last {
			t.Errorf("%s of §%s comes after §%s", row.Path, row.Section, last)
		}
		last = row.Section
		if row.Origin == "" || row.Value == "" {
			t.Errorf("no value or origin in %+v", row)
		}
	}
	for range 20 {
		if !slices.Equal(r.Rows(), rows) {
			t.Fatal("two calls differ")
		}
	}
}
