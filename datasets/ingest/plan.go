// Package ingest turns the files that people bring into a data set: it finds out
// what they are, joins those of one pair into one series in order of time, makes
// candles of trades and quotes, applies the policies that the user stated, and
// writes candles and manifest at once. What it took the files for and what it did
// to the candles is said and recorded; memory stays flat however large they are.
package ingest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Plan says what is to become a data set, and how.
type Plan struct {
	Inputs  []vendors.Input
	Options vendors.Options // what the user states of the files

	Known []market.Pair // the pairs that a data set can have
	Pairs []string      // ids of those to take; nil: every pair that the inputs are found to be of

	// SkipUnknown passes over inputs whose symbols are no known pair, instead of
	// refusing them. Skipped, if not nil, is told of those and of inputs of other
	// pairs than those to take.
	SkipUnknown bool
	Skipped     func(in vendors.Input, why string)

	Audit    audit.Options // the hours, the gap tolerance and the thresholds; its other fields are not used
	Policies audit.Policies

	FromMS int64 // the first candle to keep opens at or after this, UTC ms; 0 = all
	ToMS   int64 // the candles kept open before this, UTC ms; 0 = all

	Format  datasets.Format   // to write; "" = Parquet
	Replace bool              // files of a pair and interval that are there
	About   datasets.Manifest // its source and licence
	Command string            // as the manifest records it
	Notes   []string          // further sentences on the inputs, for the manifest
	DryRun  bool              // read and judge everything, write nothing

	// Progress, if not nil, is told the rows read since it was told last. It is
	// called from several goroutines.
	Progress func(rows int)
}

// Imported states what became of the inputs of one pair and interval.
type Imported struct {
	Pair     market.Pair
	Interval datasets.Interval
	Said     []string // what the inputs were taken for, in sentences
	Read     int64    // rows read: candles, trades or quotes
	LeftOut  int64    // rows that were no whole candle, trade or quote, as Said says
	Cut      int64    // candles outside the range
	Changes  []datasets.Change
	Report   *audit.Report         // on the candles that were kept
	File     datasets.ManifestFile // what was written; without hashes in a dry run

	Replaced *datasets.ManifestFile // what the folder had of the pair and interval before; nil if nothing, or nothing described
}

// Run imports into a folder, which it creates if need be. Either all of the
// series appear in it with the manifest, or nothing does. What can't be taken is
// refused with a *datasets.Refusal.
func (p Plan) Run(ctx context.Context, folder string) ([]Imported, error) {
	if p.DryRun {
		return p.Into(ctx, nil)
	}
	update, err := datasets.BeginUpdate(folder, p.Replace)
	if err != nil {
		return nil, err
	}
	defer update.Abort()
	done, err := p.Into(ctx, update)
	if err != nil {
		return done, err
	}
	return done, update.Commit(ctx, p.About)
}

// Into imports into an update that the caller commits, so that several plans can
// become one data set at once. A nil update is a dry run.
func (p Plan) Into(ctx context.Context, update *datasets.Update) ([]Imported, error) {
	series, err := p.survey(ctx)
	if err != nil {
		return nil, err
	}
	done, err := p.each(ctx, series, update)
	if err != nil || update == nil {
		return done, err
	}
	before, err := datasets.ReadManifest(update.Folder())
	if err != nil {
		before = nil // none; one that is damaged is refused by Commit
	}
	for i := range done {
		update.Put(done[i].File)
		done[i].Replaced = before.FindSeries(done[i].File.Pair, done[i].File.Interval)
	}
	return done, nil
}

// each imports the series, as many at a time as there are processors. Of several
// errors it returns that of the first series: those before one that failed go on
// to their end.
func (p *Plan) each(ctx context.Context, series []series, update *datasets.Update) ([]Imported, error) {
	done, errs := make([]Imported, len(series)), make([]error, len(series))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var failed atomic.Bool
	var all sync.WaitGroup
	for i := range series {
		free <- struct{}{}
		if failed.Load() {
			break
		}
		all.Go(func() {
			defer func() { <-free }()
			if done[i], errs[i] = p.one(ctx, &series[i], update); errs[i] != nil {
				failed.Store(true)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
