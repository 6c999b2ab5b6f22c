package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// Foreign is a file of columns that others wrote, Arrow IPC (feather) or Parquet:
// its columns have their writer's names and types.
type Foreign struct {
	Format  Format // Arrow or Parquet
	Columns []ForeignColumn

	path  string
	read  func(ctx context.Context, time int, numbers []int, take func(ForeignRows) bool) error
	cells func(ctx context.Context, columns []int, take func(CellRows) error) error
	close func() error
}

// ForeignColumn is one column of a foreign file.
type ForeignColumn struct {
	Name string
	Type string // as the file's format calls it

	Number bool // it can be read as numbers
	Time   bool // it can be read as times
	Text   bool // it holds texts
	Bool   bool // it holds booleans
	// Of times: how many of their unit a second has (1, 1e3, 1e6 or 1e9); 0 = they
	// are plain integers, of which the file doesn't say what they count.
	PerSecond int64
	UTC       bool // the times are instants; else clock readings of a zone that the file doesn't name
}

// ForeignRows is some rows of a foreign file, valid until the next.
type ForeignRows struct {
	Time    []int64     // in the unit of the column
	Numbers [][]float64 // in the order in which they were asked for
}

// OpenForeign opens a foreign file from its bytes, or mapped where data is nil.
// Whatever it claims is held against its size before memory is set aside. The
// caller closes it.
func OpenForeign(path string, data []byte) (f *Foreign, err error) {
	defer guard(path, &err)
	unmap := func() error { return nil }
	if data == nil {
		if err := present(path); err != nil {
			return nil, err
		}
		if data, unmap, err = mapFile(path); err != nil {
			return nil, err
		}
	}
	f = &Foreign{path: path, close: unmap}
	if bytes.HasPrefix(data, []byte(arrowMagic)) {
		f.Format, err = Arrow, f.openFeather(data)
	} else {
		f.Format, err = Parquet, f.openForeignParquet(data)
	}
	if err != nil {
		return nil, errors.Join(err, unmap())
	}
	return f, nil
}

// Read hands out the rows of a column of times and some of numbers, in bounded
// memory, until take says no. A null is refused with its row.
func (f *Foreign) Read(ctx context.Context, time int, numbers []int, take func(ForeignRows) bool) (err error) {
	defer guard(f.path, &err)
	if !f.Columns[time].Time {
		return wrongForeign(f.path, f.Columns[time], "times")
	}
	for _, i := range numbers {
		if !f.Columns[i].Number {
			return wrongForeign(f.path, f.Columns[i], "numbers")
		}
	}
	return f.read(ctx, time, numbers, take)
}

// Close releases the file.
func (f *Foreign) Close() error { return f.close() }

func wrongForeign(path string, c ForeignColumn, wanted string) error {
	return &Refusal{File: path, Problem: ErrType, Found: fmt.Sprintf("column %s of type %s", c.Name, c.Type),
		Expected: wanted, Remedy: "choose another column with --columns, or export the data as CSV"}
}
