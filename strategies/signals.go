package strategies

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// Signals is the strategy that emits what it was given, each signal at its own
// time. It looks at nothing.
type Signals struct {
	// ClipToRange drops signals outside the run's range. Without it they are an
	// error: whoever plays half a file should know.
	ClipToRange bool
	// Doubts are what whoever reads the result should know of the signals. They
	// are among the run's warnings.
	Doubts []string

	name    string
	signals []Signal
	first   int                  // of the run's range
	inRange []Signal             // signals from first on
	next    int                  // of inRange
	feeds   map[string]*sim.Feed // of pairs with pinned prices
}

// NewSignals returns the strategy of signals in ascending order of time; name
// stands for them in errors.
func NewSignals(name string, signals []Signal) *Signals {
	return &Signals{name: name, signals: signals}
}

// Init implements sim.Strategy. It refuses signals that are unsorted, outside
// the run's range, or on pairs that can't be traded in it, with a *SignalError.
func (s *Signals) Init(setup *sim.Setup) error {
	for i := 1; i < len(s.signals); i++ {
		if before := s.signals[i-1].TimeMS; s.signals[i].TimeMS < before {
			return s.wrong(i, "time", fmt.Sprintf("%s after %s", stamp(s.signals[i].TimeMS), stamp(before)), "ascending times", "sort the signals by time")
		}
	}
	if err := s.clip(setup); err != nil {
		return err
	}
	if err := s.checkPairs(setup); err != nil {
		return err
	}
	s.next = 0
	setup.WakeAt(s.inRange[0].TimeMS)
	return nil
}

// Decide implements sim.Strategy.
func (s *Signals) Decide(c *sim.Context) error {
	for ; s.next < len(s.inRange); s.next++ {
		signal := &s.inRange[s.next]
		if signal.TimeMS > c.NowMS() {
			c.WakeAt(signal.TimeMS)
			return nil
		}
		c.Submit(signal.Order)
	}
	return nil
}

// End implements sim.Ender. It refuses pinned prices that are far from the
// candles of their time, with a *SignalError.
func (s *Signals) End(c *sim.Context) error {
	if err := s.checkPrices(); err != nil {
		return err
	}
	for _, doubt := range s.Doubts {
		c.Warn(doubt)
	}
	if n := s.clipped(); n > 0 {
		c.Warn(fmt.Sprintf("signals outside the run's range, which were dropped: %d of %d", n, len(s.signals)))
	}
	return nil
}

// clipped is how many signals lie outside the run's range.
func (s *Signals) clipped() int { return len(s.signals) - len(s.inRange) }

// clip keeps the signals of the run's range.
func (s *Signals) clip(setup *sim.Setup) error {
	from, to := setup.Range()
	s.first = sort.Search(len(s.signals), func(i int) bool { return s.signals[i].TimeMS >= from })
	end := sort.Search(len(s.signals), func(i int) bool { return s.signals[i].TimeMS > to })
	s.inRange = s.signals[s.first:end]
	span := fmt.Sprintf("times from %s to %s", stamp(from), stamp(to))
	switch {
	case len(s.signals) == 0:
		return &SignalError{File: s.name, Found: "no signal", Expected: "at least one"}
	case len(s.inRange) == 0:
		return s.wrong(0, "time", fmt.Sprintf("%s, and no signal in the run's range", stamp(s.signals[0].TimeMS)), span,
			"choose --from and --to, or candles, that cover the signals")
	case s.clipped() > 0 && !s.ClipToRange:
		i := 0
		if s.first == 0 {
			i = end
		}
		return s.wrong(i, "time", fmt.Sprintf("%s, outside the run's range (%d of %d signals are)",
			stamp(s.signals[i].TimeMS), s.clipped(), len(s.signals)), span, "choose --from and --to, or candles, that cover the signals, or drop them with --clip-signals")
	}
	return nil
}

// checkPairs looks each signal's pair up, once a pair and kind of fill, and
// watches the candles that can tell a wrong price.
func (s *Signals) checkPairs(setup *sim.Setup) error {
	type kind struct {
		pair   string
		pinned bool
	}
	checked := make(map[kind]bool)
	s.feeds = make(map[string]*sim.Feed)
	candles := setup.Pairs()
	for i := range s.inRange {
		signal := &s.inRange[i]
		k := kind{signal.Pair, signal.Pinned}
		if checked[k] {
			continue
		}
		checked[k] = true
		at := s.first + i
		if _, known := setup.Limits(k.pair); !known {
			found := fmt.Sprintf("%s, which the rule set %s does not know%s", k.pair, setup.RulesName(), suggest.DidYouMean(k.pair, market.PairIDs(setup.KnownPairs())))
			return s.wrong(at, "pair", found, "a pair of the rule set", "correct it, or add the pair under instruments.added in a rule file")
		}
		switch hasCandles := slices.Contains(candles, k.pair); {
		case !k.pinned && !hasCandles:
			return s.wrong(at, "pair", k.pair+" without candles and without a price of its own", "one of "+strings.Join(candles, ", "),
				"add candles of the pair to the run, or the price of the fill to the signal")
		case k.pinned && hasCandles:
			if err := s.watch(setup, k.pair); err != nil {
				return err
			}
		}
	}
	return nil
}

// wrong is an error of the i-th signal.
func (s *Signals) wrong(i int, field, found, expected, remedy string) error {
	of := &s.signals[i]
	e := &SignalError{File: s.name, Line: of.Line, Row: of.Row, Field: field, Found: found, Expected: expected, Remedy: remedy}
	if of.Line == 0 && of.Row == 0 {
		e.Row, e.Item = i+1, "signal"
		if of.UUID != "" {
			e.Item = "order " + of.UUID + ", signal"
		}
	}
	return e
}
