package scoring

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestAwardsAreAsPaidOneByOne: what each miner gets, by the plainest reading: its place
// by ranking the joined list anew, its rank by counting who has more.
func TestAwardsAreAsPaidOneByOne(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	rapid.Check(t, func(t *rapid.T) {
		assessments := rapid.SliceOfN(rapid.Custom(drawAssessment), 0, 12).Draw(t, "miners")
		var main []Assessment
		entrants := make([]Entrant, len(assessments))
		for i := range assessments {
			state := rapid.SampledFrom([]State{StateMain, StateMain, StateChallenge, StateEliminated, StateDeregistered}).Draw(t, "state")
			entrants[i] = Entrant{state, &assessments[i]}
			if state == StateMain {
				main = append(main, assessments[i])
			}
		}
		places := plainRank(set, main)
		weights := Weights(set.Competition, places)
		want, total := make([]Award, len(entrants)), 0.0
		for i, e := range entrants {
			switch e.State {
			case StateMain:
				want[i] = Award{Place: places[0], Weight: weights[0], Rank: 1}
				places, weights = places[1:], weights[1:]
			case StateChallenge:
				challenger := &Challenger{Assessment: *e.Assessment}
				place, challenge := plainJudge(set, challenger, main)
				want[i] = Award{Place: place, Percentile: challenge.Percentile.Or(-1)}
				if len(main) > 0 {
					want[i].Weight = 1.2e-5
				}
			}
			total += want[i].Weight
		}
		for i := range want {
			for j := range want {
				if want[i].Rank > 0 && want[j].Rank > 0 && want[j].Weight > want[i].Weight {
					want[i].Rank++
				}
			}
			if total > 0 {
				want[i].Share = want[i].Weight / total
			}
		}
		if got := NewCompetition(set, main).Awards(entrants); !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%+v\nwant\n%+v", got, want)
		}
	})
}
