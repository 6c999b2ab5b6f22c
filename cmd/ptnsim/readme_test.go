package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeExamples runs the README's console blocks, in their order and in one
// folder, and compares what they print with what is printed here. A block of code
// that begins with a comment of a file's name is that file.
func TestReadmeExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("many plays")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, language := range []string{"python", "yaml"} {
		for block := range strings.SplitSeq(string(readme), "```"+language+"\n# ") {
			name, _, _ := strings.Cut(block, "\n")
			if text, _, ok := strings.Cut("# "+block, "```"); ok && !strings.Contains(name, " ") {
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	_, noPython := exec.LookPath("python3")
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
			if strings.Contains(command, "python3") && noPython != nil {
				t.Logf("no python3 on the path: not run: %s", command)
				continue
			}
			if got := playExample(t, command); trimLines(untimed(got)) != trimLines(untimed(want)) {
				t.Errorf("$ %s\nprints\n%s\nand the README says\n%s", command, got, want)
			}
		}
	}
	if examples < 4 {
		t.Errorf("%d examples were found, want at least 4", examples)
	}
}

// untimed leaves out how long something took.
func untimed(text string) string {
	return regexp.MustCompile(`, in [0-9.]+ m?s\b`).ReplaceAllString(text, ", in no time")
}

// playExample runs "ptnsim ARGS", with its output in a file where it says so. Of a check
// that fails, what it says of that on standard error is part of the example.
func playExample(t *testing.T, command string) string {
	t.Helper()
	command, file, redirected := strings.Cut(command, " > ")
	args := words(command)
	if args[0] != "ptnsim" {
		t.Fatalf("the example %q is no call of ptnsim", command)
	}
	var stdout, stderr bytes.Buffer
	switch code := run(context.Background(), args[1:], strings.NewReader(""), &stdout, &stderr); code {
	case exitOK:
	case exitCheck:
		_, why, _ := strings.Cut(stderr.String(), "ptnsim: ") // behind notes of the data
		stdout.WriteString("ptnsim: " + why)
	default:
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

// words splits a command as a shell does where it has single quotes alone.
func words(command string) []string {
	var all []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}

// trimLines leaves out white space at the ends of lines and of the text.
func trimLines(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}
