package reports

import (
	"strings"
	"testing"
)

func TestBriefWarning(t *testing.T) {
	ids := strings.Split(strings.Repeat("0f8fad5b-d9cb-469f-a165-70867728950e ", 10), " ")[:10]
	prose := strings.TrimSuffix(strings.Repeat("a sentence of nine letters ", 20), " ")
	tests := map[string]struct {
		text  string
		width int
		want  string
	}{
		"short":                     {"a: b, c", 80, "a: b, c"},
		"two lines":                 {"positions: " + strings.Join(ids[:3], ", "), 80, "positions: " + strings.Join(ids[:3], ", ")}, // 47 + 38 + 36 characters: 2 lines
		"a list":                    {"positions: " + strings.Join(ids, ", "), 80, "positions: " + ids[0] + ", " + ids[0] + " and 8 more"},
		"with a rest":               {"positions: " + strings.Join(ids, ", ") + " and 5 more", 80, "positions: " + ids[0] + ", " + ids[0] + " and 13 more"},
		"with a rest after a comma": {"positions: " + strings.Join(ids, ", ") + ", and 5 more", 80, "positions: " + ids[0] + ", " + ids[0] + " and 13 more"},
		"a sentence":                {"m: " + strings.Repeat("words of a sentence, ", 6) + "to its end", 60, "m: " + strings.Repeat("words of a sentence, ", 6) + "to its end"},
		"one word":                  {strings.Repeat("x", 300), 40, strings.Repeat("x", 300)},
	}
	for name, test := range tests {
		if got := briefWarning(test.text, test.width); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
	got := briefWarning(prose, 60)
	if lines := strings.Count(Wrap(got, 60), "\n") + 1; lines != 3 || !strings.HasSuffix(got, "…") || !strings.HasPrefix(prose, strings.TrimSuffix(got, "…")) {
		t.Errorf("%d lines: %s", lines, got)
	}
}
