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
	release func() // the lock on staging
	replace bool
	made    bool // the folder did not exist before
	files   []ManifestFile
	moved   []move // by Commit, so far
	done    bool
}

// BeginUpdate begins a change of a folder, which it creates if need be. Unless
// replace is set, a file of a pair and interval that the folder has already is
// refused, in any format. An Update that is not committed is to be aborted.
//
// Several updates of one folder may go on at a time; their commits take turns.
// What an update left behind that was killed is removed.
func BeginUpdate(folder string, replace bool) (*Update, error) {
	_, missing := os.Stat(folder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	unlock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	defer unlock()
	removeAbandoned(folder)
	staging, err := os.MkdirTemp(folder, stagingPrefix)
	if err != nil {
		return nil, err
	}
	release, err := lockFolder(staging) // tells others that it is in use
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(staging))
	}
	return &Update{folder: folder, staging: staging, release: release, replace: replace, made: missing != nil}, nil
}

// stagingPrefix is how the names of folders begin in which updates write.
const stagingPrefix = ".update-"

// replacedPrefix is how the names of files begin that a commit moved aside.
const replacedPrefix = "replaced-"

// removeAbandoned removes what killed updates left in a folder. One that was
// killed in the middle of its commit, before the manifest was in place, moved
// files aside that nobody else has: they go back.
func removeAbandoned(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // it is only tidying up
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), stagingPrefix) && abandoned(path) && putBack(path, folder) == nil {
			os.RemoveAll(path)
		}
	}
}

// putBack moves the files that an unfinished commit had moved aside back to their
// folder.
func putBack(staging, folder string) error {
	if _, err := os.Lstat(filepath.Join(staging, ManifestName)); err != nil {
		return nil //nolint:nilerror // no manifest left to place: the commit was done, or had not begun
	}
	entries, err := os.ReadDir(staging)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name, moved := strings.CutPrefix(e.Name(), replacedPrefix); moved {
			if err := os.Rename(filepath.Join(staging, e.Name()), filepath.Join(folder, name)); err != nil {
				return err
			}
		}
	}
	return nil
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
	return u.unoccupied(name)
}

// unoccupied refuses a name under which the folder has candles, unless they are
// to be replaced.
func (u *Update) unoccupied(name Name) error {
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
// that the manifest had, or beside them where it has other files. On an error the
// folder is as it was before.
func (u *Update) Commit(ctx context.Context, about Manifest) (err error) {
	defer u.Abort()
	if err := ctx.Err(); err != nil {
		return err
	}
	unlock, err := lockFolder(u.folder)
	if err != nil {
		return err
	}
	defer unlock()
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
	if err := os.WriteFile(filepath.Join(u.staging, ManifestName), text, 0o644); err != nil {
		return err
	}
	defer func() {
		if err == nil {
			return
		}
		if stuck := u.undo(); stuck != nil {
			kept := filepath.Join(u.folder, ".kept-"+filepath.Base(u.staging)) // a name that no update tidies up
			if os.Rename(u.staging, kept) != nil {
				kept = u.staging
			}
			err = fmt.Errorf("%w; what was replaced could not be put back (%w) and lies in %s", err, stuck, kept)
			u.staging = ""
		}
	}()
	for _, f := range u.files {
		name, err := ParseName(f.Name)
		if err == nil {
			err = u.unoccupied(name)
		}
		if err == nil {
			err = u.place(f.Name, siblings(name))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", u.folder, err)
		}
	}
	err = u.place(ManifestName, []string{ManifestName})
	u.done = err == nil
	return err
}

// move is a file that was moved, and where to.
type move struct{ from, to string }

// place moves a file from staging to where it belongs, and those that it replaces
// aside.
func (u *Update) place(name string, replaced []string) error {
	for _, other := range replaced {
		err := u.rename(filepath.Join(u.folder, other), filepath.Join(u.staging, replacedPrefix+other))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return u.rename(filepath.Join(u.staging, name), filepath.Join(u.folder, name))
}

func (u *Update) rename(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		u.moved = append(u.moved, move{from, to})
	}
	return err
}

// undo moves everything back to where it was.
func (u *Update) undo() (err error) {
	for _, m := range slices.Backward(u.moved) {
		err = errors.Join(err, os.Rename(m.to, m.from))
	}
	u.moved = nil
	return err
}

// Abort removes what was written aside, and the folder if it was made for the
// update. After Commit it does nothing, so that it can be deferred.
func (u *Update) Abort() {
	if u.staging != "" {
		os.RemoveAll(u.staging)
	}
	u.release()
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
