package script

import (
	"fmt"
	"math"
	"time"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// classes are the types of the script's world.
type classes struct {
	specs []indicator.Spec

	context   *class[*run]
	feed      *class[*feed]
	glimpse   *class[glimpse]
	candles   *class[*candles]
	position  *class[sim.PositionView]
	portfolio *class[sim.PortfolioView]
	limits    *class[sim.PairLimits]
	room      *class[sim.Room]
	carry     *class[sim.CarryView]
	pending   *class[sim.Order]
	order     *class[settled]
	moment    *class[time.Time]
}

func newClasses() *classes {
	cs := &classes{
		specs:    indicator.Specs(),
		position: newPositionClass(), portfolio: newPortfolioClass(), limits: newLimitsClass(),
		room: newRoomClass(), carry: newCarryClass(), pending: newPendingClass(), order: newOrderClass(), moment: newMomentClass(),
	}
	cs.context, cs.feed = newContextClass(cs), newFeedClass(cs)
	cs.glimpse, cs.candles = newGlimpseClass(cs), newCandlesClass(cs)
	return cs
}

// of makes a value of the class that has no methods.
func (c *class[T]) of(self T) starlark.Value { return &object[T]{class: c, self: self} }

// real, whole, text and truth are attributes by the fields they read.
func real[T any](get func(T) float64) attribute[T] {
	return func(t T) (starlark.Value, error) { return starlark.Float(get(t)), nil }
}

func whole[T any](get func(T) int64) attribute[T] {
	return func(t T) (starlark.Value, error) { return starlark.MakeInt64(get(t)), nil }
}

func text[T any](get func(T) string) attribute[T] {
	return func(t T) (starlark.Value, error) { return starlark.String(get(t)), nil }
}

func truth[T any](get func(T) bool) attribute[T] {
	return func(t T) (starlark.Value, error) { return starlark.Bool(get(t)), nil }
}

// positionOf is an open position; None if there is none.
func (cs *classes) positionOf(p sim.PositionView, open bool) starlark.Value {
	if !open {
		return starlark.None
	}
	return cs.position.of(p)
}

func newPositionClass() *class[sim.PositionView] {
	type view = sim.PositionView
	return newClass("position", map[string]attribute[view]{
		"opened": whole(func(p view) int64 { return p.OpenMS }),
		"net":    real(func(p view) float64 { return p.NetLeverage }),
		"entry":  real(func(p view) float64 { return p.AverageEntryPrice }),
		"value":  real(func(p view) float64 { return p.Return }),
		"gain":   real(func(p view) float64 { return p.Return - 1 }),
	})
}

func newPortfolioClass() *class[sim.PortfolioView] {
	type view = sim.PortfolioView
	return newClass("portfolio", map[string]attribute[view]{
		"value":          real(func(p view) float64 { return p.Value }),
		"peak":           real(func(p view) float64 { return p.Peak }),
		"drawdown":       real(func(p view) float64 { return p.Drawdown }),
		"drawdown_now":   real(func(p view) float64 { return p.DrawdownNow }),
		"drawdown_limit": real(func(p view) float64 { return p.DrawdownLimit }),
		"floor":          real(func(p view) float64 { return p.Floor }),
		"leverage":       real(func(p view) float64 { return p.Leverage }),
		"leverage_max":   real(func(p view) float64 { return p.LeverageMax }),
		"positions":      whole(func(p view) int64 { return int64(p.OpenPositions) }),
		"eliminated":     truth(func(p view) bool { return p.Eliminated }),
		"challenge_end":  whole(func(p view) int64 { return p.ChallengeEndMS }),
	})
}

func newLimitsClass() *class[sim.PairLimits] {
	type view = sim.PairLimits
	return newClass("limits", map[string]attribute[view]{
		"pair":          text(func(l view) string { return l.Pair.ID }),
		"asset_class":   text(func(l view) string { return l.Pair.Class.String() }),
		"position_min":  real(func(l view) float64 { return l.PositionMin }),
		"position_max":  real(func(l view) float64 { return l.PositionMax }),
		"class_max":     real(func(l view) float64 { return l.ClassMax }),
		"order_min":     real(func(l view) float64 { return l.OrderMin }),
		"order_max":     real(func(l view) float64 { return l.OrderMax }),
		"weight":        real(func(l view) float64 { return l.Weight }),
		"portfolio_max": real(func(l view) float64 { return l.PortfolioMax }),
		"cooldown":      whole(func(l view) int64 { return l.CooldownMS }),
		"halted":        truth(func(l view) bool { return l.Halted }),
	})
}

func newRoomClass() *class[sim.Room] {
	type view = sim.Room
	return newClass("room", map[string]attribute[view]{
		"leverage":  real(func(r view) float64 { return r.Leverage }),
		"portfolio": real(func(r view) float64 { return r.Portfolio }),
		"requests":  whole(func(r view) int64 { return int64(r.Requests) }),
		"orders":    whole(func(r view) int64 { return int64(r.Orders) }),
		"cooldown":  whole(func(r view) int64 { return r.CooldownMS }),
	})
}

func newCarryClass() *class[sim.CarryView] {
	type view = sim.CarryView
	return newClass("carry", map[string]attribute[view]{
		"next":        whole(func(c view) int64 { return c.NextMS }),
		"multiple":    whole(func(c view) int64 { return int64(c.Multiple) }),
		"charge":      real(func(c view) float64 { return c.Charge }),
		"rate_annual": real(func(c view) float64 { return c.RateAnnual }),
	})
}

func newPendingClass() *class[sim.Order] {
	type view = sim.Order
	return newClass("pending order", map[string]attribute[view]{
		"pair":     text(func(o view) string { return o.Pair }),
		"type":     text(func(o view) string { return o.Type.String() }),
		"leverage": real(func(o view) float64 { return math.Abs(o.Leverage) }),
		"uuid":     text(func(o view) string { return o.UUID }),
	})
}

// settled is an order and what became of it.
type settled struct {
	id sim.OrderID
	sim.OrderRecord
}

// String is what a script prints.
func (s settled) String() string {
	text := fmt.Sprintf("<order %d: %s %s: %s", s.id, s.Type, s.Pair, s.Outcome)
	if s.Reason != "" {
		text += ", " + string(s.Reason)
	}
	return text + ">"
}

func (cs *classes) orderOf(id sim.OrderID, o sim.OrderRecord) starlark.Value {
	return cs.order.of(settled{id, o})
}

func newOrderClass() *class[settled] {
	return newClass("order", map[string]attribute[settled]{
		"id":        whole(func(s settled) int64 { return int64(s.id) }),
		"pair":      text(func(s settled) string { return s.Pair }),
		"type":      text(func(s settled) string { return s.Type.String() }),
		"leverage":  real(func(s settled) float64 { return math.Abs(s.Leverage) }),
		"uuid":      text(func(s settled) string { return s.UUID }),
		"emitted":   whole(func(s settled) int64 { return s.EmittedMS }),
		"outcome":   text(func(s settled) string { return string(s.Outcome) }),
		"reason":    text(func(s settled) string { return string(s.Reason) }),
		"filled":    truth(func(s settled) bool { return s.Filled() }),
		"filled_at": whole(func(s settled) int64 { return s.FilledMS }),
		"effective": real(func(s settled) float64 { return s.EffectiveLeverage }),
		"price":     real(func(s settled) float64 { return s.FillPrice }),
		"slippage":  real(func(s settled) float64 { return s.FillSlippage }),
		"warnings":  func(s settled) (starlark.Value, error) { return ids(s.Warnings), nil },
	})
}
