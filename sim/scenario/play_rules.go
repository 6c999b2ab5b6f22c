package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// open finds the rule set that the scenario plays under, with the overrides; the
// scenario's own are the first of them.
func (g *game) open(overrides []string) error {
	s := g.scenario
	name := cmp.Or(s.Rules, rules.Default)
	if rules.IsPath(name) {
		name = g.path(name)
	}
	set, err := g.player.rules.get(g.ctx, fmt.Sprintf("%q", append([]string{name}, overrides...)), func() (*rules.Resolved, error) {
		var options []rules.Option
		for _, text := range overrides {
			options = append(options, rules.WithOverride(text))
		}
		return rules.Open(name, options...)
	})
	if err != nil {
		return g.wrongRules(err)
	}
	g.play.Rules = set
	return nil
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
