package scenario

import (
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// Term is a path of a Requirement, with what is found there.
type Term struct {
	Path     string // with a word in capitals for an element: orders.N.price, daily.DATE.log_return
	Kind     condition.Kind
	Nullable bool   // it may not exist: null
	Doc      string // a line, with the unit
	Short    string // of a group that stands for one of its facts: the path of that
}

// Vocabulary lists all paths to one value of a shape, in its order. N is an element's
// number, any other word in capitals its key.
func Vocabulary(shape *fact.Shape) []Term {
	return termsOf(nil, "", "", shape)
}

func termsOf(terms []Term, path, doc string, shape *fact.Shape) []Term {
	switch shape.Sort {
	case fact.Leaf:
		return append(terms, Term{Path: path, Kind: shape.Kind, Nullable: shape.Nullable, Doc: doc})
	case fact.List:
		terms = append(terms, Term{Path: path + ".count", Kind: condition.Whole, Doc: "how many there are of " + path})
		element := "N"
		if shape.Key >= 0 {
			element = strings.ToUpper(shape.Elem.Fields[shape.Key].Name)
		}
		return termsOf(terms, path+"."+element, doc, shape.Elem)
	}
	if path != "" {
		terms = shortTerm(terms, path, doc, shape)
	}
	for _, f := range shape.Fields {
		terms = termsOf(terms, strictyaml.Join(path, f.Name), f.Doc, f.Shape)
	}
	return terms
}

// shortTerm adds a group's own path, if it stands for one value.
func shortTerm(terms []Term, path, doc string, shape *fact.Shape) []Term {
	if shape.Short < 0 {
		return terms
	}
	short := shape.Fields[shape.Short]
	if short.Shape.Sort != fact.Leaf {
		return terms
	}
	return append(terms, Term{
		Path: path, Kind: short.Shape.Kind, Nullable: shape.Nullable || short.Shape.Nullable,
		Doc: doc, Short: strictyaml.Join(path, short.Name),
	})
}
