package sweep

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Mix returns from with some changes switched to what to says: of all its changes to
// it, the rules of to. The set's name tells what was switched.
func Mix(from, to *rules.Resolved, changes ...Change) (*rules.Resolved, error) {
	return mix(from, to, "+", changes)
}

// Without returns to with some changes from from switched back.
func Without(from, to *rules.Resolved, changes ...Change) (*rules.Resolved, error) {
	return mix(to, from, "-", changes)
}

// mix returns the set base with what other has where the changes are.
func mix(base, other *rules.Resolved, sign string, changes []Change) (*rules.Resolved, error) {
	var paths []string
	for _, c := range changes {
		paths = append(paths, c.Paths...)
	}
	name := mixedName(base.Set.Name, sign, changes)
	mixed, err := rules.Mix(base, other, name, "values of "+base.Set.Name+" and "+other.Set.Name, paths...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return mixed, nil
}

// nameMax is how long the name of a rule set may be, bytes.
const nameMax = 100

// mixedName is "ptn-2025-02 + carry.rate"; of changes whose names are too long
// together it is "ptn-2025-02 + 7 changes".
func mixedName(base, sign string, changes []Change) string {
	name := base
	for _, c := range changes {
		name += " " + sign + " " + c.Name
	}
	if len(name) <= nameMax {
		return name
	}
	count := fmt.Sprintf(" %s %d changes", sign, len(changes))
	kept := ""
	for _, r := range base {
		if len(kept)+len(string(r))+len("…")+len(count) > nameMax {
			return kept + "…" + count
		}
		kept += string(r)
	}
	return base + count
}
