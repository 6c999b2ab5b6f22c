package strictyaml

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// Reader reads the values of a text, and keeps the first thing that is wrong: what
// comes after it is not looked at.
type Reader struct {
	Text Text
	err  error
}

// Err is the first thing that was wrong: a *SyntaxError, or what Fail was given.
func (r *Reader) Err() error { return r.err }

// Fail keeps an error, if it is the first.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// At is where a node begins.
func (r *Reader) At(node ast.Node) Place { return r.Text.At(node) }

// Wrong keeps the error of a value.
func (r *Reader) Wrong(node ast.Node, path, found, expected string) {
	r.Fail(r.At(node).Wrong(path, found, expected))
}

// Mistyped is wrong where the node is no such thing as was expected.
func (r *Reader) Mistyped(node ast.Node, path, expected string) {
	r.Wrong(node, path, Describe(node), expected)
}

// Root parses the text and returns its one value; nil where that goes wrong, or
// where there is none. A text of more bytes than the most may be cut short behind
// them: it is refused.
func (r *Reader) Root(expected string) ast.Node {
	if len(r.Text.Source) > r.Text.BytesMax {
		r.Wrong(nil, "", "a longer file", fmt.Sprintf("at most %d bytes", r.Text.BytesMax))
		return nil
	}
	root, err := r.Text.Parse()
	switch {
	case err != nil:
		r.Fail(err)
	case root == nil:
		r.Wrong(nil, "", "an empty file", expected)
	}
	return root
}

// Key is a key that a mapping may have, and what reads its value.
type Key struct {
	Name string
	Read func(node ast.Node, path string)
}

// Mapping reads a mapping that has no other keys than those, each once.
func (r *Reader) Mapping(node ast.Node, path string, keys []Key) {
	for _, e := range r.Entries(node, path, "a mapping: "+oneOf("", keys), len(keys)+1) {
		known := false
		for _, k := range keys {
			if k.Name == e.Key && r.err == nil {
				k.Read(e.Value, Join(path, e.Key))
			}
			known = known || k.Name == e.Key
		}
		if !known {
			r.Wrong(e.Node, Join(path, e.Key), "an unknown key", oneOf(e.Key, keys))
		}
	}
}

// oneOf says what keys there are, and which may have been meant.
func oneOf(found string, keys []Key) string {
	if len(keys) == 0 {
		return "no keys"
	}
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	n := len(names) - 1
	list := names[n]
	if n > 0 {
		list = strings.Join(names[:n], ", ") + " or " + list
	}
	return list + suggest.DidYouMean(found, names)
}

// Entries returns the keys of a mapping of at most most, each once.
func (r *Reader) Entries(node ast.Node, path, expected string, most int) []Entry {
	list, ok := Entries(node)
	if !ok {
		r.Mistyped(node, path, expected)
		return nil
	}
	for i, e := range list {
		switch {
		case e.BeforeLine > 0:
			r.Wrong(e.Node, Join(path, e.Key), "the key a second time", fmt.Sprintf("it once: it stands on line %d", e.BeforeLine))
			return nil
		case i == most:
			r.Wrong(e.Node, path, "more keys", fmt.Sprintf("at most %d", most))
			return nil
		}
	}
	return list
}

// List returns the values of a list of at most most.
func (r *Reader) List(node ast.Node, path string, most int) []ast.Node {
	seq, ok := node.(*ast.SequenceNode)
	switch {
	case !ok:
		r.Mistyped(node, path, "a list")
	case len(seq.Values) > most:
		r.Wrong(node, path, fmt.Sprintf("%d entries", len(seq.Values)), fmt.Sprintf("at most %d", most))
	default:
		return seq.Values
	}
	return nil
}

// Texts reads a list of at most most single values, each as the text that stands
// there.
func (r *Reader) Texts(node ast.Node, path string, most int) []string {
	var list []string
	for i, item := range r.List(node, path, most) {
		var text string
		r.Scalar(item, fmt.Sprintf("%s[%d]", path, i), "a text", &text)
		list = append(list, text)
	}
	return list
}

// Scalar reads any single value as the text that stands there.
func (r *Reader) Scalar(node ast.Node, path, expected string, to *string) {
	text, ok := Scalar(node)
	if !ok {
		r.Mistyped(node, path, expected)
		return
	}
	*to = text
}

// String reads a text that isn't empty.
func (r *Reader) String(node ast.Node, path string, to *string) {
	text, ok := String(node)
	if !ok || strings.TrimSpace(text) == "" {
		r.Mistyped(node, path, "a text; in quotes where it looks like something else")
		return
	}
	*to = text
}

// YesNo reads true or false.
func (r *Reader) YesNo(node ast.Node, path string, to *bool) {
	v, ok := Bool(node)
	if !ok {
		r.Mistyped(node, path, "true or false")
		return
	}
	*to = v
}

// Number reads a finite decimal number.
func (r *Reader) Number(node ast.Node, path string, to *float64) {
	text, ok := Decimal(node)
	v, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || math.IsInf(v, 0) {
		r.Mistyped(node, path, "a number")
		return
	}
	*to = v
}

// Join is the path of a key of a mapping.
func Join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
