package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ptnsim/ptnsim/datasets/text"
)

// chunkRows is the rows that text is handed on in.
const chunkRows = 1 << 16

// openText opens a text file, through gzip or zstd where its first bytes say so.
func openText(src source) (io.ReadCloser, error) {
	var raw io.Reader = bytes.NewReader(src.data)
	closeFile := func() error { return nil }
	if src.data == nil {
		f, err := os.Open(src.path)
		if err != nil {
			return nil, err
		}
		raw, closeFile = f, f.Close
	}
	plain, err := text.Unpack(raw)
	if err != nil {
		return nil, errors.Join(corrupt(src.path, err), closeFile())
	}
	return struct {
		io.Reader
		closer
	}{plain, closeFile}, nil
}

type closer func() error

// Close implements io.Closer.
func (c closer) Close() error { return c() }

// candleText parses the lines of a canonical CSV into frames: a header with the
// canonical names, commas, times in RFC 3339 or epoch ms.
type candleText struct {
	path   string
	format text.TimeFormat // the zero format
	layout layout
	fields [][]byte
}

// header reads the first line and finds the columns.
func (p *candleText) header(lines *text.Lines) error {
	line, err := lines.Next()
	if errors.Is(err, io.EOF) {
		return empty(p.path)
	}
	if err != nil {
		return corrupt(p.path, err)
	}
	p.split(line)
	found := make([]string, len(p.fields))
	for i, f := range p.fields {
		found[i] = string(f)
	}
	canonical := slices.Clone(found)
	for i, name := range canonical {
		if !KnownColumn(name) {
			canonical[i] = fmt.Sprintf("%s#%d", name, i) // not ours; may repeat
		}
	}
	if p.layout, err = newLayout(p.path, canonical); err != nil {
		return noTextColumns(err, found)
	}
	return nil
}

// noTextColumns names the columns as the file does.
func noTextColumns(err error, found []string) error {
	if r, ok := errors.AsType[*Refusal](err); ok {
		r.Line = 1
		r.Found = fmt.Sprintf("the columns %q", found)
		r.Remedy = "import the file, which takes any CSV"
	}
	return err
}

// split parts a line into its fields; quotes around a field are dropped.
func (p *candleText) split(line []byte) {
	p.fields = p.fields[:0]
	for {
		if len(line) > 0 && line[0] == '"' {
			if end := bytes.IndexByte(line[1:], '"'); end >= 0 {
				p.fields = append(p.fields, line[1:1+end])
				line = line[end+2:]
				if len(line) == 0 {
					return
				}
				line = line[1:]
				continue
			}
		}
		i := bytes.IndexByte(line, ',')
		if i < 0 {
			p.fields = append(p.fields, bytes.TrimSpace(line))
			return
		}
		p.fields = append(p.fields, bytes.TrimSpace(line[:i]))
		line = line[i+1:]
	}
}

// row appends a line's candle to the frame.
func (p *candleText) row(line []byte, lineNo int64, f *frame) error {
	p.split(line)
	if p.layout.time >= len(p.fields) {
		return p.malformed(lineNo, "line", line, "more fields")
	}
	ms, err := p.time(p.fields[p.layout.time], lineNo)
	if err != nil {
		return err
	}
	f.time = append(f.time, ms)
	for k, i := range p.layout.index {
		if i < 0 {
			continue
		}
		if i >= len(p.fields) {
			return p.malformed(lineNo, "line", line, "more fields")
		}
		x, ok := text.Float(p.fields[i])
		if !ok {
			return p.malformed(lineNo, columnNames[k], p.fields[i], "a number")
		}
		f.cols[k] = append(f.cols[k], x)
	}
	return nil
}

func (p *candleText) time(field []byte, lineNo int64) (int64, error) {
	ms, local, ok := p.format.Parse(field)
	switch {
	case !ok:
		return 0, p.malformed(lineNo, timeColumn, field, "a time in RFC 3339 or epoch ms")
	case local:
		return 0, &Refusal{File: p.path, Line: lineNo, Problem: ErrNoZone,
			Found:    fmt.Sprintf("the time %q, which names no zone", field),
			Expected: "an offset from UTC",
			Remedy:   "import the file with --zone: UTC, America/New_York, …"}
	}
	return ms, nil
}

func (p *candleText) malformed(line int64, what string, field []byte, expected string) error {
	const shown = 60
	if len(field) > shown {
		field = field[:shown]
	}
	return &Refusal{File: p.path, Line: line, Problem: ErrSyntax, Found: fmt.Sprintf("%s %q", what, field),
		Expected: expected, Remedy: "repair the line, or import the file"}
}

// each parses the rest of the lines and hands them on in frames of up to
// chunkRows, whose slices it uses again.
func (p *candleText) each(lines *text.Lines, take func(frame) error) error {
	var f frame
	for {
		line, err := lines.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return corrupt(p.path, err)
		}
		if errors.Is(err, io.EOF) {
			return take(f)
		}
		if err := p.row(line, lines.Line(), &f); err != nil {
			return err
		}
		if len(f.time) < chunkRows {
			continue
		}
		if err := take(f); err != nil {
			return err
		}
		f.clear()
	}
}
