package sim

import "testing"

// TestLengthsReadAsPeopleWriteThem: in the largest unit that divides them.
func TestLengthsReadAsPeopleWriteThem(t *testing.T) {
	const minute = 60_000
	for ms, want := range map[int64]string{
		1: "1ms", 1500: "1500ms", 5000: "5s", 90_000: "90s", 5 * minute: "5m", 90 * minute: "90m",
		60 * minute: "1h", 36 * 60 * minute: "36h", 24 * 60 * minute: "1d", 7 * 24 * 60 * minute: "7d", -5 * minute: "-5m", 0: "0ms",
	} {
		if got := span(ms); got != want {
			t.Errorf("%d ms: got %q, want %q", ms, got, want)
		}
	}
}
