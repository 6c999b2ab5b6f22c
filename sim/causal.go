package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// CausalOptions says how thoroughly VerifyCausal looks. The zero value is what
// most want.
type CausalOptions struct {
	Points   int                   // futures to change, each a run up to its instant; 0: CausalPoints
	Seed     uint64                // of the choice of instants, and of the changes
	Progress func(done, total int) // runs; may be nil
}

// CausalPoints is how many futures are changed if nobody says otherwise.
const CausalPoints = 24

// VerifyCausal plays a strategy, and plays it again where the future is another
// one: what it does up to an instant may not depend on what comes after it. make
// returns the strategy, a new one for each run; cfg.Strategy is not used, and
// cfg.Observer watches the first run alone.
//
// At an instant T everything that finishes after T is the future. A candle that
// opened before T and is not finished keeps its open, which a fill may know; its
// other columns are future, and all of a candle that opens at T: decisions come
// before fills, and no decision of T knows that open. All orders emitted up to
// T, and all fills before T, have to be the same.
//
// A strategy that doesn't pass is no error of VerifyCausal: the report tells.
// An error is one of the first run, or of ctx.
func VerifyCausal(ctx context.Context, cfg Config, make func() (Strategy, error), o CausalOptions) (*CausalReport, error) {
	if m := cfg.Market; m != nil { // each future has a market of its own
		cfg.Market, cfg.Rules, cfg.Series, cfg.ToMS = nil, m.set, m.series, m.toMS
	}
	v := &causalRuns{ctx: ctx, cfg: cfg, make: make, options: o, report: &CausalReport{}}
	if err := v.playBase(); err != nil {
		return nil, err
	}
	v.cfg.Observer = Observer{}
	futures := v.futures()
	v.total = len(futures) + 3 // the first run, its repetition, and the one on other candles
	v.progress()
	if err := v.repeat(); err != nil || v.report.Difference != nil {
		return v.report, err
	}
	for _, f := range futures {
		if err := v.change(f); err != nil {
			return nil, err
		}
	}
	if v.report.Difference == nil {
		if err := v.blind(); err != nil {
			return nil, err
		}
		v.notePinned()
	}
	return v.report, nil
}

// causalRuns is a verification in progress.
type causalRuns struct {
	ctx     context.Context
	cfg     Config
	make    func() (Strategy, error)
	options CausalOptions
	total   int
	report  *CausalReport
}

// playBase is the run that the others are compared with.
func (v *causalRuns) playBase() (err error) {
	if v.cfg.Strategy, err = v.make(); err != nil {
		return err
	}
	v.report.Base, err = Run(v.ctx, v.cfg)
	return err
}

func (v *causalRuns) progress() {
	v.report.Runs++
	if v.options.Progress != nil {
		v.options.Progress(v.report.Runs, v.total)
	}
}

// repeat plays the same data once more: what differs then is no matter of the
// future.
func (v *causalRuns) repeat() error {
	defer v.progress()
	d, err := v.compare(future{ms: v.cfg.ToMS})
	v.report.Difference = d
	return err
}

// change plays one other future, and keeps the earliest difference of all.
func (v *causalRuns) change(f future) error {
	defer v.progress()
	v.report.Points++
	d, err := v.compare(f)
	if old := v.report.Difference; d != nil && (old == nil || d.TimeMS < old.TimeMS) {
		v.report.Difference = d
	}
	return err
}

// blind plays other candles from the very start. A strategy that still emits the
// same orders has not looked at them.
func (v *causalRuns) blind() error {
	defer v.progress()
	if len(v.report.Base.Orders) == 0 {
		v.report.Note = "the strategy emitted no order: there was nothing to compare"
		return nil
	}
	start := v.cfg.FromMS
	for _, s := range v.cfg.Series {
		if s.Len() > 0 {
			start = min(start, s.Time[0])
		}
	}
	orders, err := v.play(future{ms: start - 1, change: changeWild}, v.cfg.ToMS)
	if v.ctx.Err() != nil {
		return v.ctx.Err()
	}
	same := func(a, b OrderRecord) bool { return sameOrder(&a, &b) }
	if err == nil && slices.EqualFunc(orders, v.report.Base.Orders, same) {
		v.report.Note = "with other candles from the very start the strategy emits the same orders: it does not look at them, and whether it knows them from elsewhere no test can tell"
	}
	return nil
}

