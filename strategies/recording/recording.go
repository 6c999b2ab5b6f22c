// Package recording is what validators stored of a miner: positions, each with
// its orders and the prices at which they filled. It reads their files, plays
// the orders again as signals, at the recorded prices or at those of the
// candles, and compares what the two come to.
//
// What a validator stored is kept as it is. An order that it inserted itself
// (Source is not 0; such as the FLAT of an elimination) is played like any other:
// without it the position would stay open. Orders that it appended to a position
// after its close are kept too, but not played: they changed nothing.
package recording

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Recording is the positions of one miner.
type Recording struct {
	File      string
	SHA256    string     // of the file's bytes, in hexadecimal
	Miner     string     // the hotkey; "" if the file doesn't tell
	Positions []Position // in the order of their opening
	Orders    []Order    // of all positions, in the order of their times
	LeftOut   []Dropped  // what Only left out, by pair
	CutOff    CutOff     // what Within left out
}

// Position is a position as a validator stored it. Values that the file doesn't
// have are unknown. Rules §5.
type Position struct {
	UUID    string
	Pair    string
	OpenMS  int64 // UTC ms
	CloseMS int64 // UTC ms; 0 if open
	Closed  bool

	NetLeverage       scoring.Value
	AverageEntryPrice scoring.Value
	CurrentReturn     scoring.Value // without costs, a factor
	ReturnAtClose     scoring.Value // with costs, a factor

	Orders []int // of the Recording, in the order of their times
}

// Order is an order as a validator stored it.
type Order struct {
	UUID     string // no two of a recording share one
	Position int    // of the Recording
	TimeMS   int64  // when the validator processed it, UTC ms
	Type     sim.OrderType
	Leverage float64 // signed; of a FLAT as it is stored, which says nothing
	Price    float64 // raw, before slippage; 0: not recorded
	Slippage float64 // fraction of the price; 0 in builds before slippage
	Bid, Ask float64 // 0 if not recorded
	Source   int     // 0: the miner's own; else the validator inserted it

	AfterClose bool // it came after its position had closed, and changed nothing
}

// Doubts says what whoever judges a run of the recording should know: which of its
// orders are not the miner's own, or are not played as they were stored.
func (r *Recording) Doubts(fills Fills) []string {
	var doubts []string
	tell := func(what string, n int) {
		if n > 0 {
			doubts = append(doubts, fmt.Sprintf("%s: %d of %d", what, n, len(r.Orders)))
		}
	}
	tell("orders that a validator inserted, played as the miner's own", r.inserted())
	tell("orders after the close of their position, not played", r.afterClose())
	if fills == Recorded {
		tell("orders without a recorded price, filled from the candles", r.unpriced())
	}
	for _, d := range r.LeftOut {
		doubts = append(doubts, fmt.Sprintf("%s: no candles of the pair, so that what is recorded of it is left out; positions: %d, orders: %d", d.Pair, d.Positions, d.Orders))
	}
	if n := len(r.CutOff.Positions); n > 0 {
		doubts = append(doubts, fmt.Sprintf("positions that began before the run or were not over at its end, left out whole: %d of %d (orders: %d): %s",
			n, n+len(r.Positions), r.CutOff.Orders, listed(r.CutOff.Positions)))
	}
	return doubts
}

// inserted is how many of the orders that are played a validator inserted.
func (r *Recording) inserted() int {
	return r.count(func(o *Order) bool { return o.Source != 0 && !o.AfterClose })
}

// afterClose is how many of the orders came after their position's close, and
// are not played.
func (r *Recording) afterClose() int {
	return r.count(func(o *Order) bool { return o.AfterClose })
}

// unpriced is how many of the orders have no recorded price: they are refilled
// from the candles in any case.
func (r *Recording) unpriced() int {
	return r.count(func(o *Order) bool { return o.Price == 0 && !o.AfterClose })
}

func (r *Recording) count(is func(*Order) bool) (n int) {
	for i := range r.Orders {
		if is(&r.Orders[i]) {
			n++
		}
	}
	return n
}

// Span is the time of the first order and of the last, UTC ms.
func (r *Recording) Span() (first, last int64) {
	return r.Orders[0].TimeMS, r.Orders[len(r.Orders)-1].TimeMS
}
