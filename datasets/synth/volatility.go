package synth

import (
	"math"

	"github.com/ptnsim/ptnsim/market/portable"
)

// variance is a pair's relative variance, candle by candle; its mean is 1.
type variance struct {
	model Model

	// Stochastic volatility: the log volatility.
	source    source
	log       float64
	memory    float64 // what is left of it a candle later
	sd, shock float64 // of it, of its steps
	draw      [64]float64
	next      int
	alpha     float64 // GARCH
	beta, h   float64
}

func newVariance(r *Recipe, p *Pair) *variance {
	v := &variance{model: p.Model}
	switch p.Model {
	case StochasticVolatility:
		v.source = newSource(r.Seed, p.Pair+"/volatility")
		v.next = len(v.draw)
		v.sd = p.Clustering.SD
		v.memory = portable.Exp(-float64(r.Interval) / float64(p.Clustering.Memory))
		v.shock = v.sd * math.Sqrt(1-float64(v.memory*v.memory))
		v.log = v.sd * v.normal()
	case GARCH:
		v.alpha, v.beta, v.h = p.Garch.Alpha, p.Garch.Beta, 1
	}
	return v
}

func (v *variance) normal() float64 {
	if v.next == len(v.draw) {
		v.source.normals(v.draw[:])
		v.next = 0
	}
	v.next++
	return v.draw[v.next-1]
}

// candle returns the relative volatility of the next candle, whose shock is z.
//
// Stochastic volatility: log σ' = m log σ + sd sqrt(1-m²) e, and a candle's is
// exp(log σ - sd²), since exp(2 log σ) has the mean exp(2 sd²).
func (v *variance) candle(z float64) float64 {
	switch v.model {
	case StochasticVolatility:
		now := portable.Exp(v.log - float64(v.sd*v.sd))
		v.log = float64(v.memory*v.log) + float64(v.shock*v.normal())
		return now
	case GARCH:
		now := math.Sqrt(v.h)
		v.h = (1 - v.alpha - v.beta) + float64(v.alpha*v.h*z*z) + float64(v.beta*v.h)
		return now
	}
	return 1
}
