package recording

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentedPositionIsRead: the example of docs/signals.md.
func TestDocumentedPositionIsRead(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "signals.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(doc), "```json\n")
	example, _, _ := strings.Cut(blocks[len(blocks)-1], "```")
	rec, err := Parse(strings.NewReader(example), "docs", "5M")
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Orders) != 2 || rec.Miner != "5Miner" || rec.Positions[0].ReturnAtClose.Or(0) != 1.0009 {
		t.Errorf("%+v", rec)
	}
}
