package process

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestDocumentIsTrue: the messages that docs/protocol.md shows are messages, and
// it shows each.
func TestDocumentIsTrue(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	const nowMS = 1736136900000
	shown := make(map[string]int)
	for i, part := range strings.Split(string(text), "```") {
		block, ok := strings.CutPrefix(part, "json\n")
		if i%2 == 0 || !ok {
			continue
		}
		block = strings.Join(strings.Fields(block), " ")
		_, kind, _ := strings.Cut(block, `{"type":"`)
		kind, _, _ = strings.Cut(kind, `"`)
		shown[kind]++
		switch kind {
		case "hello":
			err = strictly([]byte(block), &hello{})
		case "ready":
			_, err = parseReady([]byte(block))
		case "orders":
			_, err = parseAnswer([]byte(block), nowMS, market.PairIDs(market.Pairs()))
		default:
			err = strictly([]byte(block), &map[string]any{})
		}
		if err != nil {
			t.Errorf("%s: %v", block, err)
		}
	}
	for _, kind := range []string{"hello", "ready", "decide", "orders", "end"} {
		if shown[kind] != 1 {
			t.Errorf("%d messages of type %s, want one", shown[kind], kind)
		}
	}
	// Every rule of the table of decide is one.
	rows := 0
	for line := range strings.Lines(string(text)) {
		rule, ok := strings.CutPrefix(line, "| `")
		key, _, _ := strings.Cut(strings.TrimPrefix(rule, `{"`), `"`)
		if ok && slices.Contains([]string{"candles", "every", "indicator", "moved"}, key) && rule[0] == '{' {
			rule, _, _ = strings.Cut(rule, "`")
			r, err := parseReady([]byte(`{"type":"ready","protocol":1,"decide":` + rule + `}`))
			if err == nil {
				err = r.Decide[0].single()
			}
			if err != nil {
				t.Errorf("%s: %v", rule, err)
			}
			rows++
		}
	}
	if rows != 5 {
		t.Errorf("%d rules, want 5", rows)
	}
}

// TestEnvironmentIsInherited: what is set stays.
func TestEnvironmentIsInherited(t *testing.T) {
	t.Setenv("PYTHONHASHSEED", "7")
	t.Setenv("PTNSIM_TEST_WORD", "kept")
	s := open(t, `sh -c 'read -r _; echo "$PTNSIM_TEST_WORD $PYTHONHASHSEED $PYTHONUNBUFFERED" >&2; exit 1'`, Options{})
	_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 5, 1)))
	if err == nil || !strings.HasSuffix(err.Error(), "\n  kept 7 1") {
		t.Errorf("got %v", err)
	}
}
