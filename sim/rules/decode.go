package rules

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
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
	d.errs = append(d.errs, d.src.place(node).wrong(path, found, expected))
}

func (d *decoder) mistyped(node ast.Node, path, expected string) {
	d.wrong(node, path, strictyaml.Describe(node), expected)
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
		i := slices.IndexFunc(fs, func(f field) bool { return f.key == e.Key })
		if i < 0 {
			d.wrong(e.Node, join(path, e.Key), "an unknown key", known(keys(v.Type()))+didYouMean(e.Key, keys(v.Type())))
			continue
		}
		given[i] = true
		p := join(path, e.Key)
		d.places[p] = d.src.place(e.Value)
		d.decode(e.Value, v.Field(fs[i].index), p, complete)
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
		p := join(path, e.Key)
		d.places[p] = d.src.place(e.Value)
		elem, known := mapElem(v, e.Key)
		d.decode(e.Value, elem, p, !known)
		v.SetMapIndex(reflect.ValueOf(e.Key), elem)
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
		d.places[p] = d.src.place(item)
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

// entries returns the keys of a mapping, each once.
func (d *decoder) entries(node ast.Node, path, expected string) ([]strictyaml.Entry, bool) {
	list, ok := strictyaml.Entries(node)
	if !ok {
		d.mistyped(node, path, expected)
		return nil, false
	}
	once := list[:0]
	for _, e := range list {
		if e.BeforeLine > 0 {
			d.wrong(e.Node, join(path, e.Key), "the key a second time", fmt.Sprintf("it once: it stands on line %d", e.BeforeLine))
			continue
		}
		once = append(once, e)
	}
	return once, true
}

// number reads a finite decimal number.
func (d *decoder) number(node ast.Node, to *float64, path string) {
	text, ok := strictyaml.Decimal(node)
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
	text, ok := strictyaml.Decimal(node)
	v, err := strconv.ParseInt(text, 10, 32)
	if !ok || err != nil {
		d.mistyped(node, path, "a whole number")
		return
	}
	*to = int(v)
}

func (d *decoder) duration(node ast.Node, to *Duration, path string) {
	text, ok := strictyaml.Scalar(node)
	if !ok {
		d.mistyped(node, path, durationForms)
		return
	}
	v, err := ParseDuration(text)
	if err != nil {
		_, expected, _ := strings.Cut(err.Error(), ", expected ")
		d.mistyped(node, path, expected)
		return
	}
	*to = v
}

func (d *decoder) yesNo(node ast.Node, to *bool, path string) {
	v, ok := strictyaml.Bool(node)
	if !ok {
		d.mistyped(node, path, "true or false")
		return
	}
	*to = v
}

// text reads a string, which may not look like something else.
func (d *decoder) text(node ast.Node, v reflect.Value, path string) {
	expected := "a text; in quotes where it looks like something else"
	if e, ok := v.Interface().(enum); ok {
		expected = either(e.allowed())
	}
	text, ok := strictyaml.String(node)
	if !ok {
		d.mistyped(node, path, expected)
		return
	}
	v.SetString(text)
}
