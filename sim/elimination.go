package sim

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Competition is where an account stands: it decides what eliminates it. Rules §9.
type Competition uint8

// The competitions.
const (
	Main        Competition = iota // the main competition: time never eliminates
	InChallenge                    // the challenge period
)

// judge watches an account's drawdown and value, and eliminates. Rules §9.
type judge struct {
	on           bool    // a drawdown eliminates
	factor       float64 // the lowest drawdown factor that survives: 1 - limit
	atLimit      bool    // exactly the limit eliminates
	checkEveryMS int64   // 0: at every update
	lagMS        int64
	reason       Reason

	noteOnly bool // the gate lets an eliminated miner trade on: what would have been

	due   *Elimination // found, and acted on at its time
	found *Elimination
	ended bool // the miner is out
}

func newJudge(set *rules.Set, as Competition) judge {
	e := &set.Elimination
	j := judge{
		on: e.Main, reason: MaxTotalDrawdown, checkEveryMS: e.CheckEvery.MS(), lagMS: e.LedgerLag.MS(),
		factor: 1 - set.Drawdown.Limit, atLimit: set.Drawdown.AtLimit == rules.AtLimitEliminates,
		noteOnly: !set.Gate.Checks.Eliminated,
	}
	if as == InChallenge {
		j.on, j.checkEveryMS = e.Challenge, e.ChallengeCheckEvery.MS()
		j.reason = FailedChallengeDrawdown
		if set.Challenge.Reasons == rules.ReasonsSingle {
			j.reason = FailedChallenge
		}
	}
	return j
}

// beyond reports whether a drawdown factor is beyond the limit. Rules §9.
func (j *judge) beyond(factor float64) bool {
	return factor < j.factor || (j.atLimit && factor == j.factor)
}

// watching reports whether a drawdown beyond the limit would be news.
func (j *judge) watching() bool { return j.on && j.due == nil && j.found == nil }

// delays reports whether time passes between a breach and its elimination: the
// clock must then not run ahead of the marks.
func (j *judge) delays() bool { return j.checkEveryMS != 0 || j.lagMS != 0 }

// acts reports whether a drawdown factor would have the judge do something: the
// limit is passed, or all is lost.
func (j *judge) acts(factor float64) bool {
	return factor <= 0 || (j.beyond(factor) && j.watching())
}

// look judges the account after an update at ms; pair and price name the mark
// or order that brought it.
func (j *judge) look(a *account, ms int64, pair string, price float64) {
	if j.ended {
		return
	}
	factor := a.ledger.track.drawdown()
	found := Elimination{TimeMS: ms, Drawdown: 1 - factor, Pair: pair, Price: price}
	if a.ledger.track.prev <= 0 {
		found.Reason = Liquidated
		j.act(a, found)
		return
	}
	if !j.watching() || !j.beyond(factor) {
		return
	}
	found.Reason = j.reason
	if j.checkEveryMS == 0 && j.lagMS == 0 {
		j.act(a, found)
		return
	}
	found.TimeMS = NextMultiple(ms+j.lagMS, j.checkEveryMS)
	j.due = &found
}

// dueMS is when an elimination that was found is acted on.
func (j *judge) dueMS() int64 {
	if j.due == nil {
		return math.MaxInt64
	}
	return j.due.TimeMS
}

func (j *judge) act(a *account, e Elimination) {
	j.due, j.found = nil, &e
	if j.noteOnly && e.Reason != Liquidated {
		return
	}
	j.ended = true
	a.eliminate(e.TimeMS)
}
