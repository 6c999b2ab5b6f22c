package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

func junitText(t *testing.T, c *Checks) string {
	t.Helper()
	var b bytes.Buffer
	if err := JUnit(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wantJUnit: a suite's time is the sum of its cases': 12 ms, 0.4 ms and 3 ms.
const wantJUnit = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ptnsim check" tests="5" failures="1" errors="1" time="1.390">
  <testsuite name="carry" tests="1" failures="0" errors="0" skipped="0" time="1.250">
    <testcase name="Carry at the weekend" classname="carry" file="carry/weekend.yaml" time="1.250">
      <system-out>digest sha256:carry/weekend.yaml</system-out>
    </testcase>
  </testsuite>
  <testsuite name="orders" tests="4" failures="1" errors="1" skipped="1" time="0.015">
    <testcase name="Ten seconds: 100 % &lt;enough&gt;" classname="orders" file="orders/cooldown.yaml" line="31" time="0.012">
      <failure message="orders[2]: expected accepted, got rejected cooldown; and 1 more" type="expectation"><![CDATA[2 orders, 1 rejected [2J
orders/cooldown.yaml:31: orders[2]
  expected    accepted
  got         rejected cooldown
orders/cooldown.yaml:35: daily[2025-03-04].return
  expected    0.01 ± 1e-12
  got         0.0100001
  difference  +1e-07, +1e-05 of it
]]></failure>
      <system-out>digest sha256:orders/cooldown.yaml</system-out>
    </testcase>
    <testcase name="torn.yaml" classname="orders" file="orders/torn.yaml" line="2" time="0.000">
      <error message="orders/torn.yaml:2:8: rules: found &#34;ptn [2J&#34;; expected ptn-2025-02" type="broken"><![CDATA[orders/torn.yaml:2:8: rules: found "ptn` + "\uFFFD" + `[2J"; expected ptn-2025-02
     1 | scenario: Torn
>    2 | rules: ptn
       |        ^]]></error>
    </testcase>
    <testcase name="Not played" classname="orders" file="orders/unread.yaml" time="0.000">
      <skipped message="an earlier scenario did not pass"></skipped>
    </testcase>
    <testcase name="Filled in" classname="orders" file="orders/written.yaml" time="0.003">
      <system-out>digest sha256:orders/written.yaml</system-out>
    </testcase>
  </testsuite>
</testsuites>
`

func TestJUnit(t *testing.T) {
	if got := junitText(t, madeChecks()); got != wantJUnit {
		t.Errorf("got\n%s\nwant\n%s", got, wantJUnit)
	}
}

// junitElement is what Jenkins's schema says of an element: the attributes that it
// must have, those that it may have, and what may be within.
type junitElement struct{ required, optional, within string }

// junitSchema is the part of junit-10.xsd of Jenkins's xunit plugin that a report
// of scenarios is of, and a case's file and line: see JUnit.
func junitSchema() map[string]junitElement {
	return map[string]junitElement{
		"testsuites": {"", "name time tests failures errors", "testsuite"},
		"testsuite":  {"name tests failures errors", "group time skipped timestamp hostname id package file log url", "testsuite properties testcase system-out system-err"},
		"testcase":   {"name", "time classname group file line", "skipped error failure system-out system-err"},
		"failure":    {"", "type message", ""},
		"error":      {"", "type message", ""},
		"skipped":    {"", "type message", ""},
		"system-out": {"", "", ""},
	}
}

// checkJUnit reads a report strictly, and returns how many elements of each kind it
// has.
func checkJUnit(text string) (map[string]int, error) {
	seconds := regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`) // the schema's SUREFIRE_TIME, without commas
	decoder := xml.NewDecoder(strings.NewReader(text))
	open, seen := []string{}, map[string]int{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return seen, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.StartElement:
			name := token.Name.Local
			schema, known := junitSchema()[name]
			if !known {
				return nil, fmt.Errorf("no element is called %s", name)
			}
			if len(open) > 0 && !slices.Contains(strings.Fields(junitSchema()[open[len(open)-1]].within), name) {
				return nil, fmt.Errorf("%s within %s", name, open[len(open)-1])
			}
			missing := strings.Fields(schema.required)
			for _, a := range token.Attr {
				if !slices.Contains(strings.Fields(schema.required+" "+schema.optional), a.Name.Local) {
					return nil, fmt.Errorf("%s has a %s", name, a.Name.Local)
				}
				if a.Name.Local == "time" && !seconds.MatchString(a.Value) {
					return nil, fmt.Errorf("a time of %q", a.Value)
				}
				missing = slices.DeleteFunc(missing, func(n string) bool { return n == a.Name.Local })
			}
			if len(missing) > 0 {
				return nil, fmt.Errorf("%s lacks %v", name, missing)
			}
			open = append(open, name)
			seen[name]++
		}
	}
}

