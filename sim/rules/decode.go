package rules

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// decoder lays the values of one source over a set, and remembers where each
// came from. What is wrong is gathered; the rest of the source is read on.
type decoder struct {
	src    *source
	alone  bool             // the source extends nothing
	places map[string]place // by path, of every value and of what holds it
	errs   []error
}

func (d *decoder) wrong(node ast.Node, path, found, expected string) {
	at := place{src: d.src}
	if node != nil {
		at = placeOf(d.src, first(node))
	}
	d.errs = append(d.errs, at.wrong(path, found, expected))
}

func (d *decoder) mistyped(node ast.Node, path, expected string) {
	d.wrong(node, path, describe(node), expected)
}

// decode lays node over v, the value at path. A complete value inherits
// nothing: each of its keys has to be there.
func (d *decoder) decode(node ast.Node, v reflect.Value, path string, complete bool) {
	switch p := v.Addr().Interface().(type) {
	case *Duration:
		d.duration(node, p, path)
		return
	case *float64:
		d.number(node, p, path)
		return
	case *int:
		d.whole(node, p, path)
		return
	case *bool:
		d.yesNo(node, p, path)
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.text(node, v, path)
	case reflect.Struct:
		d.structure(node, v, path, complete)
	case reflect.Map:
		d.table(node, v, path)
	case reflect.Slice:
		d.list(node, v, path)
	default:
		panic("rules: no way to decode a " + v.Type().String())
	}
}

// structure lays a mapping over a struct, key by key.
func (d *decoder) structure(node ast.Node, v reflect.Value, path string, complete bool) {
	fs := fields(v.Type())
	entries, ok := d.entries(node, path, "a mapping: "+known(keys(v.Type())))
	if !ok {
		return
	}
	given := make([]bool, len(fs))
	for _, e := range entries {
		i := slices.IndexFunc(fs, func(f field) bool { return f.key == e.key })
		if i < 0 {
			d.wrong(e.node.Key, join(path, e.key), "an unknown key", known(keys(v.Type()))+didYouMean(e.key, keys(v.Type())))
			continue
		}
		given[i] = true
		p := join(path, e.key)
		d.places[p] = placeOf(d.src, first(e.node.Value))
		d.decode(e.node.Value, v.Field(fs[i].index), p, complete)
	}
	if complete {
		d.missing(node, fs, given, path)
	}
}

// namesMax bounds how many names an error lists.
const namesMax = 12

// known lists the keys that may stand in a mapping.
func known(names []string) string {
	if len(names) > namesMax {
		return "a key of the rule set; \"rules show\" lists them"
	}
	return either(names)
}

func (d *decoder) missing(node ast.Node, fs []field, given []bool, path string) {
	var names []string
	for i, f := range fs {
		if !given[i] && !f.optional {
			names = append(names, f.key)
		}
	}
	if len(names) == 0 {
		return
	}
	expected := "every key"
	if d.alone && !strings.Contains(path, "[") {
		expected += ", or a line such as \"extends: " + Default + "\" to inherit the rest"
	}
	if n := len(names) - namesMax; n > 0 {
		names = append(names[:namesMax], strconv.Itoa(n)+" more")
	}
	d.wrong(node, path, "nothing for "+all(names), expected)
}

// table lays a mapping over a map: its keys are added to those inherited.
func (d *decoder) table(node ast.Node, v reflect.Value, path string) {
	entries, ok := d.entries(node, path, "a mapping from names to values")
	if !ok {
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for _, e := range entries {
		p := join(path, e.key)
		d.places[p] = placeOf(d.src, first(e.node.Value))
		elem, known := mapElem(v, e.key)
		d.decode(e.node.Value, elem, p, !known)
		v.SetMapIndex(reflect.ValueOf(e.key), elem)
	}
}

// mapElem returns an addressable copy of the element at key, or a zero one.
func mapElem(v reflect.Value, key string) (elem reflect.Value, known bool) {
	elem = reflect.New(v.Type().Elem()).Elem()
	old := v.MapIndex(reflect.ValueOf(key))
	if old.IsValid() {
		elem.Set(old)
	}
	return elem, old.IsValid()
}

// list replaces a list as a whole.
func (d *decoder) list(node ast.Node, v reflect.Value, path string) {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		d.mistyped(node, path, "a list, such as [] or [a, b]")
		return
	}
	if v.Len() > 0 {
		maps.DeleteFunc(d.places, func(p string, _ place) bool { return strings.HasPrefix(p, path+"[") })
	}
	v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
	var columns []field
	if structs(v.Type()) {
		columns = fields(v.Type().Elem())
	}
	for i, item := range seq.Values {
		p := path + "[" + strconv.Itoa(i) + "]"
		if item == nil {
			d.wrong(node, p, "nothing", "a value")
			continue
		}
		d.places[p] = placeOf(d.src, first(item))
		if row, ok := item.(*ast.SequenceNode); ok && columns != nil {
			d.row(row, v.Index(i), p, columns)
			continue
		}
		d.decode(item, v.Index(i), p, true)
	}
}

