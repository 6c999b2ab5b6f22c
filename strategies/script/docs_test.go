package script

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// page returns docs/scripts.md.
func page(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDocumentedScriptsRun: each example of docs/scripts.md. One without a
// function decide is the body of one.
func TestDocumentedScriptsRun(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(page(t), -1)
	if len(blocks) < 9 {
		t.Fatalf("%d examples", len(blocks))
	}
	trade := 0
	for _, b := range blocks {
		text := b[1]
		if !strings.Contains(text, "def decide(ctx):") {
			text = "def decide(ctx):\n    for feed in ctx.fresh:\n        if feed.count < 100:\n            continue\n        " +
				strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n        ") + "\n"
		}
		name, _, _ := strings.Cut(b[1], "\n")
		t.Run(name, func(t *testing.T) {
			var printed bytes.Buffer
			d, err := Parse("doc.star", []byte(text), WithPrint(&printed))
			if err != nil {
				t.Fatal(err)
			}
			s, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(play(t, config(t, s, walk(t, "BTCUSD", 3000, 1), walk(t, "ETHUSD", 3000, 2))).Orders) > 0 {
				trade++
			}
		})
	}
	if trade < 6 {
		t.Errorf("%d examples emit orders, want at least 6", trade)
	}
}

// TestEverythingIsDocumented: what a script can ask for is on the page.
func TestEverythingIsDocumented(t *testing.T) {
	text, cs := page(t), newClasses()
	names := slices.Concat(cs.context.names, cs.position.names, cs.portfolio.names, cs.limits.names, cs.room.names,
		cs.carry.names, cs.pending.names, cs.order.names, cs.moment.names, cs.feed.names, builtins(cs).Keys(),
		builtins(cs)["math"].(*starlarkstruct.Module).Members.Keys(), starlark.Universe.Keys(),
		newRandom(nil).(starlark.HasAttrs).AttrNames(), (&gauge{}).AttrNames())
	for _, name := range names {
		if !regexp.MustCompile("`[^`\n]*\\b" + name + "\\b[^`\n]*`").MatchString(text) {
			t.Errorf("%s is not on the page", name)
		}
	}
	for _, s := range indicator.Specs() {
		row := "| `" + s.Signature() + "` | `" + strings.Join(s.Outputs, "` `") + "` | " + s.Doc + " |\n"
		if !strings.Contains(text, row) {
			t.Errorf("the page lacks the row %s", row)
		}
	}
}
