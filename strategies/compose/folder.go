package compose

import (
	"path/filepath"
	"strings"
	"sync"

	"github.com/ptnsim/ptnsim/strategies"
)

// Folder finds strategies from within a file that names them: paths are relative to
// the file's folder, also those of what a wrapper holds. Each is looked up once, so
// that all who play it play the same. Any number may use it at once.
type Folder struct {
	find strategies.Finder
	dir  string

	mu    sync.Mutex
	found map[string]strategies.Definition // by spec
}

// NewFolder returns the finder of files in a folder; "" is the one where the program
// was started. Without find the built-in strategies alone are known, and the
// wrappers around them.
func NewFolder(find strategies.Finder, dir string) *Folder {
	if find == nil {
		find = func(spec string) (strategies.Definition, error) { return strategies.Find(spec) }
	}
	return &Folder{find: find, dir: dir, found: make(map[string]strategies.Definition)}
}

// Find is a strategies.Finder.
func (f *Folder) Find(spec string) (d strategies.Definition, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d, ok := f.found[spec]; ok {
		return d, nil
	}
	if d, err = f.look(spec); err == nil {
		f.found[spec] = d
	}
	return d, err
}

func (f *Folder) look(spec string) (strategies.Definition, error) {
	for _, d := range Wrappers(f.Find) { // what they hold is found from here
		if d.Name == spec {
			return d, nil
		}
	}
	return f.find(f.relative(spec))
}

// relative makes a strategy's file relative to the folder. A program's command may
// hold paths, and is left as it is.
func (f *Folder) relative(spec string) string {
	if strings.HasPrefix(spec, execPrefix) || filepath.Ext(spec) == "" && !strings.ContainsAny(spec, `/\`) {
		return spec
	}
	return f.Path(spec)
}

// Path makes a path relative to the folder.
func (f *Folder) Path(of string) string {
	if filepath.IsAbs(of) {
		return of
	}
	return filepath.Join(f.dir, filepath.FromSlash(of))
}
