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

// Assess judges a ledger by itself at an instant, UTC ms. Rules §8, §10, §11.
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

// IsSeries reports whether the ledger is a plain series of daily returns.
func (l *Ledger) IsSeries() bool { return len(l.Daily) > 0 }

// record returns the full days and the drawdowns in the window.
func (l *Ledger) record(rule rules.Ledger) Record {
	if l.IsSeries() {
		return seriesRecord(l.Daily, rule)
	}
	checkpoints := inWindow(l.Checkpoints, rule.Window.MS())
	days := sim.Days(checkpoints, rule)
	record := Record{Returns: make([]float64, len(days)), MDD: make([]float64, len(checkpoints))}
	for i, d := range days {
		record.Returns[i] = d.LogReturn
	}
	for i, c := range checkpoints {
		record.MDD[i] = c.MDD
	}
	return record
}

// inWindow leaves out the oldest checkpoints while the time covered exceeds
// the window.
func inWindow(checkpoints []sim.Checkpoint, windowMS int64) []sim.Checkpoint {
	covered := int64(0)
	for i := len(checkpoints) - 1; i >= 0; i-- {
		if covered += checkpoints[i].AccumMS; covered > windowMS {
			return checkpoints[i+1:]
		}
	}
	return checkpoints
}
