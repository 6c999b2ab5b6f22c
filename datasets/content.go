package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"unsafe"

	"github.com/ptnsim/ptnsim/market"
)

// contentHash names candles whatever file holds them: the SHA-256 over the
// interval, the columns' names, the number of rows and the SHA-256 of each
// column's values as little-endian 8-byte words. Parquet, Arrow and CSV of the
// same candles have the same, however they are cut into chunks.
type contentHash struct {
	columns Columns
	rows    int64
	time    hash.Hash
	cols    [columnCount]hash.Hash
}

func newContentHash(columns Columns) *contentHash {
	h := &contentHash{columns: columns, time: sha256.New()}
	for k := range h.cols {
		h.cols[k] = sha256.New()
	}
	return h
}

// add takes the next rows.
func (h *contentHash) add(f frame) {
	h.rows += int64(len(f.time))
	h.time.Write(wordsOf(f.time))
	for k, col := range f.cols {
		if h.columns.has(k) {
			h.cols[k].Write(wordsOf(col))
		}
	}
}

// wordsOf returns the memory of 8-byte numbers. Candle files are mapped as they
// are in memory, so this package runs on little-endian machines only.
func wordsOf[T int64 | float64](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 8*len(x))
}

// sum returns the hash of what was added, in hexadecimal.
func (h *contentHash) sum(v Interval) string {
	all := sha256.New()
	fmt.Fprintf(all, "ptnsim-candles-1\n%d ms\ntime,%s\n%d rows\n", int64(v), h.columns, h.rows)
	all.Write(h.time.Sum(nil))
	for k := range h.cols {
		if h.columns.has(k) {
			all.Write(h.cols[k].Sum(nil))
		}
	}
	return hex.EncodeToString(all.Sum(nil))
}

// Content returns the SHA-256 that names a series' candles, in hexadecimal: the
// content of a ManifestFile that describes a file with them, whatever its format.
func Content(s *market.Series) string {
	h := newContentHash(Stored(s))
	h.add(frameOf(s))
	return h.sum(Interval(s.IntervalMS))
}

// ContentHash reads a candle file whole, in bounded memory, and returns the
// SHA-256 that names its candles whatever the format: the content of a
// ManifestFile. Rows are not checked.
func (f *File) ContentHash(ctx context.Context) (string, error) {
	var h *contentHash
	for s, err := range f.chunks(ctx, Select{Unchecked: true}) {
		if err != nil {
			return "", err
		}
		if h == nil {
			h = newContentHash(Stored(s))
		}
		h.add(frameOf(s))
	}
	if h == nil {
		return "", empty(f.Path)
	}
	return h.sum(f.Interval), nil
}

// chunks streams the file, embedded or not.
func (f *File) chunks(ctx context.Context, sel Select) func(func(*market.Series, error) bool) {
	if f.data == nil {
		return Chunks(ctx, f.Path, []market.Pair{f.Pair}, sel, 0)
	}
	return func(yield func(*market.Series, error) bool) {
		c, err := f.Read(ctx, sel)
		if err != nil {
			yield(nil, err)
			return
		}
		defer c.Close()
		yield(c.Series, nil)
	}
}
