package scenario

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

var updateDocs = flag.Bool("update-docs", false, "write the list of facts into docs/scenarios.md")

// TestFactsAreDocumented: docs/scenarios.md lists every fact that there is, and none
// besides.
func TestFactsAreDocumented(t *testing.T) {
	const file, begin, end = "../../docs/scenarios.md", "<!-- facts -->\n", "<!-- end of facts -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	listed, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no place for the facts, from %q to %q", file, begin, end)
	}
	var want strings.Builder
	for _, part := range []struct {
		title string
		shape *fact.Shape
	}{
		{"Of an account", fact.ShapeOf[fact.Account]()},
		{"Of a tournament", fact.ShapeOf[fact.Tournament]()},
		{"Of a population that is scored", fact.ShapeOf[fact.Standing]()},
	} {
		fmt.Fprintf(&want, "\n#### %s\n\n| fact | is | |\n| --- | --- | --- |\n", part.title)
		rows(&want, "", part.shape)
	}
	want.WriteString("\n#### Words\n\n| of | are |\n| --- | --- |\n")
	for _, words := range fact.Vocabularies() {
		fmt.Fprintf(&want, "| %s | %s |\n", words.Name, &words)
		if words.Reasons != nil {
			fmt.Fprintf(&want, "| its REASON | %s |\n", strings.Join(words.Reasons, ", "))
		}
	}
	want.WriteString("\n")
	if listed == want.String() {
		return
	}
	if !*updateDocs {
		t.Fatalf("%s lists other facts than there are: go test ./sim/scenario -run FactsAreDocumented -update-docs", file)
	}
	if err := os.WriteFile(file, []byte(before+begin+want.String()+end+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

// rows writes the facts of a group, each with what it is made of below it. A miner's
// account is that of the first table.
func rows(to *strings.Builder, path string, shape *fact.Shape) {
	for i, f := range shape.Fields {
		name := path + f.Name
		of, kind := f.Shape, ""
		switch f.Shape.Sort {
		case fact.List:
			of, kind = f.Shape.Elem, "list"
			if f.Shape.Key >= 0 {
				kind += ", by " + of.Fields[f.Shape.Key].Name
			}
			name += "[]"
			if of.Sort == fact.Leaf {
				kind += " of " + kindName(of.Kind)
			}
		case fact.Leaf:
			kind = kindName(f.Shape.Kind)
			if f.Shape.Words != nil {
				kind += ": " + f.Shape.Words.Name
			}
		}
		if f.Shape.Nullable {
			kind = strings.TrimPrefix(kind+", or null", ", ")
		}
		shown := "`" + name + "`"
		if i == shape.Short {
			shown = "**" + shown + "**"
		}
		fmt.Fprintf(to, "| %s | %s | %s |\n", shown, f.Doc, kind)
		if of.Sort == fact.Group && f.Name != "account" {
			rows(to, name+".", of)
		}
	}
}

func kindName(k condition.Kind) string { return fmt.Sprint(k) }
