package datasets

import (
	"context"
	"errors"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// readCSV reads a canonical CSV: a header with the canonical names, times in RFC
// 3339 or epoch ms.
func readCSV(ctx context.Context, src source, name Name, pair market.Pair, sel Select) (c *Candles, err error) {
	pick := picker{sel: sel}
	closeOnly, err := pick.guarded(ctx, src)
	if err != nil {
		return nil, err
	}
	return &Candles{
		Series: pick.kept.series(pair, name.Interval, closeOnly),
		File:   src.path, CloseOnly: closeOnly,
		FirstRow: pick.firstRow, FirstMS: pick.first, EndMS: pick.last + int64(name.Interval),
	}, nil
}

// csvChunks streams a canonical CSV. It is parsed twice: what its first and last
// candles are must be known before the first chunk is handed out. Bytes on which a
// library panics do so the first time, when no caller's code is on the stack.
func csvChunks(
	ctx context.Context, src source, name Name, pair market.Pair, sel Select, rows int, yield func(*market.Series, error) bool,
) error {
	nothing := Select{FromMS: text.MaxTimeMS, Columns: sel.Columns}
	about := picker{sel: nothing}
	closeOnly, err := about.guarded(ctx, src)
	if err != nil {
		return err
	}
	c := &Candles{Series: &market.Series{Pair: pair, IntervalMS: int64(name.Interval)}, File: src.path, CloseOnly: closeOnly,
		FirstMS: about.first, EndMS: about.last + int64(name.Interval)}
	cal, err := c.calendar(sel)
	if err == nil {
		err = c.checkRange(sel, cal)
	}
	if err != nil {
		return err
	}
	check := c.checker(sel, cal)
	pick, any := picker{sel: sel}, false
	_, err = pick.pass(ctx, src, func() error {
		if !any {
			check.rows = pick.firstRow
		}
		for i := 0; i < len(pick.kept.time); i += rows {
			part := pick.kept.slice(i, min(i+rows, len(pick.kept.time)))
			s := part.series(pair, name.Interval, closeOnly)
			any = true
			if !sel.Unchecked {
				if err := check.Check(s); err != nil {
					return err
				}
			}
			if !yield(s, nil) {
				return errStopped
			}
		}
		pick.kept.clear()
		return nil
	})
	switch {
	case errors.Is(err, errStopped):
		return nil
	case err == nil && !any:
		return c.outside(sel)
	}
	return err
}

// errStopped ends a pass that nobody wants to go on.
var errStopped = errors.New("stopped")

// guarded is a pass that keeps what was selected.
func (p *picker) guarded(ctx context.Context, src source) (closeOnly bool, err error) {
	defer guard(src.path, &err)
	return p.pass(ctx, src, func() error { return nil })
}

// pass parses a canonical CSV from its beginning; after is called for every frame
// that was taken.
func (p *picker) pass(ctx context.Context, src source, after func() error) (closeOnly bool, err error) {
	in, err := openText(src)
	if err != nil {
		return false, err
	}
	defer in.Close()
	c := candleText{path: src.path}
	lines := text.NewLines(in)
	if err := c.header(lines); err != nil {
		return false, err
	}
	p.want = c.layout.wanted(p.sel.Columns)
	err = c.each(lines, func(f frame) error {
		p.take(f)
		if err := after(); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err == nil && p.rows == 0 {
		err = empty(src.path)
	}
	return c.layout.closeOnly, err
}

// picker keeps the selected rows and columns of the frames that pass.
type picker struct {
	sel         Select
	want        Columns
	kept        frame
	rows        int64
	first, last int64 // times of the file
	firstRow    int64 // of the first kept, from 0
}

func (p *picker) take(f frame) {
	if len(f.time) == 0 {
		return
	}
	if p.rows == 0 {
		p.first = f.time[0]
	}
	p.last = f.time[len(f.time)-1]
	from, to := p.sel.span()
	for i, ms := range f.time {
		if ms < from || ms >= to {
			continue
		}
		if len(p.kept.time) == 0 {
			p.firstRow = p.rows + int64(i)
		}
		p.kept.time = append(p.kept.time, ms)
		for k, col := range f.cols {
			if p.want.has(k) {
				p.kept.cols[k] = append(p.kept.cols[k], col[i])
			}
		}
	}
	p.rows += int64(len(f.time))
}
