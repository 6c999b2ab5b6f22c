package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// part is one name, number or key of a path.
type part struct {
	text      string
	bracketed bool // orders[3]
	quoted    bool // miners["a.b"]
}

// cutPath splits a requirement where its path ends: at a space or a sign that is not
// in brackets.
func cutPath(text string) (path, rest string) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '[':
			_, after, err := bracket(text[i:])
			if err != nil {
				return text, ""
			}
			i = len(text) - len(after) - 1
		case strings.IndexByte(" \t<>=!~", c) >= 0:
			return text[:i], text[i:]
		}
	}
	return text, ""
}

// bracket reads a key in brackets from the beginning of a text.
func bracket(text string) (p part, after string, err error) {
	p.bracketed = true
	if inner, err := strconv.QuotedPrefix(text[1:]); err == nil && inner[0] == '"' {
		p.quoted = true
		p.text, _ = strconv.Unquote(inner) // QuotedPrefix has read it
		if after, ok := strings.CutPrefix(text[1+len(inner):], "]"); ok {
			return p, after, nil
		}
	} else if inner, after, ok := strings.Cut(text[1:], "]"); ok {
		p.text = inner
		return p, after, nil
	}
	return p, "", &condition.Problem{Found: strconv.Quote(text), Expected: "a bracket that closes: [3], [2025-03-04] or [\"a key\"]"}
}

// partsOf splits a path.
func partsOf(path string) (parts []part, err error) {
	for rest := path; rest != ""; {
		var p part
		if rest[0] == '[' {
			if p, rest, err = bracket(rest); err != nil {
				return nil, err
			}
		} else {
			if len(parts) > 0 && rest[0] == '.' {
				rest = rest[1:]
			} else if len(parts) > 0 {
				return nil, &condition.Problem{Found: strconv.Quote(rest) + " after a bracket", Expected: "a dot, or the end of the path"}
			}
			end := strings.IndexAny(rest+".", ".[")
			p.text, rest = rest[:end], rest[end:]
		}
		if p.text == "" && !p.quoted || rest == "." {
			return nil, &condition.Problem{Found: strconv.Quote(path) + ", a path that lacks a name", Expected: "names with a dot between two: metrics.sharpe"}
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// resolve finds the one value that a path leads to.
func (q *Requirement) resolve(path string, shape *fact.Shape) (leaf *fact.Shape, err error) {
	parts, err := partsOf(path)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		s := step{field: -1}
		switch shape.Sort {
		case fact.Group:
			shape, err = q.field(s, p, shape)
		case fact.List:
			shape, err = q.element(s, p, shape)
		default:
			err = &condition.Problem{Found: strconv.Quote(p.text) + " after " + q.Path, Expected: "a condition there: " + q.Path + " is one value"}
		}
		if err != nil {
			return nil, err
		}
	}
	for shape.Sort == fact.Group && shape.Short >= 0 && q.Path != "" {
		shape = q.enter(step{field: shape.Short}, shape)
	}
	if shape.Sort == fact.Leaf {
		return shape, nil
	}
	if q.Path == "" {
		return nil, &condition.Problem{Found: "no path", Expected: "one, such as " + listed(shape.Names())}
	}
	return nil, &condition.Problem{Found: q.Path + ", which is more than one value", Expected: "one within it: " + within(shape)}
}

func (q *Requirement) walk(s step, to string) {
	s.of, s.to = q.Path, to
	q.steps, q.Path = append(q.steps, s), to
}

// enter takes the step to a field.
func (q *Requirement) enter(s step, shape *fact.Shape) *fact.Shape {
	f := &shape.Fields[s.field]
	q.walk(s, strictyaml.Join(q.Path, f.Name))
	return f.Shape
}

func (q *Requirement) field(s step, p part, shape *fact.Shape) (*fact.Shape, error) {
	name := p.text
	if p.bracketed {
		name = "[" + name + "]" // which no field is called
	}
	if s.field = shape.Index(name); s.field < 0 {
		names := shape.Names()
		candidates := names
		for _, term := range Vocabulary(shape) {
			candidates = append(candidates, term.Path)
		}
		return nil, &condition.Problem{Found: strconv.Quote(name) + inside(q.Path), Expected: listed(names) + suggest.DidYouMean(name, candidates)}
	}
	return q.enter(s, shape), nil
}

// element takes the step to an element, or to how many there are. A whole number
// without quotes is its number; anything else its key.
func (q *Requirement) element(s step, p part, shape *fact.Shape) (*fact.Shape, error) {
	if p.text == "count" && !p.bracketed {
		s.count = true
		q.walk(s, q.Path+".count")
		return &fact.Shape{Kind: condition.Whole, Short: -1, Key: -1}, nil
	}
	number, err := strconv.Atoi(p.text)
	switch isNumber := err == nil && !p.quoted; {
	case isNumber && number == 0:
		return nil, &condition.Problem{Found: "the number 0" + inside(q.Path), Expected: "1 for the first, 2 for the next …; -1 for the last"}
	case isNumber:
		s.number = number
	case shape.Key < 0:
		return nil, &condition.Problem{Found: strconv.Quote(p.text) + inside(q.Path), Expected: within(shape)}
	default:
		if s.key, err = keyOf(p, shape); err != nil {
			return nil, fmt.Errorf("%s: %w; there is also %s.count, and an element by its number", q.Path, err, q.Path)
		}
	}
	name := p.text
	if s.key != nil {
		name = s.key.String()
	}
	q.walk(s, q.Path+"["+name+"]")
	return shape.Elem, nil
}

// keyOf reads what an element is found by.
func keyOf(p part, list *fact.Shape) (*condition.Value, error) {
	key, err := parseKey(p.text, list.Elem.Fields[list.Key].Shape)
	return &key, err
}

// within says what a path can go on with.
func within(shape *fact.Shape) string {
	if shape.Sort == fact.Group {
		return listed(shape.Names())
	}
	text := "count, or an element by its number (1 is the first, -1 the last)"
	if shape.Key >= 0 {
		text += " or its " + shape.Elem.Fields[shape.Key].Name
	}
	return text
}

func inside(path string) string {
	if path == "" {
		return ", which is no fact"
	}
	return " in " + path
}

// listed names alternatives: "a", "a or b", "a, b or c".
func listed(names []string) string {
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
}
