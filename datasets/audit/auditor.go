package audit

import (
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Auditor judges the candles of one series in file order, chunk by chunk, in one
// pass and flat memory. It never stops at a problem, but counts all and keeps the
// first few of each kind. How the rows are cut into chunks changes nothing.
type Auditor struct {
	o       Options
	columns sameColumns

	rows    int64 // judged so far
	firstMS int64
	endMS   int64
	open    int64 // candles in the open market

	times   timeline
	hours   hours
	close   float64 // of the latest candle
	bad     map[Problem]*tally
	gaps    gaps
	days    coverage
	shut    closed
	still   flats
	scale   scales
	volume  volumes
	watch   watch
	autumns int64   // steps back by the hour that comes twice
	astray  []int64 // where candles off the grid belong, since the latest on it
	stray   span    // of the rows whose times are wrong
	spikes  spikes
}

// span is a stretch of time, UTC ms.
type span struct{ fromMS, toMS int64 }

// add widens the span by a candle, if its time can be one.
func (s *span) add(ms, interval int64) {
	if ms < firstTimeMS || ms >= endTimeMS {
		return
	}
	if s.toMS == 0 || ms < s.fromMS {
		s.fromMS = ms
	}
	s.toMS = max(s.toMS, ms+interval)
}

// New returns an auditor, or what is wrong with the options.
func New(o Options) (*Auditor, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	ny, err := newYork()
	if err != nil {
		return nil, err
	}
	watch, err := newWatch(&o)
	if err != nil {
		return nil, err
	}
	interval, class := int64(o.Interval), o.Pair.Class
	a := &Auditor{
		o: o, hours: newHours(&o), bad: make(map[Problem]*tally), scale: newScales(&o), volume: volumes{keep: o.Keep},
		times:  timeline{interval: interval, grid: newGrid(interval)},
		shut:   closed{class: class, newYork: ny, keep: o.Keep},
		still:  flats{interval: interval, flatMS: o.FlatMS, class: class, newYork: ny, keep: o.Keep},
		watch:  watch,
		spikes: spikes{rule: spikeRule{move: o.SpikeMove, ranges: o.SpikeRanges}, keep: o.Keep},
	}
	a.gaps = newGaps(&o, &a.hours, ny)
	a.days = coverage{hours: &a.hours}
	return a, nil
}

// hasSessions reports whether a class's market closes at all.
func hasSessions(c market.Class) bool { return c == market.Forex || c == market.Equities }

// auditBlock is how many rows are looked at at once: a block without fault takes
// a short way.
const auditBlock = 1024

// Check judges the next chunk. It only reads, and keeps nothing of the chunk. An
// error is the calendar's or a chunk's whose columns don't fit: the candles'
// problems are findings.
func (a *Auditor) Check(s *market.Series) error {
	if s.Len() == 0 {
		return nil
	}
	if err := a.columns.fit(s, Place{File: a.o.File, Row: a.rows + 1}); err != nil {
		return err
	}
	a.spikes.begin(s, a.rows)
	for i := 0; i < s.Len(); i += auditBlock {
		j := min(i+auditBlock, s.Len())
		take := a.takeRows
		if a.times.clean(s.Time[i:j]) && cleanPrices(s, i, j, a.scale.level.low, a.scale.level.high) {
			take = a.takeClean
		}
		if err := take(s, i, j); err != nil {
			return err
		}
		a.spikes.judge(s, a)
	}
	a.spikes.end(s)
	a.rows += int64(s.Len())
	return nil
}

// takeRows judges rows one by one.
func (a *Auditor) takeRows(s *market.Series, i, j int) error {
	for ; i < j; i++ {
		if err := a.takeRow(s, i); err != nil {
			return err
		}
	}
	return nil
}

func (a *Auditor) takeRow(s *market.Series, i int) error {
	ms := s.Time[i]
	p, found := judgePrices(s, i)
	if p != "" {
		a.count(p, i, ms, found)
	}
	sound := p == ""
	if p, found = a.times.judge(s, i); p != "" {
		a.count(p, i, ms, found)
		a.stray.add(ms, int64(a.o.Interval))
		if p == Unsorted && a.watch.clock.twice(a.times.last.ms+int64(a.o.Interval), ms) {
			a.autumns++
		}
		switch off := a.times.grid.off(ms); {
		case p == Unsorted && sound:
			return a.takeLate(ms)
		case p == OffGrid && off > 0 && ms >= firstTimeMS && ms < endTimeMS && len(a.astray) < gapsHeld:
			a.astray = append(a.astray, ms-off)
		}
		return nil
	}
	if !sound {
		// The row is there, so it is no gap; but its prices count for nothing.
		return a.take(s, i, i+1, false)
	}
	a.scale.judge(s, i, a.rows+int64(i)+1)
	return a.take(s, i, i+1, true)
}

// count counts a problem of row i of the chunk.
func (a *Auditor) count(p Problem, i int, ms int64, found string) {
	t := a.bad[p]
	if t == nil {
		t = &tally{}
		a.bad[p] = t
	}
	t.add(a.o.Keep, a.rows+int64(i)+1, ms, ms+int64(a.o.Interval), func() string { return found })
}

// takeLate takes a candle that comes out of order, or whose time is off, out of
// the gap that it left.
func (a *Auditor) takeLate(from int64) error {
	to := from + int64(a.o.Interval)
	filled, err := a.gaps.late(from, to)
	if filled && err == nil {
		err = a.days.straddle(from, to)
	}
	return err
}

// takeClean takes rows without fault, stretch by stretch of candles without a
// gap.
func (a *Auditor) takeClean(s *market.Series, i, j int) error {
	t, interval := s.Time[:j], int64(a.o.Interval)
	for i < j {
		k := i + 1
		for k < j && t[k]-t[k-1] == interval {
			k++
		}
		if err := a.take(s, i, k, true); err != nil {
			return err
		}
		i = k
	}
	return nil
}

// take counts rows [i, j), candles without a gap between them whose times
// follow. sound says that their prices count.
func (a *Auditor) take(s *market.Series, i, j int, sound bool) error {
	row, ms := a.rows+int64(i)+1, s.Time[i]
	switch {
	case !a.times.primed:
		a.firstMS = ms
	case ms > a.endMS:
		if err := a.gaps.between(a.endMS, ms, row); err != nil {
			return err
		}
		for _, at := range a.astray {
			if err := a.takeLate(at); err != nil {
				return err
			}
		}
	}
	a.astray = a.astray[:0]
	a.watch.run(ms, int64(j-i), row)
	a.times.take(s, i)
	a.times.take(s, j-1)
	a.endMS = s.Time[j-1] + int64(a.o.Interval)
	for i < j {
		k, err := a.stretch(s, i, j, sound)
		if err != nil {
			return err
		}
		i = k
	}
	return nil
}

// stretch counts those of the rows [i, j) before the market opens or closes next,
// and returns the row after them.
func (a *Auditor) stretch(s *market.Series, i, j int, sound bool) (int, error) {
	interval, ms := int64(a.o.Interval), s.Time[i]
	open, until, err := a.hours.at(ms)
	if err != nil {
		return j, err
	}
	k := i + int(min(int64(j-i), (until-ms)/interval))
	if k == i { // the market opens or closes within the candle
		part, err := a.hours.openMS(ms, ms+interval)
		if err == nil && part > 0 {
			err = a.days.straddle(ms, ms+interval)
			a.days.count(s, i, i+1, sound)
		}
		if err != nil {
			return j, err
		}
		k, open = i+1, part > 0
		if open {
			a.observe(s, i, k, sound)
			return k, nil
		}
	}
	a.days.add(s, i, k, interval, open, sound)
	if open {
		a.observe(s, i, k, sound)
		return k, nil
	}
	a.still.stop()
	for r := i; r < k; r++ {
		a.shut.add(s, r, a.rows+int64(r)+1)
	}
	if sound {
		a.close = s.Close[k-1]
	}
	return k, nil
}

// observe looks at the prices of rows [i, j) in the open market.
func (a *Auditor) observe(s *market.Series, i, j int, sound bool) {
	a.open += int64(j - i)
	if !sound {
		a.still.stop()
		return
	}
	prev, up, down := a.close, 1+a.o.SpikeMove, 1-a.o.SpikeMove
	if prev == 0 {
		prev = s.Close[i]
	}
	highs, lows, closes := s.High[i:j], s.Low[i:j], s.Close[i:j]
	lows, closes = lows[:len(highs)], closes[:len(highs)]
	for k, high := range highs {
		low, cl := lows[k], closes[k]
		if high > float64(prev*up) || low < float64(prev*down) {
			a.spikes.add(a.rows + int64(i+k))
		}
		if high == low && cl == prev {
			a.still.add(s, i+k, a.rows+int64(i+k)+1)
		} else if a.still.n > 0 {
			a.still.stop()
		}
		prev = cl
	}
	a.close = prev
	if s.Volume != nil {
		for k, v := range s.Volume[i:j] {
			if v == 0 {
				a.volume.add(s, i+k, a.rows+int64(i+k)+1)
			}
		}
	}
}

// Report sums up what was found so far. Checking may go on after it. An error is
// the calendar's.
func (a *Auditor) Report() (*Report, error) {
	ended := *a
	ended.flush()
	return ended.report()
}

// flush ends what goes on at the end of the series. It works on a copy of the
// auditor, so it must not touch what that shares with the original.
func (a *Auditor) flush() {
	for _, t := range []*tally{&a.gaps.over, &a.gaps.doubtful, &a.gaps.eves, &a.gaps.rest, &a.still.runs, &a.spikes.found, &a.scale.jumps} {
		t.first = slices.Clip(t.first)
	}
	a.gaps.sum.Longest = slices.Clone(a.gaps.sum.Longest)
	a.spikes.flush(a)
	a.still.stop()
	a.gaps.flush()
}

func (a *Auditor) report() (*Report, error) {
	r := &Report{File: a.o.File, Pair: a.o.Pair, Interval: a.o.Interval, Columns: a.columns.have,
		Rows: a.rows, FirstMS: a.firstMS, EndMS: a.endMS}
	if !a.times.primed { // not one time was right
		r.FirstMS, r.EndMS = a.stray.fromMS, a.stray.toMS
	}
	var err error
	if r.Days, err = a.days.report(a.firstMS, a.endMS); err != nil {
		return nil, err
	}
	for _, p := range [...]Problem{Unsorted, Duplicate, Conflict, OffGrid, NotFinite, NotPositive, Inconsistent, BadVolume} {
		if t := a.bad[p]; t != nil {
			r.Findings = append(r.Findings, a.fault(p, t))
		}
	}
	optional := func(f Finding, ok bool) {
		if ok {
			r.Findings = append(r.Findings, f)
		}
	}
	optional(a.watch.wrongInterval(&a.o))
	r.Findings = append(r.Findings, a.scale.findings(a.rows)...)
	optional(a.watch.clock.finding())
	optional(a.shut.finding())
	r.Gaps = a.gaps.sum
	r.Findings = append(r.Findings, a.gaps.findings(r.openMS())...)
	optional(a.spikes.finding())
	optional(a.still.finding(a.columns.have&datasets.Volume != 0))
	r.Findings = append(r.Findings, a.volume.findings(a.open, r.Days)...)
	a.relate(r)
	return r, nil
}

// fault explains rows that are no candles, or not where they belong.
func (a *Auditor) fault(p Problem, t *tally) Finding {
	f := t.finding(p, Error)
	f.Remedy = "repair the rows at the source, or leave them out with --on-bad drop"
	switch p {
	case Unsorted:
		f.Cause = "files put together in the wrong order, or that overlap"
		f.Remedy = "sort the file by time"
		switch {
		case 2*f.Count > a.rows:
			f.Cause = "the file is newest first"
		case a.autumns > 0:
			f.Cause, f.Remedy = twiceCause, twiceRemedy
		}
	case Duplicate:
		f.Cause = "files that overlap by a candle, or a row written twice"
		f.Remedy = "keep one of each with --on-duplicate keep"
	case Conflict:
		f.Cause = "two sources, a candle fetched before it was over, or an hour of local time that came twice"
		f.Remedy = "find out which is right; or keep the first with --on-duplicate drop"
	case OffGrid:
		f.Cause = a.times.grid.cause(f, a.rows)
		f.Remedy = "give the true --interval, or leave the rows out with --on-bad drop"
	case NotFinite:
		f.Cause = "empty values, or a division by zero at the source"
	case NotPositive:
		f.Cause = "missing prices written as 0, or a column taken for another"
	case Inconsistent:
		f.Cause = "columns in another order, or bid and ask mixed"
		if 10*f.Count < a.rows {
			f.Cause = "rounding or merging at the source"
		}
	case BadVolume:
		f.Cause = "a column taken for another, or an overflow at the source"
	}
	return f
}

// relate lets findings that come of one cause say so.
func (a *Auditor) relate(r *Report) {
	if wrong := r.Find(WrongInterval); wrong != nil {
		r.explain("the wrong interval (see interval)", wrong.Remedy)
	}
	clock := r.Find(TimeZone)
	shut := r.Find(MarketClosed)
	if clock == nil {
		if n := a.shut.saturday.count; n > 0 && a.o.Pair.Class == market.Forex {
			shut.Remedy = "see time_zone first: a wrong clock is not mended by dropping candles"
			f := a.shut.saturday.finding(TimeZone, Warning)
			f.Cause = "the file's clock is not UTC, or the broker quotes on weekends"
			f.Remedy = importAgain + "; if the broker does quote on weekends, drop them with --on-closed drop"
			r.Findings = slices.Insert(r.Findings, slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Problem == MarketClosed }), f)
		}
		return
	}
	if shut != nil {
		shut.Cause = "the wrong clock (see time_zone)"
		shut.Remedy = "mend the clock first"
	}
	r.explain("the wrong clock (see time_zone), or the source lacks candles", "mend the clock first")
}

// explain gives the gaps another cause and remedy.
func (r *Report) explain(cause, remedy string) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Problem == MissingTime {
			f.Cause, f.Remedy = cause, remedy
		}
	}
}

// What the hour that comes twice in autumn is told by.
const (
	twiceCause  = "local times of a zone with daylight saving were read as UTC"
	twiceRemedy = "state the zone of the file's clock with --zone"
)

// cause names why times are off the grid.
func (g *grid) cause(f Finding, rows int64) string {
	ms := f.FromMS
	off := g.off(ms)
	switch {
	case ms < firstTimeMS || ms >= endTimeMS:
		return "a wrong unit of time, or an empty time"
	case 2*f.Count > rows && (off == g.interval-1 || off == g.interval-1000):
		return "the times are the candles' last instants, not their opens"
	case 2*f.Count > rows:
		return "the candles are of another interval, or count from another hour"
	case off == 0:
		return "candles of two intervals mixed, or local times around a change of the clocks"
	}
	return "stamps of the moment of recording, not of the candle"
}
