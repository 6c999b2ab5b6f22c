package strictyaml

import (
	"errors"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
)

// recipe is what the tests read.
type recipe struct {
	name  string
	sweet bool
	grams float64
	steps []string
	tag   string
}

// readRecipe reads a text with a Reader.
func readRecipe(source string) (recipe, error) {
	var of recipe
	r := &Reader{Text: Text{File: "a.yaml", Holds: "recipe", BytesMax: 200, Source: source}}
	root := r.Root("a recipe")
	if r.Err() != nil {
		return of, r.Err()
	}
	r.Mapping(root, "", []Key{
		{Name: "name", Read: func(n ast.Node, path string) { r.String(n, path, &of.name) }},
		{Name: "sweet", Read: func(n ast.Node, path string) { r.YesNo(n, path, &of.sweet) }},
		{Name: "grams", Read: func(n ast.Node, path string) { r.Number(n, path, &of.grams) }},
		{Name: "steps", Read: func(n ast.Node, path string) { of.steps = r.Texts(n, path, 3) }},
		{Name: "tag", Read: func(n ast.Node, path string) { r.Scalar(n, path, "a tag", &of.tag) }},
	})
	return of, r.Err()
}

func TestReaderReads(t *testing.T) {
	got, err := readRecipe("name: cake\nsweet: true\ngrams: 2.5e2\nsteps: [stir, 20, 'bake']\ntag: 7\n")
	if err != nil || got.name != "cake" || !got.sweet || got.grams != 250 || strings.Join(got.steps, ",") != "stir,20,bake" || got.tag != "7" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReaderRefuses(t *testing.T) {
	const keys = "name, sweet, grams, steps or tag"
	for name, c := range map[string]struct{ text, want string }{
		"Empty":      {"", "a.yaml: found an empty file; expected a recipe"},
		"Long":       {strings.Repeat("#", 201), "a.yaml: found a longer file; expected at most 200 bytes"},
		"NoYAML":     {"a: {b", "a.yaml:1:5: found a text that is no YAML: could not find flow map content"},
		"NoMapping":  {"[a]", "a.yaml:1:1: found a list; expected a mapping: " + keys},
		"UnknownKey": {"grms: 1", "a.yaml:1:1: grms: found an unknown key; expected " + keys + " (did you mean grams?)"},
		"KeyTwice":   {"tag: 1\ntag: 2", "a.yaml:2:1: tag: found the key a second time; expected it once: it stands on line 1"},
		"ManyKeys":   {"a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1", "a.yaml:7:1: found more keys; expected at most 6"},
		"String":     {"name: 7", "a.yaml:1:7: name: found 7; expected a text; in quotes where it looks like something else"},
		"Blank":      {"name: ' '", `a.yaml:1:7: name: found " "; expected a text; in quotes where it looks like something else`},
		"YesNo":      {"sweet: yes", `a.yaml:1:8: sweet: found "yes"; expected true or false`},
		"Number":     {"grams: 1e999", `a.yaml:1:8: grams: found "1e999"; expected a number`},
		"NoList":     {"steps: stir", `a.yaml:1:8: steps: found "stir"; expected a list`},
		"LongList":   {"steps: [a, b, c, d]", "a.yaml:1:8: steps: found 4 entries; expected at most 3"},
		"ListInList": {"steps: [a, [b]]", "a.yaml:1:12: steps[1]: found a list; expected a text"},
		"FirstOnly":  {"name: 7\nsweet: 8", "a.yaml:1:7: name: found 7; expected a text; in quotes where it looks like something else"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readRecipe(c.text)
			if err == nil {
				t.Fatal("no error")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestMappingOfFewKeys: the message lists the keys that there are, however few.
func TestMappingOfFewKeys(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		text string
		want string
	}{
		"NoneUnknown":  {nil, "a: 1", "a.yaml:1:1: a: found an unknown key; expected no keys"},
		"NoneMistyped": {nil, "[a]", "a.yaml:1:1: found a list; expected a mapping: no keys"},
		"OneUnknown":   {[]string{"name"}, "nme: 1", "a.yaml:1:1: nme: found an unknown key; expected name (did you mean name?)"},
		"OneMistyped":  {[]string{"name"}, "[a]", "a.yaml:1:1: found a list; expected a mapping: name"},
		"TwoMistyped":  {[]string{"name", "tag"}, "[a]", "a.yaml:1:1: found a list; expected a mapping: name or tag"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &Reader{Text: Text{File: "a.yaml", Holds: "recipe", BytesMax: 200, Source: c.text}}
			var keys []Key
			for _, key := range c.keys {
				keys = append(keys, Key{Name: key, Read: func(ast.Node, string) {}})
			}
			r.Mapping(r.Root("a recipe"), "", keys)
			if r.Err() == nil {
				t.Fatal("no error")
			}
			if got, _, _ := strings.Cut(r.Err().Error(), "\n"); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBecauseTellsWhereAnErrorArose(t *testing.T) {
	text := textOf("a: b\n")
	at := Place{text, 1, 4}
	own := at.Wrong("own", "x", "y")
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("found x; expected y"), "a.yaml:1:4: p: found x; expected y"},
		{errors.New("found x"), "a.yaml:1:4: p: found x"},
		{errors.New("it broke"), "a.yaml:1:4: p: found what can't be used: it broke"},
		{own, "a.yaml:1:4: own: found x; expected y"},
	} {
		if got, _, _ := strings.Cut(at.Because("p", c.err).Error(), "\n"); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
