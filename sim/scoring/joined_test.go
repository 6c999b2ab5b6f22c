package scoring

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"pgregory.net/rapid"
)

// The rules as they are written, in the plainest way: the newcomer is put before
// the others, and the whole list is ranked anew.

func plainJudge(set *rules.Set, c *Challenger, main []Assessment) (Place, Challenge) {
	places := plainRank(set, append([]Assessment{c.Assessment}, main...))
	percentile := 0.0
	switch {
	case !places[0].Ranked:
	case len(main) == 0:
		percentile = 1
	default:
		var scores []float64
		for _, p := range places {
			if p.Ranked {
				scores = append(scores, p.Score)
			}
		}
		percentile = plainPercentiles(set.Competition.Percentiles, scores)[0]
	}
	return places[0], c.verdict(set, Known(percentile))
}

func plainRank(set *rules.Set, miners []Assessment) []Place {
	places := make([]Place, len(miners))
	var ranked []int
	for i := range miners {
		if miners[i].Penalties.Total > 0 {
			places[i].Ranked = true
			ranked = append(ranked, i)
		}
	}
	scores := make([]float64, len(ranked))
	for _, metric := range AllMetrics() {
		for j, i := range ranked {
			scores[j] = miners[i].Metrics[metric].Or(math.Inf(-1))
		}
		weight := metric.Weight(set.Weights)
		for j, percentile := range plainPercentiles(set.Competition.Percentiles, scores) {
			place := &places[ranked[j]]
			place.Percentiles[metric] = Known(percentile)
			place.Score += float64(weight * percentile)
		}
	}
	for _, i := range ranked {
		places[i].Score *= miners[i].Penalties.Total
	}
	return places
}

func plainPercentiles(variant rules.Variant, scores []float64) []float64 {
	if len(scores) == 1 {
		return []float64{1}
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	percentiles := make([]float64, len(scores))
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && scores[order[end]] == scores[order[begin]] {
			end++
		}
		rank := float64(begin+1+end) / 2
		for _, i := range order[begin:end] {
			if percentiles[i] = (rank - 1) / float64(len(scores)-1); variant == rules.Deployed {
				percentiles[i] = rank / float64(len(scores))
			}
		}
		begin = end
	}
	return percentiles
}

// drawAssessment draws a miner of few different numbers, so that many tie.
func drawAssessment(t *rapid.T) Assessment {
	drawdown := rapid.SampledFrom([]float64{0, .05, .1, .3}).Draw(t, "drawdown")
	a := Assessment{Days: rapid.SampledFrom([]int{0, 59, 60, 90}).Draw(t, "days"), MaxDrawdown: drawdown, drawdownFactor: 1 - drawdown}
	for m := range a.Metrics {
		a.Metrics[m] = rapid.OneOf(
			rapid.Just(Value{}),
			rapid.SampledFrom([]Value{Known(-100), Known(0), Known(1), Known(2)}),
			rapid.Map(rapid.Float64Range(-3, 3), Known),
		).Draw(t, "metric")
	}
	a.Penalties.Total = rapid.SampledFrom([]float64{0, 1, 1, 1, .5, .123456789, 1e-300}).Draw(t, "penalty")
	return a
}

func TestCompetitionJudgesAsTheJoinedListIsRanked(t *testing.T) {
	var sets []*rules.Set
	for _, name := range setNames {
		for _, variant := range []rules.Variant{rules.Documented, rules.Deployed} {
			set := ruleSet(t, name)
			set.Competition.Percentiles = variant
			sets = append(sets, set)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.SampledFrom(sets).Draw(t, "set")
		main := rapid.SliceOfN(rapid.Custom(drawAssessment), 0, 12).Draw(t, "main")
		competition := NewCompetition(set, main)
		if got, want := competition.Places(), plainRank(set, main); !reflect.DeepEqual(got, want) {
			t.Fatalf("among themselves:\n%v\nwant\n%v", got, want)
		}
		for range 3 { // one leaves no trace for the next
			c := &Challenger{Assessment: rapid.Custom(drawAssessment).Draw(t, "newcomer"), NowMS: rapid.SampledFrom([]int64{60, 91}).Draw(t, "now") * dayMS}
			place, challenge := competition.Judge(c)
			wantPlace, wantChallenge := plainJudge(set, c, main)
			if place != wantPlace || challenge != wantChallenge {
				t.Fatalf("got\n%v %v\nwant\n%v %v", place, challenge, wantPlace, wantChallenge)
			}
		}
	})
}

// Over slotsUsual members the sums have a place of their own.
func TestCompetitionOfManyJudgesAlike(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	var main []Assessment
	for i := range slotsUsual + 44 { // 300
		main = append(main, assessed(float64(i), 90, 0))
	}
	competition := NewCompetition(set, main)
	for _, x := range []float64{-1, 224, 224.5, 300} {
		c := &Challenger{Assessment: assessed(x, 60, 0), NowMS: 60 * dayMS}
		place, challenge := competition.Judge(c)
		if wantPlace, want := plainJudge(set, c, main); place != wantPlace || challenge != want {
			t.Errorf("%g: got %v %v, want %v %v", x, place, challenge, wantPlace, want)
		}
	}
}

// TestRankByHand: of three miners, of which every metric is 1, 2 and 3, the second is
// left out for its drawdown. The two others have, as documented, the percentiles 0 and
// 1 in every metric, as deployed 1/2 and 1; the metrics' weights sum to 1, and neither
// is penalised, so their combined scores are the same numbers.
func TestRankByHand(t *testing.T) {
	for variant, least := range map[rules.Variant]float64{rules.Documented: 0, rules.Deployed: .5} {
		set := ruleSet(t, "ptn-2025-02")
		set.Competition.Percentiles = variant
		places := Rank(set, []Assessment{assessed(1, 90, 0), assessed(2, 90, .2), assessed(3, 90, 0)})
		if places[1] != (Place{}) {
			t.Errorf("%s: %+v", variant, places[1])
		}
		for i, want := range map[int]float64{0: least, 2: 1} {
			check(t, "score", places[i].Score, want)
			for _, metric := range AllMetrics() {
				checkValue(t, metric.String(), places[i].Percentiles[metric], want)
			}
			if !places[i].Ranked {
				t.Errorf("%s: miner %d is left out", variant, i)
			}
		}
	}
}
