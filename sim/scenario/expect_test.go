package scenario

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// expecting reads a text whose one key is expect.
func expecting(kind Kind, text string) (Expectation, error) {
	r := strictyaml.Reader{Text: strictyaml.Text{File: "a.yaml", Holds: "scenario", BytesMax: 1 << 20, Source: text}}
	root := r.Root("expect")
	if r.Err() != nil {
		return Expectation{}, quoteConditions(r.Err(), text)
	}
	var e Expectation
	r.Mapping(root, "", []strictyaml.Key{{Name: "expect", Read: func(node ast.Node, path string) { e = readExpect(&r, node, path, kind) }}})
	return e, r.Err()
}

// listing writes an expectation line by line: its place, its path and what is expected.
func listing(e *Expectation) string {
	var b strings.Builder
	line := func(at Place, path, what string) {
		fmt.Fprintf(&b, "%d:%d %s: %s\n", at.Line, at.Column, path, what)
	}
	var list func(e *Expectation)
	list = func(e *Expectation) {
		switch {
		case e.Error != "":
			line(e.At, e.Path, "error "+e.Error)
		case e.Absent:
			line(e.At, e.Path, "null")
		case e.Condition != nil:
			line(e.At, e.Path, e.Condition.Check(condition.Value{Null: true}, condition.Tolerance{}).Expected)
		case e.Whole:
			line(e.At, e.Path, fmt.Sprintf("all %d", len(e.Items)))
		case e.Shape.Sort == fact.List:
			line(e.At, e.Path, fmt.Sprintf("some %d", len(e.Some)))
		}
		if c := e.Count; c != nil {
			line(c.At, c.Path, c.Check(condition.Value{Null: true}, condition.Tolerance{}).Expected)
		}
		for i := range e.Fields {
			list(&e.Fields[i].Expectation)
		}
		for i := range e.Items {
			list(&e.Items[i])
		}
		for i := range e.Some {
			list(&e.Some[i].Expectation)
		}
	}
	list(e)
	return b.String()
}

