// Package strategies is what decides orders: the built-in strategies with their
// parameters, and files of signals.
//
// A strategy knows the rules only as far as its setup and context tell them. It
// holds no state outside its own value, Init brings it back to its beginning,
// and the same candles make it emit the same orders. Leverages are multiples of
// the portfolio's value, times are UTC ms, periods are counted in candles.
// Sections ("Rules §4") are those of docs/rules.md.
package strategies
