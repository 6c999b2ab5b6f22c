package reports

import (
	"bufio"
	"cmp"
	"io"
	"reflect"
	"slices"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// populationMiner is a miner of population.json, as the command score reads it.
type populationMiner struct {
	State            scoring.State        `json:"state"`
	ChallengeStartMS *int64               `json:"challenge_start_ms"` // null of who is in no challenge
	Checkpoints      []DocumentCheckpoint `json:"checkpoints"`
	Positions        []DocumentPosition   `json:"positions"`
}

// WritePopulation writes the miners with their ledgers and positions, in the order
// of their ids, as the command score reads them: judged again, under the same
// rules, they stand as they stood at the end of the tournament. A checkpoint and a
// position have a line each.
func WritePopulation(w io.Writer, s *Subnet) error {
	population := s.Result.Population()
	slices.SortFunc(population.Miners, func(a, b scoring.Miner) int { return cmp.Compare(a.ID, b.ID) })
	out := bufio.NewWriter(w)
	var e encoder
	e.text("{\n\"evaluation_ms\":")
	e.value(reflect.ValueOf(population.EvaluationMS))
	e.text(",\n\"miners\":{")
	for i := range population.Miners {
		m := &population.Miners[i]
		e.comma(i)
		e.text("\n")
		e.key(m.ID)
		e.document(reflect.ValueOf(newPopulationMiner(m)).Elem())
		e.out = e.out[:len(e.out)-1] // a comma follows the brace
		if _, err := out.Write(e.out); err != nil {
			return err
		}
		e.out = e.out[:0]
	}
	e.text("}\n}\n")
	if _, err := out.Write(e.out); err != nil {
		return err
	}
	return out.Flush()
}

func newPopulationMiner(m *scoring.Miner) *populationMiner {
	checkpoints, positions := m.Ledger.Checkpoints, m.Ledger.Positions
	p := &populationMiner{
		State: m.State, ChallengeStartMS: msOrNull(m.ChallengeStartMS),
		Checkpoints: make([]DocumentCheckpoint, len(checkpoints)), Positions: make([]DocumentPosition, len(positions)),
	}
	for i, c := range checkpoints {
		p.Checkpoints[i] = documentCheckpoint(c)
	}
	for i := range positions {
		p.Positions[i] = documentPosition(&positions[i])
	}
	return p
}
