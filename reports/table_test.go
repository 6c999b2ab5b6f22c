package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

func sample() *Table {
	return &Table{
		Columns: []Column{{Name: "name"}, {Name: "some_value", Head: "value", Right: true}, {Name: "share", Right: true}, {Name: "note"}},
		Rows: [][]Cell{
			{TextCell("long|name"), NumberCell(1.0 / 3), PercentCell(0.125), TextCell("a, b")},
			{TextCell("ü"), IntCell(7), NumberCell(math.NaN()), {}},
			{TextCell("x"), TimeCell(startMS + 1), BoolCell(true), TextCell(`say "x"`)},
		},
	}
}

func TestTableFormats(t *testing.T) {
	for format, want := range map[Format]string{
		FormatTable: `
name                  value    share  note
─────────  ────────────────  ───────  ───────
long|name            0.3333  12.50 %  a, b
ü                         7        –  –
x          2025-01-01 00:00      yes  say "x"
`,
		FormatMarkdown: `
| name       |            value |   share | note    |
|:-----------|-----------------:|--------:|:--------|
| long\|name |           0.3333 | 12.50 % | a, b    |
| ü          |                7 |       – | –       |
| x          | 2025-01-01 00:00 |     yes | say "x" |
`,
		FormatCSV: `
name,some_value,share,note
long|name,0.3333333333333333,0.125,"a, b"
ü,7,,
x,2025-01-01T00:00:00.001Z,true,"say ""x"""
`,
		FormatJSON: `
[
  {"name":"long|name","some_value":0.3333333333333333,"share":0.125,"note":"a, b"},
  {"name":"ü","some_value":7,"share":null,"note":null},
  {"name":"x","some_value":"2025-01-01T00:00:00.001Z","share":true,"note":"say \"x\""}
]
`,
	} {
		t.Run(string(format), func(t *testing.T) {
			var b strings.Builder
			if err := sample().Render(&b, format); err != nil {
				t.Fatal(err)
			}
			if got := "\n" + b.String(); got != want {
				t.Errorf("got%s\nwant%s", got, want)
			}
		})
	}
}

func TestTableWithoutRows(t *testing.T) {
	for format, want := range map[Format]string{
		FormatTable: "name  value  share  note\n────  ─────  ─────  ────\n",
		FormatCSV:   "name,some_value,share,note\n",
		FormatJSON:  "[]\n",
	} {
		table := sample()
		table.Rows = nil
		var b strings.Builder
		if err := table.Render(&b, format); err != nil || b.String() != want {
			t.Errorf("%s is %q, %v, want %q", format, b.String(), err, want)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, name := range []string{"table", "json", "csv", "markdown"} {
		if f, err := ParseFormat(name); err != nil || string(f) != name {
			t.Errorf("%s is %q, %v", name, f, err)
		}
	}
	if _, err := ParseFormat("yaml"); err == nil || !strings.Contains(err.Error(), `"yaml", expected table, json, csv or markdown`) {
		t.Errorf("error %v", err)
	}
}

func TestRulesTables(t *testing.T) {
	a, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	b, err := rules.Load("ptn-5.4.0")
	if err != nil {
		t.Fatal(err)
	}
	infos, err := rules.List()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		table *Table
		rows  int
		has   string // a line in CSV
	}{
		"list": {RulesList(infos), 4, "ptn-2025-02,true,,the rules as the February 2025 document states them"},
		"show": {RulesShow(a), len(a.Rows()), "9,drawdown.limit,0.1,ptn-2025-02"},
		"diff": {RulesDiff(a, b), len(rules.Diff(a, b)), "6,carry.rate,simple,compound"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := c.table.Render(&out, FormatCSV); err != nil {
				t.Fatal(err)
			}
			if len(c.table.Rows) != c.rows || !slices.Contains(strings.Split(out.String(), "\n"), c.has) {
				t.Errorf("%d rows, want %d with %q:\n%s", len(c.table.Rows), c.rows, c.has, out.String())
			}
			out.Reset()
			if err := c.table.Render(&out, FormatTable); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if n := displayed(line); n > 220 {
					t.Errorf("a line of %d characters: %s", n, line)
				}
			}
		})
	}
}

func TestDatasetTable(t *testing.T) {
	var b strings.Builder
	files := []DatasetFile{{Pair: "BTCUSD", Interval: "1m", File: "d/BTCUSD-1m.parquet", Rows: 1440, FirstMS: startMS, LastMS: startMS + dayMS - minuteMS, SHA256: "0123456789abcdef"}}
	if err := DatasetTable(files).Render(&b, FormatTable); err != nil {
		t.Fatal(err)
	}
	want := "BTCUSD        1m  1440  2025-01-01 00:00  2025-01-01 23:59  d/BTCUSD-1m.parquet  0123456789ab\n"
	if lines := strings.SplitAfter(b.String(), "\n"); lines[2] != want {
		t.Errorf("got %q, want %q", lines[2], want)
	}
}

