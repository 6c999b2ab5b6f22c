package reports

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
)

// audited is a series with three problems, and one without any rows.
func audited() []*audit.Report {
	r := covered("EURUSD", "2025-03-03", 0, 1, 0, -1)
	r.Gaps = datasets.Gaps{Count: 2, TotalMS: hourMS, Longest: []datasets.Gap{{OpenMS: 15 * minuteMS}, {OpenMS: 45 * minuteMS}}}
	r.Findings = []audit.Finding{
		{Problem: audit.FlatRun, Severity: audit.Note, Count: 1, FromMS: r.FirstMS, Found: "a note"},
		{Problem: audit.Conflict, Severity: audit.Error, Count: 3, Row: 17, FromMS: r.FirstMS + 90*minuteMS,
			Found:  "2025-03-03T01:30:00Z twice, with closes 1.0402 and 1.0404",
			Cause:  "the file was put together from two that overlap",
			Remedy: "keep one of the two with --on-duplicate"},
		{Problem: audit.MissingTime, Severity: audit.Warning, Count: 2, FromMS: r.FirstMS + dayMS, Found: "45 min without candles"},
		{Problem: audit.MissingTime, Severity: audit.Note, Count: 5, FromMS: r.FirstMS + 2*dayMS, Found: "an hour in all"},
	}
	empty := covered("BTCUSD", "2025-03-03")
	return []*audit.Report{r, empty}
}

func rendered(t *testing.T, table *Table, format Format) string {
	t.Helper()
	var b strings.Builder
	if err := table.Render(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// csvColumn reads a table's CSV and returns one of its columns.
func csvColumn(t *testing.T, table *Table, name string) []string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(rendered(t, table, FormatCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(records[0], name)
	if at < 0 {
		t.Fatalf("no column %s in %v", name, records[0])
	}
	var values []string
	for _, r := range records[1:] {
		values = append(values, r[at])
	}
	return values
}

func TestAuditTable(t *testing.T) {
	table := AuditTable(audited())
	for name, want := range map[string][]string{
		"pair": {"EURUSD", "BTCUSD"}, "rows": {"71", "0"}, "from": {"2025-03-03T00:00:00Z", ""}, "to": {"2025-03-07T00:00:00Z", ""},
		"complete": {"0.9861111111111112", ""}, // 71 of 72 hours
		"gaps":     {"2", "0"}, "longest_gap_ms": {"2700000", ""}, "worst": {"error", ""}, "problems": {"flat_run×1, conflict×3, gap×7", ""},
	} {
		if got := csvColumn(t, table, name); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	want := []string{
		"EURUSD 1h 71 2025-03-03 00:00 2025-03-07 00:00 98.61 % 2 45 min error flat_run×1, conflict×3, gap×7",
		"BTCUSD 1h 0 – – – 0 – – –",
	}
	lines := strings.Split(rendered(t, table, FormatTable), "\n")[2:]
	for i, want := range want {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d is %q, want %q", i, got, want)
		}
	}
}

// TestAuditTableRoundsDown: people see 100 % only where nothing lacks; programs
// see how much does.
func TestAuditTableRoundsDown(t *testing.T) {
	r := covered("EURUSD", "2025-03-03", 0)
	r.Days[0].PresentMS--
	table := AuditTable([]*audit.Report{r})
	if text := rendered(t, table, FormatTable); !strings.Contains(text, "99.99 %") {
		t.Errorf("no 99.99 %% in\n%s", text)
	}
	if got := csvColumn(t, table, "complete"); got[0] != strconv.FormatFloat(86_399_999.0/86_400_000, 'g', -1, 64) {
		t.Errorf("complete is %s", got[0])
	}
}

func TestFindingsTable(t *testing.T) {
	table := FindingsTable(audited())
	for name, want := range map[string][]string{
		"severity": {"error", "warning", "note", "note"}, "problem": {"conflict", "gap", "flat_run", "gap"}, "count": {"3", "2", "1", "5"}, "row": {"17", "", "", ""},
		"first": {"2025-03-03T01:30:00Z", "2025-03-04T00:00:00Z", "2025-03-03T00:00:00Z", "2025-03-05T00:00:00Z"}, "interval": {"1h", "1h", "1h", "1h"},
		"cause":  {"the file was put together from two that overlap", "", "", ""},
		"remedy": {"keep one of the two with --on-duplicate", "", "", ""},
	} {
		if got := csvColumn(t, table, name); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	text := rendered(t, table, FormatTable)
	for line := range strings.Lines(text) {
		if n := displayed(strings.TrimRight(line, "\n")); n > 170 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
	if strings.Contains(text, "17") || !strings.Contains(text, "likely cause") {
		t.Errorf("people see the row, or no cause:\n%s", text)
	}
	if markdown := rendered(t, table, FormatMarkdown); !strings.Contains(markdown, "2025-03-03T01:30:00Z twice, with closes 1.0402 and 1.0404 |") {
		t.Errorf("the text is broken:\n%s", markdown)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(rendered(t, table, FormatJSON)), &rows); err != nil || len(rows) != 4 || rows[0]["row"] != 17.0 || rows[1]["cause"] != nil {
		t.Errorf("JSON is %v (%v)", rows, err)
	}
}

func TestTablesOfNothing(t *testing.T) {
	for name, table := range map[string]*Table{
		"audit": AuditTable(nil), "findings": FindingsTable(nil), "manifest": ManifestTable(&datasets.Manifest{}), "list": DatasetList(nil),
	} {
		if got := rendered(t, table, FormatJSON); got != "[]\n" {
			t.Errorf("%s is %q", name, got)
		}
		if got := rendered(t, table, FormatTable); strings.Count(got, "\n") != 2 {
			t.Errorf("%s has not its head alone:\n%s", name, got)
		}
	}
}
