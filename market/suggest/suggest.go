// Package suggest finds the names that a person may have meant. A misspelt name
// is refused and never corrected; the refusal can say which names are near.
package suggest

import (
	"slices"
	"strings"
)

// Nearest returns at most limit of the candidates that a person may have meant
// by name, the likeliest first, each once. A third of a name may be wrong, of one
// of five letters or fewer a single letter. One that has the name behind a dot
// (of.fast for fast) is as near as can be. Where none is that near, upper and
// lower case count alike.
func Nearest(name string, candidates []string, limit int) []string {
	if len(name) > longest {
		return nil
	}
	near := nearest(name, candidates, limit, func(s string) string { return s })
	if len(near) == 0 {
		near = nearest(name, candidates, limit, strings.ToLower)
	}
	return near
}

func nearest(name string, candidates []string, limit int, fold func(string) string) []string {
	type guess struct {
		text     string
		distance int
	}
	var guesses []guess
	folded, far := fold(name), farthest(len(name))
	for i, c := range candidates {
		d := distance(folded, fold(c))
		if strings.HasSuffix(fold(c), "."+folded) {
			d = 0
		}
		if d <= far && !slices.Contains(candidates[:i], c) {
			guesses = append(guesses, guess{c, d})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.distance - b.distance })
	var texts []string
	for _, g := range guesses[:min(limit, len(guesses))] {
		texts = append(texts, g.text)
	}
	return texts
}

// DidYouMean names the nearest of the candidates, for the end of a message:
// " (did you mean fast?)". It is empty if none is near.
func DidYouMean(name string, candidates []string) string {
	near := Nearest(name, candidates, 1)
	if len(near) == 0 {
		return ""
	}
	return " (did you mean " + near[0] + "?)"
}

// farthest is the largest distance of a name that may have been meant.
func farthest(length int) int {
	return max(1, length/3)
}

// longest is the longest text that can be a name. Any longer one is far from
// everything, which bounds the work that a file's text can cause.
const longest = 64

// distance is the number of letters (bytes) to insert, delete, replace or swap
// with the next one to get from a to b.
func distance(a, b string) int {
	if len(b) > longest {
		return longest
	}
	// Each row is the distance from the letters of a so far to each start of b.
	last, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			replaced := row[j]
			if a[i] != b[j] {
				replaced++
			}
			next[j+1] = min(replaced, next[j]+1, row[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
		last, row, next = row, next, last
	}
	return row[len(b)]
}
