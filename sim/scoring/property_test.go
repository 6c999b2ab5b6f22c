package scoring

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"pgregory.net/rapid"
)

var setNames = []string{"ptn-2025-02", "ptn-5.4.0", "ptn-2024-12", "ptn-4.8.12"}

// wild draws a number that is often special.
func wild(t *rapid.T, low, high float64) float64 {
	return rapid.OneOf(
		rapid.Float64Range(low, high),
		rapid.Float64Range(max(low, -.05), min(high, .05)),
		rapid.SampledFrom([]float64{low, high, min(max(0, low), high), min(max(.005, low), high), min(max(1e-300, low), high)}),
	).Draw(t, "number")
}

func drawLedger(t *rapid.T) Ledger {
	var l Ledger
	for i := range rapid.IntRange(0, 130).Draw(t, "checkpoints") {
		l.Checkpoints = append(l.Checkpoints, sim.Checkpoint{
			LastUpdateMS: int64(i+1) * dayMS / 2, AccumMS: rapid.SampledFrom([]int64{dayMS / 2, dayMS / 2, dayMS / 2, 1}).Draw(t, "accum"),
			Gain: wild(t, 0, logReturnMax), Loss: wild(t, -logReturnMax, 0), MDD: rapid.SampledFrom([]float64{1, .995, .95, .9, .5, 0}).Draw(t, "mdd"),
		})
	}
	for range rapid.IntRange(0, 5).Draw(t, "positions") {
		p := sim.PositionRecord{Closed: rapid.Bool().Draw(t, "closed"), ReturnAtClose: wild(t, 0, positionRetMax)}
		for range rapid.IntRange(1, 6).Draw(t, "orders") {
			p.Fills = append(p.Fills, sim.Fill{Leverage: wild(t, -5, 5), Price: wild(t, 1e-9, 1e9)})
		}
		l.Positions = append(l.Positions, p)
	}
	return l
}

func drawPopulation(t *rapid.T) Population {
	p := Population{EvaluationMS: 60 * dayMS}
	for i := range rapid.IntRange(1, 8).Draw(t, "miners") {
		p.Miners = append(p.Miners, Miner{
			ID:     string(rune('a' + i)),
			State:  rapid.SampledFrom([]State{StateMain, StateMain, StateMain, StateChallenge, StateEliminated}).Draw(t, "state"),
			Ledger: drawLedger(t),

			ChallengeStartMS: 30 * dayMS, // looked at of challengers alone
		})
	}
	return p
}

func TestStandingLaws(t *testing.T) {
	sets := map[string]*rules.Set{}
	for _, name := range setNames {
		sets[name] = ruleSet(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		set := sets[rapid.SampledFrom(setNames).Draw(t, "set")]
		population := drawPopulation(t)
		standing, err := Score(set, population)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range standing.Miners {
			minerLaws(t, m)
		}
		weightLaws(t, standing)
		shuffled := Population{EvaluationMS: population.EvaluationMS, Miners: slices.Clone(population.Miners)}
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled.Miners), func(i, j int) {
			shuffled.Miners[i], shuffled.Miners[j] = shuffled.Miners[j], shuffled.Miners[i]
		})
		again, err := Score(set, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		// The JSON of NaN and infinity is an error, so neither escapes.
		if a, b := encode(t, standing), encode(t, again); a != b {
			t.Fatalf("the order of the miners changes the result:\n%s\n%s", a, b)
		}
	})
}

func minerLaws(t *rapid.T, m Judgement) {
	between := func(name string, x float64) {
		if !(0 <= x && x <= 1) {
			t.Fatalf("%s: %s is %g, which is not in [0, 1]", m.ID, name, x)
		}
	}
	between("drawdown", m.MaxDrawdown)
	between("drawdown penalty", m.Penalties.Drawdown)
	between("martingale penalty", m.Penalties.Martingale.Or(0))
	between("total penalty", m.Penalties.Total)
	between("score", m.Score.Or(0))
	between("weight", m.Weight)
	between("emission share", m.EmissionShare)
	for _, p := range m.Percentiles {
		between("percentile", p.Or(0))
	}
	if (m.Rank != nil) != (m.State == StateMain) || (m.Challenge != nil) != (m.State == StateChallenge) {
		t.Fatalf("%s is %s: rank %v, challenge %v", m.ID, m.State, m.Rank, m.Challenge)
	}
}

