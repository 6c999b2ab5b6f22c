package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// variance is var_w of the returns under the bound, +Inf for fewer than two of
// them. As a sample variance it is scaled by n/(n-1), n the number of days.
func (s *sample) variance(under float64) float64 {
	mean, days := s.meanReturn(under)
	if days < 2 {
		return math.Inf(1)
	}
	sum, weights := 0.0, 0.0
	for i, r := range s.returns {
		if r < under {
			w, d := s.weight(i), r-mean
			sum += float64(w * float64(d*d))
			weights += w
		}
	}
	if s.year.Variance == rules.VarianceSample {
		return sum / weights * (float64(days) / float64(days-1))
	}
	return sum / weights
}

// volatility is the annual standard deviation of all days, +Inf of one day.
func (s *sample) volatility() float64 {
	return math.Sqrt(s.year.DaysInYear * s.variance(math.Inf(1)))
}

// downsideVolatility is that of the days that earn less than the risk-free
// rate, each with the weight of its place among all days.
func (s *sample) downsideVolatility() float64 {
	return math.Sqrt(s.year.DaysInYear * s.variance(s.riskFreeDay))
}

// excessOver is the annual excess return over a volatility: 0 if that is
// infinite.
func (s *sample) excessOver(volatility float64) float64 {
	return s.annualExcess() / max(volatility, s.year.VolatilityMin)
}
