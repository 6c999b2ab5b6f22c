package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Changes returns the differences between two rule sets as switches, in the order
// of the rules: each value by itself where a set with only that one switched is
// valid, and one with all others switched too; else together with those that it
// needs. Sets of the same rules have none.
func Changes(from, to *rules.Resolved) ([]Change, error) {
	b := bundles{from: from, to: to, parts: rules.DiffParts(from, to)}
	for i := range b.parts {
		b.of = append(b.of, []int{i})
	}
	for i := 0; i < len(b.of); {
		misfits := b.misfits(i)
		switch {
		case len(misfits) == 0:
			i++
		case len(b.of) == 1:
			return nil, fmt.Errorf("%s and %s: found %s, which does not fit the other rules; expected two valid rule sets", from.Set.Name, to.Set.Name, misfits[0])
		default:
			i = b.join(i, misfits)
		}
	}
	changes := make([]Change, 0, len(b.of))
	for i := range b.of {
		changes = append(changes, b.change(i))
	}
	return changes, nil
}

// bundles are the differences of two sets, by what is switched together.
type bundles struct {
	from, to *rules.Resolved
	parts    []rules.DiffPart
	of       [][]int // indices of parts, ascending; ordered by the first
}

// misfits are the paths of values that don't fit the others where the i-th bundle
// alone is switched, or everything else; none if it can be switched by itself.
func (b *bundles) misfits(i int) []string {
	paths := b.paths(i)
	_, alone := rules.Mix(b.from, b.to, b.from.Set.Name, "", paths...)
	_, others := rules.Mix(b.to, b.from, b.to.Set.Name, "", paths...)
	return append(wrongPaths(alone), wrongPaths(others)...)
}

func (b *bundles) paths(i int) []string {
	paths := make([]string, 0, len(b.of[i]))
	for _, p := range b.of[i] {
		paths = append(paths, b.parts[p].Path)
	}
	return paths
}

// wrongPaths are the paths that an error of rules.Mix names.
func wrongPaths(err error) []string {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var paths []string
		for _, one := range many.Unwrap() {
			paths = append(paths, wrongPaths(one)...)
		}
		return paths
	}
	wrong, ok := errors.AsType[*rules.SyntaxError](err)
	if !ok {
		panic("sweep: a part of a rule set that can't be exchanged: " + err.Error())
	}
	return []string{wrong.Path}
}

// join puts the i-th bundle and those that hold the misfits into one. If nobody else
// holds any, what they need is near: with it go those next to them in a rule file.
// It returns the place of the joined one.
func (b *bundles) join(i int, misfits []string) (at int) {
	others := b.holding(i, misfits)
	for len(others) == 0 && climb(misfits) {
		others = b.holding(i, misfits)
	}
	if len(others) == 0 { // nothing is near, but all together fit
		others = b.allBut(i)
	}
	at = i
	for _, j := range others {
		b.of[i] = append(b.of[i], b.of[j]...)
		at = min(at, j)
	}
	slices.Sort(b.of[i])
	b.of[at], b.of[i] = b.of[i], b.of[at]
	var kept [][]int
	for j := range b.of {
		if j == at || j != i && !slices.Contains(others, j) {
			kept = append(kept, b.of[j])
		}
	}
	b.of = kept
	return at
}

// holding lists the bundles but the i-th with a part at one of the paths, below it,
// or around it.
func (b *bundles) holding(i int, paths []string) []int {
	return slices.DeleteFunc(b.allBut(i), func(j int) bool {
		return !slices.ContainsFunc(b.of[j], func(p int) bool {
			part := b.parts[p].Path
			return slices.ContainsFunc(paths, func(path string) bool { return within(part, path) || within(path, part) })
		})
	})
}

func (b *bundles) allBut(i int) []int {
	var others []int
	for j := range b.of {
		if j != i {
			others = append(others, j)
		}
	}
	return others
}

// climb replaces each path by that of what holds it; false if nothing does any more.
func climb(paths []string) bool {
	climbed := false
	for i, path := range paths {
		if up := strings.LastIndexAny(path, ".["); up > 0 {
			paths[i], climbed = path[:up], true
		}
	}
	return climbed
}

// within reports whether a path is another one, or below it.
func within(path, of string) bool {
	rest, ok := strings.CutPrefix(path, of)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// change is the i-th bundle as people see it.
func (b *bundles) change(i int) Change {
	c := Change{Name: b.name(i), Paths: b.paths(i)}
	for _, p := range b.of[i] {
		c.Rows = append(c.Rows, b.parts[p].Rows...)
	}
	c.Section = c.Rows[0].Section
	return c
}

// name is the path that the parts of a bundle, and no others, have in common.
func (b *bundles) name(i int) string {
	first := b.parts[b.of[i][0]].Path
	if len(b.of[i]) == 1 {
		return first
	}
	common := first
	for common != "" && slices.ContainsFunc(b.of[i], func(p int) bool { return !within(b.parts[p].Path, common) }) {
		common = common[:max(0, strings.LastIndexByte(common, '.'))]
	}
	if common != "" && len(b.holding(i, []string{common})) == 0 {
		return common
	}
	return fmt.Sprintf("%s and %d more", first, len(b.of[i])-1)
}
