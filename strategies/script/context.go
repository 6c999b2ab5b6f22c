package script

import (
	"errors"
	"fmt"
	"math"

	"go.starlark.net/starlark"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// newContext makes ctx: what a script sees of the world, from init to end.
func newContext(r *run) starlark.Value {
	methods := make(map[string]*starlark.Builtin)
	for name, f := range map[string]function{
		"subscribe": r.subscribe, "share": r.share,
		"wake_at": r.wakeAt, "wake_every": r.wakeEvery,
		"feed": r.feedOfPair, "limits": r.limits, "room": r.room, "position": r.position, "pending": r.pending,
		"long": r.order("long", (*sim.Context).Long), "short": r.order("short", (*sim.Context).Short),
		"flat": r.flat, "target": r.target, "reduce": r.reduce, "submit": r.submit,
	} {
		methods[name] = builtin(name, f)
	}
	return &object[*run]{class: r.classes.context, self: r, methods: methods}
}

// String is what a script prints.
func (r *run) String() string { return "<context of " + r.name + ">" }

func newContextClass(cs *classes) *class[*run] {
	return newClass("context", map[string]attribute[*run]{
		"now": func(r *run) (starlark.Value, error) { return starlark.MakeInt64(r.nowMS()), nil },
		"start": func(r *run) (starlark.Value, error) {
			from, _ := r.setup.Range()
			return starlark.MakeInt64(from), nil
		},
		"stop": func(r *run) (starlark.Value, error) {
			_, to := r.setup.Range()
			return starlark.MakeInt64(to), nil
		},
		"latency": func(r *run) (starlark.Value, error) { return starlark.MakeInt64(r.setup.LatencyMS()), nil },
		"rules":   func(r *run) (starlark.Value, error) { return starlark.String(r.setup.RulesName()), nil },
		"pairs":   func(r *run) (starlark.Value, error) { return ids(r.setup.Pairs()), nil },
		"state":   func(r *run) (starlark.Value, error) { return r.state, nil },
		"random": func(r *run) (starlark.Value, error) {
			if r.phase == looking {
				return nil, errors.New("not for what looks at candles beforehand")
			}
			return r.random, nil
		},
		"feeds": func(r *run) (starlark.Value, error) { return &r.all, nil },
		"fresh": func(r *run) (starlark.Value, error) { return &r.fresh, nil },
		"portfolio": func(r *run) (starlark.Value, error) {
			if err := r.live(); err != nil {
				return nil, err
			}
			return cs.portfolio.of(r.context.Portfolio()), nil
		},
	}, "subscribe", "share", "wake_at", "wake_every", "feed", "limits", "room", "position", "pending",
		"long", "short", "flat", "target", "reduce", "submit")
}

// live refuses what there is only while the clock runs.
func (r *run) live() error {
	if r.context == nil || r.phase == looking {
		return errNotYet
	}
	return nil
}

// early refuses what can only be asked for before the clock runs.
func (r *run) early() error {
	if r.phase != starting {
		return errors.New("only to be called in init")
	}
	return nil
}

// feedList is the feeds of a script, or those that are not quiet and have a
// candle that is finished now.
type feedList struct {
	run   *run
	fresh bool
	idle  *feedWalker // one that has done its work, for the next
}

// Iterate implements starlark.Iterable.
func (l *feedList) Iterate() starlark.Iterator {
	w := l.idle
	if w == nil {
		w = &feedWalker{list: l}
	}
	l.idle, w.next = nil, 0
	return w
}

// Len implements starlark.Sequence.
func (l *feedList) Len() int {
	if !l.fresh {
		return len(l.run.feeds)
	}
	return len(l.now())
}

// Index implements starlark.Indexable.
func (l *feedList) Index(i int) starlark.Value {
	if !l.fresh {
		return l.run.feeds[i].value
	}
	return l.now()[i]
}

// Slice implements starlark.Sliceable. What it returns stays as it is.
func (l *feedList) Slice(start, end, step int) starlark.Value { return l.now().Slice(start, end, step) }

// now is the feeds of this instant.
func (l *feedList) now() (feeds starlark.Tuple) {
	w := feedWalker{list: l}
	for v := starlark.Value(nil); w.Next(&v); {
		feeds = append(feeds, v)
	}
	return feeds
}

// Type implements starlark.Value.
func (l *feedList) Type() string { return "feeds" }

// String implements starlark.Value.
func (l *feedList) String() string { return "<feeds>" }

// Freeze implements starlark.Value.
func (l *feedList) Freeze() {}

// Truth implements starlark.Value: whether there is any.
func (l *feedList) Truth() starlark.Bool {
	var v starlark.Value
	return starlark.Bool((&feedWalker{list: l}).Next(&v))
}

// Hash implements starlark.Value.
func (l *feedList) Hash() (uint32, error) { return 0, errors.New("unhashable type: feeds") }

// feedWalker goes through feeds in the order of their subscription.
type feedWalker struct {
	list *feedList
	next int
}

// Next implements starlark.Iterator.
func (w *feedWalker) Next(v *starlark.Value) bool {
	for feeds := w.list.run.feeds; w.next < len(feeds); {
		f := feeds[w.next]
		w.next++
		if !w.list.fresh || !f.quiet && f.of.Fresh() {
			*v = f.value
			return true
		}
	}
	return false
}

// Done implements starlark.Iterator.
func (w *feedWalker) Done() { w.list.idle = w }

// ids is a tuple of pairs.
func ids(list []string) starlark.Tuple {
	t := make(starlark.Tuple, 0, len(list))
	for _, id := range list {
		t = append(t, starlark.String(id))
	}
	return t
}

// pairArg is a pair in an argument: its id, or a feed of it.
type pairArg string

// Unpack implements starlark.Unpacker.
func (p *pairArg) Unpack(v starlark.Value) error {
	switch x := v.(type) {
	case starlark.String:
		*p = pairArg(x)
		return nil
	case *feedValue:
		*p = pairArg(x.self.pair)
		return nil
	}
	return fmt.Errorf("found %s; expected a pair, such as \"BTCUSD\", or a feed", kindOf(v))
}

// numberArg is a finite number in an argument.
type numberArg float64

// Unpack implements starlark.Unpacker.
func (n *numberArg) Unpack(v starlark.Value) error {
	x, err := float(v, "an argument")
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		err = fmt.Errorf("found %g; expected a finite number", x)
	}
	*n = numberArg(x)
	return err
}

