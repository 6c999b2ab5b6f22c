package process

import (
	"errors"
	"fmt"
	"strings"
)

// splitWords splits a command as a shell does: at spaces, with '…' as it is, "…"
// but for a backslash before a backslash, a quote, $ or `, and a backslash before
// any character outside quotes. Nothing is expanded, and what only a shell could
// do, a bare |, >, <, & or ;, is refused.
func splitWords(command string) ([]string, error) {
	var words []string
	var word strings.Builder
	started := false // a word may be empty: ''
	for i := 0; i < len(command); i++ {
		switch c := command[i]; c {
		case ' ', '\t', '\n', '\r':
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		case '\'', '"':
			started = true
			length, ok := quoted(&word, command[i+1:], c)
			if !ok {
				return nil, errors.New("a quote is not closed")
			}
			i += length + 1
		case '\\':
			if i++; i == len(command) {
				return nil, errors.New("it ends in a backslash")
			}
			started = true
			word.WriteByte(command[i])
		case '|', '>', '<', '&', ';':
			return nil, fmt.Errorf("a bare %c, and no shell is run: put it in quotes if the program is to get it, or run a shell, such as exec:sh -c '…'", c)
		default:
			started = true
			word.WriteByte(c)
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words, nil
}

// quoted takes the text up to the closing quote, and tells how long it is.
func quoted(word *strings.Builder, text string, quote byte) (length int, closed bool) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == quote {
			return i, true
		}
		if quote == '"' && c == '\\' && i+1 < len(text) && strings.IndexByte("\\\"$`", text[i+1]) >= 0 {
			i++
			c = text[i]
		}
		word.WriteByte(c)
	}
	return 0, false
}
