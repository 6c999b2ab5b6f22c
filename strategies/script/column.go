package script

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// element is what a column is made of: numbers, or instants in UTC ms.
type element interface{ float64 | int64 }

// column is a column of candles, or of what was computed beforehand, as a script
// sees it: up to the last finished candle.
type column[T element] struct{ read func() []T }

// Index implements starlark.Indexable.
func (c *column[T]) Index(i int) starlark.Value { return boxed(c.read()[i]) }

// Len implements starlark.Sequence.
func (c *column[T]) Len() int { return len(c.read()) }

// Slice implements starlark.Sliceable. What it returns stays as it is.
func (c *column[T]) Slice(start, end, step int) starlark.Value {
	return fixed[T](c.read()).Slice(start, end, step)
}

// Iterate implements starlark.Iterable.
func (c *column[T]) Iterate() starlark.Iterator { return fixed[T](c.read()).Iterate() }

// Type implements starlark.Value.
func (c *column[T]) Type() string { return columnType }

// String implements starlark.Value.
func (c *column[T]) String() string { return fixed[T](c.read()).String() }

// Freeze implements starlark.Value.
func (c *column[T]) Freeze() {}

// Truth implements starlark.Value.
func (c *column[T]) Truth() starlark.Bool { return c.Len() > 0 }

// Hash implements starlark.Value.
func (c *column[T]) Hash() (uint32, error) { return 0, errUnhashableColumn() }

// fixed is a column that doesn't change. A slice of it shares its memory: a
// script can't write to it.
type fixed[T element] []T

// columnType is the name of a column's type.
const columnType = "column"

func errUnhashableColumn() error { return fmt.Errorf("unhashable type: %s", columnType) }

// Index implements starlark.Indexable.
func (c fixed[T]) Index(i int) starlark.Value { return boxed(c[i]) }

// Len implements starlark.Sequence.
func (c fixed[T]) Len() int { return len(c) }

// Slice implements starlark.Sliceable. Starlark has brought it into bounds.
func (c fixed[T]) Slice(start, end, step int) starlark.Value {
	if step == 1 {
		return c[start:end:end]
	}
	var list fixed[T]
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		list = append(list, c[i])
	}
	return list
}

// Iterate implements starlark.Iterable.
func (c fixed[T]) Iterate() starlark.Iterator { return &walker[T]{c} }

// CompareSameType implements starlark.Comparable: columns are equal, or not.
func (c fixed[T]) CompareSameType(op syntax.Token, other starlark.Value, _ int) (bool, error) {
	o, same := other.(fixed[T])
	equal := same && slices.Equal(c, o)
	switch op {
	case syntax.EQL:
		return equal, nil
	case syntax.NEQ:
		return !equal, nil
	}
	return false, fmt.Errorf("columns have no order: %s is not implemented", op)
}

// Type implements starlark.Value. It isn't column's: Starlark compares values of
// one type with each other.
func (c fixed[T]) Type() string { return "slice of a " + columnType }

// String implements starlark.Value.
func (c fixed[T]) String() string { return fmt.Sprintf("<column of %d>", len(c)) }

// Freeze implements starlark.Value.
func (c fixed[T]) Freeze() {}

// Truth implements starlark.Value.
func (c fixed[T]) Truth() starlark.Bool { return len(c) > 0 }

// Hash implements starlark.Value.
func (c fixed[T]) Hash() (uint32, error) { return 0, errUnhashableColumn() }

// boxed is an element as a script sees it: None for a number that does not exist.
func boxed[T element](x T) starlark.Value {
	switch v := any(x).(type) {
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return number(v)
	}
	return starlark.None
}

// walker goes through what is left of a column.
type walker[T element] struct{ left fixed[T] }

// Next implements starlark.Iterator.
func (w *walker[T]) Next(v *starlark.Value) bool {
	if len(w.left) == 0 {
		return false
	}
	*v = boxed(w.left[0])
	w.left = w.left[1:]
	return true
}

// Done implements starlark.Iterator.
func (w *walker[T]) Done() {}

// columnOf makes a column of what a script computed: numbers, None for what does
// not exist, True and False for 1 and 0.
func columnOf(v starlark.Value) ([]float64, error) {
	if c, ok := v.(fixed[float64]); ok {
		return c, nil
	}
	list, ok := v.(starlark.Indexable)
	if _, text := v.(starlark.String); !ok || text {
		return nil, fmt.Errorf("found %s; expected a list of numbers, one for each candle", kindOf(v))
	}
	values := make([]float64, list.Len())
	for i := range values {
		switch x := list.Index(i).(type) {
		case starlark.Float:
			values[i] = float64(x)
		case starlark.Int:
			values[i] = float64(x.Float())
		case starlark.Bool:
			if x {
				values[i] = 1
			}
		case starlark.NoneType:
			values[i] = none()
		default:
			return nil, fmt.Errorf("found %s for candle %d; expected a number, or None", kindOf(x), i)
		}
	}
	return values, nil
}
