package audit

import (
	"fmt"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
)

// doubt refuses a series of which many rows together show that it is not what it
// was taken for: of another interval, or another clock.
func (c *Cleaner) doubt() error {
	if err := c.doubtInterval(); err != nil {
		return err
	}
	return c.doubtClock()
}

// doubtInterval refuses candles of another interval, once enough came in.
func (c *Cleaner) doubtInterval() error {
	if _, wrong := c.watch.wrongInterval(&c.o); !wrong {
		return nil
	}
	usual := c.watch.steps.usual()
	return &datasets.Refusal{File: c.first, Problem: datasets.ErrSpacing, Found: c.watch.steps.describe(usual),
		Expected: "candles every " + c.o.Interval.String(), Remedy: "state the true --interval " + datasets.Interval(usual).String()}
}

// doubtClock refuses times of another clock.
func (c *Cleaner) doubtClock() error {
	if c.p.OnClock == Keep {
		return nil
	}
	f, wrong := c.watch.clock.finding()
	if !wrong {
		return nil
	}
	return &datasets.Refusal{File: c.first, Problem: ErrClock, Found: "that " + f.Found, Expected: c.watch.clock.expected(),
		Remedy: f.Cause + ": " + f.Remedy + "; or keep them with --on-clock keep"}
}

// refuseGap refuses a gap, or what is behind it.
func (c *Cleaner) refuseGap(at Place, x *gap) error {
	if err := c.doubt(); err != nil {
		return err
	}
	err := c.refuse(at, MissingTime, x.describe())
	if _, told := c.watch.clock.finding(); !told && c.watch.clock.ready && !x.inside && x.ToMS-x.FromMS <= 5*dayMS {
		err.Remedy += "; or the zone is wrong: " + c.watch.clock.pauses(x.FromMS, x.ToMS)
	}
	return err
}

// refuseJump refuses the first jump by a power of ten.
func (c *Cleaner) refuseJump() error {
	f := c.out.scale.findings(c.out.rows)[0]
	at := Place{File: c.first}
	if c.hold.Len() > 0 {
		if i, found := slices.BinarySearch(c.hold.Time, f.FromMS); found {
			at = c.from.of(i)
		}
	}
	return &datasets.Refusal{File: at.File, Row: at.Row, Line: at.Line, Problem: ErrScale, Found: "that " + f.Found + ", for good",
		Expected: "prices on one scale", Remedy: f.Cause + ": " + f.Remedy + "; or keep them with --on-scale keep"}
}

// judgeScale refuses a series whose prices are for the most part not the pair's.
func (c *Cleaner) judgeScale() error {
	if c.p.OnScale == Keep {
		return nil
	}
	ended := *c.out
	ended.flush()
	scale := &ended.scale
	switch {
	case scale.jumps.count > 0:
		c.out = &ended
		return c.refuseJump()
	case 2*scale.outside.count <= ended.rows:
		return nil
	}
	all := scale.findings(ended.rows)
	f := all[len(all)-1]
	return &datasets.Refusal{File: c.first, Problem: ErrScale,
		Found:    fmt.Sprintf("%d of %d candles outside what the pair is known from, such as %s", f.Count, ended.rows, f.First[0].Found),
		Expected: scale.level.String(),
		Remedy:   f.Cause + ": " + f.Remedy + "; or keep them with --on-scale keep"}
}
