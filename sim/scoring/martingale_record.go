package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// MartingaleRecord follows one miner's positions for the martingale penalty: its
// score is, to the last bit, the one of all positions anew, at the price of what
// changed since it looked last. A closed position's orders are walked once, its
// weight is computed once for each highest return, and one that has left the window
// is not looked at again. Rules §11.
type MartingaleRecord struct {
	rule   rules.Martingale
	filter rules.PositionFilter

	seen    int           // positions that were taken in
	rows    []positionRow // of those that count, or may; in the order of the positions
	open    int           // of them, not closed
	leaveMS int64         // until then, included, all the closed ones are in the window

	highest       float64 // return of all that count: the weights are by it
	highestClosed float64 // and of the closed ones
	before        marks   // of the rows before the first open one, which stays as it is
	firstOpen     int
}

// positionRow is what is kept of a position.
type positionRow struct {
	index  int // among the positions
	openMS int64
	closed bool
	marked bool    // it was added to again and again at a loss
	ret    float64 // at the close
	weight float64
}

// marks add weights up.
type marks struct{ marked, total float64 }

func (m *marks) add(weight float64, marked bool) {
	m.total += weight
	if marked {
		m.marked += weight
	}
}

// NewMartingaleRecord begins a record of a miner without positions.
func NewMartingaleRecord(rule rules.Martingale, filter rules.PositionFilter) *MartingaleRecord {
	return &MartingaleRecord{rule: rule, filter: filter, leaveMS: math.MaxInt64}
}

// Score is the martingale score at an instant, of those positions that the penalty
// looks at and the filter leaves. They are those of the last call, in the same order,
// and new ones behind them; a closed one stays as it is. nowMS never falls.
func (r *MartingaleRecord) Score(positions []sim.PositionRecord, nowMS int64) float64 {
	changed := r.changed(positions, nowMS)
	if changed {
		r.take(positions, nowMS)
	}
	highest := r.highestClosed
	for i := r.firstOpen; i < len(r.rows); i++ {
		if p := &positions[r.rows[i].index]; r.counts(p) {
			highest = max(highest, p.ReturnAtClose)
		}
	}
	if changed || highest != r.highest {
		r.weigh(highest)
	}
	sum := r.before
	for i := r.firstOpen; i < len(r.rows); i++ {
		row := &r.rows[i]
		if row.closed {
			sum.add(row.weight, row.marked)
		} else if p := &positions[row.index]; r.counts(p) {
			sum.add(martingaleWeight(r.rule, p.ReturnAtClose, highest), martingaleSteps(p.Fills) >= r.rule.Steps)
		}
	}
	if sum.total == 0 {
		return 0
	}
	return sum.marked / sum.total
}

// counts reports whether a position does that may be open: an open one, if it loses
// and the filter leaves it.
func (r *MartingaleRecord) counts(p *sim.PositionRecord) bool {
	return !p.Closed && p.ReturnAtClose < 1 && passes(r.filter, p)
}

// changed reports whether a position is new, was closed, or left the window.
func (r *MartingaleRecord) changed(positions []sim.PositionRecord, nowMS int64) bool {
	if r.seen < len(positions) || nowMS > r.leaveMS {
		return true
	}
	for i, left := r.firstOpen, r.open; left > 0; i++ {
		if row := &r.rows[i]; !row.closed {
			if positions[row.index].Closed {
				return true
			}
			left--
		}
	}
	return false
}

// take takes in what changed.
func (r *MartingaleRecord) take(positions []sim.PositionRecord, nowMS int64) {
	for ; r.seen < len(positions); r.seen++ {
		r.rows = append(r.rows, positionRow{index: r.seen, openMS: positions[r.seen].OpenMS})
	}
	kept := r.rows[:0]
	r.open, r.leaveMS, r.highestClosed = 0, math.MaxInt64, 0
	for _, row := range r.rows {
		if p := &positions[row.index]; !row.closed && p.Closed {
			if !passes(r.filter, p) {
				continue
			}
			row.closed, row.ret = true, p.ReturnAtClose
			row.marked = martingaleSteps(p.Fills) >= r.rule.Steps
			row.weight = martingaleWeight(r.rule, row.ret, r.highest)
		}
		switch {
		case !row.closed:
			if r.open++; r.open == 1 {
				r.firstOpen = len(kept)
			}
		case nowMS-row.openMS > r.rule.Window.MS():
			continue
		default:
			r.leaveMS = min(r.leaveMS, row.openMS+r.rule.Window.MS())
			r.highestClosed = max(r.highestClosed, row.ret)
		}
		kept = append(kept, row)
	}
	if r.rows = kept; r.open == 0 {
		r.firstOpen = len(kept)
	}
}

// weigh makes what depends on the highest return anew.
func (r *MartingaleRecord) weigh(highest float64) {
	if highest != r.highest {
		r.highest = highest
		for i := range r.rows {
			if row := &r.rows[i]; row.closed {
				row.weight = martingaleWeight(r.rule, row.ret, highest)
			}
		}
	}
	r.before = marks{}
	for i := range r.rows[:r.firstOpen] {
		r.before.add(r.rows[i].weight, r.rows[i].marked)
	}
}
