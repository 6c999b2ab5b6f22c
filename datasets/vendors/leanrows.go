package vendors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// errChanged is of a file that is no longer what it was a moment ago.
var errChanged = errors.New("it changed while it was read")

// leanReader turns LEAN's lines into rows.
type leanReader struct {
	in   Input
	plan *leanPlan
	line int64
	rows *rowBuffer

	fields   [][]byte
	bid, ask float64 // the last quote's sides; 0 = not known yet
	format   text.TimeFormat
}

// readLean streams the rows of one file.
func readLean(ctx context.Context, in Input, p *leanPlan, o Options, take func(Chunk) bool) error {
	r, err := in.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	o.PriceScale = p.price
	lr := &leanReader{in: in, plan: p, rows: newRowBuffer(p.Description, o, take)}
	if lr.format, err = text.ParseTimeFormat("20060102 15:04"); err != nil {
		return err
	}
	lines, split := text.NewLines(r), splitter{separator: ','}
	var row rowValues
	for !lr.rows.stopped {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return in.damaged(err)
		}
		lr.line, lr.fields = lines.Line(), split.fields(line)
		if lr.line&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row = rowValues{}
		switch err := lr.row(&row); {
		case err != nil:
			return err
		case row.leftOut:
			lr.rows.leftOut++
		default:
			lr.rows.addLine(&row, lr.line)
		}
	}
	lr.rows.finish()
	if lr.rows.handed == 0 && !lr.rows.stopped {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrEmpty, Found: "no row that can be taken", Expected: "at least one",
			Remedy: "leave the file out"}
	}
	return nil
}

// row reads the fields of a line.
func (r *leanReader) row(row *rowValues) (err error) {
	p := r.plan
	if len(r.fields) != p.width {
		return r.refuse(fmt.Sprintf("%d fields", len(r.fields)), fmt.Sprintf("%d, as in the other rows", p.width))
	}
	if row.ms, err = r.time(r.fields[0]); err != nil {
		return err
	}
	switch {
	case p.Kind == Quotes:
		return r.quote(row)
	case p.Kind == Trades:
		if p.width == 6 {
			row.leftOut = suspicious(r.fields[5])
		}
		return r.numbers(r.fields[1:3], row.x[closeAt:volumeAt+1])
	case p.width == 6:
		return r.numbers(r.fields[1:6], row.x[:volumeAt+1])
	}
	return r.bothSides(row)
}

// time reads a row's time, UTC ms.
func (r *leanReader) time(field []byte) (int64, error) {
	p := r.plan
	var local int64
	if p.dayMS < 0 {
		ms, _, ok := r.format.Parse(field)
		if !ok {
			return 0, r.refuse("the time "+quoted(field), "a date and time such as 20250131 14:00")
		}
		local = ms
	} else {
		whole, _, _ := bytes.Cut(field, []byte{'.'}) // ticks may have a fraction of a ms
		ms, ok := text.Int(whole)
		if !ok || ms < 0 || ms >= 86400e3 {
			return 0, r.refuse("the time "+quoted(field), "milliseconds since midnight")
		}
		local = p.dayMS + ms
	}
	utc, ok := p.clock.UTC(local)
	if !ok {
		err, _ := asRefusal(r.refuse("the time "+quoted(field)+", which the clock of "+p.Clock+" skipped", "a time that exists"))
		err.Problem = datasets.ErrLocalTime
		return 0, err
	}
	return utc, nil
}

// numbers reads fields as numbers.
func (r *leanReader) numbers(fields [][]byte, into []float64) error {
	for i, field := range fields {
		x, ok := text.Float(field)
		if !ok {
			return r.refuse(quoted(field), "a number")
		}
		into[i] = x
	}
	return nil
}

// bothSides reads a candle of bid and ask. A side whose fields are empty or all
// 0 is missing.
func (r *leanReader) bothSides(row *rowValues) error {
	var bid, ask [4]float64
	haveBid, err := r.side(r.fields[1:5], bid[:])
	if err != nil {
		return err
	}
	haveAsk, err := r.side(r.fields[6:10], ask[:])
	if err != nil || !haveBid || !haveAsk {
		row.leftOut = true
		return err
	}
	for k := range bid {
		switch r.plan.side {
		case BidSide:
			row.x[k] = bid[k]
		case AskSide:
			row.x[k] = ask[k]
		default:
			row.x[k] = (bid[k] + ask[k]) / 2
		}
	}
	row.x[bidAt], row.x[askAt] = bid[closeAt], ask[closeAt]
	return nil
}

// side reads the prices of one side; present is false if it has none.
func (r *leanReader) side(fields [][]byte, into []float64) (present bool, err error) {
	for i, field := range fields {
		if len(field) == 0 {
			continue
		}
		if err := r.numbers(fields[i:i+1], into[i:]); err != nil {
			return false, err
		}
		present = present || into[i] != 0
	}
	return present, nil
}

// quote reads a tick's bid and ask; a side that is empty or 0 stays as it was.
func (r *leanReader) quote(row *rowValues) error {
	bid, ask := r.fields[1], r.fields[2]
	if r.plan.width > 3 {
		ask = r.fields[3]
	}
	var x [2]float64
	if _, err := r.side([][]byte{bid, ask}, x[:]); err != nil {
		return err
	}
	if r.plan.width == 8 && suspicious(r.fields[7]) {
		row.leftOut = true
		return nil
	}
	if x[0] != 0 {
		r.bid = x[0]
	}
	if x[1] != 0 {
		r.ask = x[1]
	}
	row.x[bidAt], row.x[askAt] = r.bid, r.ask
	row.leftOut = r.bid == 0 || r.ask == 0
	return nil
}

// suspicious reports whether a tick is marked as far from the market: LEAN's own
// candles leave such out.
func suspicious(flag []byte) bool { return len(flag) == 1 && flag[0] == '1' }

func (r *leanReader) refuse(found, expected string) error {
	return &datasets.Refusal{File: r.in.String(), Line: r.line, Problem: datasets.ErrSyntax, Found: found, Expected: expected,
		Remedy: "repair the line or fetch the file again"}
}
