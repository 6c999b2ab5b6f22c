package datasets

import (
	"context"
	"fmt"
	"slices"
)

// Cells is some rows of one column of a foreign file, as the file stores them.
// One of the four slices has them, as the column's type says; a null is that
// type's zero.
type Cells struct {
	Null []bool // nil: none of the rows is null

	Ints   []int64 // whole numbers; times, in the column's unit
	Floats []float64
	Texts  []string
	Bools  []bool
}

// CellRows is some rows of a foreign file, valid until the next.
type CellRows struct {
	FirstRow int64 // of the file, from 1
	Rows     int
	Columns  []Cells // in the order in which they were asked for
}

// The rows that ReadCells hands out at a time, and the bytes of text in a column
// of them: a dictionary lets a small file claim much.
const (
	cellRows      = 4096
	maxCellsBytes = 16 << 20
)

// ReadCells hands out the rows of columns of any plain type, nulls included, in
// bounded memory, until take says no or fails.
func (f *Foreign) ReadCells(ctx context.Context, columns []int, take func(CellRows) error) (err error) {
	defer guard(f.path, &err)
	for _, i := range columns {
		if c := f.Columns[i]; !c.Number && !c.Time && !c.Text && !c.Bool {
			return wrongForeign(f.path, c, "numbers, times, texts or booleans")
		}
	}
	return f.cells(ctx, columns, take)
}

// textBudget bounds the texts of one column of a batch.
type textBudget int

// take returns a copy of a text of the file.
func (b *textBudget) take(text []byte) (string, error) {
	if *b -= textBudget(len(text)); *b < 0 {
		return "", fmt.Errorf("more than %d MiB of text in %d rows", maxCellsBytes>>20, cellRows)
	}
	return string(text), nil
}

// without returns nil for a mask that masks nothing.
func without(null []bool) []bool {
	if slices.Contains(null, true) {
		return null
	}
	return nil
}

// inSeconds turns days into seconds, the unit in which dates are told.
func inSeconds(days []int64) {
	for i := range days {
		days[i] *= 86400
	}
}
