package script

import (
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/strategies"
)

// paramName is the builtin by which a script declares a parameter.
const paramName = "param"

// parameter is a parameter that a script declared, and its value.
type parameter struct {
	strategies.Param
	value func() starlark.Value
}

// paramsMax bounds a script's parameters.
const paramsMax = 100

// wholeMax bounds whole numbers that a script doesn't bound itself.
const wholeMax = 1 << 53

// declaration is one call of param.
type declaration struct {
	name, doc   string
	preset      starlark.Value
	least, most starlark.Value
	choices     []string
}

// declare is the builtin param: the value of the parameter, which the script
// declares by asking for it.
func (s *Strategy) declare(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if s.run == nil || s.run.phase != loading {
		return nil, fmt.Errorf("param: parameters are declared at the top level of the script")
	}
	var d declaration
	var choices starlark.Iterable
	if err := starlark.UnpackArgs(paramName, args, kwargs, "name", &d.name, "default", &d.preset,
		"least?", &d.least, "most?", &d.most, "choices?", &choices, "doc?", &d.doc); err != nil {
		return nil, err
	}
	if err := d.checkName(s.run.declared); err != nil {
		return nil, err
	}
	if choices != nil {
		var err error
		if d.choices, err = texts(choices, "choices"); err != nil {
			return nil, fmt.Errorf("param %s: %w", d.name, err)
		}
	}
	s.run.declared = append(s.run.declared, d.name)
	if p := s.find(d.name); p != nil {
		return p.value(), nil
	}
	p, err := d.parameter()
	if err != nil {
		return nil, fmt.Errorf("param %s: %w", d.name, err)
	}
	if text, ok := s.given[d.name]; ok {
		// What is not allowed is refused later, by who sets the parameters.
		_ = p.Set(text)
	}
	s.params = append(s.params, p)
	return p.value(), nil
}

// nameLetters are what the name of a parameter is made of.
const nameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

func (d *declaration) checkName(declared []string) error {
	if d.name == "" || len(d.name) > 100 || strings.Trim(d.name, nameLetters) != "" {
		return fmt.Errorf("param: found the name %.100q; expected letters, digits, _ and -", d.name)
	}
	for _, n := range declared {
		if n == d.name {
			return fmt.Errorf("param %s: declared twice; keep its value in a name", d.name)
		}
	}
	if len(declared) == paramsMax {
		return fmt.Errorf("param %s: more than %d parameters", d.name, paramsMax)
	}
	return nil
}

// parameter makes one of the kind of the default. The default has to be allowed,
// too.
func (d *declaration) parameter() (*parameter, error) {
	bounded := d.least != nil || d.most != nil
	switch v := d.preset.(type) {
	case starlark.Int, starlark.Float:
		if d.choices == nil {
			return d.number()
		}
	case starlark.Bool:
		if !bounded && d.choices == nil {
			x := bool(v)
			return &parameter{strategies.SwitchParam(d.name, &x, d.doc), func() starlark.Value { return starlark.Bool(x) }}, nil
		}
	case starlark.String:
		if !bounded {
			return d.text(string(v))
		}
	case *starlark.List, starlark.Tuple:
		if !bounded && d.choices == nil {
			return d.pairs()
		}
	default:
		return nil, fmt.Errorf("found %s for the default; expected a number, a bool, a string, or a list of pairs", kindOf(v))
	}
	return nil, fmt.Errorf("least and most are for numbers, choices for strings; the default is %s", kindOf(d.preset))
}

func (d *declaration) number() (*parameter, error) {
	if _, ok := d.preset.(starlark.Float); ok {
		return d.real()
	}
	var x int
	least, most := -wholeMax, wholeMax
	if err := readWhole(d.preset, "the default", &x); err != nil {
		return nil, err
	}
	if err := readWhole(d.least, "least", &least); err != nil {
		return nil, err
	}
	if err := readWhole(d.most, "most", &most); err != nil {
		return nil, err
	}
	if x < least || x > most {
		return nil, fmt.Errorf("found a default of %d; expected one from %d to %d", x, least, most)
	}
	p := strategies.IntParam(d.name, &x, least, most, d.doc)
	if d.least == nil && d.most == nil {
		p.Range = "a whole number"
	}
	return &parameter{p, func() starlark.Value { return starlark.MakeInt(x) }}, nil
}

// readWhole reads a whole number that a script gave; none leaves what there is.
func readWhole(v starlark.Value, what string, to *int) error {
	if v == nil {
		return nil
	}
	n, ok := v.(starlark.Int)
	x, fits := n.Int64()
	if !ok || !fits || x < -wholeMax || x > wholeMax {
		return fmt.Errorf("found %.40s for %s; expected a whole number, as the default is", v.String(), what)
	}
	*to = int(x)
	return nil
}

func (d *declaration) real() (*parameter, error) {
	x, least, most := float64(d.preset.(starlark.Float)), -math.MaxFloat64, math.MaxFloat64
	for _, bound := range []struct {
		v  starlark.Value
		to *float64
	}{{d.least, &least}, {d.most, &most}} {
		if bound.v == nil {
			continue
		}
		var err error
		if *bound.to, err = float(bound.v, "a bound"); err != nil {
			return nil, err
		}
	}
	if !(x >= least && x <= most) {
		return nil, fmt.Errorf("found a default of %g; expected one from %g to %g", x, least, most)
	}
	p := strategies.NumberParam(d.name, &x, least, most, d.doc)
	if d.least == nil && d.most == nil {
		p.Range = "a number"
	}
	return &parameter{p, func() starlark.Value { return starlark.Float(x) }}, nil
}

func (d *declaration) text(x string) (*parameter, error) {
	value := func() starlark.Value { return starlark.String(x) }
	if d.choices == nil {
		p := strategies.Param{Name: d.name, Kind: strategies.Text, Range: "a text", Doc: d.doc}
		return &parameter{strategies.NewParam(p, func() string { return x }, func(text string) error { x = text; return nil }), value}, nil
	}
	p := &parameter{strategies.ChoiceParam(d.name, &x, d.doc, d.choices...), value}
	if err := p.Set(x); err != nil {
		return nil, fmt.Errorf("the default: %w", err)
	}
	return p, nil
}

// pairs is a list of pairs; an empty one stands for whatever the script makes of
// it.
func (d *declaration) pairs() (*parameter, error) {
	ids, err := texts(d.preset.(starlark.Iterable), "the default")
	if err != nil {
		return nil, err
	}
	p := strategies.PairsParam(&ids)
	if err := p.Set(strings.Join(ids, ",")); err != nil {
		return nil, fmt.Errorf("the default: %w", err)
	}
	p.Name = d.name
	if d.doc != "" {
		p.Doc = d.doc
	}
	return &parameter{p, func() starlark.Value {
		list := make([]starlark.Value, 0, len(ids))
		for _, id := range ids {
			list = append(list, starlark.String(id))
		}
		return starlark.Tuple(list)
	}}, nil
}

// texts reads a list of strings.
func texts(of starlark.Iterable, what string) ([]string, error) {
	var list []string
	it := of.Iterate()
	defer it.Done()
	for v := starlark.Value(nil); it.Next(&v); {
		s, ok := starlark.AsString(v)
		if !ok {
			return nil, fmt.Errorf("found %s in %s; expected strings", kindOf(v), what)
		}
		if len(list) == textsMax {
			return nil, fmt.Errorf("found more than %d strings in %s", textsMax, what)
		}
		list = append(list, s)
	}
	return list, nil
}

// textsMax bounds a list of strings that a script gives.
const textsMax = 10_000
