package audit

import (
	"slices"

	"github.com/ptnsim/ptnsim/market"
)

// buffer is a series whose columns are its own and grow. Where only the close is
// known, open, high and low stay the close's own slice, so that what goes out
// says the same.
type buffer struct {
	market.Series

	closeOnly bool
}

// newBuffer returns an empty buffer with the columns of a series.
func newBuffer(s *market.Series, closeOnly bool, o *Options) *buffer {
	b := &buffer{closeOnly: closeOnly}
	b.Pair, b.IntervalMS, b.Time = o.Pair, int64(o.Interval), []int64{}
	like := columns(s, false)
	for k, col := range columns(&b.Series, false) {
		if *like[k] != nil {
			*col = []float64{}
		}
	}
	return b
}

// columns returns the columns of a series, nil ones too; with closeOnly from the
// close on.
func columns(s *market.Series, closeOnly bool) []*[]float64 {
	all := []*[]float64{&s.Open, &s.High, &s.Low, &s.Close, &s.Volume, &s.Bid, &s.Ask}
	if closeOnly {
		return all[3:]
	}
	return all
}

// change puts every column through f, k being its number from 0, that of the
// open.
func (b *buffer) change(f func(k int, col []float64) []float64) {
	own := columns(&b.Series, b.closeOnly)
	for i, col := range own {
		if *col != nil {
			*col = f(i+7-len(own), *col)
		}
	}
	if b.closeOnly {
		b.Open, b.High, b.Low = b.Close, b.Close, b.Close
	}
}

// add appends rows [i, j) of a series with the same columns.
func (b *buffer) add(s *market.Series, i, j int) {
	b.Time = append(b.Time, s.Time[i:j]...)
	from := columns(s, false)
	b.change(func(k int, col []float64) []float64 { return append(col, (*from[k])[i:j]...) })
}

// addFlat appends a flat candle at the remembered row's close, without volume and
// with its bid and ask.
func (b *buffer) addFlat(ms int64, last *row) {
	b.Time = append(b.Time, ms)
	b.change(func(k int, col []float64) []float64 { return append(col, last.flat(k)) })
}

// flat is a value of a flat candle after the remembered one.
func (r *row) flat(k int) float64 {
	switch {
	case k < 4:
		return r.x[3]
	case k == 4:
		return 0
	}
	return r.x[k]
}

// setFlat makes row i a flat candle after row i-1.
func (b *buffer) setFlat(i int) {
	var last row
	last.take(&b.Series, i-1)
	b.change(func(k int, col []float64) []float64 {
		col[i] = last.flat(k)
		return col
	})
}

// cut removes the first n rows.
func (b *buffer) cut(n int) {
	b.Time = b.Time[:copy(b.Time, b.Time[n:])]
	b.change(func(_ int, col []float64) []float64 { return col[:copy(col, col[n:])] })
}

// remove removes row i.
func (b *buffer) remove(i int) {
	b.Time = slices.Delete(b.Time, i, i+1)
	b.change(func(_ int, col []float64) []float64 { return slices.Delete(col, i, i+1) })
}
