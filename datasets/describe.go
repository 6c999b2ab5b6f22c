package datasets

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/ptnsim/ptnsim/market"
)

// describer gathers what a manifest says of candles that pass in order.
type describer struct {
	name    Name
	about   ManifestFile
	content *contentHash
	gaps    gapTally
}

func newDescriber(name Name, o WriterOptions) *describer {
	return &describer{
		name: name, content: newContentHash(o.Columns), gaps: gapTally{options: o},
		about: ManifestFile{Name: name.String(), Pair: name.Pair, Interval: name.Interval.String(), Columns: o.Columns.String()},
	}
}

func (d *describer) add(f frame) error {
	if err := d.gaps.add(f.time, int64(d.name.Interval)); err != nil {
		return err
	}
	if d.about.Rows == 0 {
		d.about.FirstMS = f.time[0]
	}
	d.about.LastMS = f.time[len(f.time)-1]
	d.about.Rows += int64(len(f.time))
	d.content.add(f)
	return nil
}

// describe returns what is known without the file's bytes.
func (d *describer) describe() ManifestFile {
	d.about.Content, d.about.Gaps = d.content.sum(d.name.Interval), d.gaps.gaps
	return d.about
}

// Describe reads and checks a candle file whole, in bounded memory, and returns
// its entry in a manifest. Gaps are counted, not refused.
func (f *File) Describe(ctx context.Context, calendar func(p market.Pair, fromMS, toMS int64) (Calendar, error)) (ManifestFile, error) {
	var d *describer
	for s, err := range f.chunks(ctx, Select{}) {
		if err != nil {
			return ManifestFile{}, err
		}
		if d == nil {
			name := Name{Pair: f.Pair.ID, Interval: f.Interval, Format: f.Format}
			d = newDescriber(name, WriterOptions{Pair: f.Pair, Columns: Stored(s), Calendar: calendar})
		}
		if err := d.add(frameOf(s)); err != nil {
			return ManifestFile{}, err
		}
	}
	if d == nil {
		return ManifestFile{}, empty(f.Path)
	}
	about := d.describe()
	var err error
	about.Bytes, about.SHA256, err = HashFile(ctx, f.Path)
	return about, err
}

// Record describes the candle files of a folder as they are now in its manifest,
// and returns it. The origin of a file that did not change is kept; source and
// licence are, too, unless about says something else. Files that no run would
// take are refused.
func Record(
	ctx context.Context, folder string, pairs []market.Pair, about Manifest, calendar func(p market.Pair, fromMS, toMS int64) (Calendar, error),
) (*Manifest, error) {
	unlock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	defer unlock()
	old, err := ReadManifest(folder)
	switch {
	case errors.Is(err, ErrMissing) || errors.Is(err, ErrManifest):
		old = &Manifest{} // none, or one that is of no use
	case err != nil:
		return nil, err
	}
	names, err := CandleFiles(folder)
	if err != nil {
		return nil, err
	}
	options := OpenOptions{Pairs: pairs}
	var files []ManifestFile
	for _, name := range names {
		f, err := options.file(name)
		if err != nil {
			return nil, err
		}
		entry, err := f.Describe(ctx, calendar)
		if err != nil {
			return nil, err
		}
		if e := old.Find(entry.Name); e != nil && e.SHA256 == entry.SHA256 {
			entry.Origin = e.Origin
		}
		files = append(files, entry)
	}
	m := &Manifest{}
	about.Source, about.Licence, about.Note = cmp.Or(about.Source, old.Source), cmp.Or(about.Licence, old.Licence), cmp.Or(about.Note, old.Note)
	m.merge(about, files)
	if len(m.Files) < len(files) {
		return nil, &Refusal{File: folder, Problem: ErrExists, Found: "one pair and interval in several formats", Expected: "each once",
			Remedy: "remove the files that are not to be used"}
	}
	text, err := m.encode()
	if err != nil {
		return nil, err
	}
	out, err := createAtomic(filepath.Join(folder, ManifestName))
	if err != nil {
		return nil, err
	}
	defer out.abort()
	if _, err := out.Write(text); err != nil {
		return nil, err
	}
	return m, out.commit(filepath.Join(folder, ManifestName))
}

// Sets lists the folders at and below a path that hold a data set: a manifest, or
// files named as candle files. Hidden folders are passed over.
func Sets(ctx context.Context, root string) ([]string, error) {
	var folders []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && entry.Name()[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		folder := filepath.Dir(path)
		if _, err := ParseName(path); (err == nil || entry.Name() == ManifestName) && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
		return nil
	})
	slices.Sort(folders)
	return folders, err
}
