package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Files audits candle files: each path is a file or a folder of them. The files
// are judged side by side, and the reports come ordered by pair, interval and
// path. What can't be read at all is a finding, too, and so is a file that is not
// what its folder's manifest says. The error is for paths at which there is
// nothing to judge.
//
// Of the options, File, Pair and Interval are each file's own. done, if not nil,
// is told after each file how many are judged, and of how many.
func Files(ctx context.Context, paths []string, pairs []market.Pair, o Options, done func(n, of int)) ([]*Report, error) {
	files, err := listFiles(paths)
	if err != nil {
		return nil, err
	}
	reports := make([]*Report, len(files))
	finished := make(chan struct{}, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	told := make(chan struct{})
	go func() {
		defer close(told)
		n := 0
		for range finished {
			if n++; done != nil {
				done(n, len(files))
			}
		}
	}()
	for i, f := range files {
		group.Go(func() (err error) {
			reports[i], err = f.audit(ctx, pairs, o)
			finished <- struct{}{}
			return err
		})
	}
	err = group.Wait()
	close(finished)
	<-told
	slices.SortStableFunc(reports, func(a, b *Report) int {
		if a == nil || b == nil {
			return 0 // after an error
		}
		return cmp.Or(cmp.Compare(a.Pair.ID, b.Pair.ID), cmp.Compare(a.Interval, b.Interval), cmp.Compare(a.File, b.File))
	})
	return reports, err
}

// candleFile is a file to judge. absent says that the manifest lists it and it is
// not there.
type candleFile struct {
	path   string
	absent bool
}

// listFiles finds the candle files at the paths, and those that manifests list.
func listFiles(paths []string) ([]candleFile, error) {
	var files []candleFile
	for _, path := range paths {
		found, err := datasets.CandleFiles(path)
		absent := absentFiles(path)
		if err != nil && (len(absent) == 0 || !errors.Is(err, datasets.ErrEmpty)) {
			return nil, err
		}
		for _, file := range found {
			files = append(files, candleFile{path: file})
		}
		files = append(files, absent...)
	}
	return files, nil
}

// absentFiles are those that the manifest of a folder lists and that are not
// there.
func absentFiles(folder string) (files []candleFile) {
	m, err := datasets.ReadManifest(folder)
	if err != nil {
		return nil // none, or none that says anything; the files' entries tell
	}
	for _, f := range m.Files {
		path := filepath.Join(folder, f.Name)
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			files = append(files, candleFile{path: path, absent: true})
		}
	}
	return files
}

// audit judges one file. Its refusals are findings; the error is another one, such
// as an interruption.
func (f candleFile) audit(ctx context.Context, pairs []market.Pair, o Options) (*Report, error) {
	r := &Report{File: f.path}
	name, err := datasets.ParseName(f.path)
	if err == nil {
		r.Pair, _ = market.FindPair(pairs, name.Pair)
		r.Interval = name.Interval
		if r.Pair.ID == "" {
			r.Pair.ID = name.Pair
		}
	}
	if f.absent {
		r.Findings = []Finding{{Problem: Changed, Severity: Error, Count: 1,
			Found: datasets.ManifestName + " lists " + filepath.Base(f.path) + ", which is not there",
			Cause: "it was moved or removed", Remedy: "restore it, or describe the folder anew with --record"}}
		return r, nil
	}
	changed, err := f.verify(ctx, pairs)
	if err == nil {
		var judged *Report
		if judged, err = f.judge(ctx, pairs, o, r); err == nil {
			r = judged
		}
	}
	if refusal, ok := errors.AsType[*datasets.Refusal](err); ok {
		r.Findings = append(r.Findings, unreadable(refusal))
		err = nil
	}
	if changed != nil {
		r.Findings = slices.Insert(r.Findings, 0, *changed)
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("auditing %s: %w", f.path, err)
	}
	return r, err
}

// unreadable is the finding that a refusal of the whole file is.
func unreadable(refusal *datasets.Refusal) Finding {
	found := "found " + refusal.Found
	if refusal.Expected != "" {
		found += ", expected " + refusal.Expected
	}
	return Finding{Problem: Unreadable, Severity: Error, Count: 1, Row: refusal.Row, Found: found,
		Cause: refusal.Problem.Error(), Remedy: refusal.Remedy}
}

// verify makes sure that the file is the one which the manifest beside it
// describes, if there is one.
func (f candleFile) verify(ctx context.Context, pairs []market.Pair) (*Finding, error) {
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: pairs}, f.path)
	if err == nil && set.Files[0].Entry != nil {
		err = set.Verify(ctx, nil)
	}
	refusal, ok := errors.AsType[*datasets.Refusal](err)
	cause := "the file was written again since"
	switch {
	case ok && errors.Is(err, datasets.ErrManifest):
		cause = "the manifest was edited or is damaged"
	case !ok || !errors.Is(err, datasets.ErrChanged):
		return nil, err
	}
	return &Finding{Problem: Changed, Severity: Error, Count: 1, Found: "found " + refusal.Found + ", expected " + refusal.Expected,
		Cause: cause, Remedy: refusal.Remedy}, nil
}

// judge audits the file's candles, and returns r with what is known of a file that
// ends in a refusal.
func (f candleFile) judge(ctx context.Context, pairs []market.Pair, o Options, about *Report) (*Report, error) {
	o.File, o.Pair, o.Interval = f.path, about.Pair, about.Interval
	a, err := New(o)
	if err != nil {
		return nil, err
	}
	for s, err := range datasets.Chunks(ctx, f.path, pairs, datasets.Select{Unchecked: true}, 0) {
		if err != nil {
			return nil, err
		}
		if err := a.Check(s); err != nil {
			return nil, err
		}
	}
	return a.Report()
}
