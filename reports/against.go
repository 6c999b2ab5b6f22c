package reports

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Against is where a strategy stands in a population: it played among its miners
// (AgainstTournament), or was ranked among them at the end only
// (AgainstSnapshot).
type Against struct {
	Population string // its name: the file's, or that of an embedded one
	SHA256     string // of the file; of the embedded one too
	Name       string // of the strategy's miner in it

	Miners int // of the population, that one included
	Ranked int // of them in the main competition at the end, that one included if it is in it

	// Judgement is how the strategy's miner stands at the end.
	Judgement scoring.Judgement
	// NextScore is the combined score of the miner that is one place better;
	// unknown of the best, and of who has no rank.
	NextScore scoring.Value

	// Draws are the standings in the population drawn from other seeds; empty: it was
	// drawn once.
	Draws []AgainstDraw

	// Career is what only a tournament tells; nil: ranked at the end only.
	Career *Career
}

// Career is the way of a miner through a tournament.
type Career struct {
	RegisteredMS int64 // UTC ms
	Main         bool  // it began in the main competition, without a challenge
	PromotedMS   int64 // UTC ms; 0: never
	OutMS        int64 // when its trading ended, by elimination or the loss of its slot; 0: never
	SlotLostMS   int64 // when it lost its slot; 0: it has it

	Days       int           // full days when its challenge ended
	Percentile scoring.Value // of its combined score then; unknown where the rank decided nothing
	Taker      string        // who took its slot

	Elimination *sim.Elimination // nil: none

	Emission       float64 // accrued over the range
	EmissionAll    float64 // what all miners were paid
	EmissionPerDay float64 // what they are paid a day: the unit of both
	WeightsEveryMS int64   // the time between two settings of the weights, as played
}

// ErrNoSlot is wrapped by the error about a miner that never took part.
var ErrNoSlot = errors.New("the strategy got no slot")

// AgainstTournament returns where a miner of a tournament stands; ErrNoSlot if it
// never took part.
func AgainstTournament(population, sha256, name string, result *subnet.Result) (*Against, error) {
	i := slices.IndexFunc(result.Miners, func(m subnet.MinerResult) bool { return m.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%w in the population %s: all are taken by miners in their immunity; give it more slots", ErrNoSlot, population)
	}
	m := &result.Miners[i]
	a := &Against{Population: population, SHA256: sha256, Name: name, Judgement: m.Judgement}
	if result.Standing != nil {
		a.place(result.Standing)
	}
	a.Career = careerOf(m, result)
	return a, nil
}

// AgainstSnapshot returns where a miner of a population stands that was scored at
// one instant.
func AgainstSnapshot(population, sha256, name string, standing *scoring.Standing) (*Against, error) {
	a := &Against{Population: population, SHA256: sha256, Name: name}
	i := slices.IndexFunc(standing.Miners, func(j scoring.Judgement) bool { return j.ID == name })
	if i < 0 {
		return nil, noMiner(population, name)
	}
	a.Judgement = standing.Miners[i]
	a.place(standing)
	return a, nil
}

func noMiner(population, name string) error {
	return fmt.Errorf("found no miner %q in the population %s; expected the strategy's", name, population)
}

// place counts who else is there, and finds who is one place better.
func (a *Against) place(standing *scoring.Standing) {
	a.Miners, a.Ranked = len(standing.Miners), 0
	better := 0
	for i := range standing.Miners {
		j := &standing.Miners[i]
		if j.Rank == nil {
			continue
		}
		a.Ranked++
		if a.Judgement.Rank != nil && *j.Rank < *a.Judgement.Rank && *j.Rank > better {
			better, a.NextScore = *j.Rank, j.Score
		}
	}
}

func careerOf(m *subnet.MinerResult, result *subnet.Result) *Career {
	c := &Career{
		RegisteredMS: m.RegisteredMS, Main: m.Main, PromotedMS: m.PromotedMS, OutMS: m.OutMS, SlotLostMS: m.SlotLostMS,
		Emission: m.Emission, EmissionAll: result.Emission, EmissionPerDay: cmp.Or(result.EmissionPerDay, 1), WeightsEveryMS: result.WeightsEveryMS,
	}
	if m.Account != nil {
		c.Elimination = m.Account.Elimination
	}
	for i := range result.Events {
		e := &result.Events[i]
		if e.Miner != m.Name {
			continue
		}
		switch e.Kind {
		case subnet.Promoted:
			c.Days, c.Percentile = e.Days, e.Percentile
		case subnet.Eliminated:
			if c.PromotedMS == 0 && !c.Main {
				c.Days, c.Percentile = e.Days, e.Percentile
			}
		case subnet.Deregistered:
			c.Taker = e.Other
			if c.PromotedMS == 0 && !c.Main && c.Elimination == nil {
				c.Days = m.Account.Challenge.Days
			}
		}
	}
	return c
}

// holdsBack is the metric that costs the most of the combined score: its weight
// times what its percentile lacks to 1. None where every percentile is 1, or none
// is known.
func (a *Against) holdsBack(set *rules.Set) (metric scoring.Metric, found bool) {
	most := 0.0
	for _, m := range scoring.AllMetrics() {
		percentile, known := a.Judgement.Percentiles[m].Get()
		if lost := m.Weight(set.Weights) * (1 - percentile); known && lost > most {
			metric, most, found = m, lost, true
		}
	}
	return metric, found
}

// missing is how much of the combined score lacks to the miner one place better.
func (a *Against) missing() (score float64, known bool) {
	next, there := a.NextScore.Get()
	own, ranked := a.Judgement.Score.Get()
	return math.Max(next-own, 0), there && ranked
}

// keyFigures adds the place in the population to a run's key figures.
func (a *Against) keyFigures(add func(name string, value Cell)) {
	rank := Cell{}
	if a.Judgement.Rank != nil {
		rank = IntCell(*a.Judgement.Rank)
	}
	add("population", TextCell(legible(a.Population)))
	add("rank", rank)
	add("ranked miners", IntCell(a.Ranked))
	add("combined score", ValueCell(a.Judgement.Score))
	add("weight", NumberCell(a.Judgement.Weight))
	add("emission share", PercentCell(a.Judgement.EmissionShare))
	if c := a.Career; c != nil {
		add("challenge passed", timeCellOrNone(c.PromotedMS))
		add("emission", NumberCell(c.Emission))
	}
}
