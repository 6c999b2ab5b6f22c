package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// statisticalConfidence is the t statistic of the mean day, never weighted by
// recency. Days that are all but alike, and one day, tell nothing; where the
// rules have no such test and the days are exactly alike, it is NaN. Rules §10.
func (s *sample) statisticalConfidence(c rules.StatisticalConfidence) float64 {
	n := float64(len(s.returns))
	if n < 2 {
		return c.NoConfidence
	}
	alike := sample{returns: s.returns}
	mean, _ := alike.meanReturn(math.Inf(1))
	variance := alike.variance(math.Inf(1)) // population
	if c.VarianceMin > 0 && variance <= c.VarianceMin {
		return c.NoConfidence
	}
	if variance == 0 {
		return math.NaN()
	}
	return mean / math.Sqrt(variance/(n-1)) // s/√n = √(variance·n/(n-1)/n)
}
