package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// head is a scenario of an account, but for what it expects.
const head = `scenario: 'what an update does'   # é
data: sample
signals:
  - 2025-03-03T00:00:00Z BTCUSD LONG 0.1
`

// account is what came of it in these tests. Its numbers are made up.
func account() fact.Account {
	at := fact.Instant(1740960000000) // 2025-03-03
	return fact.Account{
		FinalReturn: 1.5,
		MaxDrawdown: 0.25,
		Days:        2,
		Daily:       []fact.Day{{Date: fact.Date(at), LogReturn: scoring.Known(0.125)}, {Date: fact.Date(at + 86_400_000)}},
		Orders: []fact.Order{
			{Became: "accepted", Outcome: "accepted", Emitted: at, Filled: &at, Pair: "BTCUSD", OrderType: "LONG", Leverage: scoring.Known(0.1), Price: scoring.Known(100)},
			{Became: "rejected cooldown", Outcome: "rejected", Reason: "cooldown", Emitted: at + 5000, Pair: "BTCUSD", OrderType: "LONG", Leverage: scoring.Known(-0.5), Warnings: []string{"true", "a: b, c"}},
			{Became: "accepted", Outcome: "accepted", Emitted: at + 10_500, Pair: "BTCUSD", OrderType: "FLAT"},
		},
		Counts:    fact.Counts{Orders: 3, Accepted: 2, Rejected: 1},
		Positions: []fact.Position{{Pair: "BTCUSD", Open: at, ReturnAtClose: 1.02, CarryFactor: 0.999}, {Pair: "ETHUSD", Open: at, ReturnAtClose: 0.98, CarryFactor: 1}},
		Penalties: fact.Penalties{Drawdown: 1, Total: 0.5},
		Elimination: &fact.Elimination{
			Time: at + 1, Reason: "MAX_TOTAL_DRAWDOWN", Drawdown: 0.2,
		},
		Warnings: []string{"_", "> 3", "", "null", `"`, "é\n", "it's", "#1", "- x", "1.5", "~ x", "a", "\ufeff"},
		Digest:   "abc",
	}
}

