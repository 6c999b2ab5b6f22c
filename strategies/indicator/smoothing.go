package indicator

import "math"

// smoothing is an exponential average: each value takes a fixed share of the
// distance to the newest one. It starts as the plain mean of its first period.
type smoothing struct {
	value  float64 // NaN until a period has passed
	weight float64 // of the newest value
	period int
	seen   int     // values of the first period
	sum    float64 // of them
}

func newSmoothing(period int, weight float64) smoothing {
	checkPeriod(period, 1)
	return smoothing{value: math.NaN(), weight: weight, period: period}
}

// wilder is Wilder's average of a period: the newest value weighs 1/period.
func wilder(period int) smoothing { return newSmoothing(period, 1/float64(period)) }

func (s *smoothing) add(x float64) {
	if s.seen < s.period {
		s.start(x)
		return
	}
	s.value += float64(s.weight * (x - s.value))
}

// start takes a value of the first period.
func (s *smoothing) start(x float64) {
	s.sum += x
	if s.seen++; s.seen == s.period {
		s.value = s.sum * (1 / float64(s.period))
	}
}
