package datasets

import (
	"bufio"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/ptnsim/ptnsim/market"
)

// Write writes a series as a canonical candle file in the format that the path's
// extension names. Close-only candles are written as time and close. The same
// candles make the same bytes. The file appears whole or not at all; a done
// context leaves nothing.
func Write(ctx context.Context, path string, s *market.Series) error {
	name, err := ParseName(path)
	if err != nil {
		return err
	}
	if name.Pair != s.Pair.ID || int64(name.Interval) != s.IntervalMS {
		return fmt.Errorf("%s: the name says %s at %s, the series is %s at %s", path, name.Pair, name.Interval, s.Pair.ID, Interval(s.IntervalMS))
	}
	switch name.Format {
	case Parquet:
		err = writeParquet(ctx, path, s)
	case Arrow:
		err = writeArrow(ctx, path, s)
	default:
		err = writeCSV(ctx, path, s)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// writeParquet writes row groups of time and the stored columns.
func writeParquet(ctx context.Context, path string, s *market.Series) error {
	have := Stored(s)
	t, err := NewTable(path, candleColumns(have))
	if err != nil {
		return err
	}
	defer t.Abort()
	f := frameOf(s)
	for i := 0; i < s.Len(); i += groupRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := appendFrame(t, f.slice(i, min(i+groupRows, s.Len())), have); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.Close()
}

// candleColumns returns a candle file's columns as a table's.
func candleColumns(have Columns) []Column {
	columns := []Column{{Name: timeColumn, Kind: TimestampMS}}
	for k, name := range columnNames {
		if have.has(k) {
			columns = append(columns, Column{Name: name, Kind: Float64})
		}
	}
	return columns
}

func appendFrame(t *TableWriter, f frame, have Columns) error {
	batch := []any{f.time}
	for k, col := range f.cols {
		if have.has(k) {
			batch = append(batch, col)
		}
	}
	return t.Append(batch...)
}

// writeArrow writes one uncompressed record batch, so that each column is one
// contiguous piece of the mapped file.
func writeArrow(ctx context.Context, path string, s *market.Series) (err error) {
	out, err := createAtomic(path)
	if err != nil {
		return err
	}
	defer out.abort()
	if err := writeRecord(out, frameOf(s), Stored(s)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return out.commit(path)
}

// record wraps columns, without a copy, as a record batch.
func record(f frame, have Columns) arrow.RecordBatch {
	rows := len(f.time)
	fields := []arrow.Field{{Name: timeColumn, Type: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}}}
	cols := []arrow.Array{wrap(fields[0].Type, wordsOf(f.time), rows)}
	for k, name := range columnNames {
		if have.has(k) {
			fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64})
			cols = append(cols, wrap(arrow.PrimitiveTypes.Float64, wordsOf(f.cols[k]), rows))
		}
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), cols, int64(rows))
}

func wrap(dt arrow.DataType, bytes []byte, rows int) arrow.Array {
	return array.MakeFromData(array.NewData(dt, rows, []*memory.Buffer{nil, memory.NewBufferBytes(bytes)}, nil, 0, 0))
}

// writeCSV writes a header and one line a candle, times in RFC 3339 and numbers
// in the shortest form that reads back the same.
func writeCSV(ctx context.Context, path string, s *market.Series) error {
	out, err := createAtomic(path)
	if err != nil {
		return err
	}
	defer out.abort()
	have := Stored(s)
	fmt.Fprintf(out, "%s,%s\n", timeColumn, have)
	if err := writeRows(ctx, out.Writer, s, have); err != nil {
		return err
	}
	return out.commit(path)
}

func writeRows(ctx context.Context, w *bufio.Writer, s *market.Series, have Columns) (err error) {
	f := frameOf(s)
	var line []byte
	for i := 0; i < s.Len(); i += groupRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if line, err = appendRowsTo(w, f.slice(i, min(i+groupRows, s.Len())), have, line); err != nil {
			return err
		}
	}
	return nil
}

// appendRowsTo writes a line a row, in the memory of line, which it returns.
func appendRowsTo(w *bufio.Writer, f frame, have Columns, line []byte) ([]byte, error) {
	for i, ms := range f.time {
		line = time.UnixMilli(ms).UTC().AppendFormat(line[:0], "2006-01-02T15:04:05.999Z")
		for k, col := range f.cols {
			if have.has(k) {
				line = strconv.AppendFloat(append(line, ','), col[i], 'f', -1, 64)
			}
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return line, err
		}
	}
	return line, nil
}
