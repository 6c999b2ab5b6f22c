package synth

import "math"

// regime is the state of the market that holds for a pair.
type regime struct {
	spec    *Regimes // nil: none
	source  source
	state   int
	untilMS float64 // when it ends, UTC ms
	passed  int     // changes of the schedule
}

// newRegime returns the regimes of a pair from fromMS on. All pairs that have
// them have the same: the source is the recipe's.
func newRegime(r *Recipe, p *Pair) *regime {
	if r.Regimes == nil || !concerns(r.Regimes.Pairs, p.Pair) {
		return &regime{untilMS: math.Inf(1)}
	}
	g := &regime{spec: r.Regimes}
	if len(g.spec.Schedule) > 0 {
		g.untilMS = float64(g.spec.Schedule[0].At.MS)
		return g
	}
	g.source = newSource(r.Seed, "regimes")
	g.untilMS = float64(r.From.MS) + g.dwell()
	return g
}

func (g *regime) dwell() float64 {
	return float64(g.source.exponential() * float64(g.spec.States[g.state].Duration))
}

// at returns the volatility's factor and the annual drift that hold at an instant
// not before the last one asked for.
func (g *regime) at(ms int64) (volatility, drift float64) {
	if g.spec == nil {
		return 1, 0
	}
	for float64(ms) >= g.untilMS {
		g.turn()
	}
	s := &g.spec.States[g.state]
	return s.Volatility, s.Drift
}

// turn goes on to the next state.
func (g *regime) turn() {
	if changes := g.spec.Schedule; len(changes) > 0 {
		for i, s := range g.spec.States {
			if s.Name == changes[g.passed].Regime {
				g.state = i
			}
		}
		g.passed++
		g.untilMS = math.Inf(1)
		if g.passed < len(changes) {
			g.untilMS = float64(changes[g.passed].At.MS)
		}
		return
	}
	if n := len(g.spec.States); n > 1 { // any of the others
		next := int(g.source.uniform() * float64(n-1))
		if next >= g.state {
			next++
		}
		g.state = next
	}
	g.untilMS += g.dwell()
}