func weightLaws(t *rapid.T, s *Standing) {
	weights, shares, main, payable := 0.0, 0.0, 0, false
	for _, m := range s.Miners {
		shares += m.EmissionShare
		if m.State == StateMain {
			main++
			weights += m.Weight
			payable = payable || m.Penalties.Total > 0
		}
	}
	want := 0.0
	if payable || main == 1 {
		want = 1
	}
	if math.Abs(weights-want) > 1e-12 {
		t.Fatalf("the weights of the main competition sum to %.17g, want %g", weights, want)
	}
	if main > 0 && want == 1 && math.Abs(shares-1) > 1e-12 {
		t.Fatalf("the emission shares sum to %.17g", shares)
	}
}

func encode(t *rapid.T, s *Standing) string {
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPercentileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		variant := rapid.SampledFrom([]rules.Variant{rules.Documented, rules.Deployed}).Draw(t, "variant")
		scores := rapid.SliceOfN(rapid.SampledFrom([]float64{-2, -1, 0, .5, 1, 7}), 2, 20).Draw(t, "scores")
		percentiles := Percentiles(variant, scores)
		sum := 0.0
		for i := range scores {
			sum += percentiles[i]
			for j := range scores {
				if (scores[i] < scores[j]) != (percentiles[i] < percentiles[j]) {
					t.Fatalf("%v become %v: the order is not kept", scores, percentiles)
				}
			}
		}
		// Ranks 1 … N sum to N(N+1)/2, shared or not.
		n := float64(len(scores))
		want := n / 2
		if variant == rules.Deployed {
			want = (n + 1) / 2
		}
		if math.Abs(sum-want) > 1e-9 {
			t.Fatalf("%v sum to %g, want %g", percentiles, sum, want)
		}
	})
}

func TestSoftmaxLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "scores")
		temperature := rapid.SampledFrom([]float64{.125, .2}).Draw(t, "temperature")
		shift := rapid.Float64Range(-100, 100).Draw(t, "shift")
		moved := make([]float64, len(scores))
		for i := range scores {
			moved[i] = scores[i] + shift
		}
		a, b := Softmax(scores, temperature), Softmax(moved, temperature)
		sum := 0.0
		for i := range a {
			sum += a[i]
			if math.Abs(a[i]-b[i]) > 1e-9 {
				t.Fatalf("shifting all scores by %g moves share %d from %g to %g", shift, i, a[i], b[i])
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("the shares sum to %g", sum)
		}
	})
}

// A better day makes no metric of mean over spread worse if the spread stays:
// adding a constant to every day raises the Sharpe ratio, and leaves the
// volatility.
func TestMoreReturnOfTheSameSpreadIsBetter(t *testing.T) {
	set := plain(t, "ptn-2025-02")
	rapid.Check(t, func(t *rapid.T) {
		returns := rapid.SliceOfN(rapid.Float64Range(-.05, .05), 2, 60).Draw(t, "returns")
		more := make([]float64, len(returns))
		for i := range returns {
			more[i] = returns[i] + .001
		}
		a, b := Measure(set, Record{Returns: returns}), Measure(set, Record{Returns: more})
		if a[Sharpe].Or(0) >= b[Sharpe].Or(0) {
			t.Fatalf("Sharpe falls from %g to %g", a[Sharpe].Or(0), b[Sharpe].Or(0))
		}
	})
}

func TestMetricsOfAnyReturnsAreNumbersOrNone(t *testing.T) {
	var sets []*rules.Set
	for _, name := range setNames {
		sets = append(sets, ruleSet(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		returns := rapid.SliceOfN(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), 0, 70).Draw(t, "returns")
		for _, set := range sets {
			if _, err := json.Marshal(Measure(set, Record{Returns: returns, MDD: []float64{.95}})); err != nil {
				t.Fatal(err)
			}
		}
	})
}
