package convert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Options says what to make of which candle files. The zero value of a field
// leaves things as they are.
type Options struct {
	Paths   []string      // folders and files, in the order that OnConflict goes by
	Out     string        // the folder of the data set to make
	Replace bool          // an earlier file of a pair and interval in Out
	Pairs   []market.Pair // those that are known

	Only           []string          // ids of the pairs to take, as the files name them
	SourceInterval datasets.Interval // of the files to take
	FromMS, ToMS   int64             // candles that open in [FromMS, ToMS), UTC ms; 0 = unbounded
	Columns        datasets.Columns  // to keep, where they are there
	Rename         map[string]string // from the pair's id in the file's name to a known one
	Merge          bool              // several files of one pair and interval are one
	OnConflict     OnConflict        // "" = FailConflict
	Interval       datasets.Interval // of coarser candles to make
	Grid           Grid              // as in Resample, and so the next two
	Partial        Partial
	Closed         Closed
	Hours          func(market.Class) market.Hours
	Align          Align
	Format         datasets.Format

	Command string // the command line for the manifest, without paths outside
	// Progress is told how many of the files' bytes are done, of how many; may be
	// nil.
	Progress func(done, total int64)
}

// Made is a file that was made, and how.
type Made struct {
	datasets.ManifestFile
	Inputs  []string          // the paths of the files that it was made of
	Fine    datasets.Interval // of the candles that it was made of
	Changes []datasets.Change // what was done to their candles
}

// Run makes the data set. It appears in the folder whole, with its manifest, or
// not at all. The same inputs and options make the same bytes.
func Run(ctx context.Context, o Options) ([]Made, error) {
	lib, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := o.apart(lib); err != nil {
		return nil, err
	}
	update, err := datasets.BeginUpdate(o.Out, o.Replace)
	if err != nil {
		return nil, err
	}
	defer update.Abort()
	r := run{options: o, ctx: ctx, update: update, progress: newProgress(o.Progress, lib.jobs)}
	if err := r.all(lib.jobs); err != nil {
		return nil, err
	}
	about := datasets.Manifest{
		Source: strings.Join(lib.source, "; "), Licence: strings.Join(lib.licence, "; "), Note: strings.Join(lib.note, "; "),
	}
	return r.made, update.Commit(ctx, about)
}

// apart refuses to write into a folder that is read.
func (o *Options) apart(lib *library) error {
	out, err := os.Stat(o.Out)
	if err != nil {
		return nil // it is still to be made
	}
	for _, folder := range lib.folders {
		if in, err := os.Stat(folder); err == nil && os.SameFile(in, out) {
			return &datasets.Refusal{File: filepath.Clean(o.Out), Problem: datasets.ErrExists, Found: "the folder that is read",
				Expected: "another one to write into", Remedy: "choose another --out"}
		}
	}
	return nil
}

// run is a conversion on its way.
type run struct {
	options  Options
	ctx      context.Context
	update   *datasets.Update
	progress *progress
	made     []Made
}

// tally counts what was done to the candles of one file.
type tally struct {
	merged    Merged
	resampled Resampled
	unaligned int64 // candles outside the common window or times
}

// all makes every file.
func (r *run) all(jobs []job) error {
	w := allTime()
	if r.options.Align != NoAlign {
		r.progress.passes = 2
		var err error
		if w, err = r.common(jobs); err != nil {
			return err
		}
	}
	if r.options.Align == AlignTimes {
		return r.together(jobs, w)
	}
	for i := range jobs {
		if err := r.one(&jobs[i], w); err != nil {
			return err
		}
	}
	return nil
}

// common finds the window that all files to be made cover. It makes them once,
// without writing them.
func (r *run) common(jobs []job) (window, error) {
	w := allTime()
	var latest, earliest string
	for i := range jobs {
		var counts tally
		about := jobs[i].name.String()
		first, end := int64(math.MaxInt64), int64(math.MinInt64)
		for s, err := range r.candles(&jobs[i], datasets.Close, allTime(), &counts) {
			if err != nil {
				return w, err
			}
			first, end = min(first, s.Time[0]), s.EndMS(s.Len()-1)
		}
		if first > w.fromMS {
			w.fromMS, latest = first, about
		}
		if end < w.toMS {
			w.toMS, earliest = end, about
		}
	}
	if w.fromMS >= w.toMS {
		return w, &datasets.Refusal{File: earliest, Problem: datasets.ErrRange, Found: "candles up to " + stamp(w.toMS) + " only",
			Expected: fmt.Sprintf("some after %s, where those of %s begin", stamp(w.fromMS), latest), Remedy: "choose pairs whose candles overlap"}
	}
	return w, nil
}

