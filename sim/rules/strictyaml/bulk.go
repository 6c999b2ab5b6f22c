package strictyaml

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// Limits of what a parser's time grows with the square of, and can't be stopped in:
// far above what a text needs, and what a megabyte of takes about a second.
const (
	keysMax    = 500 // of one mapping in lines
	missingMax = 500 // keys and dashes without a value, in all
	blankMax   = 100 // empty lines in a row
)

// airy refuses more empty lines in a row than the scanner reads in time.
func (t *Text) airy() error {
	blank, number := 0, 0
	for line := range strings.Lines(t.Source) {
		number++
		if strings.TrimSpace(line) != "" {
			blank = 0
			continue
		}
		if blank++; blank > blankMax {
			return Place{t, number, 1}.Wrong("", "more empty lines", fmt.Sprintf("at most %d in a row", blankMax))
		}
	}
	return nil
}

// bulk counts, token after token, what the parser is slow to read.
type bulk struct {
	open    []nest // from the outermost one on
	missing int    // values
}

// nest is a mapping in lines that may go on, or brackets that are open.
type nest struct {
	bracket token.Type // that opened it; of no type for a mapping
	column  int        // of a mapping's keys
	keys    int
}

// heavy refuses more than the parser reads in time.
func (t *Text) heavy(tokens token.Tokens) error {
	var b bulk
	var last *token.Token // before, but for comments
	for i, tok := range tokens {
		if tok.Type == token.CommentType {
			continue
		}
		next := following(tokens[i+1:])
		switch tok.Type {
		case token.MappingStartType, token.SequenceStartType:
			b.open = append(b.open, nest{bracket: tok.Type})
		case token.MappingEndType, token.SequenceEndType:
			b.leave(0)
			b.open = b.open[:max(0, len(b.open)-1)]
		case token.CollectEntryType:
			b.leave(0)
		case token.SequenceEntryType:
			b.leave(tok.Position.Column)
			if next == nil || next.Position.Line > tok.Position.Line && next.Position.Column <= tok.Position.Column {
				b.missing++
			}
		case token.MappingValueType:
			key := last
			if key == nil {
				key = tok // the parser refuses it
			}
			if b.key(key.Position.Column) > keysMax {
				return t.at(key).Wrong("", "a mapping of more keys", fmt.Sprintf("at most %d", keysMax))
			}
			if lacking(key, tok, next) {
				b.missing++
			}
		default:
			if b.bare(last, next) {
				b.missing++
			}
		}
		if b.missing > missingMax {
			return t.at(tok).Wrong("", "more keys and dashes without a value", fmt.Sprintf("at most %d in all", missingMax))
		}
		last = tok
	}
	return nil
}

// following is the first token that is no comment; nil for none.
func following(tokens token.Tokens) *token.Token {
	for _, tok := range tokens {
		if tok.Type != token.CommentType {
			return tok
		}
	}
	return nil
}

// leave ends the mappings whose keys stand right of a column, within the innermost
// brackets.
func (b *bulk) leave(column int) {
	for n := len(b.open); n > 0 && b.open[n-1].keys > 0 && b.open[n-1].column > column; n = len(b.open) {
		b.open = b.open[:n-1]
	}
}

// key takes one more key, and returns how many its mapping has by now.
func (b *bulk) key(column int) int {
	b.leave(column)
	n := len(b.open)
	if n == 0 || b.open[n-1].keys == 0 || b.open[n-1].column != column {
		b.open = append(b.open, nest{column: column})
		n++
	}
	b.open[n-1].keys++
	return b.open[n-1].keys
}

// lacking reports whether a key has no value.
func lacking(key, colon, next *token.Token) bool {
	if next == nil {
		return true
	}
	switch next.Type {
	case token.CollectEntryType, token.MappingEndType, token.SequenceEndType:
		return true
	case token.SequenceEntryType:
		return next.Position.Column < key.Position.Column
	}
	return next.Position.Line > colon.Position.Line && next.Position.Column <= key.Position.Column
}

// bare reports whether what stands between two tokens is a key in braces that has
// no colon.
func (b *bulk) bare(last, next *token.Token) bool {
	if n := len(b.open); n == 0 || b.open[n-1].bracket != token.MappingStartType || last == nil || next == nil {
		return false
	}
	return (last.Type == token.MappingStartType || last.Type == token.CollectEntryType) &&
		(next.Type == token.CollectEntryType || next.Type == token.MappingEndType)
}
