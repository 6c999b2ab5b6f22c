package reports

import (
	"bytes"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// page is text for a terminal: labels on the left, what they say on the right,
// no line longer than its width. Colour goes on top, so that the text is the
// same with and without.
type page struct {
	out   bytes.Buffer
	width int // in characters
	color bool
}

// labelWidth is where the text after a label begins.
const labelWidth = 16

// tint is how a piece of text looks on a terminal that has colours.
type tint string

// The tints: what ANSI calls select graphic rendition.
const (
	plainTint tint = ""
	bold      tint = "1"
	faint     tint = "2"
	red       tint = "31"
	green     tint = "32"
	yellow    tint = "33"
)

// paint returns text in a tint, if the page has colours.
func (p *page) paint(t tint, text string) string {
	if !p.color || t == plainTint || text == "" {
		return text
	}
	return "\x1b[" + string(t) + "m" + text + "\x1b[0m"
}

// painted returns a cell whose text is in a tint, if the page has colours.
func (p *page) painted(c Cell, t tint) Cell {
	c.text = p.paint(t, c.text)
	return c
}

// gap leaves a line empty.
func (p *page) gap() { p.out.WriteByte('\n') }

// line writes a label and a text. A text that is too long goes on in the next
// line, under its beginning.
func (p *page) line(label, text string) {
	p.labelled(label, labelWidth, text)
}

func (p *page) labelled(label string, width int, text string) {
	if label != "" && displayed(label) >= width {
		width = displayed(label) + 1
	}
	p.out.WriteString(label + strings.Repeat(" ", width-displayed(label)))
	column := width
	text = strings.ReplaceAll(text, " %", "\u00a0%") // a number and its unit stay together
	for i, word := range strings.Split(text, " ") {
		word = strings.ReplaceAll(word, "\u00a0", " ")
		n := displayed(word)
		switch {
		case i > 0 && column+1+n > p.width:
			p.out.WriteString("\n" + strings.Repeat(" ", width))
			column = width
		case i > 0:
			p.out.WriteByte(' ')
			column++
		}
		p.out.WriteString(word)
		column += n
	}
	p.out.WriteByte('\n')
}

// sides writes a text on the left and one at the right edge; they go on lines
// of their own if one can't hold both.
func (p *page) sides(left, right string) {
	blanks := p.width - displayed(left) - displayed(right)
	if blanks < 2 {
		p.labelled("", 0, left)
		p.labelled("", 0, right)
		return
	}
	p.out.WriteString(left + strings.Repeat(" ", blanks) + right + "\n")
}

// bar draws a part of a whole, from 0 to 1, in so many characters.
func bar(part float64, characters int) string {
	full := 0
	if part > 0 { // and not NaN
		full = int(min(part, 1)*float64(characters) + 0.5)
	}
	return strings.Repeat("█", full) + strings.Repeat("░", characters-full)
}

// displayed is how many characters a text takes on a terminal: a Chinese one takes
// two, a colour none. Tables are drawn by the same measure.
func displayed(text string) int { return twwidth.Width(text) }
