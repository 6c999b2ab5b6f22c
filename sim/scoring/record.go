package scoring

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// Record is what the metrics are computed from.
type Record struct {
	Returns []float64 // log returns of the full days, oldest first
	MDD     []float64 // lowest value / running maximum of each checkpoint, a factor ≤ 1, oldest first
}

// Measure computes every metric of the record, those of weight 0 too. None is
// known of a record with a day that lost everything, a log return of -Inf.
// Rules §10.
func Measure(set *rules.Set, record Record) Metrics {
	return newMeasures(set, len(record.Returns)).of(record)
}

// measures computes the metrics of many miners under one rule set.
type measures struct {
	set         *rules.Set
	riskFreeDay float64   // log
	recency     []float64 // weights of the longest record; nil: all days count alike
}

// newMeasures prepares for records of up to daysMax days.
func newMeasures(set *rules.Set, daysMax int) *measures {
	m := &measures{set: set, riskFreeDay: portable.Log1p(set.Metrics.RiskFreeAnnual) / set.Metrics.DaysInYear}
	if set.Recency.Enabled {
		m.recency = recencyWeights(set.Recency, daysMax)
	}
	return m
}

func (m *measures) of(record Record) Metrics {
	if slices.Contains(record.Returns, math.Inf(-1)) {
		return Metrics{} // a day that lost everything: no mean of its logarithm exists
	}
	s := &sample{
		returns:     record.Returns,
		weights:     m.recencyOf(len(record.Returns)),
		year:        m.set.Metrics,
		riskFreeDay: m.riskFreeDay,
	}
	metrics := Metrics{
		Calmar:      Known(s.calmar(m.set.Calmar, record.MDD)),
		ReturnLong:  Known(s.adjustedReturn(m.set.ReturnLong, record.MDD)),
		ReturnShort: Known(s.adjustedReturn(m.set.ReturnShort, record.MDD)),
	}
	if len(record.Returns) < m.set.Metrics.DaysMin {
		metrics[Sharpe] = Known(m.set.Sharpe.NoConfidence)
		metrics[Omega] = Known(m.set.Omega.NoConfidence)
		metrics[Sortino] = Known(m.set.Sortino.NoConfidence)
		metrics[StatisticalConfidence] = Known(m.set.StatisticalConfidence.NoConfidence)
		return metrics
	}
	metrics[Sharpe] = Known(s.sharpe())
	metrics[Omega] = Known(s.omega(m.set.Omega))
	metrics[Sortino] = Known(s.sortino())
	metrics[StatisticalConfidence] = Known(s.statisticalConfidence(m.set.StatisticalConfidence))
	return metrics
}

// recencyOf returns the weights of n days. A weight depends on the age of its
// day only, so those of a short record are the end of those of a long one.
func (m *measures) recencyOf(n int) []float64 {
	switch {
	case m.recency == nil:
		return nil
	case n > len(m.recency): // longer than was prepared for
		return recencyWeights(m.set.Recency, n)
	}
	return m.recency[len(m.recency)-n:]
}

// recencyWeights returns the weights of n days, the newest, of weight 1, last.
// Rules §10.
func recencyWeights(r rules.Recency, n int) []float64 {
	weights := make([]float64, n)
	for k := range n {
		weights[n-1-k] = r.Floor + float64((1-r.Floor)*portable.Exp(float64(-r.Decay*float64(k))))
	}
	return weights
}

// sample is the days of one miner.
type sample struct {
	returns     []float64
	weights     []float64 // as long as returns; nil: all days count alike
	year        rules.Metrics
	riskFreeDay float64 // log
}

// weight is that of day i.
func (s *sample) weight(i int) float64 {
	if s.weights == nil {
		return 1
	}
	return s.weights[i]
}

// meanReturn is mean_w of the returns under the bound, and the number of them.
func (s *sample) meanReturn(under float64) (mean float64, days int) {
	sum, weights := 0.0, 0.0
	for i, r := range s.returns {
		if r < under {
			w := s.weight(i)
			sum += float64(w * r)
			weights += w
			days++
		}
	}
	if days == 0 {
		return 0, 0
	}
	return sum / weights, days
}

// annualReturn is the mean log return of all days times the days of a year.
func (s *sample) annualReturn() float64 {
	mean, _ := s.meanReturn(math.Inf(1))
	return float64(s.year.DaysInYear * mean)
}

// annualExcess is the annual return over the risk-free rate.
func (s *sample) annualExcess() float64 { return s.annualReturn() - s.year.RiskFreeAnnual }

// worst is the largest drawdown as a factor: the lowest mdd, 1 of none.
func worst(mdd []float64) float64 {
	lowest := 1.0
	for _, x := range mdd {
		lowest = min(lowest, x)
	}
	return lowest
}

// drawdownFactor is the drawdown that a metric looks at, as a factor ≤ 1.
func drawdownFactor(kind rules.DrawdownKind, mdd []float64) float64 {
	if kind == rules.DrawdownOfMax || len(mdd) == 0 {
		return worst(mdd)
	}
	sum := 0.0
	for _, x := range mdd {
		sum += x
	}
	return sum / float64(len(mdd))
}

// last returns the last n of xs, all of them for n = 0.
func last(xs []float64, n int) []float64 {
	if n == 0 || n > len(xs) {
		return xs
	}
	return xs[len(xs)-n:]
}
