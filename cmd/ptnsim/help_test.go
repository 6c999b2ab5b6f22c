package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryCommandHasAnExample, and each example is one of that command.
func TestEveryCommandHasAnExample(t *testing.T) {
	a := &app{stdout: &output{Writer: io.Discard}, stderr: io.Discard}
	commands := 0
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		commands++
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("%s: the help has no example of it: %q", c.CommandPath(), c.Example)
		}
		if c.Short == "" {
			t.Errorf("%s: the help has no short description", c.CommandPath())
		}
		help := string(play(t, append(strings.Fields(c.CommandPath())[1:], "--help")...))
		if !strings.Contains(help, "Examples:\n"+c.Example) {
			t.Errorf("%s: --help does not print the example", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(a.root())
	if commands < 17 {
		t.Errorf("%d commands visited, expected 17", commands)
	}
}

// TestExamplesAreRight parses every line of every example: no example has a
// flag that is unknown, or a wrong number of arguments.
func TestExamplesAreRight(t *testing.T) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		text := strings.ReplaceAll(c.Example, "\\\n", " ")
		for line := range strings.Lines(text) {
			checkExample(t, strings.TrimSpace(line))
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit((&app{stdout: &output{Writer: io.Discard}, stderr: io.Discard}).root())
}

// TestDocumentedCommandsAreRight parses every line of the documentation's blocks
// that calls ptnsim.
func TestDocumentedCommandsAreRight(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for i, block := range strings.Split(string(text), "\n```") {
			if i%2 == 0 {
				continue // between two blocks
			}
			for line := range strings.Lines(strings.ReplaceAll(block, "\\\n", " ")) {
				line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), " # ")
				if strings.HasPrefix(line, "ptnsim ") {
					commands++
					checkExample(t, line)
				}
			}
		}
	}
	if commands < 30 {
		t.Errorf("%d commands were found, want at least 30", commands)
	}
}

func checkExample(t *testing.T, line string) {
	t.Helper()
	words := shellWords(line)
	root := (&app{stdout: &output{Writer: io.Discard}, stderr: io.Discard}).root()
	c, rest, err := root.Find(words[1:])
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		t.Errorf("%s: %v", line, err)
	}
	if err := c.ValidateRequiredFlags(); err != nil {
		t.Errorf("%s: %v", line, err)
	}
}

// shellWords are the words of a command, up to where its input or output is another
// file. Words in single quotes may have spaces; nothing here has quotes within quotes.
func shellWords(line string) []string {
	parts := strings.Split(line, "'")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(parts[i], " ", "\x00")
	}
	words := strings.Fields(strings.Join(parts, ""))
	for i, word := range words {
		if word == "<" || word == ">" || word == ">>" {
			return words[:i]
		}
		words[i] = strings.ReplaceAll(word, "\x00", " ")
	}
	return words
}
