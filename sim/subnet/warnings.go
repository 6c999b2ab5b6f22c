package subnet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// warn adds what a reader of the result must know.
func (r *Result) warn() {
	r.warnOfWeights()
	r.warnOfRefused()
	r.warnOfOrphans()
	r.warnOfMarking()
	r.warnOfOrders()
}

func (r *Result) warning(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

// warnOfWeights tells why nobody was ever paid.
func (r *Result) warnOfWeights() {
	if text := r.NeverWeighed(); text != "" {
		r.warning("%s", text)
	}
}

// NeverWeighed is the warning of a tournament whose weights were never set, so that
// nobody was ever paid: it says why. "" where they were set. They fall due at the
// multiples of WeightsEveryMS from the start of the range to its very end.
func (r *Result) NeverWeighed() string {
	switch every := r.WeightsEveryMS; {
	case len(r.History) > 0:
		return ""
	case every <= 0:
		return "the weights were never set"
	case r.ToMS/every == (r.FromMS-1)/every:
		return fmt.Sprintf("the weights were never set: the range holds no multiple of %s", rules.Duration(every))
	}
	return "the weights were never set: nobody was in the main competition when they fell due"
}

// warnOfRefused tells of those that never got a slot.
func (r *Result) warnOfRefused() {
	var names []string
	for _, m := range r.Refused {
		names = append(names, m.Name)
	}
	if len(names) > 0 {
		r.warning("never got a slot, because nobody could be put out when they registered: %s", few(names))
	}
}

// warnOfOrphans tells of copycats whose leader never took part.
func (r *Result) warnOfOrphans() {
	var names []string
	for i := range r.Miners {
		leader := r.Miners[i].Copies
		if leader != "" && !slices.ContainsFunc(r.Miners, func(m MinerResult) bool { return m.Name == leader }) {
			names = append(names, r.Miners[i].Name+" ("+leader+")")
		}
	}
	if len(names) > 0 {
		r.warning("held nothing, because whom they copy never took part: %s", few(names))
	}
}

// warnOfMarking tells whom the deployed marking would have judged otherwise. Rules §8.
func (r *Result) warnOfMarking() {
	var names []string
	for i := range r.Miners {
		if r.Miners[i].Account.Disputed {
			names = append(names, r.Miners[i].Name)
		}
	}
	if len(names) > 0 {
		r.warning("the deployed marking of the ledger, made after the fact, would have eliminated at another time, or not at all: %s", few(names))
	}
}

// warnOfOrders tells whose orders have warnings of their own, such as pinned prices
// that the candles never saw.
func (r *Result) warnOfOrders() {
	for i := range r.Miners {
		doubted, first := 0, ""
		for j := range r.Miners[i].Account.Orders {
			if warnings := r.Miners[i].Account.Orders[j].Warnings; len(warnings) > 0 {
				if doubted == 0 {
					first = warnings[0]
				}
				doubted++
			}
		}
		if doubted > 0 {
			r.warning("%s: %d of its orders have warnings; the first: %s", r.Miners[i].Name, doubted, first)
		}
	}
}

// few names the first of many.
func few(names []string) string {
	const most = 5
	if len(names) > most {
		names = append(slices.Clip(names[:most]), fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, ", ")
}
