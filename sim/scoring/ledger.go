package scoring

import (
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Ledger is what a miner is judged by. Rules §8.
type Ledger struct {
	Checkpoints []sim.Checkpoint     // ascending
	Positions   []sim.PositionRecord // any order

	// Daily is a plain series of daily returns, ascending, one a calendar day.
	// It takes the place of the checkpoints; the positions are then unknown.
	Daily []sim.Daily
}

// IsSeries reports whether the ledger is a plain series of daily returns.
func (l *Ledger) IsSeries() bool { return len(l.Daily) > 0 }

// record returns the full days and the drawdowns in the window.
func (l *Ledger) record(rule rules.Ledger) Record {
	if l.IsSeries() {
		return seriesRecord(l.Daily, rule)
	}
	return checkpointRecord(Record{}, l.Checkpoints, rule)
}

// checkpointRecord is that of checkpoints, in the memory of another record.
func checkpointRecord(in Record, checkpoints []sim.Checkpoint, rule rules.Ledger) Record {
	checkpoints = inWindow(checkpoints, rule.Window.MS())
	record := Record{Returns: in.Returns[:0], MDD: slices.Grow(in.MDD[:0], len(checkpoints))}
	for _, d := range sim.Days(checkpoints, rule) {
		record.Returns = append(record.Returns, d.LogReturn)
	}
	for i := range checkpoints {
		record.MDD = append(record.MDD, checkpoints[i].MDD)
	}
	return record
}

// inWindow leaves out the oldest checkpoints while the time covered exceeds
// the window.
func inWindow(checkpoints []sim.Checkpoint, windowMS int64) []sim.Checkpoint {
	covered := int64(0)
	for i := len(checkpoints) - 1; i >= 0; i-- {
		if covered += checkpoints[i].AccumMS; covered > windowMS {
			return checkpoints[i+1:]
		}
	}
	return checkpoints
}
