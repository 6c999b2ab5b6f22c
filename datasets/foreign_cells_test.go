package datasets

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// cellsIn reads every column of a file.
func cellsIn(data []byte) (batches []CellRows, columns []ForeignColumn, err error) {
	f, err := OpenForeign("x", data)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var all []int
	for i := range f.Columns {
		all = append(all, i)
	}
	err = f.ReadCells(context.Background(), all, func(r CellRows) error {
		batches = append(batches, r)
		return nil
	})
	return batches, f.Columns, err
}

// mixedFeather has a row of values and a row of nulls.
func mixedFeather(t testing.TB) []byte {
	t.Helper()
	types := []arrow.DataType{
		arrow.FixedWidthTypes.Timestamp_us, arrow.FixedWidthTypes.Date32, arrow.PrimitiveTypes.Int32,
		arrow.PrimitiveTypes.Float32, arrow.BinaryTypes.String, arrow.FixedWidthTypes.Boolean,
	}
	var fields []arrow.Field
	for i, of := range types {
		fields = append(fields, arrow.Field{Name: string(rune('a' + i)), Type: of, Nullable: true})
	}
	sc := arrow.NewSchema(fields, nil)
	rb := array.NewRecordBuilder(memory.DefaultAllocator, sc)
	defer rb.Release()
	rb.Field(0).(*array.TimestampBuilder).Append(1736121600e6)
	rb.Field(1).(*array.Date32Builder).Append(20094) // 2025-01-06 is 20 094 days after 1970
	rb.Field(2).(*array.Int32Builder).Append(-7)
	rb.Field(3).(*array.Float32Builder).Append(0.5)
	rb.Field(4).(*array.StringBuilder).Append("BTCUSD")
	rb.Field(5).(*array.BooleanBuilder).Append(true)
	for i := range types {
		rb.Field(i).AppendNull()
	}
	rec := rb.NewRecordBatch()
	defer rec.Release()
	var b bytes.Buffer
	w, err := ipc.NewFileWriter(&b, ipc.WithSchema(sc))
	if err := errors.Join(err, w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFeatherCells(t *testing.T) {
	got, columns, err := cellsIn(mixedFeather(t))
	if err != nil {
		t.Fatal(err)
	}
	null := []bool{false, true}
	want := []CellRows{{FirstRow: 1, Rows: 2, Columns: []Cells{
		{Null: null, Ints: []int64{1736121600e6, 0}},
		{Null: null, Ints: []int64{1736121600, 0}},
		{Null: null, Ints: []int64{-7, 0}},
		{Null: null, Floats: []float64{0.5, 0}},
		{Null: null, Texts: []string{"BTCUSD", ""}},
		{Null: null, Bools: []bool{true, false}},
	}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !columns[4].Text || !columns[5].Bool || columns[4].Number || columns[5].Time {
		t.Errorf("columns %+v", columns)
	}
}

// tableBytes is a Parquet table of two row groups, the second of one row.
func tableBytes(t testing.TB, text func(i int) string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.parquet")
	w, err := NewTable(path, []Column{{Name: "time", Kind: TimestampMS}, {Name: "n", Kind: Int64, Nullable: true},
		{Name: "x", Kind: Float64, Nullable: true}, {Name: "text", Kind: String}, {Name: "yes", Kind: Bool}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range groupRows + 1 {
		n := int64(i)
		if i == 1 {
			n = NullInt64
		}
		if err := w.Append([]int64{1736121600000 + int64(i)}, []int64{n}, []float64{float64(i) / 2}, []string{text(i)}, []bool{i%2 == 0}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParquetCells(t *testing.T) {
	names := []string{"BTCUSD", "ETHUSD", ""}
	batches, columns, err := cellsIn(tableBytes(t, func(i int) string { return names[i%3] }))
	if err != nil {
		t.Fatal(err)
	}
	if c := columns[0]; !c.Time || c.PerSecond != 1000 || !c.UTC || !columns[3].Text || !columns[4].Bool {
		t.Errorf("columns %+v", columns)
	}
	row := int64(0)
	for _, b := range batches {
		if b.FirstRow != row+1 {
			t.Fatalf("a batch begins with row %d, want %d", b.FirstRow, row+1)
		}
		for i := range b.Rows {
			n := b.Columns[1].Ints[i]
			null := b.Columns[1].Null != nil && b.Columns[1].Null[i]
			if null != (row == 1) || !null && n != row || b.Columns[0].Ints[i] != 1736121600000+row ||
				b.Columns[2].Floats[i] != float64(row)/2 || b.Columns[3].Texts[i] != names[row%3] || b.Columns[4].Bools[i] != (row%2 == 0) {
				t.Fatalf("row %d: %d (null %v), %d, %g, %q, %v", row, n, null, b.Columns[0].Ints[i], b.Columns[2].Floats[i], b.Columns[3].Texts[i], b.Columns[4].Bools[i])
			}
			row++
		}
	}
	if row != groupRows+1 {
		t.Errorf("%d rows, want %d", row, groupRows+1)
	}
}

// TestParquetCellsAreBounded: a text of 8 KiB in every row is one entry of a
// dictionary, and 32 MiB in 4096 rows.
func TestParquetCellsAreBounded(t *testing.T) {
	long := strings.Repeat("x", 8<<10)
	_, _, err := cellsIn(tableBytes(t, func(int) string { return long }))
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "more than 16 MiB of text in 4096 rows") {
		t.Errorf("got %v, want a refusal of so much text", err)
	}
}

func FuzzForeignCells(f *testing.F) {
	f.Add(mixedFeather(f))
	f.Add(featherBytes(f, arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Float64, 2, 20, 3, ipc.WithZstd()))
	f.Add(foreignParquet(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		batches, _, err := cellsIn(data)
		if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
			t.Errorf("%T is no *Refusal: %v", err, err)
		}
		for _, b := range batches {
			for _, c := range b.Columns {
				if n := len(c.Ints) + len(c.Floats) + len(c.Texts) + len(c.Bools); n != b.Rows {
					t.Errorf("%d values in %d rows", n, b.Rows)
				}
			}
		}
	})
}

// foreignParquet is a small table with every type.
func foreignParquet(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.parquet")
	w, err := NewTable(path, []Column{{Name: "time", Kind: TimestampMS, Nullable: true}, {Name: "text", Kind: String, Nullable: true}, {Name: "yes", Kind: Bool}})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(w.Append([]int64{1, NullInt64, 3}, []string{"a", "", "c"}, []bool{true, false, true}), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
