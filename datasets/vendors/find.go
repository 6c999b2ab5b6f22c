package vendors

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// What a search takes at most: more is a wrong folder or a hostile archive.
const (
	maxInputs  = 100_000
	maxMembers = 10_000 // of one archive
)

// Find lists the inputs among files, folders and zip archives, in the order of
// the paths; what a folder or an archive holds is sorted by name. Globs in
// include, of names or of paths below a folder or within an archive, narrow what
// is taken of these; nil takes all. Files that hold no rows (reports, check sums,
// manifests, hidden ones) are passed over.
func Find(paths, include []string) ([]Input, error) {
	return Finder{Include: include}.Find(paths)
}

// Finder is Find with a witness.
type Finder struct {
	Include []string                   // globs; nil = all
	Skipped func(in Input, why string) // is told what was passed over; nil = nobody
}

// Find lists the inputs.
func (f Finder) Find(paths []string) ([]Input, error) {
	for _, glob := range f.Include {
		if _, err := path.Match(glob, ""); err != nil {
			return nil, fmt.Errorf("the pattern %q is malformed: expected one such as '*-1m-*.zip'", glob)
		}
	}
	s := search{Finder: f, seen: map[string]bool{}}
	for _, p := range paths {
		if err := s.path(p); err != nil {
			return nil, err
		}
	}
	if len(s.inputs) == 0 {
		return nil, &datasets.Refusal{File: strings.Join(paths, ", "), Problem: datasets.ErrMissing, Found: "no file to read",
			Expected: "files of candles, trades or quotes", Remedy: "check the paths and the pattern"}
	}
	return s.inputs, nil
}

// search is the state of one Find.
type search struct {
	Finder
	inputs []Input
	seen   map[string]bool // paths taken
}

func (s *search) skip(in Input, why string) {
	if s.Skipped != nil {
		s.Skipped(in, why)
	}
}

// path takes a path that the user named.
func (s *search) path(p string) error {
	info, err := os.Stat(p)
	switch {
	case err != nil:
		return Input{Path: p}.missing()
	case info.IsDir():
		return s.folder(p)
	case !info.Mode().IsRegular():
		return &datasets.Refusal{File: p, Problem: datasets.ErrType, Found: "no regular file", Expected: "a file, a folder or an archive"}
	}
	return s.file(p)
}

// folder takes what lies in a folder and below.
func (s *search) folder(root string) error { return s.walk(root, root, map[string]bool{}) }

// walk takes what lies in a folder below a root; WalkDir sorts. Links to folders
// are followed, each folder being searched once: searched has their real paths.
func (s *search) walk(root, folder string, searched map[string]bool) error {
	start := strings.TrimRight(folder, string(filepath.Separator)) + string(filepath.Separator) // so that a link is followed
	return filepath.WalkDir(start, func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := p != start && strings.HasPrefix(entry.Name(), ".")
		if entry.IsDir() {
			if hidden {
				s.skip(Input{Path: p}, "hidden")
				return fs.SkipDir
			}
			real, err := filepath.EvalSymlinks(p)
			if err != nil {
				return err
			}
			if searched[real] {
				s.skip(Input{Path: filepath.Clean(p)}, "a folder that was searched already")
				return fs.SkipDir
			}
			searched[real] = true
			return nil
		}
		if hidden {
			s.skip(Input{Path: p}, "hidden")
			return nil
		}
		info, err := os.Stat(p)
		switch {
		case err == nil && info.IsDir():
			return s.walk(root, p, searched)
		case err != nil || !info.Mode().IsRegular():
			s.skip(Input{Path: p}, "no regular file")
			return nil
		}
		if why := noData(entry.Name(), func(name string) bool {
			_, err := os.Stat(filepath.Join(filepath.Dir(p), name))
			return err == nil
		}); why != "" {
			s.skip(Input{Path: p}, why)
			return nil
		}
		below, _ := filepath.Rel(root, p)
		if !isZip(p) && !s.included(filepath.ToSlash(below)) {
			return nil
		}
		return s.file(p)
	})
}

// file takes a file, or the members of an archive.
func (s *search) file(p string) error {
	if clean := filepath.Clean(p); s.seen[clean] {
		s.skip(Input{Path: p}, "named twice")
		return nil
	} else {
		s.seen[clean] = true
	}
	if isZip(p) {
		return s.archive(p)
	}
	return s.take(Input{Path: p})
}

