package scenario

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// Update returns the scenario's text with what was found in place of what was
// expected; everything else (comments, order, spacing) stays byte for byte. What only a
// person can decide is kept: bounds, what stands after ==, ranges, formulas, an expected
// error, and elements that are looked for and don't exist.
//
// A wrong value is replaced where it stands, with its tolerance if it states one. A
// blank is filled in. What does not exist becomes null, and null what does. A complete
// list gets the elements that it lacks, with the fields that its last one has, and of
// another kind than that (rejected, after accepted) with those of a blank; and it loses
// those, with their lines, that are no more.
//
// The text is read and judged anew before it is returned, and kept is what does not
// hold of it. Should anything else not hold, the error says so, and the text and the
// findings are as they were.
func Update(s *Scenario, facts fact.Node, findings []Finding) (text string, kept []Finding, err error) {
	if len(findings) == 0 || s.Expect.Error != "" {
		return s.Text, findings, nil
	}
	r, err := revise(s, facts, findings)
	if err == nil {
		text, err = r.edits.apply(s.Text)
	}
	if err == nil {
		kept, err = r.proof(text)
	}
	if err != nil {
		return s.Text, findings, fmt.Errorf("%s: found no safe way to write what came of it into the file: %w; expected one, so this is a defect of ptnsim; write it by hand, the file is as it was", s.File, err)
	}
	return text, kept, nil
}

// revision is what Update changes of a scenario.
type revision struct {
	scenario *Scenario
	facts    fact.Node
	layout   *layout
	wrong    map[*Expectation]bool // does not hold
	edits    edits
	kept     map[string]bool // paths of what only a person can decide
	err      error           // the first thing that can't be changed
}

func revise(s *Scenario, facts fact.Node, findings []Finding) (*revision, error) {
	if s.Expect.node == nil {
		return nil, fmt.Errorf("nothing is known of where its expectations stand")
	}
	l, err := layOut(s.Text, s.Expect.node)
	if err != nil {
		return nil, err
	}
	r := &revision{scenario: s, facts: facts, layout: l, wrong: make(map[*Expectation]bool), kept: make(map[string]bool)}
	for _, f := range findings {
		r.wrong[f.of] = true
	}
	r.visit(&s.Expect, facts, false)
	return r, r.err
}

// proof reads the new text and returns what does not hold of it: nothing but what was
// kept.
func (r *revision) proof(text string) ([]Finding, error) {
	s, err := Parse(r.scenario.File, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("the new text can't be read: %w", err)
	}
	findings := Judge(s, r.facts)
	for _, f := range findings {
		if !r.keeps(f.Path) {
			return nil, fmt.Errorf("%s would still not hold: expected %s, got %s", f.Path, f.Expected, f.Got)
		}
	}
	return findings, nil
}

// keeps reports whether a path is, or lies within, what was kept.
func (r *revision) keeps(path string) bool {
	for p := path; p != ""; p = p[:max(0, strings.LastIndexAny(p, ".["))] {
		if r.kept[p] {
			return true
		}
	}
	return r.kept[path]
}

// fail keeps the first thing that can't be changed.
func (r *revision) fail(at Place, path, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("line %d: %s: %s", at.Line, path, fmt.Sprintf(format, args...))
	}
}

// visit changes what is expected of a fact to what it is. brackets says whether that
// stands within some.
func (r *revision) visit(e *Expectation, n fact.Node, brackets bool) {
	switch {
	case e.blank():
		f := filled(n)
		f.tall = e == &r.scenario.Expect
		r.put(e, f, brackets)
	case e.Absent:
		if !n.Null() {
			r.put(e, filled(n), brackets)
		}
	case e.Shape.Sort == fact.Leaf:
		if r.wrong[e] {
			r.rewrite(e, n.Value(), brackets)
		}
	case n.Null():
		r.missing(e, n, brackets)
	case e.Shape.Sort == fact.Group && e.short():
		r.one(e, n, brackets)
	case e.Shape.Sort == fact.Group:
		for i := range e.Fields {
			f := &e.Fields[i]
			r.visit(&f.Expectation, n.Field(f.Field), brackets || bracketed(e.node))
		}
	default:
		r.list(e, n, brackets)
	}
}

// rewrite changes what is expected of a value, where it can be said of another one.
func (r *revision) rewrite(e *Expectation, v condition.Value, brackets bool) {
	text, ok := e.Condition.Rewrite(v)
	if !ok {
		r.kept[e.Path] = true
		return
	}
	value := scalar{text: text, prose: prose(v.Kind), quote: quoteOf(e.node)}
	if v.Null {
		value = written(v, e.Shape)
	}
	r.put(e, filling{value: value}, brackets)
}

// one changes what is expected of a group by one value in its place. There null would
// say that the group does not exist: the value gets its name.
func (r *revision) one(e *Expectation, n fact.Node, brackets bool) {
	f := &e.Fields[0]
	value := n.Field(f.Field)
	if f.Shape.Sort != fact.Leaf || f.blank() || !value.Null() || !r.rewritable(&f.Expectation, value) {
		r.visit(&f.Expectation, value, brackets)
		return
	}
	if r.wrong[&f.Expectation] {
		r.put(e, like(e, n), brackets)
	}
}

func (r *revision) rewritable(e *Expectation, n fact.Node) bool {
	_, ok := e.Condition.Rewrite(n.Value())
	return ok
}

// missing changes what is expected of a group that does not exist.
func (r *revision) missing(e *Expectation, n fact.Node, brackets bool) {
	if e.takesNull() {
		return
	}
	if e.short() {
		if c := e.Fields[0].Condition; c != nil {
			if _, ok := c.Rewrite(condition.Value{Kind: e.Fields[0].Shape.Kind, Null: true}); !ok {
				r.kept[e.Path] = true
				return
			}
		}
	}
	r.put(e, filled(n), brackets)
}

// put writes a filling in place of the node of an expectation.
func (r *revision) put(e *Expectation, f filling, brackets bool) {
	at, ok := r.layout.at(e.node)
	if !ok {
		r.fail(e.At, e.Path, "it is not known which bytes it is")
		return
	}
	text := r.layout.text
	kind, before := r.layout.before(at.from) // the colon after its key, or what else there is
	switch {
	case brackets || kind != token.MappingValueType:
		r.edits.replace(at, f.line(brackets))
	case tall(e.node):
		if !text.blank(text.start(at.from), at.from) {
			r.fail(e.At, e.Path, "it does not begin its line")
			return
		}
		r.edits.insert(before.to, " "+f.line(false))
		r.edits.replace(text.deletion(at), "")
	case f.several() && text.end(before.to) >= at.to:
		_, key := r.layout.before(before.from)
		gap := ""
		if strings.HasPrefix(string(text[at.to:]), "#") {
			gap = " " // or it would be no comment
		}
		r.edits.replace(span{before.to, at.to}, gap)
		r.edits.below(text, at.to, f.lines(r.layout.indentation(key.from)+"  "))
	default:
		r.edits.replace(at, f.line(false))
	}
}

// bracketed reports whether a node is in brackets or braces.
func bracketed(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.IsFlowStyle
	case *ast.SequenceNode:
		return n.IsFlowStyle
	}
	return false
}

// tall reports whether a node has its keys or its elements on lines of their own.
func tall(node ast.Node) bool {
	switch node.(type) {
	case *ast.MappingNode, *ast.SequenceNode:
		return !bracketed(node)
	case *ast.MappingValueNode:
		return true
	}
	return false
}
