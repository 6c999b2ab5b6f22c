package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Render writes the table in a format. An empty one still has its header, or is
// an empty array.
func (t *Table) Render(w io.Writer, format Format) error {
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			panic(fmt.Sprintf("reports: row %d has %d cells for %d columns", i, len(row), len(t.Columns)))
		}
	}
	switch format {
	case FormatTable:
		return t.seen().renderText(w)
	case FormatMarkdown:
		return t.seen().renderMarkdown(w)
	case FormatCSV:
		return t.renderCSV(w)
	case FormatJSON:
		return t.renderJSON(w)
	}
	panic("reports: no such format: " + string(format))
}

// renderText writes columns two blanks apart, under a header with a line below.
func (t *Table) renderText(w io.Writer) error {
	settings := tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone}
	style := renderer.NewBlueprint(tw.Rendition{Borders: tw.BorderNone, Symbols: tw.NewSymbols(tw.StyleNone), Settings: settings})
	var b bytes.Buffer
	widths := t.widths()
	rows := t.shown()
	lines := make([]string, len(widths))
	for i, width := range widths {
		lines[i] = strings.Repeat("─", width)
	}
	padding := slices.Repeat([]tw.Padding{{Right: "  ", Overwrite: true}}, len(widths))
	padding[len(padding)-1] = tw.PaddingNone
	if err := t.draw(&b, style, padding, append([][]string{lines}, rows...)); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// widths is how many characters each column takes.
func (t *Table) widths() []int {
	widths := make([]int, len(t.Columns))
	for i := range t.Columns {
		widths[i] = displayed(t.Columns[i].head())
		for _, row := range t.Rows {
			for line := range strings.SplitSeq(row[i].show(), "\n") {
				widths[i] = max(widths[i], displayed(line))
			}
		}
	}
	return widths
}

func (t *Table) renderMarkdown(w io.Writer) error {
	rows := t.shown()
	for _, row := range rows {
		for i := range row {
			row[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(row[i])
		}
	}
	return t.draw(w, renderer.NewMarkdown(), nil, rows)
}

// draw has a table drawn in a style; nil is that style's padding.
func (t *Table) draw(w io.Writer, style tw.Renderer, padding []tw.Padding, rows [][]string) error {
	aligns := make([]tw.Align, len(t.Columns))
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i], aligns[i] = c.head(), tw.AlignLeft
		if c.Right {
			aligns[i] = tw.AlignRight
		}
	}
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: aligns},
		Padding:    tw.CellPadding{Global: tw.Padding{Left: " ", Right: " "}, PerColumn: padding},
	}
	table := tablewriter.NewTable(w, tablewriter.WithRenderer(style), tablewriter.WithConfig(tablewriter.Config{
		Header: cells, Row: cells, Behavior: tw.Behavior{TrimSpace: tw.Off},
	}))
	table.Header(heads)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	return table.Render()
}

// shown is the cells as people see them.
func (t *Table) shown() [][]string {
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]string, len(row))
		for j, c := range row {
			rows[i][j] = c.show()
		}
	}
	return rows
}

func (t *Table) renderCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, c := range row {
			record[i] = c.csv()
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// renderJSON writes an array with an object a row, each on its line.
func (t *Table) renderJSON(w io.Writer) error {
	var e encoder
	e.text("[")
	for i, row := range t.Rows {
		e.comma(i)
		e.text("\n  {")
		for j, c := range row {
			e.comma(j)
			e.key(t.Columns[j].Name)
			e.value(reflect.ValueOf(c.exact))
		}
		e.text("}")
	}
	if len(t.Rows) > 0 {
		e.text("\n")
	}
	e.text("]\n")
	_, err := w.Write(e.out)
	return err
}
