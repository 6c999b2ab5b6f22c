package script

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
)

// trades refuses an order when none is taken, or on a pair that doesn't exist or
// that the run has no candles of: it would never fill.
func (r *run) trades(pair pairArg) error {
	if r.phase != deciding || r.context == nil {
		return errors.New("orders are only taken in decide and outcome")
	}
	if _, err := r.known(pair); err != nil {
		return err
	}
	if !slices.Contains(r.pairs, string(pair)) {
		return fmt.Errorf("no candles of %s: the run has %s", pair, strings.Join(r.pairs, ", "))
	}
	return nil
}

// ordersMax bounds the orders at one instant.
const ordersMax = 1000

// count counts orders, and refuses what only a script gone astray emits: the
// network takes ten a minute. Rules §2.
func (r *run) count(orders int) error {
	if now := r.context.NowMS(); now != r.orderedMS {
		r.orders, r.orderedMS = 0, now
	}
	if r.orders += orders; r.orders > ordersMax {
		return fmt.Errorf("found more than %d orders at one instant; expected at most that", ordersMax)
	}
	return nil
}

// counted is what a call that emitted an order returns: the order's id.
func (r *run) counted(call string, id sim.OrderID) (starlark.Value, error) {
	if err := r.count(1); err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	return starlark.MakeInt(int(id)), nil
}

// order is long and short.
func (r *run) order(name string, emit func(*sim.Context, string, float64) sim.OrderID) function {
	return func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var pair pairArg
		var leverage numberArg
		if err := starlark.UnpackArgs(name, args, kwargs, "pair", &pair, "leverage", &leverage); err != nil {
			return nil, err
		}
		if err := r.trades(pair); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !(leverage > 0) {
			return nil, fmt.Errorf("%s: found a leverage of %g; expected a positive one: long buys, short sells, target takes a sign", name, float64(leverage))
		}
		return r.counted(name, emit(r.context, string(pair), float64(leverage)))
	}
}

// flat closes a position.
func (r *run) flat(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	if err := starlark.UnpackArgs("flat", args, kwargs, "pair", &pair); err != nil {
		return nil, err
	}
	if err := r.trades(pair); err != nil {
		return nil, fmt.Errorf("flat: %w", err)
	}
	return r.counted("flat", r.context.Flat(string(pair)))
}

// target brings the net leverage on a pair to a signed one.
func (r *run) target(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	var leverage numberArg
	if err := starlark.UnpackArgs("target", args, kwargs, "pair", &pair, "leverage", &leverage); err != nil {
		return nil, err
	}
	if err := r.trades(pair); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	r.doubtTarget(string(pair), float64(leverage))
	emitted := r.context.Target(string(pair), float64(leverage))
	if err := r.count(emitted); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	return starlark.MakeInt(emitted), nil
}

// doubtTarget warns of a target too small for a position, where none is held on
// its side: no order comes of it. Rules §4.
func (r *run) doubtTarget(pair string, leverage float64) {
	limits, _ := r.setup.Limits(pair)
	least := max(limits.PositionMin, limits.OrderMin)
	if leverage != 0 && math.Abs(leverage) < least && leverage*r.context.Expected(pair) <= 0 {
		r.context.Warn(fmt.Sprintf("%s: a target is below the smallest position, %g: none is opened", pair, least))
	}
}

// reduce makes a position smaller.
func (r *run) reduce(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	var leverage numberArg
	if err := starlark.UnpackArgs("reduce", args, kwargs, "pair", &pair, "leverage", &leverage); err != nil {
		return nil, err
	}
	if err := r.trades(pair); err != nil {
		return nil, fmt.Errorf("reduce: %w", err)
	}
	reduced := r.context.Reduce(string(pair), float64(leverage))
	if reduced {
		if err := r.count(1); err != nil {
			return nil, fmt.Errorf("reduce: %w", err)
		}
	}
	return starlark.Bool(reduced), nil
}

// submit emits an order whose type is a value, or that has a uuid.
func (r *run) submit(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	var kind, uuid string
	var leverage numberArg
	if err := unpinned(kwargs); err != nil {
		return nil, err
	}
	if err := starlark.UnpackArgs("submit", args, kwargs, "pair", &pair, "type", &kind, "leverage?", &leverage, "uuid?", &uuid); err != nil {
		return nil, err
	}
	err := r.trades(pair)
	o := sim.Order{Pair: string(pair), Leverage: float64(leverage), UUID: uuid}
	switch {
	case err != nil:
	case kind == "LONG":
		o.Type = sim.Long
	case kind == "SHORT":
		o.Type, o.Leverage = sim.Short, -o.Leverage
	case kind == "FLAT":
		o.Type, o.Leverage = sim.Flat, 0
	default:
		err = fmt.Errorf("found the type %.40q; expected \"LONG\", \"SHORT\" or \"FLAT\"", kind)
	}
	if err == nil && o.Type != sim.Flat && !(leverage > 0) {
		err = fmt.Errorf("found a leverage of %g; expected a positive one: the type has the sign", float64(leverage))
	}
	if err != nil {
		return nil, fmt.Errorf("submit: %w", err)
	}
	return r.counted("submit", r.context.Submit(o))
}

// unpinned refuses a fill that the script brings itself. A script would take a
// price that it has seen, and could no longer get: no test of causality finds that.
func unpinned(kwargs []starlark.Tuple) error {
	for _, pair := range kwargs {
		switch name := string(pair[0].(starlark.String)); name {
		case "price", "slippage", "bid", "ask":
			return fmt.Errorf("submit: found %s: a pinned fill is for signal files; the order of a script fills at the open of the next candle, with the slippage of the rules", name)
		}
	}
	return nil
}
