package sweep

import (
	"context"
	"fmt"
	"slices"
)

// Attribute tells what each change between two rule sets does by itself: it plays
// both sets; then, change by change, the first set with only that one switched, and
// the second with only that one switched back. That is 2 + 2 plays for each change,
// one after the other; a single change is all that there is between the sets, so that
// 2 plays tell what it does. Errors name the variant.
func Attribute(ctx context.Context, from, to Variant, play Play, progress func(done, total int)) (*Attribution, error) {
	if err := checkNames([]Variant{from, to}); err != nil {
		return nil, err
	}
	changes, err := Changes(from.Rules, to.Rules)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, fmt.Errorf("found no difference between the rules of %s and %s; expected two rule sets that differ", from.Name, to.Name)
	}
	t := &theatre{ctx: ctx, play: play, progress: progress, total: 2}
	if len(changes) > 1 {
		t.total += 2 * len(changes)
	}
	before, err := t.outcome(from)
	if err != nil {
		return nil, err
	}
	after, err := t.outcome(to)
	if err != nil {
		return nil, err
	}
	a := &Attribution{From: *before, To: *after, Total: before.Difference(after), Effects: make([]Effect, 0, len(changes))}
	if len(changes) == 1 {
		a.Effects = append(a.Effects, Effect{Change: changes[0], First: a.Total, Last: a.Total})
	} else if err := t.effects(a, changes); err != nil {
		return nil, err
	}
	a.FromMS, a.ToMS = t.fromMS, t.toMS
	a.Residual = residual(a.Total, a.Effects)
	return a, nil
}

// effects switches each change by itself.
func (t *theatre) effects(a *Attribution, changes []Change) error {
	for _, c := range changes {
		e, err := t.effect(c, &a.From, &a.To)
		if err != nil {
			return err
		}
		a.Effects = append(a.Effects, e)
	}
	return nil
}

// effect switches one change, first and last.
func (t *theatre) effect(c Change, before, after *Outcome) (e Effect, err error) {
	from, to := before.Variant, after.Variant
	first, err := Mix(from.Rules, to.Rules, c)
	if err != nil {
		return e, err
	}
	last, err := Without(from.Rules, to.Rules, c)
	if err != nil {
		return e, err
	}
	switched, err := t.outcome(Variant{Name: from.Name + " + " + c.Name, Rules: first})
	if err != nil {
		return e, err
	}
	back, err := t.outcome(Variant{Name: to.Name + " - " + c.Name, Rules: last})
	if err != nil {
		return e, err
	}
	e = Effect{Change: c, First: before.Difference(switched), Last: back.Difference(after)}
	e.Interacts = !equal(&e.First, &e.Last)
	return e, nil
}

// equal reports whether two differences are the same in every number and in every
// change of a miner's state.
func equal(a, b *Difference) bool {
	return a.MeanReturn == b.MeanReturn &&
		a.Eliminated == b.Eliminated && a.Promoted == b.Promoted && a.Deregistered == b.Deregistered &&
		a.Moved == b.Moved && a.EmissionMoved == b.EmissionMoved && a.Ranks == b.Ranks &&
		slices.Equal(a.moved(), b.moved())
}

// moved are the miners that something is different of; a state counts where it changed.
func (d *Difference) moved() []MinerDifference {
	var moved []MinerDifference
	for _, m := range d.Miners {
		m.Ranked = false
		if m.Before == m.After {
			m.Before, m.After = "", ""
		}
		if m != (MinerDifference{Name: m.Name}) {
			moved = append(moved, m)
		}
	}
	return moved
}
