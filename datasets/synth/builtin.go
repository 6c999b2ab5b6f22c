package synth

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
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

// Open returns the recipe that a person names: a built-in one by its name, or a
// file by its path, which has a slash in it or ends in .yaml or .yml.
func Open(name string) (*Document, error) {
	ext := filepath.Ext(name)
	if ext != ".yaml" && ext != ".yml" && !strings.ContainsAny(name, `/\`) {
		return Builtin(name)
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &datasets.Refusal{File: name, Problem: datasets.ErrMissing, Found: "no such file", Expected: "a recipe",
			Remedy: "check the path, or name a built-in recipe: " + strings.Join(Names(), ", ")}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, bytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("reading the recipe: %w", err)
	}
	return Parse(name, text)
}

// Builtin returns a built-in recipe by its name.
func Builtin(name string) (*Document, error) {
	if !slices.Contains(Names(), name) {
		return nil, &datasets.Refusal{File: name, Problem: datasets.ErrMissing, Found: "no built-in recipe of that name" + suggest.DidYouMean(name, Names()),
			Expected: "one of " + strings.Join(Names(), ", "), Remedy: "or name a recipe's file, ending in .yaml"}
	}
	file := name + ".yaml"
	text, err := recipeFiles.ReadFile("recipes/" + file)
	if err != nil {
		return nil, err
	}
	return Parse(file, text)
}
