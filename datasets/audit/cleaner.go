package audit

import (
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Cleaner is the stage of an import that applies policies: chunks of one series
// come in, in the order of time, and go out to the next stage without what the
// policies take away and with what they fill in. It looks a few candles ahead, no
// more, so memory stays flat however long the series. Every change is counted.
//
// What goes out is audited: Report is that of the cleaned series.
type Cleaner struct {
	o    Options
	p    Policies
	emit func(*market.Series) error
	out  *Auditor // of what goes out

	columns sameColumns
	times   timeline
	hours   hours
	spike   spikeRule
	gaps    gaps   // judges, keeps none
	watch   watch  // of what comes in, before anything is dropped
	first   string // the first file
	next    Place  // of the next row

	hold    *buffer // rows that are taken: history, then those to go out
	from    places  // of them
	done    int     // rows of hold that are out
	decided int     // rows of hold that no spike policy will change any more

	last  row     // that went out
	begun bool    // any did
	fill  *buffer // flat candles

	changes [changeKinds]int64
	failed  error
}

// holdRows is how many rows are taken in before some go out.
const holdRows = 1 << 14

// NewCleaner returns a cleaner that hands clean chunks to emit. Their columns
// are used again after emit returns. An error of emit ends the work and is
// returned by Clean or Finish.
func NewCleaner(o Options, p Policies, emit func(*market.Series) error) (*Cleaner, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if p, err = p.withDefaults(); err != nil {
		return nil, err
	}
	out, err := New(o)
	if err != nil {
		return nil, err
	}
	w, err := newWatch(&o)
	if err != nil {
		return nil, err
	}
	c := &Cleaner{
		o: o, p: p, emit: emit, out: out, watch: w,
		times: timeline{interval: int64(o.Interval), grid: newGrid(int64(o.Interval))}, hours: newHours(&o),
		spike: spikeRule{move: o.SpikeMove, ranges: o.SpikeRanges},
		next:  Place{File: o.File, Row: 1},
	}
	c.gaps = newGaps(&o, &c.hours, w.clock.us)
	return c, nil
}

// Clean takes the next rows. Their columns may be used again afterwards. What a
// policy does not take is refused with a *datasets.Refusal that names the place
// and the flag.
func (c *Cleaner) Clean(rows *market.Series, from Place) error {
	if c.failed != nil || rows.Len() == 0 {
		return c.failed
	}
	c.place(from)
	c.failed = c.clean(rows)
	return c.failed
}

// place notes where the next rows come from.
func (c *Cleaner) place(from Place) {
	if from.File == "" {
		from.File = c.o.File
	}
	if from.Row == 0 && from.File == c.next.File {
		from.Row = c.next.Row
	}
	from.Row = max(from.Row, 1)
	c.next = from
}

func (c *Cleaner) clean(rows *market.Series) error {
	if err := c.columns.fit(rows, c.next); err != nil {
		return err
	}
	if c.hold == nil {
		c.first = c.next.File
		c.hold = newBuffer(rows, datasets.CloseOnly(rows), &c.o)
	}
	for i := 0; i < rows.Len(); i += auditBlock {
		j := min(i+auditBlock, rows.Len())
		whole, err := c.whole(rows, i, j)
		if err != nil {
			return err
		}
		if whole {
			c.take(rows, i, j)
		} else if err := c.takeRows(rows, i, j); err != nil {
			return err
		}
		if c.hold.Len() >= holdRows {
			if err := c.release(false); err != nil {
				return err
			}
		}
	}
	return nil
}

// Finish hands out what is still held back. No row is taken after it. What only
// the whole series tells is refused here: what went out before must not be used
// after an error.
func (c *Cleaner) Finish() error {
	if c.failed == nil && c.hold != nil {
		c.failed = c.finish()
	}
	return c.failed
}

func (c *Cleaner) finish() error {
	if err := c.doubt(); err != nil {
		return err
	}
	if err := c.release(true); err != nil {
		return err
	}
	return c.judgeScale()
}

// Report tells what is doubtful about the series that went out. Its clock is that
// of the series that came in: what was dropped since tells of it, too.
func (c *Cleaner) Report() (*Report, error) {
	out := *c.out
	out.watch.clock = c.watch.clock
	return out.Report()
}

// whole reports whether rows [i, j) can be taken together.
func (c *Cleaner) whole(s *market.Series, i, j int) (bool, error) {
	if !c.times.clean(s.Time[i:j]) || !cleanPrices(s, i, j, minPrice, maxPrice) {
		return false, nil
	}
	if c.p.OnClosed == Keep {
		return true, nil
	}
	open, until, err := c.hours.at(s.Time[i])
	return open && s.Time[j-1] < until, err
}

// take takes rows [i, j) of a chunk.
func (c *Cleaner) take(s *market.Series, i, j int) {
	c.from.add(c.hold.Len(), c.next)
	c.watch.take(s.Time[i:j], c.next.Row)
	c.next = c.next.after(int64(j - i))
	c.times.take(s, i)
	c.times.take(s, j-1)
	c.hold.add(s, i, j)
}

// takeRows takes those of the rows [i, j) that the policies take.
func (c *Cleaner) takeRows(s *market.Series, i, j int) error {
	for ; i < j; i++ {
		p, found := judgePrices(s, i)
		if p == "" {
			p, found = c.times.judge(s, i)
		}
		if p == "" {
			var err error
			if p, found, err = c.judgeHours(s, i); err != nil {
				return err
			}
		}
		if p == "" {
			c.take(s, i, i+1)
			continue
		}
		if p == MarketClosed {
			c.watch.take(s.Time[i:i+1], c.next.Row)
		}
		if err := c.apply(p, found, s.Time[i]); err != nil {
			return err
		}
		c.next = c.next.after(1)
	}
	return nil
}

// judgeHours judges whether row i lies in an open market.
func (c *Cleaner) judgeHours(s *market.Series, i int) (p Problem, found string, err error) {
	if c.p.OnClosed == Keep {
		return "", "", nil
	}
	open, err := c.hours.openMS(s.Time[i], s.Time[i]+int64(c.o.Interval))
	if err != nil || open > 0 {
		return "", "", err
	}
	return MarketClosed, "a candle at " + instant(s.Time[i]) + ", while the market is closed", nil
}

// apply applies a policy to a row that is not taken as it is: it is left out, or
// refused.
func (c *Cleaner) apply(p Problem, found string, ms int64) error {
	switch {
	case p == Duplicate && c.p.OnDuplicate != Fail, p == Conflict && c.p.OnDuplicate == Drop,
		p == MarketClosed && c.p.OnClosed == Drop:
	case p != Duplicate && p != Conflict && p != MarketClosed && c.p.OnBad == Drop:
	case p == Unsorted && c.watch.clock.twice(c.times.last.ms+int64(c.o.Interval), ms):
		return c.refuse(c.next, hourTwice, found)
	case p == MarketClosed:
		if err := c.doubtClock(); err != nil {
			return err
		}
		return c.refuse(c.next, p, found)
	default:
		return c.refuse(c.next, p, found)
	}
	c.changes[changeOf(p)]++
	return nil
}

// release hands out the rows that are decided: all of them at the end, else all
// but those that a spike could begin in.
func (c *Cleaner) release(end bool) error {
	if err := c.settleSpikes(end); err != nil {
		return err
	}
	if err := c.handOut(c.done, c.decided); err != nil {
		return err
	}
	c.done = c.decided
	if n := c.done - (spikeHistory + 2); n > 0 { // what came before is history
		c.hold.cut(n)
		c.from.cut(n)
		c.done, c.decided = c.done-n, c.decided-n
	}
	return nil
}

// settleSpikes applies the policy for spikes to the rows that have enough others
// around them.
func (c *Cleaner) settleSpikes(end bool) error {
	ahead := spikeAhead
	if end {
		ahead = 0
	}
	if c.p.OnSpike == Keep {
		c.decided = c.hold.Len()
		return nil
	}
	for i := c.decided; i < c.hold.Len()-ahead; i++ {
		c.decided = i + 1
		if i == 0 || !c.spike.candidate(&c.hold.Series, i, c.hold.Close[i-1]) {
			continue
		}
		open, err := c.hours.openMS(c.hold.Time[i], c.hold.Time[i]+int64(c.o.Interval))
		if err != nil {
			return err
		}
		l := c.spike.judge(&c.hold.Series, i, max(0, i-spikeHistory-1), min(c.hold.Len(), i+spikeAhead+1))
		if l.problem != Spike || open == 0 {
			continue
		}
		if c.p.OnSpike == Fail {
			return c.refuse(c.from.of(i), Spike, "a price spike at "+instant(c.hold.Time[i])+" "+l.describe())
		}
		c.flatten(i, l)
		i = c.decided - 1 // the loop goes on after the spike
	}
	return nil
}

// flatten drops or fills the rows of a spike that begins at row i.
func (c *Cleaner) flatten(i int, l leap) {
	c.decided = i
	for k := i; k < i+l.rows; k++ {
		switch {
		case !l.far(&c.hold.Series, c.decided):
			c.decided++
		case c.p.OnSpike == Drop:
			c.hold.remove(c.decided)
			c.from.remove(c.decided, c.hold.Len()+1)
			c.changes[droppedSpike]++
		default:
			c.hold.setFlat(c.decided)
			c.changes[filledSpike]++
			c.decided++
		}
	}
}

// handOut sends rows [i, j) of hold on, with the gaps before them seen to.
func (c *Cleaner) handOut(i, j int) error {
	for i < j {
		if c.begun {
			if err := c.bridge(i); err != nil {
				return err
			}
		}
		k := i + 1
		for k < j && c.hold.Time[k]-c.hold.Time[k-1] == int64(c.o.Interval) {
			k++
		}
		if c.p.OnGap == Keep {
			k = j
		}
		if err := c.send(c.hold.Slice(i, k)); err != nil {
			return err
		}
		c.last.take(&c.hold.Series, k-1)
		c.begun = true
		i = k
	}
	return nil
}

// send audits a chunk and hands it out.
func (c *Cleaner) send(s *market.Series) error {
	if err := c.out.Check(s); err != nil {
		return err
	}
	if c.p.OnScale == Fail && c.out.scale.jumps.count > 0 {
		return c.refuseJump()
	}
	return c.emit(s)
}

// bridge applies the policy for gaps to the time between the last row that went
// out and row i.
func (c *Cleaner) bridge(i int) error {
	from, to := c.last.ms+int64(c.o.Interval), c.hold.Time[i]
	if c.p.OnGap == Keep || to <= from {
		return nil
	}
	open, err := c.hours.openMS(from, to)
	if err != nil || open < int64(c.o.Interval) {
		return err
	}
	x, err := c.gaps.measure(from, to, 0)
	if err != nil {
		return err
	}
	switch {
	case c.p.OnGap == Fill && open > maxFillMS:
		return c.refuse(c.from.of(i), tooLong, x.describe())
	case c.p.OnGap == Fill:
		return c.fillIn(from, to)
	case c.gaps.tooLong(&x):
		return c.refuseGap(c.from.of(i), &x)
	}
	return nil
}

// maxFillMS is the longest gap that is filled, open-market ms: a month of candles
// that never were is no repair.
const maxFillMS = 31 * dayMS

// fillIn hands out flat candles at the last close for the open market within
// [from, to).
func (c *Cleaner) fillIn(from, to int64) error {
	interval := int64(c.o.Interval)
	if c.fill == nil {
		c.fill = newBuffer(&c.hold.Series, c.hold.closeOnly, &c.o)
	}
	c.fill.cut(c.fill.Len())
	c.changes[filledGaps]++
	for ms := from; ms+interval <= to; ms += interval {
		open, until, err := c.hours.at(ms)
		if err != nil {
			return err
		}
		if !open && until < ms+interval {
			open = true // it opens within the candle
		}
		if !open {
			ms += (until-ms)/interval*interval - interval // the last step is the loop's
			continue
		}
		c.fill.addFlat(ms, &c.last)
		c.changes[filledCandles]++
		if c.fill.Len() == auditBlock {
			if err := c.send(&c.fill.Series); err != nil {
				return err
			}
			c.fill.cut(c.fill.Len())
		}
	}
	if c.fill.Len() == 0 {
		return nil
	}
	return c.send(&c.fill.Series)
}

// Changes counts what was done to the candles, for the manifest; nil if nothing
// was.
func (c *Cleaner) Changes() []datasets.Change {
	var changes []datasets.Change
	for k, n := range c.changes {
		if n > 0 {
			changes = append(changes, datasets.Change{What: change(k).String(), Count: n, Made: change(k) == filledSpike || change(k) == filledCandles})
		}
	}
	return slices.Clip(changes)
}
