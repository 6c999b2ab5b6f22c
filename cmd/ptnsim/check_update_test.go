package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUpdateRestoresTheSpecification: of every scenario some expected outcomes are
// turned into others. An update brings each file back, byte for byte; one of a file
// that holds leaves it alone.
func TestUpdateRestoresTheSpecification(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole specification, twice")
	}
	dir := filepath.Join(t.TempDir(), "scenarios")
	if err := os.CopyFS(dir, os.DirFS(scenarios)); err != nil {
		t.Fatal(err)
	}
	originals := make(map[string][]byte)
	broken := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, string(filepath.Separator)+"_") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		originals[path] = text
		other := otherwise(string(text))
		if other == string(text) {
			return nil
		}
		broken++
		return os.WriteFile(path, []byte(other), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if broken < len(originals)/3 {
		t.Errorf("%d of %d files were changed: too few to prove anything", broken, len(originals))
	}
	for range 2 {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), []string{"check", dir, "--update", "--annotations", "never"}, strings.NewReader(""), &stdout, &stderr); code != exitOK {
			t.Fatalf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
		}
		for path, want := range originals {
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s came back as\n%s\nand was\n%s", filepath.Base(path), got, want)
			}
		}
	}
}

// otherwise turns what is expected into something else: every accepted order into one
// that was clamped, and yes into no. Where a comment stands, nothing is changed.
func otherwise(text string) string {
	given, expected, ok := strings.Cut(text, "\nexpect:")
	if !ok {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(expected) {
		if !strings.ContainsAny(line, "#~") {
			line = strings.NewReplacer("accepted:", "accepted:", "accepted", "clamped", "closed: true", "closed: false").Replace(line)
		}
		b.WriteString(line)
	}
	return given + "\nexpect:" + b.String()
}
