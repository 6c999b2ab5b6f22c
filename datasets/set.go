package datasets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// Set is the candle files of a data set: one series a pair, ordered by pair.
type Set struct {
	Files []File
}

// File is one candle file of a set.
type File struct {
	Path     string
	Pair     market.Pair
	Interval Interval
	Format   Format

	// Manifest is that of the file's folder, and Entry what it says of the file;
	// both nil without one.
	Manifest *Manifest
	Entry    *ManifestFile
	// Set.Verify sets the hash of the file's bytes, and that of its candles,
	// whatever the format; in hexadecimal.
	SHA256, Content string

	data []byte // an embedded file's bytes
}

// OpenOptions narrows what a set is taken from. The zero value takes every pair
// of Rules §1 and demands that each has one interval.
type OpenOptions struct {
	Pairs    []market.Pair       // the pairs that are known; nil = market.Pairs()
	Only     []string            // ids of the pairs to take; nil = all that are there
	Interval map[string]Interval // the interval to take by pair id; "" = for every other pair

	EveryInterval bool // a pair may have several files, of an interval each
}

// OpenSet finds the candle files of a data set: each path is a file or a folder
// whose <PAIR>-<interval>.parquet, .arrow and .csv files are taken. It reads no
// candle yet. Where a folder has a manifest, the files must be those that it lists;
// Verify makes sure that they are the same. Unknown pairs, several files for one pair, and a pair asked for
// but absent are refused.
func OpenSet(options OpenOptions, paths ...string) (*Set, error) {
	if options.Pairs == nil {
		options.Pairs = market.Pairs()
	}
	var files []File
	manifests := make(shelf)
	for _, path := range paths {
		names, err := CandleFiles(path)
		if err != nil {
			return nil, err
		}
		if len(names) != 1 || names[0] != path {
			if err := manifests.complete(path, &options); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			f, err := options.file(name)
			if err != nil {
				return nil, err
			}
			if !options.takes(f) {
				continue
			}
			if f.Manifest, f.Entry, err = manifests.entry(name); err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Pair.ID, b.Pair.ID), cmp.Compare(a.Interval, b.Interval), cmp.Compare(a.Path, b.Path))
	})
	set := &Set{Files: files}
	return set, set.judge(options, paths)
}

// CandleFiles returns the candle files at a path, sorted: the path itself or the
// files of the folder.
func CandleFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, present(path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		ext := Format(strings.TrimPrefix(filepath.Ext(e.Name()), "."))
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && (ext == Parquet || ext == Arrow || ext == CSV) {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, &Refusal{File: path, Problem: ErrEmpty, Found: "no candle file",
			Expected: "<PAIR>-<interval>.parquet, .arrow or .csv files", Remedy: "import the data into this folder first"}
	}
	return files, nil
}

func (o *OpenOptions) file(path string) (File, error) {
	name, err := ParseName(path)
	if err != nil {
		return File{}, err
	}
	pair, ok := market.FindPair(o.Pairs, name.Pair)
	if !ok {
		return File{}, unknownPair(path, name.Pair, o.Pairs)
	}
	return File{Path: path, Pair: pair, Interval: name.Interval, Format: name.Format}, nil
}

func (o *OpenOptions) takes(f File) bool {
	if o.Only != nil && !slices.Contains(o.Only, f.Pair.ID) {
		return false
	}
	v, ok := o.Interval[f.Pair.ID]
	if !ok {
		v = o.Interval[""]
	}
	return v == 0 || v == f.Interval
}

// judge refuses a set in which a pair has no file or several.
func (s *Set) judge(o OpenOptions, paths []string) error {
	where := strings.Join(paths, ", ")
	for _, id := range o.Only {
		if _, ok := market.FindPair(o.Pairs, id); !ok {
			return unknownPair(where, id, o.Pairs)
		}
		if s.Find(id) == nil {
			return &Refusal{File: where, Problem: ErrMissing, Found: "no candles of " + id,
				Expected: "candles of every pair that is asked for", Remedy: "import them, choose another pair, or another interval"}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Interval)) {
		if wanted := o.Only == nil || slices.Contains(o.Only, id); id != "" && wanted && s.Find(id) == nil {
			return &Refusal{File: where, Problem: ErrMissing, Found: "no candles of " + id + " at " + o.Interval[id].String(),
				Expected: "candles at the interval that is asked for", Remedy: "choose another --interval for it, or make such candles with 'ptnsim data convert'"}
		}
	}
	if len(s.Files) == 0 {
		return &Refusal{File: where, Problem: ErrMissing, Found: "no candle file at the chosen interval",
			Expected: "at least one", Remedy: "choose another interval, or import the data first"}
	}
	for i := 1; i < len(s.Files); i++ {
		a, b := s.Files[i-1], s.Files[i]
		if a.Pair.ID != b.Pair.ID || o.EveryInterval && a.Interval != b.Interval {
			continue
		}
		remedy := "name the one to take"
		if a.Interval != b.Interval {
			remedy = fmt.Sprintf("choose --interval %s or %s", a.Interval, b.Interval)
		}
		return &Refusal{File: b.Path, Problem: ErrInterval, Found: "a second file for " + b.Pair.ID + " beside " + a.Path,
			Expected: "one series a pair", Remedy: remedy}
	}
	return nil
}

// Find returns the file of a pair, or nil.
func (s *Set) Find(id string) *File {
	for i := range s.Files {
		if s.Files[i].Pair.ID == id {
			return &s.Files[i]
		}
	}
	return nil
}

// Read reads and checks the selected part of every file, in the order of Files.
// The caller closes each of the Candles; on an error none is left open.
func (s *Set) Read(ctx context.Context, sel Select) ([]*Candles, error) {
	var all []*Candles
	for i := range s.Files {
		c, err := s.Files[i].Read(ctx, sel)
		if err != nil {
			for _, c := range all {
				err = errors.Join(err, c.Close())
			}
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Read reads and checks the selected part of the file. The caller closes the
// Candles.
func (f *File) Read(ctx context.Context, sel Select) (*Candles, error) {
	if f.data == nil {
		if err := present(f.Path); err != nil {
			return nil, err
		}
	}
	name := Name{Pair: f.Pair.ID, Interval: f.Interval, Format: f.Format}
	return read(ctx, source{path: f.Path, data: f.data}, name, f.Pair, sel)
}

// unknownPair is the refusal of a pair that no list knows, with those that may
// have been meant.
func unknownPair(file, id string, pairs []market.Pair) error {
	r := &Refusal{File: file, Problem: ErrPair, Found: fmt.Sprintf("the pair %q", id), Expected: "a known pair",
		Remedy: "correct the name, or add the pair in a rule file"}
	if near := suggest.Nearest(id, market.PairIDs(pairs), 3); len(near) > 0 {
		r.Remedy = "did you mean " + strings.Join(near, " or ") + "? Else " + r.Remedy
	}
	return r
}
