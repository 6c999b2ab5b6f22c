package sim

import (
	"fmt"
	"strings"
)

// CausalReport is what VerifyCausal found.
type CausalReport struct {
	Base   *Result // of the run that the others were compared with
	Runs   int     // played, that one included
	Points int     // futures that were changed

	Difference *CausalDifference // the earliest; nil: the strategy passed
	Note       string            // what the test can't tell of this strategy; mostly empty
}

// Err is the difference as an error, nil if the strategy passed.
func (r *CausalReport) Err() error {
	if r.Difference == nil {
		return nil
	}
	return r.Difference
}

// CausalDifference is the first order of a run that another future, or a mere
// repetition, changed. As an error it tells all of this in sentences.
type CausalDifference struct {
	Order  int   // its place in the order log
	TimeMS int64 // when it was emitted, UTC ms: the earlier of both

	Was    *OrderRecord // in the first run; nil: there was none
	Became *OrderRecord // nil: it is gone
	InFill bool         // the orders are alike, their fills are not
	Err    error        // the strategy failed instead

	Repeated bool   // nothing was changed: the strategy is not deterministic
	PointMS  int64  // what was finished by then was the same, UTC ms
	How      string // what was done to what came after it
}

// Error implements error.
func (d *CausalDifference) Error() string {
	var b strings.Builder
	if d.Repeated {
		fmt.Fprintf(&b, "the strategy is not deterministic: on the same data it did something else at %s.", stamp(d.TimeMS))
	} else {
		fmt.Fprintf(&b, "the strategy sees the future: what it did at %s depends on candles that were not finished at %s (they were %s).",
			stamp(d.TimeMS), stamp(d.PointMS), d.How)
	}
	fmt.Fprintf(&b, " Order %d was: %s; it became: %s.", d.Order, d.Was.decision(d.InFill), d.became())
	if d.Repeated {
		b.WriteString(" Look for random numbers that are not from the run's seed (Setup.Random, ctx.random), for the clock, for the order of a set or map, and for memory of an earlier run")
	} else {
		b.WriteString(" Look for a value that is computed from later candles: an index that is one too large, a highest, mean or scale of the whole column")
	}
	return b.String()
}

// Unwrap is the error that the strategy failed with, if it did.
func (d *CausalDifference) Unwrap() error { return d.Err }

func (d *CausalDifference) became() string {
	if d.Err != nil {
		return "an error, " + d.Err.Error()
	}
	return d.Became.decision(d.InFill)
}

// decision writes an order as its strategy decided it, with its fill if asked.
func (r *OrderRecord) decision(filled bool) string {
	if r == nil {
		return "no order"
	}
	text := fmt.Sprintf("%s %s", r.Type, r.Pair)
	if r.Type != Flat {
		text += fmt.Sprintf(" %g", abs(r.Leverage))
	}
	if r.Pinned {
		text += fmt.Sprintf(" pinned to %g", r.Price)
	}
	if r.UUID != "" {
		text += fmt.Sprintf(" (uuid %s)", r.UUID)
	}
	text += " at " + stamp(r.EmittedMS)
	switch {
	case filled && r.Filled():
		text += fmt.Sprintf(", filled at %s with %g at the price of %g", stamp(r.FilledMS), r.EffectiveLeverage, r.FillPrice)
	case filled:
		text += fmt.Sprintf(", not filled (%s)", r.Reason)
	}
	return text
}
