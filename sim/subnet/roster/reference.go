package roster

import _ "embed"

//go:embed reference.yaml
var reference string

// ReferenceText is the subnet file of the reference population, a copy.
func ReferenceText() []byte { return []byte(reference) }

// Reference is the reference population: a seeded subnet of some seventy miners for
// the embedded sample. It needs built-in strategies and the wrappers around them.
func Reference(o Options) (*Roster, error) {
	return Parse("reference.yaml", ReferenceText(), o)
}
