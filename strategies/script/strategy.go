package script

import (
	"context"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Strategy is a script with its parameters.
type Strategy struct {
	program *program
	params  []*parameter
	given   map[string]string // settings of parameters that are not declared yet
	run     *run
}

// The functions that a script may define.
const (
	initName    = "init"    // without it the script sees every pair of the run
	decideName  = "decide"  // required
	outcomeName = "outcome" // told what became of an order
	endName     = "end"     // told that the clock has stopped
)

// define makes a strategy, with the parameters that the script declares. Given
// settings show in the defaults that depend on them.
func (p *program) define(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
	s := &Strategy{program: p, given: make(map[string]string)}
	for _, g := range given {
		s.given[g.Name] = g.Value
	}
	if err := s.execute(nil); err != nil {
		return nil, nil, err
	}
	params := make([]strategies.Param, 0, len(s.params))
	for _, p := range s.params {
		params = append(params, p.Param)
	}
	return s, params, nil
}

func (s *Strategy) find(name string) *parameter {
	for _, p := range s.params {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Validate refuses parameters that the script doesn't want: it executes it.
func (s *Strategy) Validate() error { return unnamed(s.execute(nil)) }

// Init implements sim.Strategy.
func (s *Strategy) Init(setup *sim.Setup) error {
	if err := s.Close(); err != nil {
		return err
	}
	if err := s.execute(setup); err != nil {
		return err
	}
	return s.run.start()
}

// Decide implements sim.Strategy.
func (s *Strategy) Decide(c *sim.Context) error {
	r := s.run
	if r.failed != nil {
		return r.failed
	}
	r.context = c
	_, err := r.call(r.decide, r.args)
	return err
}

// Outcome implements sim.OutcomeWatcher.
func (s *Strategy) Outcome(c *sim.Context, id sim.OrderID, o sim.OrderRecord) error {
	r := s.run
	if r.outcome == nil {
		return nil
	}
	r.context = c
	_, err := r.call(r.outcome, starlark.Tuple{r.args[0], r.classes.orderOf(id, o)})
	return err
}

// End implements sim.Ender.
func (s *Strategy) End(c *sim.Context) error {
	r := s.run
	if r.end == nil || r.failed != nil {
		return r.failed
	}
	r.context, r.phase = c, ended
	_, err := r.call(r.end, r.args)
	return err
}

// Close lets go of the run.
func (s *Strategy) Close() error {
	if s.run != nil && s.run.release != nil {
		s.run.release()
		s.run.release = nil
	}
	return nil
}

// phase is what a script is at.
type phase uint8

// The phases.
const (
	loading  phase = iota // its top level is executed
	starting              // init
	deciding              // decide, outcome
	looking               // it looks at candles alone: what it computes beforehand, or is woken by
	ended                 // end
)

// run is a script in one run: nothing of it is kept for another.
type run struct {
	*program
	thread   *starlark.Thread
	phase    phase
	declared []string // parameters

	starter, decide, outcome, end starlark.Callable // all but decide may be nil

	setup   *sim.Setup
	context *sim.Context // valid during a call of the strategy's
	pairs   []string     // that the run has candles of
	args    starlark.Tuple
	state   *record
	random  starlark.Value
	feeds   []*feed
	all     feedList
	fresh   feedList
	failed  error  // of a test that had no one to tell
	steps   uint64 // the limit of the call at hand
	overran bool
	printed int // lines
	release func() bool

	orders    int   // emitted at one instant
	orderedMS int64 // the instant, UTC ms
}

// execute executes the top level of the script, for a new run; without a setup,
// to see whether it can be.
func (s *Strategy) execute(setup *sim.Setup) error {
	r := &run{program: s.program, setup: setup}
	s.run = r
	r.thread = &starlark.Thread{Name: r.name, Print: r.print, OnMaxSteps: r.overrun}
	if thread := r.thread; setup != nil {
		r.release = context.AfterFunc(setup.Context(), func() { thread.Cancel("the run is given up") })
	}
	names := make(starlark.StringDict, len(r.names)+1)
	for name, v := range r.names {
		names[name] = v
	}
	names[paramName] = builtin(paramName, s.declare)
	r.allow(r.stepsMax)
	globals, err := r.code.Init(r.thread, names)
	if err != nil {
		return r.explain(err)
	}
	return r.findFunctions(globals)
}

// findFunctions looks up what the script defines, and how it can be called.
func (r *run) findFunctions(globals starlark.StringDict) error {
	for _, f := range []struct {
		name string
		args int
		to   *starlark.Callable
	}{{initName, 1, &r.starter}, {decideName, 1, &r.decide}, {outcomeName, 2, &r.outcome}, {endName, 1, &r.end}} {
		v, ok := globals[f.name]
		if !ok {
			continue
		}
		fn, ok := v.(*starlark.Function)
		if !ok {
			return &Error{File: r.name, Message: fmt.Sprintf("%s is %s; expected a function", f.name, kindOf(v))}
		}
		if needed := required(fn); fn.NumParams() < f.args && !fn.HasVarargs() || needed > f.args {
			return r.errorAt(fn.Position(), fmt.Sprintf("%s takes %d arguments; expected %s", f.name, fn.NumParams(), []string{"", "one: ctx", "two: ctx and order"}[f.args]))
		}
		*f.to = fn
	}
	if r.decide == nil {
		return &Error{File: r.name, Message: "it defines no function decide(ctx); expected one, which is called whenever a candle is finished"}
	}
	return nil
}

// required is how many arguments a function can't be called without.
func required(f *starlark.Function) int {
	n := 0
	for i := range f.NumParams() {
		if f.ParamDefault(i) == nil {
			n++
		}
	}
	if f.HasVarargs() {
		n--
	}
	if f.HasKwargs() {
		n--
	}
	return n
}

// start calls the script's init.
func (r *run) start() error {
	r.phase = starting
	setup := r.setup
	r.pairs = setup.Pairs()
	r.state, r.random = &record{kind: "state"}, newRandom(setup.Random("script"))
	r.all, r.fresh = feedList{run: r}, feedList{run: r, fresh: true}
	r.args = starlark.Tuple{newContext(r)}
	if r.starter == nil {
		for _, id := range r.pairs {
			f, err := setup.Subscribe(id)
			if err != nil {
				return err
			}
			r.feedOf(f)
		}
	} else if _, err := r.call(r.starter, r.args); err != nil {
		return err
	}
	r.phase = deciding
	return nil
}

// call calls a function of the script, with the limit of its steps anew.
func (r *run) call(f starlark.Callable, args starlark.Tuple) (starlark.Value, error) {
	r.thread.Steps = 0
	r.allow(r.stepsMax)
	v, err := starlark.Call(r.thread, f, args, nil)
	if err != nil {
		return nil, r.explain(err)
	}
	return v, nil
}

// nested calls a function of the script during the call of another, which may
// take more steps for it.
func (r *run) nested(f starlark.Callable, more int, args ...starlark.Value) (starlark.Value, error) {
	r.allow(r.steps + uint64(more))
	return starlark.Call(r.thread, f, args, nil)
}

// allow sets the limit of the steps of the call at hand.
func (r *run) allow(steps uint64) {
	r.steps = steps
	r.thread.SetMaxExecutionSteps(steps)
}

func (r *run) overrun(t *starlark.Thread) {
	r.overran = true
	t.Cancel(fmt.Sprintf("more than %d steps", r.steps))
}

// explain makes an error of the script out of one of Starlark's. Of a run that is
// given up it is the context's: the script did nothing wrong.
func (r *run) explain(err error) error {
	if r.setup != nil && r.setup.Context().Err() != nil && !r.overran {
		return r.setup.Context().Err()
	}
	failed := r.runError(err)
	if r.overran {
		failed.Message = fmt.Sprintf("this call took more than %d steps: it does not end, or does too much at once", r.steps)
	}
	return failed
}

// printedMax bounds what a script prints in a run, lines.
const printedMax = 10_000

// lineMax bounds a line of it, bytes.
const lineMax = 2000

// print writes a line for who listens.
func (r *run) print(_ *starlark.Thread, text string) {
	if r.printer == nil || r.printed > printedMax || r.setup == nil {
		return
	}
	if r.printed++; r.printed > printedMax {
		fmt.Fprintf(r.printer, "%s: more than %d lines; the rest is left out\n", r.name, printedMax)
		return
	}
	fmt.Fprintf(r.printer, "%s: %s: %s\n", r.name, stamp(r.nowMS()), clip(text, lineMax))
}

// nowMS is the run's time; before the clock starts, when it will.
func (r *run) nowMS() int64 {
	if r.context != nil {
		return r.context.NowMS()
	}
	from, _ := r.setup.Range()
	return from
}
