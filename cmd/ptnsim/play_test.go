package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// play runs the program in this process and returns what it prints. It must end
// well.
func play(t *testing.T, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("ptnsim %s: exit code %d: %s", strings.Join(args, " "), code, stderr.String())
	}
	return stdout.Bytes()
}

// playJSON runs the program and reads the JSON that it prints into target.
func playJSON(t *testing.T, target any, args ...string) {
	t.Helper()
	if err := json.Unmarshal(play(t, append(args, "--format", "json")...), target); err != nil {
		t.Fatal(err)
	}
}

// write writes a file into a folder of the test and returns its path.
func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
