package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/token"
)

// scalar is one value as a YAML text holds it: what is read of it, and how it is
// written.
type scalar struct {
	text   string
	quote  token.Type // SingleQuoteType or DoubleQuoteType to have it in those; plain where it can be for any other
	prose  bool       // a text is meant, whatever it looks like
	absent bool       // null
}

// in writes the value, within brackets or not.
func (s scalar) in(brackets bool) string {
	const empty, null = `""`, `"null"` // what a condition puts in quotes that YAML's are enough for
	switch {
	case s.absent:
		return "null"
	case s.prose && (s.text == empty || s.text == null):
		return s.text
	case strings.ContainsFunc(s.text, unprintable):
		return doubleQuote(s.text)
	case s.quote == token.SingleQuoteType:
		return singleQuote(s.text)
	case s.quote == token.DoubleQuoteType:
		return doubleQuote(s.text)
	case !plain(s.text, brackets) && strings.Contains(s.text, `"`):
		return singleQuote(s.text)
	case !plain(s.text, brackets) || s.prose && looksOtherwise(s.text):
		return doubleQuote(s.text)
	}
	return s.text
}

// plain reports whether a text may stand without quotes.
func plain(text string, brackets bool) bool {
	if text == "" || text != strings.TrimSpace(text) {
		return false
	}
	switch first, second := text[0], (text + " ")[1]; {
	case first == '-':
		if !digit(second) && second != '.' {
			return false
		}
	case strings.IndexByte("?:,[]{}#&*!|>'\"%@`=~_", first) >= 0:
		return false
	}
	if strings.Contains(text, ": ") || strings.HasSuffix(text, ":") || strings.Contains(text, " #") {
		return false
	}
	return !brackets || !strings.ContainsAny(text, ",[]{}")
}

// looksOtherwise reports whether a text would be taken for a number, a time, true,
// false or null.
func looksOtherwise(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null", "nan", ".nan":
		return true
	}
	if _, err := strconv.ParseFloat(strings.TrimLeft(text, "+-."), 64); err == nil {
		return true
	}
	return digit(text[0]) && strings.Trim(text, "0123456789abcdefxoABCDEFTZ_:.-+") == ""
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// singleQuote writes a text that can be printed in single quotes.
func singleQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// doubleQuote writes a text in double quotes.
func doubleQuote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case !unprintable(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
