package reports

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// The files of a result folder beside its tables (OrdersFile, …) and plots.
const (
	ResultFile = "result.json" // see Document
	RulesFile  = "rules.yaml"  // the rule set as it was resolved: it reproduces the run
)

// Folder is a result folder that is being written. Nobody sees it before it is
// whole: it grows under a temporary name beside its own, which Commit gives it.
//
//	folder, err := reports.NewFolder("out", reports.FolderOptions{})
//	defer folder.Abort()
//	// run with sim.Observer{Equity: folder.Equity.Record}
//	err = folder.Commit(ctx, run)
type Folder struct {
	// Equity takes the equity curve while the run goes on.
	Equity *EquityWriter

	path    string // where it will be
	growing string // where it grows; "" once it is done with
	made    []string
	options FolderOptions
}

// FolderOptions is how a result folder is written.
type FolderOptions struct {
	Force   bool        // replace an earlier result folder at the path; no other folder is ever replaced
	Plots   PlotOptions // what to draw
	NoPlots bool        // draw nothing
}

// ErrFolder is wrapped by the refusal of a folder that is in the way.
var ErrFolder = errors.New("the result folder can't be written there")

// NewFolder begins a result folder at path, and creates the folders above it
// that are missing. A folder that is there already is refused, unless it is
// empty, or a result folder and Force is set: then it stays until Commit.
func NewFolder(path string, options FolderOptions) (*Folder, error) {
	path = filepath.Clean(path)
	if err := vacant(path, options.Force); err != nil {
		return nil, err
	}
	made, err := makeParents(filepath.Dir(path))
	f := &Folder{path: path, made: made, options: options}
	if err == nil {
		f.growing, err = os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	}
	if err == nil {
		f.Equity, err = NewEquityWriter(f.file(EquityFile))
	}
	if err != nil {
		f.Abort()
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	return f, nil
}

func (f *Folder) file(name string) string { return filepath.Join(f.growing, name) }

// Commit writes everything and gives the folder its name. When it fails, or ctx
// is cancelled, nothing is left and what was there before stays. It returns the
// run's digest.
func (f *Folder) Commit(ctx context.Context, run *Run) (digest string, err error) {
	if f.growing == "" {
		panic("reports: Commit of a folder that was committed or aborted")
	}
	defer f.Abort()
	document := NewDocument(run)
	steps := []func() error{
		f.Equity.Close,
		func() error { return os.WriteFile(f.file(ResultFile), document.Encode(), 0o644) },
		func() error { return os.WriteFile(f.file(RulesFile), rules.Marshal(run.Rules.Set), 0o644) },
		func() error { return writeOrders(f.file(OrdersFile), run.Result.Orders) },
		func() error { return writePositions(f.file(PositionsFile), run.Result.Positions) },
		func() error { return writeCheckpoints(f.file(CheckpointsFile), run.Result) },
		func() error { return writeDaily(f.file(DailyFile), run.Result.Daily) },
		func() error { return f.draw(run) },
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if err := step(); err != nil {
			return "", fmt.Errorf("writing %s: %w", f.path, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := f.appear(); err != nil {
		return "", fmt.Errorf("writing %s: %w", f.path, err)
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
	if f.growing != "" {
		os.RemoveAll(f.growing)
	}
	f.growing = ""
	for _, folder := range slices.Backward(f.made) {
		os.Remove(folder) // it stays if something is in it
	}
	f.made = nil
}

// appear gives the folder its name, in place of what Force lets it replace.
func (f *Folder) appear() error {
	if err := os.Chmod(f.growing, 0o755); err != nil {
		return err
	}
	// Somebody may have used the path while the run went on.
	if err := vacant(f.path, f.options.Force); err != nil {
		return err
	}
	old := f.growing + ".old"
	err := os.Rename(f.path, old)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(f.growing, f.path); err != nil {
		if there {
			err = errors.Join(err, os.Rename(old, f.path))
		}
		return err
	}
	f.growing, f.made = "", nil
	if there {
		return os.RemoveAll(old)
	}
	return nil
}

// vacant refuses a path at which a folder must not be written.
func vacant(path string, force bool) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w; choose another path", ErrFolder, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is there already and is no folder; choose another path", ErrFolder, path)
	}
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return err
	}
	if stranger := notOurs(path, entries); stranger != "" {
		return fmt.Errorf("%w: %s is there already and is no result folder (%s); choose another path", ErrFolder, path, stranger)
	}
	if !force {
		return fmt.Errorf("%w: %s holds a result already; choose another path, or replace it with --force", ErrFolder, path)
	}
	return nil
}

// notOurs tells what shows that a folder is no result folder, or more than one:
// it lacks a result of ours, or has something that we didn't write. "" if it is
// ours alone.
func notOurs(path string, entries []fs.DirEntry) string {
	for _, e := range entries {
		if !e.Type().IsRegular() || !ourName(e.Name()) {
			return "it has " + e.Name()
		}
	}
	file, err := os.Open(filepath.Join(path, ResultFile))
	if err != nil {
		return "it has no " + ResultFile
	}
	defer file.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(file, head)
	if !bytes.HasPrefix(head[:n], []byte("{\n\"schema\":\"ptnsim-result-")) {
		return "its " + ResultFile + " is no result of ptnsim"
	}
	return ""
}

// ourName reports whether a result folder has files of that name.
func ourName(name string) bool {
	ours := []string{ResultFile, RulesFile, OrdersFile, PositionsFile, CheckpointsFile, DailyFile, EquityFile, "report.html"}
	for _, plot := range Plots() {
		ours = append(ours, string(plot)+"."+string(PNG), string(plot)+"."+string(SVG))
	}
	return slices.Contains(ours, name)
}

// makeParents creates the folders that lack, and returns those it created, the
// uppermost first.
func makeParents(path string) (made []string, err error) {
	for p := path; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); !errors.Is(err, fs.ErrNotExist) || p == filepath.Dir(p) {
			break
		}
		made = append(made, p)
	}
	slices.Reverse(made)
	return made, os.MkdirAll(path, 0o755)
}
