package reports

import (
	"strings"
	"unicode"
)

// markdownText is a text of one line in Markdown that shows as it is: what would begin
// markup is escaped, but for a bar, which only a table has to.
func markdownText(text string) string {
	var b strings.Builder
	letters := []rune(text)
	for i, r := range letters {
		// An underscore within a word begins nothing.
		within := r == '_' && i > 0 && i+1 < len(letters) && isWord(letters[i-1]) && isWord(letters[i+1])
		entity := r == '&' && i+1 < len(letters) && (letters[i+1] == '#' || isWord(letters[i+1]))
		if strings.ContainsRune("\\`*_[]<>~", r) && !within || entity {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isWord reports whether a letter is one of a word.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// markdownCode is a text in Markdown between backquotes, more of them than it holds
// itself.
func markdownCode(text string) string {
	if text == "" {
		return ""
	}
	fence, run := "`", 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		if run++; run >= len(fence) {
			fence = strings.Repeat("`", run+1)
		}
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}

// codeCell is a cell of a Markdown table that shows a text as it is.
func codeCell(text string) Cell { return TextCell(markdownCode(legible(text))) }

// oneLine is the first line of an error: what follows shows the place.
func oneLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	return legible(text)
}
