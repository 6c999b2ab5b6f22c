package reports

import (
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/sweep"
)

// variedValue is one value that sweep.Vary gave a rule set: of its name, "path=a,
// other.path=b", one part.
type variedValue struct{ path, value string }

// variedValues reads the name of a variant; none of one that was not varied.
func variedValues(name string) []variedValue {
	var values []variedValue
	for part := range strings.SplitSeq(name, ", ") {
		path, value, ok := strings.Cut(part, "=")
		switch n := len(values); {
		case ok:
			values = append(values, variedValue{path, value})
		case n > 0:
			values[n-1].value += ", " + part // the comma was of a list
		default:
			return nil
		}
	}
	return values
}

// varied lists the paths that all variants are named by, if there are several;
// their labels may then be values alone.
func (c *Compare) varied() []string {
	var paths []string
	for i := range c.outcomes() {
		var own []string
		for _, v := range variedValues(c.outcomes()[i].Variant.Name) {
			own = append(own, v.path)
		}
		if i > 0 && !slices.Equal(own, paths) {
			return nil
		}
		paths = own
	}
	if len(paths) < 2 {
		return nil
	}
	return paths
}

// labels are the variants' names for people, in at most so many characters, all in
// the first of these styles in which they fit: whole; with the last part of each
// path; values alone; cut in the middle.
func (c *Compare) labels(characters int) []string {
	names, fit := c.fitting(characters, func(i int) string { return "" })
	if !fit {
		for i, name := range names {
			names[i] = squeeze(name, characters)
		}
	}
	return names
}

// markedLabels are the labels with a mark at the variant whose values are those of
// the set itself; not marked where that takes more characters than there are.
func (c *Compare) markedLabels(characters int) (names []string, marked bool) {
	names, marked = c.fitting(characters, func(i int) string {
		if mark := c.mark(i); mark != "" {
			return " " + mark
		}
		return ""
	})
	if !marked {
		names = c.labels(characters)
	}
	return names, marked
}

// mark says that a variant's values are those of the set that is varied; "" of any
// other.
func (c *Compare) mark(i int) string {
	v := &c.outcomes()[i].Variant
	if !v.Base {
		return ""
	}
	return "(as in " + legible(v.Rules.Set.Name) + ")"
}

// fitting are the labels with something behind each, in the first style in which all
// fit, or else in the shortest.
func (c *Compare) fitting(characters int, behind func(i int) string) (names []string, fit bool) {
	styles := []labelStyle{
		{", ", func(v variedValue) string { return v.path + "=" + v.value }},
		{", ", func(v variedValue) string { return v.path[strings.LastIndexByte(v.path, '.')+1:] + "=" + v.value }},
	}
	if c.varied() != nil {
		styles = append(styles, labelStyle{" · ", func(v variedValue) string { return v.value }})
	}
	for _, style := range styles {
		names = names[:0]
		for i := range c.outcomes() {
			names = append(names, labelOf(&c.outcomes()[i].Variant, style)+behind(i))
		}
		if !slices.ContainsFunc(names, func(name string) bool { return displayed(name) > characters }) {
			return names, true
		}
	}
	return names, false
}

// labelStyle is how the values of a variant make its label.
type labelStyle struct {
	between string
	value   func(variedValue) string
}

func labelOf(v *sweep.Variant, style labelStyle) string {
	values := variedValues(v.Name)
	if values == nil {
		return legible(v.Name)
	}
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = style.value(value)
	}
	return legible(strings.Join(parts, style.between))
}
