package scenario

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// TestLayoutFindsTheBytes: of texts whose lines and columns the parser miscounts.
func TestLayoutFindsTheBytes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // what stands there, of every scalar
	}{
		"Plain":        {"a: 1 # é\nb: é ü  \nc:\t5 \n", []string{"a", "1", "b", "é ü", "c", "5"}},
		"CRLF":         {"# é\r\na: 1 # x\r\n\r\nb: \t2 # y\r\n", []string{"a", "1", "b", "2"}},
		"Mark":         {"\ufeffa: 1", []string{"a", "1"}},
		"Quotes":       {`{a: 'it''s', "b\"": "\u00e9 \\" , c: ''}`, []string{"a", "'it''s'", `"b\""`, `"\u00e9 \\"`, "c", "''"}},
		"Folded":       {"a: b\n  c\nd: \"e\n  f\"\n", []string{"a", "b\n  c", "d", "\"e\n  f\""}},
		"Block":        {"a: |\n  # b\n  c:  d\n\n# e\nf: g\n", []string{"a", "# b\n  c:  d", "f", "g"}},
		"FoldedBlock":  {"a: >-  # b\n  c\n  d\n\n  e\nf: g\n", []string{"a", "c\n  d\n\n  e", "f", "g"}},
		"Times":        {"{a: 2025-03-03T00:00:00Z, 2025-03-03T00:00:00Z: 1}", []string{"a", "2025-03-03T00:00:00Z", "2025-03-03T00:00:00Z", "1"}},
		"NothingThere": {"a:\nb: ~\nc: [null, ]\n", []string{"a", "b", "~", "c", "null"}},
		"EmptyBlock":   {"a: |\nb: 1\nc: >-\n", []string{"a", "", "b", "1", "c"}},
		"Document":     {"# a\n---\nb: 1\n", []string{"b", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := strictyaml.Text{File: "a.yaml", Holds: "test", BytesMax: 1 << 10, Source: c.text}
			node, err := text.Parse()
			if err != nil {
				t.Fatal(err)
			}
			l, err := layOut(c.text, node)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, laid := range l.tokens {
				if tok, at := laid.Token, l.span(i); !slices.Contains([]token.Indicator{token.BlockStructureIndicator, token.FlowCollectionIndicator, token.CommentIndicator, token.BlockScalarIndicator}, tok.Indicator) && tok.Type != token.DocumentHeaderType {
					got = append(got, c.text[at.from:at.to])
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestLayoutRefusesAnotherText: one that the tokens are not from.
func TestLayoutRefusesAnotherText(t *testing.T) {
	const source = "a: 'b' # c\nd: \"e\"\n"
	text := strictyaml.Text{File: "a.yaml", Holds: "test", BytesMax: 1 << 10, Source: source}
	node, err := text.Parse()
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{
		"", source[:len(source)-4], source + "f", "x" + source, strings.ReplaceAll(source, "'", `"`),
		strings.ReplaceAll(source, "#", " "), strings.ReplaceAll(source, "a", "aa"), strings.ReplaceAll(source, `e"`, "e"),
	} {
		if _, err := layOut(other, node); !errors.Is(err, strictyaml.ErrNotLaid) {
			t.Errorf("%q: %v", other, err)
		}
	}
}
