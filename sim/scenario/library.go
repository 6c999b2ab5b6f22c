package scenario

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/strategies"
)

// Library is what scenarios need from outside. The zero Library plays the built-in
// strategies, and says no digests.
type Library struct {
	Find   strategies.Finder                                             // strategies by what a file writes; nil: the built-in ones
	FindIn func(dir string) strategies.Finder                            // as Find, with programs that run in that folder; nil: Find, and they run where ptnsim does
	Digest func(*Play) (string, error)                                   // of an account's or a tournament's canonical result; nil: none, ""
	Memory *datasets.Memory                                              // of data files whose hash was verified; may be nil
	Script func(name string, text []byte) (strategies.Definition, error) // a script's definition; nil: there are none
	Vouch  func(result []byte) error                                     // refuses a result.json that is not as it was written; nil: all are taken
}
