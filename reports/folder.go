package reports

import (
	"context"
	"fmt"
	"os"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// The files of a result folder beside its tables (OrdersFile, …) and plots.
const (
	ResultFile = "result.json" // see Document
	RulesFile  = "rules.yaml"  // the rule set as it was resolved: it reproduces the run
)

// Folder is a result folder that is being written. Nobody sees it before it is
// whole: see growth.
//
//	folder, err := reports.NewFolder("out", reports.FolderOptions{})
//	defer folder.Abort()
//	// run with sim.Observer{Equity: folder.Equity.Record}
//	err = folder.Commit(ctx, run)
type Folder struct {
	// Equity takes the equity curve while the run goes on.
	Equity *EquityWriter

	*growth
	options FolderOptions
}

// FolderOptions is how a result folder is written.
type FolderOptions struct {
	Force   bool        // replace an earlier result folder at the path; no other folder is ever replaced
	Plots   PlotOptions // what to draw
	NoPlots bool        // draw nothing
}

// NewFolder begins a result folder at path, and creates the folders above it
// that are missing. A folder that is there already is refused, unless it is
// empty, or a result folder and Force is set: then it stays until Commit.
func NewFolder(path string, options FolderOptions) (*Folder, error) {
	g, err := newGrowth(path, options.Force, resultFolder())
	if err != nil {
		return nil, err
	}
	f := &Folder{growth: g, options: options}
	if f.Equity, err = NewEquityWriter(f.file(EquityFile)); err != nil {
		f.Abort()
		return nil, fmt.Errorf("writing %s: %w", f.path, err)
	}
	return f, nil
}

// resultFolder is what the folder of a run has in it.
func resultFolder() folderKind {
	k := folderKind{
		main: ResultFile, schema: "ptnsim-result-",
		files: []string{ResultFile, RulesFile, OrdersFile, PositionsFile, CheckpointsFile, DailyFile, EquityFile, "report.html"},
	}
	for _, plot := range Plots() {
		k.files = append(k.files, string(plot)+"."+string(PNG), string(plot)+"."+string(SVG))
	}
	return k
}

// Commit writes everything and gives the folder its name. When it fails, or ctx
// is cancelled, nothing is left and what was there before stays. It returns the
// run's digest.
func (f *Folder) Commit(ctx context.Context, run *Run) (digest string, err error) {
	if f.growing == "" {
		panic("reports: Commit of a folder that was committed or aborted")
	}
	defer f.Abort()
	document := NewDocument(run)
	err = f.commit(ctx,
		f.Equity.Close,
		func() error { return os.WriteFile(f.file(ResultFile), document.Encode(), 0o644) },
		func() error { return os.WriteFile(f.file(RulesFile), rules.Marshal(run.Rules.Set), 0o644) },
		func() error { return writeOrders(f.file(OrdersFile), run.Result.Orders) },
		func() error { return writePositions(f.file(PositionsFile), run.Result.Positions) },
		func() error { return writeCheckpoints(f.file(CheckpointsFile), run.Result) },
		func() error { return writeDaily(f.file(DailyFile), run.Result.Daily) },
		func() error { return f.draw(run) },
	)
	if err != nil {
		return "", err
	}
	return document.Digest, nil
}

func (f *Folder) draw(run *Run) error {
	if f.options.NoPlots {
		return nil
	}
	_, err := WritePlots(f.growing, *run, f.options.Plots)
	return err
}

// Abort removes what was written. After Commit it does nothing, so that it can
// be deferred.
func (f *Folder) Abort() {
	if f.Equity != nil {
		f.Equity.Abort()
	}
	f.abort()
}