// durationArg is a length of time in an argument: ms, or a text such as 1h.
type durationArg int64

// Unpack implements starlark.Unpacker.
func (d *durationArg) Unpack(v starlark.Value) error {
	switch x := v.(type) {
	case starlark.Int:
		ms, ok := x.Int64()
		if !ok || ms <= 0 {
			return fmt.Errorf("found %.40s; expected a positive number of milliseconds", x.String())
		}
		*d = durationArg(ms)
		return nil
	case starlark.String:
		interval, err := datasets.ParseInterval(string(x))
		*d = durationArg(interval)
		return err
	}
	return fmt.Errorf("found %s; expected milliseconds, or a text such as \"1h\"", kindOf(v))
}

// known refuses a pair that the rule set doesn't know: the order gate would
// reject every order on it.
func (r *run) known(pair pairArg) (sim.PairLimits, error) {
	l, ok := r.setup.Limits(string(pair))
	if !ok {
		return l, fmt.Errorf("found %.40q, which the rule set %s does not know%s", string(pair), r.setup.RulesName(),
			suggest.DidYouMean(string(pair), market.PairIDs(r.setup.KnownPairs())))
	}
	return l, nil
}

// subscribe asks for a pair's candles.
func (r *run) subscribe(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	var interval starlark.Value = starlark.String("")
	var quiet bool
	var when starlark.Callable
	if err := starlark.UnpackArgs("subscribe", args, kwargs, "pair", &pair, "interval?", &interval, "quiet?", &quiet, "when?", &when); err != nil {
		return nil, err
	}
	if err := r.early(); err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	var of *sim.Feed
	var ms durationArg
	var err error
	if interval != starlark.String("") {
		if err := ms.Unpack(interval); err != nil {
			return nil, fmt.Errorf("subscribe: interval: %w", err)
		}
	}
	if ms == 0 && !quiet && when == nil {
		of, err = r.setup.Subscribe(string(pair))
	} else {
		of, err = r.setup.SubscribeTo(string(pair), sim.FeedOptions{IntervalMS: int64(ms), Quiet: quiet})
	}
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	f := r.feedOf(of)
	f.quiet = quiet && when == nil
	if when != nil {
		f.wakeWhen(when)
	}
	return f.value, nil
}

