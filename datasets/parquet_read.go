package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/ptnsim/ptnsim/market"
)

// Limits that a file's own claims are held against before memory is set aside.
const (
	maxRowsPerByte = 1024 // denser than constant columns compress
	maxPageBytes   = 128 << 20
)

// parquetFile is an open Parquet file whose footer has been held against its
// size.
type parquetFile struct {
	path   string
	size   int64
	reader *file.Reader
	names  []string // the columns
	groups []rowGroup
}

// rowGroup is what the footer claims of one row group.
type rowGroup struct {
	firstRow, rows int64
}

// openParquet reads and judges the footer.
func openParquet(src source) (p *parquetFile, err error) {
	defer guard(src.path, &err)
	var in parquet.ReaderAtSeeker = bytes.NewReader(src.data)
	size := int64(len(src.data))
	if src.data == nil {
		f, err := os.Open(src.path)
		if err != nil {
			return nil, err
		}
		defer func() {
			if p == nil {
				f.Close()
			}
		}()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		in, size = f, info.Size()
	}
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = maxPageBytes, maxPageBytes
	r, err := file.NewParquetReader(in, file.WithReadProps(props))
	if err != nil {
		return nil, corrupt(src.path, err)
	}
	q := &parquetFile{path: src.path, size: size, reader: r}
	if err := q.judgeFooter(); err != nil {
		return nil, err
	}
	return q, nil
}

// judgeFooter holds the footer's claims against the file's size, so that
// nothing larger than the file can honestly hold is ever set aside.
func (p *parquetFile) judgeFooter() error {
	meta := p.reader.MetaData()
	for i := range meta.Schema.NumColumns() {
		p.names = append(p.names, meta.Schema.Column(i).Path())
	}
	var total int64
	for g := range p.reader.NumRowGroups() {
		group := meta.RowGroup(g)
		rows := group.NumRows()
		if rows < 0 || rows > p.size*maxRowsPerByte-total {
			return corrupt(p.path, fmt.Sprintf("row group %d claims %d rows in %d bytes", g+1, rows, p.size))
		}
		if group.NumColumns() != len(p.names) {
			return corrupt(p.path, fmt.Sprintf("row group %d has %d columns of %d", g+1, group.NumColumns(), len(p.names)))
		}
		for i := range p.names {
			chunk, err := group.ColumnChunk(i)
			if err != nil {
				return corrupt(p.path, err)
			}
			start, length := chunk.DataPageOffset(), chunk.TotalCompressedSize()
			if chunk.HasDictionaryPage() && chunk.DictionaryPageOffset() > 0 {
				start = min(start, chunk.DictionaryPageOffset())
			}
			if start < 0 || length < 0 || start > p.size || length > p.size-start {
				return corrupt(p.path, fmt.Sprintf("row group %d, column %s lies outside the file", g+1, p.names[i]))
			}
			if chunk.NumValues() != rows {
				return corrupt(p.path, fmt.Sprintf("row group %d, column %s has %d of %d values", g+1, p.names[i], chunk.NumValues(), rows))
			}
		}
		p.groups = append(p.groups, rowGroup{total, rows})
		total += rows
	}
	if total != meta.NumRows {
		return corrupt(p.path, fmt.Sprintf("%d rows claimed, row groups of %d", meta.NumRows, total))
	}
	return nil
}

func (p *parquetFile) rows() int64 { return p.reader.NumRows() }

func (p *parquetFile) close() error { return p.reader.Close() }

// candleLayout finds the candle columns and judges their types.
func (p *parquetFile) candleLayout() (layout, error) {
	l, err := newLayout(p.path, p.names)
	if err != nil {
		return l, err
	}
	sc := p.reader.MetaData().Schema
	col := sc.Column(l.time)
	if !isUTCMillis(col) || col.MaxRepetitionLevel() > 0 {
		return l, wrongType(p.path, timeColumn, typeName(col), "timestamp[ms, UTC]")
	}
	for k, i := range l.index {
		if i < 0 {
			continue
		}
		if col := sc.Column(i); col.PhysicalType() != parquet.Types.Double || col.MaxRepetitionLevel() > 0 {
			return l, wrongType(p.path, columnNames[k], typeName(col), "float64")
		}
	}
	return l, nil
}

