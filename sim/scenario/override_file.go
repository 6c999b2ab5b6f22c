package scenario

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// overrides reads the rules that are set otherwise, each a path and any value.
func (p *parser) overrides(node ast.Node, path string) {
	for _, e := range p.Entries(node, path, "a mapping from paths of the rule set to values", rulesMax) {
		if strings.Contains(e.Key, "=") || strings.TrimSpace(e.Key) == "" {
			p.Wrong(e.Node, path, strconv.Quote(e.Key), "a path of the rule set, such as cooldown.period")
			return
		}
		p.of.Overrides = append(p.of.Overrides, Override{e.Key + "=" + flow(e.Value), p.At(e.Node)})
	}
}

// flow writes a value on one line, as a --set takes it.
func flow(node ast.Node) string {
	if entries, ok := strictyaml.Entries(node); ok {
		var list []string
		for _, e := range entries {
			list = append(list, flowText(e.Node)+": "+flow(e.Value))
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		var texts []string
		for _, item := range list.Values {
			texts = append(texts, flow(item))
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return flowText(node)
}

// flowText writes a single value. What is plain stays so where it can: quotes make
// a text of a number.
func flowText(node ast.Node) string {
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._/ "
	text, ok := strictyaml.Scalar(node)
	if block, isBlock := strictyaml.Prose(node); isBlock && !ok {
		return strconv.Quote(block)
	}
	if !ok {
		return "null"
	}
	switch t := node.GetToken(); {
	case t.Type == token.SingleQuoteType, t.Type == token.DoubleQuoteType, t.Type == token.StringType && strings.Trim(text, harmless) != "":
		return strconv.Quote(text)
	}
	return text
}
