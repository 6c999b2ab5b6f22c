package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// DatasetTable is the table of candle files that were read.
func DatasetTable(files []DatasetFile) *Table {
	t := &Table{Columns: []Column{
		{Name: "pair"}, {Name: "interval", Right: true}, {Name: "rows", Right: true},
		{Name: "first"}, {Name: "last"}, {Name: "file"}, {Name: "sha256"},
	}}
	for _, f := range files {
		t.Rows = append(t.Rows, []Cell{
			TextCell(f.Pair), TextCell(f.Interval), IntCell(f.Rows), TimeCell(f.FirstMS), TimeCell(f.LastMS), TextCell(f.File), hashCell(f.SHA256),
		})
	}
	return t
}

// ManifestTable is the table of the files that a data set's manifest describes:
// what they hold, where they come from, and how many kinds of doubt about their
// candles were kept.
func ManifestTable(m *datasets.Manifest) *Table {
	t := &Table{Columns: []Column{
		{Name: "pair"}, {Name: "interval", Right: true}, {Name: "rows", Right: true}, {Name: "first"}, {Name: "last"},
		{Name: "gaps", Right: true}, {Name: "longest_gap_ms", Head: "longest", Right: true}, {Name: "columns"},
		{Name: "bytes", Head: "size", Right: true}, {Name: "sha256"}, {Name: "origin"}, {Name: "findings", Right: true},
		{Name: "problems", Hidden: true}, {Name: "file", Hidden: true}, {Name: "content", Hidden: true},
	}}
	for i := range m.Files {
		f := &m.Files[i]
		first, last := Cell{}, Cell{}
		if f.Rows > 0 {
			first, last = TimeCell(f.FirstMS), TimeCell(f.LastMS)
		}
		origin, findings, problems := originCells(f.Origin)
		t.Rows = append(t.Rows, []Cell{
			TextCell(f.Pair), TextCell(f.Interval), IntCell(f.Rows), first, last,
			IntCell(f.Gaps.Count), longestCell(&f.Gaps), columnsCell(f.Columns),
			sizeCell(f.Bytes), hashCell(f.SHA256), origin, findings,
			problems, TextCell(f.Name), optionalText(f.Content),
		})
	}
	return t
}

// originCells are what a file was made from, how many kinds of doubt it has, and
// which; no values where the manifest doesn't say.
func originCells(o *datasets.Origin) (origin, findings, problems Cell) {
	if o == nil {
		return Cell{}, Cell{}, Cell{}
	}
	origin = optionalProse(o.Command, 36)
	if len(o.Detected) > 0 { // people see what the inputs were, programs all that was said of them
		origin = optionalProse(o.Detected[0], 36)
		origin.exact = strings.Join(o.Detected, "; ")
	}
	var all problemCounts
	for _, f := range o.Findings {
		all.add(f.Problem, f.Count)
	}
	return origin, IntCell(len(o.Findings)), optionalText(all.String())
}

// DatasetState is how far a data set can be trusted.
type DatasetState string

// The states.
const (
	DatasetVerified    DatasetState = "verified"    // every file is what the manifest says
	DatasetChanged     DatasetState = "changed"     // a file is not, or is missing
	DatasetUnchecked   DatasetState = "not checked" // nobody looked
	DatasetUndescribed DatasetState = "no manifest" // nothing to compare with
)

// ListedDataset is a data set's folder.
type ListedDataset struct {
	Folder   string
	Manifest *datasets.Manifest // of a folder without one: the files as they are
	State    DatasetState
}

// DatasetList is the table of data sets: a row a folder.
func DatasetList(sets []ListedDataset) *Table {
	t := &Table{Columns: []Column{
		{Name: "folder"}, {Name: "files", Right: true}, {Name: "pairs", Right: true}, {Name: "intervals"},
		{Name: "rows", Right: true}, {Name: "first"}, {Name: "last"}, {Name: "bytes", Head: "size", Right: true},
		{Name: "source"}, {Name: "licence"}, {Name: "state"},
	}}
	for _, s := range sets {
		var sum datasetSum
		for i := range s.Manifest.Files {
			sum.add(&s.Manifest.Files[i])
		}
		first, last := Cell{}, Cell{}
		if sum.rows > 0 {
			first, last = TimeCell(sum.firstMS), TimeCell(sum.lastMS)
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(s.Folder), IntCell(len(s.Manifest.Files)), IntCell(len(sum.pairs)), optionalText(sum.intervalNames()),
			IntCell(sum.rows), first, last, sizeCell(sum.bytes),
			optionalProse(s.Manifest.Source, 32), optionalProse(s.Manifest.Licence, 24), TextCell(string(s.State)),
		})
	}
	return t
}

// datasetSum is what a data set's files come to.
type datasetSum struct {
	pairs, intervals []string // each once
	rows, bytes      int64
	firstMS, lastMS  int64 // of the files that have rows
}

func (d *datasetSum) add(f *datasets.ManifestFile) {
	if !slices.Contains(d.pairs, f.Pair) {
		d.pairs = append(d.pairs, f.Pair)
	}
	if !slices.Contains(d.intervals, f.Interval) {
		d.intervals = append(d.intervals, f.Interval)
	}
	d.bytes += f.Bytes
	if f.Rows == 0 {
		return
	}
	if d.rows == 0 {
		d.firstMS, d.lastMS = f.FirstMS, f.LastMS
	}
	d.rows += f.Rows
	d.firstMS, d.lastMS = min(d.firstMS, f.FirstMS), max(d.lastMS, f.LastMS)
}

// intervalNames are the intervals, the shortest first.
func (d *datasetSum) intervalNames() string {
	length := func(name string) datasets.Interval {
		v, err := datasets.ParseInterval(name)
		if err != nil {
			return 0 // one that no manifest of ours has comes first
		}
		return v
	}
	slices.SortStableFunc(d.intervals, func(a, b string) int { return cmp.Compare(length(a), length(b)) })
	return strings.Join(d.intervals, ", ")
}

// columnsCell is a list of columns; people see the usual ones by their initials:
// OHLCV.
func columnsCell(names string) Cell {
	shown := names
	if rest, ok := strings.CutPrefix(names, "open,high,low,close"); ok {
		shown = "OHLC"
		if after, ok := strings.CutPrefix(rest, ",volume"); ok {
			shown, rest = "OHLCV", after
		}
		shown += strings.ReplaceAll(rest, ",", " ")
	}
	return Cell{names, shown}
}

// hashCell is a hash in hexadecimal; people see its beginning. "" is no value.
func hashCell(hash string) Cell {
	if hash == "" {
		return Cell{}
	}
	return Cell{hash, hash[:min(len(hash), 12)]}
}

// sizeCell is a size in bytes; people see KiB, MiB or GiB.
func sizeCell(bytes int64) Cell {
	const unit = 1024
	x, name := float64(bytes), ""
	for _, larger := range [...]string{"KiB", "MiB", "GiB", "TiB"} {
		if x < unit {
			break
		}
		x, name = x/unit, larger
	}
	if name == "" {
		return Cell{bytes, strconv.FormatInt(bytes, 10) + " B"}
	}
	decimals := 0
	if x < 99.95 {
		decimals = 1
	}
	return Cell{bytes, strconv.FormatFloat(x, 'f', decimals, 64) + " " + name}
}
