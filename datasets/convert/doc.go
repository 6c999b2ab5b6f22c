// Package convert makes candle files out of candle files: coarser candles that
// never reach over a closed market, several files of one pair merged in the
// order of time, pairs cut to the time that they share, other names, other
// columns, other formats. Everything is a stream of chunks, so that memory stays
// flat however long a file is, and whatever a step leaves out it counts. What a
// coarse candle is, market by market, is written down in docs/data-formats.md; the
// hours are those of Rules §3.
package convert
