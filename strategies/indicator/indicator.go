// Package indicator computes technical indicators a candle at a time, in constant
// time or nearly so, and the same on every processor. The column of candles is
// the window: an indicator keeps no copy of it. Periods are counted in candles;
// a value that does not exist yet is NaN.
//
// Who writes a strategy in Go makes one by its type (NewSMA, NewMACD) and reads
// it by its methods; scripts and programs ask for one by name (New, Specs). A
// whole column at once, to be declared as a precomputation, is Column's.
package indicator

import "fmt"

// Bars are columns of candles, oldest first; a column that the data lacks is
// nil.
type Bars struct {
	Open, High, Low, Close, Volume []float64
}

// Len is the number of candles.
func (b Bars) Len() int {
	return max(len(b.Open), len(b.High), len(b.Low), len(b.Close), len(b.Volume))
}

// Indicator follows the candles of one pair.
type Indicator interface {
	// Take takes candle i. Those before it must have been taken, in order, once
	// each; from call to call the columns may grow, and move in memory.
	Take(b Bars, i int)
	// Value is an output after the last candle taken, by its place in the
	// indicator's Spec; NaN until there is one.
	Value(output int) float64
}

// MaxPeriod bounds every period, candles: two years of minutes.
const MaxPeriod = 1 << 20

// checkPeriod panics where a period is out of bounds: who makes an indicator has
// checked it, and Spec.New does.
func checkPeriod(period, least int) {
	if period < least || period > MaxPeriod {
		panic(fmt.Sprintf("indicator: period %d; expected one from %d to %d", period, least, MaxPeriod))
	}
}

// Column takes every candle and returns an output after each: the whole column
// for a precomputation. The indicator must be new.
func Column(ind Indicator, output int, b Bars) []float64 {
	values := make([]float64, b.Len())
	for i := range values {
		ind.Take(b, i)
		values[i] = ind.Value(output)
	}
	return values
}

// Columns is Column for the first n outputs at once.
func Columns(ind Indicator, n int, b Bars) [][]float64 {
	columns := make([][]float64, n)
	for output := range columns {
		columns[output] = make([]float64, b.Len())
	}
	for i := range b.Len() {
		ind.Take(b, i)
		for output := range columns {
			columns[output][i] = ind.Value(output)
		}
	}
	return columns
}
