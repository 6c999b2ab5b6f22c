package strictyaml

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// numbered repeats a line, with its number for %d.
func numbered(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

// hostile are texts of up to a megabyte that take the parser seconds or minutes,
// and what they are refused for.
func hostile() map[string]struct{ text, want string } {
	const (
		keys    = "found a mapping of more keys; expected at most 500"
		missing = "found more keys and dashes without a value; expected at most 500 in all"
	)
	return map[string]struct{ text, want string }{
		"Keys":          {numbered(90_000, "k%05d: 1\n"), "a.yaml:501:1: " + keys},
		"SameKey":       {strings.Repeat("a: 1\n", 200_000), "a.yaml:501:1: " + keys},
		"DeeperKeys":    {"a:\n" + strings.Repeat("  b:\n    - c: 1\n", 50_000), "a.yaml:1002:3: " + keys},
		"CommentedKeys": {strings.Repeat("a: 1 # b\n# c\n", 70_000), "a.yaml:1001:1: " + keys},
		"KeysInABracket": {
			"[\n" + strings.Repeat(" a: 1\n", 150_000) + "]", "a.yaml:502:2: " + keys},
		"BareKeys":     {strings.Repeat("- {a}\n", 170_000), "a.yaml:501:4: " + missing},
		"BareKeysWide": {"{" + strings.Repeat("a, ", 170_000) + "b}", "a.yaml:1:1502: " + missing},
		"FlowValues":   {strings.Repeat("- {a: }\n", 120_000), "a.yaml:501:5: " + missing},
		"Values":       {strings.Repeat("- a:\n", 200_000), "a.yaml:501:4: " + missing},
		"Dashes":       {strings.Repeat("- a:\n    -\n  b: 1\n", 50_000), "a.yaml:1502:5: " + missing},
		"EmptyLines":   {"a: |\n  b\n" + strings.Repeat("\n", 1_000_000), "a.yaml:103:1: found more empty lines; expected at most 100 in a row"},
	}
}

// TestParseRefusesInTimeWhatTheParserIsSlowToRead: the bound is generous, what it
// stands for takes milliseconds.
func TestParseRefusesInTimeWhatTheParserIsSlowToRead(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, read by one goroutine")
	}
	for name, c := range hostile() {
		t.Run(name, func(t *testing.T) {
			text := textOf(c.text)
			text.BytesMax = 1 << 20
			start := time.Now()
			_, err := text.Parse()
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if err == nil {
				t.Fatal("no error")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestParseTakesTheLargest: many mappings, and each as large as one may be.
func TestParseTakesTheLargest(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, read by one goroutine")
	}
	for name, source := range map[string]string{
		"Keys":            numbered(500, "k%d: 1\n"),
		"KeysEverywhere":  strings.Repeat("-\n"+strings.Repeat("  a: 1\n", 500), 298),
		"KeysOfShortRows": strings.Repeat("- a: 1\n"+strings.Repeat("  b: 1\n", 9), 14_000),
		"FlowKeys":        "{" + numbered(60_000, "k%d: [1],\n") + "}",
		"FlowRows":        strings.Repeat("- {name: a, strategy: b, seed: 1, params: {fast: 1, slow: [2, 3]}}\n", 10_000),
		"Missing":         strings.Repeat("- a:\n", 500) + strings.Repeat("- {b: c}\n", 100_000),
		"List":            "a:\n" + strings.Repeat("- b\n", 200_000),
		"EmptyLines":      "a: |\n" + strings.Repeat("  b\n"+strings.Repeat("\n", 100), 9000),
	} {
		t.Run(name, func(t *testing.T) {
			text := textOf(source)
			text.BytesMax = 1 << 20
			start := time.Now()
			node, err := text.Parse()
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
			if node == nil || err != nil {
				t.Errorf("%v, %v", node, err)
			}
		})
	}
}
