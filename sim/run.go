package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// FillMode says which price an order gets that brings none of its own.
type FillMode uint8

// The fill modes.
const (
	FillNextOpen  FillMode = iota // the open of the next candle: what a trader can get
	FillLastClose                 // the close just seen: for comparison, it trades on a price that is gone
)

// Config is one run of one account. The zero value of every optional field is
// what most runs want.
type Config struct {
	Rules    *rules.Set
	Series   []*market.Series // one a pair; may reach back before FromMS for history
	Strategy Strategy

	FromMS, ToMS int64 // the run's range, UTC ms: the clock plays [from, to]

	As        Competition // Main
	Fill      FillMode    // FillNextOpen
	LatencyMS int64       // from an order's emission to when it acts
	Observer  Observer
}

// Observer watches a run; any of its functions may be nil. What they are given
// is valid during the call only.
type Observer struct {
	// Equity gets the portfolio's value, a factor, and its drawdown, a loss
	// against the window's running maximum, at every instant that changes them:
	// in batches, oldest first. Times may repeat: marks, carry and orders of
	// one instant are updates of their own.
	Equity func(times []int64, values, drawdowns []float64)
	// Progress gets the clock's time now and then.
	Progress func(nowMS int64)
}

// Run plays one account from the start of its range to the end. The same Config
// gives the same Result on every machine. It stops with ctx's error when ctx is
// cancelled.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	r, err := newRun(cfg)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(r.cfg.Strategy.Init(&Setup{r}), r.refused); err != nil {
		return nil, fmt.Errorf("strategy: %w", err)
	}
	if err := r.play(ctx); err != nil {
		return nil, err
	}
	return r.result()
}

// run is a run in progress: the clock, what waits for a time, and the account.
type run struct {
	cfg     Config
	account *account
	context Context

	now    int64
	feeds  []*Feed
	alarms []int64 // ascending
	queue  []pending
	orders []OrderRecord

	refused error    // what the strategy may not do
	notes   []string // warnings of the run

	challengeEnd  int64 // when the challenge's time is up; MaxInt64 if not known, or over
	challengeOver bool
}

func newRun(cfg Config) (*run, error) {
	switch {
	case cfg.Rules == nil || cfg.Strategy == nil:
		panic("sim: a run needs rules and a strategy")
	case cfg.ToMS <= cfg.FromMS:
		return nil, fmt.Errorf("the range ends at %s, not after its start at %s", stamp(cfg.ToMS), stamp(cfg.FromMS))
	case cfg.LatencyMS < 0:
		return nil, fmt.Errorf("a latency of %d ms is negative", cfg.LatencyMS)
	case len(cfg.Series) == 0:
		return nil, errors.New("a run needs candles of at least one pair")
	}
	first, last := cfg.FromMS, cfg.ToMS
	cfg.Series = slices.Clone(cfg.Series) // the caller's stays as it is
	for i, s := range cfg.Series {
		// Cut at the end of the range: nothing past it exists for this run.
		cfg.Series[i] = s.Slice(0, s.Search(cfg.ToMS-s.IntervalMS+1))
		if s.Len() > 0 {
			first = min(first, s.Time[0])
		}
	}
	instruments, err := newInstruments(cfg.Rules, cfg.Series, first, last)
	if err != nil {
		return nil, err
	}
	r := &run{cfg: cfg, now: cfg.FromMS, account: newAccount(cfg.Rules, instruments, newJudge(cfg.Rules, cfg.As)), challengeEnd: math.MaxInt64}
	r.context.run = r
	r.account.watch = cfg.Observer.Equity
	r.startChallenge()
	return r, nil
}

func (r *run) subscribe(instrument int) *Feed {
	for _, f := range r.feeds {
		if f.instrument == instrument {
			return f
		}
	}
	series := r.account.instruments[instrument].series
	f := &Feed{run: r, instrument: instrument, series: series, freshMS: math.MinInt64, seen: series.Search(r.cfg.FromMS - series.IntervalMS)}
	r.feeds = append(r.feeds, f)
	return f
}

// view is an open position as a strategy sees it.
func (r *run) view(instrument int) (p PositionView, ok bool) {
	r.mark()
	of := r.account.position(instrument)
	if of == nil {
		return p, false
	}
	return PositionView{OpenMS: of.openMS, NetLeverage: of.net, AverageEntryPrice: of.average, Return: of.value}, true
}

// wakeAt sets an alarm. One that is not in the future would stop the clock: it
// ends the run with an error.
func (r *run) wakeAt(ms, afterMS int64) {
	if ms <= afterMS {
		r.refused = fmt.Errorf("an alarm at %s is not after %s, and would never come", stamp(ms), stamp(afterMS))
		return
	}
	if i, found := slices.BinarySearch(r.alarms, ms); !found {
		r.alarms = slices.Insert(r.alarms, i, ms)
	}
}

// result gathers what the run came to.
func (r *run) result() (*Result, error) {
	a, end := r.account, r.cfg.ToMS
	r.rejectLeftOver()
	if e := a.judge.found; a.judge.ended {
		end = e.TimeMS
	}
	res := &Result{
		FromMS: r.cfg.FromMS, ToMS: r.cfg.ToMS,
		Orders: r.orders, Elimination: a.judge.found,
		FinalReturn: a.ledger.lastValue(), ByPair: make(map[string][]Checkpoint),
		Warnings: slices.Concat(r.notes, a.slippage.notes()),
	}
	if due := a.judge.due; due != nil {
		res.Warnings = append(res.Warnings, fmt.Sprintf("a drawdown of %.2f %% is beyond the limit, and eliminates at %s, after the end of the run", 100*due.Drawdown, stamp(due.TimeMS)))
	}
	for _, p := range a.all {
		res.Positions = append(res.Positions, p.record(a.instruments[p.pair].pair.ID))
	}
	res.Checkpoints, res.WindowFrom = a.ledger.checkpoints(end)
	for i, of := range a.pairs {
		if of != nil {
			res.ByPair[a.instruments[i].pair.ID], _ = of.checkpoints(end)
		}
	}
	if r.cfg.Rules.Ledger.Marking == rules.Deployed {
		if err := r.remark(res, end); err != nil {
			return nil, err
		}
	}
	if math.IsNaN(res.FinalReturn) || math.IsInf(res.FinalReturn, 0) {
		return nil, fmt.Errorf("the portfolio's value is %g, out of the range of numbers: look at the prices of the candles and of pinned fills", res.FinalReturn)
	}
	res.MaxDrawdown = MaxDrawdown(res.Checkpoints[res.WindowFrom:])
	res.Daily = Days(res.Checkpoints, r.cfg.Rules.Ledger)
	res.Challenge = r.challenge(res)
	return res, nil
}

// MaxDrawdown is the largest drawdown of those checkpoints, a loss. Rules §8.
func MaxDrawdown(checkpoints []Checkpoint) float64 {
	lowest := 1.0
	for i := range checkpoints {
		lowest = min(lowest, checkpoints[i].MDD)
	}
	return 1 - lowest
}
