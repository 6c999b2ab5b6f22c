package strictyaml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
)

func textOf(source string) *Text {
	return &Text{File: "a.yaml", Holds: "recipe", BytesMax: 1000, Source: source}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"TooLong":        {strings.Repeat("x", 1001), "a.yaml: found 1001 bytes; expected at most 1000"},
		"NoUTF8":         {"a: \xff", "a.yaml: found bytes that are no UTF-8; expected a text in UTF-8"},
		"Anchor":         {"a: &b c", "a.yaml:1:4: found an anchor, an alias or a merge key; expected the values themselves"},
		"Alias":          {"a: *b", "a.yaml:1:4: found an anchor, an alias or a merge key; expected the values themselves"},
		"MergeKey":       {"<<: {a: 1}", "a.yaml:1:1: found an anchor, an alias or a merge key; expected the values themselves"},
		"Tag":            {"a: !!str 1", `a.yaml:1:4: found "!!str", a tag, a directive or a complex key; expected plain keys and values`},
		"SecondDocument": {"a: 1\n---\nb: 2\n", "a.yaml:2:1: found a second document; expected one recipe a file"},
		"ListOfLists":    {"- - a", "a.yaml:1:3: found a list entry that is empty or a list of lists; expected a value after each dash"},
		"Brackets":       {"[[[[[[[[[", "a.yaml:1:9: found brackets nested too deep; expected at most 8 levels"},
		"ColonInAText":   {"a: b: c", "a.yaml:1:4: found a text that is no YAML: mapping value is not allowed in this context; expected quotes around a text that has a colon and a blank in it"},
		"Unfinished":     {"a: {b: c", "a.yaml:1:4: found a text that is no YAML: could not find flow mapping end token '}'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := textOf(c.text).Parse()
			if err == nil {
				t.Fatal("no error")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
	bare := &Text{File: "--set a", Inline: true, Instead: "write it out", BytesMax: 10, Source: "a: &b c"}
	want := "--set a: found an anchor, an alias or a merge key; expected the values themselves; write it out"
	if _, err := bare.Parse(); err == nil || err.Error() != want {
		t.Errorf("inline: %v, want %s", err, want)
	}
}

func TestParseTakesWhatHoldsNothing(t *testing.T) {
	for _, source := range []string{"", "# a comment\n", "\ufeff"} {
		if node, err := textOf(source).Parse(); node != nil || err != nil {
			t.Errorf("%q: %v, %v", source, node, err)
		}
	}
	if node, err := textOf("# a comment\n---\n\ufeffa: 1\n").Parse(); node == nil || err != nil {
		t.Errorf("a document with a header: %v, %v", node, err)
	}
}

// entriesOf parses a mapping.
func entriesOf(t *testing.T, text *Text) []Entry {
	t.Helper()
	node, err := text.Parse()
	if err != nil {
		t.Fatal(err)
	}
	entries, ok := Entries(node)
	if !ok {
		t.Fatalf("%T is no mapping", node)
	}
	return entries
}

func TestValues(t *testing.T) {
	text := textOf(`plain: a b
quoted: "1"
number: -1.5e3
huge: 1e999
octal: 010
under: 1_0
nan: .nan
yes: true
"no": 'false'
nothing:
tilde: ~
list: [a]
map: {a: b}
block: |
  x
`)
	var got []string
	for _, e := range entriesOf(t, text) {
		line := e.Key + ": " + Describe(e.Value)
		if v, ok := Scalar(e.Value); ok {
			line += ", scalar " + v
		}
		if v, ok := String(e.Value); ok {
			line += ", string " + v
		}
		if v, ok := Decimal(e.Value); ok {
			line += ", decimal " + v
		}
		if v, ok := Bool(e.Value); ok {
			line += fmt.Sprintf(", bool %t", v)
		}
		got = append(got, line)
	}
	want := []string{
		`plain: "a b", scalar a b, string a b`,
		`quoted: "1", scalar 1, string 1`,
		`number: -1.5e3, scalar -1.5e3, decimal -1.5e3`,
		`huge: "1e999", scalar 1e999, string 1e999, decimal 1e999`, // larger than any float: a string to YAML
		`octal: 010, scalar 010`,
		`under: 1_0, scalar 1_0`,
		`nan: .nan, scalar .nan`,
		`yes: true, scalar true, bool true`,
		`no: "false", scalar false, string false`,
		`nothing: nothing`,
		`tilde: ~`,
		`list: a list`,
		`map: a mapping`,
		`block: a block of text`,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if _, ok := Entries(nil); ok {
		t.Error("nothing has entries")
	}
}

func TestKeysThatComeAgainAreTold(t *testing.T) {
	entries := entriesOf(t, textOf("a: 1\nb: 2\na: 3\na: 4\n"))
	for i, want := range []int{0, 0, 1, 1} {
		if entries[i].BeforeLine != want {
			t.Errorf("key %d stood on line %d before, want %d", i, entries[i].BeforeLine, want)
		}
	}
}

func TestWrongShowsThePlace(t *testing.T) {
	text := textOf("é: 1\r\n\tb: {c: " + strings.Repeat("d", 200) + "}\r\n")
	for name, c := range map[string]struct {
		at   Place
		want string
	}{
		"Whole":       {text.At(nil), "a.yaml: p: found x; expected y"},
		"Line":        {Place{text, 1, 4}, "a.yaml:1:4: p: found x; expected y\n>    1 | é: 1\n       |    ^"},
		"PastTheEnd":  {Place{text, 1, 40}, "a.yaml:1:5: p: found x; expected y\n>    1 | é: 1\n       |     ^"},
		"BeforeLine":  {Place{text, 1, 0}, "a.yaml:1:1: p: found x; expected y\n>    1 | é: 1\n       | ^"},
		"LongLine":    {Place{text, 2, 150}, "a.yaml:2:150: p: found x; expected y\n     1 | é: 1\n>    2 |  b: {c: " + strings.Repeat("d", 92) + "…"},
		"NoSuchPlace": {Place{text, 9, 1}, "a.yaml: p: found x; expected y"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.at.Wrong("p", "x", "y").Error(); got != c.want {
				t.Errorf("\ngot  %q\nwant %q", got, c.want)
			}
		})
	}
	nested := entriesOf(t, textOf("a:\n  b:\n    c: 1\n"))[0].Value
	if at := textOf("").At(nested); at.Line != 2 || at.Column != 3 {
		t.Errorf("a mapping begins at %d:%d, want 2:3", at.Line, at.Column)
	}
}

// FuzzParse: no text makes a panic, and every node can be described and placed.
func FuzzParse(f *testing.F) {
	for _, source := range []string{
		"a: 1\nb: [x, {c: d}]\n", "a: &a [*a]\n", "? a\n: b\n", "- - -", "{[{[", "a: |\n  b\n", "a: >-\n b\n\n c", "--- a\n...\n", "%YAML 1.2\n---\n",
		"\ufeffa: 1", "a:\r\n\tb", "'", "\"\\x", "a: {b, c: }", "- a\n-\n", "# c", "a: 'b''c' # d\n  e", "!!a b", "<<: x", "[a, b]: c",
	} {
		f.Add(source)
	}
	for _, c := range hostile() {
		f.Add(c.text[:20_000]) // past the limits, and short enough to be varied
	}
	f.Fuzz(func(t *testing.T, source string) {
		text := textOf(source)
		text.BytesMax = 1 << 20
		node, err := text.Parse()
		if err != nil {
			_ = err.Error()
			return
		}
		visit(t, text, node)
	})
}

func visit(t *testing.T, text *Text, node ast.Node) {
	if e := text.At(node).Wrong("", Describe(node), ""); e.Line < 0 || e.Column < 0 {
		t.Errorf("%+v", e)
	}
	Scalar(node)
	String(node)
	Bool(node)
	Decimal(node)
	entries, _ := Entries(node)
	for _, e := range entries {
		visit(t, text, e.Value)
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		for _, item := range list.Values {
			visit(t, text, item)
		}
	}
}
