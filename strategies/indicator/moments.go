package indicator

import "math"

// moments are the mean and the squared deviations of the last values of a
// series.
//
// The series is cut into blocks of a period. A window is the tail of one block
// and the head of the next: the tails are made when a block is full, the head
// grows with each value, and the two are merged. So nothing is ever taken away
// again, and nothing cancels: a market that stands still has a deviation of 0
// whatever it did before. Three updates a candle, taken together.
type moments struct {
	tally          // of the window; NaN until it is full
	period int     // its length
	head   tally   // of the block at hand
	grown  int     // values in it
	tails  []tally // of the block before, by where they begin; none until one is full
}

// tally is the mean of some values and the sum of their squared deviations from
// it.
type tally struct{ mean, squares float64 }

// add returns the tally with one more value, the n-th. Welford's update.
func (t tally) add(x float64, n int) tally {
	d := x - t.mean
	mean := t.mean + d/float64(n)
	return tally{mean, t.squares + float64(d*(x-mean))}
}

// merge returns the tally of n values and m others. Chan's update.
func (t tally) merge(n int, other tally, m int) tally {
	d, share := other.mean-t.mean, float64(m)/float64(n+m)
	return tally{
		mean:    t.mean + float64(d*share),
		squares: t.squares + other.squares + float64(float64(d*d)*float64(float64(n)*share)),
	}
}

func newMoments(period, least int) moments {
	checkPeriod(period, least)
	return moments{period: period, tally: tally{math.NaN(), math.NaN()}}
}

// take follows the value i of a series that at gives.
func (m *moments) take(at func(i int) float64, i int) {
	if m.grown == m.period {
		m.cut(at, i)
	}
	m.grown++
	m.head = m.head.add(at(i), m.grown)
	switch left := m.period - m.grown; {
	case left == 0:
		m.tally = m.head
	case m.tails != nil:
		m.tally = m.tails[m.grown].merge(left, m.head, m.grown)
	}
}

// cut makes the tails of the block that ends before i, and begins a new one.
func (m *moments) cut(at func(i int) float64, i int) {
	if m.tails == nil {
		m.tails = make([]tally, m.period)
	}
	var tail tally
	for n := 1; n < m.period; n++ {
		tail = tail.add(at(i-n), n)
		m.tails[m.period-n] = tail
	}
	m.head, m.grown = tally{}, 0
}

// deviation is the root of the mean squared deviation over n values: as many as
// there are for a population's, one less for a sample's.
func (m *moments) deviation(n int) float64 { return math.Sqrt(m.squares / float64(n)) }
