package datasets

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/klauspost/compress/zstd"
)

// What a compressed record batch may claim to be, so that a small file can't ask
// for much memory.
const (
	maxBatchBytes   = 1 << 30
	maxFeatherRatio = 1024 // unpacked bytes for one of the file
	maxZstdWindow   = 64 << 20
)

// openFeather reads an Arrow file's schema. Its record batches may be compressed
// and are unpacked one at a time.
func (f *Foreign) openFeather(data []byte) error {
	if err := vetArrow(data); err != nil {
		return corrupt(f.path, strings.TrimSuffix(err.Error(), "; import it"))
	}
	budget := min(maxBatchBytes, maxFeatherRatio*len(data)+1<<20)
	if err := vetUnpacked(data, int64(budget)); err != nil {
		return corrupt(f.path, err)
	}
	mem := &allowance{left: budget}
	r, err := ipc.NewMappedFileReader(data, ipc.WithBodySizeLimit(int64(len(data))), ipc.WithEnsureNativeEndian(false), ipc.WithAllocator(mem))
	if err != nil {
		return corrupt(f.path, err)
	}
	if !r.Schema().IsNativeEndian() {
		return corrupt(f.path, "its byte order is not this machine's")
	}
	for _, field := range r.Schema().Fields() {
		f.Columns = append(f.Columns, arrowColumn(field))
	}
	unmap := f.close
	f.close = func() error { return errors.Join(r.Close(), unmap()) }
	batches := func(ctx context.Context, take func(rec arrow.RecordBatch, row int64) (more bool, err error)) error {
		row := int64(0)
		for b := range r.NumRecords() {
			if err := ctx.Err(); err != nil {
				return err
			}
			mem.left = budget + 1<<20 // buffers are rounded up
			rec, err := r.RecordBatchAt(b)
			if err != nil {
				return corrupt(f.path, err)
			}
			more, err := take(rec, row)
			row += rec.NumRows()
			rec.Release()
			if err != nil || !more {
				return err
			}
		}
		return nil
	}
	f.read = func(ctx context.Context, time int, numbers []int, take func(ForeignRows) bool) error {
		return batches(ctx, func(rec arrow.RecordBatch, row int64) (bool, error) {
			out, err := f.batch(rec, row, int64(budget)/8, time, numbers)
			return err == nil && (len(out.Time) == 0 || take(out)), err
		})
	}
	f.cells = func(ctx context.Context, columns []int, take func(CellRows) error) error {
		return batches(ctx, func(rec arrow.RecordBatch, row int64) (bool, error) {
			return true, f.recordCells(ctx, rec, row, int64(budget)/8, columns, take)
		})
	}
	return nil
}

// arrowColumn tells what an Arrow field can be read as.
func arrowColumn(field arrow.Field) ForeignColumn {
	c := ForeignColumn{Name: field.Name, Type: field.Type.String()}
	switch t := field.Type.(type) {
	case *arrow.TimestampType:
		c.Time, c.UTC = true, t.TimeZone != "" // an instant is UTC whatever zone it is shown in
		c.PerSecond = int64(1e9 / t.Unit.Multiplier())
	case *arrow.Date32Type:
		c.Time, c.PerSecond = true, 1
	case *arrow.Int64Type:
		c.Time, c.Number = true, true
	case *arrow.Float64Type, *arrow.Float32Type, *arrow.Int32Type, *arrow.Uint64Type, *arrow.Uint32Type:
		c.Number = true
	case *arrow.StringType:
		c.Text = true
	case *arrow.BooleanType:
		c.Bool = true
	}
	return c
}

// batch returns the wanted columns of a record batch, whose first is that row of
// the file.
func (f *Foreign) batch(rec arrow.RecordBatch, row, maxRows int64, time int, numbers []int) (out ForeignRows, err error) {
	rows := rec.NumRows()
	if rows < 0 || rows > maxRows || int(rec.NumCols()) != len(f.Columns) {
		return out, corrupt(f.path, fmt.Sprintf("a batch of %d rows and %d columns", rows, rec.NumCols()))
	}
	if out.Time, err = arrowTimes(rec.Column(time)); err != nil {
		return out, corrupt(f.path, err)
	}
	if err := whole(f.path, f.Columns[time].Name, rec.Column(time), len(out.Time), int(rows), row); err != nil {
		return out, err
	}
	for _, i := range numbers {
		col, err := arrowNumbers(rec.Column(i))
		if err != nil {
			return out, corrupt(f.path, err)
		}
		if err := whole(f.path, f.Columns[i].Name, rec.Column(i), len(col), int(rows), row); err != nil {
			return out, err
		}
		out.Numbers = append(out.Numbers, col)
	}
	return out, nil
}

var errDeclared = errors.New("a column is not of its declared type")

// arrowTimes returns a column's times in its own unit; dates in seconds.
func arrowTimes(col arrow.Array) ([]int64, error) {
	switch c := col.(type) {
	case *array.Timestamp:
		return asInt64(c.TimestampValues()), nil
	case *array.Int64:
		return c.Int64Values(), nil
	case *array.Date32:
		times := make([]int64, c.Len())
		for i, days := range c.Date32Values() {
			times[i] = int64(days) * 86400
		}
		return times, nil
	}
	return nil, errDeclared
}

