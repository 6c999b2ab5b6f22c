package datasets

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// featherBytes is an Arrow file of batches of rows, with a time of a type and two
// numbers, the row's and twice the row's; row null of the first number is null.
func featherBytes(t testing.TB, of arrow.DataType, number arrow.DataType, batches, rows, null int, opts ...ipc.Option) []byte {
	t.Helper()
	sc := arrow.NewSchema([]arrow.Field{{Name: "date", Type: of, Nullable: true}, {Name: "close", Type: number, Nullable: true},
		{Name: "volume", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "note", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	var b bytes.Buffer
	w, err := ipc.NewFileWriter(&b, append(opts, ipc.WithSchema(sc))...)
	if err != nil {
		t.Fatal(err)
	}
	rb := array.NewRecordBuilder(memory.DefaultAllocator, sc)
	defer rb.Release()
	for i := range batches * rows {
		switch f := rb.Field(0).(type) {
		case *array.TimestampBuilder:
			f.Append(arrow.Timestamp(1736121600 * int64(1e9/of.(*arrow.TimestampType).Unit.Multiplier())))
		case *array.Int64Builder:
			f.Append(int64(i))
		case *array.Date32Builder:
			f.Append(arrow.Date32(20094)) // 2025-01-06
		}
		switch f := rb.Field(1).(type) {
		case *array.Float64Builder:
			f.Append(float64(i))
		case *array.Float32Builder:
			f.Append(float32(i))
		case *array.Int32Builder:
			f.Append(int32(i))
		}
		if i == null {
			rb.Field(2).AppendNull()
		} else {
			rb.Field(2).(*array.Float64Builder).Append(float64(2 * i))
		}
		rb.Field(3).(*array.StringBuilder).Append("x")
		if i%rows == rows-1 {
			rec := rb.NewRecordBatch()
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
			rec.Release()
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// foreignRows reads a foreign file's times and two numbers.
func foreignRows(data []byte) (times []int64, closes, volumes []float64, columns []ForeignColumn, err error) {
	f, err := OpenForeign("x", data)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	defer f.Close()
	err = f.Read(context.Background(), 0, []int{1, 2}, func(r ForeignRows) bool {
		times = append(times, r.Time...)
		closes, volumes = append(closes, r.Numbers[0]...), append(volumes, r.Numbers[1]...)
		return true
	})
	return times, closes, volumes, f.Columns, err
}

func TestFeatherIsReadWhateverItsTypes(t *testing.T) {
	f64 := arrow.PrimitiveTypes.Float64
	instant := func(unit arrow.TimeUnit, zone string) arrow.DataType {
		return &arrow.TimestampType{Unit: unit, TimeZone: zone}
	}
	for name, tc := range map[string]struct {
		of, number arrow.DataType
		opts       []ipc.Option
		time       ForeignColumn
		first      int64
	}{
		"Seconds":      {instant(arrow.Second, "UTC"), f64, nil, ForeignColumn{PerSecond: 1, UTC: true}, 1736121600},
		"Milliseconds": {instant(arrow.Millisecond, "UTC"), arrow.PrimitiveTypes.Float32, nil, ForeignColumn{PerSecond: 1e3, UTC: true}, 1736121600e3},
		"LZ4":          {instant(arrow.Microsecond, "America/New_York"), f64, []ipc.Option{ipc.WithLZ4()}, ForeignColumn{PerSecond: 1e6, UTC: true}, 1736121600e6},
		"Zstd":         {instant(arrow.Nanosecond, ""), arrow.PrimitiveTypes.Int32, []ipc.Option{ipc.WithZstd()}, ForeignColumn{PerSecond: 1e9}, 1736121600e9},
		"Integers":     {arrow.PrimitiveTypes.Int64, f64, nil, ForeignColumn{Number: true}, 0},
		"Dates":        {arrow.FixedWidthTypes.Date32, f64, nil, ForeignColumn{PerSecond: 1}, 1736121600},
	} {
		t.Run(name, func(t *testing.T) {
			times, closes, volumes, columns, err := foreignRows(featherBytes(t, tc.of, tc.number, 3, 5, -1, tc.opts...))
			if err != nil {
				t.Fatal(err)
			}
			tc.time.Name, tc.time.Type, tc.time.Time = "date", columns[0].Type, true
			if !reflect.DeepEqual(columns[0], tc.time) || columns[3].Number || columns[3].Time {
				t.Errorf("columns %+v", columns)
			}
			if len(times) != 15 || times[0] != tc.first || closes[14] != 14 || volumes[14] != 28 {
				t.Errorf("got %v, %v, %v", times, closes, volumes)
			}
		})
	}
}

func TestFeatherNullIsRefusedWithItsRow(t *testing.T) {
	_, _, _, _, err := foreignRows(featherBytes(t, arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Float64, 3, 5, 7, ipc.WithLZ4()))
	r, ok := errors.AsType[*Refusal](err)
	if !ok || !errors.Is(err, ErrNull) || r.Row != 8 {
		t.Errorf("got %v", err)
	}
}

func TestFeatherThatClaimsTooMuchIsRefused(t *testing.T) {
	for name, opt := range map[string]ipc.Option{"LZ4": ipc.WithLZ4(), "Zstd": ipc.WithZstd()} {
		t.Run(name, func(t *testing.T) {
			data := featherBytes(t, arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Float64, 1, 1000, -1, opt)
			// The times' buffer claims its 8000 bytes as its first number; make it
			// 2^40, and 2^29, which a file of that size may not unpack to either.
			claim := binary.LittleEndian.AppendUint64(nil, 8000)
			at := bytes.Index(data, claim)
			if at < 0 {
				t.Fatal("no claim found")
			}
			for _, bytes := range []uint64{1 << 40, 1 << 29, 1 << 63} {
				binary.LittleEndian.PutUint64(data[at:], bytes)
				if _, _, _, _, err := foreignRows(data); !errors.Is(err, ErrCorrupt) {
					t.Errorf("a claim of %d: got %v", bytes, err)
				}
			}
		})
	}
}

// parquetBytes is a Parquet file with nullable columns, as pandas writes them.
func parquetBytes(t testing.TB, unit schema.TimeUnitType, isUTC bool) []byte {
	t.Helper()
	node := func(name string, lt schema.LogicalType, physical parquet.Type) schema.Node {
		n, err := schema.NewPrimitiveNodeLogical(name, parquet.Repetitions.Optional, lt, physical, -1, -1)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{
		node("date", schema.NewTimestampLogicalType(isUTC, unit), parquet.Types.Int64),
		node("close", nil, parquet.Types.Float), node("volume", nil, parquet.Types.Int64)}, -1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, root)
	for range 2 {
		g, err := w.AppendRowGroupChecked()
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			c, err := g.NextColumn()
			if err != nil {
				t.Fatal(err)
			}
			levels := []int16{1, 1, 1}
			switch c := c.(type) {
			case *file.Int64ColumnChunkWriter:
				_, err = c.WriteBatch([]int64{int64(i), 10, 20}, levels, nil)
			case *file.Float32ColumnChunkWriter:
				_, err = c.WriteBatch([]float32{1.5, 2.5, 3.5}, levels, nil)
			}
			if err := errors.Join(err, c.Close()); err != nil {
				t.Fatal(err)
			}
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestForeignParquetIsRead(t *testing.T) {
	for unit, perSecond := range map[schema.TimeUnitType]int64{schema.TimeUnitMillis: 1e3, schema.TimeUnitMicros: 1e6, schema.TimeUnitNanos: 1e9} {
		times, closes, volumes, columns, err := foreignRows(parquetBytes(t, unit, perSecond == 1e6))
		if err != nil {
			t.Fatal(err)
		}
		if c := columns[0]; !c.Time || c.PerSecond != perSecond || c.UTC != (perSecond == 1e6) || columns[1].Time || !columns[2].Number {
			t.Errorf("columns %+v", columns)
		}
		if !reflect.DeepEqual(times, []int64{0, 10, 20, 0, 10, 20}) || closes[1] != 2.5 || volumes[0] != 2 || len(volumes) != 6 {
			t.Errorf("got %v, %v, %v", times, closes, volumes)
		}
	}
}

func TestForeignIsReadFromAFileToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.feather")
	if err := os.WriteFile(path, featherBytes(t, arrow.FixedWidthTypes.Timestamp_ms, arrow.PrimitiveTypes.Float64, 2, 5, -1, ipc.WithZstd()), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := OpenForeign(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := 0
	if err := f.Read(context.Background(), 0, []int{1}, func(r ForeignRows) bool { rows += len(r.Time); return false }); err != nil || rows != 5 {
		t.Errorf("%d rows of the first batch, %v", rows, err)
	}
	if err := f.Read(context.Background(), 3, nil, nil); !errors.Is(err, ErrType) {
		t.Errorf("text as times: %v", err)
	}
}

func FuzzForeign(f *testing.F) {
	f.Add(featherBytes(f, arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Float64, 2, 20, -1, ipc.WithLZ4()))
	f.Add(featherBytes(f, arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Float64, 1, 20, 3, ipc.WithZstd()))
	f.Add(featherBytes(f, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float32, 1, 20, -1))
	f.Add(parquetBytes(f, schema.TimeUnitNanos, true))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		file, err := OpenForeign("x", data)
		if err == nil {
			defer file.Close()
			time, numbers := -1, []int{}
			for i, c := range file.Columns {
				if c.Time && time < 0 {
					time = i
				} else if c.Number {
					numbers = append(numbers, i)
				}
			}
			if time < 0 {
				return
			}
			err = file.Read(context.Background(), time, numbers, func(r ForeignRows) bool {
				for _, col := range r.Numbers {
					if len(col) != len(r.Time) {
						t.Fatalf("columns of %d and %d rows", len(r.Time), len(col))
					}
				}
				return true
			})
		}
		if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
			t.Errorf("not a refusal: %v", err)
		}
	})
}
