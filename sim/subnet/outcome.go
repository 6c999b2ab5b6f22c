package subnet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// result plays the last instant's strategies and fills, and gathers what the
// tournament came to.
func (t *tournament) result() (*Result, error) {
	playing := t.playing()
	if err := t.byLevel(playing, func(m *contender) error { return m.finish(t.cfg.ToMS) }); err != nil {
		return nil, err
	}
	t.noteEliminations(playing)
	t.payroll.pay(t.cfg.ToMS)
	r := &Result{
		Rules: t.set, FromMS: t.cfg.FromMS, ToMS: t.cfg.ToMS, Seed: t.cfg.Seed,
		WeightsEveryMS: t.cfg.WeightsEveryMS, ChecksEveryMS: t.cfg.ChecksEveryMS,
		EmissionPerDay: t.cfg.EmissionPerDay, RegistrationFee: t.cfg.RegistrationFee,
		Events: t.events, History: t.rounds(), Emission: t.payroll.paid, Warnings: t.warnings,
	}
	for _, m := range t.everyone {
		m.result.State = m.state
		r.Miners = append(r.Miners, m.result)
	}
	for _, m := range t.refused {
		r.Refused = append(r.Refused, *m)
	}
	r.warn()
	var err error
	if r.Standing, err = scoring.Score(t.set, r.Population()); err != nil {
		return nil, err
	}
	for i, m := range t.everyone {
		of := &r.Miners[i]
		j, _ := slices.BinarySearchFunc(r.Standing.Miners, of.Name, func(s scoring.Judgement, name string) int { return strings.Compare(s.ID, name) })
		of.Judgement = r.Standing.Miners[j]
		m.tellChallenge(of)
	}
	return r, nil
}

// Population is all who were ever registered as they stand at the end, in the
// order of [Result.Miners]: what [Result.Standing] judges. Positions that the
// rules' filter leaves out are left out.
//
// The challenge of a miner whose period has not begun, for want of an order, is
// taken to begin at that instant.
func (r *Result) Population() scoring.Population {
	p := scoring.Population{EvaluationMS: r.ToMS}
	for i := range r.Miners {
		m := &r.Miners[i]
		of := scoring.Miner{ID: m.Name, State: m.State, Ledger: scoring.Ledger{
			Checkpoints: m.Account.Checkpoints,
			Positions:   scoring.FilterPositions(r.Rules.Scoring.PositionFilter, m.Account.Positions),
		}}
		if m.State == scoring.StateChallenge {
			if of.ChallengeStartMS = m.Account.Challenge.StartMS; of.ChallengeStartMS == 0 {
				of.ChallengeStartMS = r.ToMS
			}
		}
		p.Miners = append(p.Miners, of)
	}
	return p
}

// tellChallenge says of an account how its challenge went, which the account alone
// could not know. One that began in the main competition had none.
func (m *contender) tellChallenge(of *MinerResult) {
	c := &of.Account.Challenge
	switch {
	case m.founder:
	case m.passed != nil:
		p, _ := m.passed.Percentile.Get()
		c.Days, c.Drawdown, c.Verdict = m.passed.Days, m.passed.Drawdown, sim.ChallengePassed
		c.Reason = fmt.Sprintf("on %s, with %d full days and a percentile of %.4f", date(of.PromotedMS), c.Days, p)
	case of.State == scoring.StateEliminated:
		c.Verdict = sim.ChallengeFailed
		c.Reason = fmt.Sprintf("%s on %s", of.Account.Elimination.Reason, date(of.OutMS))
	case of.State == scoring.StateDeregistered:
		c.Verdict = sim.ChallengeFailed
		c.Reason = fmt.Sprintf("it lost its slot on %s, before it had passed", date(of.OutMS))
	case c.StartMS != 0:
		c.Verdict = sim.ChallengeRunning
		if of.Judgement.Challenge.Verdict == sim.ChallengeRunning {
			c.Reason = of.Judgement.Challenge.Reason
			return
		}
		c.Reason = "the next check comes after the end of the range"
	}
}

// daysOf is the full days of a challenge when it failed, by the marking that it was
// judged by. An account that the gate lets trade on is past that instant already.
func (m *contender) daysOf(set *rules.Set, e *sim.Elimination) int {
	switch e.Reason {
	case sim.FailedChallenge, sim.FailedChallengeDrawdown, sim.FailedChallengeTime:
	default:
		return 0
	}
	checkpoints := m.account.Checkpoints()
	for n := len(checkpoints); n > 0 && checkpoints[n-1].LastUpdateMS > e.TimeMS; n-- {
		checkpoints = checkpoints[:n-1]
	}
	return len(sim.Days(checkpoints, set.Ledger))
}
