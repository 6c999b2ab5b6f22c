package reports

// DatasetTable is the table of a data set's candle files.
func DatasetTable(files []DatasetFile) *Table {
	t := &Table{Columns: []Column{
		{Name: "pair"}, {Name: "interval", Right: true}, {Name: "rows", Right: true},
		{Name: "first"}, {Name: "last"}, {Name: "file"}, {Name: "sha256"},
	}}
	for _, f := range files {
		hash := Cell{}
		if f.SHA256 != "" {
			hash = Cell{f.SHA256, f.SHA256[:min(len(f.SHA256), 12)]}
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(f.Pair), TextCell(f.Interval), IntCell(f.Rows), TimeCell(f.FirstMS), TimeCell(f.LastMS), TextCell(f.File), hash,
		})
	}
	return t
}
