package strictyaml

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Text is a YAML text that a person wrote.
type Text struct {
	File     string // as errors name it
	Inline   bool   // errors cite no line: the file is not one, but a flag of a command
	Holds    string // what it is, for errors: "rule set"
	Instead  string // what else there is to do than to write an anchor or an alias; may be empty
	BytesMax int

	Source string // Parse takes a byte order mark off it

	moved map[*token.Token]position // where tokens stand that the scanner has elsewhere
}

// depthMax bounds brackets within brackets: far above what a text needs, and far
// below what could exhaust a parser.
const depthMax = 8

// Parse returns the one value of the text; nil if it holds none.
func (t *Text) Parse() (node ast.Node, err error) {
	if len(t.Source) > t.BytesMax {
		return nil, Place{Text: t}.Wrong("", fmt.Sprintf("%d bytes", len(t.Source)), fmt.Sprintf("at most %d", t.BytesMax))
	}
	if !utf8.ValidString(t.Source) {
		return nil, Place{Text: t}.Wrong("", "bytes that are no UTF-8", "a text in UTF-8")
	}
	t.Source = strings.TrimPrefix(t.Source, "\ufeff")

	// A text that the parser panics on is a wrong text, not a wrong program.
	defer func() {
		if r := recover(); r != nil {
			node, err = nil, Place{Text: t}.Wrong("", "a text that is no YAML", "keys and values, each key on its line")
		}
	}()
	if err := t.airy(); err != nil {
		return nil, err
	}
	tokens := tokens(t.Source)
	t.moved = places(t.Source, tokens)
	if err := t.plain(tokens); err != nil {
		return nil, err
	}
	if err := t.heavy(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, t.malformed(err)
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

// plain refuses the parts of YAML that are not read.
func (t *Text) plain(tokens token.Tokens) error {
	depth := 0
	for i, tok := range tokens {
		at := t.at(tok)
		switch tok.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			expected := "the values themselves"
			if t.Instead != "" {
				expected += "; " + t.Instead
			}
			return at.Wrong("", "an anchor, an alias or a merge key", expected)
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			return at.Wrong("", fmt.Sprintf("%q, a tag, a directive or a complex key", tok.Value), "plain keys and values")
		case token.DocumentHeaderType, token.DocumentEndType:
			if i > 0 && !onlyComments(tokens[:i]) {
				return at.Wrong("", "a second document", "one "+t.Holds+" a file")
			}
		case token.SequenceEntryType:
			if i > 0 && tokens[i-1].Type == token.SequenceEntryType {
				return at.Wrong("", "a list entry that is empty or a list of lists", "a value after each dash")
			}
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > depthMax {
				return at.Wrong("", "brackets nested too deep", fmt.Sprintf("at most %d levels", depthMax))
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

// malformed is a parser's error as ours.
func (t *Text) malformed(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return Place{Text: t}.Wrong("", "a text that is no YAML: "+err.Error(), "")
	}
	at := t.at(e.GetToken())
	if t.tabbed(at.Line) {
		return at.Wrong("", "a tab in the indentation", "spaces in its place")
	}
	expected := ""
	if strings.HasPrefix(e.GetMessage(), "value is not allowed") {
		expected = "the indentation of the lines that it goes with: the keys of a mapping begin in one column, and so do the dashes of a list"
	}
	if strings.Contains(e.GetMessage(), "mapping value is not allowed") {
		expected = "quotes around a text that has a colon and a blank in it"
	}
	return at.Wrong("", "a text that is no YAML: "+e.GetMessage(), expected)
}

// tabbed reports whether a tab is among the blanks that a line begins with.
func (t *Text) tabbed(line int) bool {
	lines := strings.Split(t.Source, "\n")
	if line < 1 || line > len(lines) {
		return false
	}
	text := lines[line-1]
	return strings.Contains(text[:len(text)-len(strings.TrimLeft(text, " \t"))], "\t")
}
