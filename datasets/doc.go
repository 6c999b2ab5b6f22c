// Package datasets brings candles in and out of files: Parquet, Arrow IPC and
// CSV, import from other layouts, and the embedded synthetic sample.
//
// It refuses rather than guesses: whatever is missing, unsorted, duplicated,
// not finite or not plausible is an error that names the file, the row, what
// was found, what was expected and the remedy. It is the only package that
// knows Arrow, and it owns the lifetime of every mapped column. It knows
// nothing of accounts or rules.
//
// A canonical candle file is <PAIR>-<interval>.parquet, .arrow or .csv with the
// columns time (timestamp[ms, UTC], the candle's open; in CSV RFC 3339 or epoch
// ms), open, high, low, close and optionally volume, bid and ask (float64). A
// file with close but none of open, high and low holds close-only candles:
// open = high = low = close, sharing one slice.
package datasets
