package subnet

import (
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// entrant is a miner as a contest sees it.
type entrant struct {
	name       string
	state      scoring.State
	assessment scoring.Assessment // as of the contest's instant; of one that is out, none
}

// contest is those who hold a slot, at one instant: whom challengers are judged
// against, and who is paid what.
type contest struct {
	entrants    []scoring.Entrant // in the order of their names
	main        int               // those in the main competition
	competition *scoring.Competition
}

// newContest prepares a contest. The entrants come in the order of their names,
// on which sums depend in their last bits.
func newContest(set *rules.Set, entrants []*entrant) *contest {
	c := &contest{entrants: make([]scoring.Entrant, len(entrants))}
	var main []scoring.Assessment
	for i, e := range entrants {
		c.entrants[i] = scoring.Entrant{State: e.state, Assessment: &e.assessment}
		if e.state == scoring.StateMain {
			main = append(main, e.assessment)
		}
	}
	c.main, c.competition = len(main), scoring.NewCompetition(set, main)
	return c
}

// judge checks a challenger whose period began at startMS. Rules §13.
func (c *contest) judge(e *entrant, startMS, nowMS int64) scoring.Challenge {
	_, challenge := c.competition.Judge(&scoring.Challenger{Assessment: e.assessment, StartMS: startMS, NowMS: nowMS})
	return challenge
}

// awards are those of the entrants, in their order. With nobody in the main
// competition no weights are set: ok is false. Rules §12.
func (c *contest) awards() (awards []scoring.Award, ok bool) {
	if c.main == 0 {
		return nil, false
	}
	return c.competition.Awards(c.entrants), true
}
