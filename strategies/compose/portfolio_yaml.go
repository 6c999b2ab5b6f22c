package compose

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// reader reads the values of a YAML text and keeps the first thing that is wrong.
//
// Portfolio files use the plain part of YAML: what lets a text say something else
// than it seems to (anchors, aliases, tags, several documents) is refused.
type reader struct {
	file  string
	lines []string
	err   error
}

// place is where a value stands.
type place struct {
	reader       *reader
	line, column int
}

// bracketsMax bounds brackets within brackets.
const bracketsMax = 8

// parseDocument returns the one value of a text.
func parseDocument(file string, text []byte) (r *reader, root ast.Node, err error) {
	r = &reader{file: file}
	whole := place{reader: r}
	switch {
	case len(text) > bytesMax:
		return r, nil, whole.wrong("", "a longer file", fmt.Sprintf("at most %d bytes", bytesMax))
	case !utf8.Valid(text):
		return r, nil, whole.wrong("", "bytes that are no UTF-8", "a text in UTF-8")
	}
	source := strings.TrimPrefix(string(text), "\ufeff")
	r.lines = strings.Split(source, "\n")
	// A text that the parser panics on is a wrong text, not a wrong program.
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, whole.wrong("", "a text that is no YAML", "keys and values, each key on its line")
		}
	}()
	tokens := lexer.Tokenize(source)
	if err := r.plain(tokens); err != nil {
		return r, nil, err
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return r, nil, r.malformed(err)
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return r, nil, whole.wrong("", "an empty file", "a portfolio: members, a list of strategies")
	}
	return r, parsed.Docs[0].Body, nil
}

// plain refuses the parts of YAML that portfolio files do without.
func (r *reader) plain(tokens token.Tokens) error {
	depth := 0
	for i, t := range tokens {
		at := r.atToken(t)
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType, token.MappingKeyType:
			return at.wrong("", strconv.Quote(t.Value)+", an anchor, an alias, a tag or a complex key", "plain keys and values; a text with such a sign goes in quotes")
		case token.DocumentHeaderType, token.DocumentEndType:
			if i > 0 {
				return at.wrong("", "a second document", "one portfolio a file")
			}
		case token.SequenceEntryType:
			if i > 0 && tokens[i-1].Type == token.SequenceEntryType {
				return at.wrong("", "a list entry that is empty or a list of lists", "a value after each dash")
			}
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > bracketsMax {
				return at.wrong("", "brackets nested too deep", fmt.Sprintf("at most %d levels", bracketsMax))
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil
}

// malformed is a parser's error as ours.
func (r *reader) malformed(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return place{reader: r}.wrong("", "a text that is no YAML: "+err.Error(), "")
	}
	return r.atToken(e.GetToken()).wrong("", "a text that is no YAML: "+e.GetMessage(), "")
}

// key is a key that a mapping may have, and what reads its value.
type key struct {
	name string
	read func(node ast.Node, path string)
}

// mapping reads a mapping that has no other keys than those.
func (r *reader) mapping(node ast.Node, path string, keys []key) {
	for _, e := range r.entries(node, path, "a mapping: "+unknownKey("", keys), len(keys)+1) {
		known := false
		for _, k := range keys {
			if k.name == e.key && r.err == nil {
				k.read(e.value, join(path, e.key))
			}
			known = known || k.name == e.key
		}
		if !known {
			r.wrong(e.node, join(path, e.key), "an unknown key", unknownKey(e.key, keys))
		}
	}
}

// entry is one key of a mapping.
type entry struct {
	key         string
	node, value ast.Node
}

// entries returns the keys of a mapping of at most most, each once.
func (r *reader) entries(node ast.Node, path, expected string, most int) []entry {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.wrong(node, path, describe(node), expected)
		return nil
	}
	var list []entry
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		for _, e := range list {
			if e.key == name {
				r.wrong(pair.Key, join(path, name), "the key a second time", "it once")
				return nil
			}
		}
		if list = append(list, entry{name, pair.Key, pair.Value}); len(list) > most {
			r.wrong(pair.Key, path, "more keys", fmt.Sprintf("at most %d", most))
			return nil
		}
	}
	return list
}

