package convert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// job is one file to make, and what it is made of.
type job struct {
	name  datasets.Name
	pair  market.Pair
	fine  datasets.Interval // of the inputs
	files []input           // in the order in which they were named
}

// input is a candle file that is read.
type input struct {
	datasets.File
	about datasets.OriginInput
}

// library is what the inputs are and what their folders' manifests say.
type library struct {
	jobs                  []job
	folders               []string
	source, licence, note []string // of the manifests, each text once
}

// open finds the candle files at the paths and sorts them into jobs. It reads no
// candle, but every byte: a file that is not what its manifest says is refused.
func (o *Options) open(ctx context.Context) (*library, error) {
	lib := &library{}
	pairs, err := o.known()
	if err != nil {
		return nil, err
	}
	for _, path := range o.Paths {
		names, err := lib.names(path, o)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := lib.add(ctx, name, pairs, o); err != nil {
				return nil, err
			}
		}
	}
	if err := o.missing(lib); err != nil {
		return nil, err
	}
	slices.SortStableFunc(lib.jobs, func(a, b job) int {
		return cmp.Or(cmp.Compare(a.name.Pair, b.name.Pair), cmp.Compare(a.name.Interval, b.name.Interval))
	})
	return lib, nil
}

// known returns the pairs that a file's name may have: those that are known, and
// those that are given another name.
func (o *Options) known() ([]market.Pair, error) {
	pairs := slices.Clone(o.Pairs)
	for _, old := range slices.Sorted(maps.Keys(o.Rename)) {
		pair, ok := market.FindPair(o.Pairs, o.Rename[old])
		if !ok {
			meant := suggest.DidYouMean(o.Rename[old], market.PairIDs(o.Pairs))
			return nil, &datasets.Refusal{File: old + "=" + o.Rename[old], Problem: datasets.ErrPair, Found: fmt.Sprintf("the pair %q", o.Rename[old]),
				Expected: "a known pair" + meant, Remedy: "correct the name, or name with --rules a rule set that has the pair"}
		}
		if _, ok := market.FindPair(pairs, old); !ok {
			pair.ID = old
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

// names returns the candle files at a path that are to be taken: the path itself,
// or those of a folder, in the order of their names.
func (lib *library) names(path string, o *Options) ([]string, error) {
	found, err := datasets.CandleFiles(path)
	if err != nil && !errors.Is(err, datasets.ErrEmpty) {
		return nil, err
	}
	nothing := err                           // unless the manifest says which file lacks
	if len(found) == 1 && found[0] == path { // a file, not a folder
		if _, err := datasets.ParseName(path); err != nil {
			return nil, err
		}
		return found, lib.shelve(filepath.Dir(path), nil)
	}
	var all []string
	for _, file := range found {
		if name, err := datasets.ParseName(file); err == nil && o.takes(name) {
			all = append(all, filepath.Base(file))
		}
	}
	if err := lib.shelve(path, func(name string) bool {
		n, err := datasets.ParseName(name)
		return err == nil && o.takes(n) && !slices.Contains(all, name)
	}); err != nil {
		return nil, err
	}
	for i := range all {
		all[i] = filepath.Join(path, all[i])
	}
	return all, nothing
}

// shelve notes a folder, and what its manifest says of source and licence. A file
// that the manifest lists and that lacks is refused.
func (lib *library) shelve(folder string, lacks func(name string) bool) error {
	lib.folders = append(lib.folders, folder)
	m, err := datasets.ReadManifest(folder)
	if errors.Is(err, datasets.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	lib.source, lib.licence, lib.note = once(lib.source, m.Source), once(lib.licence, m.Licence), once(lib.note, m.Note)
	for _, f := range m.Files {
		if lacks != nil && lacks(f.Name) {
			return &datasets.Refusal{File: filepath.Join(folder, f.Name), Problem: datasets.ErrMissing, Found: "no such file",
				Expected: "the file that " + datasets.ManifestName + " lists", Remedy: "restore it, or choose others with --pairs"}
		}
	}
	return nil
}

// once appends a text that is not there yet.
func once(all []string, text string) []string {
	if text == "" || slices.Contains(all, text) {
		return all
	}
	return append(all, text)
}

// takes reports whether the options want a file of that name.
func (o *Options) takes(n datasets.Name) bool {
	return (len(o.Only) == 0 || slices.Contains(o.Only, n.Pair)) && (o.SourceInterval == 0 || o.SourceInterval == n.Interval)
}

// missing refuses options that find nothing, or not every pair that they name.
func (o *Options) missing(lib *library) error {
	where := strings.Join(o.Paths, ", ")
	found := func(id string) bool {
		return slices.ContainsFunc(lib.jobs, func(j job) bool {
			return slices.ContainsFunc(j.files, func(f input) bool { return f.Pair.ID == id })
		})
	}
	for _, id := range append(slices.Clone(o.Only), slices.Sorted(maps.Keys(o.Rename))...) {
		if !found(id) {
			return &datasets.Refusal{File: where, Problem: datasets.ErrMissing, Found: "no candles of " + id,
				Expected: "candles of every pair that is named", Remedy: "correct the name, or choose other files"}
		}
	}
	if len(lib.jobs) == 0 {
		return &datasets.Refusal{File: where, Problem: datasets.ErrMissing, Found: "no candle file to take",
			Expected: "<PAIR>-<interval>.parquet, .arrow or .csv files", Remedy: "import the data first, or choose another --source-interval"}
	}
	return nil
}

// add takes a file into the job that it belongs to.
func (lib *library) add(ctx context.Context, path string, pairs []market.Pair, o *Options) error {
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: pairs}, path)
	if err != nil {
		return err
	}
	in := input{File: set.Files[0]}
	if in.about, err = identify(ctx, &in.File); err != nil {
		return err
	}
	j := job{pair: in.Pair, fine: in.Interval, name: datasets.Name{Pair: in.Pair.ID, Interval: in.Interval, Format: in.Format}}
	if id, ok := o.Rename[in.Pair.ID]; ok {
		j.pair, _ = market.FindPair(o.Pairs, id)
		j.name.Pair = id
	}
	if o.Interval != 0 {
		j.name.Interval = o.Interval
	}
	if o.Format != "" {
		j.name.Format = o.Format
	}
	i := slices.IndexFunc(lib.jobs, func(x job) bool { return x.name.Pair == j.name.Pair && x.name.Interval == j.name.Interval })
	if i < 0 {
		j.files = []input{in}
		lib.jobs = append(lib.jobs, j)
		return nil
	}
	same := &lib.jobs[i]
	switch {
	case same.fine != j.fine:
		return &datasets.Refusal{File: path, Problem: datasets.ErrInterval, Found: fmt.Sprintf("candles of %s at %s beside those at %s", j.name.Pair, j.fine, same.fine),
			Expected: "one interval to make " + o.Interval.String() + " of", Remedy: "choose one with --source-interval"}
	case !o.Merge:
		return &datasets.Refusal{File: path, Problem: datasets.ErrInterval, Found: "a second file of " + j.name.Pair + " beside " + same.files[0].Path,
			Expected: "one file a pair", Remedy: "join them with --merge, or name the one to take"}
	}
	same.files = append(same.files, in)
	return nil
}

// identify hashes a file, and refuses one that its manifest describes otherwise.
func identify(ctx context.Context, f *datasets.File) (datasets.OriginInput, error) {
	about := datasets.OriginInput{Name: filepath.Base(f.Path)}
	if f.Entry != nil {
		one := datasets.Set{Files: []datasets.File{*f}}
		if err := one.Verify(ctx, nil); err != nil {
			return about, err
		}
		about.Bytes, about.SHA256 = f.Entry.Bytes, f.Entry.SHA256
		return about, nil
	}
	var err error
	about.Bytes, about.SHA256, err = datasets.HashFile(ctx, f.Path)
	return about, err
}
