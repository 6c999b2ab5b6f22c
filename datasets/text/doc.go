// Package text turns the bytes of text files into lines, numbers and times:
// streams in bounded memory, numbers correctly rounded, times of any layout and
// zone, all without allocating a row. It knows nothing of candles.
package text
