package scenario

import (
	"sort"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// layout is which bytes of a text each of its tokens is.
type layout struct {
	text   lines
	tokens []strictyaml.Laid // in their order
	order  map[*token.Token]int
}

// layOut lays the tokens of the text that a node is from over that text.
func layOut(text string, node ast.Node) (*layout, error) {
	first := node.GetToken()
	for first.Prev != nil {
		first = first.Prev
	}
	tokens, err := strictyaml.Lay(text, first)
	if err != nil {
		return nil, err
	}
	l := &layout{text: lines(text), tokens: tokens, order: make(map[*token.Token]int, len(tokens))}
	for i, t := range tokens {
		l.order[t.Token] = i
	}
	return l, nil
}

// at returns the bytes of a node: from its first character to its last. ok is false
// for one that stands nowhere, such as the value of a key that has none.
func (l *layout) at(node ast.Node) (s span, ok bool) {
	switch n := node.(type) {
	case nil, *ast.LiteralNode:
		return span{}, false
	case *ast.MappingNode:
		if n.IsFlowStyle {
			return l.between(n.Start, n.End)
		}
		if len(n.Values) == 0 {
			return span{}, false
		}
		return l.around(n.Values[0], n.Values[len(n.Values)-1])
	case *ast.MappingValueNode:
		return l.around(n.Key, n.Value)
	case *ast.SequenceNode:
		if n.IsFlowStyle {
			return l.between(n.Start, n.End)
		}
		if len(n.Values) == 0 {
			return span{}, false
		}
		first, ok1 := l.token(n.Start)
		last, ok2 := l.at(n.Values[len(n.Values)-1])
		return span{first.from, last.to}, ok1 && ok2
	}
	return l.token(node.GetToken())
}

func (l *layout) token(t *token.Token) (span, bool) {
	i, ok := l.order[t]
	if !ok {
		return span{}, false
	}
	return l.span(i), true
}

// span is the bytes of a token, by its number.
func (l *layout) span(i int) span { return span{l.tokens[i].From, l.tokens[i].To} }

func (l *layout) between(first, last *token.Token) (span, bool) {
	a, ok1 := l.token(first)
	b, ok2 := l.token(last)
	return span{a.from, b.to}, ok1 && ok2
}

func (l *layout) around(first, last ast.Node) (span, bool) {
	a, ok1 := l.at(first)
	b, ok2 := l.at(last)
	return span{a.from, b.to}, ok1 && ok2
}

// before is the token before a byte, and where it is, comments aside; of no type if
// there is none.
func (l *layout) before(at int) (token.Type, span) {
	return l.nearest(l.last(at), -1)
}

// after is the token that begins at a byte or behind it, comments aside.
func (l *layout) after(at int) (token.Type, span) {
	return l.nearest(l.last(at)+1, 1)
}

// last is the number of the last token that begins before a byte; -1 for none.
func (l *layout) last(at int) int {
	return sort.Search(len(l.tokens), func(i int) bool { return l.tokens[i].From >= at }) - 1
}

// nearest goes on from a token while there are comments.
func (l *layout) nearest(i, step int) (token.Type, span) {
	for ; 0 <= i && i < len(l.tokens); i += step {
		if t := l.tokens[i].Token; t.Type != token.CommentType {
			return t.Type, l.span(i)
		}
	}
	return token.UnknownType, span{}
}
