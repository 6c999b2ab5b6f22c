package strictyaml

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
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

// Uncut refuses a text without quotes that a comment follows on its line: most likely
// the # was meant to be in it.
func (r *Reader) Uncut(node ast.Node, path string) {
	t := scalar(node)
	if t == nil || quoted(t) || t.Next == nil || t.Next.Type != token.CommentType {
		return
	}
	at := r.Text.at(t.Next)
	lines := strings.Split(r.Text.Source, "\n")
	if at.Line < 1 || at.Line > len(lines) {
		return
	}
	before, _, cut := strings.Cut(lines[at.Line-1], "#")
	if cut && strings.TrimSpace(before) != "" {
		r.Fail(at.Wrong(path, "a comment behind the text "+Describe(node), "quotes around a text with # in it, or the comment on a line of its own"))
	}
}
