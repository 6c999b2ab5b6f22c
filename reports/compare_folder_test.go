package reports

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// namesIn are the names of the files in a folder.
func namesIn(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func commitComparison(t testing.TB, path string, c *Compare, options FolderOptions) string {
	t.Helper()
	folder, err := NewCompareFolder(path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Abort()
	digest, err := folder.Commit(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestCompareFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "out")
	digest := commitComparison(t, path, population(t), FolderOptions{NoPlots: true})
	if got, want := namesIn(t, path), []string{CompareMinersFile, CompareFile}; !slices.Equal(got, want) {
		t.Errorf("without an attribution the folder has %v, want %v", got, want)
	}
	if _, err := NewCompareFolder(path, FolderOptions{}); !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), "--force") {
		t.Errorf("a folder that holds a result: %v", err)
	}
	// With force another takes its place, with plots in one format.
	other := commitComparison(t, path, attributed(t), FolderOptions{Force: true, Plots: PlotOptions{Formats: []PlotFormat{SVG}}})
	want := []string{AttributionFile, CompareMinersFile, CompareFile}
	for _, plot := range ComparePlots(attributed(t)) {
		want = append(want, string(plot)+".svg")
	}
	slices.Sort(want)
	if got := namesIn(t, path); !slices.Equal(got, want) {
		t.Errorf("the folder has %v, want %v", got, want)
	}
	text, err := os.ReadFile(filepath.Join(path, CompareFile))
	if err != nil {
		t.Fatal(err)
	}
	var head struct{ Schema, Digest string }
	if err := json.Unmarshal(text, &head); err != nil || head.Schema != CompareSchema || head.Digest != other || other == digest {
		t.Errorf("%+v (%v), the digest is %s, that of the first %s", head, err, other, digest)
	}
	if got := namesIn(t, filepath.Dir(path)); !slices.Equal(got, []string{"out"}) {
		t.Errorf("beside the folder stay %v", got)
	}
}

func TestCompareFolderOfAnAbortedComparisonIsNone(t *testing.T) {
	parent := t.TempDir()
	folder, err := NewCompareFolder(filepath.Join(parent, "out"), FolderOptions{NoPlots: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := folder.Commit(ctx, population(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if got := namesIn(t, parent); len(got) != 0 {
		t.Errorf("what stays is %v", got)
	}
	// A run's result folder is no comparison's: it is never replaced by one.
	if err := os.Mkdir(filepath.Join(parent, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(parent, "run", ResultFile), []byte("{\n\"schema\":\"ptnsim-result-3\"}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := NewCompareFolder(filepath.Join(parent, "run"), FolderOptions{Force: true}); !errors.Is(err, ErrFolder) {
		t.Errorf("a run's folder: %v", err)
	}
}
