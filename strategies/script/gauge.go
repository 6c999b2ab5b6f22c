package script

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// gauge is an indicator that follows a chart. It takes the candles that are new
// when it is read.
type gauge struct {
	chart  *chart
	spec   indicator.Spec
	args   []float64
	of     indicator.Indicator
	taken  int       // candles
	before []float64 // the outputs one candle ago
}

// gaugesMax bounds the indicators that follow one chart: a script that asks for
// ever new ones has lost its way.
const gaugesMax = 1000

// gauge returns the indicator of that kind with those arguments: the same one,
// whenever it is asked for.
func (c *chart) gauge(spec indicator.Spec, args []float64) (starlark.Value, error) {
	for _, g := range c.gauges {
		if g.spec.Name == spec.Name && slices.Equal(g.args, args) {
			return g, nil
		}
	}
	complete, err := spec.Complete(args)
	if err != nil {
		return nil, err
	}
	if len(c.gauges) == gaugesMax {
		return nil, fmt.Errorf("%s: more than %d indicators of one feed", spec.Name, gaugesMax)
	}
	of, err := spec.New(complete)
	if err != nil {
		return nil, err
	}
	g := &gauge{chart: c, spec: spec, args: slices.Clone(args), of: of, before: make([]float64, len(spec.Outputs))}
	for i := range g.before {
		g.before[i] = none()
	}
	c.gauges = append(c.gauges, g)
	return g, nil
}

// follow takes the candles that are new.
func (g *gauge) follow() {
	bars, n := g.chart.barsNow()
	if g.taken >= n {
		return
	}
	for ; g.taken < n-1; g.taken++ {
		g.of.Take(bars, g.taken)
	}
	if g.taken > 0 {
		for output := range g.before {
			g.before[output] = g.of.Value(output)
		}
	}
	g.of.Take(bars, g.taken)
	g.taken = n
}

// Attr implements starlark.HasAttrs.
func (g *gauge) Attr(name string) (starlark.Value, error) {
	g.follow()
	switch name {
	case "value":
		return number(g.last(0)), nil
	case "previous":
		return number(g.before[0]), nil
	case "ready":
		for output := range g.before {
			if math.IsNaN(g.last(output)) {
				return starlark.False, nil
			}
		}
		return starlark.True, nil
	}
	values := g.last
	if rest, ok := strings.CutPrefix(name, "previous_"); ok {
		name, values = rest, func(output int) float64 { return g.before[output] }
	}
	if output := slices.Index(g.spec.Outputs, name); output >= 0 {
		return number(values(output)), nil
	}
	return nil, nil
}

// last is an output after the last finished candle.
func (g *gauge) last(output int) float64 {
	if g.taken == 0 {
		return none()
	}
	return g.of.Value(output)
}

// AttrNames implements starlark.HasAttrs.
func (g *gauge) AttrNames() []string {
	names := []string{"value", "previous", "ready"}
	for _, output := range g.spec.Outputs {
		if output != "value" {
			names = append(names, output, "previous_"+output)
		}
	}
	slices.Sort(names)
	return names
}

// Type implements starlark.Value.
func (g *gauge) Type() string { return "indicator" }

// String implements starlark.Value.
func (g *gauge) String() string { return g.spec.Text(g.args) }

// Freeze implements starlark.Value.
func (g *gauge) Freeze() {}

// Truth implements starlark.Value.
func (g *gauge) Truth() starlark.Bool { return true }

// Hash implements starlark.Value.
func (g *gauge) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: indicator") }

// indicatorArgs reads the numbers that an indicator is made with, by their
// places or their names, into a buffer.
func indicatorArgs(spec indicator.Spec, args starlark.Tuple, kwargs []starlark.Tuple, buffer []float64) ([]float64, error) {
	if len(args) > len(spec.Args) {
		return nil, fmt.Errorf("%s: found %d arguments; expected %s", spec.Name, len(args), spec.Signature())
	}
	numbers := buffer[:0]
	for _, v := range args {
		x, err := float(v, "an argument")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", spec.Name, err)
		}
		numbers = append(numbers, x)
	}
	if len(kwargs) == 0 {
		return numbers, nil
	}
	for _, a := range spec.Args[len(args):] {
		numbers = append(numbers, a.Default)
	}
	for _, pair := range kwargs {
		name := string(pair[0].(starlark.String))
		i := slices.IndexFunc(spec.Args, func(a indicator.Arg) bool { return a.Name == name })
		if i < len(args) {
			return nil, fmt.Errorf("%s: found the argument %s; expected %s", spec.Name, name, spec.Signature())
		}
		x, err := float(pair[1], name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", spec.Name, err)
		}
		numbers[i] = x
	}
	return numbers, nil
}

// indicatorMethods are the indicators by name, and indicator, which takes any of
// them as a text.
func (c *chart) indicatorMethods(into map[string]*starlark.Builtin) {
	for _, spec := range c.run.classes.specs {
		buffer := make([]float64, 0, len(spec.Args))
		into[spec.Name] = builtin(spec.Name, func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			numbers, err := indicatorArgs(spec, args, kwargs, buffer)
			if err != nil {
				return nil, err
			}
			return c.gauge(spec, numbers)
		})
	}
	into["indicator"] = builtin("indicator", func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		spec, numbers, err := namedIndicator(args, kwargs)
		if err != nil {
			return nil, err
		}
		return c.gauge(spec, numbers)
	})
}

// namedIndicator reads "sma(20)", or "sma" and 20.
func namedIndicator(args starlark.Tuple, kwargs []starlark.Tuple) (indicator.Spec, []float64, error) {
	if len(args) == 0 {
		return indicator.Spec{}, nil, fmt.Errorf("indicator: found nothing; expected a name, such as sma(20)")
	}
	text, ok := starlark.AsString(args[0])
	if !ok {
		return indicator.Spec{}, nil, fmt.Errorf("indicator: found %s; expected a name, such as sma(20)", kindOf(args[0]))
	}
	if len(args) == 1 && len(kwargs) == 0 {
		return indicator.Parse(text)
	}
	spec, err := indicator.Find(text)
	if err != nil {
		return spec, nil, err
	}
	numbers, err := indicatorArgs(spec, args[1:], kwargs, nil)
	return spec, numbers, err
}
