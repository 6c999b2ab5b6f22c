package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadmeExamples runs the README's console blocks, in their order and in one
// folder, and compares what they print with what is printed here.
func TestReadmeExamples(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	examples := 0
	for block := range strings.SplitSeq(string(readme), "```console\n") {
		text, _, ok := strings.Cut(block, "\n```")
		if !ok || !strings.HasPrefix(text, "$ ") {
			continue
		}
		for example := range strings.SplitSeq("\n"+text, "\n$ ") {
			if example == "" {
				continue
			}
			command, want, _ := strings.Cut(example, "\n")
			examples++
			if got := playExample(t, command); trimLines(got) != trimLines(want) {
				t.Errorf("$ %s\nprints\n%s\nand the README says\n%s", command, got, want)
			}
		}
	}
	if examples < 4 {
		t.Errorf("%d examples were found, want at least 4", examples)
	}
}

// playExample runs "ptnsim ARGS", with its output in a file where it says so.
func playExample(t *testing.T, command string) string {
	t.Helper()
	command, file, redirected := strings.Cut(command, " > ")
	args := strings.Fields(command)
	if args[0] != "ptnsim" {
		t.Fatalf("the example %q is no call of ptnsim", command)
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args[1:], strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("$ %s: exit code %d: %s", command, code, stderr.String())
	}
	if !redirected {
		return stdout.String()
	}
	if err := os.WriteFile(file, stdout.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return ""
}

// trimLines leaves out white space at the ends of lines and of the text.
func trimLines(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}
