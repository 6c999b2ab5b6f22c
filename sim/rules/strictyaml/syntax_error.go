package strictyaml

import (
	"fmt"
	"strings"
)

// SyntaxError is one thing that is wrong in a text.
type SyntaxError struct {
	File   string // as it was named, a flag such as "--set …"; "" where no file holds the value
	Line   int    // from 1; 0 where there is none
	Column int    // from 1, in characters; 0 where there is none
	Path   string // of the value, "cooldown.scope"; "" for the file as a whole

	Found    string // what is there
	Expected string // what may be there; empty where Found says it all

	Excerpt string // the line and a caret under the place; empty where there is none
}

// Error returns "file:line:col: path: found …; expected …" and, on lines of its
// own, the excerpt.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString("found " + e.Found)
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	if e.Excerpt != "" {
		b.WriteString("\n" + e.Excerpt)
	}
	return b.String()
}
