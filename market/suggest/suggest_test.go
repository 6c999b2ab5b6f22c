package suggest

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	pairs := []string{"BTCUSD", "ETHUSD", "EURUSD", "EURCHF", "SPX", "EURUSD"}
	for _, tc := range []struct {
		name  string
		limit int
		want  string
	}{
		{"EURUSF", 3, "EURUSD EURCHF"}, // a letter replaced, then two; each told once
		{"BTCUSDT", 3, "BTCUSD"},       // a letter too many
		{"eurusd", 3, "EURUSD ETHUSD"}, // all in the wrong case
		{"EURUSD", 1, "EURUSD"},        // the nearest comes first
		{"EXRUSD", 3, "EURUSD ETHUSD"}, // one letter off, then two
		{"SP", 3, "SPX"},
		{"PSX", 3, "SPX"}, // swapped
		{"S", 3, ""},      // two letters off: too far for a short name
		{"GOLD", 3, ""},
		{"", 3, ""},
		{strings.Repeat("EURUSD", 40), 3, ""}, // no name at all
	} {
		if got := strings.Join(Nearest(tc.name, pairs, tc.limit), " "); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.name, got, tc.want)
		}
	}
	params := []string{"least", "lease", "of.leased", "of.lease", "w.of.lease"}
	for name, want := range map[string]string{
		"lease":    "lease of.lease w.of.lease least", // behind a dot is nearer than a letter off
		"LEASED":   "of.leased lease least",           // in the wrong case as well, then one letter off, then two
		"of.lease": "of.lease w.of.lease of.leased",
	} {
		if got := strings.Join(Nearest(name, params, 4), " "); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := Nearest("a", nil, 3); got != nil {
		t.Errorf("of no candidate: got %q", got)
	}
}

func TestDidYouMean(t *testing.T) {
	for name, want := range map[string]string{"fats": " (did you mean fast?)", "direction": ""} {
		if got := DidYouMean(name, []string{"slow", "fast"}); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestDistanceCountsEdits(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"kitten", "sitting", 3}, // k→s, e→i, +g
		{"flaw", "lawn", 2},      // -f, +n
		{"ab", "ba", 1},          // a swap is one
		{"fats", "fast", 1}, {"side", "time", 2}, {"open", "len", 2},
	} {
		if got := distance(tc.a, tc.b); got != tc.want {
			t.Errorf("%q to %q: got %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

// A distance is the same both ways, 0 for the same text alone, and no
// larger with the same letters before both.
func TestDistanceIsFair(t *testing.T) {
	text := rapid.StringMatching(`[abc]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		switch d := distance(a, b); {
		case d != distance(b, a):
			t.Fatal("another distance back")
		case (d == 0) != (a == b):
			t.Fatalf("%d of %q and %q", d, a, b)
		case distance(c+a, c+b) > d:
			t.Fatalf("farther with %q before both", c)
		}
		if near := Nearest(a, []string{b, c}, 3); len(near) > 1 && distance(a, near[0]) > distance(a, near[1]) {
			t.Fatalf("%q before the nearer %q", near[0], near[1])
		}
		if near := Nearest(a, []string{a}, 3); !slices.Equal(near, []string{a}) {
			t.Fatalf("the name itself is not near: %q", near)
		}
	})
}
