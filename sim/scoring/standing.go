package scoring

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Standing is how the miners of a population stand, and what they are paid.
type Standing struct {
	Miners        Judgements `json:"miners"`        // in the order of their ids
	Concentration Value      `json:"concentration"` // weight of the best miners of the main competition; Rules §12 has its target
	Warnings      []string   `json:"warnings"`
}

// Judgement is all that scoring tells of one miner.
type Judgement struct {
	ID    string `json:"-"`
	State State  `json:"state"`
	Assessment
	Percentiles   Metrics    `json:"percentiles"`    // of a challenger: among the main competition
	Score         Value      `json:"score"`          // combined, penalties included; unknown of who is out
	Weight        float64    `json:"weight"`         // of the main competition they sum to 1; of a challenger what the rules give
	EmissionShare float64    `json:"emission_share"` // weight over the sum of all weights
	Rank          *int       `json:"rank"`           // by weight in the main competition, 1 the best; ties share the better rank
	Challenge     *Challenge `json:"challenge"`      // of a challenger
}

// Judgements are miners in the order of their ids. In JSON they are an object.
type Judgements []Judgement

// Score judges a population under a rule set: those in the main competition
// among each other, each challenger alone against them. The result depends on
// the order of the miners in no bit. Rules §10 to §13.
func Score(set *rules.Set, population Population) (*Standing, error) {
	miners := slices.Clone(population.Miners)
	slices.SortFunc(miners, func(a, b Miner) int { return cmp.Compare(a.ID, b.ID) })
	if err := checkMiners(miners, population.EvaluationMS); err != nil {
		return nil, err
	}
	standing := &Standing{Miners: judge(set, miners, population.EvaluationMS)}
	standing.award(set, miners, population.EvaluationMS)
	standing.warn(miners)
	return standing, nil
}

func checkMiners(miners []Miner, evaluationMS int64) error {
	for i, m := range miners {
		if i > 0 && m.ID == miners[i-1].ID {
			return fmt.Errorf("two miners have the id %q: rename one", m.ID)
		}
		if err := m.check(evaluationMS); err != nil {
			return err
		}
	}
	return nil
}

// check refuses a miner of no known state, and a challenger whose period has no
// beginning or one after the evaluation: its time could not be judged.
func (m *Miner) check(evaluationMS int64) error {
	switch m.State {
	case "", StateMain, StateEliminated, StateDeregistered:
		return nil
	case StateChallenge:
	default:
		return fmt.Errorf("miner %q has the state %q: a state is main, challenge, eliminated or deregistered", m.ID, m.State)
	}
	switch {
	case m.ChallengeStartMS <= 0:
		return fmt.Errorf("miner %q is in its challenge and has no challenge_start_ms: give the beginning of its period, ms since 1970", m.ID)
	case m.ChallengeStartMS > evaluationMS:
		return fmt.Errorf("miner %q has the challenge_start_ms %d, after the evaluation_ms %d: a challenge begins at or before its evaluation",
			m.ID, m.ChallengeStartMS, evaluationMS)
	}
	return nil
}

// judge assesses each miner by itself.
func judge(set *rules.Set, miners []Miner, nowMS int64) Judgements {
	assessor := NewAssessor(set)
	judgements := make(Judgements, len(miners))
	for i := range miners {
		judgements[i] = Judgement{
			ID:         miners[i].ID,
			State:      cmp.Or(miners[i].State, StateMain),
			Assessment: assessor.Assess(miners[i].Ledger, nowMS),
		}
	}
	return judgements
}

// award ranks, weighs and pays the miners, and checks the challengers. Rules §12, §13.
func (s *Standing) award(set *rules.Set, miners []Miner, nowMS int64) {
	var main []Assessment
	entrants := make([]Entrant, len(s.Miners))
	for i := range s.Miners {
		miner := &s.Miners[i]
		entrants[i] = Entrant{State: miner.State, Assessment: &miner.Assessment}
		if miner.State == StateMain {
			main = append(main, miner.Assessment)
		}
	}
	weights := make([]float64, 0, len(main))
	for i, award := range NewCompetition(set, main).Awards(entrants) {
		miner := &s.Miners[i]
		miner.Weight, miner.EmissionShare = award.Weight, award.Share
		switch miner.State {
		case StateMain:
			rank := award.Rank
			miner.Percentiles, miner.Score, miner.Rank = award.Percentiles, Known(award.Score), &rank
			weights = append(weights, award.Weight)
		case StateChallenge:
			challenger := Challenger{Assessment: miner.Assessment, StartMS: miners[i].ChallengeStartMS, NowMS: nowMS}
			challenge := challenger.verdict(set, Known(award.Percentile))
			miner.Percentiles, miner.Score, miner.Challenge = award.Percentiles, Known(award.Score), &challenge
		}
	}
	s.Concentration = Concentration(weights, set.Competition.TargetMiners)
}

func (s *Standing) warn(miners []Miner) {
	main, left := 0, 0
	for i := range s.Miners {
		if s.Miners[i].State == StateMain {
			main++
			if s.Miners[i].Penalties.Total == 0 {
				left++
			}
		}
	}
	if main == 0 {
		s.Warnings = append(s.Warnings, "nobody is in the main competition: no weights are set")
	}
	if left > 1 && left == main {
		s.Warnings = append(s.Warnings, "every miner of the main competition is fully penalised: all weights are 0")
	}
	for i := range miners {
		if miners[i].Ledger.IsSeries() {
			s.Warnings = append(s.Warnings, fmt.Sprintf("%s: only daily returns are known: the drawdown is that of the equity at the days' ends, "+
				"and the martingale penalty is left out of the score", miners[i].ID))
		}
	}
}

// MarshalJSON writes the miners as an object {id: …}, in the order of the ids.
func (js Judgements) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range js {
		id, err := json.Marshal(js[i].ID)
		if err != nil {
			return nil, err
		}
		judgement, err := json.Marshal(js[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(id)
		b.WriteByte(':')
		b.Write(judgement)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
