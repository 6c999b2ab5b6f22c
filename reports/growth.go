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
)

// ErrFolder is wrapped by the refusal of a folder that is in the way.
var ErrFolder = errors.New("the result folder can't be written there")

// growth is a folder that is being written. Nobody sees it before it is whole: it
// grows in a temporary folder beside its place, whither commit moves it.
type growth struct {
	path    string // where it will be
	nursery string // the temporary folder
	growing string // where it grows, in the nursery; "" once it is done with
	made    []string
	force   bool
	kind    folderKind
}

// folderKind is what a folder of ours has in it: by that one that may be replaced
// is known.
type folderKind struct {
	main   string   // the file that a folder of the kind must have: JSON with the schema in front
	schema string   // how the schema begins
	files  []string // every file that it may have
}

// newGrowth begins a folder at path, and creates the folders above it that are
// missing. A folder that is there already is refused, unless it is empty, or of
// the kind and force is set: then it stays until commit. The working folder and a
// root are refused always: no other folder can take their place.
func newGrowth(path string, force bool, kind folderKind) (*growth, error) {
	path, err := replaceable(path)
	if err != nil {
		return nil, err
	}
	if err := kind.vacant(path, path, force); err != nil {
		return nil, err
	}
	g := &growth{path: path, force: force, kind: kind}
	if err := g.begin(); err != nil {
		g.abort()
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	return g, nil
}

// begin makes the folders that are needed. The nursery is nobody else's; what grows in
// it gets the rights that the user's folders get.
func (g *growth) begin() (err error) {
	if g.made, err = makeParents(filepath.Dir(g.path)); err != nil {
		return err
	}
	if g.nursery, err = os.MkdirTemp(filepath.Dir(g.path), "."+filepath.Base(g.path)+".*.tmp"); err != nil {
		return err
	}
	g.growing = filepath.Join(g.nursery, "new")
	return os.Mkdir(g.growing, 0o777) // less the umask
}

// replaceable is the whole path of a folder, and refuses one whose place no other
// can take.
func replaceable(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w; choose an absolute path", ErrFolder, err)
	}
	if filepath.Dir(whole) == whole {
		return "", fmt.Errorf("%w: %s is a root; choose a folder in it", ErrFolder, whole)
	}
	working, err := os.Stat(".")
	if err != nil {
		return whole, nil // there is none
	}
	if there, err := os.Stat(whole); err == nil && os.SameFile(there, working) {
		return "", fmt.Errorf("%w: %s is the working folder, which can't be replaced; choose a folder in it, such as %s", ErrFolder, whole, filepath.Join(whole, "out"))
	}
	return whole, nil
}

func (g *growth) file(name string) string { return filepath.Join(g.growing, name) }

// commit takes the steps that write everything, and gives the folder its name.
// When one fails, or ctx is cancelled, what was there before stays; the caller
// aborts.
func (g *growth) commit(ctx context.Context, steps ...func() error) error {
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return fmt.Errorf("writing %s: %w", g.path, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := g.appear(); err != nil {
		return fmt.Errorf("writing %s: %w", g.path, err)
	}
	return nil
}

// abort removes what was written. After commit it does nothing.
func (g *growth) abort() {
	if g.nursery != "" && g.growing != "" {
		os.RemoveAll(g.growing)
		os.Remove(g.nursery) // it stays if it holds what couldn't be put back
	}
	g.nursery, g.growing = "", ""
	for _, folder := range slices.Backward(g.made) {
		os.Remove(folder) // it stays if something is in it
	}
	g.made = nil
}

// appear gives the folder its place, instead of what force lets it replace.
func (g *growth) appear() error {
	// Somebody may have used the path while the run went on.
	if err := g.kind.vacant(g.path, g.path, g.force); err != nil {
		return err
	}
	old := filepath.Join(g.nursery, "old")
	there, err := g.vacate(old)
	if err != nil {
		return err
	}
	if err := os.Rename(g.growing, g.path); err != nil {
		if there {
			err = errors.Join(err, os.Rename(old, g.path))
		}
		return err
	}
	nursery := g.nursery
	g.nursery, g.growing, g.made = "", "", nil
	if there {
		err = g.kind.discard(old)
	}
	if err := errors.Join(err, os.Remove(nursery)); err != nil {
		left := nursery
		if there {
			left = old
		}
		return fmt.Errorf("the result is whole, but what it replaced is left in %s; remove that yourself: %w", left, err)
	}
	return nil
}

// vacate moves what is at the path to old, and reports whether there was anything.
// Somebody may use the path up to this moment: so what was there is looked at where
// nobody looks for it, and put back unless it may go.
func (g *growth) vacate(old string) (there bool, err error) {
	err = os.Rename(g.path, old)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := g.kind.vacant(old, g.path, g.force); err != nil {
		return false, errors.Join(err, os.Rename(old, g.path))
	}
	return true, nil
}

// discard removes a folder of the kind, and nothing that isn't: a stranger stays, and
// the folder with it.
func (k *folderKind) discard(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && slices.Contains(k.files, e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, e.Name())))
		}
	}
	return errors.Join(err, os.Remove(folder))
}

// vacant refuses a path at which a folder must not be written, by what is at: at the
// path itself, or where it was moved to.
func (k *folderKind) vacant(at, path string, force bool) error {
	info, err := os.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w; choose another path", ErrFolder, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is there already and is no folder; choose another path", ErrFolder, path)
	}
	entries, err := os.ReadDir(at)
	if err != nil || len(entries) == 0 {
		return err
	}
	if stranger := k.stranger(at, entries); stranger != "" {
		return fmt.Errorf("%w: %s is there already and is no result folder (%s); choose another path", ErrFolder, path, stranger)
	}
	if !force {
		return fmt.Errorf("%w: %s holds a result already; choose another path, or replace it with --force", ErrFolder, path)
	}
	return nil
}

// stranger tells what shows that a folder is none of the kind, or more than one: it
// lacks the main file, or has something that we didn't write. "" if it is ours
// alone.
func (k *folderKind) stranger(path string, entries []fs.DirEntry) string {
	for _, e := range entries {
		if !e.Type().IsRegular() || !slices.Contains(k.files, e.Name()) {
			return "it has " + e.Name()
		}
	}
	file, err := os.Open(filepath.Join(path, k.main))
	if err != nil {
		return "it has no " + k.main
	}
	defer file.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(file, head)
	if !bytes.HasPrefix(head[:n], []byte("{\n\"schema\":\""+k.schema)) {
		return "its " + k.main + " is no result of ptnsim"
	}
	return ""
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
	return made, os.MkdirAll(path, 0o777) // less the umask
}
