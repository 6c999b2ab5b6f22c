package rules

import (
	"slices"
	"strings"
)

// nearest returns at most three of the candidates that a person may have meant
// by name, the likeliest first.
func nearest(name string, candidates []string) []string {
	type guess struct {
		text     string
		distance int
	}
	var guesses []guess
	far := max(2, len(name)/3)
	if len(name) <= 3 {
		far = 1
	}
	for i, c := range candidates {
		if d := distance(name, c); d <= far && !slices.Contains(candidates[:i], c) {
			guesses = append(guesses, guess{c, d})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.distance - b.distance })
	var texts []string
	for _, g := range guesses[:min(3, len(guesses))] {
		texts = append(texts, g.text)
	}
	return texts
}

// didYouMean names the nearest candidates in brackets, or says nothing.
func didYouMean(name string, candidates []string) string {
	if near := nearest(name, candidates); len(near) > 0 {
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

// distance is the number of letters to insert, delete or replace to get from a
// to b; a long name counts no further than it could matter.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
