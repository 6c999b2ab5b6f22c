package scenario

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// layout is which bytes of a text each of its tokens is.
//
// The lines and columns that the parser tells are not exact: blanks at a line's end,
// tabs, and comments before \r\n shift them. So the tokens are laid over the text anew,
// in their order, with nothing but blanks between them; where one is not what stands
// there, there is no layout.
type layout struct {
	text   lines
	tokens []*token.Token // in their order
	order  map[*token.Token]int
	spans  []span // of the tokens
}

// errNoLayout is of a text that the parser took for something else than stands there.
var errNoLayout = errors.New("what stands in the file is not what was read of it")

// layOut lays the tokens of the text that a node is from over that text.
func layOut(text string, node ast.Node) (*layout, error) {
	first := node.GetToken()
	for first.Prev != nil {
		first = first.Prev
	}
	l := &layout{text: lines(text), order: make(map[*token.Token]int)}
	at := len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	for t := first; t != nil; t = t.Next {
		if t.Type == token.ImplicitNullType {
			continue // the parser's own
		}
		s, ok := stand(text, at, t)
		if !ok {
			return nil, fmt.Errorf("%w: %q after %s", errNoLayout, t.Value, l.text.position(at))
		}
		at = s.to
		l.order[t] = len(l.tokens)
		l.tokens = append(l.tokens, t)
		l.spans = append(l.spans, s)
	}
	if strings.TrimSpace(text[at:]) != "" {
		return nil, fmt.Errorf("%w: there is more after %s", errNoLayout, l.text.position(at))
	}
	return l, nil
}

// position tells a reader where a byte is.
func (l lines) position(at int) string {
	line := 1
	for i := range at {
		if l.breaks(i) {
			line++
		}
	}
	return fmt.Sprintf("line %d, column %d", line, utf8.RuneCountInString(string(l[l.start(at):at]))+1)
}

// stand finds a token behind a byte, with blanks before it at most.
func stand(text string, at int, t *token.Token) (span, bool) {
	from := at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
	rest := text[from:]
	size, ok := 0, false
	switch t.Type {
	case token.CommentType:
		size, ok = lines(rest).end(0), strings.HasPrefix(rest, "#")
	case token.SingleQuoteType:
		size, ok = singleQuoted(rest)
	case token.DoubleQuoteType:
		size, ok = doubleQuoted(rest)
	default:
		size, ok = plainText(rest, t.Value)
	}
	return span{from, from + size}, ok
}

// singleQuoted is the size of the text in quotes that another one begins with.
func singleQuoted(text string) (int, bool) {
	for i := 1; i < len(text) && text[0] == '\''; i++ {
		if text[i] != '\'' {
			continue
		}
		if i+1 == len(text) || text[i+1] != '\'' {
			return i + 1, true
		}
		i++
	}
	return 0, false
}

// doubleQuoted is the size of the text in quotes that another one begins with.
func doubleQuoted(text string) (int, bool) {
	for i := 1; i < len(text) && text[0] == '"'; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return 0, false
}

// plainText is the size of a token that stands without quotes: its characters, with
// whatever blanks the text has between them, where a value goes over several lines.
func plainText(text, value string) (int, bool) {
	const blanks = " \t\r\n"
	at := 0
	for _, r := range value {
		if strings.ContainsRune(blanks, r) {
			continue
		}
		rest := strings.TrimLeft(text[at:], blanks)
		found, size := utf8.DecodeRuneInString(rest)
		if rest == "" || found != r {
			return 0, false
		}
		at = len(text) - len(rest) + size
	}
	return at, at > 0
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
	return l.spans[i], true
}

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
	return sort.Search(len(l.spans), func(i int) bool { return l.spans[i].from >= at }) - 1
}

// nearest goes on from a token while there are comments.
func (l *layout) nearest(i, step int) (token.Type, span) {
	for ; 0 <= i && i < len(l.tokens); i += step {
		if l.tokens[i].Type != token.CommentType {
			return l.tokens[i].Type, l.spans[i]
		}
	}
	return token.UnknownType, span{}
}