func TestUpdate(t *testing.T) {
	for name, c := range map[string]struct {
		expect, want string // below head
		kept         string // paths
	}{
		"NothingWrong": {
			expect: "expect:   {final_return:   1.5}   # c",
			want:   "expect:   {final_return:   1.5}   # c",
		},
		"Value": {
			expect: "expect:\n  final_return: 1.25  # é\n  days: '3'\n  digest: \"xyz\"   \n  max_drawdown:\t0.5 \n",
			want:   "expect:\n  final_return: 1.5  # é\n  days: '2'\n  digest: \"abc\"   \n  max_drawdown:\t0.25 \n",
		},
		"ValueWithTolerance": {
			expect: "expect:\n  final_return: 1 ± 0.01 # c\n  max_drawdown: \"== 1\"\n",
			want:   "expect:\n  final_return: 1.5 ± 0.01 # c\n  max_drawdown: \"== 1\"\n",
			kept:   "max_drawdown",
		},
		"ValueInBraces": {
			expect: "expect: {elimination: {reason: 'LIQUIDATED', time: 2025-03-04, drawdown: 1}, days: 5}",
			want:   "expect: {elimination: {reason: 'MAX_TOTAL_DRAWDOWN', time: 2025-03-03T00:00:00.001Z, drawdown: 0.2}, days: 2}",
		},
		"ValueOverLines": {
			expect: "expect:\n  digest: a\n    b\n  elimination:\n    \"LIQUI\\\n      DATED\"\n",
			want:   "expect:\n  digest: abc\n  elimination:\n    \"MAX_TOTAL_DRAWDOWN\"\n",
		},
		"ShortValue": {
			expect: "expect:\n  counts: 4\n  orders: [accepted, accepted, {outcome: rejected}]\n  penalties: 1",
			want:   "expect:\n  counts: 3\n  orders: [accepted, rejected cooldown, {outcome: accepted}]\n  penalties: 0.5",
		},
		"ShortValueThatIsNull": {
			expect: "expect:\n  daily: [0.125, 3] # c\n",
			want:   "expect:\n  daily: [0.125, {log_return: null}] # c\n",
		},
		"CRLFAndMark": {
			expect: "expect: # a\r\n  days: 3 # b\r\n  # c\r\n  final_return: 2\r\n  orders:\r\n    - accepted # d\r\n    # e\r\n",
			want:   "expect: # a\r\n  days: 2 # b\r\n  # c\r\n  final_return: 1.5\r\n  orders:\r\n    - accepted # d\r\n    - rejected cooldown\r\n    - accepted\r\n    # e\r\n",
		},
		"BlankValues": {
			expect: "expect:\n  final_return: _   # c\n  daily: {2: {log_return: _}}\n  counts: {orders: _, accepted:   _ }\n",
			want:   "expect:\n  final_return: 1.5   # c\n  daily: {2: {log_return: null}}\n  counts: {orders: 3, accepted:   2 }\n",
		},
		"BlankGroups": {
			expect: "expect:\n  elimination: _   # c\n  counts: _\n  costs: _\n  positions: {1: _, -1: {carry_factor: _}}\n",
			want: "expect:\n  elimination: {time: 2025-03-03T00:00:00.001Z, reason: MAX_TOTAL_DRAWDOWN}   # c\n  counts: {orders: 3, accepted: 2, clamped: 0, rejected: 1, ignored: 0}\n" +
				"  costs: {carry: 0, transaction_fee: 0, slippage_estimate: 0}\n  positions: {1: {pair: BTCUSD, closed: false, return_at_close: 1.02}, -1: {carry_factor: 1}}\n",
		},
		"BlankLists": {
			expect: "expect:\n  orders: _   # c\n  # d\n  warnings: _\n  positions: _",
			want: "expect:\n  orders:   # c\n    - {became: accepted, filled: 2025-03-03T00:00:00Z, price: 100}\n    - rejected cooldown\n    - accepted\n  # d\n" +
				"  warnings:\n    - '\"_\"'\n    - '\"> 3\"'\n    - \"\"\n    - \"null\"\n    - '\"'\n    - '\"é\\n\"'\n    - it's\n    - \"#1\"\n    - \"- x\"\n    - \"1.5\"\n    - '\"~ x\"'\n    - a\n    - '\"\\ufeff\"'\n" +
				"  positions:\n    - {pair: BTCUSD, closed: false, return_at_close: 1.02}\n    - {pair: ETHUSD, closed: false, return_at_close: 0.98}",
		},
		"BlankListsWhereLinesDoNotGo": {
			expect: "expect: {orders: _, checkpoints: _, penalties: {total: _}}\n",
			want:   "expect: {orders: [{became: accepted, filled: 2025-03-03T00:00:00Z, price: 100}, rejected cooldown, accepted], checkpoints: [], penalties: {total: 0.5}}\n",
		},
		"BlankListBelowItsKey": {
			expect: "expect:\n  positions:\n    _ # c\n",
			want:   "expect:\n  positions:\n    [{pair: BTCUSD, closed: false, return_at_close: 1.02}, {pair: ETHUSD, closed: false, return_at_close: 0.98}] # c\n",
		},
		"BlankOfAll": {
			expect: "expect: _ # c\nsection: a\n",
			want: "expect: # c\n  final_return: 1.5\n  max_drawdown: 0.25\n  days: 2\n" +
				"  elimination: {time: 2025-03-03T00:00:00.001Z, reason: MAX_TOTAL_DRAWDOWN}\nsection: a\n",
		},
		"NullThatExists": {
			expect: "expect:\n  elimination: null # c\n  orders: {1: {filled: ~, price: null}}\n",
			want:   "expect:\n  elimination: {time: 2025-03-03T00:00:00.001Z, reason: MAX_TOTAL_DRAWDOWN} # c\n  orders: {1: {filled: 2025-03-03T00:00:00Z, price: 100}}\n",
		},
		"ValueThatDoesNotExist": {
			expect: "expect:\n  orders:\n    2: {filled: 2025-03-03T00:00:00Z, price: \"7\", effective_leverage: \">= 1\"}\n",
			want:   "expect:\n  orders:\n    2: {filled: null, price: null, effective_leverage: \">= 1\"}\n",
			kept:   "orders[2].effective_leverage",
		},
		"ListInBracketsTooShort": {
			expect: "expect:\n  orders: [ accepted ] # c\n  positions: [{return_at_close: 1 ± 1, carry_factor: 1},]\n  warnings: []\n",
			want: "expect:\n  orders: [ accepted, rejected cooldown, accepted ] # c\n  positions: [{return_at_close: 1 ± 1, carry_factor: 0.999}, {return_at_close: 0.98 ± 1, carry_factor: 1},]\n" +
				"  warnings:\n    - '\"_\"'\n    - '\"> 3\"'\n    - \"\"\n    - \"null\"\n    - '\"'\n    - '\"é\\n\"'\n    - it's\n    - \"#1\"\n    - \"- x\"\n    - \"1.5\"\n    - '\"~ x\"'\n    - a\n    - '\"\\ufeff\"'\n",
		},
		"ListInBracketsOverLinesTooShort": {
			expect: "expect:\n  orders: [\n    accepted,\n    accepted # c\n    # d\n  ]\n  positions: [\n    1.02, # e\n  ]\n",
			want:   "expect:\n  orders: [\n    accepted,\n    rejected cooldown, # c\n    accepted\n    # d\n  ]\n  positions: [\n    1.02, # e\n    0.98,\n  ]\n",
		},
		"ListInLinesTooShort": {
			expect: "expect:\n  orders:\n  - accepted # c\n\n  # d\n  positions:\n   - return_at_close: 1\n     open: 2025-03-03 # e\n  # f\n  days: 2",
			want: "expect:\n  orders:\n  - accepted # c\n  - rejected cooldown\n  - accepted\n\n  # d\n  positions:\n   - return_at_close: 1.02\n     open: 2025-03-03 # e\n" +
				"   - return_at_close: 0.98\n     open: 2025-03-03T00:00:00Z\n  # f\n  days: 2",
		},
		"ListAtTheEndTooShort": {
			expect: "expect:\n  orders:\n    - outcome: accepted\n      warnings:\n        - x",
			want:   "expect:\n  orders:\n    - outcome: accepted\n      warnings: []\n    - became: rejected cooldown\n      outcome: rejected\n      warnings:\n        - \"true\"\n        - \"a: b, c\"\n    - outcome: accepted\n      warnings: []",
		},
		"ListInBracketsTooLong": {
			expect: "expect: {orders: [accepted, rejected cooldown, accepted, accepted, waiting ], daily: [0.125, {log_return: null}, 3,], checkpoints: [1, 2]}\n",
			want:   "expect: {orders: [accepted, rejected cooldown, accepted ], daily: [0.125, {log_return: null},], checkpoints: []}\n",
		},
		"ListInBracketsOverLinesTooLong": {
			expect: "expect:\n  positions: [\n    1.02,\n    0.98, # a\n    3, # b\n    # c\n    4 # d\n  ]\n",
			want:   "expect:\n  positions: [\n    1.02,\n    0.98 # a\n    # c\n  ]\n",
		},
		"ListInLinesTooLong": {
			expect: "expect:\n  positions:\n    - 1.02 # a\n    - 0.98 # b\n    # c\n    - return_at_close: 3\n      # inside\n      open: 2025-03-03 # d\n    - 4\n    # e\n  checkpoints: # f\n    - 1\n    - 2 # g\n  # h\n  days: 2\n",
			want:   "expect:\n  positions:\n    - 1.02 # a\n    - 0.98 # b\n    # c\n    # e\n  checkpoints: [] # f\n  # h\n  days: 2\n",
		},
		"ListAtTheEndTooLong": {
			expect: "expect:\n  positions:\n    - 1.02\n    - 0.98 # b\n    - 3\n    - 4",
			want:   "expect:\n  positions:\n    - 1.02\n    - 0.98 # b",
		},
		"ListAtTheEndGone": {
			expect: "expect:\n  checkpoints:\n    - 1\n    - 2",
			want:   "expect:\n  checkpoints: []",
		},
		"SomeElements": {
			expect: "expect:\n  positions: {1: 7, 3: 1, -5: _, count: 9}\n  daily:\n    count: \">= 5\"\n    2025-03-03: 7 # c\n    2025-03-09: 7\n",
			want:   "expect:\n  positions: {1: 1.02, 3: 1, -5: _, count: 2}\n  daily:\n    count: \">= 5\"\n    2025-03-03: 0.125 # c\n    2025-03-09: 7\n",
			kept:   "positions[3] positions[-5] daily.count daily[2025-03-09]",
		},
		"WhatOnlyAPersonDecides": {
			expect: "expect:\n  final_return: \"> 2\"\n  max_drawdown: 1 .. 2\n  days: \"= 1 + 2\"\n  digest: \"~ x\"\n  elimination: ~ x\n  penalties: {total: 7}\n",
			want:   "expect:\n  final_return: \"> 2\"\n  max_drawdown: 1 .. 2\n  days: \"= 1 + 2\"\n  digest: \"~ x\"\n  elimination: ~ x\n  penalties: {total: 0.5}\n",
			kept:   "final_return max_drawdown days digest elimination.reason",
		},
		"Invariants": {
			expect: "expect:\n  counts: {rejected: \"== 0\", orders: 7}\n  elimination: \"== null\"\n",
			want:   "expect:\n  counts: {rejected: \"== 0\", orders: 3}\n  elimination: \"== null\"\n",
			kept:   "counts.rejected elimination.reason",
		},
		"OfAnotherKind": {
			expect: "expect:\n  orders:\n    - {price: 100}\n",
			want:   "expect:\n  orders:\n    - {price: 100}\n    - {became: rejected cooldown, price: null}\n    - {price: null}\n",
		},
		"ErrorExpected": {
			expect: "expect: {error: \"not after\"}\n",
			want:   "expect: {error: \"not after\"}\n",
			kept:   "error",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mark := range []string{"", "\ufeff"} {
				got, kept := update(t, mark+head+c.expect, fact.Of(account()))
				if want := mark + head + c.want; got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				if got := strings.Join(kept, " "); got != c.kept {
					t.Errorf("kept %s, want %s", got, c.kept)
				}
			}
		})
	}
}

