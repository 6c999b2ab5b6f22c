package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
)

// newRandom makes a source of random numbers that depend on the run's seed.
func newRandom(of *sim.Random) starlark.Value {
	methods := make(map[string]*starlark.Builtin)
	var names []string
	for name, f := range map[string]function{
		"uniform": func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			low, high := numberArg(0), numberArg(1)
			if err := starlark.UnpackArgs("uniform", args, kwargs, "low?", &low, "high?", &high); err != nil {
				return nil, err
			}
			return starlark.Float(float64(low) + float64(float64(high-low)*of.Float64())), nil
		},
		"integer": func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var n int
			if err := starlark.UnpackArgs("integer", args, kwargs, "n", &n); err != nil {
				return nil, err
			}
			if n <= 0 {
				return nil, fmt.Errorf("integer: found %d; expected a positive number: it draws from 0 to n-1", n)
			}
			return starlark.MakeInt(of.IntN(n)), nil
		},
		"normal": func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			if err := starlark.UnpackArgs("normal", args, kwargs); err != nil {
				return nil, err
			}
			return starlark.Float(of.Normal()), nil
		},
		"choice": func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var from starlark.Indexable
			if err := starlark.UnpackArgs("choice", args, kwargs, "of", &from); err != nil {
				return nil, err
			}
			if from.Len() == 0 {
				return nil, errors.New("choice: found nothing to choose from")
			}
			return from.Index(of.IntN(from.Len())), nil
		},
	} {
		methods[name] = builtin(name, f)
		names = append(names, name)
	}
	return &object[*sim.Random]{class: newClass[*sim.Random]("random", nil, names...), self: of, methods: methods}
}
