package datasets

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// cells hands out the wanted columns of all row groups.
func (p *parquetFile) cells(ctx context.Context, columns []int, take func(CellRows) error) error {
	for g := range p.groups {
		if err := p.groupCells(ctx, g, columns, take); err != nil {
			return err
		}
	}
	return nil
}

func (p *parquetFile) groupCells(ctx context.Context, g int, columns []int, take func(CellRows) error) error {
	cursors := make([]columnCursor, 0, len(columns))
	defer func() {
		for i := range cursors {
			cursors[i].close()
		}
	}()
	for _, i := range columns {
		c, err := p.cursor(g, i)
		if err != nil {
			return err
		}
		cursors = append(cursors, c)
	}
	group := p.groups[g]
	for done := int64(0); done < group.rows; {
		if err := ctx.Err(); err != nil {
			return err
		}
		out := CellRows{FirstRow: group.firstRow + done + 1, Rows: int(min(group.rows-done, cellRows))}
		for k, i := range columns {
			col := p.reader.MetaData().Schema.Column(i)
			cells, err := cursors[k].cells(out.Rows, col.MaxDefinitionLevel() == 1)
			if err != nil {
				return err
			}
			if col.PhysicalType() == parquet.Types.Int32 && parquetColumn("", col).Time {
				inSeconds(cells.Ints)
			}
			out.Columns = append(out.Columns, cells)
		}
		if err := take(out); err != nil {
			return err
		}
		done += int64(out.Rows)
	}
	return nil
}

// cells reads the next n rows of a column of any plain type.
func (c *columnCursor) cells(n int, nullable bool) (cells Cells, err error) {
	switch col := c.col.(type) {
	case *file.Int64ColumnChunkReader:
		cells.Ints, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatch, same[int64])
	case *file.Int32ColumnChunkReader:
		cells.Ints, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatch, func(x int32) (int64, error) { return int64(x), nil })
	case *file.Float64ColumnChunkReader:
		cells.Floats, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatch, same[float64])
	case *file.Float32ColumnChunkReader:
		cells.Floats, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatch, func(x float32) (float64, error) { return float64(x), nil })
	case *file.BooleanColumnChunkReader:
		cells.Bools, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatch, same[bool])
	case *file.ByteArrayColumnChunkReader:
		budget := textBudget(maxCellsBytes)
		cells.Texts, cells.Null, err = cellsOf(c, n, nullable, col.ReadBatchInPage, func(b parquet.ByteArray) (string, error) { return budget.take(b) })
	default:
		err = corrupt(c.path, fmt.Sprintf("column %s is not of its declared type", c.name))
	}
	c.row += int64(n)
	return cells, err
}

func same[T any](x T) (T, error) { return x, nil }

// cellsOf reads n rows that come from one page or several. What a read delivers
// is taken at once: texts are the page's memory.
func cellsOf[S, T any](
	c *columnCursor, n int, nullable bool, read func(int64, []S, []int16, []int16) (int64, int, error), of func(S) (T, error),
) (rows []T, null []bool, err error) {
	values := make([]S, n)
	var levels []int16
	if nullable {
		levels = make([]int16, n)
	}
	rows, null = make([]T, 0, n), make([]bool, 0, n)
	for len(rows) < n {
		got, count, err := read(int64(n-len(rows)), values, levels, nil)
		if err == nil {
			err = c.col.Err()
		}
		if err == nil && got == 0 {
			err = fmt.Errorf("column %s ends %d rows early", c.name, n-len(rows))
		}
		next := 0
		for i := 0; err == nil && i < int(got); i++ {
			var x T
			isNull := nullable && levels[i] == 0
			if !isNull && next < count {
				x, err = of(values[next])
				next++
			} else if !isNull {
				err = fmt.Errorf("column %s has fewer values than rows", c.name)
			}
			rows, null = append(rows, x), append(null, isNull)
		}
		if err != nil {
			return nil, nil, corrupt(c.path, err)
		}
	}
	return rows, without(null), nil
}
