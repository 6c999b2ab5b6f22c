// Package indicator computes technical indicators a candle at a time, in constant
// time or nearly so, and the same on every processor. The column of candles is
// the window: an indicator keeps no copy of it. Periods are counted in candles;
// a value that does not exist yet is NaN.
package indicator

// Bars are columns of candles, oldest first; a column that the data lacks is
// nil.
type Bars struct {
	Open, High, Low, Close, Volume []float64
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

// Spec describes an indicator that can be asked for by name, as a script or a
// program does: sma(20), macd(12,26,9).
type Spec struct {
	Name    string
	Args    []Arg
	Outputs []string // the first is the one that is meant when none is named
	Doc     string   // a line
	New     func(args []float64) (Indicator, error)
}

// Arg is a number that an indicator is made with.
type Arg struct {
	Name    string
	Default float64
	Whole   bool // an integer
	Least   float64
	Most    float64
}
