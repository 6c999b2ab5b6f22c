package rules

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// Resolved is a rule set with everything that it inherits and that overrides
// it, valid as a whole, and the origin of each value.
type Resolved struct {
	Set     *Set
	Extends []string // the sets it builds on, the nearest first

	places map[string]place
}

// Option changes how a rule set is loaded.
type Option func(*loader)

// WithOverride sets one value, "path=value" as in "cooldown.scope=miner", after
// all files are read; the value is written as in a rule file, "[a, b]" or
// "{crypto: 1}" where it is a list or a mapping. Of two overrides of one path
// the later holds.
func WithOverride(text string) Option {
	return func(l *loader) { l.overrides = append(l.overrides, text) }
}

// Load returns a built-in rule set. Each call returns a set of its own.
func Load(name string, options ...Option) (*Resolved, error) {
	src, err := builtin(name)
	if err != nil {
		return nil, err
	}
	return load(src, "", options)
}

// LoadFile returns the rule set of a file. The file may extend a built-in set
// by its name, or another file by its path relative to this one.
func LoadFile(path string, options ...Option) (*Resolved, error) {
	src, err := readSource(path)
	if err != nil {
		return nil, err
	}
	return load(src, path, options)
}

// Open returns the rule set that a person names: a built-in one by its name, or
// a file by its path.
func Open(name string, options ...Option) (*Resolved, error) {
	if IsPath(name) {
		return LoadFile(name, options...)
	}
	return Load(name, options...)
}

// Parse returns the rule set of a text; errors name it as the file. The text
// may extend built-in sets only.
func Parse(file string, text []byte, options ...Option) (*Resolved, error) {
	return load(newSource(file, string(text)), "", options)
}

// loader reads one rule set and those that it extends.
type loader struct {
	set       *Set
	places    map[string]place
	extends   []string
	files     []string // being read, each extended by the one before it
	overrides []string
	sources   int // laid over the set so far
}

// depthExtends bounds how many sets may extend one another in a row.
const depthExtends = 8

func load(src *source, path string, options []Option) (*Resolved, error) {
	l := loader{set: new(Set), places: make(map[string]place, 1024)}
	for _, option := range options {
		option(&l)
	}
	if path != "" {
		l.files = append(l.files, absolute(path))
	}
	if err := l.read(src, path); err != nil {
		return nil, err
	}
	return l.resolve()
}

// With returns what loading the set anew with more options gives, without reading
// its files again. It shares nothing with r, which may serve any number at once.
func (r *Resolved) With(options ...Option) (*Resolved, error) {
	l := loader{set: clone(reflect.ValueOf(*r.Set)).Addr().Interface().(*Set), places: maps.Clone(r.places), extends: slices.Clone(r.Extends)}
	for _, at := range l.places {
		l.sources = max(l.sources, at.rank())
	}
	for _, option := range options {
		option(&l)
	}
	return l.resolve()
}

