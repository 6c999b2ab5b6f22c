package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// variantsMax bounds how many variants one comparison has.
const variantsMax = 64

// Vary makes the variants of a rule set that specs such as
// "competition.softmax_temperature=0.1,0.125,0.2" ask for: one for each value, of
// several specs one for each combination, the last spec's values changing fastest.
// A value is written as in an override; a comma within brackets or quotes belongs
// to it. base resolves the rule set with the overrides it is given.
//
// Variants are named by their values, "path=a, other.path=b". One alone is refused:
// there is nothing to compare it with. Errors name the path and the value.
func Vary(base func(overrides ...string) (*rules.Resolved, error), specs ...string) ([]Variant, error) {
	lists, err := axes(specs)
	if err != nil {
		return nil, err
	}
	plain, err := base()
	if err != nil {
		return nil, err
	}
	own := string(rules.Marshal(plain.Set))
	var variants []Variant
	names := make(map[string]string) // of the variants, by their rules
	for _, overrides := range product(lists) {
		name := strings.Join(overrides, ", ")
		resolved, err := base(overrides...)
		if err != nil {
			return nil, asVary(err, name)
		}
		text := string(rules.Marshal(resolved.Set))
		if twin, ok := names[text]; ok {
			return nil, fmt.Errorf("--vary %s: found the same rules as of %s; expected values that differ", name, twin)
		}
		names[text] = name
		variants = append(variants, Variant{Name: name, Rules: resolved, Base: text == own})
	}
	return variants, nil
}

// axes reads each spec as the overrides that it stands for.
func axes(specs []string) ([][]string, error) {
	var lists [][]string
	var paths []string
	count := 1
	for _, spec := range specs {
		path, list, err := axis(spec)
		if err != nil {
			return nil, err
		}
		if slices.Contains(paths, path) {
			return nil, fmt.Errorf("--vary %s: found the path %s a second time; expected all its values in one list, such as --vary %s=a,b,c", spec, path, path)
		}
		if count *= len(list); count > variantsMax {
			return nil, fmt.Errorf("--vary %s: found %d or more combinations of values; expected at most %d", spec, count, variantsMax)
		}
		paths, lists = append(paths, path), append(lists, list)
	}
	switch {
	case len(specs) == 0:
		return nil, errors.New("--vary: found nothing to vary; expected path=a,b,c")
	case count == 1:
		return nil, fmt.Errorf("--vary %s: found one value, and nothing to compare it with; expected two values or more, such as --vary %s=a,b", specs[0], paths[0])
	}
	return lists, nil
}

// axis reads "path=a,b,c" as overrides of one path.
func axis(spec string) (path string, overrides []string, err error) {
	path, list, ok := strings.Cut(spec, "=")
	if path = strings.TrimSpace(path); !ok || path == "" {
		return "", nil, fmt.Errorf("--vary %s: found no path and values; expected path=a,b,c, such as competition.softmax_temperature=0.1,0.125,0.2", spec)
	}
	for _, value := range splitValues(list) {
		if value == "" {
			return "", nil, fmt.Errorf("--vary %s: found an empty value; expected a value on each side of a comma", spec)
		}
		override := path + "=" + value
		if slices.Contains(overrides, override) {
			return "", nil, fmt.Errorf("--vary %s: found the value %s a second time; expected each once", spec, value)
		}
		overrides = append(overrides, override)
	}
	return path, overrides, nil
}

// splitValues splits at the commas that stand in no bracket and in no quotes, as a
// rule file has them: a quote opens at the start of a word, and in double quotes a
// backslash takes the next character's meaning.
func splitValues(list string) []string {
	var values []string
	depth, start := 0, 0
	quote, fresh, escaped := rune(0), true, false
	for i, r := range list {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			escaped = quote == '"' && r == '\\'
			if r == quote {
				quote = 0
			}
		case (r == '"' || r == '\'') && fresh:
			quote = r
		case r == '[' || r == '{':
			depth++
		case r == ']' || r == '}':
			depth--
		case r == ',' && depth <= 0:
			values = append(values, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
		fresh = strings.ContainsRune(" [{,:", r)
	}
	return append(values, strings.TrimSpace(list[start:]))
}

// product is every way to take one of each list, the last list's changing fastest.
func product(lists [][]string) [][]string {
	ways := [][]string{nil}
	for _, list := range lists {
		var longer [][]string
		for _, way := range ways {
			for _, one := range list {
				longer = append(longer, append(slices.Clone(way), one))
			}
		}
		ways = longer
	}
	return ways
}

// asVary is an error of overrides as one of the flag that they come from.
func asVary(err error, name string) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var list []error
		for _, one := range many.Unwrap() {
			list = append(list, asVary(one, name))
		}
		return errors.Join(list...)
	}
	wrong, ok := errors.AsType[*rules.SyntaxError](err)
	if !ok {
		return err
	}
	if override, ok := strings.CutPrefix(wrong.File, "--set "); ok && strings.Contains(name, override) {
		varied := *wrong
		varied.File = "--vary " + override
		return &varied
	}
	return err
}
