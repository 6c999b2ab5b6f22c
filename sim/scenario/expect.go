package scenario

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// expectationsMax bounds the values that one file expects: a reader of it sees far
// fewer at a glance.
const expectationsMax = 20_000

// Shape returns what can be expected of a play of the kind.
func (k Kind) Shape() *fact.Shape {
	switch k {
	case OfTournament:
		return fact.ShapeOf[fact.Tournament]()
	case OfStanding:
		return fact.ShapeOf[fact.Standing]()
	}
	return fact.ShapeOf[fact.Account]()
}

// readExpect reads what a scenario of that kind expects: some of its facts, or an
// error alone. One that expects nothing is wrong.
func readExpect(r *strictyaml.Reader, node ast.Node, path string, kind Kind) Expectation {
	entries, isMapping := strictyaml.Entries(node)
	for _, e := range entries {
		if e.Key == errorKey {
			return readExpectedError(r, e, len(entries), strictyaml.Join(path, errorKey))
		}
	}
	if _, scalar := strictyaml.Scalar(node); isMapping && len(entries) == 0 || !isMapping && !scalar {
		r.Mistyped(node, path, "what the scenario expects, such as final_return: 1.02; one that expects nothing can't fail")
		return Expectation{}
	}
	if at := r.At(node); !isMapping && at.Column == 1 { // the parser takes it, and nothing else in its place
		r.Wrong(node, path, "a value at the beginning of a line", "it behind its key, or indented")
		return Expectation{}
	}
	return readExpectation(r, node, path, kind.Shape())
}

// errorKey is the key of an error that is expected.
const errorKey = "error"

// readExpectedError reads the error that a scenario is refused with.
func readExpectedError(r *strictyaml.Reader, e strictyaml.Entry, keys int, path string) Expectation {
	of := Expectation{Path: errorKey, At: r.At(e.Value), node: e.Value}
	r.Uncut(e.Value, path)
	r.String(e.Value, path, &of.Error)
	switch {
	case keys > 1:
		r.Wrong(e.Node, path, "an error and other facts", "the error alone: a scenario that is refused has no facts")
	case blank(of.Error):
		r.Wrong(e.Value, path, "a blank", "a part of the error's message, which only a person can choose")
	}
	return of
}

// readExpectation reads what is expected of a fact of that shape. The path is that
// of the node in its file; the expectations' own begin below it.
func readExpectation(r *strictyaml.Reader, node ast.Node, path string, shape *fact.Shape) Expectation {
	e := expectationReader{r, path, expectationsMax}
	return e.read(node, "", shape)
}

// expectationReader reads expectations of one file.
type expectationReader struct {
	*strictyaml.Reader
	root string // path of the whole
	left int    // how many more values there may be
}

// at is the path of an expectation in its file.
func (r *expectationReader) at(path string) string {
	switch {
	case path == "":
		return r.root
	case r.root == "" || path[0] == '[':
		return r.root + path
	}
	return strictyaml.Join(r.root, path)
}

func (r *expectationReader) read(node ast.Node, path string, shape *fact.Shape) Expectation {
	e := Expectation{Path: path, At: r.At(node), Shape: shape, node: node}
	if r.left--; r.left < 0 {
		r.Wrong(node, r.at(path), "more values", fmt.Sprintf("at most %d", expectationsMax))
		return e
	}
	if _, block := node.(*ast.LiteralNode); block {
		r.Wrong(node, r.at(path), "a block of text", `a condition on one line; one that begins with > or | goes in quotes: "> 1.5"`)
		return e
	}
	if null, ok := node.(*ast.NullNode); ok || node == nil {
		e.Absent = r.null(null, path, shape)
		return e
	}
	switch text, isOne := strictyaml.Scalar(node); {
	case shape.Sort == fact.Leaf:
		e.Condition = r.condition(node, path, shape)
	case isOne && blank(text):
		e.Condition = r.condition(node, path, &fact.Shape{Kind: condition.Word})
	case shape.Sort == fact.List:
		r.list(&e)
	default:
		r.group(&e)
	}
	return e
}

// blank reports whether a text is a blank, to be filled in.
func blank(text string) bool { return strings.TrimSpace(text) == "_" }

