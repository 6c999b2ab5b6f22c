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
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Recording is the positions of one miner.
type Recording struct {
	File      string
	Miner     string     // the hotkey; "" if the file doesn't tell
	Positions []Position // in the order of their opening
	Orders    []Order    // of all positions, in the order of their times
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

// Inserted is how many of the orders a validator inserted.
func (r *Recording) Inserted() int {
	return r.count(func(o *Order) bool { return o.Source != 0 })
}

// AfterClose is how many of the orders came after their position's close, and
// are not played.
func (r *Recording) AfterClose() int {
	return r.count(func(o *Order) bool { return o.AfterClose })
}

// Unpriced is how many of the orders have no recorded price: they are refilled
// from the candles in any case.
func (r *Recording) Unpriced() int {
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
