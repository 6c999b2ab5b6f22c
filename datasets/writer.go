package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/ptnsim/ptnsim/market"
)

// Writer writes one pair's candles as a stream into a canonical file of any
// format, in bounded memory, and describes what it wrote. What no reader would
// take (times out of order, prices that are none) it refuses to write.
type Writer struct {
	name    Name
	options WriterOptions
	sink    candleSink
	check   Checker
	seen    *describer
	err     error
}

// WriterOptions says what a Writer writes.
type WriterOptions struct {
	Pair    market.Pair
	Columns Columns // those of the series that follow; Close alone = close-only candles

	// Calendar makes the market hours by which ManifestFile.Gaps are counted, as
	// Select.Calendar; nil: they are not.
	Calendar func(p market.Pair, fromMS, toMS int64) (Calendar, error)
}

// candleSink is a format's writer.
type candleSink interface {
	append(f frame) error
	// close makes the file appear under its path and returns its size and SHA-256.
	close() (bytes int64, sha256 string, err error)
	abort()
}

// NewWriter begins a file in a folder; it appears there, whole, with Close. A
// Writer that is not closed is to be aborted.
func NewWriter(folder string, name Name, o WriterOptions) (*Writer, error) {
	if name.Pair != o.Pair.ID {
		return nil, fmt.Errorf("%s: the candles are those of %s", name, o.Pair.ID)
	}
	path := filepath.Join(folder, name.String())
	w := &Writer{
		name: name, options: o, seen: newDescriber(name, o),
		check: Checker{File: path, IntervalMS: int64(name.Interval)},
	}
	var err error
	switch name.Format {
	case Parquet:
		w.sink, err = newParquetSink(path, o.Columns)
	case Arrow:
		w.sink, err = newArrowSink(path, o.Columns)
	default:
		w.sink, err = newCSVSink(path, o.Columns)
	}
	return w, err
}

// Append writes the next candles, of the columns that were announced. The series
// may be used again afterwards.
func (w *Writer) Append(s *market.Series) error {
	if w.err != nil || s.Len() == 0 {
		return w.err
	}
	if have := Stored(s); have != w.options.Columns {
		panic(fmt.Sprintf("datasets: %s is written with the columns %s, not %s", w.name, w.options.Columns, have))
	}
	f := frameOf(s)
	if w.err = w.check.Check(s); w.err != nil {
		return w.err
	}
	if w.err = w.seen.add(f); w.err != nil {
		return w.err
	}
	w.err = w.sink.append(f)
	return w.err
}

// Close makes the file appear and describes it.
func (w *Writer) Close() (about ManifestFile, err error) {
	if w.err == nil && w.seen.about.Rows == 0 {
		w.err = empty(w.name.String())
	}
	if w.err == nil {
		about = w.seen.describe()
		about.Bytes, about.SHA256, w.err = w.sink.close()
	}
	if w.err != nil {
		w.sink.abort()
		return about, w.err
	}
	w.err = errors.New("the writer is closed")
	return about, nil
}

// Abort removes what was written. After Close it does nothing, so that it can be
// deferred.
func (w *Writer) Abort() { w.sink.abort() }

// parquetSink writes row groups.
type parquetSink struct {
	table *TableWriter
	have  Columns
}

func newParquetSink(path string, have Columns) (*parquetSink, error) {
	t, err := NewTable(path, candleColumns(have))
	return &parquetSink{t, have}, err
}

func (p *parquetSink) append(f frame) error { return appendFrame(p.table, f, p.have) }

func (p *parquetSink) close() (int64, string, error) {
	if err := p.table.Close(); err != nil {
		return 0, "", err
	}
	return p.table.out.bytes, p.table.out.sha256(), nil
}

func (p *parquetSink) abort() {
	if p.table != nil {
		p.table.Abort()
	}
}

// csvSink writes lines.
type csvSink struct {
	path string
	out  *atomicFile
	have Columns
	line []byte
}

func newCSVSink(path string, have Columns) (*csvSink, error) {
	out, err := createAtomic(path)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "%s,%s\n", timeColumn, have)
	return &csvSink{path: path, out: out, have: have}, nil
}

func (c *csvSink) append(f frame) (err error) {
	c.line, err = appendRowsTo(c.out.Writer, f, c.have, c.line)
	return err
}

func (c *csvSink) close() (int64, string, error) {
	if err := c.out.commit(c.path); err != nil {
		return 0, "", fmt.Errorf("writing %s: %w", c.path, err)
	}
	return c.out.bytes, c.out.sha256(), nil
}

func (c *csvSink) abort() { c.out.abort() }

// arrowSink writes one record batch, of which each column must be one contiguous
// piece: it spools each column into a hidden file of its own, and maps them when
// their length is known.
type arrowSink struct {
	path   string
	have   Columns
	spools [1 + columnCount]*spool // time first; nil = absent
	rows   int
}

// spool is a column on its way.
type spool struct {
	f *os.File
	w *bufio.Writer
}

func newArrowSink(path string, have Columns) (*arrowSink, error) {
	a := &arrowSink{path: path, have: have}
	for k := range a.spools {
		if k > 0 && !have.has(k-1) {
			continue
		}
		f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
		if err != nil {
			a.abort()
			return nil, err
		}
		a.spools[k] = &spool{f, bufio.NewWriterSize(f, 1<<18)}
	}
	return a, nil
}

func (a *arrowSink) append(f frame) error {
	a.rows += len(f.time)
	_, err := a.spools[0].w.Write(wordsOf(f.time))
	for k, col := range f.cols {
		if a.have.has(k) && err == nil {
			_, err = a.spools[k+1].w.Write(wordsOf(col))
		}
	}
	return err
}

func (a *arrowSink) close() (bytes int64, sum string, err error) {
	defer a.abort()
	var f frame
	for k, s := range a.spools {
		if s == nil {
			continue
		}
		if err := s.w.Flush(); err != nil {
			return 0, "", fmt.Errorf("writing %s: %w", a.path, err)
		}
		data, unmap, err := mapFile(s.f.Name())
		if err != nil {
			return 0, "", fmt.Errorf("writing %s: %w", a.path, err)
		}
		defer func() { err = errors.Join(err, unmap()) }()
		if k == 0 {
			f.time = numbersOf[int64](data, a.rows)
		} else {
			f.cols[k-1] = numbersOf[float64](data, a.rows)
		}
	}
	out, err := createAtomic(a.path)
	if err != nil {
		return 0, "", err
	}
	defer out.abort()
	if err := writeRecord(out, f, a.have); err != nil {
		return 0, "", fmt.Errorf("writing %s: %w", a.path, err)
	}
	if err := out.commit(a.path); err != nil {
		return 0, "", fmt.Errorf("writing %s: %w", a.path, err)
	}
	return out.bytes, out.sha256(), nil
}

// numbersOf returns mapped bytes, which begin at a page, as 8-byte numbers.
func numbersOf[T int64 | float64](data []byte, n int) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), n)
}

// writeRecord writes columns as an Arrow file of one record batch.
func writeRecord(out io.Writer, f frame, have Columns) error {
	rec := record(f, have)
	w, err := ipc.NewFileWriter(out, ipc.WithSchema(rec.Schema()))
	if err != nil {
		return err
	}
	if err := w.Write(rec); err != nil {
		return err
	}
	return w.Close()
}

func (a *arrowSink) abort() {
	for _, s := range a.spools {
		if s != nil && s.f.Close() == nil {
			os.Remove(s.f.Name())
		}
	}
}
