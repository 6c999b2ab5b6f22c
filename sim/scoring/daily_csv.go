package scoring

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
)

// ReadDaily reads daily returns from CSV with a header: a column date
// (2025-03-01) and either return (simple: 0.01 is 1 %) or log_return; other
// columns are passed over. There is one row for each calendar day, ascending.
// Errors name the row, counted from 1 with the header.
func ReadDaily(r io.Reader) (Ledger, error) {
	limited := &io.LimitedReader{R: r, N: fileBytesMax}
	buffered := bufio.NewReader(limited)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		buffered.Discard(3) // the byte order mark of some spreadsheets
	}
	rows := csv.NewReader(buffered)
	rows.ReuseRecord = true
	columns, err := dailyHeader(rows)
	if err != nil {
		return Ledger{}, err
	}
	var daily []sim.Daily
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF) && len(daily) == 0:
			return Ledger{}, fmt.Errorf("%w: no row follows the header: a series needs at least one day", ErrInput)
		case errors.Is(err, io.EOF) && limited.N <= 0, len(daily) == recordsMax:
			return Ledger{}, fmt.Errorf("%w: the file has over %d days or %d MiB: cut it", ErrInput, recordsMax, fileBytesMax>>20)
		case errors.Is(err, io.EOF):
			return Ledger{Daily: daily}, nil
		case err != nil:
			return Ledger{}, fmt.Errorf("%w: no valid CSV: %w", ErrInput, err)
		}
		day, err := columns.day(row)
		if err == nil {
			err = follows(daily, day)
		}
		if err != nil {
			line, _ := rows.FieldPos(0)
			return Ledger{}, fmt.Errorf("%w: row %d: %w", ErrInput, line, err)
		}
		daily = append(daily, day)
	}
}

// dailyColumns says where a row has its fields.
type dailyColumns struct {
	date, value int
	simple      bool // the value is a simple return
}

func dailyHeader(rows *csv.Reader) (dailyColumns, error) {
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return dailyColumns{}, fmt.Errorf("%w: the file is empty: expected a header with date and return or log_return", ErrInput)
	}
	if err != nil {
		return dailyColumns{}, fmt.Errorf("%w: no valid CSV: %w", ErrInput, err)
	}
	date, simple, log := slices.Index(header, "date"), slices.Index(header, "return"), slices.Index(header, "log_return")
	switch {
	case date < 0:
		return dailyColumns{}, fmt.Errorf("%w: header: found %q, expected a column date", ErrInput, header)
	case simple >= 0 && log >= 0:
		return dailyColumns{}, fmt.Errorf("%w: header: found both return and log_return: keep one", ErrInput)
	case simple >= 0:
		return dailyColumns{date: date, value: simple, simple: true}, nil
	case log >= 0:
		return dailyColumns{date: date, value: log}, nil
	}
	return dailyColumns{}, fmt.Errorf("%w: header: found %q, expected a column return (simple) or log_return", ErrInput, header)
}

func (c dailyColumns) day(row []string) (sim.Daily, error) {
	date, err := time.Parse(time.DateOnly, row[c.date])
	if err != nil {
		return sim.Daily{}, fmt.Errorf("date: found %q, expected a date such as 2025-03-01", row[c.date])
	}
	x, err := strconv.ParseFloat(row[c.value], 64)
	if err != nil || x != x {
		return sim.Daily{}, fmt.Errorf("return: found %q, expected a number such as 0.0123", row[c.value])
	}
	if c.simple && x <= -1 {
		return sim.Daily{}, fmt.Errorf("return: found %g: a simple return is over -1, which loses everything", x)
	}
	if c.simple {
		x = portable.Log1p(x)
	}
	if !(-logReturnMax <= x && x <= logReturnMax) {
		return sim.Daily{}, fmt.Errorf("return: found %q, whose logarithm is beyond ±%d", row[c.value], logReturnMax)
	}
	return sim.Daily{DateMS: date.UnixMilli(), LogReturn: x}, nil
}

// follows checks that a day is the one after the last.
func follows(daily []sim.Daily, day sim.Daily) error {
	if len(daily) == 0 {
		return nil
	}
	last := daily[len(daily)-1].DateMS
	switch gap := day.DateMS - last; {
	case gap == 0:
		return fmt.Errorf("date: found %s twice: keep one row a day", dateText(last))
	case gap < 0:
		return fmt.Errorf("date: found %s after %s: sort the rows by date", dateText(day.DateMS), dateText(last))
	case gap > dayMS:
		return fmt.Errorf("date: found %s after %s: every calendar day counts, so add a row for each between, of return 0 if nothing was traded",
			dateText(day.DateMS), dateText(last))
	}
	return nil
}

func dateText(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }
