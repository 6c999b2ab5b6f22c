package strategies

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
)

// readTable reads a Parquet or Arrow file with a column a field, of whatever
// plain type: times as timestamps, epoch milliseconds or texts; null is absent. It
// returns the SHA-256 of the file, too.
func readTable(path string, of selection) ([]Signal, string, error) {
	f, err := datasets.OpenForeign(path, nil)
	if err != nil {
		return nil, "", ofTable(path, err)
	}
	defer f.Close()
	c := newCollector(path, of)
	if err := c.readTable(f); err != nil {
		return nil, "", ofTable(path, err)
	}
	_, sum, err := datasets.HashFile(context.Background(), path)
	if err != nil {
		return nil, "", &SignalError{File: path, Found: "a file that can't be read on: " + err.Error(), Cause: err}
	}
	signals, err := c.finish()
	return signals, sum, err
}

func (c *collector) readTable(f *datasets.Foreign) error {
	var header []string
	var at []int // the columns of f that hold fields
	for i, col := range f.Columns {
		if !strings.HasPrefix(col.Name, "__index_level_") { // the numbers of rows, which pandas writes unasked
			header, at = append(header, col.Name), append(at, i)
		}
	}
	columns, err := c.columns(header, 0)
	if err != nil {
		return err
	}
	for k, i := range at {
		if err := c.checkColumn(&f.Columns[i], columns[k]); err != nil {
			return err
		}
	}
	return f.ReadCells(context.Background(), at, func(rows datasets.CellRows) error {
		var row fields
		for n := range rows.Rows {
			where := place{row: int(rows.FirstRow) + n}
			for k, i := range at {
				text, p := cellText(&f.Columns[i], &rows.Columns[k], n)
				if p != nil {
					p.field = columns[k]
					return c.wrong(where, p)
				}
				row[columns[k]] = text
			}
			if err := c.take(&row, where); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkColumn judges what a column's type tells.
func (c *collector) checkColumn(col *datasets.ForeignColumn, of field) error {
	switch {
	case col.PerSecond > 0 && of != fieldTime:
		return c.wrong(place{}, &problem{of, "a column of type " + col.Type, "texts or numbers", ""})
	case col.PerSecond > 0 && !col.UTC:
		return c.wrong(place{}, &problem{of, "times without a zone (" + col.Type + ")", "timestamps in UTC, epoch milliseconds, or texts with a zone",
			`say which zone it is before the file is written: in pandas df["time"].dt.tz_localize("UTC")`})
	}
	return nil
}

// cellText returns a cell as CSV would write it.
func cellText(col *datasets.ForeignColumn, cells *datasets.Cells, n int) (string, *problem) {
	switch {
	case cells.Null != nil && cells.Null[n]:
		return "", nil
	case cells.Texts != nil:
		return strings.TrimSpace(cells.Texts[n]), nil
	case cells.Floats != nil:
		return number(cells.Floats[n]), nil
	case cells.Bools != nil:
		return strconv.FormatBool(cells.Bools[n]), nil
	case col.PerSecond > 0:
		return instantText(cells.Ints[n], col.PerSecond)
	}
	return strconv.FormatInt(cells.Ints[n], 10), nil
}

// instantText turns a time of some unit into milliseconds.
func instantText(t, perSecond int64) (string, *problem) {
	ms, rest := t, int64(0)
	if perSecond > 1000 {
		ms, rest = t/(perSecond/1000), t%(perSecond/1000)
	} else if scale := 1000 / perSecond; t < math.MaxInt64/scale && t > math.MinInt64/scale {
		ms = t * scale
	}
	switch {
	case rest != 0:
		return "", &problem{found: stamp(ms) + " and a part of a millisecond", expected: "times of whole milliseconds", remedy: "round them"}
	case ms < earliestMS || ms >= latestMS:
		return "", &problem{found: fmt.Sprintf("%d, at %d a second since 1970", t, perSecond), expected: "a time from 2000 to 2099"}
	}
	return strconv.FormatInt(ms, 10), nil
}

// ofTable turns the refusal of a table into an error of signals.
func ofTable(path string, err error) error {
	r, ok := errors.AsType[*datasets.Refusal](err)
	if !ok {
		return err
	}
	return &SignalError{File: path, Row: int(r.Row), Found: r.Found, Expected: r.Expected, Remedy: r.Remedy, Cause: err}
}

// WriteSignalTable writes signals as a Parquet file with every column, which
// ReadSignals reads as the same signals.
func WriteSignalTable(path string, signals []Signal) error {
	names := fieldNames()
	columns := make([]datasets.Column, fieldCount)
	for f := range fieldCount {
		columns[f] = datasets.Column{Name: names[f], Kind: datasets.String}
		switch f {
		case fieldTime:
			columns[f].Kind = datasets.TimestampMS
		case fieldLeverage, fieldPrice, fieldSlippage, fieldBid, fieldAsk:
			columns[f].Kind, columns[f].Nullable = datasets.Float64, true
		}
	}
	t, err := datasets.NewTable(path, columns)
	if err != nil {
		return err
	}
	defer t.Abort()
	for i := range signals {
		s := &signals[i]
		f := s.fields()
		given := func(at field, x float64) []float64 {
			if f[at] == "" {
				x = math.NaN()
			}
			return []float64{x}
		}
		if err := t.Append([]int64{s.TimeMS}, []string{s.Pair}, []string{s.Type.String()}, given(fieldLeverage, magnitude(s)),
			given(fieldPrice, s.Price), given(fieldSlippage, s.Slippage), given(fieldBid, s.Bid), given(fieldAsk, s.Ask),
			[]string{s.UUID}, []string{s.Miner}); err != nil {
			return err
		}
	}
	return t.Close()
}

// magnitude is the leverage as files write it.
func magnitude(s *Signal) float64 {
	if s.Type == sim.Short {
		return -s.Leverage
	}
	return s.Leverage
}
