package scenario

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// Expectation is what a file expects of a fact: of one value, of a group's fields or
// of a list's elements. Which it is, its Shape tells; what is not written is not
// looked at.
type Expectation struct {
	Path  string // from expect on: orders[3].price
	At    Place  // where it begins
	Shape *fact.Shape

	Error string // of the root: the play is refused, and the error has this in it

	Condition *condition.Condition // of one value; also of a whole group or list that is blank (_)
	Absent    bool                 // null: it does not exist; of an element: there is none

	Fields []FieldExpectation   // of a group
	Items  []Expectation        // of a list: all of its elements, in their order
	Some   []ElementExpectation // or some of them
	Whole  bool                 // the list is Items, and nothing else: even where there are none
	Count  *CountExpectation    // how many elements there are; nil: not said

	node ast.Node // that says so
}

// takesNull reports whether one value in place of a group is a condition that holds
// where there is no group: == null.
func (e *Expectation) takesNull() bool {
	if !e.short() || e.Fields[0].Condition == nil {
		return false
	}
	c := e.Fields[0].Condition
	return !c.Blank() && c.Check(condition.Value{Kind: e.Fields[0].Shape.Kind, Null: true}, condition.Tolerance{}).Holds
}

// FieldExpectation is what is expected of a field.
type FieldExpectation struct {
	Field int // index in the shape's Fields
	Expectation
}

// ElementExpectation is what is expected of one element of a list.
type ElementExpectation struct {
	Key    *condition.Value // of the element that has this key; nil: by number
	Number int              // 1 is the first, -1 the last
	Expectation
}

// in is where the element stands in a list, from 0; -1 if there is none.
func (e *ElementExpectation) in(list fact.Node) int { return placeIn(list, e.Key, e.Number) }

// placeIn is where the element of a key, or else of a number (1 is the first, -1 the
// last), stands in a list, from 0; -1 if there is none.
func placeIn(list fact.Node, key *condition.Value, number int) int {
	at := number - 1
	switch {
	case key != nil:
		return list.Find(*key)
	case number < 0:
		at = list.Len() + number
	}
	if at < 0 || at >= list.Len() {
		return -1
	}
	return at
}

// CountExpectation is how many elements a list is expected to have.
type CountExpectation struct {
	condition.Condition // of a Whole
	Path                string
	At                  Place

	node ast.Node // of its value
}

// Finding is an expectation that does not hold.
type Finding struct {
	Path         string // orders[3].price
	Line, Column int    // in the scenario's file
	condition.Verdict
	Missing bool // what it is of does not exist: an order that was never emitted
	Extra   bool // nothing is expected where there is something: one more order
	Blank   bool // nothing is filled in yet

	of *Expectation
}
