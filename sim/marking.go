package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/market"
)

// chunkLen is how many instants the marking loop takes at a time: small enough
// for its columns to stay in the first-level cache, large enough for its set-up
// to vanish.
const chunkLen = 512

// scratch is the marking loop's memory, made once: nothing is allocated a candle.
type scratch struct {
	cursors []cursor  // by open position
	times   []int64   // the instants of a chunk, ascending
	values  []float64 // the portfolio's value at each
	none    market.Series
	limitMS int64 // marks may go on to here: no checkpoint ends, no run of open candles, no wait for a reopening
}

// unknownLimit makes the next mark look for its limit.
const unknownLimit = math.MinInt64

// cursor is one open position's place in its candles.
type cursor struct {
	p        *position
	in       *instrument
	series   *market.Series // of no candles where the instrument has none
	interval int64
	next     int       // first candle not yet marked
	runEnd   int       // candles [next, runEnd) opened in an open market
	count    int       // of them in the current chunk
	at       int       // place in the chunk while walking its instants
	returns  []float64 // with costs, at each candle of the chunk
}

// resetCursors places a cursor at the first candle of each open position that
// ends after ms. It is called when the set of open positions, or the time, has
// moved otherwise than by marking.
func (a *account) resetCursors(ms int64) {
	s := &a.scratch
	s.limitMS = unknownLimit
	if n := chunkLen * len(a.open); n > len(s.times) {
		s.times, s.values = make([]int64, n), make([]float64, n)
	}
	for len(s.cursors) < len(a.open) {
		s.cursors = append(s.cursors, cursor{returns: make([]float64, chunkLen)})
	}
	s.cursors = s.cursors[:len(a.open)]
	for i, p := range a.open {
		c := &s.cursors[i]
		in := &a.instruments[p.pair]
		*c = cursor{p: p, in: in, series: in.series, returns: c.returns}
		if c.series == nil {
			c.series = &s.none
		}
		c.interval = c.series.IntervalMS
		c.next = c.series.Search(ms - c.interval + 1)
		c.findRun()
	}
}

// findRun skips the candles of a closed market and finds how far the following
// ones open in an open one.
func (c *cursor) findRun() {
	for c.next < c.series.Len() {
		open, until := c.in.schedule.At(c.series.Time[c.next])
		j := c.series.Search(until)
		if open {
			c.runEnd = j
			return
		}
		c.next = j
	}
	c.runEnd = c.next
}

// nextMS is when the next candle of the position ends.
func (c *cursor) nextMS() int64 {
	if c.next >= c.runEnd {
		return math.MaxInt64
	}
	return c.series.Time[c.next] + c.interval
}

// countThrough sets count to the candles of the run that end by ms, at most a
// chunk, and returns the end of the last candle that may be marked with them.
// Candles are mostly evenly spaced, so the search guesses before it looks.
func (c *cursor) countThrough(ms int64) {
	times := c.series.Time
	lastOpen := ms - c.interval
	n := min(c.runEnd-c.next, chunkLen)
	if n == 0 || times[c.next] > lastOpen {
		c.count = 0
		return
	}
	guess := int(min((lastOpen-times[c.next])/c.interval+1, int64(n)))
	for guess > 0 && times[c.next+guess-1] > lastOpen {
		guess--
	}
	c.count = guess
}

// markThrough marks the open positions with every candle that ends by ms, and
// stops early where the judge eliminates, or will. The work goes in chunks:
// within one nothing happens but marks, so a chunk is a few plain loops over
// columns.
// Rules §8.
func (a *account) markThrough(ms int64) {
	s := &a.scratch
	for len(a.open) > 0 && !a.judge.ended {
		ms = min(ms, a.judge.dueMS())
		first := int64(math.MaxInt64)
		for i := range s.cursors {
			first = min(first, s.cursors[i].nextMS())
		}
		if first > ms {
			return
		}
		if first > s.limitMS {
			a.bookLateCarry(first)
			if a.judge.ended {
				return
			}
			s.limitMS = a.markLimit(first)
		}
		a.markChunk(min(ms, s.limitMS))
	}
}

