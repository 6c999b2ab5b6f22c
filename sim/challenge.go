package sim

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// startChallenge sets the end of the challenge period, once its start is known.
// Rules §13.
func (r *run) startChallenge() {
	if r.cfg.As != InChallenge || r.challengeEnd != math.MaxInt64 || r.challengeOver {
		return
	}
	start, ok := r.challengeStart()
	if !ok {
		return
	}
	c := &r.cfg.Rules.Challenge
	r.challengeEnd = NextMultiple(start+c.Duration.MS()+1, c.CheckEvery.MS())
}

// challengeStart is the instant from which the challenge period counts: the
// start of the run, taken as the registration, or the first accepted order.
func (r *run) challengeStart() (ms int64, ok bool) {
	if r.cfg.Rules.Challenge.Start == rules.ChallengeFromRegistration {
		return r.cfg.FromMS, true
	}
	if len(r.account.all) == 0 {
		return 0, false
	}
	return r.account.all[0].openMS, true
}

// judgeChallenge ends a challenge whose time is over. Without the days it can't
// have passed, whatever its rank. With them it has passed or failed, which one
// account alone can't tell: the run goes on as if it had passed, in the main
// competition. Rules §13.
func (r *run) judgeChallenge() {
	r.mark()
	r.challengeEnd, r.challengeOver = math.MaxInt64, true
	if r.account.judge.ended {
		return
	}
	checkpoints, windowFrom := r.account.ledger.checkpoints(r.now)
	if len(Days(checkpoints, r.cfg.Rules.Ledger)) >= r.cfg.Rules.Challenge.DaysMin {
		r.promote()
		r.notes = append(r.notes, fmt.Sprintf("the time of the challenge was over at %s, and only a population tells whether it was passed: from there on the account is judged as one of the main competition", stamp(r.now)))
		return
	}
	reason := FailedChallengeTime
	if r.cfg.Rules.Challenge.Reasons == rules.ReasonsSingle {
		reason = FailedChallenge
	}
	r.account.judge.act(r.account, Elimination{
		TimeMS: r.now, Reason: reason, Drawdown: MaxDrawdown(checkpoints[windowFrom:]),
	})
}

// promote takes the account into the main competition. What its challenge found
// stays.
func (r *run) promote() {
	due, found := r.account.judge.due, r.account.judge.found
	r.account.judge = newJudge(r.cfg.Rules, Main)
	r.account.judge.due, r.account.judge.found = due, found
	r.challengeEnd, r.challengeOver = math.MaxInt64, true
}

// challenge is the challenge's verdict for this account alone. Its rank needs a
// population; everything else of Rules §13 is told.
func (r *run) challenge(res *Result) ChallengeStatus {
	c := &r.cfg.Rules.Challenge
	status := ChallengeStatus{DaysNeeded: c.DaysMin, Verdict: ChallengeRunning}
	start, ok := r.challengeStart()
	if !ok {
		status.Reason = "it starts with the first order, and none was accepted"
		return status
	}
	status.StartMS = start
	end := start + c.Duration.MS()
	checkpoints := res.Checkpoints
	for len(checkpoints) > 0 && checkpoints[len(checkpoints)-1].LastUpdateMS > end {
		checkpoints = checkpoints[:len(checkpoints)-1]
	}
	status.Days = len(Days(checkpoints, r.cfg.Rules.Ledger))
	status.Drawdown = MaxDrawdown(checkpoints)
	over := ""
	if res.ToMS > end {
		over = fmt.Sprintf(" on %s, when its time was over,", stamp(end)[:len("2006-01-02")])
	}
	e := res.Elimination
	switch {
	case e != nil && (e.Reason == FailedChallenge || e.Reason == FailedChallengeDrawdown || e.Reason == FailedChallengeTime):
		status.Verdict = ChallengeFailed
		status.Reason = fmt.Sprintf("%d full days of %d and a drawdown of %.2f %% when it was eliminated", status.Days, c.DaysMin, 100*e.Drawdown)
	case r.cfg.Rules.Elimination.Challenge && r.account.judge.beyond(1-status.Drawdown):
		status.Verdict = ChallengeFailed
		status.Reason = fmt.Sprintf("a drawdown of %.2f %% is beyond the limit of %g %%", 100*status.Drawdown, 100*r.cfg.Rules.Drawdown.Limit)
	case status.Days < c.DaysMin && over != "":
		status.Verdict = ChallengeFailed
		status.Reason = fmt.Sprintf("%d full days of %d when its time was over, on %s", status.Days, c.DaysMin, stamp(end)[:len("2006-01-02")])
	case status.Days < c.DaysMin:
		status.Reason = fmt.Sprintf("%d full days of %d", status.Days, c.DaysMin)
	default:
		status.Verdict = ChallengeRankUnknown
		status.Reason = fmt.Sprintf("%d full days and a drawdown of %.2f %%%s suffice; it passes with a combined score in the top %g %% of the competition, which one account alone can't tell", status.Days, 100*status.Drawdown, over, 100*(1-c.PercentileMin))
	}
	return status
}
