package datasets

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// recordCells hands out the wanted columns of a record batch, whose first is that
// row of the file.
func (f *Foreign) recordCells(ctx context.Context, rec arrow.RecordBatch, row, maxRows int64, columns []int, take func(CellRows) error) error {
	rows := rec.NumRows()
	if rows < 0 || rows > maxRows || int(rec.NumCols()) != len(f.Columns) {
		return corrupt(f.path, fmt.Sprintf("a batch of %d rows and %d columns", rows, rec.NumCols()))
	}
	for _, i := range columns {
		if got := int64(rec.Column(i).Len()); got != rows {
			return corrupt(f.path, fmt.Sprintf("column %s has %d of %d rows", f.Columns[i].Name, got, rows))
		}
	}
	for from := int64(0); from < rows; from += cellRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(rows, from+cellRows)
		out := CellRows{FirstRow: row + from + 1, Rows: int(to - from)}
		for _, i := range columns {
			cells, err := arrowCells(rec.Column(i), int(from), int(to))
			if err != nil {
				return corrupt(f.path, err)
			}
			out.Columns = append(out.Columns, cells)
		}
		if err := take(out); err != nil {
			return err
		}
	}
	return nil
}

// arrowCells copies the rows [from, to) of a column.
func arrowCells(col arrow.Array, from, to int) (cells Cells, err error) {
	n := to - from
	switch c := col.(type) {
	case *array.Timestamp:
		cells.Ints = asInt64(c.TimestampValues()[from:to])
	case *array.Int64:
		cells.Ints = c.Int64Values()[from:to]
	case *array.Int32:
		for _, x := range c.Int32Values()[from:to] {
			cells.Ints = append(cells.Ints, int64(x))
		}
	case *array.Date32:
		for _, x := range c.Date32Values()[from:to] {
			cells.Ints = append(cells.Ints, int64(x))
		}
		inSeconds(cells.Ints)
	case *array.Float64:
		cells.Floats = c.Float64Values()[from:to]
	case *array.Float32:
		cells.Floats = asFloats(c.Float32Values()[from:to])
	case *array.Uint64:
		cells.Floats = asFloats(c.Uint64Values()[from:to])
	case *array.Uint32:
		cells.Floats = asFloats(c.Uint32Values()[from:to])
	case *array.Boolean:
		cells.Bools = make([]bool, n)
		for i := range n {
			cells.Bools[i] = c.Value(from + i)
		}
	case *array.String:
		budget := textBudget(maxCellsBytes)
		cells.Texts = make([]string, n)
		for i := 0; err == nil && i < n; i++ {
			cells.Texts[i], err = budget.text(c.Value(from + i))
		}
	default:
		err = errDeclared
	}
	if col.NullN() > 0 && err == nil {
		cells.Null = make([]bool, n)
		for i := range n {
			cells.Null[i] = col.IsNull(from + i)
		}
		cells.Null = without(cells.Null)
	}
	return cells, err
}

// text is take of a text that is a string already: its bytes are the file's.
func (b *textBudget) text(s string) (string, error) {
	if *b -= textBudget(len(s)); *b < 0 {
		_, err := b.take(nil)
		return "", err
	}
	return strings.Clone(s), nil
}
