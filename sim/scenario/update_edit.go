package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// span is some bytes of a text: from the first to the one behind the last.
type span struct{ from, to int }

// edit is a change of a text: other bytes in place of some.
type edit struct {
	span
	text string
}

// edits are changes of one text, each at bytes of its own. They are collected in any
// order; of several insertions at one place the first stays the first.
type edits []edit

// replace puts a text in place of some bytes: none to insert, "" to delete.
func (e *edits) replace(at span, text string) { *e = append(*e, edit{at, text}) }

// insert puts a text before a byte.
func (e *edits) insert(at int, text string) { e.replace(span{at, at}, text) }

// apply returns the text with all the changes, and every other byte as it was. Two
// changes of one byte are an error.
func (e edits) apply(text string) (string, error) {
	sorted := slices.Clone(e)
	slices.SortStableFunc(sorted, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var b strings.Builder
	done := 0
	for _, c := range sorted {
		if c.from < done || c.to < c.from || c.to > len(text) {
			return "", fmt.Errorf("bytes %d to %d are changed twice, or are none of the text's %d", c.from, c.to, len(text))
		}
		b.WriteString(text[done:c.from])
		b.WriteString(c.text)
		done = c.to
	}
	b.WriteString(text[done:])
	return b.String(), nil
}

// lines is a text as lines, whatever ends them: \n, \r\n or \r.
type lines string

// start is where the line of a byte begins.
func (l lines) start(at int) int {
	for at > 0 && !l.breaks(at-1) {
		at--
	}
	return at
}

// end is where the line of a byte ends: at what ends it.
func (l lines) end(at int) int {
	for at < len(l) && l[at] != '\n' && l[at] != '\r' {
		at++
	}
	return at
}

// next is where the line after that of a byte begins; the end of the text if there
// is none.
func (l lines) next(at int) int {
	at = l.end(at)
	return at + len(l.ending(at))
}

// breaks reports whether a line ends with that byte.
func (l lines) breaks(at int) bool {
	return l[at] == '\n' || l[at] == '\r' && (at+1 == len(l) || l[at+1] != '\n')
}

// ending is what ends a line there: "" at the end of the text.
func (l lines) ending(at int) string {
	switch rest := string(l[at:]); {
	case strings.HasPrefix(rest, "\r\n"):
		return "\r\n"
	case rest != "":
		return rest[:1]
	}
	return ""
}

// newline is what ends the lines around a byte: its own, or the one before where it
// is the last and has none.
func (l lines) newline(at int) string {
	if ending := l.ending(l.end(at)); ending != "" {
		return ending
	}
	if start := l.start(at); start > 0 {
		return l.ending(l.end(l.start(start - 1)))
	}
	return "\n"
}

// blank reports whether there is nothing but blanks between two bytes.
func (l lines) blank(from, to int) bool { return strings.Trim(string(l[from:to]), " \t") == "" }

// deletion is the lines from that of one byte to that of another: with what ends the
// line before, and not the last of them, so that a text that ends without a newline
// still does, and lines can go below those that are deleted. Where lines end in
// different ways each keeps its own.
func (l lines) deletion(s span) span {
	from, end := l.start(s.from), l.end(s.to)
	if from == 0 {
		return span{0, l.next(end)}
	}
	before := l.end(l.start(from - 1))
	if own := l.ending(end); own != "" && own != l.ending(before) {
		return span{from, l.next(end)}
	}
	return span{before, end}
}

// below inserts lines after that of a byte.
func (e *edits) below(l lines, at int, added []string) {
	newline := l.newline(at)
	e.insert(l.end(at), newline+strings.Join(added, newline))
}
