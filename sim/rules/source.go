package rules

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// SyntaxError is one thing that is wrong in a rule file or an override.
type SyntaxError = strictyaml.SyntaxError

// errorsMax bounds how many errors of a file are reported at once.
const errorsMax = 10

// joinErrors returns the errors as one, the first ones where there are many.
func joinErrors(list []error) error {
	if n := len(list) - errorsMax; n > 0 {
		list = append(list[:errorsMax:errorsMax], fmt.Errorf("and %d more", n))
	}
	return errors.Join(list...)
}

// source is a text that rules are read from: a file or an override.
type source struct {
	strictyaml.Text
	origin   string // as the origin of a value names it, without a line
	lined    bool   // whether an origin cites the line
	override string // the path that it sets; "" for a file
	rank     int    // of the sources that make a set, the last has the highest
}

// bytesMax bounds a rule file, far above what one needs.
const bytesMax = 1 << 20

// newSource is the text of a file.
func newSource(file, text string) *source {
	return &source{origin: file, lined: true, Text: strictyaml.Text{
		File: file, Holds: "rule set", Instead: "a set inherits with extends", BytesMax: bytesMax, Source: text}}
}

// place is where a value stands; the zero place is nowhere.
type place struct {
	src *source
	at  strictyaml.Place
}

// place is where a node begins; the text as a whole for none.
func (s *source) place(node ast.Node) place { return place{s, s.At(node)} }

func (p place) rank() int {
	if p.src == nil {
		return 0
	}
	return p.src.rank
}

// origin says where a value comes from: a built-in set's name, a file and its
// line, or "--set".
func (p place) origin() string {
	if p.src == nil {
		return ""
	}
	if p.src.lined {
		return fmt.Sprintf("%s:%d", p.src.origin, p.at.Line)
	}
	return p.src.origin
}

// wrong returns the error of a value at the place.
func (p place) wrong(path, found, expected string) *SyntaxError {
	if p.src == nil {
		return &SyntaxError{Path: path, Found: found, Expected: expected}
	}
	if path == p.src.override { // the file says it
		path = ""
	}
	return p.at.Wrong(path, found, expected)
}
