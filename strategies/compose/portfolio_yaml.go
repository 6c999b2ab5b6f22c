package compose

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// reader reads the values of a YAML text and keeps the first thing that is wrong.
type reader struct {
	text strictyaml.Text
	err  error
}

// place is where a value stands.
type place = strictyaml.Place

// parseDocument returns the one value of a text.
func parseDocument(file string, text []byte) (r *reader, root ast.Node, err error) {
	r = &reader{text: strictyaml.Text{File: file, Holds: "portfolio", BytesMax: bytesMax, Source: string(text)}}
	if len(text) > bytesMax { // what is beyond was not read
		return r, nil, r.at(nil).Wrong("", "a longer file", fmt.Sprintf("at most %d bytes", bytesMax))
	}
	if root, err = r.text.Parse(); err != nil {
		return r, nil, err
	}
	if root == nil {
		return r, nil, r.at(nil).Wrong("", "an empty file", "a portfolio: members, a list of strategies")
	}
	return r, root, nil
}

// at is where a node begins.
func (r *reader) at(node ast.Node) place { return r.text.At(node) }

// wrong keeps the first error.
func (r *reader) wrong(node ast.Node, path, found, expected string) {
	if r.err == nil {
		r.err = r.at(node).Wrong(path, found, expected)
	}
}

// mistyped is wrong where the node is no such thing as was expected.
func (r *reader) mistyped(node ast.Node, path, expected string) {
	r.wrong(node, path, strictyaml.Describe(node), expected)
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
			if k.name == e.Key && r.err == nil {
				k.read(e.Value, join(path, e.Key))
			}
			known = known || k.name == e.Key
		}
		if !known {
			r.wrong(e.Node, join(path, e.Key), "an unknown key", unknownKey(e.Key, keys))
		}
	}
}

// entries returns the keys of a mapping of at most most, each once.
func (r *reader) entries(node ast.Node, path, expected string, most int) []strictyaml.Entry {
	list, ok := strictyaml.Entries(node)
	if !ok {
		r.mistyped(node, path, expected)
		return nil
	}
	for i, e := range list {
		switch {
		case e.BeforeLine > 0:
			r.wrong(e.Node, join(path, e.Key), "the key a second time", fmt.Sprintf("it once: it stands on line %d", e.BeforeLine))
			return nil
		case i == most:
			r.wrong(e.Node, path, "more keys", fmt.Sprintf("at most %d", most))
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
		r.mistyped(node, path, "a list")
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
	text, ok := strictyaml.Scalar(node)
	if !ok {
		r.mistyped(node, path, expected)
		return
	}
	*to = text
}

// string reads a text that isn't empty.
func (r *reader) string(node ast.Node, path string, to *string) {
	text, ok := strictyaml.String(node)
	if !ok || strings.TrimSpace(text) == "" {
		r.mistyped(node, path, "a text; in quotes where it looks like something else")
		return
	}
	*to = text
}

func (r *reader) yesNo(node ast.Node, path string, to *bool) {
	v, ok := strictyaml.Bool(node)
	if !ok {
		r.mistyped(node, path, "true or false")
		return
	}
	*to = v
}

// number reads a finite decimal number.
func (r *reader) number(node ast.Node, path string, to *float64) {
	text, ok := strictyaml.Decimal(node)
	v, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || math.IsInf(v, 0) {
		r.mistyped(node, path, "a number")
		return
	}
	*to = v
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
