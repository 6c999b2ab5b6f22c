package roster

import (
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Bounds are the range and the pairs that the miners are made for.
type Bounds struct {
	FromMS, ToMS int64    // UTC ms
	Pairs        []string // with candles
}

// Miners are the file's miners for a range, in its order. Dates and offsets of
// their registration become instants of it. With clip, recorded orders before a
// miner's registration, past the range, or on pairs without candles are left out
// with a warning; without, they are an error. A miner that has nothing to play, or
// would register when the range is over, is left out with a warning, and so is who
// copies it.
func (r *Roster) Miners(b Bounds) (miners []subnet.Miner, warnings []string, err error) {
	without := make(map[string]bool) // names of those that are left out
	for i := range r.groups {
		g := &r.groups[i]
		for k := range g.members {
			m, out, doubts, err := g.members[k].in(b)
			if err != "" {
				return nil, nil, g.at.Wrong(g.path, err, "a range and candles that hold all orders of "+m.Name+", or clip: true, which leaves out what can't be played")
			}
			for _, d := range doubts {
				warnings = append(warnings, m.Name+": "+d)
			}
			if out != "" {
				without[m.Name] = true
				warnings = append(warnings, m.Name+" is left out: "+out)
				continue
			}
			miners = append(miners, m)
		}
	}
	miners, warnings = dropFollowers(miners, without, warnings)
	return miners, warnings, nil
}

// in is the miner in a range: why it is left out, if it is; what whoever judges it
// should know; and what of a recording can't be played, though it is to be played
// whole.
func (m *member) in(b Bounds) (miner subnet.Miner, out string, doubts []string, unplayable string) {
	miner = m.miner
	miner.RegistersMS = m.registers.in(b.FromMS)
	if miner.RegistersMS >= b.ToMS {
		return miner, "it would register at " + stamp(miner.RegistersMS) + ", when the range is over", nil, ""
	}
	if m.tape == nil {
		return miner, "", nil, ""
	}
	if !m.tape.clip {
		unplayable = m.tape.unplayable(b.Pairs, miner.RegistersMS, b.ToMS)
	}
	var none error
	if miner.Make, doubts, none = m.tape.cut(b.Pairs, miner.RegistersMS, b.ToMS); none != nil {
		out = none.Error()
	}
	return miner, out, doubts, unplayable
}

// dropFollowers leaves out who copies a miner that is left out, and who copies
// those.
func dropFollowers(miners []subnet.Miner, without map[string]bool, warnings []string) ([]subnet.Miner, []string) {
	for again := true; again; {
		again = false
		kept := miners[:0]
		for _, m := range miners {
			if without[m.Copies] {
				again, without[m.Name] = true, true
				warnings = append(warnings, fmt.Sprintf("%s is left out: it copies %s, which is", m.Name, m.Copies))
				continue
			}
			kept = append(kept, m)
		}
		miners = kept
	}
	return miners, warnings
}

// stamp writes an instant as people read it.
func stamp(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}
