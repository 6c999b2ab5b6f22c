package recording

import (
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/strategies"
)

// CutOff is the positions that a run's range cuts.
type CutOff struct {
	Positions []string // each one's uuid; its pair and opening where it has none
	Orders    int
}

// Within returns the recording without the positions that a run of that range, in
// UTC ms, would play in part: those that opened before it, or that were not over
// at its end. The rest of a cut position would be played as another one, which
// the miner never had. CutOff says what they were. It is an error if nothing is
// left.
//
// A position that the recording leaves open is whole if all its orders lie in
// the range: the run leaves it open as well.
func (r *Recording) Within(fromMS, toMS int64) (*Recording, error) {
	kept := &Recording{File: r.File, SHA256: r.SHA256, Miner: r.Miner, LeftOut: r.LeftOut}
	for i := range r.Positions {
		p := &r.Positions[i]
		if r.isWhole(p, fromMS, toMS) {
			kept.take(r, p)
			continue
		}
		kept.CutOff.Positions = append(kept.CutOff.Positions, p.name())
		kept.CutOff.Orders += len(p.Orders)
	}
	if len(kept.Positions) == 0 {
		return nil, &strategies.SignalError{File: r.File, Field: "open_ms",
			Found:    fmt.Sprintf("no position that lies whole in the run's range, of %d", len(r.Positions)),
			Expected: fmt.Sprintf("one from %s to %s", stamp(fromMS), stamp(toMS)),
			Remedy:   "choose --from and --to, or candles, that cover positions from their opening to their close"}
	}
	kept.arrange()
	return kept, nil
}

// isWhole reports whether all of a position that is played lies in a range.
func (r *Recording) isWhole(p *Position, fromMS, toMS int64) bool {
	if p.OpenMS < fromMS || p.Closed && p.CloseMS > toMS {
		return false
	}
	for _, n := range p.Orders {
		if o := &r.Orders[n]; !o.AfterClose && (o.TimeMS < fromMS || o.TimeMS > toMS) {
			return false
		}
	}
	return true
}

// name tells a position from others.
func (p *Position) name() string {
	if p.UUID != "" {
		return p.UUID
	}
	return p.Pair + " of " + stamp(p.OpenMS)
}

// stamp writes an instant as people read it.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00") }
