package reports

import (
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets/ingest"
)

// ImportTable is the table of what an import made: a row a file of the data set,
// with what its inputs were taken for, what was done to the candles and what is
// doubtful about those that were kept.
func ImportTable(done []ingest.Imported) *Table {
	t := &Table{Columns: []Column{
		{Name: "pair"}, {Name: "interval", Right: true}, {Name: "rows", Right: true}, {Name: "first"}, {Name: "last"},
		{Name: "columns"}, {Name: "file"}, {Name: "sha256", Hidden: true}, {Name: "inputs", Right: true}, {Name: "read", Right: true, Hidden: true},
		{Name: "cut", Right: true, Hidden: true}, {Name: "detected", Hidden: true}, {Name: "changes"}, {Name: "problems"},
	}}
	for i := range done {
		d := &done[i]
		f := &d.File
		inputs := Cell{}
		if f.Origin != nil {
			inputs = IntCell(len(f.Origin.Inputs))
		}
		var changes []string
		for _, c := range d.Changes {
			changes = append(changes, c.What+": "+strconv.FormatInt(c.Count, 10))
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(f.Pair), TextCell(f.Interval), IntCell(f.Rows), TimeCell(f.FirstMS), TimeCell(f.LastMS),
			columnsCell(f.Columns), TextCell(f.Name), hashCell(f.SHA256), inputs, IntCell(d.Read),
			IntCell(d.Cut), optionalProse(strings.Join(d.Said, "; "), 40), optionalProse(strings.Join(changes, "; "), 30), problemsCell(d.Report.Findings),
		})
	}
	return t
}
