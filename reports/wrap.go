package reports

import "strings"

// Wrap breaks a text into lines of at most so many characters, between words; a
// word that is longer has a line of its own. A number and its unit are one word.
func Wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range words(text) {
		n := displayed(word)
		switch {
		case i > 0 && column+1+n > width:
			b.WriteByte('\n')
			column = 0
		case i > 0:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

// words are the parts of a text between which a line may break: not between a number
// and its unit.
func words(text string) []string {
	var parts []string
	for _, word := range strings.Fields(text) {
		if n := len(parts); n > 0 && isUnit(word) && endsInDigit(parts[n-1]) {
			parts[n-1] += " " + word
			continue
		}
		parts = append(parts, word)
	}
	return parts
}

// isUnit reports whether a word is a unit, with the punctuation after it.
func isUnit(word string) bool {
	unit := strings.TrimRight(word, ",.;:)*")
	return unit == "%" || unit == "pp"
}

// endsInDigit reports whether a word ends in a digit.
func endsInDigit(word string) bool {
	return word != "" && word[len(word)-1] >= '0' && word[len(word)-1] <= '9'
}