// row reads a struct of a list that is written as a row of a table: the values
// of all its keys, in their order.
func (d *decoder) row(row *ast.SequenceNode, v reflect.Value, path string, fs []field) {
	if len(row.Values) != len(fs) {
		d.wrong(row, path, fmt.Sprintf("a row of %d values", len(row.Values)),
			fmt.Sprintf("%d: %s", len(fs), strings.Join(keys(v.Type()), ", ")))
		return
	}
	for i, value := range row.Values {
		d.decode(value, v.Field(fs[i].index), join(path, fs[i].key), true)
	}
}

// entry is one key of a mapping.
type entry struct {
	key  string
	node *ast.MappingValueNode
}

// entries returns the keys of a mapping, each once.
func (d *decoder) entries(node ast.Node, path, expected string) ([]entry, bool) {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		d.mistyped(node, path, expected)
		return nil, false
	}
	list := make([]entry, 0, len(pairs))
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		if i := slices.IndexFunc(list, func(e entry) bool { return e.key == key }); i >= 0 {
			d.wrong(pair.Key, join(path, key), "the key a second time",
				fmt.Sprintf("it once: it stands on line %d", list[i].node.Key.GetToken().Position.Line))
			continue
		}
		list = append(list, entry{key, pair})
	}
	return list, true
}

// number reads a finite decimal number.
func (d *decoder) number(node ast.Node, to *float64, path string) {
	text, ok := decimal(node)
	if !ok {
		d.mistyped(node, path, "a number")
		return
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		d.mistyped(node, path, "a number within the range of a float64")
		return
	}
	*to = v
}

func (d *decoder) whole(node ast.Node, to *int, path string) {
	text, ok := decimal(node)
	v, err := strconv.ParseInt(text, 10, 32)
	if !ok || err != nil {
		d.mistyped(node, path, "a whole number")
		return
	}
	*to = int(v)
}

func (d *decoder) duration(node ast.Node, to *Duration, path string) {
	t := scalar(node)
	if t == nil {
		d.mistyped(node, path, durationForms)
		return
	}
	v, err := ParseDuration(t.Value)
	if err != nil {
		_, expected, _ := strings.Cut(err.Error(), ", expected ")
		d.mistyped(node, path, expected)
		return
	}
	*to = v
}

func (d *decoder) yesNo(node ast.Node, to *bool, path string) {
	t := scalar(node)
	if t == nil || quoted(t) || (t.Value != "true" && t.Value != "false") {
		d.mistyped(node, path, "true or false")
		return
	}
	*to = t.Value == "true"
}

// text reads a string, which may not look like something else.
func (d *decoder) text(node ast.Node, v reflect.Value, path string) {
	expected := "a text; in quotes where it looks like something else"
	if e, ok := v.Interface().(enum); ok {
		expected = either(e.allowed())
	}
	t := scalar(node)
	if t == nil || (t.Type != token.StringType && !quoted(t)) {
		d.mistyped(node, path, expected)
		return
	}
	v.SetString(t.Value)
}

// scalar returns the token of a plain or quoted value; nil for anything else.
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

// decimal returns the text of a number in plain decimal notation. YAML's other
// notations (octal 010, 0x10, 1_000) are refused: they are easily misread.
func decimal(node ast.Node) (string, bool) {
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

// describe says what a node is, for an error.
func describe(node ast.Node) string {
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
