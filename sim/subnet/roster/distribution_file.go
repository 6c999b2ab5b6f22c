package roster

import (
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// unit reads a bound of a distribution.
type unit func(node ast.Node, path string) (x float64, ok bool)

// scale is how the values of a distribution are written.
type scale struct {
	value     unit // of bounds, choices and a normal's mean
	deviation unit // of a normal's deviation
	least     float64
	choices   func(node ast.Node, path string) // in place of values, where it may choose from texts; or nil
}

// isSpread reports whether a distribution is written there.
func isSpread(node ast.Node) bool {
	_, ok := strictyaml.Entries(node)
	return ok
}

// spread reads a distribution: {uniform: [1, 10]}.
func (r *reader) spread(node ast.Node, path string, s scale) (d distribution) {
	d.least, d.most = s.least, math.Inf(1)
	said, bounded := 0, false
	is := func(of shape, read func(n ast.Node, path string)) key {
		return key{Name: string(of), Read: func(n ast.Node, path string) {
			said, d.shape = said+1, of
			read(n, path)
		}}
	}
	two := func(first, second unit) func(n ast.Node, path string) {
		return func(n ast.Node, path string) { r.two(n, path, first, second, &d) }
	}
	bound := func(to *float64) func(n ast.Node, path string) {
		return func(n ast.Node, path string) {
			bounded = true
			if x, ok := s.value(n, path); ok {
				*to = x
			}
		}
	}
	r.Mapping(node, path, []key{
		is(uniform, two(s.value, s.value)),
		is(logUniform, two(s.value, s.value)),
		is(normal, two(s.value, s.deviation)),
		is(choice, func(n ast.Node, path string) { r.choices(n, path, s, &d) }),
		{Name: "min", Read: bound(&d.least)},
		{Name: "max", Read: bound(&d.most)},
	})
	if r.Err() != nil {
		return d
	}
	switch {
	case said != 1:
		r.Wrong(node, path, strconv.Itoa(said)+" distributions", "one: uniform, loguniform, normal or choice")
	case bounded && d.shape != normal:
		r.Wrong(node, path, "min or max beside "+string(d.shape), "them beside normal alone: what is drawn outside is drawn again")
	case d.least >= d.most:
		r.Wrong(node, path, "a min that is not below max", "min below max")
	case d.shape == logUniform && d.low <= 0:
		r.Wrong(node, path, "a lower bound that is not over 0", "one over 0: what is drawn evenly is the logarithm")
	case (d.shape == uniform || d.shape == logUniform) && d.low >= d.high:
		r.Wrong(node, path, "bounds that do not ascend", "the lower bound first, then a higher one")
	case d.shape == normal && d.high <= 0:
		r.Wrong(node, path, "a standard deviation that is not over 0", "[mean, deviation], the deviation over 0")
	}
	return d
}

// two reads the two numbers of a distribution.
func (r *reader) two(node ast.Node, path string, first, second unit, d *distribution) {
	list := r.List(node, path, 2)
	if r.Err() == nil && len(list) != 2 {
		r.Wrong(node, path, strconv.Itoa(len(list))+" values", "two: [from, to], of normal [mean, deviation]")
	}
	if r.Err() != nil {
		return
	}
	if x, ok := first(list[0], path+"[0]"); ok {
		d.low = x
	}
	if x, ok := second(list[1], path+"[1]"); ok {
		d.high = x
	}
}

// choices reads what a distribution chooses from.
func (r *reader) choices(node ast.Node, path string, s scale, d *distribution) {
	if s.choices != nil {
		s.choices(node, path)
		return
	}
	for i, item := range r.List(node, path, paramsMax) {
		if x, ok := s.value(item, path+"["+strconv.Itoa(i)+"]"); ok {
			d.values = append(d.values, x)
		}
	}
	if r.Err() == nil && len(d.values) == 0 {
		r.Wrong(node, path, "an empty list", "at least one value")
	}
}

// lengths is the scale of lengths of time.
func (r *reader) lengths() scale {
	length := func(node ast.Node, path string) (float64, bool) {
		ms, ok := r.duration(node, path)
		return float64(ms), ok
	}
	return scale{value: length, deviation: length}
}

// length reads a length of time, or a distribution of such.
func (r *reader) length(node ast.Node, path string, to *distribution) {
	if isSpread(node) {
		*to = r.spread(node, path, r.lengths())
	} else if ms, ok := r.duration(node, path); ok {
		*to = fixed(float64(ms))
	}
}

// numbers is the scale of a parameter's numbers. wholes is made false by one that
// is not written as a whole number.
func (r *reader) numbers(wholes *bool) scale {
	number := func(node ast.Node, path string) (x float64, ok bool) {
		r.Number(node, path, &x)
		if r.Err() == nil && math.Abs(x) > amountMax {
			r.Mistyped(node, path, "a number up to 1e15")
		}
		if text, _ := strictyaml.Scalar(node); strings.Trim(text, "+-0123456789") != "" {
			*wholes = false
		}
		return x, r.Err() == nil
	}
	return scale{value: number, deviation: number, least: math.Inf(-1)}
}
