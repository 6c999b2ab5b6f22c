package reports

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// csvRows reads a comparison's CSV: the header, then rows as maps of it.
func csvRows(t testing.TB, c *Compare) (header []string, rows []map[string]string) {
	t.Helper()
	var b strings.Builder
	if err := RenderCompare(&b, c, FormatCSV); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return records[0], rows
}

func TestCompareCSVHasARowAMinerAndRuleSet(t *testing.T) {
	_, rows := csvRows(t, population(t))
	var order []string
	for _, row := range rows {
		order = append(order, row["miner"]+" "+row["variant"])
	}
	want := "ant ptn-2024-12,ant same,ant ptn-2025-02,bee ptn-2024-12,bee same,bee ptn-2025-02,cat ptn-2024-12,cat same,cat ptn-2025-02," +
		"dog ptn-2024-12,dog same,dog ptn-2025-02,emu ptn-2025-02"
	if got := strings.Join(order, ","); got != want {
		t.Errorf("the rows are of\n%s, want\n%s", got, want)
	}
	before, after := 1.1, 0.9               // no constants: their difference is rounded
	paidBefore, paidAfter := 3.0/10, 5.5/10 // of 10 that all were paid
	for _, c := range []struct {
		row  int
		want map[string]string
	}{
		// ant: out on February 14, 44 days after January 1.
		{2, map[string]string{
			"state": "eliminated", "final_return": "0.9", "final_return_difference": fmt.Sprint(after - before), "rank": "", "rank_difference": "",
			"emission_share": "0", "emission_share_difference": "-0.5", "eliminated": "2025-02-14T00:00:00Z",
			"elimination_reason": "MAX_TOTAL_DRAWDOWN", "elimination_drawdown": "0.1", "score": "", "calmar": "", "calmar_percentile": "",
		}},
		// bee: from the second place to the first.
		{5, map[string]string{
			"state": "main", "rank": "1", "rank_difference": "1", "final_return_difference": "0", "score": "1", "emission": "5.5", "paid_share": "0.55", "paid_share_difference": fmt.Sprint(paidAfter - paidBefore), "promoted": "", "eliminated": "",
		}},
		// dog: passed on March 8, 66 days after January 1 (31 + 28 + 7).
		{11, map[string]string{"state": "main", "rank": "2", "rank_difference": "", "promoted": "2025-03-08T00:00:00Z", "challenge": "passed"}},
		// emu: there under one rule set only.
		{12, map[string]string{"state": "challenge", "final_return": "1", "final_return_difference": "", "emission_share_difference": "0"}},
	} {
		for name, want := range c.want {
			if got, ok := rows[c.row][name]; !ok || got != want {
				t.Errorf("row %d (%s), %s: %q, want %q", c.row, order[c.row], name, got, want)
			}
		}
	}
}

func TestCompareCSVOfAnAttributionIsInTheOrderOfTheRules(t *testing.T) {
	_, rows := csvRows(t, attributed(t))
	var changes []string
	for _, row := range rows {
		changes = append(changes, row["kind"]+" "+row["change"])
	}
	want := "change rate_limit,change leverage,change carry.crypto,total all together,residual residual"
	if got := strings.Join(changes, ","); got != want {
		t.Errorf("the rows are\n%s, want\n%s", got, want)
	}
	for _, c := range []struct {
		row  int
		want map[string]string
	}{
		{0, map[string]string{"section": "2", "path": "rate_limit", "from": "10s", "to": "1m", "mean_return_first": "0", "interacts": "false"}},
		{1, map[string]string{
			"path": "leverage.crypto.max; leverage.forex.max; leverage.indices.max; leverage.portfolio", "from": "20; 500; 500; ", "to": "0.5; 5; 5; 10",
			"mean_return_first": "-0.04", "mean_return_last": "-0.055", "eliminated_first": "1", "eliminated_last": "0", "promoted_last": "-1",
			"weight_moved_first": "0.5", "emission_moved_last": "0.2", "ranks_moved_first": "1.5", "interacts": "true",
		}},
		{4, map[string]string{"mean_return_first": "-0.015", "mean_return_last": "", "promoted_first": "1", "interacts": ""}},
	} {
		for name, want := range c.want {
			if got, ok := rows[c.row][name]; !ok || got != want {
				t.Errorf("row %d, %s: %q, want %q", c.row, name, got, want)
			}
		}
	}
}

// TestCompareCSVOfAnAttributionOfOneMinerHasItsCosts: of many they have no sum.
func TestCompareCSVOfAnAttributionOfOneMinerHasItsCosts(t *testing.T) {
	_, one := csvRows(t, attributedAccount(t))
	_, many := csvRows(t, attributed(t))
	if got := one[0]["carry_first"] + " " + one[0]["transaction_fee_last"] + " " + one[0]["slippage_estimate_first"]; got != "-0.009 0.001 0" {
		t.Errorf("the costs are %q", got)
	}
	if got, ok := many[1]["carry_first"]; !ok || got != "" {
		t.Errorf("the carry of many is %q", got)
	}
}

func TestCompareMarkdown(t *testing.T) {
	var b strings.Builder
	if err := RenderCompare(&b, attributed(t), FormatMarkdown); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	at := -1
	for _, want := range []string{
		"## Rule sets\n\n|", "| ptn-2025-02 |", "-5.00 pp*", "\n\\* of the miners that are there under both rule sets\n",
		"## Miners\n\n|", "-20.00 pp", "\nThe return is of the whole run; drawdown, days and metrics are of the last 90d (ledger.window).\n", "## What each change does\n\n|",
		"leverage", "carry.crypto", "rate_limit", "all together", "residual", // by the size of their effect; what does nothing comes last
	} {
		next := strings.Index(text[at+1:], want)
		if next < 0 {
			t.Fatalf("%q is not there, or not after what comes before it, in\n%s", want, text)
		}
		at += 1 + next
	}
	if strings.Contains(text, "NaN") {
		t.Errorf("NaN in\n%s", text)
	}
}
