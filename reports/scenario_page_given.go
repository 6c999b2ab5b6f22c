package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// given writes what a scenario begins with: its rules where they are not the usual
// ones, its candles, and how it is played.
func (t *toldScenario) given() {
	var items []string
	if text := t.rulesGiven(); text != "" {
		items = append(items, text)
	}
	items = append(items, t.dataGiven()...)
	if played := t.playGiven(); len(played) > 0 {
		items = append(items, strings.Join(played, "; "))
	}
	if len(items) == 0 {
		return
	}
	if len(items) == 1 {
		t.paragraph("**Given** " + items[0])
	} else {
		t.paragraph("**Given**")
		t.bullets(items)
	}
	if t.writesRecipe() {
		t.code("yaml", t.notes.block("synth"))
	}
}

// writesRecipe reports whether the scenario's file has the recipe of its candles.
func (t *toldScenario) writesRecipe() bool {
	return t.Data.Recipe != nil && strings.ContainsAny(t.notes.block("synth"), "\n{")
}

// rulesGiven is the rule set and what is set otherwise in it.
func (t *toldScenario) rulesGiven() string {
	var set []string
	for _, o := range t.Overrides {
		set = append(set, markdownCode(legible(o.Text)))
	}
	name := "the rules " + markdownCode(legible(t.Rules))
	if rules.IsPath(t.Rules) {
		name = "the rules " + t.file(t.Rules) + t.rulesChanged()
	}
	switch {
	case len(set) == 0 && t.Rules == rules.Default:
		return ""
	case len(set) == 0:
		return name
	case t.Rules == rules.Default:
		return "the rules with " + strings.Join(set, ", ")
	}
	return name + " with " + strings.Join(set, ", ")
}

// rulesChangedMax is how many values of a rule file a page tells.
const rulesChangedMax = 10

// rulesChanged tells what a rule file says otherwise than the built-in set that it
// builds on, or than the usual one; "" where it can't be read.
func (t *toldScenario) rulesChanged() string {
	set, err := rules.Open(t.besides(t.Rules))
	if err != nil {
		return ""
	}
	base, err := rules.Load(rules.Default)
	for _, name := range set.Extends {
		if !rules.IsPath(name) {
			base, err = rules.Load(name)
			break
		}
	}
	if err != nil {
		return ""
	}
	changed := rules.Diff(base, set)
	var list []string
	for _, row := range changed[:min(len(changed), rulesChangedMax)] {
		list = append(list, markdownCode(legible(row.Path+"="+squeeze(row.B, ruleWidth))))
	}
	if left := len(changed) - len(list); left > 0 {
		list = append(list, count(left, "more value"))
	}
	if len(list) == 0 {
		return " (those of " + markdownCode(base.Set.Name) + ")"
	}
	return " (those of " + markdownCode(base.Set.Name) + " but for " + strings.Join(list, ", ") + ")"
}

// ruleWidth bounds a rule's value, in characters.
const ruleWidth = 80

// dataGiven is where the candles come from.
func (t *toldScenario) dataGiven() []string {
	d := &t.Data
	var items []string
	switch {
	case len(d.Written) > 0:
		for _, w := range d.Written {
			items = append(items, w.PairID+" candles "+writtenCandles(w.Series))
		}
	case t.writesRecipe():
		items = append(items, "synthetic candles of this recipe:")
	case d.Recipe != nil:
		items = append(items, "synthetic candles of the recipe "+markdownCode(t.notes.value("synth")))
	case d.Sample:
		items = append(items, "candles of the built-in sample"+dataChosen(d))
	case len(d.Paths) > 0:
		var paths []string
		for _, p := range d.Paths {
			paths = append(paths, markdownCode(legible(p)))
		}
		items = append(items, "candles of "+strings.Join(paths, ", ")+dataChosen(d))
	}
	return items
}

// dataChosen is what is taken of a data set.
func dataChosen(d *scenario.Data) string {
	var text string
	if len(d.Pairs) > 0 {
		text += ": " + strings.Join(d.Pairs, ", ")
	}
	var pairs []string
	for pair := range d.Intervals {
		pairs = append(pairs, pair)
	}
	slices.Sort(pairs)
	for _, pair := range pairs {
		if pair == "" {
			text += ", every " + d.Intervals[pair].String()
			continue
		}
		text += ", " + pair + " every " + d.Intervals[pair].String()
	}
	switch {
	case d.MaxGapMS > 0:
		text += ", with gaps up to " + datasets.FormatLength(d.MaxGapMS)
	case d.MaxGapMS < 0:
		text += ", without any gap"
	}
	return text
}

// playGiven is how the scenario is played where that is not as usual.
func (t *toldScenario) playGiven() []string {
	var items []string
	switch {
	case t.FromMS > 0 && t.ToMS > 0:
		items = append(items, "played from "+moment(t.FromMS)+" to "+moment(t.ToMS))
	case t.FromMS > 0:
		items = append(items, "played from "+moment(t.FromMS)+" on")
	case t.ToMS > 0:
		items = append(items, "played until "+moment(t.ToMS))
	}
	if t.As == sim.InChallenge {
		items = append(items, "a miner in its challenge period")
	}
	if t.Fill == sim.FillLastClose {
		items = append(items, "orders fill at the last close")
	}
	if t.LatencyMS > 0 {
		items = append(items, "latency "+rules.Duration(t.LatencyMS).String())
	}
	if t.Seed != nil {
		items = append(items, fmt.Sprintf("seed %d", *t.Seed))
	}
	return items
}

// moment writes a time, UTC ms, as exactly as it is: to the minute, or with seconds or
// milliseconds where it has some.
func moment(ms int64) string {
	form := "2006-01-02 15:04"
	switch {
	case ms%1000 != 0:
		form = "2006-01-02 15:04:05.000"
	case ms%60_000 != 0:
		form = "2006-01-02 15:04:05"
	}
	return time.UnixMilli(ms).UTC().Format(form)
}
