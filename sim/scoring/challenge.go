package scoring

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Challenge is how a newcomer's challenge stands. Rules §13.
type Challenge struct {
	Days       int         `json:"days"` // full days
	DaysNeeded int         `json:"days_needed"`
	Drawdown   float64     `json:"drawdown"`   // a loss
	Percentile Value       `json:"percentile"` // of the combined score among the main competition; unknown where none is known
	Verdict    sim.Verdict `json:"verdict"`
	Reason     string      `json:"reason"` // a sentence

	Elimination sim.Reason `json:"-"` // of a failed challenge
}

// Challenger is a miner in its challenge period.
type Challenger struct {
	Assessment
	StartMS int64 // beginning of the period, UTC ms
	NowMS   int64 // of the check, UTC ms
}

// Judge checks a challenger against the main competition, which may be empty. Of
// many challengers each is judged by one [Competition]. The rank is looked at
// before the time, so one that is good enough passes at its last check too.
// Rules §13.
func (c *Challenger) Judge(set *rules.Set, main []Assessment) Challenge {
	_, challenge := NewCompetition(set, main).Judge(c)
	return challenge
}

// JudgeAlone checks a challenger of which no competition is known: it can
// fail, and can't pass.
func (c *Challenger) JudgeAlone(set *rules.Set) Challenge {
	return c.verdict(set, Value{})
}

// verdict draws the conclusion from the checks, in their order.
func (c *Challenger) verdict(set *rules.Set, percentile Value) Challenge {
	result := Challenge{
		Days:       c.Days,
		DaysNeeded: set.Challenge.DaysMin,
		Drawdown:   c.MaxDrawdown,
		Percentile: percentile,
	}
	rank, rankKnown := percentile.Get()
	enough := c.Days >= set.Challenge.DaysMin
	if drawdown := set.Drawdown; set.Elimination.Challenge &&
		beyond(c.drawdownFactor, drawdown.Limit, drawdown.AtLimit == rules.AtLimitEliminates) {
		return result.failed(set, sim.FailedChallengeDrawdown,
			fmt.Sprintf("its drawdown of %.2f %% is beyond the limit of %g %%", 100*c.MaxDrawdown, 100*drawdown.Limit))
	}
	if enough && rankKnown && rank >= set.Challenge.PercentileMin {
		result.Verdict = sim.ChallengePassed
		result.Reason = fmt.Sprintf("its percentile of %.4f reaches the %g that it takes", rank, set.Challenge.PercentileMin)
		return result
	}
	if c.NowMS-c.StartMS > set.Challenge.Duration.MS() && (rankKnown || !enough) {
		return result.failed(set, sim.FailedChallengeTime,
			fmt.Sprintf("its %g days are over, and it has not passed", float64(set.Challenge.Duration.MS())/dayMS))
	}
	switch {
	case !enough:
		result.Verdict = sim.ChallengeRunning
		result.Reason = fmt.Sprintf("it has %d full days of the %d that it takes", c.Days, set.Challenge.DaysMin)
	case !rankKnown:
		result.Verdict = sim.ChallengeRankUnknown
		result.Reason = "every check but the rank is passed; the rank takes a population"
	default:
		result.Verdict = sim.ChallengeRunning
		result.Reason = fmt.Sprintf("its percentile of %.4f is below the %g that it takes", rank, set.Challenge.PercentileMin)
	}
	return result
}

// failed ends a challenge. Some rule sets know one reason only.
func (c Challenge) failed(set *rules.Set, reason sim.Reason, sentence string) Challenge {
	if set.Challenge.Reasons == rules.ReasonsSingle {
		reason = sim.FailedChallenge
	}
	c.Verdict, c.Elimination, c.Reason = sim.ChallengeFailed, reason, sentence
	return c
}
