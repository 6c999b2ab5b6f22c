package scenario

import (
	"strings"
	"testing"
)

// The second "m" is there twice before and after: it stays.
func TestUnifiedKeepsLinesThatStay(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"a\n", "a\n", ""},
		{"m\n1\nx\nm\n2\n", "m\n1\nx\nm\n3\n", "--- f\n+++ f\n@@ -2,4 +2,4 @@\n 1\n x\n m\n-2\n+3\n"},
		{"m\n2\nm\n2\n", "m\n3\nm\n4\n", "--- f\n+++ f\n@@ -1,4 +1,4 @@\n m\n-2\n+3\n m\n-2\n+4\n"},
		{"a", "a\nb", "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		{"", "a\n", "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n"},
		{strings.Repeat("a\n", 9), "b\n" + strings.Repeat("a\n", 9) + "c\n",
			"--- f\n+++ f\n@@ -1,3 +1,4 @@\n+b\n a\n a\n a\n@@ -7,3 +8,4 @@\n a\n a\n a\n+c\n"},
	} {
		if got := unified("f", c.before, c.after); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}
