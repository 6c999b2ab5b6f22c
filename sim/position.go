package sim

import (
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// position is an open (or just closed) position. Its return without costs is
// linear in the price,
//
//	offset + (price - average)·slope,
//
// so a mark costs one multiplication. Rules §5.
type position struct {
	pair   int // index of its instrument
	openMS int64

	net     float64 // signed leverage
	average float64 // average entry price
	initial float64 // effective price of the first order
	offset  float64 // 1, and what reductions realised where the accounting keeps that apart
	slope   float64 // net / initial

	ret   float64 // return without costs at the last mark, a factor
	carry float64 // carry factor
	fee   float64 // transaction factor
	value float64 // ret · carry · fee

	cumulative float64 // sum of |changes| of the net leverage
	steps      []market.LeverageStep
	fills      []Fill
	lastActMS  int64 // when its previous accepted order acted
	closed     bool
	closeMS    int64
	accrual    market.CarryAccrual
	nextCarry  int64 // its next carry instant, UTC ms
	carryLate  bool  // carry fell due in a closed market and waits for the reopening
}

// returnAt is the return without costs at a price: 0 if all is lost.
func (p *position) returnAt(price float64) float64 {
	r := p.offset + float64((price-p.average)*p.slope)
	if r <= 0 {
		return 0
	}
	return r
}

// mark takes a new price.
func (p *position) mark(price float64) {
	p.ret = p.returnAt(price)
	p.revalue()
}

// revalue follows a change of the return or of a cost. The order of the factors
// is fixed: the marking loops multiply in the same one.
func (p *position) revalue() { p.value = p.ret * p.costs() }

func (p *position) costs() float64 { return p.carry * p.fee }

// effectivePrice is a fill's price after slippage. Rules §5.
func effectivePrice(price, slippage, leverage float64) float64 {
	if leverage > 0 {
		return price * (1 + slippage)
	}
	return price * (1 - slippage)
}

// fill applies an accepted order with its effective leverage: the return is
// taken at the order, then the entry prices move. A fill that brings the net
// leverage to zero closes the position. Rules §5.
func (p *position) fill(f Fill, accounting rules.Accounting, closes bool) {
	effective := effectivePrice(f.Price, f.Slippage, f.Leverage)
	first := len(p.fills) == 0
	switch {
	case first:
		p.openMS, p.initial, p.average = f.TimeMS, effective, effective
		p.offset, p.ret, p.carry, p.fee = 1, 1, 1, 1
	case closes:
		p.ret = p.returnAt(effective)
	default:
		p.ret = p.returnAt(f.Price)
		p.moveEntry(effective, f.Leverage, accounting)
	}
	p.cumulative += abs(f.Leverage)
	p.net += f.Leverage
	if closes {
		p.net, p.closed, p.closeMS = 0, true, f.TimeMS
	}
	p.slope = p.net / p.initial
	p.steps = append(p.steps, market.LeverageStep{TimeMS: f.TimeMS, Net: p.net})
	p.fills = append(p.fills, f)
	p.revalue()
}

// moveEntry moves the average entry price by an order that leaves the position
// open, before the order's leverage is added. Rules §5.
func (p *position) moveEntry(effective, leverage float64, accounting rules.Accounting) {
	if accounting == rules.AccountingRealizedPnL && leverage*p.net < 0 {
		// What the order closes is realised at its price; the average stays.
		p.offset -= float64((effective - p.average) * leverage / p.initial)
		return
	}
	p.average = (float64(p.average*p.net) + float64(effective*leverage)) / (p.net + leverage)
}

// record is the position as a result shows it.
func (p *position) record(pair string) PositionRecord {
	return PositionRecord{
		Pair: pair, OpenMS: p.openMS, CloseMS: p.closeMS, Closed: p.closed, NetLeverage: p.net,
		AverageEntryPrice: p.average, CurrentReturn: p.ret, ReturnAtClose: p.value,
		CarryFactor: p.carry, TransactionFactor: p.fee, Fills: p.fills,
	}
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}
