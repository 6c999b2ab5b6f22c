package roster

import (
	"path/filepath"
	"strings"
	"sync"

	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/compose"
	"github.com/ptnsim/ptnsim/strategies/process"
)

// finder finds strategies from within a subnet file: paths are relative to its
// folder, also those of what a wrapper holds. Each is looked up once, so that all
// miners of it are the same. Any number may use it at once.
type finder struct {
	find strategies.Finder
	dir  string

	mu    sync.Mutex
	found map[string]strategies.Definition // by spec
}

func newFinder(find strategies.Finder, dir string) *finder {
	if find == nil {
		find = func(spec string) (strategies.Definition, error) { return strategies.Find(spec) }
	}
	return &finder{find: find, dir: dir, found: make(map[string]strategies.Definition)}
}

// Find is a strategies.Finder.
func (f *finder) Find(spec string) (d strategies.Definition, err error) {
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

func (f *finder) look(spec string) (strategies.Definition, error) {
	for _, d := range compose.Wrappers(f.Find) { // what they hold is found from here
		if d.Name == spec {
			return d, nil
		}
	}
	return f.find(f.relative(spec))
}

// relative makes a strategy's file relative to the folder. A program's command may
// hold paths, and is left as it is.
func (f *finder) relative(spec string) string {
	if strings.HasPrefix(spec, process.Prefix) || filepath.Ext(spec) == "" && !strings.ContainsAny(spec, `/\`) {
		return spec
	}
	return f.path(spec)
}

// path makes a path relative to the folder.
func (f *finder) path(of string) string {
	if filepath.IsAbs(of) {
		return of
	}
	return filepath.Join(f.dir, filepath.FromSlash(of))
}