func isUTCMillis(col *schema.Column) bool {
	ts, ok := col.LogicalType().(schema.TimestampLogicalType)
	if !ok {
		if p, isPointer := col.LogicalType().(*schema.TimestampLogicalType); isPointer {
			ts, ok = *p, true
		}
	}
	return ok && col.PhysicalType() == parquet.Types.Int64 && ts.TimeUnit() == schema.TimeUnitMillis && ts.IsAdjustedToUTC()
}

func typeName(col *schema.Column) string {
	name := col.PhysicalType().String()
	if lt := col.LogicalType(); lt != nil && !lt.IsNone() {
		name += " " + lt.String()
	}
	if col.MaxRepetitionLevel() > 0 {
		name = "list of " + name
	}
	return name
}

// timeRange returns the first and last time of a row group, from its statistics
// where it has them, else from its values.
func (p *parquetFile) timeRange(g, timeCol int) (first, last int64, err error) {
	chunk, err := p.reader.MetaData().RowGroup(g).ColumnChunk(timeCol)
	if err != nil {
		return 0, 0, corrupt(p.path, err)
	}
	if stats, err := chunk.Statistics(); err == nil && stats != nil {
		if s, ok := stats.(*metadata.Int64Statistics); ok && s.HasMinMax() {
			return s.Min(), s.Max(), nil
		}
	}
	cursor, err := p.cursor(g, timeCol)
	if err != nil {
		return 0, 0, err
	}
	defer cursor.close()
	t := make([]int64, p.groups[g].rows)
	if err := cursor.times(t); err != nil {
		return 0, 0, err
	}
	return slices.Min(t), slices.Max(t), nil
}

// columnCursor reads one column of one row group from front to back.
type columnCursor struct {
	path, name string
	row        int64 // the file's row, from 0, that is read next
	col        file.ColumnChunkReader
}

func (p *parquetFile) cursor(g, column int) (columnCursor, error) {
	col, err := p.reader.RowGroup(g).Column(column)
	if err != nil {
		return columnCursor{}, corrupt(p.path, err)
	}
	return columnCursor{p.path, p.names[column], p.groups[g].firstRow, col}, nil
}

func (c *columnCursor) close() {
	if c.col != nil {
		c.col.Close()
	}
}

// skip passes over n rows.
func (c *columnCursor) skip(n int64) error {
	if n == 0 {
		return nil
	}
	var err error
	switch col := c.col.(type) {
	case *file.Float64ColumnChunkReader:
		_, err = col.Skip(n)
	case *file.Int64ColumnChunkReader:
		_, err = col.Skip(n)
	}
	if err == nil {
		err = c.col.Err()
	}
	if err != nil {
		return corrupt(c.path, err)
	}
	c.row += n
	return nil
}

// floats fills dst with the next rows.
func (c *columnCursor) floats(dst []float64) error {
	col, ok := c.col.(*file.Float64ColumnChunkReader)
	if !ok {
		return corrupt(c.path, "column "+c.name+" is not of its declared type")
	}
	rows, values, err := col.ReadBatch(int64(len(dst)), dst, nil, nil)
	return c.filled(rows, values, len(dst), err)
}

// times fills dst with the next rows.
func (c *columnCursor) times(dst []int64) error {
	col, ok := c.col.(*file.Int64ColumnChunkReader)
	if !ok {
		return corrupt(c.path, "column "+c.name+" is not of its declared type")
	}
	rows, values, err := col.ReadBatch(int64(len(dst)), dst, nil, nil)
	return c.filled(rows, values, len(dst), err)
}

// filled judges what a batch brought: all the rows, none of them null.
func (c *columnCursor) filled(rows int64, values, wanted int, err error) error {
	if err == nil {
		err = c.col.Err()
	}
	switch {
	case err != nil:
		return corrupt(c.path, err)
	case rows != int64(wanted):
		return corrupt(c.path, fmt.Sprintf("column %s ends after %d of %d rows", c.name, c.row+rows, c.row+int64(wanted)))
	case values != wanted:
		return &Refusal{File: c.path, Problem: ErrNull,
			Found:    fmt.Sprintf("%d null values of %s in rows %d to %d", wanted-values, c.name, c.row+1, c.row+rows),
			Expected: "a value in every row", Remedy: "remove those rows or fill them"}
	}
	c.row += rows
	return nil
}

// part is the rows [from, to) of one row group.
type part struct {
	group    int
	from, to int64
}