// TestUpdateWithoutAnElimination: what is expected of it, in whatever form, gives way
// to null.
func TestUpdateWithoutAnElimination(t *testing.T) {
	facts := account()
	facts.Elimination = nil
	for expect, want := range map[string]string{
		"expect:\n  elimination: LIQUIDATED # c\n":                                               "expect:\n  elimination: null # c\n",
		"expect:\n  elimination: {reason: LIQUIDATED, drawdown: \"> 1\"} # c\n":                  "expect:\n  elimination: null # c\n",
		"expect:\n  elimination: # c\n    # d\n    reason: LIQUIDATED # e\n    # f\n  days: 2\n": "expect:\n  elimination: null # c\n    # d\n    # f\n  days: 2\n",
		"expect:\n  elimination:\n    reason: LIQUIDATED\n    drawdown: 1":                       "expect:\n  elimination: null",
		"expect:\n  days: 3\n  elimination: \"== null\" # c\n":                                   "expect:\n  days: 2\n  elimination: \"== null\" # c\n",
		"expect:\n  days: 2\n  elimination: _":                                                   "expect:\n  days: 2\n  elimination: null",
		"expect:\n  days: 2\n  elimination: \"LIQUIDATED\"":                                      "expect:\n  days: 2\n  elimination: null",
	} {
		got, kept := update(t, head+expect, fact.Of(facts))
		if got != head+want || len(kept) > 0 {
			t.Errorf("got\n%s\nkept %s; want\n%s", got, kept, head+want)
		}
	}
}