// resolve lays the overrides over what was read, and judges the whole.
func (l *loader) resolve() (*Resolved, error) {
	for _, text := range l.overrides {
		if err := l.override(text); err != nil {
			return nil, err
		}
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	return &Resolved{Set: l.set, Extends: l.extends, places: l.places}, nil
}

// read lays a source over what it extends. path is that of its file, "" if it
// has none.
func (l *loader) read(src *source, path string) error {
	root, err := src.Parse()
	if err != nil {
		return err
	}
	if root == nil {
		return src.place(nil).wrong("", "an empty file", "a rule set, such as \"extends: "+Default+"\"")
	}
	base := takeExtends(root)
	d := decoder{src: src, alone: base == nil, places: l.places}
	if base != nil {
		var name string
		if d.decode(base, reflect.ValueOf(&name).Elem(), "extends", false); len(d.errs) > 0 {
			return joinErrors(d.errs)
		}
		if again := takeExtends(root); again != nil {
			return src.place(again).wrong("extends", "the key a second time", "it once")
		}
		if err := l.inherit(name, path); err != nil {
			return src.place(base).because("extends", err)
		}
	}
	// A set's name and description are its own.
	l.set.Name, l.set.Description = strings.TrimSuffix(filepath.Base(src.File), filepath.Ext(src.File)), ""
	src.rank = l.rank()
	d.decode(root, reflect.ValueOf(l.set).Elem(), "", d.alone)
	return joinErrors(d.errs)
}

// takeExtends removes the key extends from a rule file's mapping and returns
// its value's node; nil if there is none.
func takeExtends(root ast.Node) ast.Node {
	mapping, ok := root.(*ast.MappingNode)
	if !ok {
		return nil
	}
	for i, pair := range mapping.Values {
		if pair.Key.GetToken().Value == "extends" {
			mapping.Values = append(mapping.Values[:i:i], mapping.Values[i+1:]...)
			return pair.Value
		}
	}
	return nil
}

// inherit reads the set that the file at path extends.
func (l *loader) inherit(name, path string) error {
	l.extends = append(l.extends, name)
	if len(l.extends) > depthExtends {
		return fmt.Errorf("found more than %d sets that extend one another; expected fewer", depthExtends)
	}
	if !IsPath(name) {
		src, err := builtin(name)
		if err != nil {
			return err
		}
		return l.read(src, "")
	}
	if path == "" {
		return fmt.Errorf("found the file %q; expected %s: a text without a file has nothing that the path could be relative to", name, either(Names()))
	}
	if filepath.IsAbs(name) {
		return fmt.Errorf("found the absolute path %q; expected one relative to this file, or %s", name, either(Names()))
	}
	file := filepath.Join(filepath.Dir(path), filepath.FromSlash(name))
	if slices.Contains(l.files, absolute(file)) {
		return fmt.Errorf("found %q, which extends this file in turn; expected no circle", name)
	}
	l.files = append(l.files, absolute(file))
	src, err := readSource(file)
	if err != nil {
		return err
	}
	return l.read(src, file)
}

// because returns an error that arose in reading another set; one that has a
// place of its own stays as it is.
func (p place) because(path string, err error) error {
	if _, ok := errors.AsType[*SyntaxError](err); ok {
		return err
	}
	if _, ok := err.(interface{ Unwrap() []error }); ok {
		return err
	}
	found, expected, _ := strings.Cut(strings.TrimPrefix(err.Error(), "found "), "; expected ")
	return p.wrong(path, found, expected)
}

// check validates the set as a whole and says where each problem stands.
func (l *loader) check() error {
	var errs []error
	for _, p := range l.set.problems() {
		errs = append(errs, l.cause(p).wrong(p.path, p.found, p.expected))
	}
	return joinErrors(errs)
}

// cause returns the place of a problem: of the values that don't fit together,
// the one that was laid over the set last.
func (l *loader) cause(p problem) place {
	at := place{}
	for _, path := range append([]string{p.path}, p.beside...) {
		stands := standing(l.places, path)
		for _, q := range append([]string{stands}, l.below(stands)...) {
			if other := l.places[q]; other.rank() > at.rank() {
				at = other
			}
		}
	}
	return at
}

// below returns the paths of the places within the one at path, sorted.
func (l *loader) below(path string) []string {
	var paths []string
	for p := range l.places {
		if strings.HasPrefix(p, path+".") {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return paths
}

func (l *loader) rank() int {
	l.sources++
	return l.sources
}

// standing returns the path of the value at path or, where the value stands
// nowhere, of what would hold it; "" for the set itself.
func standing(places map[string]place, path string) string {
	for path != "" {
		if _, ok := places[path]; ok {
			break
		}
		path = parent(path)
	}
	return path
}

// IsPath tells a file's path from a built-in set's name, as Open does.
func IsPath(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml" || strings.ContainsAny(name, `/\`)
}

func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	return abs
}

// readSource reads a rule file, not beyond what a rule file may hold.
func readSource(path string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("found no rule file to read (%w); expected a path of one, or a built-in set: %s", err, either(Names()))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, bytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("found no rule file to read (%w); expected a text file", err)
	}
	return newSource(path, string(text)), nil
}

// printable reports whether a text fits a line of a terminal.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
