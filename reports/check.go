package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// Checks is what became of scenarios that were checked: what check shows of them.
type Checks struct {
	Version string           // of ptnsim
	Checks  []scenario.Check // in the order of their files
	Took    time.Duration    // all of them together, by the clock; 0: not measured
}

// Digest names what came of all scenarios: "sha256:" and the hash, in hexadecimal, of a
// line for each in their order, its outcome, a blank and its digest. It covers neither
// their files' names nor how long they took.
func (c *Checks) Digest() string {
	hash := sha256.New()
	for i := range c.Checks {
		fmt.Fprintf(hash, "%s %s\n", c.Checks[i].Outcome, c.Checks[i].Digest)
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}

// CheckCounts is how many scenarios ended in which way.
type CheckCounts struct {
	Scenarios int `json:"scenarios"` // all of them
	Passed    int `json:"passed"`
	Failed    int `json:"failed"`
	Broken    int `json:"broken"`
	Skipped   int `json:"skipped"`
	Updated   int `json:"updated"` // of which the file was changed, whatever the outcome
}

// Counts counts the scenarios by how they ended.
func (c *Checks) Counts() CheckCounts { return countChecks(c.Checks) }

func countChecks(checks []scenario.Check) CheckCounts {
	n := CheckCounts{Scenarios: len(checks)}
	for i := range checks {
		switch checks[i].Outcome {
		case scenario.Passed:
			n.Passed++
		case scenario.Failed:
			n.Failed++
		case scenario.Broken:
			n.Broken++
		case scenario.Skipped:
			n.Skipped++
		}
		if checks[i].Updated != "" {
			n.Updated++
		}
	}
	return n
}

// verdict says the counts in a sentence: "148 scenarios: 145 passed, 2 failed, 1
// broken". What there is none of is not named.
func (n CheckCounts) verdict(paint func(tint, string) string) string {
	var parts []string
	for _, part := range []struct {
		scenarios int
		how       string
		hue       tint
	}{
		{n.Passed, "passed", green}, {n.Failed, "failed", red}, {n.Broken, "broken", red},
		{n.Skipped, "skipped", yellow}, {n.Updated, "updated", yellow},
	} {
		if part.scenarios > 0 {
			parts = append(parts, paint(part.hue, fmt.Sprintf("%d %s", part.scenarios, part.how)))
		}
	}
	text := count(n.Scenarios, "scenario")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// unpainted is the paint of a text that has no colours.
func unpainted(_ tint, text string) string { return text }

// checkTitle is what a scenario is called: of one that can't be read its file's name.
func checkTitle(c *scenario.Check) string {
	if c.Scenario == nil {
		return path.Base(c.File)
	}
	return cmp.Or(c.Scenario.Title, path.Base(c.File))
}

// checkPlace is where in a file a reader should look first.
type checkPlace struct {
	file         string
	line, column int // from 1; 0: no line is known
}

// String is "file:line", which editors and terminals open.
func (p checkPlace) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

// findingPlace is where a finding's expectation stands.
func findingPlace(c *scenario.Check, f *scenario.Finding) checkPlace {
	return checkPlace{c.File, f.Line, f.Column}
}

// troubleAt is where a scenario's error arose, which may be another file such as a rule
// set, or else where its first finding is.
func troubleAt(c *scenario.Check) checkPlace {
	switch e, ok := errors.AsType[*strictyaml.SyntaxError](c.Err); {
	case ok && e.Line > 0 && e.File != "":
		return checkPlace{e.File, e.Line, e.Column}
	case c.Err == nil && len(c.Findings) > 0:
		return findingPlace(c, &c.Findings[0])
	}
	return checkPlace{file: c.File}
}

// placedError is an error without the place that it begins with, where that is told
// beside it.
func placedError(c *scenario.Check) string {
	text, at := c.Err.Error(), troubleAt(c)
	return strings.TrimPrefix(strings.TrimPrefix(text, fmt.Sprintf("%s:%d:%d: ", at.file, at.line, at.column)), at.file+": ")
}
