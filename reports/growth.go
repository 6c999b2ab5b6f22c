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
// grows under a temporary name beside its own, which commit gives it.
type growth struct {
	path    string // where it will be
	growing string // where it grows; "" once it is done with
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
// the kind and force is set: then it stays until commit.
func newGrowth(path string, force bool, kind folderKind) (*growth, error) {
	path = filepath.Clean(path)
	if err := kind.vacant(path, force); err != nil {
		return nil, err
	}
	made, err := makeParents(filepath.Dir(path))
	g := &growth{path: path, made: made, force: force, kind: kind}
	if err == nil {
		g.growing, err = os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	}
	if err != nil {
		g.abort()
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	return g, nil
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
	if g.growing != "" {
		os.RemoveAll(g.growing)
	}
	g.growing = ""
	for _, folder := range slices.Backward(g.made) {
		os.Remove(folder) // it stays if something is in it
	}
	g.made = nil
}

// appear gives the folder its name, in place of what force lets it replace.
func (g *growth) appear() error {
	if err := os.Chmod(g.growing, 0o755); err != nil {
		return err
	}
	// Somebody may have used the path while the run went on.
	if err := g.kind.vacant(g.path, g.force); err != nil {
		return err
	}
	old := g.growing + ".old"
	err := os.Rename(g.path, old)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(g.growing, g.path); err != nil {
		if there {
			err = errors.Join(err, os.Rename(old, g.path))
		}
		return err
	}
	g.growing, g.made = "", nil
	if there {
		return os.RemoveAll(old)
	}
	return nil
}

// vacant refuses a path at which a folder must not be written.
func (k *folderKind) vacant(path string, force bool) error {
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
	if stranger := k.stranger(path, entries); stranger != "" {
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
	return made, os.MkdirAll(path, 0o755)
}