// notePinned says what no other future shows: a price that the strategy brings
// may be one that was there, and could no longer be had.
func (v *causalRuns) notePinned() {
	n := 0
	for i := range v.report.Base.Orders {
		if v.report.Base.Orders[i].Pinned {
			n++
		}
	}
	if n == 0 {
		return
	}
	text := fmt.Sprintf("%d orders bring their own fill price: whether it could be had no test can tell", n)
	if n == 1 {
		text = "one order brings its own fill price: whether it could be had no test can tell"
	}
	if v.report.Note != "" {
		text = v.report.Note + "; " + text
	}
	v.report.Note = text
}

// compare plays a future and returns the first difference from the base run
// up to its instant; nil if there is none.
func (v *causalRuns) compare(f future) (*CausalDifference, error) {
	orders, err := v.play(f, f.ms)
	if v.ctx.Err() != nil {
		return nil, v.ctx.Err()
	}
	d := firstDifference(v.report.Base.Orders, orders, f.ms, err)
	if d != nil {
		d.Repeated, d.PointMS, d.How = f.change == changeNothing, f.ms, f.change.String()
	}
	return d, nil
}

// play plays the strategy up to an instant, in a world with another future, and
// returns its orders, until its error if there is one.
func (v *causalRuns) play(f future, untilMS int64) ([]OrderRecord, error) {
	cfg := v.cfg
	var err error
	if cfg.Strategy, err = v.make(); err != nil {
		return nil, err
	}
	cfg.Series = f.of(cfg.Series, cfg.ToMS, v.options.Seed)
	r, err := newRun(v.ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err = r.start(); err == nil {
		err = r.conclude(untilMS)
	}
	if err == nil {
		// What it does at the end is no order. But a strategy that keeps a memory for
		// its next run mostly writes it there: let it be of this world.
		_ = r.end()
	}
	return r.orders, errors.Join(err, r.close())
}

// firstDifference compares the orders that two runs emitted up to an instant, and
// their fills before it; failed is the error that ended the second.
func firstDifference(was, became []OrderRecord, untilMS int64, failed error) *CausalDifference {
	n, _ := slices.BinarySearchFunc(was, untilMS+1, func(o OrderRecord, ms int64) int { return cmp.Compare(o.EmittedMS, ms) })
	was = was[:n]
	for i := range min(len(was), len(became)) {
		if !sameOrder(&was[i], &became[i]) {
			return &CausalDifference{Order: i, TimeMS: min(was[i].EmittedMS, became[i].EmittedMS), Was: &was[i], Became: &became[i]}
		}
	}
	switch i := min(len(was), len(became)); {
	case failed != nil:
		d := &CausalDifference{Order: i, TimeMS: untilMS, Err: failed}
		if i < len(was) {
			d.TimeMS, d.Was = was[i].EmittedMS, &was[i]
		}
		return d
	case i < len(was):
		return &CausalDifference{Order: i, TimeMS: was[i].EmittedMS, Was: &was[i]}
	case i < len(became):
		return &CausalDifference{Order: i, TimeMS: became[i].EmittedMS, Became: &became[i]}
	}
	for i := range was {
		if a, b := was[i].fillBy(untilMS-1), became[i].fillBy(untilMS-1); a != b {
			return &CausalDifference{Order: i, TimeMS: was[i].EmittedMS, Was: &was[i], Became: &became[i], InFill: true}
		}
	}
	return nil
}

// sameOrder compares what the strategy decided. A number that the order doesn't
// use doesn't count.
func sameOrder(a, b *OrderRecord) bool {
	x, y := a.Order, b.Order
	for _, o := range []*Order{&x, &y} {
		if !o.Pinned {
			o.Price = 0
		}
		if !o.HasSlippage {
			o.Slippage = 0
		}
	}
	return x == y && a.EmittedMS == b.EmittedMS
}

// fillBy is the fill of an order, the zero Fill if it had none by then.
func (r *OrderRecord) fillBy(ms int64) Fill {
	if !r.Filled() || r.FilledMS > ms {
		return Fill{}
	}
	return Fill{Type: r.Type, Leverage: r.EffectiveLeverage, Price: r.FillPrice, Slippage: r.FillSlippage, TimeMS: r.FilledMS}
}
