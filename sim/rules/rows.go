package rules

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
)

// Row is one value of a rule set, as a table of it shows it.
type Row struct {
	Path    string
	Value   string // as a rule file would say it
	Origin  string // the built-in set's name, the file and line, or "--set"
	Section string // of the rules
}

// DiffRow is one value in which two rule sets differ. The value is empty in a
// set that has none at the path.
type DiffRow struct {
	Path    string
	A, B    string
	Section string // of the rules
}

// Rows returns every value in the order of the schema, the keys of a map
// sorted. A list of plain values is one row; a list of structs is one row an
// element, "slippage.equities[0]". The set's name and description are no rules.
func (r *Resolved) Rows() []Row {
	var rows []Row
	for l := range leaves(reflect.ValueOf(*r.Set), reflect.Value{}) {
		rows = append(rows, Row{Path: l.path, Value: l.a, Origin: r.places[standing(r.places, l.path)].origin(), Section: l.section})
	}
	return rows
}

// Diff returns the values in which two rule sets differ, in the order of Rows.
func Diff(a, b *Resolved) []DiffRow {
	var rows []DiffRow
	for l := range leaves(reflect.ValueOf(*a.Set), reflect.ValueOf(*b.Set)) {
		if l.a != l.b {
			rows = append(rows, DiffRow{Path: l.path, A: l.a, B: l.b, Section: l.section})
		}
	}
	return rows
}

// paths returns the path of every value of the set and of what holds it.
func (s *Set) paths() []string {
	var paths []string
	for l := range leaves(reflect.ValueOf(*s), reflect.Value{}) {
		for p := l.path; p != "" && !slices.Contains(paths, p); p = parent(p) {
			paths = append(paths, p)
		}
	}
	return paths
}

// leaf is one value of one set, or of two sets at once.
type leaf struct {
	path, section string
	whole         string // path of what a set can take from another: see DiffPart
	a, b          string
}

// leaves yields the values of two sets side by side. Either may be the zero
// Value: a set, or a part of one, that is not there.
func leaves(a, b reflect.Value) func(yield func(leaf) bool) {
	return func(yield func(leaf) bool) {
		t := cmp.Or(typeOf(a), typeOf(b))
		for _, f := range fields(t) {
			if f.section == "" {
				continue // name, description
			}
			w := walker{section: f.section, yield: yield}
			if !w.walk(part(a, f), part(b, f), f.key) {
				return
			}
		}
	}
}

type walker struct {
	section string
	whole   string // what all values below belong to; "": each is its own
	yield   func(leaf) bool
}

// walk yields the values at path and below; false when told to stop.
func (w walker) walk(a, b reflect.Value, path string) bool {
	t := cmp.Or(typeOf(a), typeOf(b))
	switch {
	case t.Kind() == reflect.Struct:
		for _, f := range fields(t) {
			if fa, fb := part(a, f), part(b, f); fa.IsValid() || fb.IsValid() {
				if !w.walk(fa, fb, join(path, f.key)) {
					return false
				}
			}
		}
		return true
	case t.Kind() == reflect.Map:
		for _, key := range union(a, b) {
			k := reflect.ValueOf(key)
			if !w.entry(index(a, k), index(b, k), join(path, key)) {
				return false
			}
		}
		return true
	case structs(t) && length(a)+length(b) > 0:
		for i := range max(length(a), length(b)) {
			if !w.yield(leaf{path + "[" + strconv.Itoa(i) + "]", w.section, cmp.Or(w.whole, path), flow(element(a, i)), flow(element(b, i))}) {
				return false
			}
		}
		return true
	}
	return w.yield(leaf{path, w.section, cmp.Or(w.whole, path), flow(a), flow(b)})
}

// entry yields the values of a map's entry. One that only one of the sets has
// stands or falls as a whole.
func (w walker) entry(a, b reflect.Value, path string) bool {
	if w.whole == "" && a.IsValid() != b.IsValid() {
		w.whole = path
	}
	return w.walk(a, b, path)
}

// structs reports whether a type is a list of structs.
func structs(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

func typeOf(v reflect.Value) reflect.Type {
	if !v.IsValid() {
		return nil
	}
	return v.Type()
}

// part returns the field of a struct; the zero Value where the struct is not
// there, or the field is left out.
func part(v reflect.Value, f field) reflect.Value {
	if !v.IsValid() {
		return v
	}
	p := v.Field(f.index)
	if f.optional && empty(p) {
		return reflect.Value{}
	}
	return p
}

// empty reports whether a value need not be written.
func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

func index(v, key reflect.Value) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return v.MapIndex(key)
}

func element(v reflect.Value, i int) reflect.Value {
	if i >= length(v) {
		return reflect.Value{}
	}
	return v.Index(i)
}

func length(v reflect.Value) int {
	if !v.IsValid() {
		return 0
	}
	return v.Len()
}

// union returns the keys of two maps, sorted.
func union(a, b reflect.Value) []string {
	var names []string
	for _, v := range []reflect.Value{a, b} {
		if v.IsValid() {
			for _, k := range v.MapKeys() {
				names = append(names, k.String())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
