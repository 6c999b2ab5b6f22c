package strictyaml

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// Laid is a token, and which bytes of its text it is: from the first to the one
// behind the last.
type Laid struct {
	Token    *token.Token
	From, To int
}

// ErrNotLaid is of a text that the scanner took for something else than stands there.
var ErrNotLaid = errors.New("what stands in the file is not what was read of it")

// Lay lays a token and those that follow it over the text that they are from, in their
// order, with nothing but blanks between them. Where one is not what stands there, the
// error is ErrNotLaid, and those before it are returned.
//
// The lines and columns that the scanner tells are not exact: blanks at a line's end,
// tabs, and comments before \r\n shift them.
func Lay(text string, first *token.Token) ([]Laid, error) {
	var list []Laid
	at := len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	for t := first; t != nil; t = t.Next {
		if t.Type == token.ImplicitNullType {
			continue // the parser's own
		}
		from := at + len(text[at:]) - len(strings.TrimLeft(text[at:], blanks))
		size, ok := stand(text[from:], t)
		if !ok {
			return list, fmt.Errorf("%w: %q after %s", ErrNotLaid, t.Value, where(text, at))
		}
		at = from + size
		list = append(list, Laid{t, from, at})
	}
	if strings.Trim(text[at:], blanks) != "" {
		return list, fmt.Errorf("%w: there is more after %s", ErrNotLaid, where(text, at))
	}
	return list, nil
}

const blanks = " \t\r\n"

// stand is the size of a token, if a text begins with it.
func stand(text string, t *token.Token) (size int, ok bool) {
	switch t.Type {
	case token.InvalidType:
		return 0, false
	case token.CommentType:
		if size = strings.IndexAny(text, "\r\n"); size < 0 {
			size = len(text)
		}
		return size, strings.HasPrefix(text, "#")
	case token.SingleQuoteType:
		return singleQuoted(text)
	case token.DoubleQuoteType:
		return doubleQuoted(text)
	}
	return unquoted(text, t.Value)
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

// unquoted is the size of a token that stands without quotes: its characters, with
// whatever blanks the text has between them, where a value goes over several lines. A
// block without lines is of no size.
func unquoted(text, value string) (int, bool) {
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
	return at, true
}

// places are where the tokens of a text stand that the scanner has elsewhere. Those
// behind one that is not what stands there are left as they are.
func places(text string, tokens token.Tokens) map[*token.Token]position {
	if len(tokens) == 0 {
		return nil
	}
	laid, _ := Lay(text, tokens[0])
	moved := make(map[*token.Token]position)
	at, now := 0, position{1, 1}
	for _, l := range laid {
		now = now.behind(text[at:l.From])
		at = l.From
		if p := l.Token.Position; now != (position{p.Line, p.Column}) {
			moved[l.Token] = now
		}
	}
	return moved
}

// position is a line and a column, from 1.
type position struct{ line, column int }

// behind is the position behind a text that begins at p.
func (p position) behind(text string) position {
	if n := strings.Count(text, "\n"); n > 0 {
		p = position{p.line + n, 1}
		text = text[strings.LastIndexByte(text, '\n')+1:]
	}
	p.column += utf8.RuneCountInString(text)
	return p
}

// where tells a person where a byte of a text is.
func where(text string, at int) string {
	p := position{1, 1}.behind(text[:at])
	return fmt.Sprintf("line %d, column %d", p.line, p.column)
}
