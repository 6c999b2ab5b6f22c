package sim

import "context"

// Replay is a run that is played in steps: between them its caller looks at the
// account, and decides about it what one account alone can't know, the outcome of
// its challenge. Run is a Replay in one step.
//
// Steps change nothing: a run in many comes to the same, to the last bit, as one
// in a single step.
type Replay struct {
	run *run
}

// NewReplay begins a run: its strategy has set itself up, and nothing has happened
// yet. The caller closes it. With Config.Refereed the challenge is the caller's to
// judge: see Promote, Fail and Retire.
func NewReplay(ctx context.Context, cfg Config) (*Replay, error) { panic("sim: not built yet") }

// Advance plays everything before ms, and of ms itself the marks of the candles
// that end then, the carry, and the eliminations. Strategies see those candles,
// and orders fill, at the beginning of the next step. An instant that is not after
// the last one's changes nothing.
func (p *Replay) Advance(ms int64) error { panic("sim: not built yet") }

// NowMS is how far the run is played, UTC ms.
func (p *Replay) NowMS() int64 { panic("sim: not built yet") }

// Ended reports whether the account trades no more: it was eliminated, or retired.
func (p *Replay) Ended() bool { panic("sim: not built yet") }

// Elimination is the account's, nil if there was none.
func (p *Replay) Elimination() *Elimination { panic("sim: not built yet") }

// Checkpoints are those of the window as of now, the unfinished one included. They
// are the run's own: valid until the next step, not to be changed. Of the online
// marking. Rules §8.
func (p *Replay) Checkpoints() []Checkpoint { panic("sim: not built yet") }

// Positions are all positions so far, in the order of their opening: likewise
// valid until the next step.
func (p *Replay) Positions() []PositionRecord { panic("sim: not built yet") }

// Orders are all orders so far, in the order of emission: likewise.
func (p *Replay) Orders() []OrderRecord { panic("sim: not built yet") }

// ChallengeStart is when the challenge period began, UTC ms; ok is false while it
// has not. Rules §13.
func (p *Replay) ChallengeStart() (ms int64, ok bool) { panic("sim: not built yet") }

// Promote takes an account in its challenge into the main competition, now.
func (p *Replay) Promote() { panic("sim: not built yet") }

// Fail ends an account whose challenge is failed, now.
func (p *Replay) Fail(reason Reason) { panic("sim: not built yet") }

// Retire ends an account that lost its place, now: its positions close at their
// last marked value, as an eliminated one's do.
func (p *Replay) Retire() { panic("sim: not built yet") }

// WakeAt has the strategy called at ms, which is not before now.
func (p *Replay) WakeAt(ms int64) { panic("sim: not built yet") }

// Finish plays to the end of the range and returns what the run came to.
func (p *Replay) Finish() (*Result, error) { panic("sim: not built yet") }

// Close lets go of what the strategy holds outside the run. More than once is as
// good as once.
func (p *Replay) Close() error { panic("sim: not built yet") }