// share is the habit of the built-in strategies: how much of each pair to hold.
func (r *run) share(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pairs starlark.Iterable = starlark.Tuple(nil)
	var leverage numberArg
	if err := starlark.UnpackArgs("share", args, kwargs, "pairs?", &pairs, "leverage?", &leverage); err != nil {
		return nil, err
	}
	list, err := texts(pairs, "pairs")
	if err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	limits, leverages, err := strategies.Share(r.setup, list, float64(leverage))
	if err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	shares := starlark.NewDict(len(limits))
	for i, l := range limits {
		if err := shares.SetKey(starlark.String(l.Pair.ID), starlark.Float(leverages[i])); err != nil {
			return nil, err
		}
	}
	return shares, nil
}

// wakeAt sets an alarm.
func (r *run) wakeAt(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var ms int64
	if err := starlark.UnpackArgs("wake_at", args, kwargs, "ms", &ms); err != nil {
		return nil, err
	}
	switch {
	case r.phase == starting && ms < r.nowMS(), r.phase != starting && ms <= r.nowMS():
		return nil, fmt.Errorf("wake_at: found %s, which is not after %s", stamp(ms), stamp(r.nowMS()))
	case r.phase == starting:
		r.setup.WakeAt(ms)
	case r.phase == deciding:
		r.context.WakeAt(ms)
	default:
		return nil, errors.New("wake_at: only to be called in init, decide and outcome")
	}
	return starlark.None, nil
}

// wakeEvery sets an alarm that repeats.
func (r *run) wakeEvery(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var every durationArg
	if err := starlark.UnpackArgs("wake_every", args, kwargs, "every", &every); err != nil {
		return nil, err
	}
	if err := r.early(); err != nil {
		return nil, fmt.Errorf("wake_every: %w", err)
	}
	r.setup.WakeEvery(int64(every))
	return starlark.None, nil
}

// feedOfPair is the first feed of a pair.
func (r *run) feedOfPair(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	if err := starlark.UnpackArgs("feed", args, kwargs, "pair", &pair); err != nil {
		return nil, err
	}
	var subscribed []string
	for _, f := range r.feeds {
		if string(f.pair) == string(pair) {
			return f.value, nil
		}
		subscribed = append(subscribed, string(f.pair))
	}
	return nil, fmt.Errorf("feed: found %.40q, to which the script has not subscribed%s", string(pair), suggest.DidYouMean(string(pair), subscribed))
}

// limits is what the rules allow on a pair.
func (r *run) limits(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var pair pairArg
	if err := starlark.UnpackArgs("limits", args, kwargs, "pair", &pair); err != nil {
		return nil, err
	}
	l, err := r.known(pair)
	if err != nil {
		return nil, fmt.Errorf("limits: %w", err)
	}
	return r.classes.limits.of(l), nil
}

// liveOf reads a pair that something is asked of while the clock runs.
func (r *run) liveOf(name string, args starlark.Tuple, kwargs []starlark.Tuple) (string, error) {
	var pair pairArg
	if err := starlark.UnpackArgs(name, args, kwargs, "pair", &pair); err != nil {
		return "", err
	}
	err := r.live()
	if err == nil {
		_, err = r.known(pair)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return string(pair), nil
}

// room is what the limits leave on a pair.
func (r *run) room(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	pair, err := r.liveOf("room", args, kwargs)
	if err != nil {
		return nil, err
	}
	return r.classes.room.of(r.context.Room(pair)), nil
}

// position is the open position on a pair; None if there is none.
func (r *run) position(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	pair, err := r.liveOf("position", args, kwargs)
	if err != nil {
		return nil, err
	}
	return r.classes.positionOf(r.context.Position(pair)), nil
}

// pending is the orders on a pair that are on their way.
func (r *run) pending(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	pair, err := r.liveOf("pending", args, kwargs)
	if err != nil {
		return nil, err
	}
	orders := r.context.Pending(pair)
	list := make(starlark.Tuple, 0, len(orders))
	for _, o := range orders {
		list = append(list, r.classes.pending.of(o))
	}
	return list, nil
}
