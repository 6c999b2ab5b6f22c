package fact

import "github.com/ptnsim/ptnsim/sim/scenario/condition"

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
	Nullable bool           // it may not exist: null

	Fields []Field // of a group, in their order
	Short  int     // index of the field that one value stands for; -1: none

	Elem *Shape // of a list
	Key  int    // index of the Elem's field that an element is found by; -1: by number alone
}

// Field is a named fact.
type Field struct {
	Name  string
	Doc   string // a line, with the unit
	Blank bool   // --update fills it in where the whole group is blank
	Shape *Shape
}

// ShapeOf returns the shape of a type of this package, such as Account. It panics on
// a type that is none.
func ShapeOf[T any]() *Shape { panic("not written yet") }

// Node is a fact: a value, a group or a list, as a play has it.
type Node struct {
	shape *Shape
	// Further unexported fields are the owner's to choose.
}

// Of returns the facts of a value of this package.
func Of(v any) Node { panic("not written yet") }

// Shape returns what can be said of it.
func (n Node) Shape() *Shape { return n.shape }

// Null reports whether it does not exist.
func (n Node) Null() bool { panic("not written yet") }

// Value is a leaf's.
func (n Node) Value() condition.Value { panic("not written yet") }

// Field is the i-th field of a group that exists.
func (n Node) Field(i int) Node { panic("not written yet") }

// Len is the length of a list.
func (n Node) Len() int { panic("not written yet") }

// At is the i-th element of a list, from 0.
func (n Node) At(i int) Node { panic("not written yet") }

// Find returns the place of the element of a list whose key has that value; -1 for none.
func (n Node) Find(key condition.Value) int { panic("not written yet") }
