package subnet

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// trial is one challenger's check.
type trial struct {
	*contender
	startMS int64
	last    bool // its time is up
	verdict scoring.Challenge
}

// checkChallenges promotes challengers, and fails those whose time is up. All are
// judged against one main competition, then what follows from it happens. Rules §13.
func (t *tournament) checkChallenges() error {
	trials, err := t.trials()
	if err != nil || len(trials) == 0 {
		return err
	}
	main := t.those(scoring.StateMain)
	if err := t.assess(main); err != nil {
		return err
	}
	contest := newContest(t.set, entrantsOf(main))
	for i := range trials {
		of := &trials[i]
		of.verdict = contest.judge(&of.entrant, of.startMS, t.now)
	}
	for i := range trials {
		if err := t.decide(&trials[i]); err != nil {
			return err
		}
	}
	return nil
}

// trials are the challengers that this instant's check can do something about. A
// rank costs more than a look at the calendar, and that more than none: most have
// too few days yet.
func (t *tournament) trials() ([]trial, error) {
	rule := &t.set.Challenge
	onGrid := t.now%t.cfg.ChecksEveryMS == 0
	var trials []trial
	var miners []*contender
	for _, m := range t.those(scoring.StateChallenge) {
		start, begun := m.account.ChallengeStart()
		last := begun && lastCheckMS(start, rule) <= t.now
		if last || onGrid && begun && m.agedMS(rule) <= t.now {
			trials = append(trials, trial{contender: m, startMS: start, last: last})
			miners = append(miners, m)
		}
	}
	if err := t.assess(miners); err != nil {
		return nil, err
	}
	n := 0
	for _, of := range trials {
		if of.last || of.assessment.Days >= rule.DaysMin {
			trials[n] = of
			n++
		}
	}
	return trials[:n], nil
}

// decide lets a verdict take effect. A failure counts when the time is up alone:
// before that the account watches its drawdown itself.
func (t *tournament) decide(of *trial) error {
	v, m := &of.verdict, of.contender
	switch {
	case v.Verdict == sim.ChallengePassed:
		m.account.Promote()
		m.state, m.result.PromotedMS, m.passed = scoring.StateMain, t.now, v
		t.events = append(t.events, Event{
			TimeMS: t.now, Kind: Promoted, Miner: m.name, Drawdown: v.Drawdown, Days: v.Days, Percentile: v.Percentile,
		})
	case v.Verdict == sim.ChallengeFailed && of.last:
		m.account.Fail(v.Elimination)
		t.events = append(t.events, Event{
			TimeMS: t.now, Kind: Eliminated, Miner: m.name,
			Reason: v.Elimination, Drawdown: m.account.Elimination().Drawdown, Days: v.Days, Percentile: v.Percentile,
		})
		t.out(m, t.now, scoring.StateEliminated)
		return m.end(t.now)
	}
	return nil
}

func entrantsOf(miners []*contender) []*entrant {
	entrants := make([]*entrant, len(miners))
	for i, m := range miners {
		entrants[i] = &m.entrant
	}
	return entrants
}
