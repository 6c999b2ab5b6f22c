package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Verify makes sure that every file of the set is the one that its data set's
// manifest describes, and sets File.SHA256 and File.Content. A file that changed
// since is refused; a folder without a manifest vouches for nothing, and its
// files are only hashed.
//
// What memory knows of a file of this size and modification time is not read
// again; a nil memory knows nothing.
func (s *Set) Verify(ctx context.Context, memory *Memory) error {
	for i := range s.Files {
		if err := s.Files[i].verify(ctx, memory); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) verify(ctx context.Context, memory *Memory) (err error) {
	if f.data != nil { // embedded: a test vouches for its manifest
		sum := sha256.Sum256(f.data)
		f.SHA256 = hex.EncodeToString(sum[:])
		if f.Entry == nil || f.SHA256 != f.Entry.SHA256 {
			return f.changed()
		}
		f.Content = f.Entry.Content
		return nil
	}
	info, err := os.Stat(f.Path)
	if err != nil {
		return err
	}
	known, remembered := memory.recall(f.Path, info)
	if f.SHA256, f.Content = known.SHA256, known.Content; !remembered {
		if _, f.SHA256, err = HashFile(ctx, f.Path); err != nil {
			return err
		}
	}
	if f.Entry != nil && f.SHA256 != f.Entry.SHA256 {
		return f.changed()
	}
	if !remembered {
		if f.Content, err = f.ContentHash(ctx); err != nil {
			return err
		}
		memory.keep(f, info)
	}
	if f.Entry != nil && f.Content != f.Entry.Content {
		return &Refusal{File: filepath.Join(filepath.Dir(f.Path), ManifestName), Problem: ErrChanged,
			Found:    "a content of " + filepath.Base(f.Path) + " that is not that of its candles (" + short(f.Entry.Content) + ")",
			Expected: short(f.Content), Remedy: "describe the folder anew with 'ptnsim data validate --record'"}
	}
	return nil
}

// Doubts are what the manifest says is doubtful about the file's candles and was
// kept, and how many of them the source does not have, in sentences; nil without a
// manifest.
func (f *File) Doubts() []string {
	if f.Entry == nil || f.Entry.Origin == nil {
		return nil
	}
	var said []string
	for _, d := range f.Entry.Origin.Findings {
		if d.Severity != "note" {
			said = append(said, fmt.Sprintf("%d of %s kept, the first at %s", d.Count, d.Problem, formatMS(d.FirstMS)))
		}
	}
	for _, c := range f.Entry.Origin.Changes {
		if c.Made { // candles that the source does not have
			said = append(said, fmt.Sprintf("%s: %d", c.What, c.Count))
		}
	}
	return said
}

// Note is what every reader of a result must know of the file's data; "" if
// nothing, or without a manifest.
func (f *File) Note() string {
	if f.Manifest == nil {
		return ""
	}
	return f.Manifest.Note
}

// changed is the refusal of a file that is not what the manifest says.
func (f *File) changed() error {
	return &Refusal{File: f.Path, Problem: ErrChanged,
		Found:    "other bytes than " + ManifestName + " describes (SHA-256 " + short(f.SHA256) + ")",
		Expected: short(f.Entry.SHA256),
		Remedy:   "restore the file, or import it again; if the change is yours, check it with 'ptnsim data validate' and describe the folder anew with --record"}
}

// short is the beginning of a hash, as messages show it.
func short(hash string) string { return hash[:min(12, len(hash))] + "…" }

// HashFile reads a file whole and returns its size and the SHA-256 of its bytes,
// in hexadecimal.
func HashFile(ctx context.Context, path string) (bytes int64, sum string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer file.Close()
	hash := sha256.New()
	for {
		n, err := io.CopyN(hash, file, 64<<20)
		bytes += n
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, io.EOF) {
			return bytes, hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return bytes, "", fmt.Errorf("%s, after %d bytes: %w", path, bytes, err)
		}
	}
}

// shelf knows the manifests of the folders that a set is taken from.
type shelf map[string]*Manifest

// entry returns the manifest of a file's folder and what it says of the file; nil
// without one. A file that the manifest does not list is refused.
func (s shelf) entry(path string) (*Manifest, *ManifestFile, error) {
	m, err := s.manifest(filepath.Dir(path))
	if m == nil || err != nil {
		return nil, nil, err
	}
	if e := m.Find(filepath.Base(path)); e != nil {
		return m, e, nil
	}
	return nil, nil, &Refusal{File: path, Problem: ErrChanged, Found: "a file that " + ManifestName + " does not list",
		Expected: "files that it describes", Remedy: "import it into the data set, or describe the folder anew with 'ptnsim data validate --record'"}
}

// manifest returns a folder's manifest, nil if there is none.
func (s shelf) manifest(folder string) (*Manifest, error) {
	if m, ok := s[folder]; ok {
		return m, nil
	}
	m, err := ReadManifest(folder)
	if errors.Is(err, ErrMissing) {
		m, err = nil, nil
	}
	s[folder] = m
	return m, err
}

// complete refuses a folder that lacks a file which its manifest lists and the
// options take.
func (s shelf) complete(folder string, o *OpenOptions) error {
	m, err := s.manifest(folder)
	if m == nil || err != nil {
		return err
	}
	for _, e := range m.Files {
		path := filepath.Join(folder, e.Name)
		if _, err := os.Lstat(path); err == nil {
			continue
		}
		if f, err := o.file(path); err == nil && o.takes(f) {
			return &Refusal{File: path, Problem: ErrMissing, Found: "no such file", Expected: "the file that " + ManifestName + " lists",
				Remedy: "restore it, or describe the folder anew with 'ptnsim data validate --record'"}
		}
	}
	return nil
}
