package strategies

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// readCSV reads a header, then a signal a line. The columns may stand in any
// order.
func (c *collector) readCSV(text *limitedText) error {
	in := bufio.NewReader(text)
	head, _ := in.Peek(in.Size())
	if err := c.checkSeparator(head); err != nil {
		return err
	}
	r := csv.NewReader(in)
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) && text.err == nil {
		return &SignalError{File: c.file, Found: "an empty file", Expected: "a header and at least one signal"}
	}
	if err != nil {
		return c.csvError(text, err)
	}
	line, _ := r.FieldPos(0)
	columns, err := c.columns(header, line)
	if err != nil {
		return err
	}
	var f fields
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) && text.err == nil {
			return nil
		}
		if err != nil {
			return c.csvError(text, err)
		}
		line, _ := r.FieldPos(0)
		if err := c.csvRow(row, columns, &f, line); err != nil {
			return err
		}
	}
}

// checkSeparator refuses a text whose header, the first line that is not empty,
// has its names apart by something else than commas.
func (c *collector) checkSeparator(head []byte) error {
	header := bytes.TrimLeft(head, "\r\n")
	line := 1 + bytes.Count(head[:len(head)-len(header)], []byte("\n"))
	header, _, _ = bytes.Cut(header, []byte("\n"))
	if bytes.ContainsRune(header, ',') {
		return nil
	}
	for _, separator := range []struct {
		mark rune
		name string
	}{{';', "';'"}, {'\t', "a tab"}, {'|', "'|'"}} {
		if bytes.ContainsRune(header, separator.mark) {
			return &SignalError{File: c.file, Line: line, Found: "columns apart by " + separator.name,
				Expected: "by commas", Remedy: "save the file with commas, and points in numbers"}
		}
	}
	return nil
}

func (c *collector) csvRow(row []string, columns []field, f *fields, line int) error {
	if len(row) != len(columns) {
		return &SignalError{File: c.file, Line: line, Found: fmt.Sprintf("%d fields", len(row)),
			Expected: fmt.Sprintf("%d, as in the header", len(columns))}
	}
	for i, text := range row {
		if !utf8.ValidString(text) {
			return c.wrong(place{line: line}, &problem{columns[i], quoted(text), "text in UTF-8", ""})
		}
		f[columns[i]] = strings.TrimSpace(text)
	}
	return c.take(f, place{line: line})
}

// columns finds which field each column holds; line is the header's.
func (c *collector) columns(header []string, line int) ([]field, error) {
	names := fieldNames()
	columns := make([]field, 0, len(header))
	for _, name := range header {
		name = strings.TrimSpace(name)
		f, ok := fieldOf(name)
		if !ok {
			return nil, &SignalError{File: c.file, Line: line, Found: "the unknown column " + quoted(name) + suggest.DidYouMean(name, names),
				Expected: "columns among " + strings.Join(names, ", ")}
		}
		if slices.Contains(columns, f) {
			return nil, &SignalError{File: c.file, Line: line, Found: "the column " + name + " twice", Expected: "it once"}
		}
		columns = append(columns, f)
	}
	var missing []string
	for f, name := range names[:requiredFields] {
		if !slices.Contains(columns, field(f)) {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, &SignalError{File: c.file, Line: line, Found: "no column " + strings.Join(missing, ", "),
			Expected: "the columns " + strings.Join(names[:requiredFields], ", ")}
	}
	return columns, nil
}

func (c *collector) csvError(text *limitedText, err error) error {
	if text.err != nil {
		return text.err
	}
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return &SignalError{File: c.file, Line: e.StartLine, Found: "malformed CSV: " + e.Err.Error(),
			Expected: "fields apart by commas, quoted whole or not at all"}
	}
	return err
}
