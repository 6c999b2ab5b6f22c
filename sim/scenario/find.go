package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Find returns the scenario files of some paths: files as they are, and of folders
// every .yaml and .yml within, in order of their names; files and folders whose names
// begin with _ or . are left out, so that what scenarios read has a place beside them.
//
// Links are followed. A file that is reached in several ways is there once, where it
// is reached first; a circle of links ends where it closes. That a path does not exist,
// that a file is not named .yaml or .yml, and that a folder holds no scenario is an
// error.
func Find(paths []string) ([]string, error) {
	if len(paths) == 0 {
		return nil, errors.New("found no path; expected files of scenarios, or folders of them")
	}
	f := finder{seen: make(map[string]bool)}
	for _, path := range paths {
		if err := f.path(filepath.Clean(path)); err != nil {
			return nil, err
		}
	}
	return f.files, nil
}

// finder gathers scenario files.
type finder struct {
	files []string
	seen  map[string]bool // files and folders, by their real paths
	met   int             // scenarios met, those that were there before included
}

// path takes a path that a person names.
func (f *finder) path(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: found no such file or folder; expected the file of a scenario, or a folder of them: check the path", path)
	case err != nil:
		return fmt.Errorf("%s: found a path that can't be read (%w); expected the file of a scenario, or a folder of them", path, err)
	case info.IsDir():
	case !named(path):
		return fmt.Errorf("%s: found a file that is not named as scenarios are; expected one that ends in .yaml or .yml", path)
	default:
		return f.take(path)
	}
	before := f.met
	known, err := f.folder(path)
	if err == nil && !known && f.met == before {
		err = fmt.Errorf("%s: found no scenario in the folder; expected files that end in .yaml or .yml, of names that do not begin with _ or a dot", path)
	}
	return err
}

// folder takes what is in a folder, unless it was there before.
func (f *finder) folder(path string) (known bool, err error) {
	if known, err = f.known(path); known || err != nil {
		return known, err
	}
	entries, err := os.ReadDir(path) // in order
	if err != nil {
		return false, fmt.Errorf("%s: found a folder that can't be read (%w); expected one of scenarios", path, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "_") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := f.entry(filepath.Join(path, e.Name())); err != nil {
			return false, err
		}
	}
	return false, nil
}

// entry takes what is in a folder under a name.
func (f *finder) entry(path string) error {
	info, err := os.Stat(path) // of what a link leads to
	switch {
	case err != nil && named(path):
		return fmt.Errorf("%s: found a path that can't be read (%w); expected the file of a scenario", path, err)
	case err != nil: // a link to nothing, or to something else
	case info.IsDir():
		_, err := f.folder(path)
		return err
	case info.Mode().IsRegular() && named(path):
		return f.take(path)
	}
	return nil
}

// take takes a scenario's file, unless it is there already.
func (f *finder) take(path string) error {
	f.met++
	known, err := f.known(path)
	if err == nil && !known {
		f.files = append(f.files, path)
	}
	return err
}

// known reports whether a path leads to what was seen before, and takes it for seen.
func (f *finder) known(path string) (bool, error) {
	absolute, err := filepath.Abs(path)
	if err == nil {
		absolute, err = filepath.EvalSymlinks(absolute)
	}
	if err != nil {
		return false, fmt.Errorf("%s: found a path that leads nowhere: %w", path, err)
	}
	known := f.seen[absolute]
	f.seen[absolute] = true
	return known, nil
}

// named reports whether a file is named as scenarios are.
func named(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return true
	}
	return false
}
