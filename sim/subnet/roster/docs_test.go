package roster

import (
	"os"
	"strings"
	"testing"
)

// TestDocumentedFilesAreRight parses every YAML block of the documentation, beside
// the files that they name, and looks for every key.
func TestDocumentedFilesAreRight(t *testing.T) {
	text, err := os.ReadFile("../../../docs/subnet.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "positions.json", "["+position(anna, "BTCUSD", fromMS+hour)+","+position(bruno, "BTCUSD", fromMS+hour)+"]")
	write(t, dir, "signals.csv", "time,pair,order_type,leverage\n2025-02-02T00:00:00Z,BTCUSD,LONG,0.1\n")
	files := 0
	for i, block := range strings.Split(string(text), "\n```") {
		yaml, isYAML := strings.CutPrefix(block, "yaml\n")
		if i%2 == 0 || !isYAML {
			continue
		}
		files++
		r, err := readIn(t, dir, yaml)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, warnings, err := r.Miners(sample()); err != nil || len(warnings) > 0 {
			t.Error(err, warnings)
		}
	}
	if files < 2 {
		t.Errorf("%d files", files)
	}
	for _, key := range []string{
		"name", "description", "seed", "weights_every", "challenge_every", "emission_per_day", "registration_fee", "slots", "miners",
		"strategy", "copies", "positions", "signals", "count", "params", "delay", "miner", "fills", "clip", "state", "registers", "latency", "fill", "again",
	} {
		if !strings.Contains(string(text), "| `"+key+"` |") {
			t.Errorf("no row for the key %s", key)
		}
	}
}
