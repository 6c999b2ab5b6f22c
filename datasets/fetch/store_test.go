package fetch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func keepPiece(t *testing.T, s *Store, name, request, text string, staleMS int64) string {
	t.Helper()
	d, err := s.draft(name)
	if err != nil {
		t.Fatal(err)
	}
	defer d.drop()
	if err := d.fill(strings.NewReader("what an earlier try left behind, which is longer")); err != nil {
		t.Fatal(err)
	}
	if err := d.fill(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	path, err := s.keep(d, name, request, staleMS)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestStoreTrustsOnlyWhatItsSealSays(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(path string) error
		ok    bool
	}{
		{"untouched", func(string) error { return nil }, true},
		{"changed", func(path string) error { return os.WriteFile(path, []byte("[2]"), 0o644) }, false},
		{"cut short", func(path string) error { return os.Truncate(path, 1) }, false},
		{"removed", os.Remove, false},
		{"without its seal", func(path string) error { return os.Remove(path + sealed) }, false},
		{"with a damaged seal", func(path string) error { return os.WriteFile(path+sealed, []byte("{"), 0o644) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := OpenStore(t.TempDir(), func() int64 { return 0 })
			if err != nil {
				t.Fatal(err)
			}
			path := keepPiece(t, s, "a.json", "/a", "[1]", 0)
			if err := c.spoil(path); err != nil {
				t.Fatal(err)
			}
			if _, _, ok := s.find("a.json", "/a"); ok != c.ok {
				t.Errorf("found: %v, want %v", ok, c.ok)
			}
			if _, _, ok := s.find("a.json", "/b"); ok {
				t.Error("the piece counts for another request")
			}
		})
	}
}

func TestStoreForgetsWhatIsStale(t *testing.T) {
	now := int64(1000)
	s, err := OpenStore(t.TempDir(), func() int64 { return now })
	if err != nil {
		t.Fatal(err)
	}
	keepPiece(t, s, "a.json", "/a", "[1]", 2000)
	if _, _, ok := s.find("a.json", "/a"); !ok {
		t.Error("not found while it counts")
	}
	now = 2001
	if _, _, ok := s.find("a.json", "/a"); ok {
		t.Error("found when it is stale")
	}
}

func TestStoreRemembersWhatIsAbsent(t *testing.T) {
	s, err := OpenStore(t.TempDir(), func() int64 { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.absent("a.bi5", "/a"); err != nil {
		t.Fatal(err)
	}
	if _, absent, ok := s.find("a.bi5", "/a"); !absent || !ok {
		t.Errorf("absent %v, ok %v", absent, ok)
	}
}

func TestStoreClearsLeftovers(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenStore(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.draft("a.json"); err != nil { // as if killed here
		t.Fatal(err)
	}
	if len(files(t, dir)) != 1 {
		t.Fatal("no leftover")
	}
	s.Close() // as the end of a process does
	if _, err := OpenStore(dir, nil); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestFolderIsOneFetchsAtATime: neither the drafts nor the finished pieces of a
// fetch at work are another's to remove.
func TestFolderIsOneFetchsAtATime(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders can't be locked here")
	}
	clock := clockAt("2025-01-01T00:00:00Z")
	s := serve(t, good)
	first := job(t, stub{content: JSON}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clock)
	second := job(t, stub{content: JSON}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clock)
	second.Cache = first.Cache
	if _, err := first.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := first.store.draft("live"); err != nil {
		t.Fatal(err)
	}
	before := files(t, first.Cache)
	_, err := second.Run(context.Background())
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "stub: found another fetch at work in ") || !strings.Contains(err.Error(), "; wait until it is done, or name another folder with --cache") {
		t.Fatalf("got %v", err)
	}
	if err := second.Remove(); err != nil { // it has nothing open
		t.Fatal(err)
	}
	if after := files(t, first.Cache); !slices.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
	first.Close()
	if _, err := second.Run(context.Background()); err != nil || len(s.requests()) != 1 {
		t.Errorf("%v after %d requests", err, len(s.requests()))
	}
	if err := second.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(first.Cache, "stub")); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
	// The folder is gone, and is made again.
	if _, err := first.Run(context.Background()); err != nil || len(s.requests()) != 2 {
		t.Errorf("%v after %d requests", err, len(s.requests()))
	}
	first.Close()
}

func TestStoreRemovesItselfOnly(t *testing.T) {
	parent := filepath.Join(t.TempDir(), ".fetch")
	a, err := OpenStore(filepath.Join(parent, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenStore(filepath.Join(parent, "b"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(parent, "b")); err != nil {
		t.Fatal(err)
	}
	if err := b.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(parent); !os.IsNotExist(err) {
		t.Errorf("the empty parent is left: %v", err)
	}
}

func TestSafeName(t *testing.T) {
	for _, c := range []struct{ part, want string }{
		{"BTCUSDT-1m-2025-01.zip", "BTCUSDT-1m-2025-01.zip"}, {"X:BTCUSD", "X_BTCUSD"},
		{"../../etc/passwd", "_.._etc_passwd"}, {`C:\x`, "C__x"}, {"é\x00", "__"},
	} {
		if got := safeName(c.part); got != c.want {
			t.Errorf("%q: got %q, want %q", c.part, got, c.want)
		}
	}
}
