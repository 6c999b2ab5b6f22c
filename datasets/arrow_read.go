package datasets

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/ptnsim/ptnsim/market"
)

// readArrow maps an Arrow IPC file. With one record batch, as this package
// writes it, the series' columns are the mapped bytes themselves; several
// batches are copied together.
func readArrow(src source, name Name, pair market.Pair, sel Select) (c *Candles, err error) {
	data, unmap := src.data, func() error { return nil }
	if data == nil {
		if data, unmap, err = mapFile(src.path); err != nil {
			return nil, err
		}
	}
	f, l, err := arrowFrame(src.path, data, sel.Columns)
	if err == nil && len(f.time) == 0 {
		err = empty(src.path)
	}
	if err != nil {
		return nil, errors.Join(err, unmap())
	}
	from, to := sel.span()
	i, _ := slices.BinarySearch(f.time, from)
	j, _ := slices.BinarySearch(f.time, to)
	c = &Candles{File: src.path, CloseOnly: l.closeOnly, FirstRow: int64(i), unmap: unmap,
		FirstMS: f.time[0], EndMS: f.time[len(f.time)-1] + int64(name.Interval)}
	f = f.slice(i, max(i, j))
	c.Series = f.series(pair, name.Interval, l.closeOnly)
	return c, nil
}

// arrowFrame finds the wanted columns in a mapped file.
func arrowFrame(path string, data []byte, sel Columns) (f frame, l layout, err error) {
	defer guard(path, &err)
	if err := vetArrow(data); err != nil {
		return f, l, corrupt(path, err)
	}
	// The bytes are read-only: neither swap them nor decompress them.
	r, err := ipc.NewMappedFileReader(data, ipc.WithBodySizeLimit(int64(len(data))),
		ipc.WithEnsureNativeEndian(false), ipc.WithAllocator(noAllocator{}))
	if err != nil {
		return f, l, corrupt(path, err)
	}
	defer r.Close()
	if l, err = arrowLayout(path, r.Schema()); err != nil {
		return f, l, err
	}
	want := l.wanted(sel)
	for b := range r.NumRecords() {
		rec, err := r.RecordBatchAt(b)
		if err != nil {
			return f, l, corrupt(path, err)
		}
		g, err := batchFrame(path, rec, &l, want, int64(len(f.time)))
		if err != nil {
			return f, l, err
		}
		if f, err = join(path, f, g, len(data)); err != nil {
			return f, l, err
		}
	}
	return f, l, nil
}

// join appends a batch's columns. The first batch is taken as it is, without a
// copy.
func join(path string, f, g frame, size int) (frame, error) {
	if len(f.time) == 0 {
		return g, nil
	}
	if len(f.time)+len(g.time) > size/8 {
		return f, corrupt(path, fmt.Sprintf("%d rows in %d bytes", len(f.time)+len(g.time), size))
	}
	f.time = append(f.time[:len(f.time):len(f.time)], g.time...)
	for k := range f.cols {
		if f.cols[k] != nil {
			f.cols[k] = append(f.cols[k][:len(f.cols[k]):len(f.cols[k])], g.cols[k]...)
		}
	}
	return f, nil
}

// arrowLayout finds the candle columns and judges their types.
func arrowLayout(path string, sc *arrow.Schema) (layout, error) {
	var names []string
	for _, field := range sc.Fields() {
		names = append(names, field.Name)
	}
	if !sc.IsNativeEndian() {
		return layout{}, corrupt(path, "its byte order is not this machine's")
	}
	l, err := newLayout(path, names)
	if err != nil {
		return l, err
	}
	dt := sc.Field(l.time).Type
	if ts, ok := dt.(*arrow.TimestampType); !ok || ts.Unit != arrow.Millisecond || ts.TimeZone != "UTC" {
		return l, wrongType(path, timeColumn, dt.String(), "timestamp[ms, UTC]")
	}
	for k, i := range l.index {
		if i >= 0 && sc.Field(i).Type.ID() != arrow.FLOAT64 {
			return l, wrongType(path, columnNames[k], sc.Field(i).Type.String(), "float64")
		}
	}
	return l, nil
}

// batchFrame returns the wanted columns of a record batch, which share its
// bytes.
func batchFrame(path string, rec arrow.RecordBatch, l *layout, want Columns, row int64) (f frame, err error) {
	rows := int(rec.NumRows())
	times, ok := rec.Column(l.time).(*array.Timestamp)
	if !ok {
		return f, corrupt(path, "the time column is not of its declared type")
	}
	if err := whole(path, timeColumn, times, len(times.TimestampValues()), rows, row); err != nil {
		return f, err
	}
	f.time = asInt64(times.TimestampValues())
	for k, i := range l.index {
		if !want.has(k) {
			continue
		}
		col, ok := rec.Column(i).(*array.Float64)
		if !ok {
			return f, corrupt(path, "column "+columnNames[k]+" is not of its declared type")
		}
		if err := whole(path, columnNames[k], col, len(col.Float64Values()), rows, row); err != nil {
			return f, err
		}
		f.cols[k] = col.Float64Values()
	}
	return f, nil
}

// whole judges that a column has a value in every row of its batch.
func whole(path, name string, col arrow.Array, values, rows int, row int64) error {
	switch {
	case values != rows:
		return corrupt(path, fmt.Sprintf("column %s has %d of %d values", name, values, rows))
	case col.NullN() == 0:
		return nil
	}
	i := 0
	for i < rows-1 && !col.IsNull(i) {
		i++
	}
	return &Refusal{File: path, Row: row + int64(i) + 1, Problem: ErrNull, Found: "a null " + name,
		Expected: "a value in every row", Remedy: "remove the row or fill it"}
}

// asInt64 returns the same memory under timestamps' underlying type.
func asInt64(t []arrow.Timestamp) []int64 {
	return unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(t))), len(t))
}

// noAllocator refuses to allocate: reading mapped, uncompressed columns needs no
// memory, so a request for some comes of a compressed file, whose claimed sizes
// nothing vouches for.
type noAllocator struct{}

var errCompressed = errors.New("its columns are compressed, but candle files are mapped and must not be; import it")

func (noAllocator) Allocate(int) []byte           { panic(errCompressed) }
func (noAllocator) Reallocate(int, []byte) []byte { panic(errCompressed) }
func (noAllocator) Free([]byte)                   {}