// bookLateCarry books, at the first candle of a reopened market, the carry that
// fell due while it was closed. Rules §3.
func (a *account) bookLateCarry(ms int64) {
	for i := range a.scratch.cursors {
		c := &a.scratch.cursors[i]
		if c.p.carryLate && c.nextMS() == ms {
			a.bookCarry(c.p, ms)
			a.judge.look(a, ms, "", 0)
			if a.judge.ended {
				return
			}
		}
	}
}

// markLimit makes the ledgers ready for a mark at first and returns how far the
// marks may go on from there.
func (a *account) markLimit(first int64) int64 {
	a.ledger.advance(first)
	limit := a.ledger.boundary()
	for i := range a.scratch.cursors {
		c := &a.scratch.cursors[i]
		of := a.pairs[c.p.pair]
		of.advance(first)
		limit = min(limit, of.boundary())
		if c.next >= c.runEnd {
			continue
		}
		if c.p.carryLate {
			limit = min(limit, c.nextMS()-1)
		}
		limit = min(limit, c.series.Time[c.runEnd-1]+c.interval)
	}
	return limit
}

// markChunk marks candles that end by end, as many as a chunk holds.
func (a *account) markChunk(end int64) {
	s := &a.scratch
	for i := range s.cursors {
		if c := &s.cursors[i]; c.next+chunkLen < c.runEnd {
			end = min(end, c.series.Time[c.next+chunkLen-1]+c.interval)
		}
	}
	for i := range s.cursors {
		c := &s.cursors[i]
		c.countThrough(end)
		c.price()
	}
	values := s.multiply(a.closed)
	before := a.ledger.track
	a.ledger.track.update(values)
	var straw *cursor
	if stop := a.breach(before, values); stop >= 0 {
		values = values[:stop+1]
		a.ledger.track = before
		a.ledger.track.update(values)
		straw = s.straw(s.timeOf(stop))
	}
	last := s.timeOf(len(values) - 1)
	a.ledger.covered(last, true)
	if a.watch != nil {
		a.show(s.timesOf(len(values)), values, before.peak)
	}
	for i := range s.cursors {
		c := &s.cursors[i]
		c.commit(last, a.pairs[c.p.pair])
	}
	if straw != nil {
		a.judge.look(a, last, straw.in.pair.ID, straw.series.Close[straw.next-1])
	}
	for i := range s.cursors {
		if c := &s.cursors[i]; c.next == c.runEnd {
			c.findRun()
		}
	}
}

// price computes the position's return with costs at each candle of the chunk.
func (c *cursor) price() {
	if c.count == 0 {
		return
	}
	closes := c.series.Close[c.next : c.next+c.count]
	returns := c.returns[:len(closes)]
	offset, average, slope, costs := c.p.offset, c.p.average, c.p.slope, c.p.costs()
	for j, x := range closes {
		r := offset + float64((x-average)*slope)
		if r < 0 {
			r = 0
		}
		returns[j] = r * costs
	}
}

// multiply makes the portfolio's value at each instant of the chunk: the closed
// positions' product times each open position's return, which holds until its
// next candle.
func (s *scratch) multiply(closed float64) []float64 {
	if len(s.cursors) == 1 {
		c := &s.cursors[0]
		if closed == 1 { // as it mostly is early on, and times 1 is exact
			return c.returns[:c.count]
		}
		values := s.values[:c.count]
		for j, r := range c.returns[:c.count] {
			values[j] = closed * r
		}
		return values
	}
	n := s.timeline()
	values := s.values[:n]
	for j := range values {
		values[j] = closed
	}
	for i := range s.cursors {
		s.cursors[i].multiplyInto(values, s.times)
	}
	return values
}

// multiplyInto multiplies each value by the return that holds at its time.
func (c *cursor) multiplyInto(values []float64, times []int64) {
	if c.count == len(values) { // its instants are among them, so they are all of them
		for j, r := range c.returns[:len(values)] {
			values[j] *= r
		}
		return
	}
	c.at = 0
	held := c.p.value
	for j := range values {
		if c.endMS() == times[j] {
			held = c.returns[c.at]
			c.at++
		}
		values[j] *= held
	}
}

