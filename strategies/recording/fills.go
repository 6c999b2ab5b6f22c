package recording

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Fills says which prices the orders of a recording get.
type Fills uint8

// The kinds of fills.
const (
	Recorded  Fills = iota // the recorded price and slippage, at the recorded time
	Simulated              // the candles' prices under the rules
)

// String returns the kind as flags write it.
func (f Fills) String() string {
	if f == Simulated {
		return "simulated"
	}
	return "recorded"
}

// Signals returns the orders as signals, in the order of their times: all but
// those that came after their position's close. An order without a recorded price
// is refilled from the candles in any case.
func (r *Recording) Signals(fills Fills) []strategies.Signal {
	signals := make([]strategies.Signal, 0, len(r.Orders))
	for i := range r.Orders {
		o := &r.Orders[i]
		if o.AfterClose {
			continue
		}
		s := strategies.Signal{TimeMS: o.TimeMS, Miner: r.Miner}
		s.Order = sim.Order{Pair: r.Positions[o.Position].Pair, Type: o.Type, Leverage: o.Leverage, UUID: o.UUID}
		if o.Type == sim.Flat {
			s.Leverage = 0
		}
		if fills == Recorded && o.Price > 0 {
			s.Pinned, s.Price = true, o.Price
			s.HasSlippage, s.Slippage = true, o.Slippage
			if 0 < o.Bid && o.Bid <= o.Ask {
				s.Bid, s.Ask = o.Bid, o.Ask
			}
		}
		signals = append(signals, s)
	}
	return signals
}

// Dropped is what of a pair was left out.
type Dropped struct {
	Pair      string `json:"pair"`
	Positions int    `json:"positions"`
	Orders    int    `json:"orders"`
}

// Only returns the recording without the positions of pairs that are not
// playable; LeftOut says what they were. It is an error if nothing is left.
func (r *Recording) Only(playable func(pair string) bool) (*Recording, error) {
	kept := &Recording{File: r.File, SHA256: r.SHA256, Miner: r.Miner, CutOff: r.CutOff}
	var dropped []Dropped
	for i := range r.Positions {
		p := &r.Positions[i]
		if !playable(p.Pair) {
			at := slices.IndexFunc(dropped, func(d Dropped) bool { return d.Pair == p.Pair })
			if at < 0 {
				at, dropped = len(dropped), append(dropped, Dropped{Pair: p.Pair})
			}
			dropped[at].Positions++
			dropped[at].Orders += len(p.Orders)
			continue
		}
		kept.take(r, p)
	}
	slices.SortFunc(dropped, func(a, b Dropped) int { return cmp.Compare(a.Pair, b.Pair) })
	if len(kept.Positions) == 0 {
		return nil, &strategies.SignalError{File: r.File, Field: "trade_pair",
			Found:    fmt.Sprintf("positions of %s alone", listed(pairsOf(dropped))),
			Expected: "a position of a pair that the rule set knows and the run has candles of", Remedy: "add candles of those pairs"}
	}
	kept.LeftOut = dropped
	kept.arrange()
	return kept, nil
}

// take appends a position of another recording, with its orders. The caller
// arranges them.
func (r *Recording) take(from *Recording, p *Position) {
	for _, n := range p.Orders {
		o := from.Orders[n]
		o.Position = len(r.Positions)
		r.Orders = append(r.Orders, o)
	}
	r.Positions = append(r.Positions, *p)
}

func pairsOf(dropped []Dropped) []string {
	var pairs []string
	for _, d := range dropped {
		pairs = append(pairs, d.Pair)
	}
	return pairs
}

// arrange puts the orders of all positions in the order of their times; equal
// times keep the order of the positions, and theirs within one.
func (r *Recording) arrange() {
	slices.SortStableFunc(r.Orders, func(a, b Order) int { return cmp.Compare(a.TimeMS, b.TimeMS) })
	for i := range r.Positions {
		r.Positions[i].Orders = nil
	}
	for i := range r.Orders {
		p := &r.Positions[r.Orders[i].Position]
		p.Orders = append(p.Orders, i)
	}
}
