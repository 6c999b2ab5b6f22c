package indicator

import "math"

// extreme keeps the highest value of a sliding window of a column, or with sign
// -1 the lowest. It holds the places of those that can still become it: each is
// beaten by none that came later, so the first is the extreme. A value comes once
// and goes once: constant time a candle, taken together.
type extreme struct {
	period int
	sign   float64
	value  float64 // NaN until the window is full
	places []int   // a ring, its length a power of two
	first  int     // where in the ring
	held   int
}

func newExtreme(period int, sign float64) extreme {
	checkPeriod(period, 1)
	return extreme{period: period, sign: sign, value: math.NaN(), places: make([]int, 16)}
}

// take follows the value i of a column.
func (e *extreme) take(column []float64, i int) {
	if e.held > 0 && *e.at(0) <= i-e.period {
		e.first++
		e.held--
	}
	in := e.sign * column[i]
	for e.held > 0 && e.sign*column[*e.at(e.held - 1)] <= in {
		e.held--
	}
	if e.held == len(e.places) {
		e.grow()
	}
	e.held++
	*e.at(e.held - 1) = i
	if i >= e.period-1 {
		e.value = column[*e.at(0)]
	}
}

// at is the place number k of those held.
func (e *extreme) at(k int) *int { return &e.places[(e.first+k)&(len(e.places)-1)] }

// grow doubles the ring. It never holds more than a period.
func (e *extreme) grow() {
	larger := make([]int, 2*len(e.places))
	for k := range e.held {
		larger[k] = *e.at(k)
	}
	e.places, e.first = larger, 0
}
