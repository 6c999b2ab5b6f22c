package strictyaml

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Place is where a value stands. Without a line it is the text as a whole.
type Place struct {
	Text         *Text
	Line, Column int // from 1
}

// At is where a node begins; the text as a whole for none.
func (t *Text) At(node ast.Node) Place {
	switch n := node.(type) {
	case nil:
		return Place{Text: t}
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return t.at(n.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return t.at(n.Key.GetToken())
	}
	return t.at(node.GetToken())
}

func (t *Text) at(tok *token.Token) Place {
	if tok == nil || tok.Position == nil {
		return Place{Text: t}
	}
	if p, ok := t.moved[tok]; ok {
		return Place{t, p.line, p.column}
	}
	return Place{t, tok.Position.Line, tok.Position.Column}
}

// Wrong is the error of a value at the place.
func (p Place) Wrong(path, found, expected string) *SyntaxError {
	e := &SyntaxError{File: p.Text.File, Path: path, Found: found, Expected: expected}
	if p.Text.Inline {
		return e
	}
	if lines := strings.Split(p.Text.Source, "\n"); 0 < p.Line && p.Line <= len(lines) {
		// The parser counts on past the end of a line that lacks a value.
		p.Column = min(p.Column, utf8.RuneCountInString(strings.TrimRight(lines[p.Line-1], "\r"))+1)
		p.Column = max(p.Column, 1)
		e.Line, e.Column, e.Excerpt = p.Line, p.Column, p.excerpt(lines)
	}
	return e
}

// Because is an error that arose from the value at the place; one that has a place
// of its own stays as it is.
func (p Place) Because(path string, err error) error {
	if _, ok := errors.AsType[*SyntaxError](err); ok {
		return err
	}
	found, expected, _ := strings.Cut(strings.TrimPrefix(err.Error(), "found "), "; expected ")
	if !strings.HasPrefix(err.Error(), "found ") {
		found = "what can't be used: " + found
	}
	return p.Wrong(path, found, expected)
}

// excerpt is the line of the place, the one before it, and a caret.
func (p Place) excerpt(lines []string) string {
	const width = 100
	var b strings.Builder
	for n := max(1, p.Line-1); n <= p.Line; n++ {
		line := strings.ReplaceAll(strings.TrimRight(lines[n-1], "\r"), "\t", " ")
		if runes := []rune(line); len(runes) > width {
			line = string(runes[:width]) + "…"
		}
		sign := " "
		if n == p.Line {
			sign = ">"
		}
		fmt.Fprintf(&b, "%s %4d | %s\n", sign, n, line)
	}
	if p.Column <= width {
		b.WriteString("       | " + strings.Repeat(" ", p.Column-1) + "^")
	}
	return strings.TrimRight(b.String(), "\n")
}