// timeOf is the instant of value j of the chunk.
func (s *scratch) timeOf(j int) int64 {
	if len(s.cursors) == 1 {
		c := &s.cursors[0]
		return c.series.Time[c.next+j] + c.interval
	}
	return s.times[j]
}

// timesOf are the instants of the first n values of the chunk.
func (s *scratch) timesOf(n int) []int64 {
	if len(s.cursors) == 1 {
		s.cursors[0].ends(s.times[:n])
	}
	return s.times[:n]
}

// ends writes when the chunk's candles end.
func (c *cursor) ends(times []int64) {
	for j, t := range c.series.Time[c.next : c.next+len(times)] {
		times[j] = t + c.interval
	}
}

// timeline merges the ends of the chunk's candles into times and returns how
// many instants there are. Series of one interval mostly need no merging.
func (s *scratch) timeline() int {
	lead := &s.cursors[0]
	for i := range s.cursors {
		if s.cursors[i].count > lead.count {
			lead = &s.cursors[i]
		}
	}
	times := s.times[:lead.count]
	lead.ends(times)
	for i := range s.cursors {
		if c := &s.cursors[i]; c != lead && !c.endsAt(times) {
			return s.merge()
		}
	}
	return len(times)
}

// endsAt reports whether the chunk's candles end at exactly those times, or
// there are none.
func (c *cursor) endsAt(times []int64) bool {
	if c.count == 0 {
		return true
	}
	if c.count != len(times) {
		return false
	}
	for j, t := range c.series.Time[c.next : c.next+c.count] {
		if t+c.interval != times[j] {
			return false
		}
	}
	return true
}

// merge is the general case of timeline.
func (s *scratch) merge() int {
	for i := range s.cursors {
		s.cursors[i].at = 0
	}
	for n := 0; ; n++ {
		t := int64(math.MaxInt64)
		for i := range s.cursors {
			t = min(t, s.cursors[i].endMS())
		}
		if t == math.MaxInt64 {
			return n
		}
		s.times[n] = t
		for i := range s.cursors {
			if c := &s.cursors[i]; c.endMS() == t {
				c.at++
			}
		}
	}
}

// endMS is when the cursor's candle of the walk over the chunk ends.
func (c *cursor) endMS() int64 {
	if c.at >= c.count {
		return math.MaxInt64
	}
	return c.series.Time[c.next+c.at] + c.interval
}

// breach returns the index of the first value of the chunk that the judge acts
// on, or that is zero; -1 if there is none. The ledger's tracker has taken the
// whole chunk; before is as it was.
func (a *account) breach(before tracker, values []float64) int {
	if !a.judge.acts(a.ledger.track.drawdown()) {
		return -1
	}
	for j := range values {
		before.update(values[j : j+1])
		if a.judge.acts(before.drawdown()) {
			return j
		}
	}
	panic("sim: a drawdown that no value of its chunk reaches")
}

// straw is the position with a candle at ms that fell the most by it.
func (s *scratch) straw(ms int64) *cursor {
	var worst *cursor
	fall := math.Inf(1)
	for i := range s.cursors {
		c := &s.cursors[i]
		previous := c.p.value
		for j := range c.count {
			if c.series.Time[c.next+j]+c.interval == ms && (worst == nil || c.returns[j]/previous < fall) {
				worst, fall = c, c.returns[j]/previous
			}
			previous = c.returns[j]
		}
	}
	return worst
}

// commit takes the chunk's candles that end by ms into the position and the
// pair's ledger.
func (c *cursor) commit(ms int64, of *pairLedger) {
	times := c.series.Time
	for c.count > 0 && times[c.next+c.count-1]+c.interval > ms {
		c.count--
	}
	if c.count == 0 {
		return
	}
	last := c.next + c.count - 1
	c.p.ret = c.p.returnAt(c.series.Close[last])
	c.p.value = c.returns[c.count-1]
	returns := c.returns[:c.count]
	if of.closed != 1 {
		for j := range returns {
			returns[j] *= of.closed
		}
	}
	of.bookRun(times[last]+c.interval, returns)
	c.next += c.count
}
