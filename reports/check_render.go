package reports

import (
	"fmt"
	"io"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// RenderChecks writes a check in a format: JSON is the whole CheckDocument, CSV a row a
// scenario, and of one that failed a row a finding, Markdown the counts and a table of
// what did not pass, as a job's summary shows it. The table is the CheckSummary.
func RenderChecks(w io.Writer, c *Checks, format Format) error {
	switch format {
	case FormatJSON:
		return NewCheckDocument(c).Write(w)
	case FormatCSV:
		return checkRows(c).Render(w, format)
	case FormatMarkdown:
		return markdownChecks(w, c)
	}
	return CheckSummary(w, c, SummaryOptions{})
}

// checkRows is all that a table can hold of a check.
func checkRows(c *Checks) *Table {
	t := &Table{Columns: []Column{
		{Name: "file"}, {Name: "title"}, {Name: "section"}, {Name: "outcome"}, {Name: "digest"}, {Name: "took_ms", Right: true}, {Name: "error"},
		{Name: "path"}, {Name: "line", Right: true}, {Name: "column", Right: true}, {Name: "expected"}, {Name: "got"}, {Name: "difference"},
	}}
	for i := range c.Checks {
		r := checkedRecord(&c.Checks[i])
		row := []Cell{
			TextCell(r.File), TextCell(r.Title), TextCell(r.Section), TextCell(r.Outcome), TextCell(r.Digest), NumberCell(r.TookMS), TextCell(r.Error),
		}
		for _, f := range r.Findings {
			t.Rows = append(t.Rows, append(row[:len(row):len(row)], TextCell(f.Path), IntCell(f.Line), IntCell(f.Column),
				TextCell(f.Expected), TextCell(f.Got), TextCell(f.Difference)))
		}
		if len(r.Findings) == 0 {
			t.Rows = append(t.Rows, append(row, make([]Cell, len(t.Columns)-len(row))...))
		}
	}
	return t
}

// markdownChecks writes the counts, and a table of what did not pass.
func markdownChecks(w io.Writer, c *Checks) error {
	text := c.Counts().verdict(unpainted)
	if c.Took > 0 {
		text += ", in " + took(c.Took)
	}
	if _, err := fmt.Fprintf(w, "**%s**\n", text); err != nil {
		return err
	}
	t := &Table{Columns: []Column{
		{Head: "Scenario"}, {Head: "Where"}, {Head: "What"}, {Head: "Expected"}, {Head: "Got"}, {Head: "Difference"},
	}}
	for i := range c.Checks {
		t.Rows = append(t.Rows, troubleRows(&c.Checks[i])...)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return t.Render(w, FormatMarkdown)
}

// troubleRows are the rows of what did not pass: a finding each, or the error.
func troubleRows(c *scenario.Check) [][]Cell {
	title := TextCell(markdownText(legible(checkTitle(c))))
	if c.Err != nil {
		return [][]Cell{{title, codeCell(troubleAt(c).String()), TextCell(markdownText(oneLine(placedError(c)))), TextCell(""), TextCell(""), TextCell("")}}
	}
	var rows [][]Cell
	shown, left := shownFindings(c)
	for i := range shown {
		f := tell(&shown[i])
		rows = append(rows, []Cell{title, codeCell(findingPlace(c, &shown[i]).String()), codeCell(f.path), codeCell(f.expected), codeCell(f.got), codeCell(f.difference)})
		title = TextCell("")
	}
	if left > 0 {
		rows = append(rows, []Cell{title, TextCell(""), TextCell(fmt.Sprintf("and %d more", left)), TextCell(""), TextCell(""), TextCell("")})
	}
	return rows
}
