package strictyaml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
)

// TestTimesAreWholeInBrackets: as keys and as entries, where the scanner alone would
// end them at their first colon.
func TestTimesAreWholeInBrackets(t *testing.T) {
	text := textOf(`flow: {2025-03-05T12:00:00Z: {a: 1}, 2025-03-05T13:00: 2, 2025-03-05 14:00:00.5+01:00: 3}
list: {of: [2025-03-05T12:00:00Z BTCUSD, x]}
lines:
  2025-03-05T12:00:00Z: {at: 2025-03-05T12:00:00Z}
block: |
  at 2025-03-05T12:00:00Z
quoted: "2025-03-05T12:00:00Z"
`)
	var got []string
	var show func(node ast.Node)
	show = func(node ast.Node) {
		entries, _ := Entries(node)
		for _, e := range entries {
			at := text.At(e.Node)
			got = append(got, fmt.Sprintf("%d:%d %s", at.Line, at.Column, e.Key))
			show(e.Value)
		}
		if list, ok := node.(*ast.SequenceNode); ok {
			for _, item := range list.Values {
				show(item)
			}
		}
		if v, ok := Prose(node); ok {
			got = append(got, strings.TrimSpace(v))
		} else if v, ok := Scalar(node); ok {
			got = append(got, v)
		}
	}
	node, err := text.Parse()
	if err != nil {
		t.Fatal(err)
	}
	show(node)
	want := []string{
		"1:1 flow", "1:8 2025-03-05T12:00:00Z", "1:31 a", "1", "1:38 2025-03-05T13:00", "2", "1:59 2025-03-05 14:00:00.5+01:00", "3",
		"2:1 list", "2:8 of", "2025-03-05T12:00:00Z BTCUSD", "x",
		"3:1 lines", "4:3 2025-03-05T12:00:00Z", "4:26 at", "2025-03-05T12:00:00Z",
		"5:1 block", "at 2025-03-05T12:00:00Z", "7:1 quoted", "2025-03-05T12:00:00Z",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAColonsStandInIsNoColon: a text that has it says what it said.
func TestAColonsStandInIsNoColon(t *testing.T) {
	entries := entriesOf(t, textOf("a: \"\ue000 2025-03-05T12:00:00Z\"\n"))
	if got, _ := Scalar(entries[0].Value); got != "\ue000 2025-03-05T12:00:00Z" {
		t.Errorf("%q", got)
	}
}

// TestLinesAreCountedOnce: also those that end in a comment, CR and LF.
func TestLinesAreCountedOnce(t *testing.T) {
	text := textOf("a: 1 # b\r\n# c\r\n\r\nd: |\r\n  e\r\nf: g # h\r\n")
	var got []string
	for _, e := range entriesOf(t, text) {
		at := text.At(e.Node)
		got = append(got, fmt.Sprintf("%s %d:%d", e.Key, at.Line, at.Column))
	}
	if want := "a 1:1, d 4:1, f 6:1"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}
