package reports

import "testing"

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 5, ""},
		{"one two", 7, "one two"},
		{"one two", 6, "one\ntwo"},
		{"a  b\nc", 3, "a b\nc"},
		{"overlong a b", 3, "overlong\na b"},
		{"½ µ π", 3, "½ µ\nπ"},
		{"a drawdown of 10.51 %, after 3", 20, "a drawdown of\n10.51 %, after 3"}, // a number and its unit are one word
		{"by +0.33 pp* more", 11, "by\n+0.33 pp*\nmore"},
		{"what % is", 4, "what\n% is"}, // no number
	} {
		if got := Wrap(c.text, c.width); got != c.want {
			t.Errorf("%q in %d: got %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
