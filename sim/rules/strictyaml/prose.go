package strictyaml

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Block is a text in lines of its own, behind a |; ok is false for any other node.
// Its first line is the one after that of the node.
func Block(node ast.Node) (text string, ok bool) {
	n, ok := node.(*ast.LiteralNode)
	if !ok || n.Value == nil || !strings.HasPrefix(n.Start.Value, "|") {
		return "", false
	}
	return n.Value.Value, true
}

// Prose is any text: plain, quoted or a block, behind a | or a >.
func Prose(node ast.Node) (text string, ok bool) {
	if n, ok := node.(*ast.LiteralNode); ok && n.Value != nil {
		return n.Value.Value, true
	}
	return String(node)
}

// Prose reads a text that may be a block of lines, and isn't empty. White space
// around it does not count.
func (r *Reader) Prose(node ast.Node, path string, to *string) {
	text, ok := Prose(node)
	if text = strings.TrimSpace(text); !ok || text == "" {
		r.Mistyped(node, path, "a text; in quotes where it looks like something else")
		return
	}
	*to = text
}
