package rules

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// OverrideFile is what the errors of an override name in place of a file: the flag that
// says it on a command line.
func OverrideFile(text string) string { return "--set " + text }

// override sets the value at a path of the set: "path=value".
func (l *loader) override(text string) error {
	path, value, ok := strings.Cut(text, "=")
	path = strings.TrimSpace(path)
	src := newSource(OverrideFile(text), value)
	src.origin, src.lined, src.override, src.Inline = "--set", false, path, true
	if !ok || path == "" {
		return src.place(nil).wrong(path, "no path and value", "path=value, such as cooldown.scope=miner")
	}
	node, err := src.Parse()
	if err != nil {
		return err
	}
	src.rank = l.rank()
	d := decoder{src: src, places: l.places}
	if !d.at(node, reflect.ValueOf(l.set).Elem(), "", path, false) {
		return src.place(nil).wrong(path, "an unknown path", "a path of the rule set"+likely(path, l.set.paths()))
	}
	return joinErrors(d.errs)
}

// at decodes node into the value that rest leads to from v, the value at path.
// It reports whether there is one.
func (d *decoder) at(node ast.Node, v reflect.Value, path, rest string, complete bool) bool {
	if rest == "" {
		d.places[path] = d.src.place(node)
		d.decode(node, v, path, complete)
		return true
	}
	key, rest, _ := strings.Cut(rest, ".")
	switch v.Kind() {
	case reflect.Struct:
		fs := fields(v.Type())
		i := slices.IndexFunc(fs, func(f field) bool { return f.key == key })
		return i >= 0 && d.at(node, v.Field(fs[i].index), join(path, key), rest, complete)
	case reflect.Map:
		elem, known := mapElem(v, key)
		if !known && rest != "" {
			d.wrong(nil, join(path, key), "no entry "+quote(key)+" to change", "a new entry as a whole, such as "+join(path, key)+"={key: value}")
			return true
		}
		found := d.at(node, elem, join(path, key), rest, !known)
		v.SetMapIndex(reflect.ValueOf(key), elem)
		return found
	}
	return false
}

// likely names the paths that one may have meant, in brackets: those that end
// in it, such as cooldown.scope for scope, or else those that look like it.
func likely(path string, paths []string) string {
	var ends []string
	for _, p := range paths {
		if strings.HasSuffix(p, "."+path) {
			ends = append(ends, p)
		}
	}
	if len(ends) > 0 {
		return " (did you mean " + either(ends[:min(3, len(ends))]) + "?)"
	}
	return didYouMean(path, paths)
}
