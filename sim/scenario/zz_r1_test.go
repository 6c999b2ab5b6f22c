package scenario

import (
	"fmt"
	"testing"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

func TestZZ(t *testing.T) {
	for _, src := range []string{
		"days: 3   \nx: 1\n", "days: 3 # c\nx: 1 #d\n", "a: [1,  2 , 3]\n", "a:   'x'   \nb: \"y\"  # c\n", "é: ü  \nb: {c: d , e:  f}\n", "a: b\n  c  \n  d\ne: f\n",
		"a: |\n  x\n  y\nb: >-\n  u\n  v\nc: 1\n", "a:\t3\nb: \"x\\n  \"  \nc: 'it''s'  \nd: 2\n", "a: {b: 2025-03-03T00:00:00Z , c: x}\n", "- a  \n-   b\n", "a: 3   \n\n\nb:\n  - x  \n  - {y: 1}\n",
		"a: \"x\n  y\"\nb: 2\n", "a: _   \nb:  null  \nc: ~ \nd: true  \ne: 1.5  ", "a: x # c  \n# d\nb: y\n", "a: '2025 '  \nb: [ _ , null ]  \n", "a:   \nb:  \n  c: 1\n", "a: b  : c\n", "a: >= 1\n","a: !x\n","x: 1\n\ty: 2\n", "? x\n", "a: b\n c\n: d\n",
		"a: [1,\n  2  ,\n  3 # c\n ]\nb: 2\n",
	} {
		lines := strings.Split(src, "\n")
		var first *token.Token
		for _, tk := range lexer.Tokenize(src) { if first == nil { first = tk } }
		at := 0
		for tk := first; tk != nil; tk = tk.Next {
			s, ok := stand(src, at, tk)
			if !ok { fmt.Printf("%q: NO LAYOUT at %q\n", src, tk.Value); break }
			at = s.to
			line := strings.Count(src[:s.from], "\n") + 1
			col := utf8.RuneCountInString(src[strings.LastIndex(src[:s.from], "\n")+1:s.from]) + 1
			if tk.Position.Line != line || tk.Position.Column != col {
				fmt.Printf("%q: %s %q at %d:%d, stands %d:%d\n", src, tk.Type, tk.Value, tk.Position.Line, tk.Position.Column, line, col)
			}
		}
		_ = lines
	}
}
