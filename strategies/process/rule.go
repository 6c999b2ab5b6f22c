package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// rule says when a program is asked: exactly one of Candles, Every, Indicator
// and Moved is there.
type rule struct {
	Candles   int             `json:"candles"`
	Every     string          `json:"every"`
	Indicator string          `json:"indicator"`
	Is        string          `json:"is"`
	Of        json.RawMessage `json:"of"`
	Moved     float64         `json:"moved"`

	Pair       string `json:"pair"`
	IntervalMS int64  `json:"interval_ms"`
}

// ruleList is one rule or a list of them.
type ruleList []rule

// UnmarshalJSON implements json.Unmarshaler.
func (l *ruleList) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '[' {
		if err := strictly(text, (*[]rule)(l)); err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		if len(*l) > 0 {
			return nil
		}
		return errors.New("decide: found an empty list, with which the program is never asked; expected a rule or more, or no field for every candle")
	}
	*l = make([]rule, 1)
	if err := strictly(text, &(*l)[0]); err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	return nil
}

// apply has the strategy woken by the rule, on the feeds that the program sees.
func (r *rule) apply(setup *sim.Setup, feeds []*subscription) error {
	if err := r.single(); err != nil {
		return err
	}
	if r.Every != "" {
		every, err := datasets.ParseInterval(r.Every)
		if err != nil {
			return wrong("decide: "+err.Error(), "", "")
		}
		setup.WakeEvery(int64(every))
		return nil
	}
	if r.Candles == 1 && r.Pair == "" && r.IntervalMS == 0 {
		for _, f := range feeds {
			f.feed.WakeWhen(func(sim.Candles) bool { return true })
		}
		return nil
	}
	on, err := r.subscription(feeds)
	if err != nil {
		return err
	}
	test, err := r.test(on.feed)
	if err == nil {
		on.feed.WakeWhen(test)
	}
	return err
}

// single refuses a rule that is not one of its kinds.
func (r *rule) single() error {
	kinds := 0
	for _, there := range []bool{r.Candles != 0, r.Every != "", r.Indicator != "", r.Moved != 0} {
		if there {
			kinds++
		}
	}
	condition := r.Is != "" || r.Of != nil
	switch {
	case kinds != 1 || condition != (r.Indicator != ""):
		return wrong("a rule in decide that is none, or several",
			`{"candles":50}, {"every":"1h"}, {"indicator":"sma(20)","is":"above","of":"sma(50)"} or {"moved":0.005}`, "")
	case r.Every != "" && (r.Pair != "" || r.IntervalMS != 0):
		return wrong(`a rule in decide with "every" and a pair`, "a duration alone: the clock has no pair", "")
	case r.Candles < 0:
		return wrong(fmt.Sprintf("a rule in decide with %d candles", r.Candles), "a positive number", "")
	case !(r.Moved >= 0) || r.Moved > 1e6:
		return wrong(fmt.Sprintf("a rule in decide that waits for a move of %g", r.Moved), "a positive fraction, such as 0.005", "")
	}
	return nil
}

// subscription is the one that the rule is about.
func (r *rule) subscription(feeds []*subscription) (*subscription, error) {
	var seen []string
	for _, f := range feeds {
		if (r.Pair == "" || r.Pair == f.feed.Pair()) && (r.IntervalMS == 0 || r.IntervalMS == f.feed.Candles().IntervalMS()) {
			return f, nil
		}
		if !slices.Contains(seen, f.feed.Pair()) {
			seen = append(seen, f.feed.Pair())
		}
	}
	what := cut([]byte(r.Pair))
	if r.IntervalMS != 0 {
		what += fmt.Sprintf(" at %d ms", r.IntervalMS)
	}
	return nil, wrong("a rule in decide for "+what+suggest.DidYouMean(r.Pair, seen),
		"one of the subscriptions, to "+strings.Join(seen, ", "), "")
}

// test makes the test of each finished candle.
func (r *rule) test(f *sim.Feed) (func(sim.Candles) bool, error) {
	switch {
	case r.Candles > 0:
		return countTest(r.Candles), nil
	case r.Moved > 0:
		return moveTest(r.Moved, f.Candles().LastClose()), nil
	}
	history := f.Candles()
	have := columnsOf(history)
	left, err := parseOperand(r.Indicator, have)
	if err != nil {
		return nil, err
	}
	right, err := parseOf(r.Of, have)
	if err != nil {
		return nil, err
	}
	return compareTest(r.Is, &left, &right, history)
}

// countTest passes every nth candle.
func countTest(n int) func(sim.Candles) bool {
	count := 0
	return func(sim.Candles) bool {
		count++
		return count%n == 0
	}
}

// moveTest passes a candle whose close is by a fraction away from the base: the
// close of the candle that passed before.
func moveTest(fraction, base float64) func(sim.Candles) bool {
	return func(c sim.Candles) bool {
		last := c.LastClose()
		if math.IsNaN(base) {
			base = last
			return false
		}
		if math.Abs(last/base-1) < fraction {
			return false
		}
		base = last
		return true
	}
}

// compareTest passes a candle by where the left side is against the right one.
// The side that a crossing leaves may be from the history.
func compareTest(is string, left, right *operand, history sim.Candles) (func(sim.Candles) bool, error) {
	words := []string{"above", "below", "crosses", "crosses_above", "crosses_below"}
	word := slices.Index(words, is)
	if word < 0 {
		return nil, wrong("a condition with is "+cut([]byte(is))+suggest.DidYouMean(is, words), "one of "+strings.Join(words, ", "), "")
	}
	side := 0 // the last that was not a tie; 0: none yet
	pass := func(c sim.Candles, i int) bool {
		a, b := left.at(c, i), right.at(c, i)
		before := side
		switch {
		case a > b:
			side = 1
		case a < b:
			side = -1
		}
		crossed := before != 0 && side != before
		switch word {
		case 0:
			return a > b
		case 1:
			return a < b
		case 2:
			return crossed
		case 3:
			return crossed && side > 0
		}
		return crossed && side < 0
	}
	for i := range history.Len() {
		pass(history, i)
	}
	return func(c sim.Candles) bool { return pass(c, c.Len()-1) }, nil
}
