package audit

import (
	"github.com/ptnsim/ptnsim/market"
)

// tailRows is how many rows the auditor remembers past the end of a chunk: those
// that a spike near the seam is held against.
const tailRows = spikeHistory + spikeAhead + 2

// spikes gathers the spikes of a series that passes in chunks.
type spikes struct {
	rule  spikeRule
	keep  int
	found tally
	tens  int64 // of them by a power of ten

	waiting []int64        // candidates, by row of the file from 0, ascending
	past    int64          // rows before this belong to a spike that is counted
	tail    *market.Series // the rows before the chunk, at most tailRows
	seam    *market.Series // tail and the chunk's first rows, once needed
	first   int64          // row of the chunk's first
}

// begin starts a chunk, whose first row is the file's row first.
func (p *spikes) begin(s *market.Series, first int64) {
	p.first, p.seam = first, nil
	if p.tail == nil {
		p.tail = s.Slice(0, 0)
	}
}

// add takes a candidate.
func (p *spikes) add(row int64) { p.waiting = append(p.waiting, row) }

// judge decides the candidates after which the chunk has rows enough.
func (p *spikes) judge(s *market.Series, a *Auditor) {
	n := 0
	for _, row := range p.waiting {
		if row+spikeAhead >= p.first+int64(s.Len()) {
			break
		}
		p.decide(s, row, a)
		n++
	}
	p.waiting = p.waiting[:copy(p.waiting, p.waiting[n:])]
}

// decide judges a candidate among the rows that are there.
func (p *spikes) decide(s *market.Series, row int64, a *Auditor) {
	if row < p.past {
		return
	}
	view, i := s, int(row-p.first)
	if i < spikeHistory+2 && p.tail.Len() > 0 {
		if p.seam == nil {
			p.seam = joined(p.tail, s.Slice(0, min(tailRows, s.Len())))
		}
		view, i = p.seam, i+p.tail.Len()
	}
	l := p.rule.judge(view, i, max(0, i-spikeHistory-1), min(view.Len(), i+spikeAhead+1))
	switch l.problem {
	case Scale:
		a.scale.jump(view, i, row+1, l)
	case Spike:
		p.past = row + int64(l.rows)
		if l.factor != 0 {
			p.tens++
		}
		p.found.add(p.keep, row+1, view.Time[i], view.Time[i+l.rows-1]+view.IntervalMS, l.describe)
	}
}

// end remembers the chunk's last rows.
func (p *spikes) end(s *market.Series) {
	if n := s.Len(); n >= tailRows {
		p.tail = joined(s.Slice(n-tailRows, n), s.Slice(0, 0))
		return
	}
	all := joined(p.tail, s)
	p.tail = all.Slice(max(0, all.Len()-tailRows), all.Len())
}

// joined returns the rows of a and then of b in memory of their own.
func joined(a, b *market.Series) *market.Series {
	s := &market.Series{Pair: b.Pair, IntervalMS: b.IntervalMS, Time: append(append([]int64(nil), a.Time...), b.Time...)}
	join := func(x, y []float64) []float64 { return append(append([]float64(nil), x...), y...) }
	s.Open, s.High, s.Low, s.Close = join(a.Open, b.Open), join(a.High, b.High), join(a.Low, b.Low), join(a.Close, b.Close)
	return s
}

// flush decides the candidates that are left, at the end of the series.
func (p *spikes) flush(a *Auditor) {
	if p.tail == nil {
		return
	}
	nothing := p.tail.Slice(0, 0)
	p.first, p.seam = a.rows, nil
	for _, row := range p.waiting {
		p.decide(nothing, row, a)
	}
	p.waiting = nil
}

// finding sums the spikes up.
func (p *spikes) finding() (Finding, bool) {
	if p.found.count == 0 {
		return Finding{}, false
	}
	f := p.found.finding(Spike, Warning)
	f.Cause = "a wrong price in the feed; or a thin market's real one, which nobody could trade at"
	if 2*p.tens > p.found.count {
		f.Cause = "a decimal point in the wrong place"
	}
	f.Remedy = "compare with another source; drop or fill the candles with --on-spike"
	return f, true
}