// candles is the stream of what a job makes.
func (r *run) candles(j *job, want datasets.Columns, w window, counts *tally) Stream {
	o := &r.options
	names, streams := make([]string, len(j.files)), make([]Stream, len(j.files))
	for k := range j.files {
		f := &j.files[k]
		names[k], streams[k] = f.Path, renamed(r.progress.watch(f, r.read(f, want)), j.pair)
	}
	s := streams[0]
	if len(streams) > 1 {
		s = Merge(names, streams, o.OnConflict, &counts.merged)
	}
	if j.name.Interval != j.fine {
		s = resampled(s, j.pair, j.fine, Resample{Interval: j.name.Interval, Hours: o.Hours(j.pair.Class), Grid: o.Grid, Partial: o.Partial, Closed: o.Closed}, &counts.resampled)
	}
	if w != allTime() {
		s = cut(s, w, &counts.unaligned)
	}
	return s
}

// read streams the wanted part of a file. One that has no candle in the range is
// no reason to refuse: another file of the pair may.
func (r *run) read(f *input, want datasets.Columns) Stream {
	return func(yield func(*market.Series, error) bool) {
		sel := datasets.Select{Columns: want, FromMS: r.options.FromMS, ToMS: r.options.ToMS, Calendar: anyGap}
		for s, err := range datasets.Chunks(r.ctx, f.Path, []market.Pair{f.Pair}, sel, 0) {
			if errors.Is(err, datasets.ErrRange) || !yield(s, err) {
				return
			}
		}
	}
}

// anyGap is a calendar by which nothing is missing: converting keeps the gaps.
func anyGap(market.Pair, int64, int64) (datasets.Calendar, error) { return noHours{}, nil }

type noHours struct{}

// OpenMS implements datasets.Calendar.
func (noHours) OpenMS(int64, int64) int64 { return 0 }

// writer writes what a job makes, in columns that the first chunk tells.
type writer struct {
	run *run
	job *job
	w   *datasets.Writer
}

func (w *writer) append(s *market.Series) (err error) {
	if w.w == nil {
		options := datasets.WriterOptions{Pair: w.job.pair, Columns: datasets.Stored(s), Calendar: w.run.calendar}
		if w.w, err = w.run.update.Create(w.job.name, options); err != nil {
			return err
		}
	}
	return w.w.Append(s)
}

// calendar is the hours by which the manifest counts gaps.
func (r *run) calendar(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error) {
	s, err := market.NewSchedule(r.options.Hours(p.Class), fromMS, toMS)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (w *writer) abort() {
	if w.w != nil {
		w.w.Abort()
	}
}

// close finishes the file and records where it comes from.
func (w *writer) close(counts *tally) error {
	if w.w == nil {
		return &datasets.Refusal{File: w.job.files[0].Path, Problem: datasets.ErrEmpty, Found: "no candle left for " + w.job.name.String(),
			Expected: "at least one", Remedy: "choose another range, pairs that overlap, or --partial keep"}
	}
	file, err := w.w.Close()
	if err != nil {
		return err
	}
	file.Origin = w.run.options.origin(w.job, counts)
	w.run.update.Put(file)
	made := Made{ManifestFile: file, Fine: w.job.fine, Changes: w.run.options.changes(w.job, counts)}
	for _, f := range w.job.files {
		made.Inputs = append(made.Inputs, f.Path)
	}
	w.run.made = append(w.run.made, made)
	return nil
}

// one makes one file.
func (r *run) one(j *job, in window) error {
	var counts tally
	w := writer{run: r, job: j}
	defer w.abort()
	for s, err := range r.candles(j, r.options.Columns, in, &counts) {
		if err == nil {
			err = w.append(s)
		}
		if err != nil {
			return err
		}
	}
	return w.close(&counts)
}

// together makes all files at once, of the times that all have.
func (r *run) together(jobs []job, in window) error {
	counts, writers := make([]tally, len(jobs)), make([]writer, len(jobs))
	names, streams := make([]string, len(jobs)), make([]Stream, len(jobs))
	for k := range jobs {
		if jobs[k].name.Interval != jobs[0].name.Interval {
			return &datasets.Refusal{File: jobs[k].files[0].Path, Problem: datasets.ErrInterval, Found: "candles at " + jobs[k].name.Interval.String(),
				Expected: "the interval of the others, " + jobs[0].name.Interval.String(), Remedy: "choose one with --interval, or align by window"}
		}
		writers[k] = writer{run: r, job: &jobs[k]}
		names[k], streams[k] = jobs[k].name.String(), r.candles(&jobs[k], r.options.Columns, in, &counts[k])
	}
	defer func() {
		for k := range writers {
			writers[k].abort()
		}
	}()
	passed, err := CommonTimes(names, streams, func(k int, s *market.Series) error { return writers[k].append(s) })
	if err != nil {
		return err
	}
	for k := range writers {
		counts[k].unaligned += passed[k]
		if err := writers[k].close(&counts[k]); err != nil {
			return err
		}
	}
	return nil
}
