package compose

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// position is an open position of a book. Rules §5.
type position struct {
	pair             string
	weight           float64 // in the portfolio
	net              float64 // signed
	average, initial float64 // entry prices
	openMS           int64
	price            float64 // of the last fill
	filledMS         int64
}

// fill is an order at the price and the time that it gets.
type fill struct {
	order sim.Order
	price float64
	ms    int64
}

// fill returns positions with an order filled in one of them, and what of it was
// filled; a reason other than "" rejects it and changes nothing. Rules §4, §5.
func (b *book) fill(of []position, f fill) (after []position, effective float64, reason sim.Reason) {
	limits := b.limitsOf(f.order.Pair)
	if limits == nil || limits.Halted {
		return of, 0, sim.UnsupportedPair
	}
	i, net := find(of, f.order.Pair), 0.0
	if i >= 0 {
		net = of[i].net
	}
	effective, closes, reason := limits.Admit(f.order, net, b.weighted(of))
	switch {
	case reason != "":
		return of, 0, reason
	case closes:
		return slices.Delete(of, i, i+1), effective, ""
	case i < 0:
		return append(of, position{pair: f.order.Pair, weight: limits.Weight, net: effective,
			average: f.price, initial: f.price, openMS: f.ms, price: f.price, filledMS: f.ms}), effective, ""
	}
	of[i].add(effective, f)
	return of, effective, ""
}

// add fills a part more, or less, of a position that stays open. Rules §5.
func (p *position) add(effective float64, f fill) {
	after := p.net + effective
	p.average = (float64(p.average*p.net) + float64(f.price*effective)) / after
	p.net, p.price, p.filledMS = after, f.price, f.ms
}

// gain is the return at a price, without costs, a factor not below 0. Rules §5.
func (p *position) gain(price float64) float64 {
	return max(0, 1+float64((price-p.average)*p.net)/p.initial)
}

func find(of []position, pair string) int {
	for i := range of {
		if of[i].pair == pair {
			return i
		}
	}
	return -1
}

// position is what the guest sees of a position: at the last mark since it last
// filled, else at that fill's price.
func (b *book) position(pair string) (v sim.PositionView, ok bool) {
	i := find(b.positions, pair)
	if i < 0 || b.over() {
		return v, false
	}
	p := &b.positions[i]
	price := p.price
	if mark, endMS, ok := b.context.Mark(pair); ok && endMS > p.filledMS {
		price = mark
	}
	return sim.PositionView{OpenMS: p.openMS, NetLeverage: p.net, AverageEntryPrice: p.average, Return: p.gain(price)}, true
}

// held is the net leverage that position tells, without a mark: what an
// elimination takes it loses when it is seen.
func (b *book) held(pair string) float64 {
	if i := find(b.positions, pair); i >= 0 && !b.ended {
		return b.positions[i].net
	}
	return 0
}

// pendingOn lists the guest's orders on a pair that are on their way.
func (b *book) pendingOn(pair string) []sim.Order {
	var orders []sim.Order
	for i := range b.pending {
		if b.pending[i].order.Pair == pair {
			orders = append(orders, b.pending[i].order)
		}
	}
	return orders
}

// portfolio is the account's, with the leverage and the positions of the book.
func (b *book) portfolio() sim.PortfolioView {
	v := b.context.Portfolio()
	v.Leverage, v.OpenPositions = 0, 0
	if !v.Eliminated {
		v.Leverage, v.OpenPositions = b.weighted(b.positions), len(b.positions)
	}
	return v
}

// room is what the leverage rules leave in the book; requests are not limited.
func (b *book) room(pair string) sim.Room {
	limits := b.limitsOf(pair)
	if limits == nil || b.over() {
		return sim.Room{}
	}
	held, portfolio := 0.0, b.weighted(b.positions)
	if i := find(b.positions, pair); i >= 0 {
		held = math.Abs(b.positions[i].net)
	}
	room := sim.Room{
		Leverage:  max(0, min(limits.PositionMax-held, (limits.PortfolioMax-portfolio)/limits.Weight)),
		Portfolio: max(0, limits.PortfolioMax-portfolio),
		Requests:  math.MaxInt, Orders: math.MaxInt,
	}
	if limits.Halted {
		room.Leverage = 0
	}
	return room
}
