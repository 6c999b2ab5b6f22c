package reports

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// madeCompare makes up a comparison of n miners under rule sets of those names:
// each is a little harder than the one before.
func madeCompare(t testing.TB, n int, variants ...string) *Compare {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	c := &Compare{Version: "test", Name: "made-up", Comparison: &sweep.Comparison{FromMS: plotStart, ToMS: plotStart + madeDays*dayMS}}
	skill, luck := make([]float64, n), make([]float64, n)
	for i := range n {
		skill[i], luck[i] = rng.NormFloat64(), rng.Float64()
	}
	for v, name := range variants {
		resolved, err := rules.Load(rules.Default)
		if err != nil {
			t.Fatal(err)
		}
		o := sweep.Outcome{Variant: sweep.Variant{Name: name, Rules: resolved}, MeanReturn: 1}
		for i := range n {
			o.Miners = append(o.Miners, madeOutcome(rng, i, v, skill[i], luck[i]))
		}
		rankMade(&o)
		c.Comparison.Outcomes = append(c.Comparison.Outcomes, o)
	}
	return c
}

func madeOutcome(rng *rand.Rand, i, variant int, skill, luck float64) sweep.MinerOutcome {
	m := sweep.MinerOutcome{Name: fmt.Sprintf("trend following-%03d", i), Group: "trend following", State: scoring.StateMain}
	m.FinalReturn = 1 + 0.05*skill - float64(variant)*(0.004+0.01*luck) + 0.01*float64(min(variant, 1))*rng.NormFloat64()
	m.Judgement = scoring.Judgement{ID: m.Name, Score: scoring.Known(0.5 + 0.2*skill + 0.05*rng.NormFloat64())}
	switch {
	case luck < 0.1+0.08*float64(variant):
		m.State = scoring.StateEliminated
		m.Elimination = &sim.Elimination{TimeMS: plotStart + 40*dayMS, Reason: sim.MaxTotalDrawdown, Drawdown: 0.1}
		if i%3 == 0 {
			m.Elimination.Reason = sim.FailedChallengeTime
		}
	case luck > 0.75+0.05*float64(variant):
		m.State = scoring.StateChallenge
	case luck > 0.72:
		m = sweep.MinerOutcome{Name: m.Name, Group: m.Group, State: sweep.StateRefused, FinalReturn: 1}
	case luck > 0.7:
		m.State = scoring.StateDeregistered
	}
	m.Judgement.State = m.State
	return m
}

// rankMade ranks those of the main competition by score, and counts.
func rankMade(o *sweep.Outcome) {
	var main []int
	sum := 0.0
	for i := range o.Miners {
		sum += o.Miners[i].FinalReturn
		switch o.Miners[i].State {
		case scoring.StateMain:
			main = append(main, i)
		case scoring.StateEliminated:
			o.Eliminated++
		case scoring.StateDeregistered:
			o.Deregistered++
		case sweep.StateRefused:
			o.Refused++
		}
	}
	if len(o.Miners) > 0 {
		o.MeanReturn = sum / float64(len(o.Miners))
	}
	slices.SortFunc(main, func(a, b int) int {
		return cmp.Compare(o.Miners[b].Judgement.Score.Or(0), o.Miners[a].Judgement.Score.Or(0))
	})
	for k, i := range main {
		rank := k + 1
		o.Miners[i].Judgement.Rank = &rank
	}
}

// madeAttribution makes up what n changes do, every third nothing.
func madeAttribution(c *Compare, n int) *sweep.Attribution {
	rng := rand.New(rand.NewPCG(9, uint64(n)))
	first, last := c.Comparison.Outcomes[0], c.Comparison.Outcomes[len(c.Comparison.Outcomes)-1]
	a := &sweep.Attribution{FromMS: c.Comparison.FromMS, ToMS: c.Comparison.ToMS, From: first, To: last}
	difference := func(size float64) sweep.Difference {
		return sweep.Difference{
			MeanReturn: 0.01 * size * rng.NormFloat64(), Eliminated: int(4 * size * rng.NormFloat64()), Moved: 0.1 * size * rng.Float64(),
		}
	}
	for i := range n {
		e := sweep.Effect{Change: sweep.Change{Name: fmt.Sprintf("section.value_%02d", i), Section: "6"}}
		if i%3 != 2 {
			size := 1 / float64(i+1)
			e.First, e.Last = difference(size), difference(size)
			if i%2 == 0 {
				e.Last = e.First
			}
		}
		a.Effects = append(a.Effects, e)
	}
	a.Total = difference(1)
	return a
}
