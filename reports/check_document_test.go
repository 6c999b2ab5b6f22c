package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

func renderedChecks(t *testing.T, c *Checks, format Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := RenderChecks(&b, c, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wantCheckJSON is madeChecks without its update: 1.39 s are 1390 ms, 400 µs 0.4.
const wantCheckJSON = `{
"schema":"ptnsim-check-1",
"ptnsim":"1.0",
"digest":"@digest",
"counts":{"scenarios":4,"passed":1,"failed":1,"broken":1,"skipped":1,"updated":0},
"took_ms":1390,
"checks":[
 {"file":"carry/weekend.yaml","title":"Carry at the weekend","section":"6. Carry","outcome":"passed","digest":"sha256:carry/weekend.yaml","came":"","took_ms":1250,"error":"","findings":[],"updated":""},
 {"file":"orders/cooldown.yaml","title":"Ten seconds: 100 % \u003cenough\u003e","section":"2. Orders","outcome":"failed","digest":"sha256:orders/cooldown.yaml","came":"2 orders, 1 rejected\u001b[2J","took_ms":12,"error":"",` +
	`"findings":[{"path":"orders[2]","line":31,"column":22,"expected":"accepted","got":"rejected cooldown","difference":"","missing":false,"extra":false,"blank":false},` +
	`{"path":"daily[2025-03-04].return","line":35,"column":18,"expected":"0.01 ± 1e-12","got":"0.0100001","difference":"+1e-07, +1e-05 of it","missing":false,"extra":false,"blank":false}],"updated":""},
 {"file":"orders/torn.yaml","title":"","section":"","outcome":"broken","digest":"","came":"","took_ms":0.4,"error":"orders/torn.yaml:2:8: rules: found \"ptn\u001b[2J\"; expected ptn-2025-02\n     1 | scenario: Torn\n\u003e    2 | rules: ptn\n       |        ^","findings":[],"updated":""},
 {"file":"orders/unread.yaml","title":"Not played","section":"2. Orders","outcome":"skipped","digest":"","came":"","took_ms":null,"error":"","findings":[],"updated":""}
]
}
`

func TestChecksAsJSON(t *testing.T) {
	c := madeChecks()
	c.Checks = c.Checks[:4]
	want := strings.ReplaceAll(wantCheckJSON, "@digest", c.Digest())
	got := renderedChecks(t, c, FormatJSON)
	// The encoder may write a letter as it is or by its number: both say the same.
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	plain := func(v any) string { text, _ := json.Marshal(v); return string(text) }
	if plain(a) != plain(b) || strings.Count(got, "\n") != strings.Count(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var fields []string
	for line := range strings.Lines(got) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, `"`), `":`); ok && line[0] == '"' {
			fields = append(fields, name)
		}
	}
	if got, want := strings.Join(fields, " "), "schema ptnsim digest counts took_ms checks"; got != want {
		t.Errorf("the fields are %s, want %s", got, want)
	}
}

func TestUntimedChecksAreTheSameBytes(t *testing.T) {
	a, b := madeChecks(), madeChecks()
	b.Took, b.Checks[0].Took, b.Checks[1].Took = 1, 2, 3
	for _, format := range []Format{FormatJSON, FormatCSV, FormatMarkdown, FormatTable} {
		if renderedChecks(t, a, format) == renderedChecks(t, b, format) {
			t.Errorf("%s has no times", format)
		}
		x, y := renderedChecks(t, untimed(a), format), renderedChecks(t, untimed(b), format)
		if x != y || x == "" {
			t.Errorf("%s without times:\n%s\nand\n%s", format, x, y)
		}
	}
	if a.Checks[0].Took == 0 {
		t.Error("the times are lost")
	}
}

func TestChecksAsCSV(t *testing.T) {
	records, err := csv.NewReader(strings.NewReader(renderedChecks(t, madeChecks(), FormatCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// A row of the header, one of what passed, two of the findings, three of the rest.
	if len(records) != 7 {
		t.Fatalf("%d rows", len(records))
	}
	for i, want := range map[int]string{
		0: "file|title|section|outcome|digest|took_ms|error|path|line|column|expected|got|difference",
		1: "carry/weekend.yaml|Carry at the weekend|6. Carry|passed|sha256:carry/weekend.yaml|1250|||||||",
		2: "orders/cooldown.yaml|Ten seconds: 100 % <enough>|2. Orders|failed|sha256:orders/cooldown.yaml|12||orders[2]|31|22|accepted|rejected cooldown|",
		3: "orders/cooldown.yaml|Ten seconds: 100 % <enough>|2. Orders|failed|sha256:orders/cooldown.yaml|12||daily[2025-03-04].return|35|18|0.01 ± 1e-12|0.0100001|+1e-07, +1e-05 of it",
		5: "orders/unread.yaml|Not played|2. Orders|skipped|||||||||",
	} {
		if got := strings.Join(records[i], "|"); got != want {
			t.Errorf("row %d: got\n%s\nwant\n%s", i, got, want)
		}
	}
}

func TestChecksAsMarkdown(t *testing.T) {
	c := madeChecks()
	c.Checks[1].Findings[0].Expected = "a | b" // a bar ends no cell
	got := renderedChecks(t, c, FormatMarkdown)
	var cells [][]string
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "|") {
			row := strings.Split(strings.ReplaceAll(strings.Trim(line, "|\n"), `\|`, "/"), "|")
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
			cells = append(cells, row)
		}
	}
	if len(cells) != 5 || !strings.HasPrefix(got, "**5 scenarios: 2 passed, 1 failed, 1 broken, 1 skipped, 1 updated, in 1.3 s**\n\n|") {
		t.Fatalf("got\n%s", got)
	}
	for i, want := range map[int]string{
		0: "Scenario,Where,What,Expected,Got,Difference",
		2: "Ten seconds: 100 % \\<enough\\>,`orders/cooldown.yaml:31`,`orders[2]`,`a / b`,`rejected cooldown`,",
		3: ",`orders/cooldown.yaml:35`,`daily[2025-03-04].return`,`0.01 ± 1e-12`,`0.0100001`,`+1e-07, +1e-05 of it`",
		4: "torn.yaml,`orders/torn.yaml:2`,rules: found \"ptn \\[2J\"; expected ptn-2025-02,,,",
	} {
		if got := strings.Join(cells[i], ","); got != want {
			t.Errorf("row %d: got\n%s\nwant\n%s", i, got, want)
		}
	}
	passed := &Checks{Checks: []scenario.Check{madeCheck("a.yaml", "A", "", scenario.Passed, 0)}}
	if got := renderedChecks(t, passed, FormatMarkdown); got != "**1 scenario: 1 passed**\n" {
		t.Errorf("got %q", got)
	}
}

func TestMarkdownShowsTextAsItIs(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{markdownText("max_drawdown of *all* [1] <b>"), `max_drawdown of \*all\* \[1\] \<b\>`},
		{markdownText("_x_ `y` a\\b"), "\\_x\\_ \\`y\\` a\\\\b"},
		{markdownCode("orders[1]"), "`orders[1]`"},
		{markdownCode(""), ""},
		{markdownCode("a `b` c"), "`` a `b` c ``"},
		{markdownCode("a `` b"), "``` a `` b ```"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
