package fact

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Words are what a Word may be: one of a few, behind some of which stands more.
type Words struct {
	Name    string   // "outcome"
	Words   []string // in their order; "" where there need be none
	Named   bool     // a miner's name follows each: registered alice
	Because []string // those that a reason follows: rejected cooldown
	Reasons []string // which it may be
}

// Vocabularies returns all that the facts' tags name.
func Vocabularies() []Words {
	outcomes := texts(sim.Accepted, sim.Clamped, sim.Rejected, sim.Ignored)
	reasons := texts(sim.RateLimited, sim.Eliminated, sim.MarketClosed, sim.UnsupportedPair, sim.Duplicate,
		sim.InvalidLeverage, sim.TooManyOpenOrders, sim.NoPosition, sim.CooldownActive, sim.MaxPortfolioLeverage,
		sim.MaxPositionLeverage, sim.MinPositionLeverage, sim.OrderMinLeverage, sim.NoPrice, sim.Deregistered)
	eliminations := texts(sim.MaxTotalDrawdown, sim.FailedChallengeDrawdown, sim.FailedChallengeTime, sim.FailedChallenge, sim.Liquidated)
	kinds := texts(subnet.Registered, subnet.Refused, subnet.Promoted, subnet.Eliminated, subnet.Deregistered)
	return []Words{
		{Name: "became", Words: with(outcomes, waiting), Because: texts(sim.Rejected, sim.Ignored), Reasons: reasons},
		{Name: "outcome", Words: with(outcomes, "")},
		{Name: "reason", Words: reasons},
		{Name: "reason, if any", Words: with(reasons, "")},
		{Name: "order type", Words: []string{sim.Long.String(), sim.Short.String(), sim.Flat.String()}},
		{Name: "elimination", Words: eliminations},
		{Name: "elimination, if any", Words: with(eliminations, "")},
		{Name: "verdict", Words: texts(sim.ChallengePassed, sim.ChallengeFailed, sim.ChallengeRunning, sim.ChallengeRankUnknown)},
		{Name: "state", Words: texts(scoring.StateMain, scoring.StateChallenge, scoring.StateEliminated, scoring.StateDeregistered)},
		{Name: "event", Words: kinds},
		{Name: "event of a miner", Words: kinds, Named: true, Because: texts(subnet.Eliminated), Reasons: eliminations},
	}
}

// waiting is what became of an order that waits for its price to the end.
const waiting = "waiting"

// wordsOf finds a vocabulary by the name that a tag has for it. It panics on a name of
// none.
func wordsOf(name string) *Words {
	all := Vocabularies()
	i := slices.IndexFunc(all, func(w Words) bool { return w.Name == name })
	if i < 0 {
		panic("fact: there are no words " + strconv.Quote(name))
	}
	return &all[i]
}

// Check refuses a text that the Word can't be. The error is a *condition.Problem: what
// was meant, and what there is.
func (w *Words) Check(text string) error {
	first, rest, _ := strings.Cut(text, " ")
	behind, reasoned := rest != "", slices.Contains(w.Because, first)
	if !slices.Contains(w.Words, first) || behind && !w.Named && !reasoned {
		return w.unknown(text)
	}
	if w.Named {
		name := rest
		if reasoned {
			name, rest, _ = cutLast(rest)
		}
		if name == "" {
			return &condition.Problem{Found: quoted(text) + " without a name", Expected: first + " and the miner's name"}
		}
	}
	switch {
	case !reasoned || slices.Contains(w.Reasons, rest):
		return nil
	case rest == "":
		return &condition.Problem{Found: quoted(text) + " without a reason", Expected: first + " and one of " + listed(w.Reasons)}
	}
	return &condition.Problem{
		Found: quoted(rest) + ", which is no reason", Expected: first + " and one of " + listed(w.Reasons) + suggest.DidYouMean(rest, w.Reasons),
	}
}

func (w *Words) unknown(text string) error {
	found := quoted(text)
	if text != "" {
		found += ", which is none of the words"
	}
	candidates := slices.DeleteFunc(slices.Clone(w.Words), func(word string) bool { return word == "" })
	for _, word := range w.Because {
		for _, reason := range w.Reasons {
			if !w.Named {
				candidates = append(candidates, word+" "+reason)
			}
		}
	}
	guess := suggest.DidYouMean(text, candidates)
	if first, rest, more := strings.Cut(text, " "); guess == "" && more {
		if near := suggest.Nearest(first, w.Words, 1); len(near) > 0 {
			guess = " (did you mean " + near[0] + " " + rest + "?)"
		}
	}
	return &condition.Problem{Found: found, Expected: w.String() + guess}
}

// String lists the words, as a person writes them.
func (w *Words) String() string {
	list := make([]string, 0, len(w.Words))
	for _, word := range w.Words {
		switch {
		case word == "":
			word = `""`
		case w.Named:
			word += " MINER"
		}
		if slices.Contains(w.Because, word) || w.Named && slices.Contains(w.Because, strings.TrimSuffix(word, " MINER")) {
			word += " REASON"
		}
		list = append(list, word)
	}
	return listed(list)
}

func texts[T ~string](words ...T) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return list
}

func with(words []string, another string) []string { return append(slices.Clone(words), another) }

// cutLast splits a text at its last blank.
func cutLast(text string) (before, last string, ok bool) {
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

func quoted(text string) string {
	if text == "" {
		return "no word"
	}
	return strconv.Quote(text)
}

// listed names alternatives: "a, b or c".
func listed(names []string) string {
	n := len(names) - 1
	if n < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:n], ", ") + " or " + names[n]
}
