package fact_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// constants are the texts of a file's constants of a type.
func constants(t *testing.T, file, of string) (texts []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == of && len(spec.Values) == 1 {
			if value, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, _ := strconv.Unquote(value.Value)
				texts = append(texts, text)
			}
		}
		return true
	})
	if len(texts) == 0 {
		t.Fatalf("%s has no constant of type %s", file, of)
	}
	return texts
}

func vocabulary(t *testing.T, name string) fact.Words {
	t.Helper()
	all := fact.Vocabularies()
	i := slices.IndexFunc(all, func(w fact.Words) bool { return w.Name == name })
	if i < 0 {
		t.Fatalf("there are no words %q", name)
	}
	return all[i]
}

// A constant that a vocabulary lacks could not be expected.
func TestVocabulariesHoldAllConstants(t *testing.T) {
	for _, c := range []struct{ name, file, of string }{
		{"outcome", "../../order.go", "Outcome"},
		{"reason", "../../order.go", "Reason"},
		{"elimination", "../../result.go", "Reason"},
		{"verdict", "../../result.go", "Verdict"},
		{"state", "../../scoring/population.go", "State"},
		{"event", "../../subnet/result.go", "EventKind"},
	} {
		got := vocabulary(t, c.name)
		words := slices.DeleteFunc(slices.Clone(got.Words), func(word string) bool { return word == "" })
		if want := constants(t, c.file, c.of); !slices.Equal(words, want) {
			t.Errorf("%s: got %q, want %q", c.name, words, want)
		}
	}
}

func TestWordsAreChecked(t *testing.T) {
	for _, c := range []struct{ vocabulary, text, wrong string }{
		{"became", "accepted", ""},
		{"became", "waiting", ""},
		{"became", "rejected cooldown", ""},
		{"became", "ignored no_position", ""},
		{"became", "rejected", `found "rejected" without a reason`},
		{"became", "rejected cooldwon", "did you mean cooldown?"},
		{"became", "rejcted cooldown", "did you mean rejected cooldown?"},
		{"became", "accepted cooldown", "none of the words"},
		{"became", "", "found no word"},
		{"outcome", "", ""},
		{"outcome", "acepted", "did you mean accepted?"},
		{"reason", "", "found no word"},
		{"reason, if any", "", ""},
		{"elimination", "no", "none of the words; expected MAX_TOTAL_DRAWDOWN, "},
		{"verdict", "faild", "did you mean failed?"},
		{"event of a miner", "promoted alice", ""},
		{"event of a miner", "promoted", "without a name"},
		{"event of a miner", "promted alice", "did you mean promoted alice?"},
		{"event of a miner", "eliminated alice b LIQUIDATED", ""},
		{"event of a miner", "eliminated alice", "without a"},
		{"event of a miner", "eliminated alice LIQUIDATE", "did you mean LIQUIDATED?"},
	} {
		words := vocabulary(t, c.vocabulary)
		err := words.Check(c.text)
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %q: got %v, want %q", c.vocabulary, c.text, err, c.wrong)
		}
	}
}