// parts returns which rows of which row groups open in [from, to). Only groups
// whose times straddle a bound have their times read.
func (p *parquetFile) parts(timeCol int, from, to int64) ([]part, error) {
	var parts []part
	for g, group := range p.groups {
		if group.rows == 0 {
			continue
		}
		first, last, err := p.timeRange(g, timeCol)
		if err != nil {
			return nil, err
		}
		if last < from || first >= to {
			continue
		}
		whole := part{g, 0, group.rows}
		if first < from || last >= to {
			if whole, err = p.cut(g, timeCol, from, to); err != nil {
				return nil, err
			}
		}
		if whole.from < whole.to {
			parts = append(parts, whole)
		}
	}
	return parts, nil
}

// cut finds the rows of a group that open in [from, to).
func (p *parquetFile) cut(g, timeCol int, from, to int64) (part, error) {
	cursor, err := p.cursor(g, timeCol)
	if err != nil {
		return part{}, err
	}
	defer cursor.close()
	t := make([]int64, p.groups[g].rows)
	if err := cursor.times(t); err != nil {
		return part{}, err
	}
	i, _ := slices.BinarySearch(t, from)
	j, _ := slices.BinarySearch(t, to)
	return part{g, int64(i), int64(max(i, j))}, nil
}

// readPart appends the rows of a part to the frame.
func (p *parquetFile) readPart(pt part, l *layout, want Columns, f *frame) error {
	n := int(pt.to - pt.from)
	f.time = slices.Grow(f.time, n)[:len(f.time)+n]
	if err := p.readColumn(pt, l.time, func(c *columnCursor) error { return c.times(f.time[len(f.time)-n:]) }); err != nil {
		return err
	}
	for k, i := range l.index {
		if !want.has(k) {
			continue
		}
		f.cols[k] = slices.Grow(f.cols[k], n)[:len(f.cols[k])+n]
		col := f.cols[k][len(f.cols[k])-n:]
		if err := p.readColumn(pt, i, func(c *columnCursor) error { return c.floats(col) }); err != nil {
			return err
		}
	}
	return nil
}

func (p *parquetFile) readColumn(pt part, column int, read func(*columnCursor) error) error {
	c, err := p.cursor(pt.group, column)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.skip(pt.from); err != nil {
		return err
	}
	return read(&c)
}

// readParquet reads the selected columns and rows into slices.
func readParquet(ctx context.Context, src source, name Name, pair market.Pair, sel Select) (c *Candles, err error) {
	defer guard(src.path, &err)
	p, err := openParquet(src)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	c, l, err := p.describe(name, pair)
	if err != nil {
		return nil, err
	}
	from, to := sel.span()
	parts, err := p.parts(l.time, from, to)
	if err != nil {
		return nil, err
	}
	f := p.reserve(parts, l.wanted(sel.Columns))
	for _, pt := range parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.readPart(pt, &l, l.wanted(sel.Columns), &f); err != nil {
			return nil, err
		}
	}
	if len(parts) > 0 {
		c.FirstRow = p.groups[parts[0].group].firstRow + parts[0].from
	}
	c.Series = f.series(pair, name.Interval, l.closeOnly)
	return c, nil
}

// describe starts the Candles with what the whole file is.
func (p *parquetFile) describe(name Name, pair market.Pair) (*Candles, layout, error) {
	l, err := p.candleLayout()
	if err != nil {
		return nil, l, err
	}
	if p.rows() == 0 {
		return nil, l, empty(p.path)
	}
	ends := slices.DeleteFunc(slices.Collect(indices(len(p.groups))), func(g int) bool { return p.groups[g].rows == 0 })
	first, _, err := p.timeRange(ends[0], l.time)
	if err != nil {
		return nil, l, err
	}
	_, last, err := p.timeRange(ends[len(ends)-1], l.time)
	if err != nil {
		return nil, l, err
	}
	c := &Candles{File: p.path, CloseOnly: l.closeOnly, FirstMS: first, EndMS: last + int64(name.Interval)}
	c.Series = &market.Series{Pair: pair, IntervalMS: int64(name.Interval)}
	return c, l, nil
}

// reserve sets memory aside for the parts, as far as the file's size vouches for
// the rows that it claims; beyond that it grows with what is really decoded.
func (p *parquetFile) reserve(parts []part, want Columns) frame {
	var rows int64
	for _, pt := range parts {
		rows += pt.to - pt.from
	}
	rows = min(rows, 64*p.size+1<<20)
	f := frame{time: make([]int64, 0, rows)}
	for k := range f.cols {
		if want.has(k) {
			f.cols[k] = make([]float64, 0, rows)
		}
	}
	return f
}

func indices(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
