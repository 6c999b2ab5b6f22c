package process

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPathsAreThoseOfItsFolder: of the program, of its arguments, and of what its name
// and its hash are made of.
func TestPathsAreThoseOfItsFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "run.sh"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := Options{Dir: dir}
	there, err := Open("./run.sh", o)
	if err != nil || there.SHA256 == "" || there.Name != "exec:./run.sh" {
		t.Errorf("got %+v, %v", there, err)
	}
	if _, err := Open("./run.sh", Options{}); err == nil || !strings.Contains(err.Error(), "no such program") {
		t.Errorf("without the folder: got %v", err)
	}
	if argument, err := Open("sh run.sh", o); err != nil || argument.SHA256 != there.SHA256 {
		t.Errorf("as an argument: got %+v, %v", argument, err)
	}
}