// null reads null, or what is missing.
func (r *expectationReader) null(node *ast.NullNode, path string, shape *fact.Shape) bool {
	what := "one value, or a condition on it, such as " + example(shape.Kind)
	switch shape.Sort {
	case fact.Group:
		what = "a mapping: " + strings.Join(shape.Names(), ", ")
	case fact.List:
		what = "a list, [] where there is nothing"
	}
	switch {
	case node == nil:
		r.Wrong(nil, r.at(path), "nothing", what+"; or _, a blank to be filled in")
	case node.GetToken().Type != token.NullType:
		r.Mistyped(node, r.at(path), what+"; or _, a blank to be filled in")
	case !shape.Nullable:
		what += ": it always exists"
		if i := shape.Short; i >= 0 && shape.Fields[i].Shape.Nullable {
			what += "; or {" + shape.Fields[i].Name + ": null}"
		}
		r.Mistyped(node, r.at(path), what)
	default:
		return true
	}
	return false
}

// condition reads what one value is expected to be. What YAML has in quotes may be any
// condition: they are there for YAML's sake. null is a text only
// in quotes.
func (r *expectationReader) condition(node ast.Node, path string, shape *fact.Shape) *condition.Condition {
	kind := shape.Kind
	text, ok := strictyaml.Scalar(node)
	if !ok {
		r.Mistyped(node, r.at(path), "one value, or a condition on it, such as "+example(kind))
		return nil
	}
	if (kind == condition.Word || kind == condition.Text) && quoted(node) && text == "null" {
		text = strconv.Quote(text)
	}
	c, err := parseCondition(text, shape)
	if err != nil {
		r.Fail(r.At(node).Because(r.at(path), err))
		return nil
	}
	return &c
}

// parseCondition reads a condition on a leaf. A word that it can't be is refused: it
// would never hold, or with != always.
func parseCondition(text string, leaf *fact.Shape) (condition.Condition, error) {
	c, err := condition.Parse(text, leaf.Kind)
	if word, ok := c.Word(); err == nil && ok && leaf.Words != nil {
		err = leaf.Words.Check(word)
	}
	return c, err
}

// example is a condition on a value of the kind.
func example(kind condition.Kind) string {
	switch kind {
	case condition.Word, condition.Text:
		return `accepted or "~ part of a text"`
	case condition.YesNo:
		return "true"
	case condition.Instant:
		return "2025-03-03T12:00:00Z"
	case condition.Date:
		return "2025-03-03"
	case condition.Length:
		return "12h"
	case condition.Whole:
		return `3 or ">= 3"`
	}
	return `1.5 or "<= 1.5"`
}

func quoted(node ast.Node) bool {
	t := node.GetToken().Type
	return t == token.SingleQuoteType || t == token.DoubleQuoteType
}

// group reads some of a group's facts, or in their place its short one. A mapping is
// always of the group's own.
func (r *expectationReader) group(e *Expectation) {
	shape := e.Shape
	_, isOne := strictyaml.Scalar(e.node)
	_, isList := e.node.(*ast.SequenceNode)
	if i := shape.Short; i >= 0 {
		if sort := shape.Fields[i].Shape.Sort; sort == fact.Leaf && isOne || sort == fact.List && isList {
			r.short(e, i)
			return
		}
	}
	keys := make([]strictyaml.Key, len(shape.Fields))
	for i := range shape.Fields {
		keys[i] = strictyaml.Key{Name: shape.Fields[i].Name, Read: func(node ast.Node, _ string) { r.field(e, i, node) }}
	}
	if list, ok := strictyaml.Entries(e.node); ok && len(list) == 0 {
		r.Wrong(e.node, r.at(e.Path), "a mapping of nothing", "some of "+strings.Join(shape.Names(), ", "))
		return
	}
	r.Mapping(e.node, r.at(e.Path), keys)
}

// short reads what stands in place of the group. Where that may be lacking, a word that
// can't be is told how to say so.
func (r *expectationReader) short(e *Expectation, i int) {
	leaf := e.Shape.Fields[i].Shape
	text, _ := strictyaml.Scalar(e.node)
	if c, err := condition.Parse(text, leaf.Kind); err == nil && leaf.Words != nil && e.Shape.Nullable {
		word, ok := c.Word()
		if wrong, is := errors.AsType[*condition.Problem](leaf.Words.Check(word)); ok && is {
			r.Wrong(e.node, r.at(e.Path), wrong.Found, "null where there is none, or one of "+wrong.Expected)
			return
		}
	}
	r.field(e, i, e.node)
}

func (r *expectationReader) field(e *Expectation, i int, node ast.Node) {
	f := &e.Shape.Fields[i]
	e.Fields = append(e.Fields, FieldExpectation{i, r.read(node, strictyaml.Join(e.Path, f.Name), f.Shape)})
}

