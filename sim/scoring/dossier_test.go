package scoring

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"pgregory.net/rapid"
)

// growth is a miner's positions as they come to be.
type growth struct {
	positions []sim.PositionRecord
	nowMS     int64
}

// step lets time pass, and then opens, adds to, closes and marks positions. Returns
// are of a few numbers, so that the highest is often another, or nobody's.
func (g *growth) step(t *rapid.T) {
	g.nowMS += rapid.SampledFrom([]int64{0, 1, 30_000, dayMS / 3, dayMS, 4 * dayMS}).Draw(t, "passes")
	for i := range g.positions {
		p := &g.positions[i]
		if p.Closed {
			continue
		}
		p.ReturnAtClose = rapid.SampledFrom([]float64{0, .5, .9, .999, 1, 1.1, 2}).Draw(t, "return")
		switch rapid.IntRange(0, 3).Draw(t, "does") {
		case 0:
			p.Closed, p.CloseMS = true, g.nowMS
			p.Fills = append(p.Fills, sim.Fill{Type: sim.Flat, Price: 1})
		case 1:
			p.Fills = append(p.Fills, sim.Fill{Leverage: 1, Price: rapid.Float64Range(90, 100).Draw(t, "price")})
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "opens") {
		g.positions = append(g.positions, sim.PositionRecord{
			OpenMS: g.nowMS, ReturnAtClose: 1, Fills: []sim.Fill{{Leverage: 1, Price: 100}},
		})
	}
}

// TestMartingaleRecordIsOfAllPositionsAnew, with a window of three days.
func TestMartingaleRecordIsOfAllPositionsAnew(t *testing.T) {
	rule := ruleSet(t, "ptn-2025-02").Martingale
	rule.Window = rules.Duration(3 * dayMS)
	rapid.Check(t, func(t *rapid.T) {
		filter := rapid.SampledFrom([]rules.PositionFilter{rules.FilterNone, rules.FilterClosed60s}).Draw(t, "filter")
		record := NewMartingaleRecord(rule, filter)
		g := growth{nowMS: dayMS}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			g.step(t)
			if rapid.Bool().Draw(t, "looks") {
				continue
			}
			var judged []sim.PositionRecord
			for _, p := range FilterPositions(filter, g.positions) {
				if martingaleJudges(rule, &p, g.nowMS) {
					judged = append(judged, p)
				}
			}
			if got, want := record.Score(g.positions, g.nowMS), MartingaleScore(rule, judged); got != want {
				t.Fatalf("got %v, want %v of %+v at %d", got, want, g.positions, g.nowMS)
			}
		}
	})
}

// TestDossierAssessesAsAlone: checkpoints come, go and change, or stay as they were.
func TestDossierAssessesAsAlone(t *testing.T) {
	var assessors []*Assessor
	for _, name := range setNames {
		for _, filter := range []rules.PositionFilter{rules.FilterNone, rules.FilterClosed60s} {
			set := ruleSet(t, name)
			set.Scoring.PositionFilter = filter
			set.Martingale.Window = rules.Duration(3 * dayMS)
			assessors = append(assessors, NewAssessor(set))
		}
	}
	without := ruleSet(t, "ptn-2025-02")
	without.Martingale.Enabled = false
	assessors = append(assessors, NewAssessor(without))
	rapid.Check(t, func(t *rapid.T) {
		assessor := rapid.SampledFrom(assessors).Draw(t, "rules")
		dossier := assessor.Dossier()
		filter := assessor.measures.set.Scoring.PositionFilter
		g := growth{nowMS: dayMS}
		var checkpoints []sim.Checkpoint
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			g.step(t)
			switch rapid.IntRange(0, 2).Draw(t, "ledger") {
			case 0:
				checkpoints = drawLedger(t).Checkpoints
			case 1:
				if n := len(checkpoints); n > 0 {
					checkpoints[n-1].MDD = rapid.SampledFrom([]float64{1, .95, .5}).Draw(t, "mdd")
				}
			}
			want := assessor.Assess(Ledger{Checkpoints: checkpoints, Positions: FilterPositions(filter, g.positions)}, g.nowMS)
			if got := dossier.Assess(checkpoints, g.positions, g.nowMS); got != want {
				t.Fatalf("got\n%v\nwant\n%v", got, want)
			}
		}
	})
}

// TestMartingaleRecordForgetsWhatIsOver: of a year of daily positions those of the
// window are kept, and what the filter leaves out is not.
func TestMartingaleRecordForgetsWhatIsOver(t *testing.T) {
	rule := ruleSet(t, "ptn-2025-02").Martingale
	record := NewMartingaleRecord(rule, rules.FilterClosed60s)
	var positions []sim.PositionRecord
	for day := range int64(365) {
		positions = append(positions,
			sim.PositionRecord{Closed: true, OpenMS: day * dayMS, CloseMS: day*dayMS + heldMinMS, ReturnAtClose: 1},
			sim.PositionRecord{Closed: true, OpenMS: day * dayMS, CloseMS: day*dayMS + heldMinMS - 1, ReturnAtClose: 1},
		)
		record.Score(positions, day*dayMS)
	}
	// Opened at most 90 days before: 91 of them.
	if len(record.rows) != 91 {
		t.Errorf("%d are kept, want 91", len(record.rows))
	}
}

// BenchmarkDossier is the assessment of a ledger of 90 days and 2160 positions, of
// which the open one changed since the last.
func BenchmarkDossier(b *testing.B) {
	set, miner := ruleSet(b, "ptn-2025-02"), slots(0).Miners[0]
	var positions []sim.PositionRecord
	for hour := range int64(90 * 24) {
		positions = append(positions, sim.PositionRecord{
			OpenMS: hour * dayMS / 24, Closed: true, CloseMS: hour*dayMS/24 + heldMinMS, ReturnAtClose: 1 + float64(hour%7)/100, Fills: fills(1, 100, 99),
		})
	}
	positions = append(positions, sim.PositionRecord{OpenMS: 90 * dayMS, ReturnAtClose: .9, Fills: fills(1, 100)[:1]})
	last := &positions[len(positions)-1]
	b.Run("anew", func(b *testing.B) {
		assessor := NewAssessor(set)
		b.ReportAllocs()
		for b.Loop() {
			last.ReturnAtClose -= 1e-12
			assessor.Assess(Ledger{Checkpoints: miner.Ledger.Checkpoints, Positions: positions}, 90*dayMS)
		}
	})
	b.Run("kept", func(b *testing.B) {
		dossier := NewAssessor(set).Dossier()
		b.ReportAllocs()
		for b.Loop() {
			last.ReturnAtClose -= 1e-12
			dossier.Assess(miner.Ledger.Checkpoints, positions, 90*dayMS)
		}
	})
}
