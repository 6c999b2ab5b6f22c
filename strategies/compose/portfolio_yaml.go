package compose

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// reader reads the values of a portfolio file.
type reader struct{ strictyaml.Reader }

// place is where a value stands.
type place = strictyaml.Place

// key is a key that a mapping may have, and what reads its value.
type key = strictyaml.Key

// parseDocument returns the one value of a text.
func parseDocument(file string, text []byte) (r *reader, root ast.Node, err error) {
	r = &reader{strictyaml.Reader{Text: strictyaml.Text{File: file, Holds: "portfolio", BytesMax: bytesMax, Source: string(text)}}}
	root = r.Root("a portfolio: members, a list of strategies")
	return r, root, r.Err()
}
