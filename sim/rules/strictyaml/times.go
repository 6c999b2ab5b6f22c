package strictyaml

import (
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// clock is a date and a time of day without quotes, and the offset of its zone.
const clock = `\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?([+-]\d\d:\d\d)?)?`

// tokens splits a text. It works around what the scanner gets wrong, and keeps the
// lines and columns of the text.
//
// The scanner ends a key in brackets at its first colon, whatever comes behind it,
// which cuts times asunder; YAML, and the scanner outside brackets, want a blank
// there. So the colons of times go by another character while it looks. And it counts
// a line that ends in a comment and CR LF twice.
func tokens(source string) token.Tokens {
	const standIn = "\ue000" // of no meaning in any text
	source = strings.ReplaceAll(source, "\r\n", "\n")
	if strings.Contains(source, standIn) {
		return lexer.Tokenize(source)
	}
	list := lexer.Tokenize(regexp.MustCompile(clock).ReplaceAllStringFunc(source, func(time string) string {
		return strings.ReplaceAll(time, ":", standIn)
	}))
	for _, t := range list {
		t.Value = strings.ReplaceAll(t.Value, standIn, ":")
		t.Origin = strings.ReplaceAll(t.Origin, standIn, ":")
	}
	return list
}
