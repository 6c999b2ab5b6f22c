package compose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/strategies"
)

// Wrappers returns the strategies that are made around another one, which find
// finds. Parameters of the one inside have the prefix "of.".
func Wrappers(find strategies.Finder) []strategies.Definition {
	return []strategies.Definition{volatilityTarget(find), twap(find)}
}

// inner is a strategy inside another one.
type inner struct {
	strategy strategies.Configurable
	params   []strategies.Param
}

// makeInner makes a strategy with the settings that concern it, of those of the
// strategy around it: the ones with the prefix. A preset holds where no setting
// does.
func makeInner(d strategies.Definition, prefix string, given, preset []strategies.Setting) (inner, error) {
	var in inner
	var err error
	if in.strategy, in.params, err = d.Define(overlaid(preset, below(given, prefix))); err != nil {
		return in, fmt.Errorf("%s: %w", d.Name, err)
	}
	for _, s := range preset {
		if _, overridden := lookUp(given, prefix+s.Name); overridden {
			continue
		}
		if err := in.set(s); err != nil {
			return in, &settingError{d.Name, s, err}
		}
	}
	for i, p := range in.params {
		in.params[i] = p.Renamed(prefix + p.Name)
	}
	return in, nil
}

// set sets a parameter.
func (in *inner) set(s strategies.Setting) error {
	var names []string
	for _, p := range in.params {
		if p.Name == s.Name {
			return p.Set(s.Value)
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return errors.New("found a parameter; expected none, the strategy has none")
	}
	return fmt.Errorf("found an unknown parameter%s; expected one of %s", suggest.DidYouMean(s.Name, names), strings.Join(names, ", "))
}

// settingError is a parameter of a strategy that can't be set.
type settingError struct {
	strategy string
	setting  strategies.Setting
	err      error
}

func (e *settingError) Error() string {
	return fmt.Sprintf("%s: %s: %v", e.strategy, e.setting.Name, e.err)
}

func (e *settingError) Unwrap() error { return e.err }

// below returns the settings with a prefix, without it.
func below(given []strategies.Setting, prefix string) []strategies.Setting {
	var list []strategies.Setting
	for _, s := range given {
		if name, ok := strings.CutPrefix(s.Name, prefix); ok {
			list = append(list, strategies.Setting{Name: name, Value: s.Value})
		}
	}
	return list
}

// overlaid is a list of settings with others laid over it, which win.
func overlaid(list, over []strategies.Setting) []strategies.Setting {
	var merged []strategies.Setting
	for _, s := range list {
		if _, ok := lookUp(over, s.Name); !ok {
			merged = append(merged, s)
		}
	}
	return append(merged, over...)
}

func lookUp(list []strategies.Setting, name string) (value string, ok bool) {
	for _, s := range list {
		if s.Name == name {
			return s.Value, true
		}
	}
	return "", false
}

// usualInner is what a wrapper wraps if nobody says otherwise.
const usualInner = "crossover"

// wrap makes the strategy that the settings of a wrapper name, and the parameter
// that names it.
func wrap(find strategies.Finder, given []strategies.Setting) (in inner, of strategies.Param, err error) {
	d, spec, err := findInner(find, given)
	if err != nil {
		return in, of, err
	}
	if in, err = makeInner(d, "of.", given, nil); err != nil {
		return in, of, err
	}
	of = strategies.NewParam(strategies.Param{
		Name: "of", Kind: strategies.Text, Range: "a strategy",
		Doc: "the strategy inside; its parameters have the prefix of., as of.leverage",
	}, func() string { return spec }, func(text string) error {
		if text != spec { // its parameters are its own: it is chosen before they are set
			return fmt.Errorf("found %q after %q was chosen; expected one strategy", text, spec)
		}
		return nil
	})
	return in, of, nil
}

// findInner finds the strategy that the settings of a wrapper name.
func findInner(find strategies.Finder, given []strategies.Setting) (d strategies.Definition, spec string, err error) {
	spec, ok := lookUp(given, "of")
	if !ok {
		spec = usualInner
	}
	if d, err = find(spec); err != nil {
		err = fmt.Errorf("of: %w", err)
	}
	return d, spec, err
}

// digestInner is the digest of a wrapper: that of what it wraps.
func digestInner(find strategies.Finder) func(given []strategies.Setting) (string, error) {
	return func(given []strategies.Setting) (string, error) {
		d, _, err := findInner(find, given)
		if err != nil {
			return "", err
		}
		return d.Fingerprint(below(given, "of."))
	}
}

// lengthParam is a duration, ms.
func lengthParam(name string, field *int64, doc string) strategies.Param {
	return strategies.NewParam(strategies.Param{Name: name, Kind: strategies.Length, Range: "1m, 1h, 1d …", Doc: doc},
		func() string { return datasets.Interval(*field).String() },
		func(text string) error {
			length, err := datasets.ParseInterval(text)
			if err != nil {
				return fmt.Errorf("found %q; expected a duration, such as 30m, 6h or 7d", text)
			}
			*field = int64(length)
			return nil
		})
}