// scored is three miners: one alone above the other in the main competition, a
// challenger without enough days, and one that is out.
func scored(t *testing.T) *Scores {
	t.Helper()
	resolved, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	rank := func(n int) *int { return &n }
	metrics := func(x float64) (m scoring.Metrics) {
		for i := range m {
			m[i] = scoring.Known(x)
		}
		return m
	}
	challenge := &scoring.Challenge{Days: 3, DaysNeeded: 60, Drawdown: 0.2, Verdict: "failed", Reason: "its drawdown is too large", Elimination: "FAILED_CHALLENGE_PERIOD_DRAWDOWN"}
	return &Scores{Version: "1.0", Rules: resolved, EvaluationMS: startMS, Standing: &scoring.Standing{
		Miners: scoring.Judgements{
			{ID: "a", State: scoring.StateMain, Assessment: scoring.Assessment{Days: 70, MaxDrawdown: 0.05, Metrics: metrics(1.0 / 3), Penalties: scoring.Penalties{Drawdown: 1, Total: 1}}, Percentiles: metrics(0), Score: scoring.Known(0.25), Weight: 0.125, EmissionShare: 0.124, Rank: rank(2)},
			{ID: "b", State: scoring.StateChallenge, Assessment: scoring.Assessment{Days: 3, MaxDrawdown: 0.2}, Weight: 1.2e-5, Score: scoring.Known(0.1), Challenge: challenge},
			{ID: "c", State: scoring.StateEliminated},
			{ID: "d", State: scoring.StateMain, Assessment: scoring.Assessment{Days: 80, Metrics: metrics(2)}, Percentiles: metrics(1), Score: scoring.Known(1), Weight: 0.875, EmissionShare: 0.87, Rank: rank(1)},
		},
		Concentration: scoring.Known(0.875), Warnings: []string{"a word"},
	}}
}

func TestScoresAsTable(t *testing.T) {
	var b strings.Builder
	if err := scored(t).Render(&b, FormatTable); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	want := []string{"rank miner", "────", "1 d main", "2 a main 70 5.00 % 0.3333 (0)", "– b challenge", "– c eliminated", "", "- a word", ""}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), b.String())
	}
	for i, start := range want {
		if got := strings.Join(strings.Fields(lines[i]), " "); !strings.HasPrefix(got, start) || (start == "") != (got == "") {
			t.Errorf("line %d is %q, want it to begin with %q", i, got, start)
		}
	}
	if !strings.Contains(lines[2], "2.000 (100)") || !strings.Contains(lines[4], "1.200e-05") {
		t.Errorf("the percentile or the weight is missing:\n%s", b.String())
	}
}

func TestScoresAsCSVHaveFullPrecision(t *testing.T) {
	var b bytes.Buffer
	if err := scored(t).Render(&b, FormatCSV); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	value := func(miner int, column string) string { return records[miner+1][slices.Index(records[0], column)] }
	for _, c := range [][2]string{
		{value(1, "sharpe"), "0.3333333333333333"}, {value(1, "return_short_percentile"), "0"}, {value(1, "weight"), "0.125"},
		{value(2, "rank"), ""}, {value(2, "weight"), "1.2e-05"}, {value(3, "score"), ""}, {value(0, "miner"), "d"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

// TestScoresAsJSON compares with the list of docs/design.md.
func TestScoresAsJSON(t *testing.T) {
	var b bytes.Buffer
	if err := scored(t).Render(&b, FormatJSON); err != nil {
		t.Fatal(err)
	}
	var out struct {
		Rules        string
		EvaluationMS int64 `json:"evaluation_ms"`
		Miners       map[string]map[string]any
		Warnings     []string
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if out.Rules != "ptn-2025-02" || out.EvaluationMS != startMS || len(out.Warnings) != 1 || len(out.Miners) != 4 {
		t.Errorf("got %+v", out)
	}
	want := "challenge days elimination emission_share max_drawdown metrics penalties percentiles rank score state weight"
	for id, miner := range out.Miners {
		var names []string
		for name := range miner {
			names = append(names, name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s has the fields\n%s, want\n%s", id, got, want)
		}
	}
	elimination, _ := out.Miners["b"]["elimination"].(map[string]any)
	if elimination["reason"] != "FAILED_CHALLENGE_PERIOD_DRAWDOWN" || out.Miners["a"]["elimination"] != nil || out.Miners["c"]["score"] != nil {
		t.Errorf("eliminations: %v, %v, and the score of one that is out: %v", elimination, out.Miners["a"]["elimination"], out.Miners["c"]["score"])
	}
}
