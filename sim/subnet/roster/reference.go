package roster

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed reference.yaml
var reference string

// ReferenceText is the subnet file of the reference population, a copy.
func ReferenceText() []byte { return []byte(reference) }

// Reference is the reference population: a seeded subnet of some seventy miners for
// the embedded sample. It needs built-in strategies and the wrappers around them.
func Reference(o Options) (*Roster, error) {
	return Parse("reference.yaml", ReferenceText(), o)
}

// ReferenceName is what people call the reference population in place of a file.
const ReferenceName = "reference"

// Open reads the population that a person names: the reference one by ReferenceName,
// or a file by its path. See Read.
func Open(name string, o Options) (*Roster, error) {
	if name == ReferenceName {
		return Reference(o)
	}
	r, err := Read(name, o)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("found no file %s; expected a subnet file, or '%s' for the embedded population", name, ReferenceName)
	}
	return r, err
}
