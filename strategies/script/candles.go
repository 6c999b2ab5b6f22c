package script

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// glimpse is what a test of subscribe's when sees: the candles up to one that the
// clock has perhaps not come to yet.
type glimpse struct{ *chart }

func (g glimpse) chartOf() *chart { return g.chart }

func newGlimpseClass(cs *classes) *class[glimpse] {
	return newClass("candles", chartAttributes[glimpse](), cs.indicatorNames()...)
}

func (cs *classes) newGlimpse(c *chart) starlark.Value {
	methods := make(map[string]*starlark.Builtin)
	c.indicatorMethods(methods)
	return &object[glimpse]{class: cs.glimpse, self: glimpse{c}, methods: methods}
}

func (cs *classes) indicatorNames() []string {
	names := []string{"indicator"}
	for _, s := range cs.specs {
		names = append(names, s.Name)
	}
	return names
}

// candles is all candles of a pair at once, for a computation beforehand.
type candles struct {
	of      sim.Candles
	columns map[string]starlark.Value
}

func (cs *classes) newCandles(of sim.Candles) starlark.Value {
	c := &candles{of: of, columns: map[string]starlark.Value{
		"time": fixed[int64](of.Time()), "count": starlark.MakeInt(of.Len()), "interval": starlark.MakeInt64(of.IntervalMS()),
	}}
	for _, column := range priceColumns() {
		c.columns[column.name] = starlark.None
		if values := column.read(of); values != nil {
			c.columns[column.name] = fixed[float64](values)
		}
	}
	methods := make(map[string]*starlark.Builtin)
	for _, spec := range cs.specs {
		methods[spec.Name] = builtin(spec.Name, func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			output, kwargs, err := outputArg(spec, kwargs)
			if err != nil {
				return nil, err
			}
			numbers, err := indicatorArgs(spec, args, kwargs, nil)
			if err != nil {
				return nil, err
			}
			return c.indicator(spec, numbers, output)
		})
	}
	methods["indicator"] = builtin("indicator", func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		output, rest, err := cutOutput(kwargs)
		if err != nil {
			return nil, err
		}
		spec, numbers, err := namedIndicator(args, rest)
		if err != nil {
			return nil, err
		}
		place, err := spec.Output(output)
		if err != nil {
			return nil, err
		}
		return c.indicator(spec, numbers, place)
	})
	return &object[*candles]{class: cs.candles, self: c, methods: methods}
}

func newCandlesClass(cs *classes) *class[*candles] {
	attributes := make(map[string]attribute[*candles])
	names := []string{"time", "count", "interval"}
	for _, c := range priceColumns() {
		names = append(names, c.name)
	}
	for _, name := range names {
		attributes[name] = func(c *candles) (starlark.Value, error) { return c.columns[name], nil }
	}
	return newClass("candles", attributes, cs.indicatorNames()...)
}

// indicator is the column of one of an indicator's outputs.
func (c *candles) indicator(spec indicator.Spec, args []float64, output int) (starlark.Value, error) {
	of, err := spec.New(args)
	if err != nil {
		return nil, err
	}
	return fixed[float64](indicator.Column(of, output, barsOf(c.of))), nil
}

// outputArg takes the argument output= out of the others.
func outputArg(spec indicator.Spec, kwargs []starlark.Tuple) (int, []starlark.Tuple, error) {
	name, rest, err := cutOutput(kwargs)
	if err != nil {
		return 0, nil, err
	}
	output, err := spec.Output(name)
	return output, rest, err
}

func cutOutput(kwargs []starlark.Tuple) (output string, rest []starlark.Tuple, err error) {
	for _, pair := range kwargs {
		if pair[0].(starlark.String) != "output" {
			rest = append(rest, pair)
			continue
		}
		name, ok := starlark.AsString(pair[1])
		if !ok {
			return "", nil, fmt.Errorf("output: found %s; expected a name", kindOf(pair[1]))
		}
		output = name
	}
	return output, rest, nil
}
