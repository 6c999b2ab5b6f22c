package scenario

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
	"github.com/ptnsim/ptnsim/strategies/script"
)

const recipe = `scenario: a
synth: # a comment
  # another

  seed: 7
  pairs:
    - pair: BTCUSD
      price: 100
# behind it
expect: {days: 0}
strategy: b
`

func TestARecipeStandsInTheFile(t *testing.T) {
	doc := parsed(t, recipe).Data.Recipe
	if doc.Recipe.Seed != "7" || len(doc.Recipe.Pairs) != 1 || doc.Recipe.Pairs[0].Price != 100 {
		t.Errorf("%+v", doc.Recipe)
	}
	if got, want := parsed(t, "scenario: a\nsynth: crash\nexpect: {days: 0}\nstrategy: b\n").Data.Recipe.Recipe, builtin(t, "crash"); got.Description != want.Description || len(got.Pairs) != len(want.Pairs) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for name, text := range map[string]string{
		"Braces":         "scenario: a\nexpect: {days: 0}\nsynth: {seed: 7,\n  pairs: [{pair: BTCUSD, price: 100}] }\nstrategy: b",
		"BracesBelow":    "scenario: a\nexpect: {days: 0}\nsynth:\n  {seed: 7, pairs: [{pair: BTCUSD, price: 100}]}\nstrategy: b",
		"QuotedKey":      "scenario: a\nexpect: {days: 0}\n\"synth\": {seed: 7, pairs: [{pair: BTCUSD, price: 100}]} # {\nstrategy: b",
		"First":          "synth:\n  seed: 7\n  pairs: [{pair: BTCUSD, price: 100}]\nscenario: a\nexpect: {days: 0}\nstrategy: b",
		"Last":           "scenario: a\nexpect: {days: 0}\nstrategy: b\nsynth:\n  seed: 7\n  pairs: [{pair: BTCUSD, price: 100}]",
		"CRLF":           strings.ReplaceAll(recipe, "\n", "\r\n"),
		"ByteOrderMark":  "\ufeff" + recipe,
		"DocumentHeader": "# x\n---\n" + recipe,
	} {
		t.Run(name, func(t *testing.T) {
			doc := parsed(t, text).Data.Recipe
			if doc.Recipe.Seed != "7" || len(doc.Recipe.Pairs) != 1 || doc.Recipe.Pairs[0].Price != 100 {
				t.Errorf("%+v", doc.Recipe)
			}
		})
	}
}

func builtin(t *testing.T, name string) synth.Recipe {
	t.Helper()
	doc, err := synth.Builtin(name)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Recipe
}

// TestARecipesErrorsHaveTheLinesOfTheFile: those of its keys, and those that only
// the whole of it tells.
func TestARecipesErrorsHaveTheLinesOfTheFile(t *testing.T) {
	refusedAt(t, strings.Replace(recipe, "price: 100", "«prce: 100", 1), `synth: found unknown field "prce"; expected what docs/synthetic.md lists`)
	refusedAt(t, "synth: {pairs: [{pair: BTCUSD}],\n  «prce: 1}\n", `synth: found unknown field "prce"; expected what docs/synthetic.md lists`)
	refusedAt(t, "synth: «crush\n", `synth: found "crush"; expected a recipe written out, or a built-in one: `+strings.Join(synth.Names(), ", ")+" (did you mean crash?)")
	refusedAt(t, "synth: «[a]\n", "synth: found a list; expected a recipe, or the name of a built-in one")

	doc := parsed(t, strings.Replace(recipe, "price: 100", "price: -100", 1)).Data.Recipe
	_, err := doc.Complete(market.Pairs())
	if err == nil || !strings.HasPrefix(err.Error(), "a.yaml: line 8: ") {
		t.Errorf("%v, want line 8 of a.yaml", err)
	}
}

const troupe = `scenario: a
synth: crash
subnet:
  seed: 7
  miners:
    - name: alice
      strategy: crossover
expect: {emission: 1}
seed: 3
`

func TestASubnetStandsInTheFile(t *testing.T) {
	for name, text := range map[string]string{
		"Lines":  troupe,
		"Braces": "scenario: a\nsynth: crash\nexpect: {emission: 1}\nseed: 3\nsubnet: {seed: 7, miners: [{name: alice, strategy: crossover}]}\n",
	} {
		s := parsed(t, text)
		if s.Actor.Kind != OfTournament || s.Actor.Subnet != "" || *s.Seed != 3 {
			t.Errorf("%s: %+v", name, s.Actor)
		}
		of, err := roster.Parse(s.File, []byte(s.Actor.SubnetText), roster.Options{})
		if err != nil || of.Seed != 7 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := parsed(t, strings.Replace(troupe, "strategy: crossover", "strtegy: crossover", 1))
	_, err := roster.Parse(s.File, []byte(s.Actor.SubnetText), roster.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "a.yaml:7:7: miners[0].strtegy: found an unknown key") {
		t.Errorf("%v, want an error of line 7", err)
	}
	refusedAt(t, "subnet: «[a]\n", "subnet: found a list; expected a subnet's file, or a subnet: its miners")
}

func TestAScriptStandsInTheFile(t *testing.T) {
	s := parsed(t, small(`params: {fast: 3}
script: |  # Starlark

  def decide(ctx):
      pass

  # the end
about: a script
`))
	want := "\n\n\n\n\n" + "\ndef decide(ctx):\n    pass\n\n# the end\n"
	if s.Actor.Script != want || s.About != "a script" || s.Actor.At.Line != 5 || s.Actor.Params[0].Name != "fast" {
		t.Errorf("%q, want %q", s.Actor.Script, want)
	}

	s = parsed(t, small("script: |\n  def decide(ctx):\n      pass\n\n  x = = 1\nabout: a\n")) // line 8
	_, err := script.Parse(s.File, []byte(s.Actor.Script))
	if err == nil || !strings.Contains(err.Error(), "a.yaml:8:") {
		t.Errorf("%v, want an error of line 8", err)
	}
	for _, text := range []string{"script: «my.star\n", "script: «>\n  a\n"} {
		found := `"my.star"`
		if strings.Contains(text, ">") {
			found = "a block of text"
		}
		refusedAt(t, small(text), "script: found "+found+"; expected a block of Starlark: script: | and lines that are indented (a script's file is named by strategy)")
	}
}
