package sim

import "context"

// Replay is a run that is played in steps: between them its caller looks at the
// account, and decides about it what one account alone can't know, the outcome of
// its challenge.
//
// Steps change nothing: a run in many comes to the same, to the last bit, as one
// of Run. Only when its account has ended a Replay plays no further, where Run goes
// on to write down which orders were rejected; with Config.Refereed, not even to the
// end of the step.
type Replay struct {
	run    *run
	begun  bool // the account stands at run.now, its strategies not called yet
	closed bool

	window  []Checkpoint     // what Checkpoints returned last
	records []PositionRecord // what Positions did
	settled int              // the first so many of them are closed, and constant
}

// NewReplay begins a run: its strategy has set itself up, and nothing has happened
// yet. The caller closes it. With Config.Refereed the challenge is the caller's to
// judge: see Promote, Fail and Retire.
func NewReplay(ctx context.Context, cfg Config) (*Replay, error) {
	r, err := newRun(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := r.start(); err != nil {
		_ = r.close() // what failed is told
		return nil, err
	}
	return &Replay{run: r}, nil
}

// Advance plays everything before ms, and of ms itself the marks of the candles
// that end then, the carry, and the eliminations. Strategies see those candles,
// and orders fill, at the beginning of the next step. An instant that is not after
// the last one's changes nothing.
func (p *Replay) Advance(ms int64) error {
	r := p.run
	ms = min(ms, r.cfg.ToMS)
	if ms < r.now || ms == r.now && p.begun || p.Ended() {
		return nil
	}
	if err := r.playThrough(ms - 1); err != nil {
		return err
	}
	p.begun = true
	r.arrive(ms)
	return nil
}

// NowMS is how far the run is played, UTC ms.
func (p *Replay) NowMS() int64 { return p.run.now }

// Ended reports whether the account trades no more: it was eliminated, or retired.
func (p *Replay) Ended() bool { return p.run.account.judge.ended }

// Elimination is the account's, nil if there was none.
func (p *Replay) Elimination() *Elimination { return p.run.account.judge.found }

// Checkpoints are those of the window as of now, the unfinished one included; of
// an ended account, as of its end. They are the run's own: valid until the next
// call, not to be changed. Of the online marking. Rules §8.
func (p *Replay) Checkpoints() []Checkpoint {
	p.window = p.run.account.ledger.window(p.window[:0], min(p.run.now, p.run.endMS()))
	return p.window
}

// Positions are all positions so far, in the order of their opening: likewise
// valid until the next call.
func (p *Replay) Positions() []PositionRecord {
	a := p.run.account
	for i := p.settled; i < len(a.all); i++ {
		of := a.all[i]
		switch {
		case i == len(p.records):
			p.records = append(p.records, of.record(a.instruments[of.pair].pair.ID))
		case !p.records[i].Closed:
			p.records[i] = of.record(a.instruments[of.pair].pair.ID)
		}
	}
	for p.settled < len(p.records) && p.records[p.settled].Closed {
		p.settled++
	}
	return p.records
}

// Orders are all orders so far, in the order of emission. They are the run's own:
// valid until the next step, not to be changed.
func (p *Replay) Orders() []OrderRecord { return p.run.orders }

// ChallengeStart is when the challenge period began, UTC ms; ok is false while it
// has not. Rules §13.
func (p *Replay) ChallengeStart() (ms int64, ok bool) { return p.run.challengeStart() }

// Promote takes an account in its challenge into the main competition, now.
func (p *Replay) Promote() { p.run.promote() }

// Fail ends an account whose challenge is failed, now, whatever the order gate
// makes of eliminations. One that has ended stays as it is.
func (p *Replay) Fail(reason Reason) {
	if p.Ended() {
		return
	}
	r := p.run
	a := r.account
	a.judge.due, a.judge.found, a.judge.ended = nil, &Elimination{
		TimeMS: r.now, Reason: reason, Drawdown: MaxDrawdown(p.Checkpoints()),
	}, true
	r.challengeOver = true
	a.eliminate(r.now)
}

// Retire ends an account that lost its place, now: its positions close at their
// last marked value, as an eliminated one's do.
func (p *Replay) Retire() {
	r := p.run
	if p.Ended() {
		return
	}
	r.account.judge.due, r.account.judge.ended, r.retiredMS = nil, true, r.now
	r.account.eliminate(r.now)
}

// WakeAt has the strategy called at ms, which is not before now; at once, if it is
// now, and the strategy has not been called yet.
func (p *Replay) WakeAt(ms int64) { p.run.wakeAt(p.run.seats[0], ms, p.run.now-1) }

// Finish plays to the end of the range, but for an account that has ended, and
// returns what the run came to. It is the last call that plays; looking at the
// account goes on.
func (p *Replay) Finish() (*Result, error) {
	r := p.run
	last := r.cfg.ToMS
	if p.Ended() {
		last = r.now
	}
	if err := r.conclude(last); err != nil {
		return nil, err
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	if err := p.Close(); err != nil {
		return nil, err
	}
	return r.result()
}

// Close lets go of what the strategy holds outside the run. More than once is as
// good as once.
func (p *Replay) Close() error {
	if p.closed {
		return nil
	}
	p.closed = true
	return p.run.close()
}
