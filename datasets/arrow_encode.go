package datasets

import (
	"errors"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/ptnsim/ptnsim/market"
)

// EncodeArrow writes candles as one Arrow IPC stream, uncompressed, with its end:
// a record batch for each series, in their order. It has the time, and those of
// the wanted columns that any of the series has; in the batch of a series that
// lacks one it is null. A series may lack any column but the time. Nothing is
// checked: the candles are those of a run.
func EncodeArrow(w io.Writer, want Columns, series ...*market.Series) error {
	var have Columns
	for _, s := range series {
		have |= columnsIn(s)
	}
	have &= want
	schema := streamSchema(have)
	out := ipc.NewWriter(w, ipc.WithSchema(schema))
	for _, s := range series {
		if err := out.Write(streamBatch(schema, frameOf(s), have)); err != nil {
			return errors.Join(err, out.Close())
		}
	}
	return out.Close()
}

// columnsIn is the columns that a series holds.
func columnsIn(s *market.Series) (have Columns) {
	for k, col := range frameOf(s).cols {
		if col != nil {
			have |= 1 << k
		}
	}
	return have
}

func streamSchema(have Columns) *arrow.Schema {
	fields := []arrow.Field{{Name: timeColumn, Type: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}}}
	for k, name := range columnNames {
		if have.has(k) {
			fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true})
		}
	}
	return arrow.NewSchema(fields, nil)
}

// streamBatch wraps columns, without a copy, as a record batch.
func streamBatch(schema *arrow.Schema, f frame, have Columns) arrow.RecordBatch {
	rows := len(f.time)
	cols := []arrow.Array{wrap(schema.Field(0).Type, wordsOf(f.time), rows)}
	for k, col := range f.cols {
		switch {
		case !have.has(k):
		case col == nil:
			cols = append(cols, array.MakeArrayOfNull(memory.DefaultAllocator, arrow.PrimitiveTypes.Float64, rows))
		default:
			cols = append(cols, wrap(arrow.PrimitiveTypes.Float64, wordsOf(col), rows))
		}
	}
	return array.NewRecordBatch(schema, cols, int64(rows))
}
