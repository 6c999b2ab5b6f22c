package scoring

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// heldMinMS is how long a position lasts that the filter closed_60s keeps.
const heldMinMS = 60_000

// FilterPositions returns the positions that are judged when weights are set.
// A score is of the positions that it is given; a subnet filters before it
// scores. Rules §11.
func FilterPositions(filter rules.PositionFilter, positions []sim.PositionRecord) []sim.PositionRecord {
	if filter != rules.FilterClosed60s {
		return positions
	}
	var kept []sim.PositionRecord
	for i := range positions {
		if passes(filter, &positions[i]) {
			kept = append(kept, positions[i])
		}
	}
	return kept
}

// passes reports whether the filter keeps a position.
func passes(filter rules.PositionFilter, p *sim.PositionRecord) bool {
	return filter != rules.FilterClosed60s || p.Closed && p.CloseMS-p.OpenMS >= heldMinMS
}
