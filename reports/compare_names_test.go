package reports

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// TestCompareShowsNoForeignControls: the names of files, rule sets and miners are
// somebody else's; none of them moves a terminal's cursor.
func TestCompareShowsNoForeignControls(t *testing.T) {
	const foreign = "\x1b[31mred\r\a"
	for name, c := range map[string]*Compare{"of a population": attributed(t), "of one miner": attributedAccount(t)} {
		c.Name += foreign
		rename := func(set **rules.Resolved, name *string) {
			renamed, resolved := *(*set).Set, **set
			renamed.Name += foreign
			resolved.Set = &renamed
			*set, *name = &resolved, *name+foreign
		}
		for i := range c.Comparison.Outcomes {
			o := &c.Comparison.Outcomes[i]
			rename(&o.Variant.Rules, &o.Variant.Name)
			o.Variant.Base = i == 0
			o.Warnings = append(o.Warnings, foreign)
			for j := range o.Miners {
				o.Miners[j].Name += foreign
				o.Miners[j].Group += foreign
			}
		}
		if a := c.Attribution; a != nil {
			rename(&a.From.Variant.Rules, &a.From.Variant.Name)
			rename(&a.To.Variant.Rules, &a.To.Variant.Name)
			for i := range a.Effects {
				change := &a.Effects[i].Change
				change.Name += foreign
				for j := range change.Rows {
					change.Rows[j].A, change.Rows[j].B = foreign, "other"+foreign
				}
			}
		}
		for _, format := range []Format{FormatTable, FormatMarkdown} {
			var b strings.Builder
			if err := RenderCompare(&b, c, format); err != nil {
				t.Fatal(err)
			}
			if text := b.String(); strings.ContainsAny(text, "\x1b\r\a") || !strings.Contains(text, "[31mred") {
				t.Errorf("%s, %s: a name reaches the terminal as it is:\n%q", name, format, text)
			}
		}
	}
}

func TestAgainstShowsNoForeignControls(t *testing.T) {
	run := handmade(t, rules.Default)
	a, err := AgainstTournament("\x1b[31mred", "", "me", contested())
	if err != nil {
		t.Fatal(err)
	}
	a.Career.SlotLostMS, a.Career.Taker = startMS, "\x1b[2Jtaker"
	run.Against = a
	var b strings.Builder
	if err := Summary(&b, run, SummaryOptions{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Contains(text, "\x1b") || !strings.Contains(text, "Against  [31mred") || !strings.Contains(text, "to  [2Jtaker") {
		t.Errorf("a name reaches the terminal as it is:\n%q", text)
	}
}
