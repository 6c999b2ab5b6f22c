package script

import (
	"fmt"

	"go.starlark.net/starlark"
)

// rangeMax bounds the elements of a range: what is made of one has as many.
const rangeMax = 10_000_000

// builtins is what every script can call in addition to Starlark's own
// functions, or instead of them.
func builtins(cs *classes) starlark.StringDict {
	return starlark.StringDict{
		"math":       newMath(),
		"record":     starlark.NewBuiltin("record", newRecord),
		"range":      starlark.NewBuiltin("range", boundedRange),
		"utc":        builtin("utc", utc(cs.moment)),
		"parse_time": builtin("parse_time", parseTime),
		"duration":   builtin("duration", duration),
	}
}

// boundedRange is Starlark's range, of no more elements than fit into memory.
func boundedRange(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := starlark.Universe["range"].(*starlark.Builtin).CallInternal(thread, args, kwargs)
	if err != nil {
		return nil, err
	}
	if n := starlark.Len(v); n > rangeMax {
		return nil, fmt.Errorf("range: found %d elements; expected at most %d", n, rangeMax)
	}
	return v, nil
}