func TestExpectationsOfEverySort(t *testing.T) {
	for name, c := range map[string]struct {
		kind Kind
		text string
		want string
	}{
		"values": {OfAccount, `
expect:
  final_return: 1.02
  max_drawdown: "<= 0.05"
  days: 3 .. 4
  digest: ~ sha256
`, `
3:17 final_return: 1.02
4:17 max_drawdown: <= 0.05
5:9 days: 3 .. 4
6:11 digest: ~ sha256
`},
		"in the order of the file": {OfAccount, `
expect: {days: 1, final_return: 1}
`, `
2:16 days: 1
2:33 final_return: 1
`},
		"one value is the short one's": {OfAccount, `
expect:
  elimination: LIQUIDATED
  counts: 4
  challenge: {verdict: passed}
  penalties: 0.5 ± 1e-9
`, `
3:16 elimination.reason: LIQUIDATED
4:11 counts.orders: 4
5:24 challenge.verdict: passed
6:14 penalties.total: 0.5 ± 1e-09
`},
		"a list is complete": {OfAccount, `
expect:
  orders: [accepted, rejected cooldown, {outcome: clamped, effective_leverage: 0.4 ± 1e-12}]
  positions:
    - 1.02
    - carry_factor: "= 1 - 0.5"
      orders: [0.1, -0.1]
  daily: []
`, `
3:11 orders: all 3
3:12 orders[1].became: accepted
3:22 orders[2].became: rejected cooldown
3:51 orders[3].outcome: clamped
3:80 orders[3].effective_leverage: 0.4 ± 1e-12
5:5 positions: all 2
5:7 positions[1].return_at_close: 1.02
6:21 positions[2].carry_factor: 0.5 (= 1 - 0.5)
7:15 positions[2].orders: all 2
7:16 positions[2].orders[1].leverage: 0.1
7:21 positions[2].orders[2].leverage: -0.1
8:10 daily: all 0
`},
		"a mapping is of some": {OfAccount, `
expect:
  orders:
    count: 3
    1: accepted
    -1: {reason: ""}
    4: null
  daily: {2025-03-04: 0.01, -1: 0, count: ">= 2"}
  carry:
    2025-03-04T22:00:00Z: 0.5
    2025-03-04: 0.25
  checkpoints: {"2025-03-04T12:00:00Z": 1, 2025-03-05T00:00:00Z: 2}
  warnings: {2: ~ closed}
`, `
4:5 orders: some 3
4:12 orders.count: 3
5:8 orders[1].became: accepted
6:18 orders[-1].reason: ""
7:8 orders[4]: null
8:10 daily: some 2
8:43 daily.count: >= 2
8:23 daily[2025-03-04].log_return: 0.01
8:33 daily[-1].log_return: 0
10:5 carry: some 2
10:27 carry[2025-03-04T22:00:00Z].charge: 0.5
11:17 carry[2025-03-04].charge: 0.25
12:16 checkpoints: some 2
12:41 checkpoints[2025-03-04T12:00:00Z].prev_portfolio_ret: 1
12:66 checkpoints[2025-03-05T00:00:00Z].prev_portfolio_ret: 2
13:13 warnings: some 1
13:17 warnings[2]: ~ closed
`},
		"a short list": {OfTournament, `
expect:
  rounds:
    - [0.5, 0.5]
    - {places: {alice: 0.5}}
  miners:
    alice: {account: {pairs: {BTCUSD: [1, 1.1]}}}
    "2": 3
    1: 2
    carol: null
`, `
4:5 rounds: all 2
4:7 rounds[1].places: all 2
4:8 rounds[1].places[1].share: 0.5
4:13 rounds[1].places[2].share: 0.5
5:16 rounds[2].places: some 1
5:24 rounds[2].places[alice].share: 0.5
7:5 miners: some 4
7:30 miners[alice].account.pairs: some 1
7:39 miners[alice].account.pairs[BTCUSD].checkpoints: all 2
7:40 miners[alice].account.pairs[BTCUSD].checkpoints[1].prev_portfolio_ret: 1
7:43 miners[alice].account.pairs[BTCUSD].checkpoints[2].prev_portfolio_ret: 1.1
8:10 miners[2].rank: 3
9:8 miners[1].rank: 2
10:12 miners[carol]: null
`},
		"nothing": {OfStanding, `
expect: {miners: {alice: {rank: null, score: null, challenge: null}}, concentration: null}
`, `
2:18 miners: some 1
2:33 miners[alice].rank: null
2:46 miners[alice].score: null
2:63 miners[alice].challenge: null
2:86 concentration: null
`},
		"blanks": {OfAccount, `
expect:
  final_return: _
  orders: _
  costs: "_"
  daily: {1: _, count: _}
`, `
3:17 final_return: _
4:11 orders: _
5:10 costs: _
6:10 daily: some 1
6:24 daily.count: _
6:14 daily[1]: _
`},
		"all is blank": {OfAccount, `
expect: _
`, `
2:9 : _
`},
		"texts in quotes": {OfAccount, `
expect: {warnings: ["null", '"> 1"', ""]}
`, `
2:20 warnings: all 3
2:21 warnings[1]: "null"
2:29 warnings[2]: "> 1"
2:38 warnings[3]: ""
`},
		"an error": {OfAccount, `
expect: {error: not after}
`, `
2:17 error: error not after
`},
	} {
		e, err := expecting(c.kind, c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := listing(&e); got != c.want[1:] {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want[1:])
		}
	}
}

func TestElementsAreFoundByKeyOrNumber(t *testing.T) {
	e, err := expecting(OfTournament, `
expect:
  miners: {"2": 1, 3: 1, -3: 1, alice: 1}
  events: {2025-03-04: promoted alice}
`)
	if err != nil {
		t.Fatal(err)
	}
	miners := e.Fields[0].Some
	for i, want := range []ElementExpectation{
		{Key: &condition.Value{Kind: condition.Text, Text: "2"}}, {Number: 3}, {Number: -3},
		{Key: &condition.Value{Kind: condition.Text, Text: "alice"}},
	} {
		got := miners[i]
		if got.Number != want.Number || (got.Key == nil) != (want.Key == nil) || got.Key != nil && *got.Key != *want.Key {
			t.Errorf("miner %d: got %v %d, want %v %d", i, got.Key, got.Number, want.Key, want.Number)
		}
	}
	// 2025-03-04 is 20151 days after 1970-01-01: 55 years of 365 days, 14 leap days, and
	// 31 + 28 + 3 days of 2025.
	if key := e.Fields[1].Some[0].Key; key.Whole != (55*365+14+31+28+3)*86_400_000 || key.Kind != condition.Instant {
		t.Errorf("the event's key is %+v", key)
	}
}

func TestExpectationsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		kind       Kind
		text, want string
	}{
		"nothing":              {OfAccount, `expect: {}`, `a.yaml:1:9: expect: found a mapping; expected what the scenario expects, such as final_return: 1.02; one that expects nothing can't fail`},
		"null":                 {OfAccount, `expect: null`, `found null; expected what the scenario expects`},
		"no value":             {OfAccount, `expect:`, `found nothing; expected what the scenario expects`},
		"a list of all":        {OfAccount, `expect: [1]`, `found a list; expected what the scenario expects`},
		"a value of all":       {OfAccount, `expect: 1`, `expect: found 1; expected a mapping: final_return, max_drawdown,`},
		"misspelt":             {OfAccount, `expect: {order: []}`, `a.yaml:1:10: expect.order: found an unknown key; expected final_return, `},
		"did you mean":         {OfAccount, `expect: {order: []}`, `(did you mean orders?)`},
		"misspelt deep":        {OfAccount, `expect: {orders: [{prise: 1}]}`, `1:20: expect.orders[1].prise: found an unknown key; expected became, `},
		"twice":                {OfAccount, `expect: {days: 1, days: 1}`, `expect.days: found the key a second time`},
		"null that is":         {OfAccount, `expect: {days: null}`, `expect.days: found null; expected one value, or a condition on it, such as 3 or ">= 3": it always exists`},
		"null of a group":      {OfAccount, `expect: {costs: null}`, `expect.costs: found null; expected a mapping: carry, transaction_fee, slippage_estimate: it always exists`},
		"null of a list":       {OfAccount, `expect: {orders: null}`, `expect.orders: found null; expected a list, [] where there is nothing: it always exists`},
		"missing":              {OfAccount, "expect:\n  days:\n  final_return: 1", `expect.days: found nothing; expected one value, or a condition on it, such as 3 or ">= 3"; or _, a blank to be filled in`},
		"missing in a list":    {OfAccount, "expect:\n  orders:\n    -\n    - accepted", `found`},
		"block":                {OfAccount, "expect:\n  final_return: >\n    1.5", `2:17: expect.final_return: found a block of text; expected a condition on one line; one that begins with > or | goes in quotes: "> 1.5"`},
		"without quotes":       {OfAccount, "expect:\n  final_return: >= 1.5", `2:17: found a text that is no YAML: invalid header option: "= 1."; expected quotes around a condition that begins with >, such as ">= 1.5"`},
		"not equal":            {OfAccount, "expect:\n  days: != 3", `expected quotes around a condition that begins with !, such as "!= 1.5"`},
		"a text for a number":  {OfAccount, `expect: {final_return: much}`, `1:24: expect.final_return: found "much"; expected a number`},
		"a list for a value":   {OfAccount, `expect: {final_return: [1]}`, `expect.final_return: found a list; expected one value, or a condition on it, such as 1.5 or "<= 1.5"`},
		"a mapping of nothing": {OfAccount, `expect: {costs: {}}`, `expect.costs: found a mapping of nothing; expected some of carry, transaction_fee, slippage_estimate`},
		"some of nothing":      {OfAccount, `expect: {orders: {}}`, `expect.orders: found a mapping of nothing; expected some elements: by their number (1 is the first, -1 the last), and count; or [], a list without any`},
		"a value for a list":   {OfAccount, `expect: {daily: 0.1}`, `expect.daily: found 0.1; expected a list, or a mapping of some of its elements: by their date or their number (1 is the first, -1 the last), and count`},
		"a value for a group":  {OfAccount, `expect: {costs: 0.1}`, `expect.costs: found 0.1; expected a mapping: carry, transaction_fee or slippage_estimate`},
		"a list for a group":   {OfAccount, `expect: {elimination: [x]}`, `expect.elimination: found a list; expected a mapping: time, `},
		"the element 0":        {OfAccount, `expect: {orders: {0: accepted}}`, `expect.orders[0]: found the number 0; expected 1 for the first, 2 for the next …; -1 for the last`},
		"no number":            {OfAccount, `expect: {orders: {first: accepted}}`, `expect.orders[first]: found "first"; expected elements by their number`},
		"half a number":        {OfAccount, `expect: {orders: {1.5: accepted}}`, `expect.orders[1.5]: found "1.5"`},
		"a number with zeros":  {OfAccount, `expect: {orders: {01: accepted}}`, `expect.orders[01]: found "01"`},
		"a number in quotes":   {OfAccount, `expect: {orders: {"1": accepted}}`, `expect.orders[1]: found "1"`},
		"a huge number":        {OfAccount, `expect: {orders: {99999999999999999999: accepted}}`, `found "99999999999999999999"`},
		"no date":              {OfAccount, `expect: {daily: {2025-02-30: 1}}`, `expect.daily[2025-02-30]: found "2025-02-30"; expected a date`},
		"a bare time":          {OfAccount, `expect: {carry: {2025-03-04T21:00:00: 1}}`, `expect.carry[2025-03-04T21:00:00]: found "2025-03-04T21:00:00", a time without a zone`},
		"a null key":           {OfAccount, "expect:\n  daily:\n    'null': 1", `expect.daily[null]: found null; expected a date`},
		"null in a list":       {OfAccount, `expect: {daily: [null]}`, `expect.daily[1]: found null; expected a mapping: date, log_return: it always exists; or {log_return: null}`},
		"a count of a half":    {OfAccount, `expect: {orders: {count: 1.5}}`, `expect.orders.count: found "1.5"`},
		"a null count":         {OfAccount, `expect: {orders: {count: null}}`, `expect.orders.count: found null`},
		"an error and more":    {OfAccount, `expect: {days: 1, error: x}`, `expect.error: found an error and other facts; expected the error alone`},
		"a blank error":        {OfAccount, `expect: {error: _}`, `expect.error: found a blank; expected a part of the error's message`},
		"an empty error":       {OfAccount, `expect: {error: ""}`, `expect.error: found ""; expected a text`},
		"a list of errors":     {OfAccount, `expect: {error: [x]}`, `expect.error: found a list; expected a text`},
		"facts of another":     {OfStanding, `expect: {orders: []}`, `expect.orders: found an unknown key; expected miners, concentration, warnings or digest`},
		"carry of a miner":     {OfTournament, `expect: {miners: {alice: {account: {carry: []}}}}`, `expect.miners[alice].account.carry: found an unknown key`},
		"too many":             {OfAccount, `expect: {warnings: [` + strings.Repeat("a,", expectationsMax) + `a]}`, fmt.Sprintf(`expected at most %d`, expectationsMax)},
	} {
		_, err := expecting(c.kind, c.text)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if _, ok := errors.AsType[*strictyaml.SyntaxError](err); !ok {
			t.Errorf("%s: the error has no place: %v", name, err)
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, c.want)
		}
	}
}

