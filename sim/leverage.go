package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// leverageBounds is what bounds a position and the portfolio it is in, for one
// instrument. Rules §4.
type leverageBounds struct {
	min, max float64 // of the position's |net leverage|
	cap      float64 // of the weighted portfolio leverage
	weight   float64 // of this position in it
	orderMin float64 // smallest order
}

// newLeverageBounds reads an instrument's bounds; a check that is switched off
// has no bound.
func newLeverageBounds(set *rules.Set, position rules.LeverageMinMax, weight float64) leverageBounds {
	b := leverageBounds{
		min: position.Min, max: position.Max, weight: weight,
		cap: set.Leverage.PortfolioMax, orderMin: set.Gate.OrderLeverageMin,
	}
	checks := set.Gate.Checks
	if !checks.MinPositionLeverage {
		b.min = 0
	}
	if !checks.MaxPositionLeverage {
		b.max = math.Inf(1)
	}
	if !checks.MaxPortfolioLeverage {
		b.cap = math.Inf(1)
	}
	if !checks.OrderMinLeverage {
		b.orderMin = 0
	}
	return b
}

// admit is the leverage rules: what of an order with signed leverage d reaches
// a position of net leverage net (0: the order opens it) in a portfolio of
// weighted leverage portfolio, this position included. closes reports that the
// order brings the position to zero. A reason other than "" rejects it.
// Rules §4.
func (b leverageBounds) admit(net, d, portfolio float64) (effective float64, closes bool, reason Reason) {
	first := net == 0
	proposed := net + d
	if first || net*proposed > 0 {
		effective, reason = b.sameSide(first, net, d, proposed, portfolio)
	} else {
		effective, closes = -net, true
	}
	if reason == "" && (abs(effective) < b.orderMin || effective == 0) { // nothing is no order, whatever is switched off
		reason = OrderMinLeverage
	}
	return effective, closes, reason
}

func (b leverageBounds) sameSide(first bool, net, d, proposed, portfolio float64) (float64, Reason) {
	before, after := abs(net), abs(proposed)
	proposedPortfolio := portfolio - float64(before*b.weight) + float64(after*b.weight)
	if after > b.max || proposedPortfolio > b.cap {
		if first || after >= before || proposedPortfolio >= portfolio {
			return b.clamp(before, d, portfolio)
		}
		if after < b.min {
			return d, MinPositionLeverage
		}
		return d, "" // reduces a position that is over its bound
	}
	if after < b.min && (first || after < before) {
		return d, MinPositionLeverage
	}
	return d, ""
}

// clamp makes an order fit.
func (b leverageBounds) clamp(before, d, portfolio float64) (float64, Reason) {
	room := max(0, min(b.max-before, (b.cap-portfolio)/b.weight))
	if room == 0 {
		if portfolio >= b.cap {
			return 0, MaxPortfolioLeverage
		}
		return 0, MaxPositionLeverage
	}
	return math.Copysign(room, d), ""
}
