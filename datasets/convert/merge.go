package convert

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// OnConflict says what is taken where two files have different candles of one
// time.
type OnConflict string

// The policies for conflicts.
const (
	FailConflict  OnConflict = "fail"
	FirstConflict OnConflict = "first" // the candle of the file that was named first
	LastConflict  OnConflict = "last"  // of the file that was named last
)

// Merged counts what a merge did.
type Merged struct {
	Identical int64 // candles left out that are the same in another file
	Conflicts int64 // times at which files differ, settled by policy
}

// Merge joins streams of one pair and interval into one in the order of time. A
// candle that several have is taken once; where they differ, policy decides. The
// names are the streams' in messages. Memory holds a chunk of each stream.
func Merge(names []string, streams []Stream, policy OnConflict, counts *Merged) Stream {
	return func(yield func(*market.Series, error) bool) {
		all, err := heads(names, streams)
		if err == nil {
			defer stop(all)
			m := merger{heads: all, policy: policy, counts: counts}
			if err = m.sameColumns(); err == nil {
				err = m.run(func(s *market.Series) bool { return yield(s, nil) })
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

type merger struct {
	heads  []*head
	policy OnConflict
	counts *Merged
}

// sameColumns refuses streams of different columns: what should stand in a row
// that lacks one?
func (m *merger) sameColumns() error {
	var first *head
	for _, h := range m.heads {
		switch {
		case h.s == nil:
		case first == nil:
			first = h
		case datasets.Stored(h.s) != datasets.Stored(first.s):
			return &datasets.Refusal{File: h.name, Problem: datasets.ErrNoColumn, Found: "the columns " + datasets.Stored(h.s).String(),
				Expected: "those of " + first.name + ", " + datasets.Stored(first.s).String(), Remedy: "merge the --columns that all have"}
		}
	}
	return nil
}

// run hands out spans of candles, as long as the streams allow, until take says
// no.
func (m *merger) run(take func(*market.Series) bool) error {
	var group []*head // those that have the earliest time
	for {
		earliest, next := int64(math.MaxInt64), int64(math.MaxInt64)
		group = group[:0]
		for _, h := range m.heads {
			switch t := h.time(); {
			case t < earliest:
				earliest, next = t, earliest
				group = append(group[:0], h)
			case t == earliest:
				group = append(group, h)
			default:
				next = min(next, t)
			}
		}
		if earliest == math.MaxInt64 {
			return nil
		}
		chosen, n, err := m.span(group, next)
		if err != nil || !take(chosen.s.Slice(chosen.i, chosen.i+n)) {
			return err
		}
		for _, h := range group {
			if err := h.advance(n); err != nil {
				return err
			}
		}
	}
}

// span decides how many candles are taken at once, and of which stream: those
// before the next stream begins, and where several have them, those that are the
// same.
func (m *merger) span(group []*head, next int64) (*head, int, error) {
	chosen := group[0]
	n := chosen.before(next)
	for _, other := range group[1:] {
		n = sameRows(chosen, other, n)
	}
	if n > 0 {
		m.counts.Identical += int64(n * (len(group) - 1))
		return chosen, n, nil
	}
	m.counts.Conflicts++
	switch m.policy {
	case FirstConflict:
		return chosen, 1, nil
	case LastConflict:
		return group[len(group)-1], 1, nil
	}
	return nil, 0, conflict(group)
}

// sameRows returns how many of the next candles, up to n, are the same.
func sameRows(a, b *head, n int) int {
	n = min(n, b.s.Len()-b.i)
	for k := range n {
		if a.s.Time[a.i+k] != b.s.Time[b.i+k] {
			return k
		}
	}
	other := columns(b.s)
	for c, col := range columns(a.s) {
		if *col == nil {
			continue
		}
		x, y := (*col)[a.i:a.i+n], (*other[c])[b.i:b.i+n]
		for k := range x {
			if x[k] != y[k] {
				n = k
				break
			}
		}
	}
	return n
}

// conflict is the refusal of candles of one time that differ.
func conflict(group []*head) error {
	a := group[0]
	for _, b := range group[1:] {
		other := columns(b.s)
		for c, col := range columns(a.s) {
			name := datasets.Columns(1 << c)
			if datasets.Stored(a.s)&name == 0 || (*col)[a.i] == (*other[c])[b.i] {
				continue
			}
			return &datasets.Refusal{File: b.name, Problem: datasets.ErrDuplicate,
				Found:    fmt.Sprintf("%s with %s %v, and in %s with %v", stamp(b.time()), name, (*other[c])[b.i], a.name, (*col)[a.i]),
				Expected: "the same candle", Remedy: "choose with --on-conflict first or last"}
		}
	}
	panic("convert: candles that differ in nothing are in conflict")
}
