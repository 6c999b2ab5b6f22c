package indicator

// MACD is Appel's moving average convergence/divergence: the distance of a fast
// exponential average of closes from a slow one, and its own exponential average,
// the signal line. Each average starts as EMA does, so the line is there once
// the slow one is, the signal line a period of its own later. G. Appel, The
// Moving Average Convergence-Divergence Method, 1979.
type MACD struct {
	fast, slow EMA
	signal     EMA
}

// NewMACD makes a MACD. It panics if a period is not from 1 to MaxPeriod.
func NewMACD(fast, slow, signal int) *MACD {
	return &MACD{*NewEMA(fast), *NewEMA(slow), *NewEMA(signal)}
}

// Take implements Indicator.
func (m *MACD) Take(b Bars, i int) {
	m.fast.Take(b, i)
	m.slow.Take(b, i)
	if i+1 >= max(m.fast.period, m.slow.period) {
		m.signal.add(m.Line())
	}
}

// Line is the fast average less the slow one.
func (m *MACD) Line() float64 { return m.fast.value - m.slow.value }

// Signal is the exponential average of the line.
func (m *MACD) Signal() float64 { return m.signal.value }

// Histogram is the line less its signal line.
func (m *MACD) Histogram() float64 { return m.Line() - m.signal.value }

// Value implements Indicator: macd, signal, histogram.
func (m *MACD) Value(output int) float64 {
	switch output {
	case 0:
		return m.Line()
	case 1:
		return m.Signal()
	}
	return m.Histogram()
}
