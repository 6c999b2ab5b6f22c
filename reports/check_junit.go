package reports

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// JUnit writes a check in the XML that CI hosts read as test results: a suite a
// folder, a case a scenario. What is broken is an error, what came otherwise than
// expected one failure with all of its findings, since some readers take but one.
//
// There is no standard. The elements and attributes are those of Jenkins's schema
// (junit-10.xsd), and a case's file and line, which that does not know and its readers
// pass over: GitHub's actions, GitLab and CircleCI take the place from them.
func JUnit(w io.Writer, c *Checks) error {
	text, err := xml.MarshalIndent(newJUnitReport(c), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(xml.Header + string(text) + "\n"))
	return err
}

// junitReport is the root. Its schema lets it have no skipped.
type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

// junitSuite is a folder.
type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`

	checks []scenario.Check
}

// junitCase is a scenario.
type junitCase struct {
	Name    string `xml:"name,attr"`
	Class   string `xml:"classname,attr"`
	File    string `xml:"file,attr"`
	Line    int    `xml:"line,attr,omitempty"`
	Time    string `xml:"time,attr"`
	Failure *junitTrouble
	Error   *junitTrouble
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

// junitTrouble is why a scenario did not pass: a failure or an error.
type junitTrouble struct {
	XMLName xml.Name
	Message string `xml:"message,attr"` // the first thing, in a line
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"` // all of it
}

// junitSkipped says why a scenario was not played.
type junitSkipped struct {
	Message string `xml:"message,attr"`
}

func newJUnitReport(c *Checks) *junitReport {
	n := c.Counts()
	r := &junitReport{Name: "ptnsim check", Tests: n.Scenarios, Failures: n.Failed, Errors: n.Broken, Time: junitTime(c.Took)}
	places := map[string]int{}
	for i := range c.Checks {
		folder := path.Dir(c.Checks[i].File)
		at, known := places[folder]
		if !known {
			at = len(r.Suites)
			places[folder] = at
			r.Suites = append(r.Suites, junitSuite{Name: folder})
		}
		r.Suites[at].checks = append(r.Suites[at].checks, c.Checks[i])
	}
	for i := range r.Suites {
		r.Suites[i].fill()
	}
	return r
}

// fill writes the suite's scenarios and their counts.
func (s *junitSuite) fill() {
	n := countChecks(s.checks)
	s.Tests, s.Failures, s.Errors, s.Skipped = n.Scenarios, n.Failed, n.Broken, n.Skipped
	titles := map[string]int{}
	for i := range s.checks {
		titles[checkTitle(&s.checks[i])]++
	}
	var all time.Duration
	for i := range s.checks {
		c := &s.checks[i]
		all += c.Took
		entry := newJUnitCase(c)
		// A case is known by its class and its name: those of two must differ.
		if titles[checkTitle(c)] > 1 {
			entry.Name += " (" + path.Base(c.File) + ")"
		}
		s.Cases = append(s.Cases, entry)
	}
	s.Time = junitTime(all)
}

func newJUnitCase(c *scenario.Check) junitCase {
	entry := junitCase{Name: checkTitle(c), Class: junitClass(path.Dir(c.File)), File: c.File, Line: troubleAt(c).line, Time: junitTime(c.Took)}
	if c.Digest != "" {
		entry.Out = "digest " + c.Digest
	}
	switch c.Outcome {
	case scenario.Failed:
		entry.Failure = junitFailure(c)
	case scenario.Broken:
		entry.Error = &junitTrouble{XMLName: xml.Name{Local: "error"}, Type: "broken", Message: "it can't be played"}
		if c.Err != nil {
			entry.Error.Message, entry.Error.Text = oneLine(c.Err.Error()), xmlText(c.Err.Error())
		}
		if at := troubleAt(c); at.file != c.File {
			entry.Line = 0 // of another file
		}
	case scenario.Skipped:
		entry.Skipped = &junitSkipped{"an earlier scenario did not pass"}
	}
	return entry
}

// junitFailure is what came otherwise than expected: each finding with its place.
func junitFailure(c *scenario.Check) *junitTrouble {
	f := &junitTrouble{XMLName: xml.Name{Local: "failure"}, Type: "expectation", Message: "something else came of it than was expected"}
	shown, left := shownFindings(c)
	var b strings.Builder
	if c.Came != "" {
		fmt.Fprintf(&b, "%s\n", legible(c.Came))
	}
	for i := range shown {
		t := tell(&shown[i])
		if i == 0 {
			f.Message = t.String()
		}
		fmt.Fprintf(&b, "%s: %s\n  expected    %s\n  got         %s\n", findingPlace(c, &shown[i]), t.path, t.expected, t.got)
		if t.difference != "" {
			fmt.Fprintf(&b, "  difference  %s\n", t.difference)
		}
	}
	if len(c.Findings) > 1 {
		f.Message += fmt.Sprintf("; and %d more", len(c.Findings)-1)
	}
	if left > 0 {
		fmt.Fprintf(&b, "and %d more\n", left)
	}
	f.Text = xmlText(b.String())
	return f
}

// xmlText is a text for a section that escapes nothing: what XML can't hold is
// replaced, as encoding/xml does elsewhere.
func xmlText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
			return r
		}
		return utf8.RuneError
	}, text)
}

// junitClass is a folder as a class of Java, which readers split at its points: the
// last part is the class, the others are its package.
func junitClass(folder string) string {
	var parts []string
	for part := range strings.SplitSeq(folder, "/") {
		if part = strings.ReplaceAll(strings.Trim(part, "."), ".", "_"); part != "" {
			parts = append(parts, part)
		}
	}
	return cmp.Or(strings.Join(parts, "."), "scenarios")
}

// junitTime writes seconds.
func junitTime(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
