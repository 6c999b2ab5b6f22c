package scenario

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// embedded is the text of a mapping under a key of the file, as a file of its own
// whose lines count as the scenario's: what stands before it becomes comments, and
// what stands behind it is left out. Comments, because parsers are slow to read many
// empty lines. Lines end in LF alone: the YAML library miscounts others.
func (p *parser) embedded(name string, node ast.Node) string {
	lines := strings.SplitAfter(strings.ReplaceAll(p.Text.Source, "\r\n", "\n"), "\n")
	key, _ := p.said(name)
	first, last := p.At(node).Line, len(lines)
	for _, e := range p.top {
		if at := p.At(e.Node).Line; at > p.At(key.Node).Line {
			last = min(last, at-1)
		}
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("#\n", first-1))
	if line := lines[first-1]; p.At(key.Node).Line == first { // {…}, beside its key
		begin := max(strings.Index(line, "{"), 0)
		b.WriteString(strings.Repeat(" ", begin) + line[begin:])
	} else {
		b.WriteString(line)
	}
	for _, line := range lines[first:last] {
		b.WriteString(line)
	}
	return b.String()
}

// lined is the text of a block as a file of its own whose lines count as the
// scenario's. It begins on the line after its node's.
func (p *parser) lined(node ast.Node, text string) string {
	return strings.Repeat("\n", p.At(node).Line) + text
}

// indent is how many blanks a line begins with.
func (p *parser) indent(line int) int {
	lines := strings.Split(p.Text.Source, "\n")
	if line < 1 || line > len(lines) {
		return 0
	}
	return len(lines[line-1]) - len(strings.TrimLeft(lines[line-1], " -"))
}
