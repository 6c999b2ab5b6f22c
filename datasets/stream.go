package datasets

import (
	"context"
	"iter"

	"github.com/ptnsim/ptnsim/market"
)

// streamRows is the rows of a chunk of a stream unless told otherwise.
const streamRows = 1 << 15

// Chunks reads the selected part of a candle file as a stream of series of up to
// rows candles (0 = a sensible number), in bounded memory. Everything is checked as by Read, each chunk before it is
// handed out. A chunk's columns are used again for the next: copy what must
// last. After an error the stream ends.
func Chunks(ctx context.Context, path string, pairs []market.Pair, sel Select, rows int) iter.Seq2[*market.Series, error] {
	if rows <= 0 {
		rows = streamRows
	}
	return func(yield func(*market.Series, error) bool) {
		name, err := ParseName(path)
		pair, known := market.FindPair(pairs, name.Pair)
		switch {
		case err != nil:
		case !known:
			err = unknownPair(path, name.Pair, pairs)
		case name.Format == Arrow:
			err = sliceChunks(ctx, path, pairs, sel, rows, yield)
		case name.Format == CSV:
			if err = present(path); err == nil {
				err = csvChunks(ctx, source{path: path}, name, pair, sel, rows, yield)
			}
		default:
			if err = present(path); err == nil {
				err = parquetChunks(ctx, source{path: path}, name, pair, sel, rows, yield)
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// sliceChunks streams a file that is mapped.
func sliceChunks(ctx context.Context, path string, pairs []market.Pair, sel Select, rows int, yield func(*market.Series, error) bool) error {
	c, err := Read(ctx, path, pairs, sel)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := 0; i < c.Series.Len(); i += rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(c.Series.Slice(i, min(i+rows, c.Series.Len())), nil) {
			return nil
		}
	}
	return nil
}

// parquetChunks streams the row groups that overlap the selection.
func parquetChunks(
	ctx context.Context, src source, name Name, pair market.Pair, sel Select, rows int, yield func(*market.Series, error) bool,
) (err error) {
	p, err := openParquet(src)
	if err != nil {
		return err
	}
	defer p.close()
	st, parts, err := openStream(p, name, pair, sel, rows)
	if err != nil {
		return err
	}
	for _, pt := range parts {
		err := st.readPart(pt, func(s *market.Series) (bool, error) {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			if !sel.Unchecked {
				if err := st.check.Check(s); err != nil {
					return false, err
				}
			}
			return yield(s, nil), nil
		})
		if err != nil || st.stopped {
			return err
		}
	}
	return nil
}

// stream is the state of one pass over a Parquet file.
type stream struct {
	file    *parquetFile
	layout  layout
	want    Columns
	about   *Candles
	check   Checker
	buf     frame
	stopped bool
}

// openStream describes the file, checks the range, and finds the parts to read.
func openStream(p *parquetFile, name Name, pair market.Pair, sel Select, rows int) (st *stream, parts []part, err error) {
	defer guard(p.path, &err)
	c, l, err := p.describe(name, pair)
	if err != nil {
		return nil, nil, err
	}
	from, to := sel.span()
	if parts, err = p.parts(l.time, from, to); err != nil {
		return nil, nil, err
	}
	if len(parts) == 0 {
		return nil, nil, c.outside(sel)
	}
	c.FirstRow = p.groups[parts[0].group].firstRow + parts[0].from
	cal, err := c.calendar(sel)
	if err == nil {
		err = c.checkRange(sel, cal)
	}
	st = &stream{file: p, layout: l, want: l.wanted(sel.Columns), about: c, check: c.checker(sel, cal)}
	st.buf.time = make([]int64, rows)
	for k := range st.buf.cols {
		if st.want.has(k) {
			st.buf.cols[k] = make([]float64, rows)
		}
	}
	return st, parts, err
}

// readPart hands out the rows of a part in chunks, until take says no.
func (st *stream) readPart(pt part, take func(*market.Series) (bool, error)) error {
	var cursors [columnCount]columnCursor
	time, err := st.open(pt, &cursors)
	defer func() {
		time.close()
		for k := range cursors {
			cursors[k].close()
		}
	}()
	for left := pt.to - pt.from; err == nil && left > 0; {
		n := int(min(left, int64(len(st.buf.time))))
		f := st.buf.slice(0, n)
		if err = st.fill(&f, &time, &cursors); err != nil {
			break
		}
		left -= int64(n)
		var more bool
		more, err = take(f.series(st.about.Series.Pair, Interval(st.about.Series.IntervalMS), st.layout.closeOnly))
		if err == nil && !more {
			st.stopped = true
			return nil
		}
	}
	return err
}

// open positions a cursor for every wanted column at the part's first row.
func (st *stream) open(pt part, cursors *[columnCount]columnCursor) (time columnCursor, err error) {
	defer guard(st.file.path, &err)
	if time, err = st.file.cursor(pt.group, st.layout.time); err != nil {
		return time, err
	}
	if err = time.skip(pt.from); err != nil {
		return time, err
	}
	for k, i := range st.layout.index {
		if !st.want.has(k) {
			continue
		}
		if cursors[k], err = st.file.cursor(pt.group, i); err != nil {
			return time, err
		}
		if err = cursors[k].skip(pt.from); err != nil {
			return time, err
		}
	}
	return time, nil
}

// fill reads the next rows of every wanted column.
func (st *stream) fill(f *frame, time *columnCursor, cursors *[columnCount]columnCursor) (err error) {
	defer guard(st.file.path, &err)
	if err := time.times(f.time); err != nil {
		return err
	}
	for k := range f.cols {
		if st.want.has(k) {
			if err := cursors[k].floats(f.cols[k]); err != nil {
				return err
			}
		}
	}
	return nil
}
