package strictyaml

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// TestPlacesAreWhereValuesStand: each text has a caret below the line in which the
// value v stands, under its first character.
func TestPlacesAreWhereValuesStand(t *testing.T) {
	for name, c := range map[string]string{
		"Plain":          "a: v\n   ^",
		"BlanksBehind":   "a: v   \n   ^",
		"TabBehind":      "a: v\t\n   ^",
		"BlanksAtTheEnd": "b: 1  \na: v  \n   ^",
		"CommentBehind":  "a: v # x \n   ^",
		"Quoted":         "a:  'v'  \n    ^",
		"Letters":        "é: v  \n   ^",
		"LettersBefore":  "a: {ü: ± , a: v } \n              ^",
		"TabBefore":      "a:\tv \n   ^",
		"Dash":           "-   v  \n    ^",
		"DashBelow":      "a:   \n  - 1  \n  - v  \n    ^",
		"Several":        "a: v  \n   ^\n  w  \nb: 1\n",
		"BehindSeveral":  "b: c \n  d \na: v \n   ^",
		"BehindABlock":   "b: >-\n  v  \n\n  w \na: v \n   ^",
		"BehindAnEmpty":  "b: |\na: v \n   ^",
		"Brackets":       "a: [1 ,\n  v , # x\n  ^\n  2]\n",
		"Time":           "a: {b: 2025-03-03T00:00:00Z, c: v }\n                                ^",
		"BehindNothing":  "b: \na: v \n   ^",
	} {
		for ending, source := range map[string]string{"LF": c, "CRLF": strings.ReplaceAll(c, "\n", "\r\n")} {
			t.Run(name+ending, func(t *testing.T) {
				var lines []string
				line, column := 0, 0
				for l := range strings.Lines(source) {
					if before, ok := strings.CutSuffix(strings.TrimRight(l, "\r\n"), "^"); ok {
						line, column = len(lines), len(before)+1
						continue
					}
					lines = append(lines, l)
				}
				text := textOf(strings.Join(lines, ""))
				node, err := text.Parse()
				if err != nil {
					t.Fatal(err)
				}
				at := text.At(found(node))
				if at.Line != line || at.Column != column {
					t.Errorf("%q: %d:%d, want %d:%d", text.Source, at.Line, at.Column, line, column)
				}
			})
		}
	}
}

// found is the single value that begins with v, behind a key or a dash.
func found(node ast.Node) ast.Node {
	if text, ok := Scalar(node); ok && strings.HasPrefix(text, "v") {
		return node
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		for _, item := range list.Values {
			if at := found(item); at != nil {
				return at
			}
		}
	}
	entries, _ := Entries(node)
	for _, e := range entries {
		if at := found(e.Value); at != nil {
			return at
		}
	}
	return nil
}

// TestWhatTheScannerRefusesStaysWhereItSaysSo: such a token is no part of the text.
func TestWhatTheScannerRefusesStaysWhereItSaysSo(t *testing.T) {
	_, err := textOf("x: 1  \n\ty: 2\n").Parse()
	wrong, ok := errors.AsType[*SyntaxError](err)
	if !ok || wrong.Line != 2 || wrong.Column != 1 {
		t.Errorf("%v", err)
	}
}

// FuzzLay: what is laid is there, in its order, and the places of tokens are theirs.
func FuzzLay(f *testing.F) {
	for _, source := range []string{"a: 1 \nb: [x , {c: d}]\n", "a: |\n  b\nc: 'd''e' # f\r\n", "\ufeffa: \"\\\"\"", "a: b\n  c \n# d\n", "{a: 2025-03-03T00:00:00Z}", "a:\t|\n", "\tx"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text := textOf(source)
		if text.airy() != nil || len(source) > 1000 || !utf8.ValidString(source) {
			return
		}
		list := scanned(t, source)
		if len(list) == 0 {
			return
		}
		laid, _ := Lay(source, list[0])
		at := 0
		for _, l := range laid {
			if l.From < at || l.To < l.From || l.To > len(source) {
				t.Fatalf("%q: %q is from %d to %d, behind %d", source, l.Token.Value, l.From, l.To, at)
			}
			at = l.To
		}
		for tok, p := range places(source, list) {
			lines := strings.Split(source, "\n")
			if p.line > len(lines) || p.column < 1 || p.column > utf8.RuneCountInString(lines[p.line-1])+1 {
				t.Fatalf("%q: %q at %+v", source, tok.Value, p)
			}
		}
	})
}

// scanned is the tokens of a text that the scanner does not panic on.
func scanned(t *testing.T, source string) (list token.Tokens) {
	defer func() {
		if p := recover(); p != nil {
			list = nil
		}
	}()
	t.Helper()
	return tokens(source)
}
