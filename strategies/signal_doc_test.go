package strategies

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// examples returns the fenced blocks of a language in the documentation.
func examples(t *testing.T, language string) []string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "docs", "signals.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, block := range strings.Split(string(doc), "```"+language+"\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		found = append(found, text)
	}
	return found
}

// TestDocumentedSignalsAreRead: each example of docs/signals.md but the last,
// which is of recorded positions, and its own package reads.
func TestDocumentedSignalsAreRead(t *testing.T) {
	texts := append(examples(t, "csv"), examples(t, "json")...)
	if len(texts) != 5 {
		t.Fatalf("%d examples, want 5", len(texts))
	}
	for i, want := range []int{3, 2, 2, 3} {
		signals, err := ParseSignals(strings.NewReader(texts[i]), "docs", AnyText, "")
		if err != nil || len(signals) != want {
			t.Errorf("example %d: %d signals, want %d: %v", i, len(signals), want, err)
		}
		for k, s := range signals { // all begin at half past two, and go on every half hour
			if got := time.UnixMilli(s.TimeMS).UTC(); s.TimeMS != halfPastTwoMS+int64(k)*1_800_000 {
				t.Errorf("example %d, signal %d: %s", i, k, got)
			}
		}
	}
}
