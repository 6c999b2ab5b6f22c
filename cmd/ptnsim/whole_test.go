package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func writeText(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestWriteWhole(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	wantOnly := func(path, text string) {
		t.Helper()
		if got := readText(t, path); got != text {
			t.Errorf("%s: got %q, want %q", path, got, text)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp")); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}

	// A new file, in a folder that is not there yet.
	if err := writeWhole(at("new/deep/a.xml"), writeText("one")); err != nil {
		t.Fatal(err)
	}
	wantOnly(at("new/deep/a.xml"), "one")

	// What is there keeps its rights; one that fails midway leaves it alone.
	if err := os.Chmod(at("new/deep/a.xml"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeWhole(at("new/deep/a.xml"), writeText("two")); err != nil {
		t.Fatal(err)
	}
	torn := errors.New("torn")
	if err := writeWhole(at("new/deep/a.xml"), func(w io.Writer) error { return errors.Join(writeText("thr")(w), torn) }); !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
	wantOnly(at("new/deep/a.xml"), "two")
	if info, err := os.Stat(at("new/deep/a.xml")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v (%v)", info.Mode(), err)
	}

	// A link stays one.
	if err := os.Symlink(filepath.Join("new", "deep", "a.xml"), at("link.xml")); err != nil {
		t.Skip(err)
	}
	if err := writeWhole(at("link.xml"), writeText("four")); err != nil {
		t.Fatal(err)
	}
	wantOnly(at("new/deep/a.xml"), "four")
	if info, err := os.Lstat(at("link.xml")); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is %v (%v)", info.Mode(), err)
	}

	// A folder is no file.
	var e *exitError
	if err := writeWhole(folder, writeText("five")); !errors.As(err, &e) || e.code != exitUsage {
		t.Errorf("got %v", err)
	}
}

func TestPageTitle(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("my-rules", 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir("my-rules")
	for path, want := range map[string]string{
		"docs/rules-by-example.md": "Rules by example", "a/rules-v1.2": "Rules v1.2", "docs/": "Docs", ".": "My rules", ".md": "", "/": "", "übung.MD": "Übung",
	} {
		if got := pageTitle(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
