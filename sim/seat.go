package sim

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// seat is one strategy's place in a run: what it subscribed to, when it is to
// be called, and what it is to be told.
type seat struct {
	run      *run
	name     string // "" for the run's own strategy
	host     *seat  // nil for the run's own strategy
	strategy Strategy
	watcher  OutcomeWatcher    // nil: it doesn't want to know
	desk     Desk              // with what it has of its host's
	taker    *seat             // whose desk's Submit takes its orders: its own or a host's; nil: the account
	lent     map[OrderID]*seat // orders that this seat's desk took from guests, not told yet
	context  Context
	feeds    []*Feed
	outcomes []OrderID // of its orders, not told yet
	due      bool      // a feed or an alarm of its own has it called
}

// alarm calls a seat's strategy once.
type alarm struct {
	ms   int64
	seat *seat
}

// periodic calls a seat's strategy at the multiples of a duration.
type periodic struct {
	seat            *seat
	everyMS, nextMS int64
}

// sit gives a strategy a place in the run and has it set itself up there.
func (r *run) sit(name string, host *seat, strategy Strategy, desk Desk) (*seat, error) {
	s := &seat{run: r, name: name, host: host, strategy: strategy, desk: desk}
	if host != nil {
		s.desk, s.taker = desk.within(host.desk), host.taker
	}
	if desk.Submit != nil {
		s.taker = s
	}
	s.context.seat = s
	s.watcher, _ = strategy.(OutcomeWatcher)
	r.seats = append(r.seats, s)
	return s, strategy.Init(&Setup{s})
}

// submit hands an order to a host's desk, or to the account.
func (s *seat) submit(o Order) OrderID {
	if s.taker == nil {
		return s.run.emit(s, o)
	}
	id := s.desk.Submit(&s.context, o)
	if s.taker != s && id >= 0 {
		if s.taker.lent == nil {
			s.taker.lent = make(map[OrderID]*seat)
		}
		s.taker.lent[id] = s
	}
	return id
}

// call has the strategy decide, once it has been told what it is waiting for.
func (s *seat) call() error {
	if len(s.outcomes) > 0 {
		if err := s.tell(); err != nil {
			return err
		}
	}
	return s.strategy.Decide(&s.context)
}

// tell tells the strategy what became of its orders; only a watcher's are noted.
func (s *seat) tell() error {
	told := s.outcomes
	s.outcomes = nil
	for _, id := range told {
		o := s.run.orders[id]
		o.Warnings = nil // for the reader of the log: they may look at the whole candle
		if err := s.watcher.Outcome(&s.context, id, o); err != nil {
			return err
		}
	}
	return nil
}

// refuse keeps the first thing that a strategy may not do: it ends the run.
func (r *run) refuse(err error) {
	if r.refused == nil {
		r.refused = err
	}
}

// wakeAt sets an alarm. One that is not in the future would stop the clock: it
// ends the run with an error.
func (r *run) wakeAt(s *seat, ms, afterMS int64) {
	if ms <= afterMS {
		r.refuse(fmt.Errorf("an alarm at %s is not after %s, and would never come", stamp(ms), stamp(afterMS)))
		return
	}
	i, _ := slices.BinarySearchFunc(r.alarms, ms, func(a alarm, ms int64) int {
		if a.ms <= ms { // behind those of the same time
			return -1
		}
		return 1
	})
	r.alarms = slices.Insert(r.alarms, i, alarm{ms, s})
}

// wakes moves feeds and alarms to t and reports whether a strategy is to be
// called.
func (r *run) wakes(t int64) bool {
	wake := false
	next := int64(math.MaxInt64)
	for _, f := range r.feeds {
		if f.advance(t) {
			f.seat.due, wake = true, true
		}
		next = min(next, f.dueMS)
	}
	r.feedMS = next
	for len(r.alarms) > 0 && r.alarms[0].ms <= t {
		r.alarms[0].seat.due, wake = true, true
		r.alarms = r.alarms[1:]
	}
	for i := range r.periodics {
		if p := &r.periodics[i]; p.nextMS <= t {
			p.seat.due, wake = true, true
			p.nextMS = NextMultiple(t+1, p.everyMS)
		}
	}
	return wake
}

// decide calls the run's strategy, which calls its guests.
func (r *run) decide() error {
	err := r.seats[0].call()
	for _, s := range r.seats {
		s.due = false
	}
	if err != nil || r.refused != nil {
		return fmt.Errorf("strategy at %s: %w", stamp(r.now), errors.Join(err, r.refused))
	}
	return nil
}

// end tells the strategies that the clock has stopped.
func (r *run) end() error {
	r.over = true
	for _, s := range r.seats {
		err := s.tell()
		if e, ok := s.strategy.(Ender); ok && err == nil {
			err = e.End(&s.context)
		}
		if err = errors.Join(err, r.refused); err != nil {
			return fmt.Errorf("strategy at its end: %w", err)
		}
	}
	return nil
}

// close lets go of what strategies hold outside the run.
func (r *run) close() error {
	var failed error
	for _, s := range r.seats {
		if c, ok := s.strategy.(io.Closer); ok {
			failed = errors.Join(failed, c.Close())
		}
	}
	return failed
}
