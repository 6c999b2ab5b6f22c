package scoring

import (
	"bytes"
	"fmt"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Metric is one measure of a miner's days. Rules §10.
type Metric int

// The metrics, in the order of reports.
const (
	Calmar Metric = iota
	Sharpe
	Omega
	Sortino
	StatisticalConfidence
	ReturnLong  // drawdown-adjusted return of the whole window
	ReturnShort // and of its last days

	MetricCount int = iota
)

// AllMetrics lists every metric in the order of reports.
func AllMetrics() []Metric {
	return []Metric{Calmar, Sharpe, Omega, Sortino, StatisticalConfidence, ReturnLong, ReturnShort}
}

// String returns the metric's name as rule files and reports write it.
func (m Metric) String() string {
	switch m {
	case Calmar:
		return "calmar"
	case Sharpe:
		return "sharpe"
	case Omega:
		return "omega"
	case Sortino:
		return "sortino"
	case StatisticalConfidence:
		return "statistical_confidence"
	case ReturnLong:
		return "return_long"
	case ReturnShort:
		return "return_short"
	}
	return fmt.Sprintf("Metric(%d)", int(m))
}

// Weight is the metric's part in the combined score; the weights of all sum
// to 1. A metric of weight 0 is computed and reported, and counts for nothing.
func (m Metric) Weight(w rules.Weights) float64 {
	switch m {
	case Calmar:
		return w.Calmar
	case Sharpe:
		return w.Sharpe
	case Omega:
		return w.Omega
	case Sortino:
		return w.Sortino
	case StatisticalConfidence:
		return w.StatisticalConfidence
	case ReturnLong:
		return w.ReturnLong
	case ReturnShort:
		return w.ReturnShort
	}
	panic("scoring: no such metric: " + m.String())
}

// Metrics is one value for each metric, indexed by it: the metrics themselves
// or their percentiles. In JSON it is an object in the order of AllMetrics.
type Metrics [MetricCount]Value

// MarshalJSON writes the object {"calmar": …, …}.
func (m Metrics) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, metric := range AllMetrics() {
		value, err := m[metric].MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(&b, "%q:%s", metric, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
