package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxManifest bounds a manifest, bytes: a thousand files with a hundred gaps each
// are a tenth of it.
const maxManifest = 64 << 20

// ReadManifest reads the manifest of a data set's folder. A folder without one is
// refused as ErrMissing.
func ReadManifest(folder string) (*Manifest, error) {
	path := filepath.Join(folder, ManifestName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Refusal{File: path, Problem: ErrMissing, Found: "no manifest", Expected: "the data set's description",
			Remedy: "write one with 'ptnsim data validate --record'"}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return parseManifest(path, text)
}

// parseManifest reads a manifest's text. What it doesn't know it refuses: a
// manifest that is half understood vouches for nothing.
func parseManifest(path string, text []byte) (*Manifest, error) {
	bad := func(found, expected string) error {
		return &Refusal{File: path, Problem: ErrManifest, Found: found, Expected: expected,
			Remedy: "make it again with 'ptnsim data validate --record'"}
	}
	if len(text) > maxManifest {
		return nil, bad(fmt.Sprintf("over %d bytes", maxManifest), "a manifest")
	}
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, bad("no manifest ("+err.Error()+")", "the JSON that ptnsim writes")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, bad("more text behind the manifest", "one JSON object")
	}
	if m.Schema != ManifestSchema {
		return nil, bad(fmt.Sprintf("the schema %q", m.Schema), ManifestSchema)
	}
	seen := make(map[string]bool)
	for i := range m.Files {
		f := &m.Files[i]
		if why := f.judge(); why != "" {
			return nil, bad(why, "what ptnsim writes")
		}
		if seen[f.Name] {
			return nil, bad(fmt.Sprintf("the file %q twice", f.Name), "each once")
		}
		seen[f.Name] = true
	}
	return &m, nil
}

// judge says what is wrong with an entry; "" if nothing is. Names are those of
// candle files and nothing else, so that no entry leads out of the folder.
func (f *ManifestFile) judge() string {
	name, err := ParseName(f.Name)
	switch {
	case err != nil || filepath.Base(f.Name) != f.Name || strings.ContainsAny(f.Name, `/\`):
		return fmt.Sprintf("the file name %q", f.Name)
	case name.Pair != f.Pair || name.Interval.String() != f.Interval:
		return fmt.Sprintf("%s of %s, and a file %s", f.Pair, f.Interval, f.Name)
	case f.Rows < 0 || f.Bytes < 0:
		return fmt.Sprintf("%d rows in %d bytes of %s", f.Rows, f.Bytes, f.Name)
	}
	hash := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for _, h := range []string{f.SHA256, f.Content} {
		if !hash.MatchString(h) {
			return fmt.Sprintf("the hash %.80q of %s", h, f.Name)
		}
	}
	return ""
}

// Find returns the entry of a file, or nil.
func (m *Manifest) Find(name string) *ManifestFile {
	for i := range m.Files {
		if m.Files[i].Name == name {
			return &m.Files[i]
		}
	}
	return nil
}

// FindSeries returns the entry of a pair and interval, in whatever format, or nil.
// A nil manifest has none.
func (m *Manifest) FindSeries(pair, interval string) *ManifestFile {
	if m == nil {
		return nil
	}
	for i := range m.Files {
		if m.Files[i].Pair == pair && m.Files[i].Interval == interval {
			return &m.Files[i]
		}
	}
	return nil
}

// encode returns the manifest's text: indented, so that people can read it and
// diffs are short.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(m)
	if err == nil && b.Len() > maxManifest {
		err = fmt.Errorf("the manifest of %d files would take %d bytes, more than the %d that are read: split the data set", len(m.Files), b.Len(), maxManifest)
	}
	return b.Bytes(), err
}
