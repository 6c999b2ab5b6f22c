package vendors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Bounds of a JSON text.
const (
	maxJSONDepth = 16
	maxJSONToken = 1 << 20 // bytes of one string or number
)

// tokenKind is the kind of a JSON token.
type tokenKind byte

const (
	beginObject tokenKind = '{'
	endObject   tokenKind = '}'
	beginArray  tokenKind = '['
	endArray    tokenKind = ']'
	keyToken    tokenKind = 'k'
	stringToken tokenKind = 's'
	numberToken tokenKind = 'n'
	wordToken   tokenKind = 'w' // true, false or null
)

// jsonToken is one token. Its text lives until the next is read: of a key or
// string without quotes and escapes, of a number or word as it stands.
type jsonToken struct {
	kind tokenKind
	text []byte
}

// scalar reports whether the token is a value by itself.
func (t jsonToken) scalar() bool {
	return t.kind == stringToken || t.kind == numberToken || t.kind == wordToken
}

// jsonScanner reads JSON texts token by token, in the memory of one token. It
// takes several texts one after another, as JSON lines have them. The numbers'
// own syntax is left to those who read them.
type jsonScanner struct {
	r    io.Reader
	buf  []byte
	a, b int   // buf[a:b] is not yet read
	err  error // of the reader

	open  [maxJSONDepth]tokenKind // the objects and arrays around the next token
	depth int
	after bool // a value stands before the next token in its object or array
	value bool // the next token is the value of the key before it
}

// errTruncated is of a text that ends before its last bracket.
var errTruncated = errors.New("it ends in the middle of a value")

func newJSONScanner(r io.Reader) *jsonScanner {
	return &jsonScanner{r: r, buf: make([]byte, 1<<16)}
}

// next returns the next token; io.EOF at the end, if no text is unfinished.
func (s *jsonScanner) next() (jsonToken, error) {
	c, err := s.peek()
	if err != nil {
		if errors.Is(err, io.EOF) && s.depth > 0 {
			err = errTruncated
		}
		return jsonToken{}, err
	}
	if s.depth == 0 {
		return s.token(c)
	}
	inside := s.open[s.depth-1]
	switch {
	case s.value:
		if c, err = s.pass(c, ':'); err != nil {
			return jsonToken{}, err
		}
		s.value = false
		return s.token(c)
	case c == ']' && inside == beginArray, c == '}' && inside == beginObject:
		s.a++
		s.depth--
		s.after = true
		return jsonToken{kind: tokenKind(c)}, nil
	case s.after:
		if c, err = s.pass(c, ','); err != nil {
			return jsonToken{}, err
		}
	}
	if inside == beginArray {
		return s.token(c)
	}
	if c != '"' {
		return jsonToken{}, unexpected(c)
	}
	text, err := s.quoted()
	s.value = true
	return jsonToken{keyToken, text}, err
}

// token reads the token of a value that begins with c.
func (s *jsonScanner) token(c byte) (t jsonToken, err error) {
	switch {
	case c == '{' || c == '[':
		if s.depth == maxJSONDepth {
			return t, fmt.Errorf("brackets nested more than %d deep", maxJSONDepth)
		}
		s.open[s.depth] = tokenKind(c)
		s.depth++
		s.a++
		s.after = false
		return jsonToken{kind: tokenKind(c)}, nil
	case c == '"':
		t.kind = stringToken
		t.text, err = s.quoted()
	case c == '-' || '0' <= c && c <= '9':
		t.kind = numberToken
		t.text, err = s.run()
	case c == 't' || c == 'f' || c == 'n':
		t.kind = wordToken
		t.text, err = s.run()
		if w := string(t.text); err == nil && w != "true" && w != "false" && w != "null" {
			err = fmt.Errorf("found the word %.20q", w)
		}
	default:
		err = unexpected(c)
	}
	s.after = true
	return t, err
}

// pass consumes a separator that must stand here and returns what follows it.
func (s *jsonScanner) pass(c, separator byte) (byte, error) {
	if c != separator {
		return 0, unexpected(c)
	}
	s.a++
	c, err := s.peek()
	if errors.Is(err, io.EOF) {
		err = errTruncated
	}
	return c, err
}

func unexpected(c byte) error { return fmt.Errorf("found %q where it has no place", rune(c)) }

// peek returns the next byte that is no white space.
func (s *jsonScanner) peek() (byte, error) {
	for {
		for s.a < s.b {
			if c := s.buf[s.a]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				return c, nil
			}
			s.a++
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// run reads the letters, digits and signs of a number or word.
func (s *jsonScanner) run() ([]byte, error) {
	for n := 0; ; {
		for s.a+n < s.b {
			c := s.buf[s.a+n]
			if inRun := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '.' || c == '-' || c == '+'; !inRun {
				text := s.buf[s.a : s.a+n]
				s.a += n
				return text, nil
			}
			n++
		}
		if err := s.fill(); err != nil {
			if !errors.Is(err, io.EOF) || s.depth > 0 {
				return nil, orTruncated(err)
			}
			text := s.buf[s.a : s.a+n]
			s.a += n
			return text, nil
		}
	}
}

// quoted reads a string and undoes its escapes.
func (s *jsonScanner) quoted() ([]byte, error) {
	n, escaped := 1, false
	for {
		for s.a+n < s.b {
			switch s.buf[s.a+n] {
			case '\\':
				escaped = true
				n++
			case '"':
				raw := s.buf[s.a : s.a+n+1]
				s.a += n + 1
				if !escaped {
					return raw[1:n], nil
				}
				var text string
				if err := json.Unmarshal(bytes.ToValidUTF8(raw, nil), &text); err != nil {
					return nil, fmt.Errorf("found a string that is none, %.40q", raw)
				}
				return []byte(text), nil
			}
			n++
		}
		if err := s.fill(); err != nil {
			return nil, orTruncated(err)
		}
	}
}

func orTruncated(err error) error {
	if errors.Is(err, io.EOF) {
		return errTruncated
	}
	return err
}

// fill reads more behind what is left, which moves to the front.
func (s *jsonScanner) fill() error {
	if s.err != nil {
		return s.err
	}
	s.b = copy(s.buf, s.buf[s.a:s.b])
	s.a = 0
	if s.b == len(s.buf) {
		if len(s.buf) >= maxJSONToken {
			return fmt.Errorf("a value is longer than %d bytes", maxJSONToken)
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	n, err := s.r.Read(s.buf[s.b:])
	s.b += n
	if n == 0 || err != nil && !errors.Is(err, io.EOF) {
		s.err = err
		return err
	}
	return nil
}
