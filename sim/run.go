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

	// Market takes the place of Rules and Series, where many runs share them, and of
	// ToMS; nil makes one of them for this run.
	Market *Market

	FromMS, ToMS int64 // the run's range, UTC ms: the clock plays [from, to]

	As        Competition // Main
	Refereed  bool        // the challenge's rank and time are judged from outside: see Replay
	Fill      FillMode    // FillNextOpen
	LatencyMS int64       // from an order's emission to when it acts
	Seed      uint64      // of the strategy's random sources
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
	// Carry gets every change of a position's carry factor, in the order in which
	// they are booked.
	Carry func(CarryCharge)
	// Progress gets the clock's time now and then.
	Progress func(nowMS int64)
}

// Run plays one account from the start of its range to the end. The same Config
// gives the same Result on every machine. It stops with ctx's error when ctx is
// cancelled.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	r, err := newRun(ctx, cfg)
	if err != nil {
		return nil, err
	}
	err = r.start()
	if err == nil {
		err = r.conclude(r.cfg.ToMS)
	}
	if err == nil {
		err = r.end()
	}
	if err = errors.Join(err, r.close()); err != nil {
		return nil, err
	}
	return r.result()
}

// run is a run in progress: the clock, what waits for a time, and the account.
type run struct {
	ctx     context.Context
	cfg     Config
	account *account

	now       int64
	seats     []*seat // the strategy's first, then its guests'
	feeds     []*Feed // of all seats
	feedMS    int64   // when the next of them has its strategy called
	carryMS   int64   // when carry falls due next, as the clock last looked
	alarms    []alarm // ascending
	periodics []periodic
	queue     []pending
	orders    []OrderRecord
	owners    []*seat // who emitted each order
	started   bool    // the clock runs: it is too late to set anything up
	over      bool    // no order is taken any more

	refused error    // what the strategy may not do
	notes   []string // warnings of the run

	challengeEnd  int64 // when the challenge's time is up; MaxInt64 if not known, or over
	challengeOver bool
	retiredMS     int64 // when the account lost its place; 0: it has not
}

func newRun(ctx context.Context, cfg Config) (*run, error) {
	if m := cfg.Market; m != nil {
		if cfg.Rules != nil && cfg.Rules != m.set {
			panic("sim: a run on a market plays the market's rules")
		}
		cfg.Rules, cfg.Series, cfg.ToMS = m.set, m.series, m.toMS
		if cfg.FromMS < m.fromMS {
			return nil, fmt.Errorf("the run begins at %s, before its market does, at %s", stamp(cfg.FromMS), stamp(m.fromMS))
		}
	}
	switch {
	case cfg.Strategy == nil || cfg.Rules == nil && cfg.Market == nil:
		panic("sim: a run needs rules and a strategy")
	case cfg.ToMS <= cfg.FromMS:
		return nil, fmt.Errorf("the range ends at %s, not after its start at %s", stamp(cfg.ToMS), stamp(cfg.FromMS))
	case cfg.LatencyMS < 0:
		return nil, fmt.Errorf("a latency of %d ms is negative", cfg.LatencyMS)
	case len(cfg.Series) == 0:
		return nil, errors.New("a run needs candles of at least one pair")
	}
	// An order that acts after the end never does, however much later: the sums of
	// instants stay within numbers.
	cfg.LatencyMS = min(cfg.LatencyMS, cfg.ToMS-cfg.FromMS+1)
	if cfg.Market == nil {
		m, err := NewMarket(cfg.Rules, cfg.Series, cfg.FromMS, cfg.ToMS)
		if err != nil {
			return nil, err
		}
		cfg.Market, cfg.Series = m, m.series
	}
	r := &run{ctx: ctx, cfg: cfg, now: cfg.FromMS, account: newAccount(cfg.Market, newJudge(cfg.Rules, cfg.As)), challengeEnd: math.MaxInt64}
	r.account.watch, r.account.charged = cfg.Observer.Equity, cfg.Observer.Carry
	r.startChallenge()
	return r, nil
}

// start lets the strategy set itself up.
func (r *run) start() error {
	_, err := r.sit("", nil, r.cfg.Strategy, Desk{})
	if err = errors.Join(err, r.refused); err != nil {
		return fmt.Errorf("strategy: %w", err)
	}
	r.feedMS = math.MaxInt64
	for _, f := range r.feeds {
		f.dueMS = f.nextDue()
		r.feedMS = min(r.feedMS, f.dueMS)
	}
	r.started = true
	return nil
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

// endMS is when the account's ledger ends: with the range, or with the account.
func (r *run) endMS() int64 {
	switch j := &r.account.judge; {
	case !j.ended:
		return r.cfg.ToMS
	case r.retiredMS != 0:
		return r.retiredMS
	default:
		return j.found.TimeMS
	}
}

// result gathers what the run came to.
func (r *run) result() (*Result, error) {
	a, end := r.account, r.endMS()
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
