package reports

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// DiffSchema names the form of a difference in JSON. It changes whenever a field
// changes its name or its meaning.
const DiffSchema = "ptnsim-diff-1"

// RenderDiff writes a difference in a format: JSON with everything; CSV a row a value
// that differs; Markdown the headline and the first few changes. The format table is
// that of DiffSummary.
func RenderDiff(w io.Writer, d *Difference, format Format) error {
	switch format {
	case FormatJSON:
		_, err := w.Write(d.Encode())
		return err
	case FormatCSV:
		return d.changesTable(0).Render(w, format)
	case FormatMarkdown:
		return d.markdown(w)
	}
	return DiffSummary(w, d, SummaryOptions{})
}

// Encode returns the difference as JSON: docs/results.md has its fields.
func (d *Difference) Encode() []byte {
	e := diffEncoder{}
	e.text("{\n")
	e.key("schema")
	e.string(DiffSchema)
	e.next("kind", string(d.Kind))
	e.next("same", d.Same())
	e.next("tolerance", struct {
		Distance float64 `json:"distance"`
		Part     float64 `json:"part"`
	}{d.Tolerance.Distance, d.Tolerance.Part})
	e.next("a", d.A.document())
	e.next("b", d.B.document())
	e.text(",\n\"first\":")
	e.first(d.First)
	e.text(",\n\"headline\":[")
	for i := range d.Headline {
		e.comma(i)
		e.text("\n ")
		e.field(&d.Headline[i].DiffField)
	}
	e.text("],\n\"parts\":[")
	for i := range d.Parts {
		e.comma(i)
		e.text("\n")
		e.part(&d.Parts[i])
	}
	e.text("],\n\"not_counted\":")
	e.part(&d.Aside)
	e.text("\n}\n")
	return e.out
}

// diffSideDocument is a side in JSON.
type diffSideDocument struct {
	Name    string `json:"name"`
	Version string `json:"ptnsim"`
	Digest  string `json:"digest"`
	What    string `json:"what"`
}

func (s *DiffSide) document() diffSideDocument {
	return diffSideDocument{s.Name, s.Version, s.Digest, s.What}
}

// diffEncoder writes a difference.
type diffEncoder struct{ encoder }

func (e *diffEncoder) next(name string, value any) {
	e.text(",\n")
	e.key(name)
	e.value(reflect.ValueOf(value))
}

func (e *diffEncoder) first(f *Divergence) {
	if f == nil {
		e.text("null")
		return
	}
	e.text("{")
	e.key("time")
	e.string(instant(f.TimeMS))
	e.text(",")
	e.key("part")
	e.string(f.Part)
	e.text(",")
	e.key("text")
	e.string(f.String())
	e.text(",")
	e.key("entry")
	e.entry(&f.Entry)
	e.text("}")
}

func (e *diffEncoder) part(p *DiffPart) {
	counts := struct {
		Name    string `json:"name"`
		Same    int    `json:"same"`
		Changed int    `json:"changed"`
		OnlyA   int    `json:"only_a"`
		OnlyB   int    `json:"only_b"`
		Within  int    `json:"within_tolerance"`
	}{p.Name, p.Same, p.Changed, p.OnlyA, p.OnlyB, p.Within}
	e.value(reflect.ValueOf(counts))
	e.out = e.out[:len(e.out)-1] // the object goes on
	e.text(`,"entries":[`)
	for i := range p.Entries {
		e.comma(i)
		e.text("\n ")
		e.entry(&p.Entries[i])
	}
	e.text("]}")
}

// entry writes an element: of one that only one side has, the element itself.
func (e *diffEncoder) entry(entry *DiffEntry) {
	e.text("{")
	e.key("change")
	e.string(string(entry.Change))
	e.text(",")
	e.key("key")
	e.string(entry.Key)
	e.text(",")
	e.key("time_ms")
	e.value(reflect.ValueOf(msOrNull(entry.TimeMS)))
	e.text(",")
	e.key("element")
	switch entry.Change {
	case DiffOnlyA:
		e.value(reflect.ValueOf(entry.A))
	case DiffOnlyB:
		e.value(reflect.ValueOf(entry.B))
	default:
		e.text("null")
	}
	e.text(`,"fields":[`)
	for i := range entry.Fields {
		e.comma(i)
		e.field(&entry.Fields[i])
	}
	e.text("]}")
}

