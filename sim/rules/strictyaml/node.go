package strictyaml

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Entry is one key of a mapping.
type Entry struct {
	Key        string
	Node       ast.Node // of the key
	Value      ast.Node // nil for none
	BeforeLine int      // where the same key stood before; 0: nowhere
}

// Entries returns the keys of a mapping in their order; ok is false for any other
// node. A key that comes again is wrong, and the caller's to refuse.
func Entries(node ast.Node) (list []Entry, ok bool) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return nil, false
	}
	list = make([]Entry, 0, len(pairs))
	lines := make(map[string]int, len(pairs))
	for _, pair := range pairs {
		t := pair.Key.GetToken()
		list = append(list, Entry{Key: t.Value, Node: pair.Key, Value: pair.Value, BeforeLine: lines[t.Value]})
		if lines[t.Value] == 0 {
			lines[t.Value] = t.Position.Line
		}
	}
	return list, true
}

// Scalar is what stands there as a single value, plain or quoted; ok is false for
// any other node.
func Scalar(node ast.Node) (text string, ok bool) {
	if t := scalar(node); t != nil {
		return t.Value, true
	}
	return "", false
}

// String reads a string, which may not look like something else, unless it is
// quoted.
func String(node ast.Node) (text string, ok bool) {
	t := scalar(node)
	if t == nil || t.Type != token.StringType && !quoted(t) {
		return "", false
	}
	return t.Value, true
}

// Bool reads true or false.
func Bool(node ast.Node) (value, ok bool) {
	t := scalar(node)
	if t == nil || quoted(t) || t.Value != "true" && t.Value != "false" {
		return false, false
	}
	return t.Value == "true", true
}

// Decimal is the text of a number in plain decimal notation, of any size. YAML's
// other notations (octal 010, 0x10, 1_000) are refused: they are easily misread.
func Decimal(node ast.Node) (text string, ok bool) {
	t := scalar(node)
	if t == nil || quoted(t) || strings.Trim(t.Value, "0123456789+-.eE") != "" {
		return "", false
	}
	digits := strings.TrimLeft(t.Value, "+-")
	if len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		return "", false
	}
	_, err := strconv.ParseFloat(t.Value, 64)
	return t.Value, err == nil || errors.Is(err, strconv.ErrRange)
}

// scalar is the token of a plain or quoted value; nil for anything else.
func scalar(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken()
	}
	return nil
}

func quoted(t *token.Token) bool {
	return t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType
}

// Describe says what a node is, for an error.
func Describe(node ast.Node) string {
	const longest = 60
	switch n := node.(type) {
	case nil:
		return "nothing"
	case *ast.NullNode:
		if n.GetToken().Type == token.NullType {
			return n.GetToken().Value
		}
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return "a block of text"
	}
	t := node.GetToken()
	text := t.Value
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	if t.Type == token.StringType || quoted(t) {
		return strconv.Quote(text)
	}
	return text
}
