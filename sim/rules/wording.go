package rules

import (
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// didYouMean names the nearest candidates in brackets, or says nothing.
func didYouMean(name string, candidates []string) string {
	if near := suggest.Nearest(name, candidates, 3); len(near) > 0 {
		return " (did you mean " + either(near) + "?)"
	}
	return ""
}

// either lists alternatives: "a", "a or b", "a, b or c".
func either(texts []string) string { return listing(texts, " or ") }

// all lists what belongs together: "a", "a and b", "a, b and c".
func all(texts []string) string { return listing(texts, " and ") }

func listing(texts []string, last string) string {
	n := len(texts)
	if n < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:n-1], ", ") + last + texts[n-1]
}
