package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a rule file, far above what one needs and far below what could
// exhaust a parser.
const (
	bytesMax = 1 << 20
	depthMax = 8 // of brackets within brackets
)

// document returns the one value of a YAML text; nil if the text holds none.
//
// Rule files use the plain part of YAML. What lets a text say something else
// than it seems to (anchors, aliases, merge keys, tags, several documents) is
// refused, and so is what nests without end.
func document(src *source) (node ast.Node, err error) {
	if len(src.text) > bytesMax {
		return nil, place{src: src}.wrong("", fmt.Sprintf("%d bytes", len(src.text)), fmt.Sprintf("at most %d", bytesMax))
	}
	if !utf8.ValidString(src.text) {
		return nil, place{src: src}.wrong("", "bytes that are no UTF-8", "a text in UTF-8")
	}
	src.text = strings.TrimPrefix(src.text, "\ufeff")

	// A text that the parser panics on is a wrong text, not a wrong program.
	defer func() {
		if r := recover(); r != nil {
			node, err = nil, place{src: src}.wrong("", "a text that is no YAML", "keys and values, each key on its line")
		}
	}()
	tokens := lexer.Tokenize(src.text)
	if err := plain(src, tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, malformed(src, err)
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

// plain refuses the parts of YAML that rule files do without.
func plain(src *source, tokens token.Tokens) error {
	depth := 0
	for i, t := range tokens {
		at := placeOf(src, t)
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return at.wrong("", "an anchor, an alias or a merge key", "the values themselves; a set inherits with extends")
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			return at.wrong("", fmt.Sprintf("%q, a tag, a directive or a complex key", t.Value), "plain keys and values")
		case token.DocumentHeaderType, token.DocumentEndType:
			if i > 0 && !onlyComments(tokens[:i]) {
				return at.wrong("", "a second document", "one rule set a file")
			}
		case token.SequenceEntryType:
			if i > 0 && tokens[i-1].Type == token.SequenceEntryType {
				return at.wrong("", "a list entry that is empty or a list of lists", "a value after each dash")
			}
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > depthMax {
				return at.wrong("", "brackets nested too deep", fmt.Sprintf("at most %d levels", depthMax))
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil
}

func onlyComments(tokens token.Tokens) bool {
	for _, t := range tokens {
		if t.Type != token.CommentType {
			return false
		}
	}
	return true
}

// malformed returns a parser's error as ours.
func malformed(src *source, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return place{src: src}.wrong("", "a text that is no YAML: "+err.Error(), "")
	}
	return placeOf(src, e.GetToken()).wrong("", "a text that is no YAML: "+e.GetMessage(), "")
}

func placeOf(src *source, t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{src: src}
	}
	return place{src: src, line: t.Position.Line, column: t.Position.Column}
}

// first returns the token that a node begins with; nil if there is no node.
func first(node ast.Node) *token.Token {
	switch n := node.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return node.GetToken()
}