// list returns the values of a list of at most most.
func (r *reader) list(node ast.Node, path string, most int) []ast.Node {
	seq, ok := node.(*ast.SequenceNode)
	switch {
	case !ok:
		r.wrong(node, path, describe(node), "a list")
	case len(seq.Values) > most:
		r.wrong(node, path, fmt.Sprintf("%d entries", len(seq.Values)), fmt.Sprintf("at most %d", most))
	default:
		return seq.Values
	}
	return nil
}

// texts reads a list of texts.
func (r *reader) texts(node ast.Node, path string) []string {
	var list []string
	for i, item := range r.list(node, path, paramsMax) {
		var text string
		r.scalar(item, fmt.Sprintf("%s[%d]", path, i), "a text", &text)
		list = append(list, text)
	}
	return list
}

// scalar reads any single value as the text that stands there.
func (r *reader) scalar(node ast.Node, path, expected string, to *string) {
	t := scalarToken(node)
	if t == nil {
		r.wrong(node, path, describe(node), expected)
		return
	}
	*to = t.Value
}

// text reads a text that isn't empty.
func (r *reader) text(node ast.Node, path string, to *string) {
	t := scalarToken(node)
	if t == nil || t.Type != token.StringType && !quoted(t) || strings.TrimSpace(t.Value) == "" {
		r.wrong(node, path, describe(node), "a text; in quotes where it looks like something else")
		return
	}
	*to = t.Value
}

func (r *reader) yesNo(node ast.Node, path string, to *bool) {
	t := scalarToken(node)
	if t == nil || quoted(t) || t.Value != "true" && t.Value != "false" {
		r.wrong(node, path, describe(node), "true or false")
		return
	}
	*to = t.Value == "true"
}

// number reads a finite decimal number. YAML's other notations (octal 010, 0x10,
// 1_000) are refused: they are easily misread.
func (r *reader) number(node ast.Node, path string, to *float64) {
	t := scalarToken(node)
	if t != nil && !quoted(t) && strings.Trim(t.Value, "0123456789+-.eE") == "" {
		digits := strings.TrimLeft(t.Value, "+-")
		octal := len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9'
		if x, err := strconv.ParseFloat(t.Value, 64); err == nil && !octal && !math.IsInf(x, 0) {
			*to = x
			return
		}
	}
	r.wrong(node, path, describe(node), "a number")
}

// scalarToken is the token of a plain or quoted value; nil for anything else.
func scalarToken(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken()
	}
	return nil
}

func quoted(t *token.Token) bool {
	return t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
}

// describe says what a node is, for an error.
func describe(node ast.Node) string {
	const longest = 60
	switch node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return "a block of text"
	}
	text := node.GetToken().Value
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return strconv.Quote(text)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// wrong keeps the first error.
func (r *reader) wrong(node ast.Node, path, found, expected string) {
	if r.err == nil {
		r.err = r.at(node).wrong(path, found, expected)
	}
}

// at is where a node begins.
func (r *reader) at(node ast.Node) place {
	switch n := node.(type) {
	case nil:
		return place{reader: r}
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return r.atToken(n.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return r.atToken(n.Key.GetToken())
	}
	return r.atToken(node.GetToken())
}

func (r *reader) atToken(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{reader: r}
	}
	return place{r, t.Position.Line, t.Position.Column}
}

// wrong is the error of a value at the place.
func (p place) wrong(path, found, expected string) *rules.SyntaxError {
	e := &rules.SyntaxError{File: p.reader.file, Path: path, Found: found, Expected: expected}
	if p.line < 1 || p.line > len(p.reader.lines) {
		return e
	}
	line := strings.TrimRight(p.reader.lines[p.line-1], "\r")
	e.Line, e.Column = p.line, min(max(p.column, 1), utf8.RuneCountInString(line)+1)
	e.Excerpt = p.excerpt(e.Column)
	return e
}

// excerpt is the line of the place, the one before it, and a caret.
func (p place) excerpt(column int) string {
	const width = 100
	var b strings.Builder
	for n := max(1, p.line-1); n <= p.line; n++ {
		line := strings.ReplaceAll(strings.TrimRight(p.reader.lines[n-1], "\r"), "\t", " ")
		if runes := []rune(line); len(runes) > width {
			line = string(runes[:width]) + "…"
		}
		sign := " "
		if n == p.line {
			sign = ">"
		}
		fmt.Fprintf(&b, "%s %4d | %s\n", sign, n, line)
	}
	if column <= width {
		b.WriteString("       | " + strings.Repeat(" ", column-1) + "^")
	}
	return strings.TrimRight(b.String(), "\n")
}
