package datasets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Update is a change of a data set's folder: candle files that are written aside
// and appear together, with the manifest that describes them. Until Commit the
// folder is as it was.
type Update struct {
	folder  string
	staging string
	replace bool
	made    bool // the folder did not exist before
	files   []ManifestFile
	done    bool
}

// BeginUpdate begins a change of a folder, which it creates if need be. Unless
// replace is set, a file of a pair and interval that the folder has already is
// refused, in any format. An Update that is not committed is to be aborted.
func BeginUpdate(folder string, replace bool) (*Update, error) {
	_, missing := os.Stat(folder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	staging, err := os.MkdirTemp(folder, ".update-")
	if err != nil {
		return nil, err
	}
	return &Update{folder: folder, staging: staging, replace: replace, made: missing != nil}, nil
}

// Create begins a candle file of the data set.
func (u *Update) Create(name Name, o WriterOptions) (*Writer, error) {
	if err := u.free(name); err != nil {
		return nil, err
	}
	return NewWriter(u.staging, name, o)
}

// free refuses a name that the folder has already, be it in another format.
func (u *Update) free(name Name) error {
	if slices.ContainsFunc(u.files, func(f ManifestFile) bool { return f.Pair == name.Pair && f.Interval == name.Interval.String() }) {
		return &Refusal{File: filepath.Join(u.folder, name.String()), Problem: ErrExists,
			Found: "the same pair and interval a second time", Expected: "each once", Remedy: "import one of them, or merge them"}
	}
	for _, other := range siblings(name) {
		path := filepath.Join(u.folder, other)
		if _, err := os.Lstat(path); err == nil && !u.replace {
			return &Refusal{File: path, Problem: ErrExists, Found: "a file there already",
				Expected: "none", Remedy: "choose another folder (data convert --merge joins two), or replace it with --force"}
		}
	}
	return nil
}

// siblings are the names under which the same candles may lie.
func siblings(name Name) []string {
	var names []string
	for _, format := range []Format{Parquet, Arrow, CSV} {
		name.Format = format
		names = append(names, name.String())
	}
	return names
}

// Put adds a file that a Writer of this update has closed.
func (u *Update) Put(file ManifestFile) { u.files = append(u.files, file) }

// Commit makes the files that were put appear in the folder, and then the
// manifest: what it had on other files stays. Of about only the source, the
// licence and the note are taken, where they say something: in the place of those
// that the manifest had, or beside them where it has other files.
func (u *Update) Commit(ctx context.Context, about Manifest) error {
	defer u.Abort()
	if err := ctx.Err(); err != nil {
		return err
	}
	manifest, err := ReadManifest(u.folder)
	if errors.Is(err, ErrMissing) {
		manifest, err = &Manifest{}, nil
	}
	if err != nil {
		return err
	}
	manifest.merge(about, u.files)
	text, err := manifest.encode()
	if err != nil {
		return err
	}
	staged := filepath.Join(u.staging, ManifestName)
	if err := os.WriteFile(staged, text, 0o644); err != nil {
		return err
	}
	for _, f := range u.files {
		if err := u.place(f); err != nil {
			return fmt.Errorf("%s: %w", u.folder, err)
		}
	}
	u.done = true
	return os.Rename(staged, filepath.Join(u.folder, ManifestName))
}

// place moves a file to where it belongs and removes those that it replaces.
func (u *Update) place(f ManifestFile) error {
	name, err := ParseName(f.Name)
	if err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(u.staging, f.Name), filepath.Join(u.folder, f.Name)); err != nil {
		return err
	}
	for _, other := range siblings(name) {
		if other == f.Name {
			continue
		}
		if err := os.Remove(filepath.Join(u.folder, other)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Abort removes what was written aside, and the folder if it was made for the
// update. After Commit it does nothing, so that it can be deferred.
func (u *Update) Abort() {
	os.RemoveAll(u.staging)
	if u.made && !u.done {
		os.Remove(u.folder) // it stays if something is in it
	}
}

// joined is what a manifest says once it says something new as well: both, if it
// has other files, of which the old is still true.
func joined(old, new string, others bool) string {
	switch {
	case !others:
		return new
	case new == "" || old == new || strings.HasSuffix(old, "; "+new) || strings.HasPrefix(old, new+"; "):
		return old
	case old == "":
		return new
	}
	return old + "; " + new
}

// Folder is the data set's folder.
func (u *Update) Folder() string { return u.folder }

// merge takes new files into the manifest, in the place of those of the same pair
// and interval.
func (m *Manifest) merge(about Manifest, files []ManifestFile) {
	m.Schema = ManifestSchema
	m.Files = slices.DeleteFunc(m.Files, func(old ManifestFile) bool {
		return slices.ContainsFunc(files, func(f ManifestFile) bool { return old.Pair == f.Pair && old.Interval == f.Interval })
	})
	others := len(m.Files) > 0 // whose source is that of the manifest as it was
	m.Source = joined(m.Source, about.Source, others)
	m.Licence = joined(m.Licence, about.Licence, others)
	m.Note = joined(m.Note, about.Note, others)
	m.Files = append(m.Files, files...)
	slices.SortFunc(m.Files, func(a, b ManifestFile) int { return strings.Compare(a.Name, b.Name) })
}
