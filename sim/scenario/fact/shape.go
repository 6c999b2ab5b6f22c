package fact

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Sort is how a fact is made up.
type Sort uint8

// The sorts.
const (
	Leaf  Sort = iota // one value
	Group             // named facts
	List              // facts of one shape in their order; found by number (1 is the first, -1 the last), or by their key
)

// Shape is what can be said of a fact, whatever it is.
type Shape struct {
	Sort     Sort
	Kind     condition.Kind // of a leaf
	Words    *Words         // of a Word
	Nullable bool           // it may not exist: null

	Fields []Field // of a group, in their order
	Short  int     // index of the field that one value stands for; -1: none

	Elem *Shape // of a list
	Key  int    // index of the Elem's field that an element is found by; -1: by number alone
}

// Field is a named fact.
type Field struct {
	Name    string
	Doc     string // a line, with the unit
	Blank   bool   // --update fills it in where the whole group is blank
	Present bool   // and only if it exists
	Shape   *Shape

	index []int // of the struct's field, through those that are embedded
}

// ShapeOf returns the shape of a type of this package, such as Account. It panics on
// a type that is none.
func ShapeOf[T any]() *Shape { return shapeOf(reflect.TypeFor[T]()) }

// Names returns the names of a group's fields, in their order.
func (s *Shape) Names() []string {
	names := make([]string, len(s.Fields))
	for i := range s.Fields {
		names[i] = s.Fields[i].Name
	}
	return names
}

// Index is the place of the field of that name; -1 for none.
func (s *Shape) Index(name string) int {
	return slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
}

func shapeOf(t reflect.Type) *Shape {
	s := &Shape{Short: -1, Key: -1}
	kind, leaf := leafKind(t)
	switch {
	case leaf:
		s.Kind, s.Nullable = kind, t == reflect.TypeFor[scoring.Value]()
	case t.Kind() == reflect.Pointer:
		s = shapeOf(t.Elem())
		s.Nullable = true
	case t.Kind() == reflect.Slice:
		s.Sort, s.Elem = List, shapeOf(t.Elem())
		if t.Elem().Kind() == reflect.Struct {
			s.Key = marked(t.Elem(), s.Elem, "key")
		}
	case t.Kind() == reflect.Struct:
		s.Sort, s.Fields = Group, fieldsOf(t, nil)
		s.Short = marked(t, s, "short")
	default:
		panic("fact: no fact is a " + t.String())
	}
	return s
}

// leafKind is the kind of a type that is one value.
func leafKind(t reflect.Type) (kind condition.Kind, leaf bool) {
	switch t {
	case reflect.TypeFor[scoring.Value](), reflect.TypeFor[float64]():
		return condition.Number, true
	case reflect.TypeFor[int](), reflect.TypeFor[int64]():
		return condition.Whole, true
	case reflect.TypeFor[Instant]():
		return condition.Instant, true
	case reflect.TypeFor[Date]():
		return condition.Date, true
	case reflect.TypeFor[Length]():
		return condition.Length, true
	case reflect.TypeFor[Word]():
		return condition.Word, true
	case reflect.TypeFor[string]():
		return condition.Text, true
	case reflect.TypeFor[bool]():
		return condition.YesNo, true
	}
	return 0, false
}

// fieldsOf are the fields of a struct; those of an embedded one stand in its place.
func fieldsOf(t reflect.Type, within []int) []Field {
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(within), i)
		if f.Anonymous {
			fields = append(fields, fieldsOf(f.Type, index)...)
			continue
		}
		name, marks := tagOf(f)
		if name == "" || f.Tag.Get("doc") == "" {
			panic(fmt.Sprintf("fact: %s.%s lacks its name or its doc", t, f.Name))
		}
		shape := shapeOf(f.Type)
		if without := strings.Fields(f.Tag.Get("without")); len(without) > 0 {
			shape.leaveOut(without)
		}
		if shape.Sort == Leaf && shape.Kind == condition.Word {
			shape.Words = wordsOf(f.Tag.Get("words"))
		}
		present := slices.Contains(marks, "present")
		fields = append(fields, Field{
			Name: name, Doc: f.Tag.Get("doc"), Blank: present || slices.Contains(marks, "blank"), Present: present, Shape: shape, index: index,
		})
	}
	return fields
}

// tagOf is a field's name and its marks: short, key, blank, present.
func tagOf(f reflect.StructField) (name string, marks []string) {
	name, rest, _ := strings.Cut(f.Tag.Get("fact"), ",")
	return name, strings.Split(rest, ",")
}

// marked is the index of the field of a group that bears a mark; -1 for none.
func marked(t reflect.Type, s *Shape, mark string) int {
	return slices.IndexFunc(s.Fields, func(f Field) bool {
		_, marks := tagOf(t.FieldByIndex(f.index))
		return slices.Contains(marks, mark)
	})
}

// leaveOut removes fields of a group, none of which is its short one.
func (s *Shape) leaveOut(names []string) {
	if s.Short >= 0 {
		panic("fact: a group with a short field is whole")
	}
	s.Fields = slices.DeleteFunc(s.Fields, func(f Field) bool { return slices.Contains(names, f.Name) })
}
