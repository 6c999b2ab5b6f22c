package reports

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFolderWhosePlaceNoOtherCanTake: the working folder, however it is called, and a
// root are refused before anything is played, and nothing is left beside them.
func TestFolderWhosePlaceNoOtherCanTake(t *testing.T) {
	working := filepath.Join(t.TempDir(), "working")
	if err := os.Mkdir(working, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(working)
	cases := map[string]string{
		".":                            "is the working folder",
		"":                             "is the working folder",
		filepath.Join("..", "working"): "is the working folder",
		working:                        "is the working folder",
		filepath.VolumeName(working) + string(filepath.Separator): "is a root",
	}
	for path, want := range cases {
		for _, force := range []bool{false, true} {
			g, err := newGrowth(path, force, resultFolder())
			if err == nil {
				g.abort()
			}
			if !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ".tmp") {
				t.Errorf("%q: the error is %v, want one that says that it %s", path, err, want)
			}
		}
	}
	if got := list(t, filepath.Dir(working)); !slices.Equal(got, []string{"working"}) {
		t.Errorf("beside the folder stands %v", got)
	}
	write(t, "out", FolderOptions{})
	if got := list(t, working); !slices.Equal(got, []string{"out"}) {
		t.Errorf("the folder has %v, want out", got)
	}
}

// TestFolderHasTheRightsOfAnyOther: those that the umask leaves to a new folder.
func TestFolderHasTheRightsOfAnyOther(t *testing.T) {
	base := t.TempDir()
	other, out := filepath.Join(base, "other"), filepath.Join(base, "out")
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, out, FolderOptions{})
	want, err := os.Stat(other)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.Stat(out)
	if err != nil {
		t.Fatal(err)
	}
	if got.Mode() != want.Mode() {
		t.Errorf("the folder's mode is %s, that of another new one %s", got.Mode(), want.Mode())
	}
}

// replacement is a folder that is ready to take the place of a result.
func replacement(t *testing.T) (g *growth, out string) {
	t.Helper()
	out = filepath.Join(t.TempDir(), "out")
	write(t, out, FolderOptions{})
	g, err := newGrowth(out, true, resultFolder())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.abort)
	if err := os.WriteFile(g.file("new.txt"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	return g, out
}

// TestFolderThatIsUsedMeanwhileStays: what somebody put into a folder while the run
// went on is neither replaced nor removed.
func TestFolderThatIsUsedMeanwhileStays(t *testing.T) {
	g, out := replacement(t)
	mine := filepath.Join(out, "notes.md")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	// As if it came after the last look at the path.
	if _, err := g.vacate(filepath.Join(g.nursery, "old")); !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), out+" is there already") {
		t.Errorf("the error is %v, want one that names %s", err, out)
	}
	if err := g.appear(); !errors.Is(err, ErrFolder) {
		t.Errorf("the error is %v, want a refusal", err)
	}
	g.abort()
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("the file has %q (%v)", text, err)
	}
	if got := list(t, filepath.Dir(out)); !slices.Equal(got, []string{"out"}) {
		t.Errorf("beside the folder stands %v", got)
	}
}

// TestFolderDiscardsOnlyItsOwn: a stranger in a folder stays, and the folder with it.
func TestFolderDiscardsOnlyItsOwn(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	write(t, out, FolderOptions{})
	if err := os.WriteFile(filepath.Join(out, "notes.md"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	kind := resultFolder()
	if err := kind.discard(out); err == nil {
		t.Error("no error though the folder is still there")
	}
	if got := list(t, out); !slices.Equal(got, []string{"notes.md"}) {
		t.Errorf("left is %v, want notes.md alone", got)
	}
}

// TestFolderLeftBehindIsNamed: when what was replaced can't be removed, the result is
// there all the same, and the error says so.
func TestFolderLeftBehindIsNamed(t *testing.T) {
	g, out := replacement(t)
	nursery := g.nursery
	if err := os.WriteFile(filepath.Join(nursery, "in the way"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := g.appear()
	if err == nil || !strings.Contains(err.Error(), "the result is whole") || !strings.Contains(err.Error(), nursery) {
		t.Errorf("the error is %v, want one that names %s", err, nursery)
	}
	g.abort()
	if got := list(t, out); !slices.Equal(got, []string{"new.txt"}) {
		t.Errorf("the folder has %v, want new.txt", got)
	}
}
