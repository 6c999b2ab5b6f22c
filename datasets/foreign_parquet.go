package datasets

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// openForeignParquet judges the footer and tells what the columns can be read as.
func (f *Foreign) openForeignParquet(data []byte) error {
	p, err := openParquet(source{path: f.path, data: data})
	if err != nil {
		return err
	}
	for i, name := range p.names {
		f.Columns = append(f.Columns, parquetColumn(name, p.reader.MetaData().Schema.Column(i)))
	}
	unmap := f.close
	f.close = func() error {
		err := p.close()
		if again := unmap(); err == nil {
			err = again
		}
		return err
	}
	f.cells = p.cells
	f.read = func(ctx context.Context, time int, numbers []int, take func(ForeignRows) bool) error {
		for g := range p.groups {
			if more, err := readForeignGroup(ctx, p, g, time, numbers, take); err != nil || !more {
				return err
			}
		}
		return nil
	}
	return nil
}

// parquetColumn tells what a Parquet column can be read as.
func parquetColumn(name string, col *schema.Column) ForeignColumn {
	c := ForeignColumn{Name: name, Type: typeName(col)}
	if col.MaxRepetitionLevel() > 0 || col.MaxDefinitionLevel() > 1 {
		return c
	}
	logical := col.LogicalType()
	_, isInt := logical.(schema.IntLogicalType)
	plain := logical == nil || logical.IsNone() || isInt
	ts, isTime := logical.(schema.TimestampLogicalType)
	if pointer, ok := logical.(*schema.TimestampLogicalType); ok && pointer != nil {
		ts, isTime = *pointer, true
	}
	_, isDate := logical.(schema.DateLogicalType)
	switch physical := col.PhysicalType(); {
	case physical == parquet.Types.Int64 && isTime:
		c.Time, c.UTC = true, ts.IsAdjustedToUTC()
		switch ts.TimeUnit() {
		case schema.TimeUnitMillis:
			c.PerSecond = 1e3
		case schema.TimeUnitMicros:
			c.PerSecond = 1e6
		case schema.TimeUnitNanos:
			c.PerSecond = 1e9
		default:
			c.Time = false
		}
	case physical == parquet.Types.Int32 && isDate:
		c.Time, c.PerSecond = true, 1
	case physical == parquet.Types.Int64 && plain:
		c.Time, c.Number = true, true
	case physical == parquet.Types.Double, physical == parquet.Types.Float, physical == parquet.Types.Int32 && plain:
		c.Number = true
	case physical == parquet.Types.Boolean:
		c.Bool = true
	case physical == parquet.Types.ByteArray:
		_, isText := logical.(schema.StringLogicalType)
		c.Text = isText || logical == nil || logical.IsNone()
	}
	return c
}

// readForeignGroup hands out the rows of one row group.
func readForeignGroup(
	ctx context.Context, p *parquetFile, g, time int, numbers []int, take func(ForeignRows) bool,
) (more bool, err error) {
	cursors := make([]columnCursor, 0, 1+len(numbers))
	defer func() {
		for i := range cursors {
			cursors[i].close()
		}
	}()
	for _, i := range append([]int{time}, numbers...) {
		c, err := p.cursor(g, i)
		if err != nil {
			return false, err
		}
		cursors = append(cursors, c)
	}
	buf := ForeignRows{Time: make([]int64, streamRows), Numbers: make([][]float64, len(numbers))}
	for k := range buf.Numbers {
		buf.Numbers[k] = make([]float64, streamRows)
	}
	for left := p.groups[g].rows; left > 0; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n := int(min(left, streamRows))
		out := ForeignRows{Time: buf.Time[:n], Numbers: make([][]float64, len(numbers))}
		if err := cursors[0].foreignTimes(out.Time); err != nil {
			return false, err
		}
		for k := range numbers {
			out.Numbers[k] = buf.Numbers[k][:n]
			if err := cursors[1+k].foreignFloats(out.Numbers[k]); err != nil {
				return false, err
			}
		}
		left -= int64(n)
		if !take(out) {
			return false, nil
		}
	}
	return true, nil
}

// foreignTimes fills dst with the next rows; dates in seconds.
func (c *columnCursor) foreignTimes(dst []int64) error {
	days, ok := c.col.(*file.Int32ColumnChunkReader)
	if !ok {
		return c.times(dst)
	}
	err := convert(c, dst, days.ReadBatch)
	for i := range dst {
		dst[i] *= 86400
	}
	return err
}

// foreignFloats fills dst with the next rows of any number type.
func (c *columnCursor) foreignFloats(dst []float64) error {
	switch col := c.col.(type) {
	case *file.Float64ColumnChunkReader:
		return c.floats(dst)
	case *file.Float32ColumnChunkReader:
		return convert(c, dst, col.ReadBatch)
	case *file.Int64ColumnChunkReader:
		return convert(c, dst, col.ReadBatch)
	case *file.Int32ColumnChunkReader:
		return convert(c, dst, col.ReadBatch)
	}
	return corrupt(c.path, fmt.Sprintf("column %s is not of its declared type", c.name))
}

// convert fills dst with the next rows of another type.
func convert[S float32 | int32 | int64, T float64 | int64](
	c *columnCursor, dst []T, read func(int64, []S, []int16, []int16) (int64, int, error),
) error {
	values := make([]S, len(dst))
	rows, count, err := read(int64(len(dst)), values, nil, nil)
	if err := c.filled(rows, count, len(dst), err); err != nil {
		return err
	}
	for i, v := range values {
		dst[i] = T(v)
	}
	return nil
}
