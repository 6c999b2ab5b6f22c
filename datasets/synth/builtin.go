package synth

import (
	"embed"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
)

//go:embed recipes/*.yaml
var recipeFiles embed.FS

// Names returns the names of the built-in recipes, sorted.
func Names() []string {
	entries, err := recipeFiles.ReadDir("recipes")
	if err != nil {
		panic(err) // embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Builtin returns a built-in recipe by its name.
func Builtin(name string) (*Document, error) {
	file := name + ".yaml"
	text, err := recipeFiles.ReadFile("recipes/" + file)
	if err != nil {
		return nil, fmt.Errorf("found %q, which is no built-in recipe, expected one of %s, or the path of a recipe (ending in .yaml or .yml)%s",
			name, strings.Join(Names(), ", "), suggest.DidYouMean(name, Names()))
	}
	return Parse(file, text)
}