func TestQuotesAreNotTheRemedyOfEverything(t *testing.T) {
	if _, err := expecting(OfAccount, "expect: {days: 1"); err == nil || strings.Contains(err.Error(), "quotes") {
		t.Errorf("%v", err)
	}
}

// Whatever is read can be compared, and each expectation lies within the text.
func FuzzReadExpectation(f *testing.F) {
	for _, seed := range []string{
		"expect: {orders: [accepted, {price: 1.5 ± 1e-9}], daily: {2025-03-04: 0.01, count: 2}, elimination: null}",
		"expect:\n  carry:\n    2025-03-04T22:00:00Z: _\n    -1: {charge: \"= 1 - 0.1/365\"}\n",
		"expect: {miners: {alice: {rank: 1, account: {pairs: {BTCUSD: [1]}}}}, rounds: [[0.5]]}",
		"expect: {error: x}", "expect: _", "expect: {positions: {1: null, 2: >}}", "expect: {warnings: {1: |\n x}}",
		"expect: {? a : b}", "expect: {[1]: 2}", "expect: {orders: {[1]: 2, {a: b}: c}}", "expect: {daily: {\"\": 1}}",
	} {
		f.Add(uint8(0), seed)
		f.Add(uint8(1), seed)
	}
	f.Fuzz(func(t *testing.T, kind uint8, text string) {
		e, err := expecting(Kind(kind%3), text)
		if err != nil {
			return
		}
		if e.Shape == nil {
			return // an error is expected, or the key is missing
		}
		facts := map[Kind]fact.Node{
			OfAccount: judgedAccount(), OfStanding: fact.Of(fact.Standing{Miners: []fact.Judgement{{Miner: "alice"}}}),
			OfTournament: fact.Of(fact.Tournament{Miners: []fact.Miner{{Judgement: fact.Judgement{Miner: "alice"}}}, Rounds: []fact.Round{{}}}),
		}
		for _, finding := range Judge(&Scenario{Expect: e}, facts[Kind(kind%3)]) {
			if finding.of == nil || finding.Holds {
				t.Errorf("%+v", finding)
			}
		}
		lines := strings.Count(text, "\n") + 1
		for line := range strings.Lines(listing(&e)) {
			var at int
			if _, err := fmt.Sscanf(line, "%d:", &at); err == nil && (at < 1 || at > lines) {
				t.Errorf("%q lies on no line", line)
			}
		}
	})
}
