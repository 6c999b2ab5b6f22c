// Package synth makes candles from a seed: markets to rehearse on, not any
// market's history.
//
// A Recipe says what is made, and is all that is needed to make it again: the
// same recipe makes the same bytes on every machine. Each pair's randomness is
// its own, split from the seed by name and purpose, and drawn slot by slot of the
// clock whether the market is open or not. So pairs that share a factor share it
// at the same instants whatever their hours; another pair, or a stress on one,
// leaves the others as they were; and a longer span begins with the shorter one.
//
// The models and their parameters are described in docs/synthetic.md.
package synth
