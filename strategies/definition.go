package strategies

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// Definition is a strategy that can be made: what it is, its parameters, and how
// to make one.
type Definition struct {
	Name   string
	Kind   DefinitionKind
	Idea   string // a line
	Doc    string // a paragraph
	Source string // where the idea comes from; "" if it needs none

	// SHA256 is of the files that say what the strategy does, in hexadecimal;
	// "" where the name says it all.
	SHA256 string

	// Define makes a strategy, and the parameters that set its fields. The given
	// settings are for those whose parameters depend on them: a wrapper's on what
	// it wraps. They are set afterwards by their names.
	Define func(given []Setting) (Configurable, []Param, error)
}

// DefinitionKind is what a strategy is made of.
type DefinitionKind string

// The kinds of strategies.
const (
	BuiltIn   DefinitionKind = "built-in"
	Wrapper   DefinitionKind = "wrapper"   // around another strategy
	Script    DefinitionKind = "script"    // a Starlark file
	Process   DefinitionKind = "process"   // a program
	Portfolio DefinitionKind = "portfolio" // several strategies in one account
)

// Finder finds a strategy by what a person writes for it: a name, a file, a
// program.
type Finder func(spec string) (Definition, error)

// Configurable is a strategy whose parameters can be checked before a run.
type Configurable interface {
	sim.Strategy
	Validate() error
}

// plain is the definition of a strategy whose parameters are always the same.
func plain(define func() (Configurable, []Param)) func([]Setting) (Configurable, []Param, error) {
	return func([]Setting) (Configurable, []Param, error) {
		s, params := define()
		return s, params, nil
	}
}

// Builtins returns the built-in strategies, the simplest first.
func Builtins() []Definition {
	return []Definition{
		{
			Name: "buy-and-hold", Kind: BuiltIn,
			Idea: "enter every pair once and hold it: the yardstick",
			Doc: "Enters each pair after the first candle it sees of it and holds it to the end of the run. " +
				"The pairs share the portfolio's leverage cap. What it earns is what the market gave, less the carry.",
			Define: plain(defineBuyAndHold),
		},
		{
			Name: "crossover", Kind: BuiltIn,
			Idea: "hold the side of the faster of two moving averages",
			Doc: "Long while the fast average of closes is above the slow one, short (or out, by direction) while it is below. " +
				"A crossing closes the position; the other side is entered at the next candle, since positions do not flip in this network. " +
				"The classic trend follower: many small losses in a sideways market, a few large gains in a trend.",
			Define: plain(defineCrossover),
		},
	}
}

// Find returns the built-in strategy of that name.
func Find(name string) (Definition, error) {
	var names []string
	for _, d := range Builtins() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Definition{}, fmt.Errorf("found the unknown strategy %s%s; expected one of %s",
		quoted(name), suggest.DidYouMean(name, names), strings.Join(names, ", "))
}

// Params returns the parameters with their defaults.
func (d Definition) Params() ([]Param, error) {
	_, params, err := d.Define(nil)
	return params, err
}

// New makes a strategy; a parameter that is not given has its default. Errors
// name the parameter, what was found and what is allowed.
func (d Definition) New(given []Setting) (sim.Strategy, error) {
	s, _, err := d.apply(given)
	return s, err
}

// Resolve returns every parameter's value under the given ones, in the order of
// Params and in one spelling: what reproduces the run.
func (d Definition) Resolve(given []Setting) ([]Setting, error) {
	_, params, err := d.apply(given)
	if err != nil {
		return nil, err
	}
	resolved := make([]Setting, 0, len(params))
	for _, p := range params {
		resolved = append(resolved, Setting{p.Name, p.get()})
	}
	return resolved, nil
}

func (d Definition) apply(given []Setting) (sim.Strategy, []Param, error) {
	s, params, err := d.Define(given)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	set := make(map[string]bool)
	for _, g := range given {
		p, err := d.param(params, g.Name)
		if err != nil {
			return nil, nil, err
		}
		if set[g.Name] {
			return nil, nil, fmt.Errorf("%s: found the parameter %s twice; expected it once", d.Name, g.Name)
		}
		set[g.Name] = true
		if err := p.set(g.Value); err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", d.Name, g.Name, err)
		}
	}
	if err := s.Validate(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return s, params, nil
}

func (d Definition) param(params []Param, name string) (*Param, error) {
	var names []string
	for i := range params {
		if params[i].Name == name {
			return &params[i], nil
		}
		names = append(names, params[i].Name)
	}
	return nil, fmt.Errorf("%s: found the unknown parameter %s%s; expected one of %s",
		d.Name, quoted(name), suggest.DidYouMean(name, names), strings.Join(names, ", "))
}
