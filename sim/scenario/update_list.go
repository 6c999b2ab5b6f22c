package scenario

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// list changes what is expected of a list: of all its elements by their places, or of
// some. One that is looked for and does not exist is kept.
func (r *revision) list(e *Expectation, n fact.Node, brackets bool) {
	inside := brackets || bracketed(e.node)
	if e.Whole {
		for i := range min(len(e.Items), n.Len()) {
			r.visit(&e.Items[i], n.At(i), inside)
		}
		switch {
		case n.Len() > len(e.Items):
			r.lengthen(e, n, brackets)
		case n.Len() < len(e.Items):
			r.shorten(e, n.Len(), brackets)
		}
	}
	for i := range e.Some {
		some := &e.Some[i]
		if at := some.in(n); at >= 0 {
			r.visit(&some.Expectation, n.At(at), inside)
		} else {
			r.kept[some.Path] = true
		}
	}
	if e.Count != nil {
		r.count(e.Count, n.Len(), inside)
	}
}

// count changes how many elements are expected.
func (r *revision) count(c *CountExpectation, found int, brackets bool) {
	v := condition.Value{Kind: condition.Whole, Whole: int64(found)}
	if c.Check(v, condition.Tolerance{}).Holds {
		return
	}
	of := Expectation{Path: c.Path, At: c.At, Shape: &fact.Shape{Kind: condition.Whole}, Condition: &c.Condition, node: c.node}
	r.rewrite(&of, v, brackets)
}

// lengthen adds the elements that a complete list lacks.
func (r *revision) lengthen(e *Expectation, n fact.Node, brackets bool) {
	seq, ok := e.node.(*ast.SequenceNode)
	size := len(e.Items)
	if !ok || len(seq.Values) != size {
		r.fail(e.At, e.Path, "it is no list of %d", size)
		return
	}
	if size == 0 {
		r.put(e, filled(n), brackets)
		return
	}
	var added []filling
	for i := size; i < n.Len(); i++ {
		f := like(&e.Items[size-1], n.At(i))
		if otherKind(n.At(size-1), n.At(i)) {
			f = f.with(filled(n.At(i)), e.Shape.Elem.Fields[e.Shape.Elem.Short].Name)
		}
		added = append(added, f)
	}
	at, ok := r.layout.at(seq.Values[size-1])
	switch {
	case !ok:
		r.fail(e.At, e.Path, "it is not known where it ends")
	case seq.IsFlowStyle:
		r.addInBrackets(at, added)
	default:
		r.addLines(e, seq.Start, at, added)
	}
}

// otherKind reports whether the words differ that two elements stand for.
func otherKind(a, b fact.Node) bool {
	shape := a.Shape()
	if shape.Sort != fact.Group || shape.Short < 0 || shape.Fields[shape.Short].Shape.Words == nil {
		return false
	}
	return a.Field(shape.Short).Value() != b.Field(shape.Short).Value()
}

// with is a group with the fields of another writing of it, or with the one value that
// stands for it, before its own.
func (f filling) with(whole filling, short string) filling {
	if f.sort != fact.Group {
		return f
	}
	if whole.sort == fact.Leaf {
		whole = filling{sort: fact.Group, fields: []filledField{{short, whole}}}
	}
	var fields []filledField
	for _, field := range whole.fields {
		if !slices.ContainsFunc(f.fields, func(own filledField) bool { return own.name == field.name }) {
			fields = append(fields, field)
		}
	}
	f.fields = append(fields, f.fields...)
	return f
}

// addLines adds elements below the last one, each behind a dash.
func (r *revision) addLines(e *Expectation, first *token.Token, last span, added []filling) {
	dash, ok := r.layout.token(first)
	if !ok {
		r.fail(e.At, e.Path, "it is not known where its first dash stands")
		return
	}
	var list []string
	for _, f := range added {
		list = append(list, f.item(r.layout.indentation(dash.from))...)
	}
	r.edits.below(r.layout.text, last.to, list)
}

