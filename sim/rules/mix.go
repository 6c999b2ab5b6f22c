package rules

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// DiffPart is a part of a rule set in which two sets differ, and that one can take
// from the other by itself: a single value; a list, as a whole; an entry of a map
// that only one of them has.
type DiffPart struct {
	Path string
	Rows []DiffRow // of Diff
}

// DiffParts returns the rows of Diff by the parts that they belong to, in their
// order. Whether a set with just one of them exchanged is valid, Mix tells.
func DiffParts(a, b *Resolved) []DiffPart {
	var parts []DiffPart
	for l := range leaves(reflect.ValueOf(*a.Set), reflect.ValueOf(*b.Set)) {
		if l.a == l.b {
			continue
		}
		if n := len(parts); n == 0 || parts[n-1].Path != l.whole {
			parts = append(parts, DiffPart{Path: l.whole})
		}
		p := &parts[len(parts)-1]
		p.Rows = append(p.Rows, DiffRow{Path: l.path, A: l.a, B: l.b, Section: l.section})
	}
	return parts
}

// Mix returns rule set a with what b has at some paths: those of values, of what
// holds values, or of rows of Diff. A list is taken as a whole, and so is an entry
// of a map that only one of the sets has. What b lacks is taken away. The result
// shares nothing with either.
//
// The error joins a *SyntaxError for every value that does not fit the others then,
// with its path.
func Mix(a, b *Resolved, name, description string, paths ...string) (*Resolved, error) {
	m := &Resolved{Set: clone(reflect.ValueOf(*a.Set)).Addr().Interface().(*Set), Extends: append([]string{a.Set.Name}, a.Extends...), places: maps.Clone(a.places)}
	for _, path := range paths {
		path, _, _ = strings.Cut(path, "[")
		if !take(reflect.ValueOf(m.Set).Elem(), reflect.ValueOf(*b.Set), path) {
			return nil, fmt.Errorf("found the unknown path %q; expected a path of the rule set%s", path, likely(path, b.Set.paths()))
		}
		m.takePlaces(b, path)
	}
	m.Set.Name, m.Set.Description = name, description
	if err := m.Set.Validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// take gives to what from has at a path below both; false if there is no such path.
func take(to, from reflect.Value, path string) bool {
	if path == "" {
		to.Set(clone(from))
		return true
	}
	key, rest, _ := strings.Cut(path, ".")
	switch to.Kind() {
	case reflect.Struct:
		for _, f := range fields(to.Type()) {
			if f.key == key {
				return take(to.Field(f.index), from.Field(f.index), rest)
			}
		}
	case reflect.Map:
		return takeEntry(to, from, reflect.ValueOf(key), rest)
	}
	return false
}

// takeEntry gives a map what another has at a path below the key of both.
func takeEntry(to, from, key reflect.Value, rest string) bool {
	old, given := to.MapIndex(key), from.MapIndex(key)
	switch {
	case !given.IsValid():
		if old.IsValid() {
			to.SetMapIndex(key, reflect.Value{})
		}
		return old.IsValid()
	case !old.IsValid():
		rest = ""
	}
	elem := reflect.New(to.Type().Elem()).Elem()
	if old.IsValid() {
		elem.Set(old)
	}
	found := take(elem, given, rest)
	if to.IsNil() {
		to.Set(reflect.MakeMap(to.Type()))
	}
	to.SetMapIndex(key, elem)
	return found
}

// takePlaces says that what the set has at a path, and below, comes from where b
// has it from.
func (r *Resolved) takePlaces(b *Resolved, path string) {
	below := func(p string) bool {
		return p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[")
	}
	maps.DeleteFunc(r.places, func(p string, _ place) bool { return below(p) })
	for p, at := range b.places {
		if below(p) {
			r.places[p] = at
		}
	}
	if at, ok := b.places[standing(b.places, path)]; ok {
		r.places[path] = at
	}
}

// clone returns an addressable copy of a value of the schema that shares nothing
// with it.
func clone(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			c.Field(i).Set(clone(v.Field(i)))
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				c.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			c.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, k := range v.MapKeys() {
				c.SetMapIndex(k, clone(v.MapIndex(k)))
			}
		}
	}
	return c
}
