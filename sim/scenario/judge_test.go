package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// judgedAccount is a small account: three orders, two days, one position.
func judgedAccount() fact.Node {
	const day = 20151 * 86_400_000 // 2025-03-04
	return fact.Of(fact.Account{
		FinalReturn: 1.25, Days: 2, Digest: "sha256:ab",
		Daily: []fact.Day{{Date: day, LogReturn: scoring.Known(0.5)}, {Date: day + 86_400_000}},
		Orders: []fact.Order{
			{Became: "accepted", Outcome: "accepted", Price: scoring.Known(100)},
			{Became: "rejected cooldown", Outcome: "rejected", Reason: "cooldown"},
			{Became: "accepted", Outcome: "accepted", Price: scoring.Known(99)},
		},
		Positions: []fact.Position{{ReturnAtClose: 1.5, Orders: []fact.Fill{{Leverage: 0.1}, {Leverage: -0.1}}}},
		Carry:     []fact.CarryCharge{{Time: day + 22*3_600_000, Charge: 0.75}},
		Warnings:  []string{"the market was closed"},
	})
}

func judged(t *testing.T, facts fact.Node, expect, tolerance string) []Finding {
	t.Helper()
	kind := OfAccount
	if facts.Shape().Index("rounds") >= 0 {
		kind = OfTournament
	} else if facts.Shape().Index("miners") >= 0 {
		kind = OfStanding
	}
	e, err := expecting(kind, expect)
	if err != nil {
		t.Fatal(err)
	}
	s := &Scenario{Expect: e}
	if tolerance != "" {
		if s.Tolerance, err = condition.ParseTolerance(tolerance); err != nil {
			t.Fatal(err)
		}
	}
	return Judge(s, facts)
}

// told writes a finding on a line.
func told(f Finding) string {
	text := fmt.Sprintf("%d:%d %s: expected %s, got %s", f.Line, f.Column, f.Path, f.Expected, f.Got)
	for _, mark := range []struct {
		on   bool
		text string
	}{{f.Missing, "missing"}, {f.Extra, "extra"}, {f.Blank, "blank"}, {f.Holds, "HOLDS"}, {f.of == nil, "OF NOTHING"}} {
		if mark.on {
			text += " (" + mark.text + ")"
		}
	}
	return text
}

func TestWhatHoldsIsNoFinding(t *testing.T) {
	for _, expect := range []string{
		`expect: {final_return: 1.25, days: ">= 2", digest: ~ ab, elimination: null}`,
		`expect: {orders: [accepted, rejected cooldown, {price: 99, reason: ""}]}`,
		`expect: {orders: {1: accepted, 2: {price: null, filled: null}, -1: {price: "98 .. 99"}, count: 3, 4: null}}`,
		`expect: {daily: {2025-03-04: 0.5, 2025-03-05: {log_return: null}, 2025-03-06: null, count: 2}}`,
		`expect: {daily: [{date: 2025-03-04}, {log_return: null}]}`,
		`expect: {carry: {"2025-03-04T22:00:00Z": 0.75}, positions: {1: {orders: [0.1, -0.1]}}}`,
		`expect: {warnings: [~ closed], checkpoints: [], pairs: {BTCUSD: null}}`,
		`expect: {final_return: "= 5/4", orders: {count: "= 1+2"}}`,
	} {
		for _, f := range judged(t, judgedAccount(), expect, "") {
			t.Errorf("%s: %s", expect, told(f))
		}
	}
}