// arrowNumbers returns a column's numbers.
func arrowNumbers(col arrow.Array) ([]float64, error) {
	switch c := col.(type) {
	case *array.Float64:
		return c.Float64Values(), nil
	case *array.Float32:
		return asFloats(c.Float32Values()), nil
	case *array.Int64:
		return asFloats(c.Int64Values()), nil
	case *array.Int32:
		return asFloats(c.Int32Values()), nil
	case *array.Uint64:
		return asFloats(c.Uint64Values()), nil
	case *array.Uint32:
		return asFloats(c.Uint32Values()), nil
	}
	return nil, errDeclared
}

func asFloats[T float32 | int64 | int32 | uint64 | uint32](values []T) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}

// vetUnpacked holds what the record batches' buffers claim to be, unpacked, in a
// batch together, against a budget in bytes.
func vetUnpacked(data []byte, budget int64) error {
	end := len(data) - len(arrowMagic) - 4
	size := int(binary.LittleEndian.Uint32(data[end:]))
	footer := flat(data[end-size : end : end])
	blocks, n, err := footer.vector(footer.root(), 3, 24)
	for i := 0; err == nil && i < n; i++ {
		err = vetBuffers(data, footer[blocks+24*i:], budget)
	}
	return err
}

// vetBuffers judges the buffers of the record batch that a footer's block names,
// which vetBatch has found to lie in the file.
func vetBuffers(data []byte, block flat, budget int64) error {
	offset, meta := int64(binary.LittleEndian.Uint64(block)), int64(int32(binary.LittleEndian.Uint32(block[8:])))
	length := int64(binary.LittleEndian.Uint64(block[16:]))
	if length < 0 || length > int64(len(data))-offset-meta {
		return fmt.Errorf("a record batch of %d bytes at %d of %d", length, offset, len(data))
	}
	body := data[offset+meta : offset+meta+length]
	message := flat(data[offset : offset+meta : offset+meta])[4:]
	if binary.LittleEndian.Uint32(data[offset:]) == 0xFFFFFFFF {
		message = message[4:]
	}
	header := message.field(message.root(), 2)
	if header == 0 {
		return errors.New("a record batch without a header")
	}
	batch := message.follow(header)
	compression := message.field(batch, 3)
	buffers, n, err := message.vector(batch, 2, 16)
	if err != nil {
		return err
	}
	isZstd := false
	if compression != 0 {
		codec := message.field(message.follow(compression), 0)
		isZstd = codec != 0 && message[codec] == 1
	}
	for i := range n {
		at, size := int64(binary.LittleEndian.Uint64(message[buffers+16*i:])), int64(binary.LittleEndian.Uint64(message[buffers+16*i+8:]))
		if at < 0 || size < 0 || at > length || size > length-at {
			return fmt.Errorf("a buffer of %d bytes at %d of %d", size, at, length)
		}
		if compression == 0 || size == 0 {
			continue
		}
		claim, err := unpackedSize(body[at:at+size], isZstd)
		if budget -= claim; err != nil || budget < 0 {
			return errors.Join(err, fmt.Errorf("a record batch that claims to unpack to more than a file of %d bytes may", len(data)))
		}
	}
	return nil
}

// unpackedSize is what a compressed buffer claims to unpack to; the buffer begins
// with the number, -1 for one that isn't compressed.
func unpackedSize(buffer []byte, isZstd bool) (int64, error) {
	if len(buffer) < 8 {
		return 0, errors.New("a compressed buffer without its size")
	}
	claim := int64(binary.LittleEndian.Uint64(buffer))
	switch {
	case claim == -1:
		return 0, nil
	case claim < 0 || claim > maxBatchBytes:
		return 0, fmt.Errorf("a buffer that claims to unpack to %d bytes", claim)
	}
	if isZstd && claim > 0 {
		var h zstd.Header
		if err := h.Decode(buffer[8:]); err != nil {
			return 0, err
		}
		if h.WindowSize > maxZstdWindow {
			return 0, fmt.Errorf("a zstd window of %d bytes", h.WindowSize)
		}
	}
	return claim, nil
}

// allowance is an allocator with a limit on what is in use at once, bytes.
type allowance struct{ left int }

func (a *allowance) take(size int) {
	if a.left -= size; size < 0 || a.left < 0 {
		panic(errors.New("its columns unpack to more than they claim"))
	}
}

// Allocate implements memory.Allocator.
func (a *allowance) Allocate(size int) []byte {
	a.take(size)
	return memory.DefaultAllocator.Allocate(size)
}

// Reallocate implements memory.Allocator.
func (a *allowance) Reallocate(size int, b []byte) []byte {
	a.take(size - min(len(b), size))
	a.left += len(b) - min(len(b), size)
	return memory.DefaultAllocator.Reallocate(size, b)
}

// Free implements memory.Allocator.
func (a *allowance) Free(b []byte) {
	a.left += len(b)
	memory.DefaultAllocator.Free(b)
}
