package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// setsMax is how many sets of parameters are drawn for a miner until its strategy
// takes one.
const setsMax = 100

// role is a strategy, and the parameters with which a group plays it.
type role struct {
	group      *groupFile
	definition strategies.Definition
	whole      []bool // of each parameter: it is drawn as a whole number
}

// play gives the miners of a group their strategies.
func (c *caster) play(g *groupFile, of *group) error {
	d, err := c.folder.Find(g.spec)
	if err != nil {
		return g.specAt.Because(g.path+".strategy", err)
	}
	r := &role{group: g, definition: d, whole: make([]bool, len(g.params))}
	if err := r.check(); err != nil {
		return err
	}
	for i := range of.members {
		m := &of.members[i].miner
		given, err := r.settings(func(param string) *sim.Random { return c.random(&of.members[i], "params."+param) })
		if err != nil {
			return err
		}
		m.Strategy = d.Name
		m.Make = func() (sim.Strategy, error) { return d.New(given) }
		if m.Params, err = r.shown(given); err != nil {
			return g.specAt.Because(g.path, err)
		}
		if m.SHA256, err = d.Fingerprint(given); err != nil {
			return g.specAt.Because(g.path, err)
		}
	}
	return nil
}

// check refuses parameters that the strategy does not have, and values of them,
// and bounds of distributions, that it does not take, at their lines.
func (r *role) check() error {
	first := make([]strategies.Setting, 0, len(r.group.params))
	for i := range r.group.params {
		p := &r.group.params[i]
		value := ""
		if p.from == nil {
			value = p.texts[0]
		} else {
			value = written(p.from.low)
		}
		first = append(first, strategies.Setting{Name: p.name, Value: value})
	}
	params, err := r.params(first)
	if err != nil {
		return err
	}
	for i := range r.group.params {
		p := &r.group.params[i]
		if p.from != nil {
			if err := r.checkDistribution(i, &params[i]); err != nil {
				return err
			}
			continue
		}
		if err := params[i].Set(p.texts[0]); err != nil {
			return p.at.Because(p.path, err)
		}
		for _, text := range p.texts[1:] {
			if err := r.checkChoice(first, i, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkChoice tries another value of the i-th parameter, beside the given ones of
// the others: they may depend on it.
func (r *role) checkChoice(given []strategies.Setting, i int, text string) error {
	given = slices.Clone(given)
	given[i].Value = text
	params, err := r.params(given)
	if err != nil {
		return err
	}
	p := &r.group.params[i]
	if err := params[i].Set(text); err != nil {
		return p.at.Because(p.path, err)
	}
	return nil
}

// checkDistribution decides what numbers are drawn, and tries the ends.
func (r *role) checkDistribution(i int, of *strategies.Param) error {
	p := &r.group.params[i]
	switch {
	case r.definition.Kind == strategies.Process: // which takes whatever there is
		r.whole[i] = p.wholes
	case of.Kind == strategies.Integer && !p.wholes && p.from.shape != normal:
		return p.at.Wrong(p.path, "bounds that are not whole numbers", "whole ones: the parameter is a whole number "+of.Range)
	case of.Kind == strategies.Integer:
		r.whole[i] = true
	case of.Kind != strategies.Number:
		return p.at.Wrong(p.path, fmt.Sprintf("%s of numbers", p.from.shape), fmt.Sprintf("a value or {choice: […]}: the parameter is of the kind %s, %s", of.Kind, of.Range))
	}
	for _, x := range p.from.bounds() {
		if err := of.Set(r.text(i, x)); err != nil {
			return p.at.Because(p.path, err)
		}
	}
	return nil
}

// params are the strategy's parameters of those names, each of which it has.
func (r *role) params(given []strategies.Setting) ([]strategies.Param, error) {
	_, all, err := r.definition.Define(given)
	if err != nil {
		return nil, r.group.specAt.Because(r.group.path, err)
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	var list []strategies.Param
	for _, p := range r.group.params {
		at := slices.Index(names, p.name)
		if at < 0 {
			expected := "none: " + r.definition.Name + " has none"
			if len(names) > 0 {
				expected = "one of " + r.definition.Name + "'s: " + strings.Join(names, ", ") + suggest.DidYouMean(p.name, names)
			}
			return nil, p.at.Wrong(p.path, "an unknown parameter", expected)
		}
		list = append(list, all[at])
	}
	return list, nil
}

// text is a number of the i-th parameter.
func (r *role) text(i int, x float64) string {
	if r.whole[i] {
		return strconv.FormatInt(int64(x), 10)
	}
	return written(x)
}

// settings draws the parameters of one miner, all of them anew while the strategy
// refuses them together.
func (r *role) settings(source func(param string) *sim.Random) (given []strategies.Setting, err error) {
	params := r.group.params
	sources := make([]*sim.Random, len(params))
	drawn := false
	for i := range params {
		sources[i] = source(params[i].name)
		drawn = drawn || params[i].from != nil || len(params[i].texts) > 1
	}
	for range setsMax {
		given = make([]strategies.Setting, 0, len(params))
		for i := range params {
			value, err := r.draw(i, sources[i])
			if err != nil {
				return nil, err
			}
			given = append(given, strategies.Setting{Name: params[i].name, Value: value})
		}
		if _, err = r.definition.Resolve(given); err == nil {
			return given, nil
		}
		if !drawn {
			return nil, r.group.specAt.Because(r.group.path, err)
		}
	}
	return nil, r.group.keys["params"].Wrong(r.group.path+".params",
		fmt.Sprintf("no set in %d draws that %s takes (the last: %s)", setsMax, r.definition.Name, strings.TrimPrefix(err.Error(), r.definition.Name+": ")),
		"distributions most of whose draws go together")
}

// draw draws a value of the i-th parameter.
func (r *role) draw(i int, from *sim.Random) (string, error) {
	p := &r.group.params[i]
	if p.from == nil {
		return p.texts[from.IntN(len(p.texts))], nil
	}
	if r.whole[i] {
		if n, ok := p.from.whole(from); ok {
			return strconv.FormatInt(n, 10), nil
		}
	} else if x, ok := p.from.number(from); ok {
		return written(x), nil
	}
	return "", p.at.Wrong(p.path, fmt.Sprintf("%d draws in a row outside its bounds", drawsMax), "bounds that hold more of the distribution")
}

// shown are the parameters that the file gives, as the strategy spells them.
func (r *role) shown(given []strategies.Setting) (list []strategies.Setting, err error) {
	resolved, err := r.definition.Resolve(given)
	if err != nil {
		return nil, err
	}
	for _, s := range resolved {
		if slices.ContainsFunc(given, func(g strategies.Setting) bool { return g.Name == s.Name }) {
			list = append(list, s)
		}
	}
	return list, nil
}