// list reads a list, which is complete, or a mapping of some of its elements.
func (r *expectationReader) list(e *Expectation) {
	if _, ok := e.node.(*ast.SequenceNode); ok {
		e.Whole = true
		for i, node := range r.List(e.node, r.at(e.Path), expectationsMax) {
			if r.Err() != nil {
				return
			}
			e.Items = append(e.Items, r.read(node, fmt.Sprintf("%s[%d]", e.Path, i+1), e.Shape.Elem))
		}
		return
	}
	forms := "a list, or a mapping of some of its elements: " + elements(e.Shape)
	entries := r.Entries(e.node, r.at(e.Path), forms, expectationsMax)
	if len(entries) == 0 {
		r.Wrong(e.node, r.at(e.Path), "a mapping of nothing", "some elements: "+elements(e.Shape)+"; or [], a list without any")
		return
	}
	for _, entry := range entries {
		if r.Err() != nil {
			return
		}
		if entry.Key == "count" && !quoted(entry.Node) {
			r.count(e, entry.Value)
			continue
		}
		e.Some = append(e.Some, r.element(e, entry))
	}
}

// elements says how those of a list are found.
func elements(shape *fact.Shape) string {
	const number = "number (1 is the first, -1 the last)"
	if shape.Key < 0 {
		return "by their " + number + ", and count"
	}
	return "by their " + shape.Elem.Fields[shape.Key].Name + " or their " + number + ", and count"
}

// count reads how many elements there are.
func (r *expectationReader) count(e *Expectation, node ast.Node) {
	of := r.read(node, strictyaml.Join(e.Path, "count"), &fact.Shape{Kind: condition.Whole, Short: -1, Key: -1})
	if of.Condition != nil {
		e.Count = &CountExpectation{Condition: *of.Condition, Path: of.Path, At: of.At, node: node}
	}
}

// element reads one element: a whole number is its number, anything else, or a number
// in quotes, its key. null says that there is no such element.
func (r *expectationReader) element(list *Expectation, entry strictyaml.Entry) ElementExpectation {
	shape, path := list.Shape, fmt.Sprintf("%s[%s]", list.Path, entry.Key)
	var e ElementExpectation
	number, err := strconv.Atoi(entry.Key)
	_, isOne := strictyaml.Scalar(entry.Node)
	switch isNumber := err == nil && strconv.Itoa(number) == entry.Key && !quoted(entry.Node); {
	case isNumber && number == 0:
		r.Wrong(entry.Node, r.at(path), "the number 0", "1 for the first, 2 for the next …; -1 for the last")
		return e
	case isNumber:
		e.Number = number
	case shape.Key < 0 || !isOne:
		r.Wrong(entry.Node, r.at(path), strconv.Quote(entry.Key), "elements "+elements(shape))
		return e
	default:
		key, ok := r.key(entry, path, shape.Elem.Fields[shape.Key].Shape)
		if !ok {
			return e
		}
		e.Key = &key
	}
	if null, ok := entry.Value.(*ast.NullNode); ok && null.GetToken().Type == token.NullType {
		e.Expectation = Expectation{Path: path, At: r.At(null), Shape: shape.Elem, Absent: true, node: null} // there is no such element
		return e
	}
	e.Expectation = r.read(entry.Value, path, shape.Elem)
	return e
}

// key reads what an element is found by.
func (r *expectationReader) key(entry strictyaml.Entry, path string, leaf *fact.Shape) (key condition.Value, ok bool) {
	key, err := parseKey(entry.Key, leaf)
	if err != nil {
		r.Fail(r.At(entry.Node).Because(r.at(path), err))
	}
	return key, err == nil
}

// parseKey reads what an element is found by.
func parseKey(text string, leaf *fact.Shape) (key condition.Value, err error) {
	switch leaf.Kind {
	case condition.Word, condition.Text:
		if leaf.Words != nil {
			err = leaf.Words.Check(text)
		}
		return condition.Value{Kind: leaf.Kind, Text: text}, err
	}
	key, err = condition.ParseValue(text, leaf.Kind)
	if err == nil && key.Null {
		err = &condition.Problem{Found: "null", Expected: "a " + leaf.Kind.String()}
	}
	return key, err
}

// quoteConditions makes the error of a text that is no YAML for want of quotes around
// a condition say so.
func quoteConditions(err error, source string) error {
	e, ok := errors.AsType[*strictyaml.SyntaxError](err)
	lines := strings.Split(source, "\n")
	if !ok || e.Path != "" || e.Line < 1 || e.Line > len(lines) {
		return err
	}
	rest := []rune(lines[e.Line-1])
	if e.Column < 1 || e.Column > len(rest) {
		return err
	}
	switch begin := rest[e.Column-1]; begin {
	case '>', '!':
		hinted := *e
		hinted.Expected = fmt.Sprintf(`quotes around a condition that begins with %c, such as "%c= 1.5"`, begin, begin)
		return &hinted
	}
	return err
}
