package strategies

import "strings"

// didYouMean names, in brackets, the candidate that a person may have meant by
// name; it says nothing if none is near.
func didYouMean(name string, candidates []string) string {
	far := max(2, len(name)/3)
	if len(name) <= 3 {
		far = 1
	}
	best, least := "", far+1
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// editDistance is the number of letters to insert, delete or replace to get
// from a to b. A text too long to be a name is far from everything.
func editDistance(a, b string) int {
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
			if a[i] != b[j] {
				diagonal++
			}
			diagonal, row[j+1] = row[j+1], min(diagonal, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
