package scoring

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// slots is a full subnet: 256 miners of 180 checkpoints and 20 positions.
func slots(challengers int) Population {
	random := rand.New(rand.NewPCG(1, 2))
	p := Population{EvaluationMS: 90 * dayMS}
	for i := range 256 {
		m := Miner{ID: fmt.Sprintf("miner%03d", i)}
		if i < challengers {
			m.State, m.ChallengeStartMS = StateChallenge, dayMS
		}
		for j := range 180 {
			m.Ledger.Checkpoints = append(m.Ledger.Checkpoints, sim.Checkpoint{
				LastUpdateMS: int64(j+1) * dayMS / 2, AccumMS: dayMS / 2,
				Gain: random.Float64() / 100, Loss: -random.Float64() / 100, MDD: 1 - random.Float64()/11,
			})
		}
		for j := range 20 {
			m.Ledger.Positions = append(m.Ledger.Positions, sim.PositionRecord{
				OpenMS: int64(j) * 4 * dayMS, Closed: true, ReturnAtClose: .9 + random.Float64()/5,
				Fills: fills(1, 100+random.Float64(), 100+random.Float64(), 100+random.Float64()),
			})
		}
		p.Miners = append(p.Miners, m)
	}
	return p
}

func BenchmarkScore(b *testing.B) {
	for _, challengers := range []int{0, 64} {
		b.Run(fmt.Sprintf("256 miners, %d challengers", challengers), func(b *testing.B) {
			set, population := ruleSet(b, "ptn-2025-02"), slots(challengers)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Score(set, population); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadPopulation(b *testing.B) {
	var text bytes.Buffer
	text.WriteString(`{"evaluation_ms":1,"miners":{"last":{"checkpoints":[],"positions":[]}`)
	for _, m := range slots(0).Miners {
		fmt.Fprintf(&text, `,%q:{"positions":[],"checkpoints":[`, m.ID)
		for i, c := range m.Ledger.Checkpoints {
			fmt.Fprintf(&text, `%s{"last_update_ms":%d,"accum_ms":%d,"gain":%v,"loss":%v,"mdd":%v}`,
				","[:min(i, 1)], c.LastUpdateMS, c.AccumMS, c.Gain, c.Loss, c.MDD)
		}
		text.WriteString(`]}`)
	}
	text.WriteString(`}}`)
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadPopulation(bytes.NewReader(text.Bytes()), ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	set, miner := ruleSet(b, "ptn-2025-02"), slots(0).Miners[0]
	assessor := NewAssessor(set)
	b.ReportAllocs()
	for b.Loop() {
		assessor.Assess(miner.Ledger, 90*dayMS)
	}
}

// competitors is the main competition of a full subnet, and a newcomer to it.
func competitors(set *rules.Set) (main []Assessment, newcomer *Challenger) {
	for _, m := range slots(0).Miners {
		main = append(main, Assess(set, m.Ledger, 90*dayMS))
	}
	return main[1:], &Challenger{Assessment: main[0], NowMS: 90 * dayMS}
}

func BenchmarkCompetition(b *testing.B) {
	set := ruleSet(b, "ptn-2025-02")
	main, newcomer := competitors(set)
	b.Run("prepared for 255 miners", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewCompetition(set, main)
		}
	})
	b.Run("a challenger among 255 miners", func(b *testing.B) {
		competition := NewCompetition(set, main)
		b.ReportAllocs()
		for b.Loop() {
			competition.Judge(newcomer)
		}
	})
	b.Run("a challenger by ranking all anew", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plainJudge(set, newcomer, main)
		}
	})
}
