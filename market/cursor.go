package market

// Cursor answers the same questions as its schedule, at a constant cost when
// the instants ascend: it remembers the interval of the last answer. Instants
// may go back, too; that costs a search. A cursor is for one goroutine.
type Cursor struct {
	schedule       *Schedule
	sinceMS, endMS int64 // the last answer holds in [sinceMS, endMS)
	untilMS        int64
	next           int // index of the edge at untilMS
	open           bool
}

// Cursor returns a cursor over the schedule.
func (s *Schedule) Cursor() Cursor { return Cursor{schedule: s} }

// At is Schedule.At.
func (c *Cursor) At(ms int64) (open bool, untilMS int64) {
	if ms < c.sinceMS || ms >= c.endMS {
		c.seek(ms)
	}
	return c.open, c.untilMS
}

// Open is Schedule.Open.
func (c *Cursor) Open(ms int64) bool {
	if ms < c.sinceMS || ms >= c.endMS {
		c.seek(ms)
	}
	return c.open
}

// seek moves to the interval of ms: the following one if ms is in it, as when
// a clock ticks on, else wherever a search finds it.
func (c *Cursor) seek(ms int64) {
	s, i := c.schedule, c.next+1
	if ms < s.edge(i-1) || ms >= min(s.edge(i), s.endMS) {
		i = s.passed(ms)
	}
	c.next, c.open, c.untilMS = i, i%2 == 1, s.edge(i)
	// Outside the schedule's cover no answer is remembered, so it panics.
	c.sinceMS, c.endMS = s.firstMS, min(c.untilMS, s.endMS)
	if i > 0 {
		c.sinceMS = max(s.firstMS, s.edge(i-1))
	}
}
