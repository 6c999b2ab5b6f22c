package scoring

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"pgregory.net/rapid"
)

// The worst of four first: 1, 2, 3, 4 of 10. The areas under the pieces, each a
// quarter wide, are of heights 0.05, 0.2, 0.45, 0.8: 1.5/4 = 0.375 in all, and
// twice what is missing to a half is 0.25.
func TestLorenzAndGiniByHand(t *testing.T) {
	tests := map[string]struct {
		weights []float64
		curve   []LorenzPoint
		gini    float64
	}{
		"one to four":     {[]float64{3, 1, 4, 2}, []LorenzPoint{{0, 0}, {.25, .1}, {.5, .3}, {.75, .6}, {1, 1}}, .25},
		"alike":           {[]float64{2, 2}, []LorenzPoint{{0, 0}, {.5, .5}, {1, 1}}, 0},
		"one has all":     {[]float64{0, 1, 0, 0}, []LorenzPoint{{0, 0}, {.25, 0}, {.5, 0}, {.75, 0}, {1, 1}}, .75},
		"alone":           {[]float64{.125}, []LorenzPoint{{0, 0}, {1, 1}}, 0},
		"nobody has any":  {[]float64{0, 0}, nil, math.NaN()},
		"there is nobody": {nil, nil, math.NaN()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Lorenz(test.weights); !slices.Equal(got, test.curve) {
				t.Errorf("got %v, want %v", got, test.curve)
			}
			checkValue(t, "gini", Gini(test.weights), test.gini)
		})
	}
}

func TestGiniOfEqualsIsZero(t *testing.T) {
	for n := range 20 {
		if got, ok := Gini(slices.Repeat([]float64{1.0 / 3}, n+1)).Get(); !ok || got != 0 {
			t.Errorf("of %d: got %g, want 0", n+1, got)
		}
	}
}

// The Gini coefficient is twice the area between the diagonal and the curve.
func TestGiniIsTheAreaOfTheCurve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "weights")
		curve := Lorenz(weights)
		if curve == nil {
			return
		}
		area := 0.0
		for i := 1; i < len(curve); i++ {
			if curve[i].Weight < curve[i-1].Weight || curve[i].Weight > curve[i].Miners+1e-12 {
				t.Fatalf("the curve %v falls, or is over the diagonal", curve)
			}
			area += (curve[i].Miners - curve[i-1].Miners) * (curve[i].Weight + curve[i-1].Weight) / 2
		}
		if got, ok := Gini(weights).Get(); !ok || math.Abs(got-(1-2*area)) > 1e-12 {
			t.Fatalf("got %g, want %g", got, 1-2*area)
		}
	})
}

// agreeing is n miners who stand alike in every metric, the worst first.
func agreeing(n int) []Assessment {
	miners := make([]Assessment, n)
	for i := range miners {
		miners[i] = assessed(float64(i), 90, 0)
	}
	return miners
}

// Where all metrics agree on the order of N miners, the combined score of the i-th
// worst is its percentile: i/(N−1) as documented, (i+1)/N as deployed. So
// neighbours' weights have the ratio q = e^(1/((N−1)T)), or e^(1/(NT)), and the
// best k of them, whole ones and a part p of the next, have
//
//	(1 − q^−k + p·(1 − 1/q)·q^−k) / (1 − q^−N)
//
// of all weight. For ever more miners it is (1 − e^(−0.4/T))/(1 − e^(−1/T)): 0.9596
// at T = 0.125, and 0.8705 at T = 0.2, on either side of the 0.9 that is wanted.
func TestSoftmaxConcentrationOfMinersWhoseMetricsAgree(t *testing.T) {
	for _, name := range []string{"ptn-2025-02", "ptn-2024-12", "ptn-5.4.0"} {
		rule := ruleSet(t, name).Competition
		for _, n := range []int{50, 150, 256} {
			step := 1 / (float64(n-1) * rule.SoftmaxTemperature)
			if rule.Percentiles == rules.Deployed {
				step = 1 / (float64(n) * rule.SoftmaxTemperature)
			}
			k, part := math.Modf(rule.TargetMiners * float64(n))
			beyond := math.Exp(-step * k)
			want := (1 - beyond + part*(1-math.Exp(-step))*beyond) / (1 - math.Exp(-step*float64(n)))
			got := Concentration(Weights(rule, Rank(ruleSet(t, name), agreeing(n))), rule.TargetMiners)
			checkValue(t, name, got, want)
			t.Logf("%s, T = %g: the best %g of %d miners get %.4f of the emission, of which %g is wanted",
				name, rule.SoftmaxTemperature, rule.TargetMiners, n, got.Or(0), rule.TargetEmission)
			if limit := (1 - math.Exp(-rule.TargetMiners/rule.SoftmaxTemperature)) / (1 - math.Exp(-1/rule.SoftmaxTemperature)); math.Abs(got.Or(0)-limit) > 1/float64(n) {
				t.Errorf("%s: %g of %d miners is far from the %g of very many", name, got.Or(0), n, limit)
			}
		}
	}
}

// Where the metrics tell nothing of each other, the combined scores crowd around
// the middle, and less goes to the best than where they agree.
func TestSoftmaxConcentratesLessWhereMetricsDisagree(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	for _, n := range []int{50, 150, 256} {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		miners := agreeing(n)
		for m := range MetricCount {
			for i, value := range random.Perm(n) {
				miners[i].Metrics[m] = Known(float64(value))
			}
		}
		concentration := func(miners []Assessment) float64 {
			return Concentration(Weights(set.Competition, Rank(set, miners)), set.Competition.TargetMiners).Or(0)
		}
		apart, together := concentration(miners), concentration(agreeing(n))
		if apart >= together {
			t.Errorf("%d miners: %g where metrics disagree, %g where they agree", n, apart, together)
		}
		t.Logf("%d miners: the best %g get %.4f", n, set.Competition.TargetMiners, apart)
	}
}
