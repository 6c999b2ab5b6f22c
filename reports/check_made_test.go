package reports

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
)

// madeChecks are scenarios of each outcome, as a check leaves them.
func madeChecks() *Checks {
	return &Checks{Version: "1.0", Took: 1390 * time.Millisecond, Checks: []scenario.Check{
		madeCheck("carry/weekend.yaml", "Carry at the weekend", "6. Carry", scenario.Passed, 1250*time.Millisecond),
		madeFailure(),
		{
			File: "orders/torn.yaml", Outcome: scenario.Broken, Took: 400 * time.Microsecond, Err: &strictyaml.SyntaxError{
				File: "orders/torn.yaml", Line: 2, Column: 8, Path: "rules", Found: "\"ptn\x1b[2J\"", Expected: "ptn-2025-02",
				Excerpt: "     1 | scenario: Torn\n>    2 | rules: ptn\n       |        ^",
			},
		},
		madeCheck("orders/unread.yaml", "Not played", "2. Orders", scenario.Skipped, 0),
		madeUpdate(),
	}}
}

// untimed is a check without any time.
func untimed(c *Checks) *Checks {
	plain := *c
	plain.Took, plain.Checks = 0, slices.Clone(c.Checks)
	for i := range plain.Checks {
		plain.Checks[i].Took = 0
	}
	return &plain
}

func madeCheck(file, title, section string, outcome scenario.Outcome, took time.Duration) scenario.Check {
	c := scenario.Check{File: file, Scenario: &scenario.Scenario{File: file, Title: title, Section: section}, Outcome: outcome, Took: took}
	if outcome == scenario.Passed || outcome == scenario.Failed {
		c.Digest = "sha256:" + file
	}
	return c
}

func madeFailure() scenario.Check {
	c := madeCheck("orders/cooldown.yaml", "Ten seconds: 100 % <enough>", "2. Orders", scenario.Failed, 12*time.Millisecond)
	c.Came = "2 orders, 1 rejected\x1b[2J"
	c.Findings = []scenario.Finding{
		{Path: "orders[2]", Line: 31, Column: 22, Verdict: condition.Verdict{Expected: "accepted", Got: "rejected cooldown"}},
		{Path: "daily[2025-03-04].return", Line: 35, Column: 18, Verdict: condition.Verdict{Expected: "0.01 ± 1e-12", Got: "0.0100001", Difference: "+1e-07, +1e-05 of it"}},
	}
	return c
}

func madeUpdate() scenario.Check {
	c := madeCheck("orders/written.yaml", "Filled in", "2. Orders", scenario.Passed, 3*time.Millisecond)
	c.Updated = "--- orders/written.yaml\n+++ orders/written.yaml\n@@ -4,2 +4,2 @@\n expect:\n-  final_return: _\n+  final_return: 1.5\n"
	return c
}

// madeFailures are so many scenarios that failed, with so many findings each.
func madeFailures(scenarios, findings int) *Checks {
	c := &Checks{}
	for i := range scenarios {
		f := madeCheck(fmt.Sprintf("many/%03d.yaml", i+1), fmt.Sprintf("Number %d", i+1), "", scenario.Failed, 0)
		for n := range findings {
			f.Findings = append(f.Findings, scenario.Finding{
				Path: fmt.Sprintf("orders[%d]", n+1), Line: n + 10, Column: 1, Verdict: condition.Verdict{Expected: "1", Got: "2"},
			})
		}
		c.Checks = append(c.Checks, f)
	}
	return c
}

func TestChecksCount(t *testing.T) {
	if got, want := madeChecks().Counts(), (CheckCounts{Scenarios: 5, Passed: 2, Failed: 1, Broken: 1, Skipped: 1, Updated: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestVerdictNamesOnlyWhatThereIs(t *testing.T) {
	for _, c := range []struct {
		counts CheckCounts
		want   string
	}{
		{CheckCounts{Scenarios: 148, Passed: 145, Failed: 2, Broken: 1}, "148 scenarios: 145 passed, 2 failed, 1 broken"},
		{CheckCounts{Scenarios: 1, Passed: 1}, "1 scenario: 1 passed"},
		{CheckCounts{Scenarios: 3, Failed: 1, Skipped: 2}, "3 scenarios: 1 failed, 2 skipped"},
		{CheckCounts{Scenarios: 2, Passed: 2, Updated: 1}, "2 scenarios: 2 passed, 1 updated"},
		{CheckCounts{}, "0 scenarios"},
	} {
		if got := c.counts.verdict(unpainted); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestDigestOfChecks(t *testing.T) {
	whole := madeChecks().Digest()
	// printf 'passed sha256:carry/weekend.yaml\nfailed sha256:orders/cooldown.yaml\nbroken \nskipped \npassed sha256:orders/written.yaml\n' | sha256sum
	const want = "sha256:c144563a6126ca867d0665c16d1501a4b724ed1076f4b56656d6c19bb25cb08d"
	if whole != want {
		t.Errorf("got %s, want %s", whole, want)
	}
	for name, alter := range map[string]func(c *Checks){
		"another digest":  func(c *Checks) { c.Checks[0].Digest = "sha256:other" },
		"another outcome": func(c *Checks) { c.Checks[1].Outcome = scenario.Passed },
		"another order":   func(c *Checks) { c.Checks[0], c.Checks[1] = c.Checks[1], c.Checks[0] },
		"one less":        func(c *Checks) { c.Checks = c.Checks[:4] },
	} {
		other := madeChecks()
		if alter(other); other.Digest() == whole {
			t.Errorf("%s: the same digest", name)
		}
	}
	same := untimed(madeChecks())
	same.Version, same.Checks[0].File = "2.0", "elsewhere.yaml"
	if same.Digest() != whole {
		t.Error("times, versions or names change the digest")
	}
}

func TestTroubleIsWhereTheErrorArose(t *testing.T) {
	rules := &strictyaml.SyntaxError{File: "rules/mine.yaml", Line: 7, Column: 3, Found: "x"}
	whole := &strictyaml.SyntaxError{File: "a.yaml", Found: "no mapping"}
	for _, c := range []struct {
		check scenario.Check
		want  string
	}{
		{madeFailure(), "orders/cooldown.yaml:31"},
		{scenario.Check{File: "a.yaml", Err: fmt.Errorf("the rules: %w", rules)}, "rules/mine.yaml:7"},
		{scenario.Check{File: "a.yaml", Err: whole}, "a.yaml"},
		{scenario.Check{File: "a.yaml", Err: fmt.Errorf("no candles")}, "a.yaml"},
	} {
		if got := troubleAt(&c.check).String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestPlacedErrorTellsItsPlaceOnce(t *testing.T) {
	at := &strictyaml.SyntaxError{File: "a.yaml", Line: 7, Column: 3, Path: "rules", Found: "x", Excerpt: "> 7 | x"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{at, "rules: found x\n> 7 | x"},
		{&strictyaml.SyntaxError{File: "a.yaml", Found: "no mapping"}, "found no mapping"},
		{fmt.Errorf("the rules: %w", at), "the rules: a.yaml:7:3: rules: found x\n> 7 | x"},
		{fmt.Errorf("no candles"), "no candles"},
	} {
		if got := placedError(&scenario.Check{File: "a.yaml", Err: c.err}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
