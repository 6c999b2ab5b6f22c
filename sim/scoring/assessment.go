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
	factor := worst(record.MDD)
	return Assessment{
		Days:           len(record.Returns),
		MaxDrawdown:    1 - factor,
		Metrics:        m.of(record),
		Penalties:      penalise(m.set, ledger, record, nowMS),
		drawdownFactor: factor,
	}
}

func penalise(set *rules.Set, ledger Ledger, record Record, nowMS int64) Penalties {
	p := Penalties{Drawdown: drawdownPenalty(set.DrawdownPenalty, record.MDD)}
	switch {
	case !set.Martingale.Enabled:
		p.Martingale = Known(1)
	case !ledger.IsSeries():
		score := martingaleScore(set.Martingale, ledger.Positions, func(p *sim.PositionRecord) bool {
			return martingaleJudges(set.Martingale, p, nowMS)
		})
		p.Martingale = Known(martingalePenalty(set.Martingale, score))
	}
	p.Total = p.Drawdown * p.Martingale.Or(1)
	return p
}
