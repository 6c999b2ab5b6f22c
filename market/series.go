package market

import "sort"

// Series is the candles of one pair at one interval, as parallel columns:
// element i of every column belongs to the candle that opens at Time[i].
//
// A series may be backed by a memory-mapped file: treat every column as
// read-only. Volume, Bid and Ask are nil where the source has none; every other
// column has the length of Time.
type Series struct {
	Pair       Pair
	IntervalMS int64 // length of a candle, ms

	Time   []int64 // the candle's open, UTC ms, strictly ascending
	Open   []float64
	High   []float64
	Low    []float64
	Close  []float64
	Volume []float64 // in the source's unit
	Bid    []float64
	Ask    []float64
}

// Len returns the number of candles.
func (s *Series) Len() int { return len(s.Time) }

// EndMS returns the instant at which candle i is finished, UTC ms.
func (s *Series) EndMS(i int) int64 { return s.Time[i] + s.IntervalMS }

// Search returns the index of the first candle that opens at or after ms;
// Len() if there is none. O(log n).
func (s *Series) Search(ms int64) int {
	return sort.Search(len(s.Time), func(i int) bool { return s.Time[i] >= ms })
}

// Slice returns the candles [i, j) as a series that shares the columns. Its
// columns have no spare capacity, so nothing past j can be reached through them.
func (s *Series) Slice(i, j int) *Series {
	c := *s
	c.Time = s.Time[i:j:j]
	for _, col := range []*[]float64{&c.Open, &c.High, &c.Low, &c.Close, &c.Volume, &c.Bid, &c.Ask} {
		if *col != nil {
			*col = (*col)[i:j:j]
		}
	}
	return &c
}
