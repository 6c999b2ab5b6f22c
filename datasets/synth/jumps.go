package synth

import (
	"math"
)

// jumper is a pair's Poisson process of jumps over open-market time.
type jumper struct {
	spec   *Jumps // nil: none
	source source
	waitMS float64 // open-market time to the next jump
	meanMS float64 // between jumps
}

// newJumper returns the jumps of a pair whose market is open yearMS a year.
func newJumper(r *Recipe, p *Pair, yearMS float64) *jumper {
	j := &jumper{spec: p.Jumps, waitMS: math.Inf(1)}
	if p.Jumps != nil {
		j.source = newSource(r.Seed, p.Pair+"/jumps")
		j.meanMS = yearMS / p.Jumps.Rate
		j.waitMS = j.source.exponential() * j.meanMS
	}
	return j
}

// candle returns the sum of the jumps of the log price in a candle with openMS of
// open market.
func (j *jumper) candle(openMS float64) (sum float64) {
	j.waitMS -= openMS
	for j.waitMS < 0 {
		sum += j.size()
		j.waitMS += float64(j.source.exponential() * j.meanMS)
	}
	return sum
}

// size draws one jump. The Laplace distribution's standard deviation is √2 times
// its scale.
func (j *jumper) size() float64 {
	if j.spec.Sizes == LaplaceJumps {
		x := j.source.exponential() - j.source.exponential() // the difference of two is Laplace's, of scale 1
		return j.spec.Mean + float64(j.spec.SD/math.Sqrt2*x)
	}
	return j.spec.Mean + float64(j.spec.SD*j.source.normal())
}
