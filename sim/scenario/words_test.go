package scenario

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// A word that can't be would hold for ever, or never.
func TestUnknownWordsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"counts.reasons.cooldwon == null": "did you mean cooldown?",
		"challenge.verdict != faild":      "did you mean failed?",
		"orders.1 == acepted":             "did you mean accepted?",
	} {
		if _, err := ParseRequirement(text, fact.ShapeOf[fact.Account]()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	for expect, want := range map[string]string{
		"counts: {reasons: {cooldwn: null}}": "did you mean cooldown?",
		"orders: [rejected cooldwn]":         "did you mean cooldown?",
		"challenge: {verdict: '!= faild'}":   "did you mean failed?",
		"elimination: no":                    "expected null where there is none",
		"elimination: false":                 "expected null where there is none",
		"elimination: 0":                     "expected null where there is none",
	} {
		_, err := Parse("a.yaml", []byte("scenario: a\ndata: sample\nstrategy: crossover\nexpect:\n  "+expect+"\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", expect, err, want)
		}
	}
}

func TestProseThatACommentCutsIsRefused(t *testing.T) {
	for _, head := range []string{"scenario: Rule #1 holds", "scenario: Rule #1 holds # one", "scenario: Rule\nsection: a #2", "scenario: a\nabout: a\n  b #3"} {
		_, err := Parse("a.yaml", []byte(head+"\ndata: sample\nstrategy: crossover\nexpect: {days: 0}\n"))
		cut := strings.Contains(head, " #") && head != "scenario: Rule #1 holds # one"
		if want := "quotes around a text with # in it"; cut && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %s", head, err, want)
		}
	}
	for _, head := range []string{"scenario: 'Rule #1 holds' # c", "scenario: a#1", "scenario: a\n# b", "scenario: a\nabout: | # c\n  d # e"} {
		if _, err := Parse("a.yaml", []byte(head+"\ndata: sample\nstrategy: crossover\nexpect: {days: 0}\n")); err != nil {
			t.Errorf("%q: %v", head, err)
		}
	}
}

func TestIndentationIsExplained(t *testing.T) {
	for expect, want := range map[string]string{
		"\tdays: 0":                        "a tab in the indentation; expected spaces",
		"  orders:\n  \t- accepted":        "a tab in the indentation; expected spaces",
		"  orders: [accepted]\n   days: 0": "the keys of a mapping begin in one column",
	} {
		_, err := Parse("a.yaml", []byte("scenario: a\ndata: sample\nstrategy: crossover\nexpect:\n"+expect+"\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", expect, err, want)
		}
	}
}
