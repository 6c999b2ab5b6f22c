package synth

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// ErrRecipe is the problem of a *datasets.Refusal that concerns a recipe.
var ErrRecipe = errors.New("impossible recipe")

// Limits of a recipe's text, far above what one needs and far below what could
// exhaust a parser.
const (
	bytesMax = 1 << 20
	depthMax = 8 // of brackets within brackets
)

// Document is a recipe with the text that it was read from, so that whatever is
// wrong with it is told with its line. The zero Document has no text.
type Document struct {
	Recipe Recipe

	file       string
	root       ast.Node
	overridden []string // paths whose value is no longer that of the text
}

// Parse reads a recipe's YAML; errors name it as the file. Unknown keys, values of
// another type, and whatever makes a YAML text say something else than it seems
// to (anchors, tags, numbers such as 010) are refused. The values themselves are
// judged by Document.Complete.
func Parse(file string, text []byte) (doc *Document, err error) {
	d := &Document{file: file}
	// A text that the parser panics on is a wrong text, not a wrong program.
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, d.refuse(0, "a text that is no YAML", "keys and values, each key on its line")
		}
	}()
	if d.root, err = d.tree(string(text)); err != nil {
		return nil, err
	}
	if err := yaml.NodeToValue(d.root, &d.Recipe, yaml.Strict()); err != nil {
		return nil, d.malformed(err, "", "what docs/synthetic.md lists")
	}
	return d, nil
}

// tree returns the one value of a YAML text.
func (d *Document) tree(text string) (ast.Node, error) {
	switch {
	case len(text) > bytesMax:
		return nil, d.refuse(0, fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("at most %d", bytesMax))
	case !utf8.ValidString(text):
		return nil, d.refuse(0, "bytes that are no UTF-8", "a text in UTF-8")
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(text, "\ufeff"))
	if err := d.plain(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, d.malformed(err, "a text that is no YAML: ", "")
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, d.refuse(0, fmt.Sprintf("%d documents", len(file.Docs)), "one recipe, with at least its pairs")
	}
	var odd oddFinder
	ast.Walk(&odd, file.Docs[0].Body)
	if odd.node != nil {
		return nil, d.refuse(lineOf(odd.node), odd.found, odd.expected)
	}
	return file.Docs[0].Body, nil
}

// plain refuses the parts of YAML that recipes do without.
func (d *Document) plain(tokens token.Tokens) error {
	depth := 0
	for i, t := range tokens {
		switch t.Type {
		case token.SequenceEntryType:
			if i > 0 && tokens[i-1].Type == token.SequenceEntryType {
				return d.refuse(t.Position.Line, "a list entry that is empty or a list of lists", "a value after each dash")
			}
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType, token.MappingKeyType:
			return d.refuse(t.Position.Line, quoted(t.Value)+", an anchor, an alias, a tag or a complex key", "plain keys and values")
		case token.HexIntegerType, token.OctetIntegerType, token.BinaryIntegerType:
			return d.refuse(t.Position.Line, t.Value, "a decimal number")
		case token.IntegerType, token.FloatType:
			if strings.Contains(t.Value, "_") {
				return d.refuse(t.Position.Line, t.Value, "a decimal number")
			}
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > depthMax {
				return d.refuse(t.Position.Line, "brackets nested too deep", fmt.Sprintf("at most %d levels", depthMax))
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil
}

// oddFinder finds the first value that would be taken for one that is not given:
// a null, or a 0 where 0 stands for the default.
type oddFinder struct {
	misplaced
}

// Visit implements ast.Visitor.
func (f *oddFinder) Visit(node ast.Node) ast.Visitor {
	if f.node != nil {
		return nil
	}
	switch n := node.(type) {
	case *ast.NullNode:
		f.misplaced = misplaced{mistake{"a key or an entry without a value", "a value, or neither"}, n}
	case *ast.MappingValueNode:
		switch key := n.Key.GetToken().Value; key {
		case "dead_market", "jumps", "loadings": // where 0 is 0
			var nulls oddFinder
			if _, null := n.Value.(*ast.NullNode); null {
				nulls.Visit(n.Value)
			}
			f.misplaced = nulls.misplaced
			return nil
		case "price", "tick", "volatility", "volume", "volume_step", "sd", "alpha", "beta", "candles":
			if v, ok := n.Value.(ast.ScalarNode); ok && zero(v.GetToken().Value) {
				f.misplaced = misplaced{mistake{"0 for " + key, "a number over 0, or no " + key + " for the default"}, n}
			}
		}
	}
	return f
}

// zero reports whether a text is the number 0.
func zero(text string) bool {
	v, err := strconv.ParseFloat(text, 64)
	return err == nil && v == 0
}

// malformed turns an error of the YAML library, or of one of our own values, into
// a refusal with its line.
func (d *Document) malformed(err error, prefix, expected string) error {
	if m, ok := errors.AsType[*misplaced](err); ok {
		return d.refuse(lineOf(m.node), m.found, m.expected)
	}
	if e, ok := errors.AsType[yaml.Error](err); ok {
		line := 0
		if t := e.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
		return d.refuse(line, prefix+e.GetMessage(), expected)
	}
	return d.refuse(0, prefix+err.Error(), expected)
}

func (d *Document) refuse(line int, found, expected string) error {
	return &datasets.Refusal{File: cmp.Or(d.file, "the recipe of the flags"), Line: int64(line), Problem: ErrRecipe, Found: found, Expected: expected}
}

// Complete returns the recipe with its defaults filled in, or every problem with
// its line.
func (d *Document) Complete(pairs []market.Pair) (Recipe, error) {
	r, err := d.Recipe.Complete(pairs)
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		return r, err
	}
	var refusals []error
	for _, p := range problems {
		refusals = append(refusals, d.refuse(d.line(p.Path), p.Found+" for "+p.Path, p.Expected))
	}
	return r, errors.Join(refusals...)
}

// line returns the line of the value at a path, or of the nearest that holds it; 0
// if the text doesn't have it.
func (d *Document) line(path string) int {
	for _, o := range d.overridden {
		if strings.HasPrefix(path, o) {
			return 0
		}
	}
	for path != "" && d.root != nil {
		if p, err := yaml.PathString("$." + path); err == nil {
			if node, err := p.FilterNode(d.root); err == nil && node != nil {
				return lineOf(node)
			}
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// lineOf returns the line on which a node begins.
func lineOf(node ast.Node) int {
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	if m, ok := node.(*ast.MappingValueNode); ok {
		node = m.Key
	}
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// mistake is a value that cannot be.
type mistake struct{ found, expected string }

// Error implements error.
func (m mistake) Error() string { return "found " + m.found + ", expected " + m.expected }

// misplaced is a mistake and where it stands.
type misplaced struct {
	mistake
	node ast.Node
}

// scalar hands a plain or quoted value's text to read.
func scalar(node ast.Node, expected string, read func(string) error) error {
	switch node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
	default:
		return &misplaced{mistake{"a value of another kind", expected}, node}
	}
	err := read(node.GetToken().Value)
	if m, ok := errors.AsType[mistake](err); ok {
		return &misplaced{m, node}
	}
	return err
}

// quoted returns a text in quotes, cut where it is long.
func quoted(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return strconv.Quote(text)
}

// Marshal returns the recipe as YAML; Parse reads it back the same.
func (r *Recipe) Marshal() ([]byte, error) {
	return yaml.MarshalWithOptions(r, yaml.IndentSequence(true), yaml.AutoInt())
}
