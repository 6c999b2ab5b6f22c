package sweep

import (
	"context"
	"errors"
	"fmt"
)

// Compare plays every variant of a plan, one after the other, and keeps what a
// comparison looks at. Between two variants it stops with ctx's error when ctx is
// cancelled. Errors name the variant.
func Compare(ctx context.Context, plan Plan) (*Comparison, error) {
	if err := checkNames(plan.Variants); err != nil {
		return nil, err
	}
	t := &theatre{ctx: ctx, play: plan.Play, progress: plan.Progress, total: len(plan.Variants)}
	c := &Comparison{Outcomes: make([]Outcome, 0, len(plan.Variants))}
	for _, v := range plan.Variants {
		o, err := t.outcome(v)
		if err != nil {
			return nil, err
		}
		c.Outcomes = append(c.Outcomes, *o)
	}
	c.FromMS, c.ToMS = t.fromMS, t.toMS
	return c, nil
}

func checkNames(variants []Variant) error {
	if len(variants) == 0 {
		return errors.New("found no rule set to play; expected one or more")
	}
	seen := make(map[string]bool, len(variants))
	for _, v := range variants {
		if seen[v.Name] {
			return fmt.Errorf("found two variants of the name %q; expected each once", v.Name)
		}
		seen[v.Name] = true
	}
	return nil
}

// theatre plays variants, all over the same range.
type theatre struct {
	ctx      context.Context
	play     Play
	progress func(done, total int)

	done, total  int
	fromMS, toMS int64
}

// outcome plays a variant and reduces what came of it at once: the memory that a
// sweep needs does not grow with the orders.
func (t *theatre) outcome(v Variant) (*Outcome, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	res, err := t.play(v)
	if err != nil {
		return nil, fmt.Errorf("variant %s: %w", v.Name, err)
	}
	if t.done == 0 {
		t.fromMS, t.toMS = res.FromMS, res.ToMS
	} else if t.fromMS != res.FromMS || t.toMS != res.ToMS {
		return nil, fmt.Errorf("variant %s: found the range %d to %d; expected %d to %d, that of the variants before it: outcomes of different times can't be compared",
			v.Name, res.FromMS, res.ToMS, t.fromMS, t.toMS)
	}
	t.done++
	if t.progress != nil {
		t.progress(t.done, t.total)
	}
	return Reduce(v, res), nil
}
