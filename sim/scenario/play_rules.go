package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// open finds the rule set that the scenario plays under, with the overrides: its own,
// and those of what it plays.
func (g *game) open(overrides []string) error {
	s := g.scenario
	name := cmp.Or(s.Rules, rules.Default)
	if rules.IsPath(name) {
		name = g.path(name)
	}
	set, err := g.player.set(g.ctx, name, overrides)
	if err != nil {
		return g.wrongRules(err)
	}
	g.play.Rules = set
	return nil
}

// set reads a rule set with overrides; the files of several that differ in these alone
// are read once.
func (p *Player) set(ctx context.Context, name string, overrides []string) (*rules.Resolved, error) {
	if len(overrides) == 0 {
		return p.rules.get(ctx, name, func() (*rules.Resolved, error) { return rules.Open(name) })
	}
	return p.rules.get(ctx, fmt.Sprintf("%s %q", name, overrides), func() (*rules.Resolved, error) {
		var options []rules.Option
		for _, text := range overrides {
			options = append(options, rules.WithOverride(text))
		}
		base, err := p.set(ctx, name, nil)
		if err != nil { // the overrides may mend it
			return rules.Open(name, options...)
		}
		return base.With(options...)
	})
}

// overrides are the texts of the scenario's overrides.
func (g *game) overrides() []string {
	var texts []string
	for _, o := range g.scenario.Overrides {
		texts = append(texts, o.Text)
	}
	return texts
}

// wrongRules gives what is wrong with a rule set its place: the line of the override
// that it arose from, the line of the rule file, or the name of the set.
func (g *game) wrongRules(err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, e := range several.Unwrap() {
			errs = append(errs, g.wrongRules(e))
		}
		return errors.Join(errs...)
	}
	e, ok := errors.AsType[*rules.SyntaxError](err)
	if !ok {
		return g.because(g.scenario.RulesAt, "rules", err)
	}
	i := slices.IndexFunc(g.scenario.Overrides, func(o Override) bool { return e.File == rules.OverrideFile(o.Text) })
	if i < 0 {
		return err
	}
	o := g.scenario.Overrides[i]
	path, _, _ := strings.Cut(o.Text, "=")
	return g.place(o.At).Wrong("set."+cmp.Or(e.Path, strings.TrimSpace(path)), e.Found, e.Expected)
}
