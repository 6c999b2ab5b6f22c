package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
)

// feed is a pair that a script subscribed to.
type feed struct {
	*chart
	of    *sim.Feed
	pair  starlark.String
	quiet bool // its candles never have decide called
	state *record
	value *feedValue
}

func (f *feed) chartOf() *chart { return f.chart }

// String is what a script prints.
func (f *feed) String() string { return "<feed of " + string(f.pair) + ">" }

// feedValue is a feed in a script, which may be the key of a dict.
type feedValue struct{ object[*feed] }

// Hash implements starlark.Value.
func (v *feedValue) Hash() (uint32, error) { return v.self.pair.Hash() }

// feedOf is what a script sees of a feed, the same whenever it is asked for.
func (r *run) feedOf(of *sim.Feed) *feed {
	for _, f := range r.feeds {
		if f.of == of {
			return f
		}
	}
	f := &feed{of: of, pair: starlark.String(of.Pair()), chart: r.newChart(of.Candles, false), state: &record{kind: "state"}}
	methods := make(map[string]*starlark.Builtin)
	f.indicatorMethods(methods)
	methods["precompute"] = builtin("precompute", f.precompute)
	methods["wake_on_change"] = builtin("wake_on_change", f.wakeOnChange)
	f.value = &feedValue{object[*feed]{class: r.classes.feed, self: f, methods: methods}}
	r.feeds = append(r.feeds, f)
	return f
}

func newFeedClass(cs *classes) *class[*feed] {
	attributes := chartAttributes[*feed]()
	for name, get := range map[string]attribute[*feed]{
		"pair":        func(f *feed) (starlark.Value, error) { return f.pair, nil },
		"asset_class": func(f *feed) (starlark.Value, error) { return starlark.String(f.of.Class().String()), nil },
		"state":       func(f *feed) (starlark.Value, error) { return f.state, nil },
		"fresh":       func(f *feed) (starlark.Value, error) { return starlark.Bool(f.of.Fresh()), nil },
		"pending":     live(func(f *feed) starlark.Value { return starlark.Bool(f.of.Pending()) }),
		"net": live(func(f *feed) starlark.Value {
			p, _ := f.of.Position()
			return starlark.Float(p.NetLeverage)
		}),
		"position":     live(func(f *feed) starlark.Value { return cs.positionOf(f.of.Position()) }),
		"market_open":  live(func(f *feed) starlark.Value { return starlark.Bool(f.of.Open()) }),
		"market_until": live(func(f *feed) starlark.Value { _, until := f.of.Session(); return starlark.MakeInt64(until) }),
		"carry":        live(func(f *feed) starlark.Value { return cs.carry.of(f.of.Carry()) }),
	} {
		attributes[name] = get
	}
	methods := []string{"indicator", "precompute", "wake_on_change"}
	for _, spec := range cs.specs {
		methods = append(methods, spec.Name)
	}
	return newClass("feed", attributes, methods...)
}

// live is an attribute that there is only while the clock runs.
func live(get func(*feed) starlark.Value) attribute[*feed] {
	return func(f *feed) (starlark.Value, error) {
		if f.run.context == nil || f.run.phase == looking {
			return nil, errNotYet
		}
		return get(f), nil
	}
}

var errNotYet = errors.New("only to be asked in decide, outcome and end")

// precompute is a column that a function of the script makes of all candles.
func (f *feed) precompute(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var fn starlark.Callable
	if err := starlark.UnpackArgs("precompute", args, kwargs, "function", &fn); err != nil {
		return nil, err
	}
	if f.run.phase != starting {
		return nil, errors.New("precompute: only to be called in init")
	}
	var failed error
	computed := f.of.Precompute(func(c sim.Candles) []float64 {
		values, err := f.run.compute(fn, c)
		if failed = err; err != nil {
			return make([]float64, c.Len())
		}
		return values
	})
	if failed != nil {
		return nil, failed
	}
	return &computedColumn{column[float64]{func() []float64 {
		if f.hidden() {
			return nil
		}
		return computed.Values()
	}}, computed}, nil
}

// computedColumn is a column that was computed beforehand.
type computedColumn struct {
	column[float64]
	of *sim.Column
}

// compute calls a function of the script with all candles.
func (r *run) compute(fn starlark.Callable, c sim.Candles) ([]float64, error) {
	r.phase = looking
	defer func() { r.phase = starting }()
	v, err := r.nested(fn, c.Len()*stepsPerCandle, r.classes.newCandles(c))
	if err != nil {
		return nil, err
	}
	values, err := columnOf(v)
	if err == nil && len(values) != c.Len() {
		err = fmt.Errorf("precompute: %s returned %d values; expected one for each of the %d candles", fn.Name(), len(values), c.Len())
	}
	return values, err
}

// wakeOnChange has decide called only where a computed column changes.
func (f *feed) wakeOnChange(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var column *computedColumn
	if err := starlark.UnpackArgs("wake_on_change", args, kwargs, "column", &column); err != nil {
		return nil, err
	}
	if f.run.phase != starting {
		return nil, errors.New("wake_on_change: only to be called in init")
	}
	f.quiet = false
	f.of.WakeOnChange(column.of)
	return starlark.None, nil
}

// wakeWhen has decide called only for the candles that pass a test of the
// script's.
func (f *feed) wakeWhen(test starlark.Callable) {
	r := f.run
	var shown sim.Candles
	var seen *chart
	var value starlark.Value
	f.of.WakeWhen(func(c sim.Candles) bool {
		if r.failed != nil {
			return true
		}
		shown = c
		if seen == nil {
			seen = r.newChart(func() sim.Candles { return shown }, true)
			value = r.classes.newGlimpse(seen)
		}
		was := r.phase
		r.phase = looking
		passed, err := r.call(test, starlark.Tuple{value})
		r.phase = was
		if err != nil {
			r.failed = err // and decide is called, to tell
			return true
		}
		return bool(passed.Truth())
	})
}
