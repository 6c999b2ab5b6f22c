package sim

import (
	"fmt"
	"math"
	"time"
)

// How many instants pass between looks at the context, and between calls of the
// progress observer: a strategy may take its time at each.
const (
	lookEvery     = 1 << 6
	progressEvery = 1 << 12
)

// conclude plays to the end, and gives every order an outcome.
func (r *run) conclude(lastMS int64) error {
	if err := r.playThrough(lastMS); err != nil {
		return err
	}
	r.now = lastMS
	r.mark()
	r.rejectLeftOver()
	return nil
}

// playThrough moves the clock from event to event, up to an instant and all that
// happens at it. Between two events only marks happen, and the account takes those
// in bulk.
func (r *run) playThrough(lastMS int64) error {
	last, again := int64(math.MinInt64), 0
	for n := 0; !r.retired(); n++ {
		if n%lookEvery == 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
		}
		if n%progressEvery == 0 && r.cfg.Observer.Progress != nil {
			r.cfg.Observer.Progress(r.now)
		}
		t := r.untilDue(r.nextEvent(), lastMS)
		if t > lastMS {
			return nil
		}
		// What an instant leads to can fall due at once, but not for ever.
		if again++; t > last {
			last, again = t, 0
		}
		if t < last || again > 2 {
			panic(fmt.Sprintf("sim: the clock stands still at %s", stamp(t)))
		}
		if err := r.instant(t); err != nil {
			return err
		}
	}
	return nil
}

// retired reports whether nobody is to be called any more: whoever judges the run
// from outside has no use for what a strategy does after its account's end.
func (r *run) retired() bool { return r.cfg.Refereed && r.account.judge.ended }

// nextEvent is the next instant at which anything but a mark happens.
func (r *run) nextEvent() int64 {
	r.carryMS = r.account.nextCarry()
	t := min(r.carryMS, r.account.judge.dueMS(), r.feedMS)
	if !r.cfg.Refereed {
		t = min(t, r.challengeEnd)
	}
	for i := range r.periodics {
		t = min(t, r.periodics[i].nextMS)
	}
	if len(r.alarms) > 0 {
		t = min(t, r.alarms[0].ms)
	}
	if len(r.queue) > 0 {
		t = min(t, r.queue[0].dueMS)
	}
	return t
}

// untilDue is t, or when an elimination falls due before it. Where time passes
// between a breach and its elimination the clock must not run ahead of the
// marks: one on the way to t, and up to lastMS, may be the breach. Rules §9.
func (r *run) untilDue(t, lastMS int64) int64 {
	j := &r.account.judge
	if !j.delays() {
		return t
	}
	r.account.markThrough(min(t, lastMS))
	return min(t, j.dueMS())
}

// instant plays one instant, in the sequence of Rules §2: marks of the candles
// that end now; carry due now; drawdown and elimination; strategies see the
// candles that ended now, and emit; orders whose time has come fill.
//
// Marks wait until something looks at the account: a strategy that only watches
// candles lets them come in bulk. What they lead to is the same, and bears its
// own time.
func (r *run) instant(t int64) error {
	r.now = t
	if !r.account.judge.ended {
		r.fallDue()
	}
	if t >= r.challengeEnd && !r.cfg.Refereed {
		r.judgeChallenge()
	}
	if r.wakes(t) {
		if err := r.decide(); err != nil {
			return err
		}
	}
	if len(r.queue) == 0 {
		return nil
	}
	return r.settleOrders()
}

// fallDue books the carry and has the elimination act that are due now.
func (r *run) fallDue() {
	a := r.account
	if r.carryMS == r.now && a.nextCarry() == r.now {
		r.mark()
		a.chargeCarry(r.now)
	}
	if a.judge.dueMS() == r.now {
		a.judge.act(a, *a.judge.due)
	}
}

// arrive brings the account to an instant, as far as no strategy is called and no
// order fills.
func (r *run) arrive(t int64) {
	r.now = t
	r.mark()
	if !r.account.judge.ended {
		r.carryMS = r.account.nextCarry()
		r.fallDue()
	}
}

// mark takes the account through the candles that have ended by now.
func (r *run) mark() {
	if len(r.account.open) > 0 {
		r.account.markThrough(r.now)
	}
}

// stamp writes an instant for a person.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }
