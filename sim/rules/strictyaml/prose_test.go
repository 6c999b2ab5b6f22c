package strictyaml

import (
	"strings"
	"testing"
)

func TestBlocksOfText(t *testing.T) {
	for name, c := range map[string]struct {
		source, prose, block string
		isProse, isBlock     bool
	}{
		"Lines":      {"a: |\n\n  x\n\n    y # z\n\nb: 1\n", "\nx\n\n  y # z\n", "\nx\n\n  y # z\n", true, true},
		"Stripped":   {"a: |-  # c\n  x\n", "x", "x", true, true},
		"Folded":     {"a: >-\n  x\n  y\n", "x y", "", true, false},
		"CRLF":       {"a: |\r\n  x\r\n  y\r\n", "x\ny\n", "x\ny\n", true, true},
		"Plain":      {"a: x y\n", "x y", "", true, false},
		"Quoted":     {"a: '7'\n", "7", "", true, false},
		"EmptyBlock": {"a: |\nb: 1\n", "", "", true, true},
		"Number":     {"a: 7\n", "", "", false, false},
		"List":       {"a: [x]\n", "", "", false, false},
		"Nothing":    {"a:\n", "", "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			node := entriesOf(t, textOf(c.source))[0].Value
			if got, ok := Prose(node); got != c.prose || ok != c.isProse {
				t.Errorf("prose %q, %t; want %q, %t", got, ok, c.prose, c.isProse)
			}
			if got, ok := Block(node); got != c.block || ok != c.isBlock {
				t.Errorf("block %q, %t; want %q, %t", got, ok, c.block, c.isBlock)
			}
		})
	}
}

func TestReaderReadsProse(t *testing.T) {
	for source, want := range map[string]string{
		"a: |\n  x\n\n  y\n": "x\n\ny",
		"a: x":               "x",
		"a: |\n":             "a.yaml:1:4: a: found a block of text; expected a text; in quotes where it looks like something else",
		"a: 7":               "a.yaml:1:4: a: found 7; expected a text; in quotes where it looks like something else",
	} {
		r := &Reader{Text: *textOf(source)}
		var got string
		entries := r.Entries(r.Root("a text"), "", "a mapping", 1)
		r.Prose(entries[0].Value, "a", &got)
		if r.Err() != nil {
			got, _, _ = strings.Cut(r.Err().Error(), "\n")
		}
		if got != want {
			t.Errorf("%q: %s, want %s", source, got, want)
		}
	}
}