func (s *search) take(in Input) error {
	if len(s.inputs) == maxInputs {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: fmt.Sprintf("more than %d files", maxInputs),
			Expected: "fewer at once", Remedy: "import the folders one by one"}
	}
	s.inputs = append(s.inputs, in)
	return nil
}

// archive takes the members of a zip archive.
func (s *search) archive(p string) error {
	z, err := openZip(p)
	if err != nil {
		return err
	}
	defer z.Close()
	whole := s.included(filepath.Base(p))
	if err := vetArchive(p, z.File); err != nil {
		return err
	}
	members := slices.SortedFunc(slices.Values(z.File), func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	beside := map[string]bool{}
	for _, m := range members {
		beside[m.Name] = true
	}
	taken, excluded := 0, 0
	for _, m := range members {
		in := Input{Path: p, Member: m.Name}
		dir, base := path.Split(m.Name)
		why := noData(base, func(name string) bool { return beside[dir+name] })
		switch {
		case strings.HasSuffix(m.Name, "/"):
		case strings.HasPrefix(base, ".") || strings.HasPrefix(m.Name, "__MACOSX/"):
			s.skip(in, "hidden")
		case why != "":
			s.skip(in, why)
		case !whole && !s.included(m.Name):
			excluded++
		case strings.EqualFold(path.Ext(base), ".zip"):
			return &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: "an archive within an archive",
				Expected: "files", Remedy: "unpack the outer archive and import its folder"}
		default:
			taken++
			if err := s.take(in); err != nil {
				return err
			}
		}
	}
	switch {
	case taken > 0:
	case excluded > 0:
		s.skip(Input{Path: p}, "nothing in it matches --include")
	default:
		s.skip(Input{Path: p}, "an archive without a file to read")
	}
	return nil
}

// vetArchive refuses archives that are something else, or too much.
func vetArchive(p string, members []*zip.File) error {
	refuse := func(found, expected, remedy string) error {
		return &datasets.Refusal{File: p, Problem: datasets.ErrType, Found: found, Expected: expected, Remedy: remedy}
	}
	if len(members) > maxMembers {
		return refuse(fmt.Sprintf("an archive of %d members", len(members)), fmt.Sprintf("at most %d", maxMembers), "unpack it and import its folder")
	}
	seen := map[string]bool{}
	for _, m := range members {
		switch {
		case m.Name == "[Content_Types].xml":
			return refuse("an Office document", "text", "save the sheet as CSV, or better: download the data again, since spreadsheets alter long numbers and times")
		case seen[m.Name]:
			return refuse(fmt.Sprintf("an archive with two members named %s", printable(m.Name)), "every name once", "pack it again")
		}
		seen[m.Name] = true
	}
	return nil
}

// included reports whether a path below a folder, or its last element, matches a
// glob.
func (s *search) included(below string) bool {
	if len(s.Include) == 0 {
		return true
	}
	for _, glob := range s.Include {
		for _, name := range []string{below, path.Base(below)} {
			if ok, _ := path.Match(glob, name); ok {
				return true
			}
		}
	}
	return false
}

// noData tells why a file of that name can't hold rows; "" if it may. beside
// tells whether another file lies in the same place.
func noData(name string, beside func(name string) bool) string {
	lower := strings.ToLower(name)
	switch path.Ext(lower) {
	case ".checksum", ".md5", ".sha256", ".sha1", ".sig", ".asc":
		return "a check sum"
	case ".md", ".rst", ".html", ".htm", ".pdf", ".log":
		return "a text for people"
	case ".png", ".jpg", ".jpeg", ".svg", ".gif":
		return "a picture"
	case ".part", ".tmp", ".crdownload":
		return "an unfinished download"
	case ".ini", ".yaml", ".yml", ".toml", ".py", ".ipynb", ".go", ".js", ".sh":
		return "settings or code"
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	switch {
	case lower == datasets.ManifestName:
		return "a data set's manifest"
	case strings.HasSuffix(lower, ".txt") && (strings.HasPrefix(lower, "readme") || strings.HasPrefix(lower, "licen")):
		return "a text for people"
	case strings.HasSuffix(lower, ".txt") && (beside(stem+".csv") || beside(stem+".csv.gz") || beside(stem+".csv.zst")):
		return "a report on the CSV beside it"
	}
	return ""
}

// isZip reports whether a file begins as a zip archive does.
func isZip(p string) bool {
	f, err := os.Open(p)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && (bytes.Equal(magic[:], []byte("PK\x03\x04")) || bytes.Equal(magic[:], []byte("PK\x05\x06")))
}
