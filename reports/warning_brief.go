package reports

import (
	"fmt"
	"strconv"
	"strings"
)

// The lines of a warning that a page shows: of one that ends in a list of names, unless
// it takes more to come to the list, and of any other. Programs get it whole.
const (
	listLinesMax    = 2
	warningLinesMax = 3
)

// briefWarning is a warning in a few lines of so many characters: of a list at its
// end as many elements as fit, and how many more there are.
func briefWarning(text string, width int) string {
	lines := func(text string) int { return 1 + strings.Count(Wrap(text, width), "\n") }
	if begin := strings.LastIndex(text, ": ") + 2; begin >= 2 && lines(text) > listLinesMax {
		elements, left := listElements(text[begin:])
		limit := listLinesMax
		if len(elements) > 0 {
			limit = max(limit, lines(text[:begin]+elements[0]))
		}
		if lines(text) <= limit {
			return text
		}
		for n := len(elements) - 1; n > 0; n-- {
			short := fmt.Sprintf("%s%s and %d more", text[:begin], strings.Join(elements[:n], ", "), left+len(elements)-n)
			if n == 1 || lines(short) <= limit {
				return short
			}
		}
	}
	if lines(text) <= warningLinesMax {
		return text
	}
	return strings.Join(strings.SplitN(Wrap(text, width-1), "\n", warningLinesMax+1)[:warningLinesMax], " ") + "…"
}

// listElements splits a list of names apart by commas, each a word, that may end in
// how many more there are; none of what is no list.
func listElements(text string) (elements []string, left int) {
	if list, rest, ok := cutLast(text, " and "); ok {
		if number, ok := strings.CutSuffix(rest, " more"); ok {
			n, err := strconv.Atoi(number)
			if err != nil {
				return nil, 0
			}
			text, left = strings.TrimSuffix(list, ","), n
		}
	}
	elements = strings.Split(text, ", ")
	for _, element := range elements {
		if strings.ContainsRune(element, ' ') {
			return nil, 0
		}
	}
	return elements, left
}

// cutLast cuts a text around the last separator in it.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}
