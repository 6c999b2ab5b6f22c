package sim

import "fmt"

// OrderType is what an order asks for. Rules §2.
type OrderType uint8

// The order types. The zero OrderType is not valid.
const (
	Long OrderType = iota + 1
	Short
	Flat
)

// String returns the type as signals and reports write it.
func (t OrderType) String() string {
	switch t {
	case Long:
		return "LONG"
	case Short:
		return "SHORT"
	case Flat:
		return "FLAT"
	}
	return fmt.Sprintf("OrderType(%d)", uint8(t))
}

// Order is what a strategy emits. Leverage is signed: SHORT carries a negative
// one; a FLAT order's is ignored. Rules §2.
type Order struct {
	Pair     string
	Type     OrderType
	Leverage float64 // signed, a multiple of the portfolio's value
	UUID     string  // optional; an accepted order's may not be used again

	// A pinned fill: taken as it is, at the time of the order, instead of a
	// candle's open.
	Pinned      bool
	Price       float64
	Slippage    float64 // fraction of the price, ≥ 0; used when HasSlippage
	HasSlippage bool    // false: the rules' slippage model answers

	Bid, Ask float64 // at the order, 0 if unknown; the slippage model reads them
}

// OrderID names an order within its run: its place in the order log, from 0.
type OrderID int

// Outcome is what became of an order. Rules §2.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	Clamped  Outcome = "clamped"  // accepted with a smaller leverage
	Rejected Outcome = "rejected" // Reason tells why
	Ignored  Outcome = "ignored"  // no effect, and no error
)

// Reason is why an order was rejected or ignored, or a miner eliminated.
type Reason string

// The reasons of the order gate, in the order of its checks. Rules §2, §4.
const (
	RateLimited          Reason = "rate_limited"
	Eliminated           Reason = "eliminated"
	MarketClosed         Reason = "market_closed"
	UnsupportedPair      Reason = "unsupported_pair"
	Duplicate            Reason = "duplicate"
	InvalidLeverage      Reason = "invalid_leverage"
	TooManyOpenOrders    Reason = "too_many_open_orders"
	NoPosition           Reason = "no_position"
	CooldownActive       Reason = "cooldown"
	MaxPortfolioLeverage Reason = "max_portfolio_leverage"
	MaxPositionLeverage  Reason = "max_position_leverage"
	MinPositionLeverage  Reason = "min_position_leverage"
	OrderMinLeverage     Reason = "order_min_leverage"
	NoPrice              Reason = "no_price"
)

// Deregistered is the reason of an order that was on its way when its miner lost
// its slot. Rules §14.
const Deregistered Reason = "deregistered"

// OrderRecord is an order and what became of it: a row of the order log.
type OrderRecord struct {
	Order
	EmittedMS         int64   // when the strategy emitted it, UTC ms
	FilledMS          int64   // when it filled; 0 if it didn't
	EffectiveLeverage float64 // signed, after clamping; of a close, what it closed
	FillPrice         float64 // raw, before slippage
	FillSlippage      float64 // fraction of the price
	Outcome           Outcome
	Reason            Reason
	Warnings          []string
}

// Filled reports whether the order changed a position.
func (r *OrderRecord) Filled() bool { return r.Outcome == Accepted || r.Outcome == Clamped }
