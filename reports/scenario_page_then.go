package reports

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
)

// expectationsShownMax is how many expectations a page shows of one scenario.
const expectationsShownMax = 120

// then writes what must come of it.
func (t *toldScenario) then() error {
	if t.Expect.Error != "" {
		t.paragraph("**Then** it is refused, with an error that says " + markdownCode(legible(t.Expect.Error)) + ".")
		return nil
	}
	var rows []expectedRow
	for i := range t.Expect.Fields {
		if f := &t.Expect.Fields[i]; !t.sideBySide || f.Path != "orders" {
			rows = expectedRows(&f.Expectation, rows)
		}
	}
	if t.Expect.Condition != nil {
		rows = expectedRows(&t.Expect, rows)
	}
	if len(rows) == 0 {
		return nil // all of it stands beside the orders
	}
	table := &Table{Columns: []Column{{Head: "What"}, {Head: "Expected"}, {Head: "Note"}}}
	for _, row := range rows[:min(len(rows), expectationsShownMax)] {
		table.Rows = append(table.Rows, []Cell{codeCell(row.path), TextCell(row.condition), proseCell(t.notes.at(row.line))})
	}
	lead := "**Then**"
	if (t.Tolerance != condition.Tolerance{}) {
		lead += ", with numbers within " + markdownCode(t.Tolerance.String()) + " where nothing else is said"
	}
	t.paragraph(lead)
	if err := t.table(table.withoutEmpty()); err != nil {
		return err
	}
	if left := len(rows) - len(table.Rows); left > 0 {
		t.paragraph(fmt.Sprintf("and %d more", left))
	}
	return nil
}

// expectedRow is what is expected of one value.
type expectedRow struct {
	path      string
	condition string // in Markdown
	line      int    // where it is written, from 1
}

// expectedRows appends a row for each value of which something is expected, in the
// order of the file.
func expectedRows(e *scenario.Expectation, rows []expectedRow) []expectedRow {
	row := func(text string) { rows = append(rows, expectedRow{e.Path, text, e.At.Line}) }
	switch {
	case e.Absent && !strings.HasSuffix(e.Path, "]"):
		row("none") // elimination: null
	case e.Absent:
		row("does not exist") // an element of a list
	case e.Condition != nil:
		row(conditionText(e.Condition))
	}
	for i := range e.Fields {
		rows = expectedRows(&e.Fields[i].Expectation, rows)
	}
	if e.Count != nil {
		rows = append(rows, expectedRow{e.Count.Path, conditionText(&e.Count.Condition), e.Count.At.Line})
	}
	for i := range e.Items {
		rows = expectedRows(&e.Items[i], rows)
	}
	if e.Whole && len(e.Items) == 0 {
		row("none")
	}
	for i := range e.Some {
		rows = expectedRows(&e.Some[i].Expectation, rows)
	}
	return rows
}

// conditionText is a condition in Markdown: of one that a formula derives, that first.
func conditionText(c *condition.Condition) string {
	if c.Blank() {
		return "not filled in yet"
	}
	text := c.String()
	if value, formula, ok := strings.Cut(text, " (= "); ok && strings.HasSuffix(formula, ")") {
		return markdownCode(legible(strings.TrimSuffix(formula, ")"))) + " = " + markdownText(legible(value))
	}
	return markdownCode(legible(text))
}