func TestJUnitIsWhatJenkinsReads(t *testing.T) {
	seen, err := checkJUnit(junitText(t, madeChecks()))
	if err != nil {
		t.Fatal(err)
	}
	for element, want := range map[string]int{"testsuites": 1, "testsuite": 2, "testcase": 5, "failure": 1, "error": 1, "skipped": 1, "system-out": 3} {
		if seen[element] != want {
			t.Errorf("%d of %s, want %d", seen[element], element, want)
		}
	}
	for _, wrong := range []string{
		`<testsuites skipped="1"></testsuites>`, `<testsuite name="a" tests="1" failures="0"></testsuite>`,
		`<testsuites><testcase name="a"></testcase></testsuites>`, `<testcase name="a" time="1s"></testcase>`,
	} {
		if _, err := checkJUnit(wrong); err == nil {
			t.Errorf("the test takes %s", wrong)
		}
	}
}

func TestJUnitTellsScenariosOfOneTitleApart(t *testing.T) {
	c := &Checks{Checks: []scenario.Check{
		madeCheck("a/1.yaml", "Same", "", scenario.Passed, 0), madeCheck("a/2.yaml", "Same", "", scenario.Passed, 0), madeCheck("b/1.yaml", "Same", "", scenario.Passed, 0),
	}}
	var names []string
	for _, suite := range newJUnitReport(c).Suites {
		for _, entry := range suite.Cases {
			names = append(names, entry.Class+": "+entry.Name)
		}
	}
	if got, want := strings.Join(names, ", "), "a: Same (1.yaml), a: Same (2.yaml), b: Same"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestJUnitClass(t *testing.T) {
	for folder, want := range map[string]string{
		"testdata/scenarios/orders": "testdata.scenarios.orders", "2. Orders/v1.5": "2_ Orders.v1_5", "../x": "x", ".": "scenarios", "/": "scenarios", "/a": "a",
	} {
		if got := junitClass(folder); got != want {
			t.Errorf("%s: got %s, want %s", folder, got, want)
		}
	}
}

func TestJUnitGathersAFoldersScenarios(t *testing.T) {
	c := &Checks{Checks: []scenario.Check{
		madeCheck("a/1.yaml", "1", "", scenario.Passed, 0), madeCheck("b/1.yaml", "2", "", scenario.Passed, 0), madeCheck("a/2.yaml", "3", "", scenario.Passed, 0),
	}}
	suites := newJUnitReport(c).Suites
	if len(suites) != 2 || suites[0].Name != "a" || suites[0].Tests != 2 || suites[1].Name != "b" || len(suites[0].Cases) != 2 {
		t.Errorf("got %+v", suites)
	}
}

func TestJUnitIsBounded(t *testing.T) {
	text := junitText(t, madeFailures(1, 23))
	if got := strings.Count(text, "\n  expected"); got != findingsMax || !strings.Contains(text, "\nand 3 more\n") || !strings.Contains(text, "got 2; and 22 more") {
		t.Errorf("%d findings:\n%s", got, text)
	}
}

// FuzzJUnit writes whatever a file may hold so that any reader of XML takes it.
func FuzzJUnit(f *testing.F) {
	f.Add("orders/a.yaml", "A title", "accepted")
	f.Add("a\x00b", "\x1b[31m\uFFFE]]>", "<![CDATA[&\xff\r\n")
	f.Fuzz(func(t *testing.T, file, title, got string) {
		c := madeCheck(file, title, "", scenario.Failed, 0)
		c.Findings = []scenario.Finding{{Path: title, Line: 1}}
		c.Findings[0].Got = got
		broken := scenario.Check{File: file, Outcome: scenario.Broken, Err: errors.New(got)}
		if _, err := checkJUnit(junitText(t, &Checks{Checks: []scenario.Check{c, broken}})); err != nil {
			t.Error(err)
		}
	})
}
