package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError is one thing that is wrong in a rule file or an override.
type SyntaxError struct {
	File   string // as it was named; "--set …" for an override; "" for a set that no file holds
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

// errorsMax bounds how many errors of a file are reported at once.
const errorsMax = 10

// joinErrors returns the errors as one, the first ones where there are many.
func joinErrors(list []error) error {
	if n := len(list) - errorsMax; n > 0 {
		list = append(list[:errorsMax:errorsMax], fmt.Errorf("and %d more", n))
	}
	return errors.Join(list...)
}

// source is a text that rules are read from: a file or an override.
type source struct {
	file     string // as errors name it
	origin   string // as the origin of a value names it, without a line
	lined    bool   // whether an origin cites the line
	override string // the path that it sets; "" for a file
	rank     int    // of the sources that make a set, the last has the highest
	text     string
}

// place is where a value stands.
type place struct {
	src          *source
	line, column int
}

func (p place) rank() int {
	if p.src == nil {
		return 0
	}
	return p.src.rank
}

// origin says where a value comes from: a built-in set's name, a file and its
// line, or "--set".
func (p place) origin() string {
	if p.src == nil {
		return ""
	}
	if p.src.lined {
		return fmt.Sprintf("%s:%d", p.src.origin, p.line)
	}
	return p.src.origin
}

// wrong returns the error of a value at the place.
func (p place) wrong(path, found, expected string) *SyntaxError {
	e := &SyntaxError{Path: path, Found: found, Expected: expected}
	if p.src == nil {
		return e
	}
	e.File = p.src.file
	if p.src.override != "" {
		if path == p.src.override {
			e.Path = "" // the file says it
		}
		return e
	}
	if lines := strings.Split(p.src.text, "\n"); 0 < p.line && p.line <= len(lines) {
		// The parser counts on past the end of a line that lacks a value.
		p.column = min(p.column, utf8.RuneCountInString(strings.TrimRight(lines[p.line-1], "\r"))+1)
		e.Line, e.Column, e.Excerpt = p.line, p.column, p.excerpt(lines)
	}
	return e
}

// excerpt returns the line of the place, the one before it, and a caret.
func (p place) excerpt(lines []string) string {
	const width = 100
	var b strings.Builder
	for n := max(1, p.line-1); n <= p.line; n++ {
		line := strings.ReplaceAll(strings.TrimRight(lines[n-1], "\r"), "\t", " ")
		if runes := []rune(line); len(runes) > width {
			line = string(runes[:width]) + "…"
		}
		sign := " "
		if n == p.line {
			sign = ">"
		}
		fmt.Fprintf(&b, "%s %4d | %s\n", sign, n, line)
	}
	if p.column <= width {
		b.WriteString("       | " + strings.Repeat(" ", p.column-1) + "^")
	}
	return strings.TrimRight(b.String(), "\n")
}
