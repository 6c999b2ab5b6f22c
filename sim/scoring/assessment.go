package scoring

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Assessment is what is known of one miner without a look at the others.
type Assessment struct {
	Days        int       `json:"days"`         // full days in the window
	MaxDrawdown float64   `json:"max_drawdown"` // over the window, a loss: 0.07
	Metrics     Metrics   `json:"metrics"`
	Penalties   Penalties `json:"penalties"`

	drawdownFactor float64 // as a factor: 0.93
}

// Penalties multiply a miner's score; each is in [0, 1], and 0 leaves nothing.
// Rules §11.
type Penalties struct {
	Drawdown   float64 `json:"drawdown"`
	Martingale Value   `json:"martingale"` // unknown of a plain series of returns
	Total      float64 `json:"total"`      // of those that are known
}

// Assess judges a ledger by itself at an instant, UTC ms. Of many, an [Assessor]
// judges each. Rules §8, §10, §11.
func Assess(set *rules.Set, ledger Ledger, nowMS int64) Assessment {
	record := ledger.record(set.Ledger)
	return assess(newMeasures(set, len(record.Returns)), ledger, record, nowMS)
}

func assess(m *measures, ledger Ledger, record Record, nowMS int64) Assessment {
	a := appraise(m, record)
	switch rule := m.set.Martingale; {
	case !rule.Enabled:
		a.Penalties.Martingale = Known(1)
	case !ledger.IsSeries():
		a.penaliseMartingale(rule, martingaleScore(rule, ledger.Positions, func(p *sim.PositionRecord) bool {
			return martingaleJudges(rule, p, nowMS)
		}))
	}
	return a
}

// appraise is what follows from the record alone: all but the martingale penalty.
func appraise(m *measures, record Record) Assessment {
	factor := worst(record.MDD)
	a := Assessment{Days: len(record.Returns), MaxDrawdown: 1 - factor, Metrics: m.of(record), drawdownFactor: factor}
	a.Penalties.Drawdown = drawdownPenalty(m.set.DrawdownPenalty, record.MDD)
	a.Penalties.Total = a.Penalties.Drawdown
	return a
}

// penaliseMartingale multiplies the penalty of a martingale score in.
func (a *Assessment) penaliseMartingale(rule rules.Martingale, score float64) {
	penalty := martingalePenalty(rule, score)
	a.Penalties.Martingale, a.Penalties.Total = Known(penalty), a.Penalties.Drawdown*penalty
}
