package reports

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

func annotations(t *testing.T, c *Checks) string {
	t.Helper()
	var b bytes.Buffer
	if err := Annotations(&b, c, ""); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAnnotations(t *testing.T) {
	// In a property : is %3A, , is %2C and % is %25; in a message only % and ends of lines.
	const want = `::error file=orders/cooldown.yaml,line=31,col=22,title=Ten seconds%3A 100 %25 <enough>::` +
		`orders[2]: expected accepted, got rejected cooldown%0A` +
		`daily[2025-03-04].return: expected 0.01 ± 1e-12, got 0.0100001 (difference +1e-07, +1e-05 of it)
::error file=orders/torn.yaml,line=2,col=8,title=torn.yaml::` +
		`rules: found "ptn [2J"; expected ptn-2025-02%0A     1 | scenario: Torn%0A>    2 | rules: ptn%0A       |        ^
`
	if got := annotations(t, madeChecks()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAnnotationsOfWhatPassed(t *testing.T) {
	c := &Checks{Checks: []scenario.Check{madeCheck("a.yaml", "A", "", scenario.Passed, 0)}}
	if got, want := annotations(t, c), "::notice title=ptnsim check::1 scenario: 1 passed\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnnotationsAreAtMostTen(t *testing.T) {
	if got := strings.Count(annotations(t, madeFailures(10, 1)), "::error file="); got != 10 {
		t.Errorf("%d of 10", got)
	}
	text := annotations(t, madeFailures(40, 23))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 10 || !strings.HasPrefix(lines[8], "::error file=many/009.yaml,line=10,col=1,") || !strings.HasSuffix(lines[8], "%0Aand 3 more") {
		t.Fatalf("%d lines:\n%s", len(lines), text)
	}
	// 31 are left of 40, of which the last line lists 20.
	last := lines[9]
	if !strings.HasPrefix(last, "::error title=31 more scenarios did not pass::many/010.yaml:10%0A") || !strings.HasSuffix(last, "many/029.yaml:10%0Aand 11 more") {
		t.Errorf("got %s", last)
	}
}

// Where a job works in a folder of the repository, its files are in that.
func TestAnnotationsFromAFolder(t *testing.T) {
	c := madeChecks()
	c.Checks[1].File = "../other/cooldown.yaml"
	c.Checks[2].File, c.Checks[2].Err = "/elsewhere/torn.yaml", errors.New("torn")
	var b strings.Builder
	if err := Annotations(&b, c, "desk/rules"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"::error file=desk/other/cooldown.yaml,line=31,col=22,", "::error file=/elsewhere/torn.yaml,title="} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestAnnotationIsOneLine(t *testing.T) {
	c := &Checks{Checks: []scenario.Check{{File: "a,b:c.yaml", Outcome: scenario.Broken, Err: errors.New("one\r\ntwo\n::error::three")}}}
	const want = "::error file=a%2Cb%3Ac.yaml,title=a%2Cb%3Ac.yaml::one %0Atwo%0A::error::three\n"
	if got := annotations(t, c); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
