package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

func checkText(t *testing.T, c *Checks, options SummaryOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := CheckSummary(&b, c, options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The label takes 9 characters, the places end at the 72nd, what was expected begins
// at the 17th.
const wantCheckSummary = `FAILED   Ten seconds: 100 % <enough>
         orders/cooldown.yaml
         2 orders, 1 rejected [2J

  orders[2]                                      orders/cooldown.yaml:31
    expected    accepted
    got         rejected cooldown

  daily[2025-03-04].return                       orders/cooldown.yaml:35
    expected    0.01 ± 1e-12
    got         0.0100001
    difference  +1e-07, +1e-05 of it

BROKEN   torn.yaml
         orders/torn.yaml

  orders/torn.yaml:2:8: rules: found "ptn [2J"; expected ptn-2025-02
       1 | scenario: Torn
  >    2 | rules: ptn
         |        ^

UPDATED  Filled in
         orders/written.yaml

--- orders/written.yaml
+++ orders/written.yaml
@@ -4,2 +4,2 @@
 expect:
-  final_return: _
+  final_return: 1.5

5 scenarios: 2 passed, 1 failed, 1 broken, 1 skipped, 1 updated, in
1.3 s
slow          1.2 s  carry/weekend.yaml
`

func TestCheckSummaryShowsWhatMatters(t *testing.T) {
	if got := checkText(t, madeChecks(), SummaryOptions{Width: 72}); got != wantCheckSummary {
		t.Errorf("got\n%s\nwant\n%s", got, wantCheckSummary)
	}
}

func TestCheckSummaryOfWhatPassed(t *testing.T) {
	c := &Checks{Took: 90 * time.Millisecond, Checks: []scenario.Check{
		madeCheck("a/1.yaml", "One", "", scenario.Passed, 4*time.Millisecond), madeCheck("a/2.yaml", "Two", "", scenario.Passed, 100*time.Microsecond),
	}}
	if got, want := checkText(t, c, SummaryOptions{}), "2 scenarios: 2 passed, in 90 ms\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// 9 characters of label, the title, and the time up to the 60th.
	const all = `passed   One                                            4 ms
passed   Two                                      under 1 ms

2 scenarios: 2 passed, in 90 ms
`
	if got := checkText(t, c, SummaryOptions{Width: 60, All: true}); got != all {
		t.Errorf("got\n%s\nwant\n%s", got, all)
	}
}

func TestCheckSummaryWithoutTimes(t *testing.T) {
	c := &Checks{Checks: []scenario.Check{madeCheck("a/1.yaml", "One", "", scenario.Passed, 0)}}
	if got, want := checkText(t, c, SummaryOptions{All: true}), "passed   One\n\n1 scenario: 1 passed\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCheckSummaryIsBounded(t *testing.T) {
	findings := checkText(t, madeFailures(1, 23), SummaryOptions{})
	if got := strings.Count(findings, "    expected"); got != findingsMax || !strings.Contains(findings, "\n  and 3 more: --all shows them\n") {
		t.Errorf("%d findings:\n%s", got, findings)
	}
	if got := strings.Count(checkText(t, madeFailures(1, 23), SummaryOptions{All: true}), "    expected"); got != 23 {
		t.Errorf("with all: %d findings", got)
	}
	many := checkText(t, madeFailures(33, 2), SummaryOptions{})
	if got := strings.Count(many, "    expected"); got != 2*checksInFullMax {
		t.Errorf("%d findings of many", got)
	}
	// The last three in a line each.
	const rest = "\n\nOf the others only the place: --all shows them\nFAILED   many/031.yaml:10\nFAILED   many/032.yaml:10\nFAILED   many/033.yaml:10\n\n33 scenarios: 33 failed\n"
	if !strings.HasSuffix(many, rest) {
		t.Errorf("got\n%s", many[len(many)-300:])
	}
}

// A change of a file is told once and never again, so it is no matter how many there are.
func TestCheckSummaryShowsEveryUpdate(t *testing.T) {
	c := &Checks{}
	for range checksInFullMax + 3 {
		c.Checks = append(c.Checks, madeUpdate())
	}
	text := checkText(t, c, SummaryOptions{})
	if got := strings.Count(text, "\n+  final_return: 1.5\n"); got != len(c.Checks) || strings.Contains(text, "--all") {
		t.Errorf("%d differences of %d:\n%s", got, len(c.Checks), text)
	}
	// Nor do they take the place of what failed.
	c.Checks = append(c.Checks, madeFailure())
	if text := checkText(t, c, SummaryOptions{}); !strings.Contains(text, "    got         rejected cooldown\n") {
		t.Errorf("the failure is not shown in full:\n%s", text)
	}
}

func TestCheckSummaryTellsWhatDoesNotExist(t *testing.T) {
	c := madeCheck("a.yaml", "A", "", scenario.Failed, 0)
	c.Findings = []scenario.Finding{{Path: "orders[3]", Missing: true}, {Path: "orders[4]", Extra: true}, {Path: "final_return", Blank: true}}
	c.Findings[0].Expected, c.Findings[1].Got, c.Findings[2].Got = "accepted", "ignored flat", "1.5"
	text := checkText(t, &Checks{Checks: []scenario.Check{c}}, SummaryOptions{})
	for _, want := range []string{
		"    expected    accepted\n    got         nothing: there is none\n",
		"    expected    nothing more\n    got         ignored flat\n",
		"    expected    _ (a blank: check --update fills it in)\n    got         1.5\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestCheckSummaryKeepsToItsWidth(t *testing.T) {
	c := madeChecks()
	c.Checks[1].Findings[0].Path = strings.Repeat("deep.", 11) + "end" // 58 characters: its place goes below it
	c.Checks[1].Findings[0].Got = strings.Repeat("word ", 40)
	c.Checks[1].Scenario.Title = strings.Repeat("A long title ", 12)
	c.Checks[4].Updated = ""
	for _, width := range []int{60, 72, 100, 160} {
		for _, all := range []bool{false, true} {
			plain := checkText(t, c, SummaryOptions{Width: width, All: all})
			for line := range strings.Lines(plain) {
				if n := displayed(strings.TrimRight(line, "\n")); n > width {
					t.Errorf("%d characters of %d: %s", n, width, line)
				}
			}
			colored := checkText(t, c, SummaryOptions{Width: width, All: all, Color: true})
			if uncolored(colored) != plain {
				t.Errorf("colour changes the text:\n%s", colored)
			}
		}
	}
}

func TestCheckSummaryColours(t *testing.T) {
	text := checkText(t, madeChecks(), SummaryOptions{Color: true})
	for _, want := range []string{
		"\x1b[31mFAILED\x1b[0m", "\x1b[33mUPDATED\x1b[0m", "\x1b[32m+  final_return: 1.5\x1b[0m", "\x1b[31m-  final_return: _\x1b[0m",
		"\x1b[32m2 passed\x1b[0m", "\x1b[31m1 failed\x1b[0m",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%q", want, text)
		}
	}
	if strings.Contains(text, "\x1b[2J") {
		t.Error("what a file holds clears the screen")
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "under 1 ms", 999 * time.Microsecond: "under 1 ms", 1999 * time.Microsecond: "1 ms", 999 * time.Millisecond: "999 ms",
		time.Second: "1.0 s", 59990 * time.Millisecond: "59.9 s", 61 * time.Second: "1 min",
	} {
		if got := took(d); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
}
