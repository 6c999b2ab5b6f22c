package indicator

import (
	"math"
	"math/rand/v2"
	"testing"
)

// closesOnly are candles without a range: each lies at its close.
func closesOnly(closes ...float64) Bars {
	return Bars{Open: closes, High: closes, Low: closes, Close: closes}
}

// walk makes n candles of a random walk around 1000, with steps of up to 1 %.
func walk(n int, seed uint64) Bars {
	random := rand.New(rand.NewPCG(seed, 0))
	var b Bars
	price := 1000.0
	for range n {
		open := price
		price *= 1 + float64(0.02*(random.Float64()-0.5))
		b.Open = append(b.Open, open)
		b.High = append(b.High, max(open, price)*(1+float64(0.002*random.Float64())))
		b.Low = append(b.Low, min(open, price)*(1-float64(0.002*random.Float64())))
		b.Close = append(b.Close, price)
		b.Volume = append(b.Volume, 1+random.Float64())
	}
	return b
}

// slice cuts columns, and leaves them no capacity to look past the cut.
func (b Bars) slice(from, to int) Bars {
	cut := func(column []float64) []float64 { return column[from:to:to] }
	return Bars{cut(b.Open), cut(b.High), cut(b.Low), cut(b.Close), cut(b.Volume)}
}

// columns are all outputs of the indicator that a text asks for.
func columns(t testing.TB, text string, b Bars) [][]float64 {
	t.Helper()
	ind, spec, err := New(text)
	if err != nil {
		t.Fatal(err)
	}
	return Columns(ind, len(spec.Outputs), b)
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// near reports whether a is b up to a share of scale.
func near(a, b, share, scale float64) bool {
	return same(a, b) || math.Abs(a-b) <= share*math.Abs(scale)
}