// addInBrackets adds elements behind the last one: on lines of their own, if it stands
// on one.
func (r *revision) addInBrackets(last span, added []filling) {
	text := r.layout.text
	var list []string
	for _, f := range added {
		list = append(list, f.line(true))
	}
	_, behind := r.layout.after(last.to)
	comma := false
	if kind, at := r.layout.after(last.to); kind == token.CollectEntryType {
		comma = true
		last.to = at.to
		_, behind = r.layout.after(at.to)
	}
	start := text.start(last.from)
	if !text.blank(start, last.from) || behind.from <= text.end(last.to) || start != text.start(last.to) {
		if comma {
			r.edits.insert(last.to, " "+strings.Join(list, ", ")+",")
		} else {
			r.edits.insert(last.to, ", "+strings.Join(list, ", "))
		}
		return
	}
	if !comma {
		r.edits.insert(last.to, ",")
	}
	for i := range list {
		list[i] = string(text[start:last.from]) + list[i]
		if comma || i < len(list)-1 {
			list[i] += ","
		}
	}
	r.edits.below(text, last.to, list)
}

// shorten removes the elements of a complete list behind the first few.
func (r *revision) shorten(e *Expectation, size int, brackets bool) {
	seq, ok := e.node.(*ast.SequenceNode)
	if !ok || len(seq.Values) != len(e.Items) || len(seq.Entries) != len(e.Items) {
		r.fail(e.At, e.Path, "it is no list of %d", len(e.Items))
		return
	}
	if size == 0 {
		r.put(e, filling{sort: fact.List}, brackets)
		return
	}
	var gone []span
	for i := size - 1; i < len(e.Items); i++ { // the last that stays, too
		at, ok := r.layout.at(seq.Values[i])
		if !ok {
			r.fail(e.Items[i].At, e.Items[i].Path, "it is not known which bytes it is")
			return
		}
		gone = append(gone, at)
	}
	if seq.IsFlowStyle {
		r.removeInBrackets(gone[0], gone[1:])
		return
	}
	for i, entry := range seq.Entries[size:] {
		dash, ok := r.layout.token(entry.Start)
		if !ok || !r.layout.text.blank(r.layout.text.start(dash.from), dash.from) {
			r.fail(e.At, e.Path, "its dashes do not begin their lines")
			return
		}
		gone[i+1].from = dash.from
	}
	r.removeLines(gone[1:])
}

// removeLines removes elements with their lines; lines between them stay.
func (r *revision) removeLines(gone []span) {
	text := r.layout.text
	for i := 0; i < len(gone); {
		s := gone[i]
		for i++; i < len(gone) && text.next(s.to) == text.start(gone[i].from); i++ {
			s.to = gone[i].to
		}
		r.edits.replace(text.deletion(s), "")
	}
}

// removeInBrackets removes the last elements behind one that stays: with their lines,
// if they stand on lines of their own.
func (r *revision) removeInBrackets(stays span, gone []span) {
	text := r.layout.text
	last := gone[len(gone)-1]
	own := true
	for i := range gone {
		if kind, at := r.layout.after(gone[i].to); kind == token.CollectEntryType {
			gone[i].to = at.to
		}
		_, behind := r.layout.after(gone[i].to)
		own = own && text.blank(text.start(gone[i].from), gone[i].from) && behind.from > text.end(gone[i].to)
	}
	if !own {
		r.edits.replace(span{stays.to, last.to}, "")
		return
	}
	if kind, at := r.layout.after(stays.to); kind == token.CollectEntryType && gone[len(gone)-1].to == last.to {
		r.edits.replace(at, "") // there was none behind the last
	}
	r.removeLines(gone)
}

// indentation is the blanks as far as a byte from the beginning of its line.
func (l *layout) indentation(at int) string {
	return strings.Repeat(" ", len([]rune(string(l.text[l.text.start(at):at]))))
}
