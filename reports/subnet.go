package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// Subnet is all that a report of a tournament is made of.
type Subnet struct {
	Version string // of ptnsim

	Rules   *rules.Resolved
	Dataset []DatasetFile
	Name    string // of the subnet file, or of the population
	Source  string // the SHA-256 of that file, in hexadecimal; of the embedded one too
	Result  *subnet.Result
}

// standing is the part of the final table that a miner is listed in.
type standing int

// The parts, in their order.
const (
	standsInMain standing = iota
	standsInChallenge
	standsOut
)

func standingOf(m *subnet.MinerResult) standing {
	switch m.State {
	case scoring.StateMain:
		return standsInMain
	case scoring.StateChallenge:
		return standsInChallenge
	}
	return standsOut
}

// ordered lists the miners as reports do: the main competition, the best first;
// then the challengers, the better score first; then those that are out, the last
// to go first.
func (s *Subnet) ordered() []*subnet.MinerResult {
	miners := make([]*subnet.MinerResult, len(s.Result.Miners))
	for i := range s.Result.Miners {
		miners[i] = &s.Result.Miners[i]
	}
	score := func(m *subnet.MinerResult) float64 { return m.Judgement.Score.Or(math.Inf(-1)) }
	slices.SortStableFunc(miners, func(a, b *subnet.MinerResult) int {
		return cmp.Or(
			cmp.Compare(standingOf(a), standingOf(b)),
			cmp.Compare(rankOf(&a.Judgement), rankOf(&b.Judgement)),
			cmp.Compare(score(b), score(a)),
			cmp.Compare(b.OutMS, a.OutMS),
			cmp.Compare(a.Name, b.Name))
	})
	return miners
}

// those returns the miners that stand there, in their order.
func (s *Subnet) those(where standing) []*subnet.MinerResult {
	return slices.DeleteFunc(s.ordered(), func(m *subnet.MinerResult) bool { return standingOf(m) != where })
}

// metrics lists the metrics that count.
func (s *Subnet) metrics() []scoring.Metric {
	return slices.DeleteFunc(scoring.AllMetrics(), func(m scoring.Metric) bool { return m.Weight(s.Rules.Set.Weights) == 0 })
}

// paysFees reports whether a registration cost something.
func (s *Subnet) paysFees() bool {
	return slices.ContainsFunc(s.Result.Miners, func(m subnet.MinerResult) bool { return m.Fee != 0 })
}

// weightsSet reports whether weights were ever set: if not nobody was paid, and the
// shares at the end are nobody's.
func (s *Subnet) weightsSet() bool { return len(s.Result.History) > 0 }

// otherWarnings are those beside the one that stands in front: that weights were never
// set.
func (s *Subnet) otherWarnings() []string {
	never := s.Result.NeverWeighed()
	return slices.DeleteFunc(slices.Clone(s.Result.Warnings), func(text string) bool { return text == never })
}

// drawdownOf is a miner's drawdown over the window; of one that was eliminated, at
// least the one at its end.
func drawdownOf(m *subnet.MinerResult) float64 {
	if e := m.Account.Elimination; e != nil {
		return max(m.Judgement.MaxDrawdown, e.Drawdown)
	}
	return m.Judgement.MaxDrawdown
}

// windowNote says of which time the figures of a miner are.
func (s *Subnet) windowNote() string {
	return fmt.Sprintf("return is of the miner's whole life; days, drawdown and metrics are of the last %s (ledger.window)", s.Rules.Set.Ledger.Window)
}

// gini is how unequally the main competition is paid at the end.
func (s *Subnet) gini() scoring.Value {
	var weights []float64
	for i := range s.Result.Miners {
		if m := &s.Result.Miners[i]; standingOf(m) == standsInMain {
			weights = append(weights, m.Judgement.Weight)
		}
	}
	return scoring.Gini(weights)
}

// concentration is what the best miners of the main competition are paid at the
// end. Rules §12.
func (s *Subnet) concentration() scoring.Value {
	if s.Result.Standing == nil {
		return scoring.Value{}
	}
	return s.Result.Standing.Concentration
}
