package scoring

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Assessor judges ledgers by themselves, again and again, under one rule set:
// what follows from that alone is computed once. Its assessments are those of
// [Assess] to the last bit. It does not change, and serves any number of
// goroutines at once.
type Assessor struct{ measures *measures }

// preparedDaysMax bounds what a very long window has prepared; a longer record is
// assessed too.
const preparedDaysMax = 4096

// NewAssessor prepares for ledgers of the rule set's window. The rule set is not
// to change afterwards.
func NewAssessor(set *rules.Set) *Assessor {
	return &Assessor{measures: newMeasures(set, int(min(set.Ledger.Window.MS()/dayMS, preparedDaysMax)))}
}

// Assess judges a ledger by itself at an instant, UTC ms. Rules §8, §10, §11.
func (a *Assessor) Assess(ledger Ledger, nowMS int64) Assessment {
	set := a.measures.set
	record := ledger.record(set.Ledger)
	factor := worst(record.MDD)
	return Assessment{
		Days:           len(record.Returns),
		MaxDrawdown:    1 - factor,
		Metrics:        a.measures.of(record),
		Penalties:      penalise(set, ledger, record, nowMS),
		drawdownFactor: factor,
	}
}

func penalise(set *rules.Set, ledger Ledger, record Record, nowMS int64) Penalties {
	p := Penalties{Drawdown: drawdownPenalty(set.DrawdownPenalty, record.MDD)}
	switch {
	case !set.Martingale.Enabled:
		p.Martingale = Known(1)
	case !ledger.IsSeries():
		score := MartingaleScore(set.Martingale, martingaleJudged(set.Martingale, ledger.Positions, nowMS))
		p.Martingale = Known(martingalePenalty(set.Martingale, score))
	}
	p.Total = p.Drawdown * p.Martingale.Or(1)
	return p
}

// Ledger is what a miner is judged by. Rules §8.
type Ledger struct {
	Checkpoints []sim.Checkpoint     // ascending
	Positions   []sim.PositionRecord // any order

	// Daily is a plain series of daily returns, ascending, one a calendar day.
	// It takes the place of the checkpoints; the positions are then unknown.
	Daily []sim.Daily
}
