package subnet

import (
	"slices"
	"sort"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// appraiser judges accounts by themselves, as the subnet does: by the positions
// that the rules let it look at (scoring.position_filter). Rules §11.
type appraiser struct {
	filter   rules.PositionFilter
	assessor *scoring.Assessor
}

func newAppraiser(set *rules.Set) appraiser {
	return appraiser{set.Scoring.PositionFilter, scoring.NewAssessor(set)}
}

func (a appraiser) appraise(checkpoints []sim.Checkpoint, positions []sim.PositionRecord, nowMS int64) scoring.Assessment {
	return a.assessor.Assess(scoring.Ledger{
		Checkpoints: checkpoints, Positions: scoring.FilterPositions(a.filter, positions),
	}, nowMS)
}

// entrant is a miner as a contest sees it.
type entrant struct {
	name       string
	state      scoring.State
	assessment scoring.Assessment // as of the contest's instant; of one that is out, none
}

// contest is those who hold a slot, at one instant: whom challengers are judged
// against, and who is paid what. It does all that [scoring.Score] does, for the
// same results to the last bit, and leaves out what is asked at the end alone.
type contest struct {
	set         *rules.Set
	entrants    []*entrant // in the order of their names
	main        []int      // those in the main competition
	competition *scoring.Competition
}

// newContest prepares a contest. The entrants come in the order of their names,
// on which sums depend in their last bits.
func newContest(set *rules.Set, entrants []*entrant) *contest {
	c := &contest{set: set, entrants: entrants}
	var assessments []scoring.Assessment
	for i, e := range entrants {
		if e.state == scoring.StateMain {
			c.main = append(c.main, i)
			assessments = append(assessments, e.assessment)
		}
	}
	c.competition = scoring.NewCompetition(set, assessments)
	return c
}

// judge checks a challenger whose period began at startMS. Rules §13.
func (c *contest) judge(e *entrant, startMS, nowMS int64) (scoring.Place, scoring.Challenge) {
	return c.competition.Judge(&scoring.Challenger{Assessment: e.assessment, StartMS: startMS, NowMS: nowMS})
}

// award is what an entrant gets.
type award struct {
	rank   int           // in the main competition by weight, 1 the best; ties share the better; 0: not in it
	score  scoring.Value // combined, penalties included; unknown of who is out
	weight float64
	share  float64 // of the emission
}

// awards are those of the entrants, in their order, and the concentration of the
// main competition's weights. With nobody in it no weights are set: ok is false.
// Rules §12.
func (c *contest) awards() (awards []award, concentration scoring.Value, ok bool) {
	if len(c.main) == 0 {
		return nil, scoring.Value{}, false
	}
	awards = make([]award, len(c.entrants))
	places := c.competition.Places()
	weights := scoring.Weights(c.set.Competition, places)
	ascending := slices.Clone(weights)
	slices.Sort(ascending)
	for j, i := range c.main {
		above := len(ascending) - sort.Search(len(ascending), func(k int) bool { return ascending[k] > weights[j] })
		awards[i] = award{rank: 1 + above, score: scoring.Known(places[j].Score), weight: weights[j]}
	}
	total := 0.0
	for i, e := range c.entrants {
		if e.state == scoring.StateChallenge {
			place, _ := c.judge(e, 0, 0)
			awards[i] = award{score: scoring.Known(place.Score), weight: c.set.Challenge.Weight}
		}
		total += awards[i].weight
	}
	for i := range awards {
		if total > 0 {
			awards[i].share = awards[i].weight / total
		}
	}
	return awards, scoring.Concentration(weights, c.set.Competition.TargetMiners), true
}
