package reports

import (
	"cmp"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// findingsMax is how many findings of one scenario a page, a test report and an
// annotation show. --format json has them all.
const findingsMax = 20

// toldFinding is a finding as a person reads it.
type toldFinding struct {
	path, expected, got string
	difference          string // "": there is none
}

// tell says what was expected and what was found, where the one or the other does
// not exist too.
func tell(f *scenario.Finding) toldFinding {
	t := toldFinding{f.Path, f.Expected, f.Got, f.Difference}
	switch {
	case f.Blank:
		t.expected = "_ (a blank: check --update fills it in)"
	case f.Missing:
		t.got = cmp.Or(t.got, "nothing: there is none")
	case f.Extra:
		t.expected = cmp.Or(t.expected, "nothing more")
	}
	return toldFinding{legible(t.path), legible(t.expected), legible(t.got), legible(t.difference)}
}

// String is the finding in one line.
func (t toldFinding) String() string {
	text := t.path + ": expected " + t.expected + ", got " + t.got
	if t.difference != "" {
		text += " (difference " + t.difference + ")"
	}
	return strings.TrimPrefix(text, ": ")
}

// shownFindings are the findings that are shown, and how many there are beside them.
func shownFindings(c *scenario.Check) (shown []scenario.Finding, left int) {
	shown = c.Findings[:min(len(c.Findings), findingsMax)]
	return shown, len(c.Findings) - len(shown)
}