// field writes a value of both sides; they are JSON already.
func (e *diffEncoder) field(f *DiffField) {
	e.text("{")
	e.key("name")
	e.string(f.Name)
	e.text(`,"a":` + f.A + `,"b":` + f.B + `,"difference":` + numberText(f.Distance) + `,"relative":` + numberText(f.Part) + "}")
}

// changesTable is a row a value that differs, of at most so many elements of a part; 0
// is all, and what doesn't count too.
func (d *Difference) changesTable(most int) *Table {
	t := &Table{Columns: []Column{
		{Name: "part"}, {Name: "key"}, {Name: "change"}, {Name: "time"}, {Name: "field"},
		{Name: "a", Right: true}, {Name: "b", Right: true}, {Name: "difference", Right: true}, {Name: "relative", Right: true},
	}}
	parts := d.Parts
	if most == 0 {
		parts = append(slices.Clone(parts), d.Aside)
	}
	for i := range parts {
		entries := parts[i].Entries
		for j := range entries[:min(len(entries), cmp.Or(most, len(entries)))] {
			t.Rows = append(t.Rows, entries[j].rows(parts[i].Name)...)
		}
	}
	return t
}

func (e *DiffEntry) rows(part string) [][]Cell {
	row := func(field, a, b, difference, relative Cell) []Cell {
		at := Cell{}
		if e.TimeMS != 0 {
			at = Cell{instant(e.TimeMS), instant(e.TimeMS)}
		}
		return []Cell{TextCell(part), nameCell(e.Key), TextCell(string(e.Change)), at, field, a, b, difference, relative}
	}
	switch e.Change {
	case DiffOnlyA:
		return [][]Cell{row(Cell{}, elementCell(e.A, e.element()), Cell{}, Cell{}, Cell{})}
	case DiffOnlyB:
		return [][]Cell{row(Cell{}, Cell{}, elementCell(e.B, e.element()), Cell{}, Cell{})}
	}
	rows := make([][]Cell, len(e.Fields))
	for i := range e.Fields {
		f := &e.Fields[i]
		rows[i] = row(nameCell(f.Name), f.cell(f.A), f.cell(f.B), valueCellOf(f.Distance, beyond), valueCellOf(f.Part, percent))
	}
	return rows
}

// elementCell is an element: all of it for programs, in brief for people.
func elementCell(element any, brief string) Cell {
	return Cell{jsonText(reflect.ValueOf(element)), cmp.Or(brief, "there")}
}

// cell is a value of one side.
func (f *DiffField) cell(value string) Cell {
	if value == "null" {
		return Cell{}
	}
	return Cell{unquoted(value), f.brief(value)}
}

func valueCellOf(v scoring.Value, text func(float64) string) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return numberCell(x, text)
}

// diffMarkdownMax is of how many elements of a part Markdown tells.
const diffMarkdownMax = 20

func (d *Difference) markdown(w io.Writer) error {
	if d.Same() {
		_, err := fmt.Fprintf(w, "The same: %s\n", inMarkdown(d.sameText()))
		return err
	}
	for i, side := range []*DiffSide{&d.A, &d.B} {
		fmt.Fprintf(w, "- %s: %s\n", "AB"[i:i+1], inMarkdown(strings.TrimSpace(side.Name+" "+side.What+" "+side.Digest)))
	}
	first := "at no instant"
	if d.First != nil {
		first = d.First.String()
	}
	fmt.Fprintf(w, "\nFirst differs: %s\n\n", inMarkdown(first))
	if err := d.headlineTable(2*diffValueWidth).Render(w, FormatMarkdown); err != nil {
		return err
	}
	fmt.Fprintln(w)
	parts := &Table{Columns: []Column{{Head: "Part"}, {Head: "same", Right: true}, {Head: "changed", Right: true}, {Head: "only in A", Right: true}, {Head: "only in B", Right: true}}}
	left := 0
	for i := range d.Parts {
		p := &d.Parts[i]
		left += max(len(p.Entries)-diffMarkdownMax, 0)
		parts.Rows = append(parts.Rows, []Cell{TextCell(p.Name), IntCell(p.Same), IntCell(p.Changed), IntCell(p.OnlyA), IntCell(p.OnlyB)})
	}
	if err := parts.Render(w, FormatMarkdown); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := d.changesTable(diffMarkdownMax).Render(w, FormatMarkdown); err != nil {
		return err
	}
	if left > 0 {
		fmt.Fprintf(w, "\nAnd %d more: the formats json and csv have them all.\n", left)
	}
	return nil
}

// inMarkdown keeps a text of somebody else's from being anything but text.
func inMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "|", `\|`).Replace(legible(text))
}
