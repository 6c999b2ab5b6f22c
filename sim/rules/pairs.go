package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
)

// Pairs returns the pairs that may be traded, the network's before the added
// ones. An error names an added pair that makes none; a loaded set has no such.
// Rules §1.
func (s *Set) Pairs() ([]market.Pair, error) {
	pairs := market.Pairs()
	for i, added := range s.Instruments.Added {
		p, wrong := added.pair(pairs)
		if wrong != nil {
			return nil, fmt.Errorf("instruments.added[%d].%s: found %s; expected %s", i, wrong.path, wrong.found, wrong.expected)
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// Halted reports whether no order on the pair of that id is accepted. Rules §1.
func (s *Set) Halted(id string) bool { return slices.Contains(s.Instruments.Halted, id) }

// pair returns the added pair, or what is wrong with it beside the known ones.
func (a AddedPair) pair(known []market.Pair) (market.Pair, *problem) {
	if !upper(a.ID, 2, 16) {
		return market.Pair{}, &problem{path: "id", found: quote(a.ID), expected: "2 to 16 capital letters and digits"}
	}
	if _, ok := market.FindPair(known, a.ID); ok {
		return market.Pair{}, &problem{path: "id", found: quote(a.ID) + ", a pair that there is already", expected: "another id"}
	}
	class, err := market.ParseClass(a.Class)
	if err != nil {
		return market.Pair{}, &problem{path: "class", found: quote(a.Class), expected: "crypto, forex, equities or indices"}
	}
	if !upper(a.Quote, 3, 5) {
		return market.Pair{}, &problem{path: "quote", found: quote(a.Quote), expected: "a currency, such as USD"}
	}
	base := a.Base
	if base == "" {
		base = a.ID
		if class == market.Crypto || class == market.Forex {
			base = strings.TrimSuffix(a.ID, a.Quote)
		}
	}
	if !upper(base, 1, 16) || base == a.Quote {
		return market.Pair{}, &problem{path: "base", found: quote(base), expected: "what is bought, such as BTC: capital letters and digits, not the quote"}
	}
	return market.Pair{ID: a.ID, Class: class, Base: base, Quote: a.Quote}, nil
}

// upper reports whether a text is of capital letters and digits alone, with a
// length of shortest to longest.
func upper(text string, shortest, longest int) bool {
	return shortest <= len(text) && len(text) <= longest &&
		strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
