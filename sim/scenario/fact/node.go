package fact

import (
	"reflect"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Node is a fact: a value, a group or a list, as a play has it.
type Node struct {
	shape *Shape
	value reflect.Value
}

// Of returns the facts of a value of this package, such as an Account, or a pointer to
// one. It panics on a value that is none.
func Of(v any) Node {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	return Node{shapeOf(value.Type()), value}
}

// Shape returns what can be said of it.
func (n Node) Shape() *Shape { return n.shape }

// Null reports whether it does not exist.
func (n Node) Null() bool {
	switch {
	case n.value.Kind() == reflect.Pointer:
		return n.value.IsNil()
	case n.shape.Sort == Leaf && n.shape.Kind == condition.Number:
		_, known := n.number()
		return !known
	}
	return false
}

// Value is a leaf's. Of a number that is none (NaN, an infinity) it is null, and zero
// has no sign, as in result.json.
func (n Node) Value() condition.Value {
	if n.shape.Sort != Leaf {
		panic("fact: a group or a list has no value")
	}
	v := condition.Value{Kind: n.shape.Kind, Null: n.Null()}
	if v.Null {
		return v
	}
	switch at := n.there(); v.Kind {
	case condition.Number:
		v.Number, _ = n.number()
	case condition.Word, condition.Text:
		v.Text = at.String()
	case condition.YesNo:
		v.Yes = at.Bool()
	default:
		v.Whole = at.Int()
	}
	return v
}

// Field is the i-th field of a group that exists.
func (n Node) Field(i int) Node {
	f := &n.shape.Fields[i]
	return Node{f.Shape, n.there().FieldByIndex(f.index)}
}

// Len is the length of a list.
func (n Node) Len() int { return n.value.Len() }

// At is the i-th element of a list, from 0.
func (n Node) At(i int) Node { return Node{n.shape.Elem, n.value.Index(i)} }

// Find returns the place of the first element of a list whose key has that value; -1
// for none.
func (n Node) Find(key condition.Value) int {
	if n.shape.Key < 0 {
		return -1
	}
	for i := range n.Len() {
		if n.At(i).Field(n.shape.Key).Value() == key {
			return i
		}
	}
	return -1
}

// there is what a pointer points to.
func (n Node) there() reflect.Value {
	if n.value.Kind() == reflect.Pointer {
		return n.value.Elem()
	}
	return n.value
}

// number is a Number's, which need not exist.
func (n Node) number() (x float64, known bool) {
	at := n.there()
	if at.Kind() == reflect.Float64 {
		return scoring.Known(at.Float()).Get()
	}
	return at.Interface().(scoring.Value).Get()
}