// TestUpdateOfAStanding: groups with several fields to fill in, one of them null.
func TestUpdateOfAStanding(t *testing.T) {
	rank := 1
	facts := fact.Of(fact.Standing{Miners: []fact.Judgement{
		{Miner: "alice", Score: scoring.Known(0.5), Weight: 0.75, Rank: &rank},
		{Miner: "bob"},
	}})
	const head = "scenario: a\nscore: population.json\n"
	for expect, want := range map[string]string{
		"expect: _\n":                   "expect:\n  miners:\n    - {score: 0.5, weight: 0.75, rank: 1}\n    - {score: null, weight: 0, rank: null}\n",
		"expect: {miners: {bob: _}}\n":  "expect: {miners: {bob: {score: null, weight: 0, rank: null}}}\n",
		"expect: {miners: [2]}":         "expect: {miners: [1, {rank: null}]}",
		"expect: {miners: {bob: 3}}":    "expect: {miners: {bob: {rank: null}}}",
		"expect:\n  miners: {alice: 3}": "expect:\n  miners: {alice: 1}",
	} {
		got, kept := update(t, head+expect, facts)
		if got != head+want || len(kept) > 0 {
			t.Errorf("got\n%s\nkept %s; want\n%s", got, kept, head+want)
		}
	}
}

// TestUpdateRefusesToGuess: a file that is not what was read, and an update after which
// something does not hold. The text and the findings stay.
func TestUpdateRefusesToGuess(t *testing.T) {
	const text = head + "expect: {days: 3, final_return: 1}\n"
	facts := fact.Of(account())
	for name, c := range map[string]struct {
		text     string
		findings int // that Update is told of
		want     string
	}{
		"AnotherText":     {strings.Replace(text, "days", "daze", 1), 2, `"days" after line 5, column 10`},
		"FindingsLeftOut": {text, 1, "final_return would still not hold: expected 1, got 1.5"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Parse("a.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s.Text = c.text
			findings := Judge(s, facts)[:c.findings]
			got, kept, err := Update(s, facts, findings)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "a.yaml: ") {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if got != c.text || len(kept) != c.findings {
				t.Errorf("got %d findings and\n%s", len(kept), got)
			}
		})
	}
}

// update reads a scenario, judges it and updates it, and returns the paths that were
// kept. A second update changes nothing.
func update(t *testing.T, text string, facts fact.Node) (updated string, kept []string) {
	t.Helper()
	s, err := Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	updated, findings, err := Update(s, facts, Judge(s, facts))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		kept = append(kept, f.Path)
	}
	again, err := Parse("a.yaml", []byte(updated))
	if err != nil {
		t.Fatal(err)
	}
	if left := Judge(again, facts); !slices.EqualFunc(left, findings, func(a, b Finding) bool { return a.Path == b.Path && a.Line == b.Line }) {
		t.Errorf("%d findings are left, and %d were kept", len(left), len(findings))
	}
	if twice, _, err := Update(again, facts, findings); twice != updated && err == nil {
		t.Errorf("a second update made\n%s", twice)
	}
	return updated, kept
}
