package scenario

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// params reads the parameters of a strategy or a script.
func (p *parser) params(node ast.Node, path string) {
	of := &p.of.Actor
	for _, e := range p.Entries(node, path, "a mapping from parameters to values", paramsMax) {
		if !printable(e.Key, lineMax) {
			p.Wrong(e.Node, path, strictyaml.Describe(e.Node), "the name of a parameter")
		}
		of.Params = append(of.Params, strategies.Setting{Name: e.Key, Value: p.value(e.Value, strictyaml.Join(path, e.Key))})
		of.ParamsAt = append(of.ParamsAt, p.At(e.Node))
	}
}

// value reads a parameter's value: any single one is its text, a list is its texts
// with commas between.
func (p *parser) value(node ast.Node, path string) (text string) {
	if _, ok := node.(*ast.SequenceNode); ok {
		var texts []string
		for i, item := range p.List(node, path, paramsMax) {
			p.Scalar(item, fmt.Sprintf("%s[%d]", path, i+1), "a text", &text)
			texts = append(texts, text)
		}
		return strings.Join(texts, ",")
	}
	p.Scalar(node, path, "a value, or a list of them", &text)
	return text
}

// script reads a script that stands in the file.
func (p *parser) script(node ast.Node, path string) {
	text, ok := strictyaml.Block(node)
	if !ok || strings.TrimSpace(text) == "" {
		p.Mistyped(node, path, "a block of Starlark: script: | and lines that are indented (a script's file is named by strategy)")
		return
	}
	p.of.Actor.Script = p.lined(node, text)
}

// subnet reads where a subnet's file is, or keeps the text of one. What that says,
// whoever plays it reads.
func (p *parser) subnet(node ast.Node, path string) {
	if _, mapping := strictyaml.Entries(node); mapping {
		p.of.Actor.SubnetText = p.embedded(path, node)
		return
	}
	if _, ok := strictyaml.Scalar(node); !ok {
		p.Mistyped(node, path, "a subnet's file, or a subnet: its miners")
		return
	}
	p.text(node, path, &p.of.Actor.Subnet)
}
