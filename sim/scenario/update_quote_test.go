package scenario

import (
	"testing"

	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

func TestScalarIn(t *testing.T) {
	const single, double = token.SingleQuoteType, token.DoubleQuoteType
	for _, c := range []struct {
		scalar
		lines, brackets string
	}{
		{scalar{text: "accepted"}, "accepted", "accepted"},
		{scalar{text: "accepted", quote: single}, "'accepted'", "'accepted'"},
		{scalar{text: "accepted", quote: double}, `"accepted"`, `"accepted"`},
		{scalar{text: "it's", quote: single}, "'it''s'", "'it''s'"},
		{scalar{text: "it's", quote: double}, `"it's"`, `"it's"`},
		{scalar{text: `a "b"`, prose: true}, `a "b"`, `a "b"`},
		{scalar{text: `"b" a`, prose: true}, `'"b" a'`, `'"b" a'`},
		{scalar{text: `\`, quote: double}, `"\\"`, `"\\"`},
		{scalar{text: "1.5 ± 1e-9"}, "1.5 ± 1e-9", "1.5 ± 1e-9"},
		{scalar{text: "-1e-9"}, "-1e-9", "-1e-9"},
		{scalar{text: "- a"}, `"- a"`, `"- a"`},
		{scalar{text: "-"}, `"-"`, `"-"`},
		{scalar{text: "== 1"}, `"== 1"`, `"== 1"`},
		{scalar{text: "2025-03-03T00:00:00Z"}, "2025-03-03T00:00:00Z", "2025-03-03T00:00:00Z"},
		{scalar{text: "true"}, "true", "true"},
		{scalar{text: "true", prose: true}, `"true"`, `"true"`},
		{scalar{text: "2025-03-03", prose: true}, `"2025-03-03"`, `"2025-03-03"`},
		{scalar{text: "-1", prose: true}, `"-1"`, `"-1"`},
		{scalar{text: "1 of 2", prose: true}, "1 of 2", "1 of 2"},
		{scalar{text: "a, b", prose: true}, "a, b", `"a, b"`},
		{scalar{text: "a: b", prose: true}, `"a: b"`, `"a: b"`},
		{scalar{text: "a:", prose: true}, `"a:"`, `"a:"`},
		{scalar{text: "a #b", prose: true}, `"a #b"`, `"a #b"`},
		{scalar{text: " a", prose: true}, `" a"`, `" a"`},
		{scalar{text: "a\t\n\u0085\U000e0001", prose: true, quote: single}, `"a\t\n\u0085\U000e0001"`, `"a\t\n\u0085\U000e0001"`},
		{scalar{text: `""`, prose: true}, `""`, `""`},
		{scalar{text: `"null"`, prose: true}, `"null"`, `"null"`},
		{scalar{text: "null", absent: true, quote: double}, "null", "null"},
	} {
		if got := c.in(false); got != c.lines {
			t.Errorf("%q: got %s, want %s", c.text, got, c.lines)
		}
		if got := c.in(true); got != c.brackets {
			t.Errorf("%q in brackets: got %s, want %s", c.text, got, c.brackets)
		}
	}
}

// FuzzScalarIn: every text is read as itself, wherever it stands.
func FuzzScalarIn(f *testing.F) {
	for _, text := range []string{"a", "a: b", "- ", "#", "\u2028", "é'\"", "{", "1: 2", "? a", "\ufeff", "\x00", "a:,b"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, prose bool) {
		text = string([]rune(text)) // of bytes that are no UTF-8 none are facts
		if text == `""` || text == `"null"` {
			return // read with the quotes, as a condition has it
		}
		for _, quote := range []token.Type{token.UnknownType, token.SingleQuoteType, token.DoubleQuoteType} {
			s := scalar{text: text, quote: quote, prose: prose}
			for _, source := range []string{"- " + s.in(false) + " # c\n- x", "[" + s.in(true) + ", x]", "k: " + s.in(false), "{k: " + s.in(true) + "}"} {
				file := strictyaml.Text{File: "a.yaml", Holds: "test", BytesMax: 1 << 20, Source: source}
				node, err := file.Parse()
				if err != nil {
					t.Fatalf("%v in %q", err, source)
				}
				r := strictyaml.Reader{Text: file}
				var got string
				if list, ok := strictyaml.Entries(node); ok {
					node = list[0].Value
				} else if list := r.List(node, "", 2); len(list) == 2 {
					node = list[0]
				}
				r.Scalar(node, "", "a text", &got)
				if r.Err() != nil || got != text {
					t.Fatalf("%q is read as %q in %q: %v", text, got, source, r.Err())
				}
			}
		}
	})
}
