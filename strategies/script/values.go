package script

import (
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"
)

// class is a type of the script's world: its name, and what its values can be
// asked for.
type class[T any] struct {
	name       string
	attributes map[string]attribute[T]
	names      []string // of the attributes and methods, sorted
}

// attribute reads one of a value's attributes.
type attribute[T any] func(T) (starlark.Value, error)

func newClass[T any](name string, attributes map[string]attribute[T], methods ...string) *class[T] {
	c := &class[T]{name: name, attributes: attributes, names: methods}
	for name := range attributes {
		c.names = append(c.names, name)
	}
	slices.Sort(c.names)
	return c
}

// object is a value of a class. A script can read it, not write to it.
type object[T any] struct {
	class   *class[T]
	self    T
	methods map[string]*starlark.Builtin
}

// Attr implements starlark.HasAttrs.
func (o *object[T]) Attr(name string) (starlark.Value, error) {
	if get, ok := o.class.attributes[name]; ok {
		return get(o.self)
	}
	if m, ok := o.methods[name]; ok {
		return m, nil
	}
	return nil, nil // Starlark says so, and what may have been meant
}

// AttrNames implements starlark.HasAttrs.
func (o *object[T]) AttrNames() []string { return o.class.names }

// Type implements starlark.Value.
func (o *object[T]) Type() string { return o.class.name }

// String implements starlark.Value.
func (o *object[T]) String() string {
	if s, ok := any(o.self).(fmt.Stringer); ok {
		return s.String()
	}
	return "<" + o.class.name + ">"
}

// Freeze implements starlark.Value.
func (o *object[T]) Freeze() {}

// Truth implements starlark.Value.
func (o *object[T]) Truth() starlark.Bool { return true }

// Hash implements starlark.Value.
func (o *object[T]) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: %s", o.class.name) }

// function is what a builtin does with its arguments.
type function func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

func builtin(name string, f function) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return f(args, kwargs)
	})
}

// record is an object with the fields that a script gives it: where it keeps its
// state.
type record struct {
	kind   string
	names  []string
	values []starlark.Value
}

// fieldsMax bounds a record's fields: they are searched one by one.
const fieldsMax = 1000

func newRecord(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) > 0 {
		return nil, fmt.Errorf("%s: found a value without a name; expected record(name=value)", b.Name())
	}
	r := &record{kind: "record"}
	for _, pair := range kwargs {
		if err := r.SetField(string(pair[0].(starlark.String)), pair[1]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Attr implements starlark.HasAttrs.
func (r *record) Attr(name string) (starlark.Value, error) {
	for i, n := range r.names {
		if n == name {
			return r.values[i], nil
		}
	}
	return nil, nil
}

// SetField implements starlark.HasSetField.
func (r *record) SetField(name string, value starlark.Value) error {
	for i, n := range r.names {
		if n == name {
			r.values[i] = value
			return nil
		}
	}
	if len(r.names) == fieldsMax {
		return fmt.Errorf("a record has %d fields at most; use a dict", fieldsMax)
	}
	r.names, r.values = append(r.names, name), append(r.values, value)
	return nil
}

// AttrNames implements starlark.HasAttrs.
func (r *record) AttrNames() []string { return slices.Sorted(slices.Values(r.names)) }

// Type implements starlark.Value.
func (r *record) Type() string { return r.kind }

// String implements starlark.Value. It doesn't look into the fields, which may
// hold the record itself.
func (r *record) String() string { return fmt.Sprintf("%s%v", r.kind, r.names) }

// Freeze implements starlark.Value.
func (r *record) Freeze() {}

// Truth implements starlark.Value.
func (r *record) Truth() starlark.Bool { return true }

// Hash implements starlark.Value.
func (r *record) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: %s", r.kind) }

// number is a float of the script. What does not exist, NaN, is None: a
// comparison with it is an error, where one with NaN would decide something.
func number(x float64) starlark.Value {
	if math.IsNaN(x) {
		return starlark.None
	}
	return starlark.Float(x)
}

// float reads a number that a script gave.
func float(v starlark.Value, what string) (float64, error) {
	switch x := v.(type) {
	case starlark.Float:
		return float64(x), nil
	case starlark.Int:
		return float64(x.Float()), nil
	}
	return 0, fmt.Errorf("found %s for %s; expected a number", kindOf(v), what)
}

// kindOf names a value's type for a person.
func kindOf(v starlark.Value) string {
	switch v.(type) {
	case starlark.NoneType:
		return "None"
	case starlark.String, starlark.Bytes:
		return "a " + v.Type()
	}
	return "a value of type " + v.Type()
}
