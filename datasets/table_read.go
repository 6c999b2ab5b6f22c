package datasets

import (
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// Table is a table read whole, as TableWriter wrote it. A column that is not
// there, or is of another kind, is nil.
type Table struct {
	Columns []Column
	Rows    int

	data []any
}

// maxTableRows bounds a table that is read whole.
const maxTableRows = 1 << 28

// ReadTable reads a table that TableWriter wrote, or one of the same column
// types.
func ReadTable(path string) (t *Table, err error) {
	defer guard(path, &err)
	if err := present(path); err != nil {
		return nil, err
	}
	p, err := openParquet(source{path: path})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if p.rows() > maxTableRows {
		return nil, corrupt(path, fmt.Sprintf("%d rows, more than the %d of any table", p.rows(), maxTableRows))
	}
	t = &Table{Rows: int(p.rows())}
	for i := range p.names {
		c, err := p.tableColumn(i)
		if err != nil {
			return nil, err
		}
		rows := c.Kind.empty()
		for g := range p.groups {
			if rows, err = p.appendGroup(g, i, c, rows); err != nil {
				return nil, err
			}
		}
		t.Columns, t.data = append(t.Columns, c), append(t.data, rows)
	}
	return t, nil
}

// tableColumn recognises a column's kind.
func (p *parquetFile) tableColumn(i int) (Column, error) {
	col := p.reader.MetaData().Schema.Column(i)
	c := Column{Name: p.names[i], Nullable: col.MaxDefinitionLevel() == 1}
	_, isString := col.LogicalType().(schema.StringLogicalType)
	switch physical := col.PhysicalType(); {
	case col.MaxRepetitionLevel() > 0 || col.MaxDefinitionLevel() > 1:
		return c, wrongType(p.path, c.Name, "a list or a group", "a plain column")
	case isUTCMillis(col):
		c.Kind = TimestampMS
	case physical == parquet.Types.Int64:
		c.Kind = Int64
	case physical == parquet.Types.Double:
		c.Kind = Float64
	case physical == parquet.Types.Boolean:
		c.Kind = Bool
	case physical == parquet.Types.ByteArray && isString:
		c.Kind = String
	default:
		return c, wrongType(p.path, c.Name, typeName(col), "int64, float64, bool, string or timestamp[ms, UTC]")
	}
	return c, nil
}

// appendGroup appends one row group's rows of a column.
func (p *parquetFile) appendGroup(g, i int, c Column, rows any) (any, error) {
	cursor, err := p.cursor(g, i)
	if err != nil {
		return nil, err
	}
	defer cursor.close()
	n := int(p.groups[g].rows)
	switch col := cursor.col.(type) {
	case *file.Int64ColumnChunkReader:
		return gather(&cursor, rows.([]int64), n, c.Nullable, NullInt64, col.ReadBatch)
	case *file.Float64ColumnChunkReader:
		return gather(&cursor, rows.([]float64), n, c.Nullable, math.NaN(), col.ReadBatch)
	case *file.BooleanColumnChunkReader:
		return gather(&cursor, rows.([]bool), n, c.Nullable, false, col.ReadBatch)
	case *file.ByteArrayColumnChunkReader:
		strings := rows.([]string)
		bytes, err := gather(&cursor, nil, n, c.Nullable, nil, func(n int64, dst []parquet.ByteArray, levels, _ []int16) (int64, int, error) {
			rows, values, err := col.ReadBatchInPage(n, dst, levels, nil)
			for i, b := range dst[:values] { // b is the page's memory, which the next page overwrites
				dst[i] = append(parquet.ByteArray(nil), b...)
			}
			return rows, values, err
		})
		for _, b := range bytes {
			strings = append(strings, string(b))
		}
		return strings, err
	}
	return nil, corrupt(p.path, "column "+c.Name+" is not of its declared type")
}

// gather appends n rows that read delivers, with null where a definition level
// says so.
func gather[T any](
	c *columnCursor, rows []T, n int, nullable bool, null T, read func(int64, []T, []int16, []int16) (int64, int, error),
) ([]T, error) {
	const batch = 4096
	values := make([]T, batch)
	var levels []int16
	if nullable {
		levels = make([]int16, batch)
	}
	for n > 0 {
		got, count, err := read(int64(min(n, batch)), values, levels, nil)
		if err == nil {
			err = c.col.Err()
		}
		if err == nil && got == 0 {
			err = fmt.Errorf("column %s ends %d rows early", c.name, n)
		}
		if err != nil {
			return nil, corrupt(c.path, err)
		}
		next := 0
		for i := range int(got) {
			if nullable && levels[i] == 0 || next == count {
				rows = append(rows, null)
				continue
			}
			rows = append(rows, values[next])
			next++
		}
		n -= int(got)
	}
	return rows, nil
}

// column returns a column's rows if it is there and of the kind.
func column[T any](t *Table, name string) []T {
	for i, c := range t.Columns {
		if c.Name == name {
			rows, _ := t.data[i].([]T)
			return rows
		}
	}
	return nil
}

// Int64s returns a column of Int64 or TimestampMS; null is NullInt64.
func (t *Table) Int64s(name string) []int64 { return column[int64](t, name) }

// Float64s returns a column of Float64; null is NaN.
func (t *Table) Float64s(name string) []float64 { return column[float64](t, name) }

// Strings returns a column of String.
func (t *Table) Strings(name string) []string { return column[string](t, name) }

// Bools returns a column of Bool.
func (t *Table) Bools(name string) []bool { return column[bool](t, name) }
