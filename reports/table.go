package reports

import (
	"math"
	"strconv"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Table is rows of one kind, that a person or a program will read. Each cell
// knows both: the exact value, and the few digits that people need.
type Table struct {
	Columns []Column
	Rows    [][]Cell // each as long as Columns
}

// Column is what a column is called, and on which side it is aligned.
type Column struct {
	Name   string // for programs: the field in JSON, the header in CSV
	Head   string // for people; empty: the name
	Right  bool   // aligned right, as numbers are
	Hidden bool   // from people: only in JSON and CSV
}

func (c *Column) head() string {
	if c.Head != "" {
		return c.Head
	}
	return c.Name
}

// seen is the table without its hidden columns.
func (t *Table) seen() *Table {
	s := &Table{}
	for _, c := range t.Columns {
		if !c.Hidden {
			s.Columns = append(s.Columns, c)
		}
	}
	for _, row := range t.Rows {
		var cells []Cell
		for i, c := range row {
			if !t.Columns[i].Hidden {
				cells = append(cells, c)
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// Cell is one value of a table. The zero Cell is no value: null in JSON, empty
// in CSV.
type Cell struct {
	exact any    // nil, string, bool, int64 or float64
	text  string // for people
}

// TextCell is a text.
func TextCell(text string) Cell { return Cell{text, text} }

// ProseCell is a longer text, which people see in lines of at most so many
// characters.
func ProseCell(text string, width int) Cell { return Cell{text, Wrap(text, width)} }

// BoolCell is true or false.
func BoolCell(b bool) Cell {
	if b {
		return Cell{b, "yes"}
	}
	return Cell{b, "no"}
}

// IntCell is a whole number.
func IntCell[T int | int64](n T) Cell { return Cell{int64(n), strconv.FormatInt(int64(n), 10)} }

// NumberCell is a number; people see four digits. What is no number is no value.
func NumberCell(x float64) Cell { return numberCell(x, figure) }

// PercentCell is a fraction; people see percent.
func PercentCell(fraction float64) Cell { return numberCell(fraction, percent) }

func numberCell(x float64, text func(float64) string) Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Cell{}
	}
	return Cell{x, text(x)}
}

// ValueCell is a number that may not exist.
func ValueCell(v scoring.Value) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return NumberCell(x)
}

// FactorCell is a return, a factor that may not exist; people see the change in
// percent.
func FactorCell(v scoring.Value) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return numberCell(x, func(x float64) string { return change(x - 1) })
}

// TimeCell is an instant, UTC ms, written as RFC 3339; people see the minute.
func TimeCell(ms int64) Cell { return Cell{instant(ms), minute(ms)} }

// show is the cell as people see it.
func (c Cell) show() string {
	if c.exact == nil {
		return noFigure
	}
	return c.text
}

// csv is the cell as programs read it from a CSV file.
func (c Cell) csv() string {
	switch x := c.exact.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(x, 10)
	case bool:
		return strconv.FormatBool(x)
	}
	return c.exact.(string)
}