func TestFindings(t *testing.T) {
	for name, c := range map[string]struct {
		expect, tolerance string
		want              []string
	}{
		"values": {"expect:\n  days: 3\n  final_return: 1.5 ± 0.1\n  max_drawdown: 0\n  digest: cd", "", []string{
			"2:9 days: expected 3, got 2",
			"3:17 final_return: expected 1.5 ± 0.1, got 1.25",
			"5:11 digest: expected cd, got sha256:ab",
		}},
		"the file's tolerance": {"expect: {final_return: 1, positions: {1: 1.4}, days: 1}", "0.2", []string{
			"1:24 final_return: expected 1 ± 0.2, got 1.25",
			"1:54 days: expected 1, got 2",
		}},
		"deep": {"expect: {orders: {3: {price: 98}}, daily: {2025-03-04: 0.25}, positions: [{orders: [0.1, -0.2]}]}", "", []string{
			"1:30 orders[3].price: expected 98, got 99",
			"1:56 daily[2025-03-04].log_return: expected 0.25, got 0.5",
			"1:90 positions[1].orders[2].leverage: expected -0.2, got -0.1",
		}},
		"no such element": {"expect: {orders: [accepted, rejected cooldown, accepted, {outcome: clamped, leverage: 1}], daily: {2025-03-06: 0.1, -3: 1}, warnings: {2: ~ x}}", "", []string{
			"1:58 orders[4]: expected outcome: clamped, leverage: 1, got none of 3 elements (missing)",
			"1:112 daily[2025-03-06]: expected 0.1, got none; there is 2025-03-04, 2025-03-05 (missing)",
			"1:121 daily[-3]: expected 1, got none of 2 elements (missing)",
			"1:139 warnings[2]: expected ~ x, got none of 1 element (missing)",
		}},
		"one more": {"expect: {orders: [accepted], warnings: []}", "", []string{
			"1:18 orders[2]: expected no more than 1 element, got rejected cooldown (extra)",
			"1:18 orders[3]: expected no more than 1 element, got accepted (extra)",
			"1:40 warnings[1]: expected an empty list, got the market was closed (extra)",
		}},
		"the items before those that are too many": {"expect: {orders: [clamped, rejected cooldown]}", "", []string{
			"1:19 orders[1].became: expected clamped, got accepted",
			"1:18 orders[3]: expected no more than 2 elements, got accepted (extra)",
		}},
		"null": {"expect:\n  elimination: LIQUIDATED\n  orders: {1: {price: null}, 2: {price: 5}, 3: null}\n  daily: {2025-03-05: 1, 2: null}\n  warnings: {1: null}", "", []string{
			"2:16 elimination: expected LIQUIDATED, got null (missing)",
			"3:23 orders[1].price: expected null, got 100",
			"3:41 orders[2].price: expected 5, got null",
			"3:48 orders[3]: expected no such element, got accepted (extra)",
			"4:23 daily[2025-03-05].log_return: expected 1, got null",
			"4:29 daily[2]: expected no such element, got date: 2025-03-05, log_return: null (extra)",
			"5:17 warnings[1]: expected no such element, got the market was closed (extra)",
		}},
		"a group that does not exist": {"expect: {elimination: {time: 2025-03-04, reason: LIQUIDATED}}", "", []string{
			"1:23 elimination: expected time: 2025-03-04T00:00:00Z, reason: LIQUIDATED, got null (missing)",
		}},
		"count": {"expect: {orders: {1: clamped, count: 4, 2: clamped}, warnings: {count: \"> 1\", 1: x}}", "", []string{
			"1:22 orders[1].became: expected clamped, got accepted",
			"1:38 orders.count: expected 4, got 3",
			"1:44 orders[2].became: expected clamped, got rejected cooldown",
			"1:72 warnings.count: expected > 1, got 1",
			"1:82 warnings[1]: expected x, got the market was closed",
		}},
		"blanks": {"expect: {days: _, orders: _, elimination: _, positions: [_], daily: {count: _, 2025-03-04: {log_return: _}}, costs: _}", "", []string{
			"1:16 days: expected _, got 2 (blank)",
			"1:27 orders: expected _, got 3 elements (blank)",
			"1:43 elimination: expected _, got null (blank)",
			"1:58 positions[1]: expected _, got 1.5 (blank)",
			"1:77 daily.count: expected _, got 2 (blank)",
			"1:105 daily[2025-03-04].log_return: expected _, got 0.5 (blank)",
			"1:117 costs: expected _, got carry: 0, transaction_fee: 0, slippage_estimate: 0 (blank)",
		}},
		"an error that did not come": {"expect: {error: not after}", "", []string{
			`1:17 error: expected an error that says "not after", got no error (missing)`,
		}},
	} {
		var got []string
		for _, f := range judged(t, judgedAccount(), c.expect, c.tolerance) {
			got = append(got, told(f))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestEliminationThatShouldNotBe(t *testing.T) {
	facts := fact.Of(fact.Account{Elimination: &fact.Elimination{Reason: "LIQUIDATED", Drawdown: 0.5}})
	findings := judged(t, facts, "expect: {elimination: null}", "")
	if len(findings) != 1 || told(findings[0]) != "1:23 elimination: expected null, got LIQUIDATED (extra)" {
		t.Errorf("got %v", findings)
	}
}

// Of 30 warnings, none of them expected, 20 are told, and then that there are more.
func TestManyExtraElementsAreCounted(t *testing.T) {
	facts := fact.Of(fact.Account{Warnings: slices.Repeat([]string{"beware"}, 30)})
	findings := judged(t, facts, "expect: {warnings: []}", "")
	if len(findings) != extraMax+1 {
		t.Fatalf("%d findings", len(findings))
	}
	if got := told(findings[extraMax-1]); got != "1:20 warnings[20]: expected an empty list, got beware (extra)" {
		t.Error(got)
	}
	if got := told(findings[extraMax]); got != "1:20 warnings: expected an empty list, got and 10 more (extra)" {
		t.Error(got)
	}
}

func TestMinersAreFoundByName(t *testing.T) {
	one, two := 1, 2
	standing := fact.Of(fact.Standing{Miners: []fact.Judgement{{Miner: "alice", Rank: &two}, {Miner: "bob", Rank: &one, Weight: 0.75}}})
	var got []string
	for _, f := range judged(t, standing, "expect: {miners: {bob: {weight: 0.5, rank: 1}, alice: 1, carol: 3}}", "") {
		got = append(got, told(f))
	}
	want := []string{
		"1:33 miners[bob].weight: expected 0.5, got 0.75",
		"1:55 miners[alice].rank: expected 1, got 2",
		"1:65 miners[carol]: expected 3, got none; there is alice, bob (missing)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
