package scoring

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// Dossier assesses one miner again and again as its account grows, at the price of
// what changed meanwhile. Its assessments are, to the last bit, those of
// [Assessor.Assess] of the positions that the rules' filter leaves
// ([FilterPositions]). It is one goroutine's at a time.
type Dossier struct {
	measures   *measures
	martingale *MartingaleRecord // nil where the rules have no such penalty
	begun      bool
	record     Record // of the last assessment
	spare      Record // memory for the next
	assessment Assessment
}

// Dossier begins the one of a miner without a history.
func (a *Assessor) Dossier() *Dossier {
	d := &Dossier{measures: a.measures}
	if set := a.measures.set; set.Martingale.Enabled {
		d.martingale = NewMartingaleRecord(set.Martingale, set.Scoring.PositionFilter)
	}
	return d
}

// Assess judges the miner at an instant, UTC ms, which never falls. For the
// positions see [MartingaleRecord.Score]; the checkpoints may be any. Rules §8, §10,
// §11.
func (d *Dossier) Assess(checkpoints []sim.Checkpoint, positions []sim.PositionRecord, nowMS int64) Assessment {
	set := d.measures.set
	record := checkpointRecord(d.spare, checkpoints, set.Ledger)
	if !d.begun || !record.same(&d.record) {
		d.begun, d.assessment = true, appraise(d.measures, record)
	}
	d.record, d.spare = record, d.record
	if d.martingale == nil {
		d.assessment.Penalties.Martingale = Known(1)
	} else {
		d.assessment.penaliseMartingale(set.Martingale, d.martingale.Score(positions, nowMS))
	}
	return d.assessment
}

// same reports whether two records are the same to the last bit.
func (r *Record) same(as *Record) bool {
	equal := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	return slices.EqualFunc(r.Returns, as.Returns, equal) && slices.EqualFunc(r.MDD, as.MDD, equal)
}
