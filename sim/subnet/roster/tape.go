package roster

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// tape is the orders of a miner that were recorded. Tapes of one recording share
// them: nothing writes to them.
type tape struct {
	file      string
	recording *recording.Recording // what validators stored; nil of a file of signals
	fills     recording.Fills
	signals   []strategies.Signal
	clip      bool // leave out what can't be played
}

// replay makes the miners of a recording.
func (c *caster) replay(g *groupFile, of *group) error {
	path := c.folder.Path(g.spec)
	tapes, names, sums, err := c.tapes(g, path)
	if err != nil {
		return g.specAt.Wrong(g.path+"."+string(g.does), "what can't be used: "+err.Error(), "")
	}
	if len(tapes) > minersMax {
		return g.specAt.Wrong(g.path+"."+string(g.does), fmt.Sprintf("%d miners", len(tapes)), fmt.Sprintf("at most %d", minersMax))
	}
	of.members = nil
	for i, tag := range tags(names) {
		m := member{miner: subnet.Miner{Name: g.name, Strategy: filepath.Base(path), SHA256: sums[i]}, key: []string{g.name}, tape: tapes[i]}
		if len(tapes) > 1 {
			m.miner.Name, m.key = g.name+"-"+tag, []string{g.name, names[i]}
		}
		if g.does == positions {
			m.miner.Params = append(m.miner.Params, strategies.Setting{Name: "fills", Value: g.fills.String()})
		}
		if names[i] != "" {
			m.miner.Params = append(m.miner.Params, strategies.Setting{Name: "miner", Value: names[i]})
		}
		of.members = append(of.members, m)
	}
	return nil
}

// tapes are those of each miner of a file.
func (c *caster) tapes(g *groupFile, path string) (tapes []*tape, names, sums []string, err error) {
	of, err := c.library.reading(selection{g.does, path, g.miner})
	if err != nil {
		return nil, nil, nil, err
	}
	played, err := c.library.played(of, g.fills)
	if err != nil {
		return nil, nil, nil, err
	}
	for i, signals := range played {
		t := &tape{file: path, fills: g.fills, signals: signals, clip: g.clip}
		if of.recordings != nil {
			t.recording = of.recordings[i]
		}
		tapes = append(tapes, t)
	}
	return tapes, of.names, of.sums, nil
}

// cut is the strategy of what of the tape can be played between two instants, UTC
// ms, and what whoever judges it should know. none says that nothing can.
func (t *tape) cut(pairs []string, fromMS, toMS int64) (play func() (sim.Strategy, error), doubts []string, none error) {
	signals := t.signals
	switch {
	case t.recording != nil:
		rec := t.recording
		if t.clip {
			if rec, none = rec.Only(func(pair string) bool { return slices.Contains(pairs, pair) }); none == nil {
				rec, none = rec.Within(fromMS, toMS)
			}
			if none != nil {
				return nil, nil, none
			}
			if len(rec.Orders) < len(t.recording.Orders) { // else tapes go on sharing them
				signals = rec.Signals(t.fills)
			}
		}
		doubts = rec.Doubts(t.fills)
	case t.clip:
		if signals, doubts = t.playable(pairs, fromMS, toMS); len(signals) == 0 {
			return nil, nil, fmt.Errorf("none of its %d signals can be played in the range", len(t.signals))
		}
	}
	return func() (sim.Strategy, error) { return strategies.NewSignals(t.file, signals), nil }, doubts, nil
}

// inside are the signals between two instants, both included, UTC ms.
func (t *tape) inside(fromMS, toMS int64) []strategies.Signal {
	first := sort.Search(len(t.signals), func(i int) bool { return t.signals[i].TimeMS >= fromMS })
	end := sort.Search(len(t.signals), func(i int) bool { return t.signals[i].TimeMS > toMS })
	return t.signals[first:max(first, end)]
}

// playable are the signals between two instants that have candles, or a price of
// their own.
func (t *tape) playable(pairs []string, fromMS, toMS int64) (kept []strategies.Signal, doubts []string) {
	inside := t.inside(fromMS, toMS)
	if n := len(t.signals) - len(inside); n > 0 {
		doubts = append(doubts, fmt.Sprintf("signals outside the range, left out: %d of %d", n, len(t.signals)))
	}
	idle := func(s strategies.Signal) bool { return !s.Pinned && !slices.Contains(pairs, s.Pair) }
	if !slices.ContainsFunc(inside, idle) {
		return inside, doubts // tapes go on sharing them
	}
	for _, s := range inside {
		if !idle(s) {
			kept = append(kept, s)
		}
	}
	if n := len(inside) - len(kept); n > 0 {
		doubts = append(doubts, fmt.Sprintf("signals on pairs without candles and without a price, left out: %d of %d", n, len(t.signals)))
	}
	return kept, doubts
}

// unplayable says what of a tape that is to be played whole can't be; "" if all
// can.
func (t *tape) unplayable(pairs []string, fromMS, toMS int64) string {
	if n := len(t.signals) - len(t.inside(fromMS, toMS)); n > 0 {
		return fmt.Sprintf("%d of %d orders outside of what the miner plays, %s to %s", n, len(t.signals), stamp(fromMS), stamp(toMS))
	}
	for i := range t.signals {
		if s := &t.signals[i]; !s.Pinned && !slices.Contains(pairs, s.Pair) {
			return fmt.Sprintf("orders on %s, which has no candles", s.Pair)
		}
	}
	return ""
}
