package reports

import (
	"context"
	"io"
	"os"
)

// The files of a comparison's result folder beside its plots.
const (
	CompareFile       = "compare.json"    // see Compare.Encode
	CompareMinersFile = "compare.csv"     // a row a miner and rule set: see CompareTables
	AttributionFile   = "attribution.csv" // a row a change; only where an attribution was asked for
)

// CompareFolder is the result folder of a comparison that is being written. Nobody
// sees it before it is whole: see growth.
//
//	folder, err := reports.NewCompareFolder("out", reports.FolderOptions{})
//	defer folder.Abort()
//	// play
//	digest, err := folder.Commit(ctx, c)
type CompareFolder struct {
	*growth
	options FolderOptions
}

// NewCompareFolder begins a result folder at path, and creates the folders above it
// that are missing. A folder that is there already is refused, unless it is empty,
// or a comparison's result folder and Force is set: then it stays until Commit.
func NewCompareFolder(path string, options FolderOptions) (*CompareFolder, error) {
	g, err := newGrowth(path, options.Force, compareFolder())
	if err != nil {
		return nil, err
	}
	return &CompareFolder{growth: g, options: options}, nil
}

// compareFolder is what the folder of a comparison has in it.
func compareFolder() folderKind {
	k := folderKind{
		main: CompareFile, schema: "ptnsim-compare-",
		files: []string{CompareFile, CompareMinersFile, AttributionFile},
	}
	for _, plot := range append(ComparePlots(new(Compare)), PlotCompareAttribution) {
		k.files = append(k.files, string(plot)+"."+string(PNG), string(plot)+"."+string(SVG))
	}
	return k
}

// Commit writes everything and gives the folder its name. When it fails, or ctx is
// cancelled, nothing is left and what was there before stays. It returns the
// comparison's digest.
func (f *CompareFolder) Commit(ctx context.Context, c *Compare) (digest string, err error) {
	if f.growing == "" {
		panic("reports: Commit of a folder that was committed or aborted")
	}
	defer f.Abort()
	digest = c.Digest()
	tables := c.Tables(FormatCSV)
	err = f.commit(ctx,
		func() error { return os.WriteFile(f.file(CompareFile), c.text(digest, false), 0o644) },
		func() error { return writeCSV(f.file(CompareMinersFile), tables.Miners) },
		func() error {
			if tables.Attribution == nil {
				return nil
			}
			return writeCSV(f.file(AttributionFile), tables.Attribution)
		},
		func() error { return f.draw(c) },
	)
	return digest, err
}

func writeCSV(path string, t *Table) error {
	return writeBuffered(path, func(w io.Writer) error { return t.Render(w, FormatCSV) })
}

func (f *CompareFolder) draw(c *Compare) error {
	if f.options.NoPlots {
		return nil
	}
	_, err := WriteComparePlots(f.growing, c, f.options.Plots)
	return err
}

// Abort removes what was written. After Commit it does nothing, so that it can be
// deferred.
func (f *CompareFolder) Abort() { f.abort() }
