package scenario

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// filling is what is written of a fact: a value, some of its fields, or all of its
// elements.
type filling struct {
	sort   fact.Sort
	value  scalar
	fields []filledField
	items  []filling
	tall   bool // of a group: each field on a line of its own, where it stands outside brackets
	wide   bool // of a list: in brackets on one line
}

type filledField struct {
	name string
	filling
}

// filled writes a fact in place of a blank.
func filled(n fact.Node) filling {
	shape := n.Shape()
	switch {
	case shape.Sort == fact.Leaf:
		return filling{value: written(n.Value(), shape)}
	case n.Null():
		return filling{value: scalar{absent: true}}
	case shape.Sort == fact.List:
		f := filling{sort: fact.List}
		for i := range n.Len() {
			f.items = append(f.items, filled(n.At(i)))
		}
		return f
	}
	fields := slices.DeleteFunc(blanks(shape), func(i int) bool { return shape.Fields[i].Present && n.Field(i).Null() })
	if len(fields) == 1 && fields[0] == shape.Short && !n.Field(fields[0]).Null() && shape.Fields[fields[0]].Shape.Sort != fact.Group {
		return filled(n.Field(fields[0]))
	}
	f := filling{sort: fact.Group}
	for _, i := range fields {
		f.fields = append(f.fields, filledField{shape.Fields[i].Name, filled(n.Field(i))})
	}
	return f
}

// blanks are the fields that a blank of a group is filled with: those that say so,
// or else the one that stands for it, or else all its values.
func blanks(s *fact.Shape) (fields []int) {
	var values []int
	for i, f := range s.Fields {
		if f.Blank {
			fields = append(fields, i)
		}
		if f.Shape.Sort == fact.Leaf {
			values = append(values, i)
		}
	}
	switch {
	case fields != nil:
		return fields
	case s.Short >= 0:
		return []int{s.Short}
	}
	return values
}

// like writes a fact with the fields that an expectation of another one has.
func like(e *Expectation, n fact.Node) filling {
	switch {
	case e.Absent || e.blank() || e.Shape.Sort != fact.Leaf && n.Null():
		return filled(n)
	case e.Shape.Sort == fact.Leaf:
		return filling{value: rewritten(e, n.Value())}
	case e.Shape.Sort == fact.List:
		f := filling{sort: fact.List, wide: bracketed(e.node)}
		if len(e.Items) == 0 {
			return filled(n)
		}
		for i := range n.Len() {
			f.items = append(f.items, like(&e.Items[min(i, len(e.Items)-1)], n.At(i)))
		}
		return f
	case e.short():
		if f := &e.Fields[0]; !n.Field(f.Field).Null() {
			return like(&f.Expectation, n.Field(f.Field))
		}
		fallthrough
	default:
		f := filling{sort: fact.Group, tall: tall(e.node)}
		for i := range e.Fields {
			field := &e.Fields[i]
			f.fields = append(f.fields, filledField{e.Shape.Fields[field.Field].Name, like(&field.Expectation, n.Field(field.Field))})
		}
		return f
	}
}

// rewritten is the value with what the expectation says beside it, such as a
// tolerance, where that can be said of another value.
func rewritten(e *Expectation, v condition.Value) scalar {
	if text, ok := e.Condition.Rewrite(v); ok && !v.Null {
		return scalar{text: text, prose: prose(v.Kind), quote: quoteOf(e.node)}
	}
	return written(v, e.Shape)
}

// written is the value alone. A number that may not exist is null; one that always
// should, and is none, is written as a condition: no file has null for it.
func written(v condition.Value, s *fact.Shape) scalar {
	switch {
	case v.Null && s.Nullable:
		return scalar{absent: true}
	case v.Null:
		return scalar{text: "== " + v.String()}
	}
	return scalar{text: v.String(), prose: prose(v.Kind)}
}

func prose(k condition.Kind) bool { return k == condition.Word || k == condition.Text }

// blank reports whether all of it is to be filled in.
func (e *Expectation) blank() bool { return e.Condition != nil && e.Condition.Blank() }

// short reports whether it is one value in place of its group.
func (e *Expectation) short() bool {
	if e.Shape.Sort != fact.Group || len(e.Fields) != 1 || e.Fields[0].Field != e.Shape.Short {
		return false
	}
	return e.node == e.Fields[0].node
}

// line writes it on one line.
func (f filling) line(brackets bool) string {
	var parts []string
	switch f.sort {
	case fact.Leaf:
		return f.value.in(brackets)
	case fact.List:
		for _, item := range f.items {
			parts = append(parts, item.line(true))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	for _, field := range f.fields {
		parts = append(parts, field.name+": "+field.line(true))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// several reports whether it is better read on lines of its own.
func (f filling) several() bool {
	switch f.sort {
	case fact.List:
		return len(f.items) > 0 && !f.wide
	case fact.Group:
		for _, field := range f.fields {
			if field.several() {
				return true
			}
		}
		return f.tall && len(f.fields) > 0
	}
	return false
}

// lines writes it on lines of its own, each behind an indentation.
func (f filling) lines(indent string) (list []string) {
	for _, item := range f.items {
		list = append(list, item.item(indent)...)
	}
	for _, field := range f.fields {
		if !field.several() {
			list = append(list, indent+field.name+": "+field.line(false))
			continue
		}
		list = append(list, indent+field.name+":")
		list = append(list, field.lines(indent+"  ")...)
	}
	return list
}

// item writes it as an element of a list, behind a dash.
func (f filling) item(indent string) []string {
	if f.sort != fact.Group || !f.tall || len(f.fields) == 0 {
		return []string{indent + "- " + f.line(false)}
	}
	list := f.lines(indent + "  ")
	list[0] = indent + "- " + strings.TrimLeft(list[0], " ")
	return list
}

// quoteOf is in what quotes a node stands, if it is in any.
func quoteOf(node ast.Node) token.Type {
	if node == nil {
		return token.UnknownType
	}
	return node.GetToken().Type
}
