package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// refusing is the population where dog never got a slot under the first rule set, and
// emu, a successor that only the last has, lost half of its account. The means:
//
//	before      (1.10 + 1.05 + 1.02 + 1)/4              = 1.0425
//	after       (0.90 + 1.05 + 1.02 + 1.03 + 0.50)/5    = 0.90
//	difference  of the four that are there both times: (-0.20 + 0 + 0 + 0.03)/4 = -0.0425
func refusing(t testing.TB) *Compare {
	c := population(t)
	for i := range c.Comparison.Outcomes[:2] { // they have the same miners
		o := &c.Comparison.Outcomes[i]
		o.Miners[3] = sweep.MinerOutcome{Name: "dog", Group: "g", State: sweep.StateRefused, FinalReturn: 1}
		o.Refused, o.MeanReturn = 1, 1.0425
	}
	last := &c.Comparison.Outcomes[2]
	last.Miners[4].FinalReturn, last.MeanReturn = 0.5, 0.9
	return c
}

func TestCompareSummaryTellsWhoWasRefused(t *testing.T) {
	text := comparedText(t, refusing(t), SummaryOptions{Width: 80})
	for _, want := range []string{
		"Got no slot     1 under ptn-2024-12, 1 under same, 0 under ptn-2025-02\n",
		"  refused → main              1: dog\n", "  absent → challenge          1: emu\n",
		"ptn-2024-12       4      +4.25 %", "ptn-2025-02       5     -10.00 %", "                 +1    -4.25 pp*",
		"\n* of the miners that are there under both rule sets\n",
		"dog    – → 2       –   0.00 % → 25.00 %  +25.00 pp   +3.00 pp",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	c := refusing(t)
	c.Comparison.Outcomes = c.Comparison.Outcomes[:2]
	if text := comparedText(t, c, SummaryOptions{}); strings.Contains(text, "*") || strings.Contains(text, "  miners  ") {
		t.Errorf("it tells of miners that are not there under all:\n%s", text)
	}
}

// TestCompareSummaryOfOthers: as many miners under each rule set, and not the same ones.
func TestCompareSummaryOfOthers(t *testing.T) {
	c := population(t)
	c.Comparison.Outcomes = []sweep.Outcome{c.Comparison.Outcomes[0], c.Comparison.Outcomes[2]}
	c.Comparison.Outcomes[1].Miners = c.Comparison.Outcomes[1].Miners[1:]
	text := comparedText(t, c, SummaryOptions{Width: 80})
	if !strings.Contains(text, "Rules        miners  mean return") || !strings.Contains(text, " pp*  ") {
		t.Errorf("the text is\n%s", text)
	}
}

func TestCompareCSVTellsWhoWasRefused(t *testing.T) {
	_, rows := csvRows(t, refusing(t))
	before, after := 1.0, 1.03 // no constants: their difference is rounded
	for _, c := range []struct {
		row  int
		want map[string]string
	}{
		{9, map[string]string{
			"miner": "dog", "variant": "ptn-2024-12", "state": "refused", "final_return": "1", "days": "0", "drawdown_penalty": "", "martingale_penalty": "",
			"penalty": "", "sharpe": "", "score": "", "rank": "", "emission_share": "0", "orders_filled": "0", "challenge": "",
		}},
		{11, map[string]string{"miner": "dog", "variant": "ptn-2025-02", "state": "main", "final_return_difference": fmt.Sprint(after - before), "penalty": "1"}},
	} {
		for name, want := range c.want {
			if got, ok := rows[c.row][name]; !ok || got != want {
				t.Errorf("row %d, %s: %q, want %q", c.row, name, got, want)
			}
		}
	}
}

func TestCompareJSONTellsWhoWasRefused(t *testing.T) {
	whole := parsed(t, refusing(t))
	for _, c := range []struct {
		path []any
		want any
	}{
		{[]any{"variants", 0, "refused"}, 1.0}, {[]any{"variants", 2, "refused"}, 0.0},
		{[]any{"variants", 0, "miners", "dog", "state"}, "refused"}, {[]any{"variants", 0, "miners", "dog", "final_return"}, 1.0},
		{[]any{"variants", 0, "miners", "dog", "penalties"}, nil}, {[]any{"variants", 2, "miners", "dog", "penalties", "total"}, 1.0},
		{[]any{"variants", 2, "differences", "dog", "before"}, "refused"}, {[]any{"variants", 2, "differences", "dog", "after"}, "main"},
		{[]any{"variants", 2, "state_changes", 1, "before"}, "refused"},
	} {
		if got := at(t, whole, c.path...); got != c.want {
			t.Errorf("%v is %v, want %v", c.path, got, c.want)
		}
	}
}

func TestCompareMarkdownTellsWhoWasRefused(t *testing.T) {
	var b strings.Builder
	if err := RenderCompare(&b, refusing(t), FormatMarkdown); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "| refused |") || !strings.Contains(text, "-4.25 pp") {
		t.Errorf("the text is\n%s", text)
	}
}

// TestOutcomesPlotTellsWhoWasRefused: it is not as if it had not been there.
func TestOutcomesPlotTellsWhoWasRefused(t *testing.T) {
	c := handCompare()
	c.Comparison.Outcomes[0].Miners[2] = sweep.MinerOutcome{Name: "cyd", State: sweep.StateRefused, FinalReturn: 1}
	lines := compareTexts(t, c, PlotCompareOutcomes)
	wantLines(t, lines, "1 of 3 miners ends in another state under new", "R", "refused: never got a slot", "E  drawdown")
	for _, line := range lines {
		if line == "not there" || line == "–" {
			t.Errorf("it says %q", line)
		}
	}
	if stateOrder(sweep.StateRefused) <= stateOrder(scoring.StateEliminated) || stateOrder(sweep.StateRefused) >= stateOrder("") {
		t.Error("it is not the last but those that are not there")
	}
	if outcomeInk(sweep.StateRefused) == outcomeInk("") || outcomeInk(sweep.StateRefused) == outcomeInk(scoring.StateMain) {
		t.Error("the ink is that of another state")
	}
}
