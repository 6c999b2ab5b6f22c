package process

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Program is a strategy that a program decides. It is started by Init, and is
// over at End, or killed at Close.
type Program struct {
	name    string
	words   []string
	options Options
	params  []strategies.Setting

	session *session // nil before Init and after Close
}

// session is one run of the program.
type session struct {
	child  *child
	ready  *ready
	pairs  []string         // of the run
	run    []*sim.Feed      // one for each of them
	limits []sim.PairLimits // and what the rules allow on it
	feeds  []*subscription  // what the program sees

	out      object // the message at hand
	outcomes object // what became of orders, not told yet
}

// subscription is a feed that a program sees.
type subscription struct {
	feed *sim.Feed
	sent int // candles
}

// Validate implements strategies.Configurable: only the program knows its
// parameters.
func (p *Program) Validate() error { return nil }

// Init implements sim.Strategy: it starts the program and subscribes to what it
// asks for.
func (p *Program) Init(setup *sim.Setup) error {
	if err := p.Close(); err != nil {
		return err
	}
	s := &session{pairs: setup.Pairs()}
	for _, id := range s.pairs {
		f, err := setup.SubscribeTo(id, sim.FeedOptions{Quiet: true})
		if err != nil {
			return err
		}
		limits, _ := setup.Limits(id)
		s.run, s.limits = append(s.run, f), append(s.limits, limits)
	}
	greeting, err := json.Marshal(newHello(setup, s.run, p.params))
	if err != nil {
		return err
	}
	if s.child, err = start(setup.Context(), p.name, p.words, p.options); err != nil {
		return err
	}
	p.session = s
	line, err := s.ask(append(greeting, '\n'), p.options.StartTimeout, "ready")
	if err == nil {
		s.ready, err = parseReady(line)
	}
	if err == nil {
		err = s.subscribe(setup)
	}
	if err != nil {
		return s.child.fail(err)
	}
	return nil
}

// subscribe arranges what the program asked for.
func (s *session) subscribe(setup *sim.Setup) error {
	wishes := s.ready.Subscribe
	if wishes == nil {
		for _, f := range s.run {
			wishes = append(wishes, wish{Pair: f.Pair()})
		}
	}
	for _, w := range wishes {
		i := slices.Index(s.pairs, w.Pair)
		if i < 0 {
			return wrong("a subscription to "+cut([]byte(w.Pair))+suggest.DidYouMean(w.Pair, s.pairs),
				"one of the run's pairs, "+strings.Join(s.pairs, ", "), "")
		}
		feed := s.run[i]
		if w.IntervalMS != 0 && w.IntervalMS != feed.Candles().IntervalMS() {
			var err error
			if feed, err = setup.SubscribeTo(w.Pair, sim.FeedOptions{IntervalMS: w.IntervalMS, Quiet: true}); err != nil {
				return wrong("a subscription to "+err.Error(), "", "")
			}
		}
		for _, other := range s.feeds {
			if other.feed.Pair() == w.Pair && other.feed.Candles().IntervalMS() == feed.Candles().IntervalMS() {
				return wrong("two subscriptions to "+w.Pair+" at the same interval", "one", "")
			}
		}
		sent := 0
		if s.ready.History != allHistory {
			sent = max(0, feed.Candles().Len()-int(s.ready.History))
		}
		s.feeds = append(s.feeds, &subscription{feed, sent})
	}
	for i := range s.ready.Decide {
		if err := s.ready.Decide[i].apply(setup, s.feeds); err != nil {
			return err
		}
	}
	return nil
}

// Outcome implements sim.OutcomeWatcher: it is told with the next question.
func (p *Program) Outcome(_ *sim.Context, id sim.OrderID, o sim.OrderRecord) error {
	if p.session.ready.wants.outcomes {
		p.session.outcomes.outcome(id, &o)
	}
	return nil
}

// Decide implements sim.Strategy: it asks the program.
func (p *Program) Decide(c *sim.Context) error {
	s, now, limit := p.session, c.NowMS(), p.options.AnswerTimeout
	message, err := s.question(c, func(part []byte) error { return s.tell(part, limit) })
	var line []byte
	if err == nil {
		line, err = s.ask(message, limit, "orders")
	}
	var a *answer
	if err == nil {
		a, err = parseAnswer(line, now, s.pairs)
	}
	if err != nil {
		return s.child.fail(err)
	}
	for i := range a.Orders {
		o := &a.Orders[i]
		o.emit(c, s.limits[slices.Index(s.pairs, o.Pair)])
	}
	if a.WakeAtMS != 0 {
		c.WakeAt(a.WakeAtMS)
	}
	return nil
}

// End implements sim.Ender: it says goodbye.
func (p *Program) End(c *sim.Context) error {
	s := p.session
	line, err := s.ask(s.farewell(c), p.options.AnswerTimeout, "bye")
	if err == nil {
		err = parseBye(line)
	}
	if err == nil {
		err = s.child.finish(p.options.ExitGrace)
	}
	if err != nil {
		return s.child.fail(err)
	}
	return nil
}

// Close implements io.Closer: a program that still runs is killed.
func (p *Program) Close() error {
	if p.session != nil {
		p.session.child.stop()
		p.session = nil
	}
	return nil
}

// ask writes a message and reads the answer.
func (s *session) ask(message []byte, limit time.Duration, want string) ([]byte, error) {
	watch := s.watch(limit, want)
	defer watch.Stop()
	if err := s.write(message, want); err != nil {
		return nil, err
	}
	return s.child.line()
}

// tell writes a message that takes no answer.
func (s *session) tell(message []byte, limit time.Duration) error {
	watch := s.watch(limit, "orders")
	defer watch.Stop()
	return s.write(message, "orders")
}

// watch gives up a program that neither reads nor answers for a while.
func (s *session) watch(limit time.Duration, want string) *time.Timer {
	return s.child.watch(limit, wrong(fmt.Sprintf("no answer within %s", limit), "a message of type "+want,
		"a program must read what it is sent, and flush its output after each answer; or give it more time"))
}

// write writes a message to which, or to the next, an answer is wanted. A program
// that reads no more may have said why: then the error is by what it said.
func (s *session) write(message []byte, want string) error {
	_, err := s.child.stdin.Write(message)
	if err == nil {
		return nil
	}
	last := s.child.watch(patience, wrong("its standard input or output closed while it goes on", "a message of type "+want, "keep both open until the run's end"))
	defer last.Stop()
	line, readErr := s.child.line()
	if readErr == nil {
		readErr = expect(line, want)
	}
	if readErr != nil {
		return readErr
	}
	return err
}
