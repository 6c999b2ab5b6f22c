package strategies

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// The most that a file of signals may hold: far over any real one, and within
// the memory of a small machine.
const (
	maxSignals  = 4_000_000
	maxMiners   = 4096
	maxLineLen  = 64 << 10  // bytes
	maxFileSize = 512 << 20 // bytes, unpacked
)

// Format is how a file writes signals.
type Format uint8

// The formats.
const (
	CSV       Format = iota + 1 // a header, then a signal a line
	JSONLines                   // one JSON object a line
)

// FormatOf returns the format that a file's name stands for. A ".gz" at its end
// says nothing: the file's first bytes do.
func FormatOf(path string) (Format, error) {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	switch {
	case strings.HasSuffix(name, ".csv"):
		return CSV, nil
	case strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".json"):
		return JSONLines, nil
	}
	return 0, &SignalError{File: path, Found: "a name that tells no format",
		Expected: "it to end in .csv, or in .jsonl, .ndjson or .json for JSON lines; .gz may follow"}
}

// ReadSignals reads a file of signals, CSV or JSON lines by its name, through
// gzip where it is packed. Equal times are allowed: the order of the file is
// the sequence. miner selects one miner's signals; with "" the file must hold
// those of one miner alone. Errors are *SignalError.
func ReadSignals(path, miner string) ([]Signal, error) {
	format, err := FormatOf(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &SignalError{File: path, Found: "no such file", Expected: "a file of signals", Cause: err}
	}
	if err != nil {
		return nil, &SignalError{File: path, Found: err.Error(), Cause: err}
	}
	defer f.Close()
	return ParseSignals(f, path, format, miner)
}

// ParseSignals reads signals from r; name stands for it in errors. See
// ReadSignals.
func ParseSignals(r io.Reader, name string, format Format, miner string) ([]Signal, error) {
	text, err := unpack(r)
	if err != nil {
		return nil, &SignalError{File: name, Found: "a damaged gzip file: " + err.Error(), Cause: err}
	}
	c := &collector{file: name, only: miner, last: make(map[string]int64), names: make(map[string]string)}
	limited := &limitedText{r: text, file: name}
	switch format {
	case CSV:
		err = c.readCSV(limited)
	case JSONLines:
		err = c.readJSONLines(limited)
	default:
		panic(fmt.Sprintf("strategies: no such format: %d", format))
	}
	if err != nil {
		return nil, err
	}
	return c.finish()
}

// unpack looks through gzip and skips a byte order mark.
func unpack(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReader(z)
	}
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}) {
		b.Discard(3)
	}
	return b, nil
}

// limitedText passes a text on until a line of it, or all of it, is too long.
type limitedText struct {
	r     io.Reader
	file  string
	lines int   // finished
	line  int   // bytes of the line at hand
	size  int64 // bytes so far
	err   error // what ended the text, but for its end
}

// Read implements io.Reader.
func (l *limitedText) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.r.Read(p)
	l.size += int64(n)
	for rest := p[:n]; len(rest) > 0 && l.err == nil; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			l.line += len(rest)
			rest = nil
		} else {
			l.line += i
			rest = rest[i+1:]
		}
		if l.line > maxLineLen {
			l.err = &SignalError{File: l.file, Line: l.lines + 1, Found: fmt.Sprintf("a line longer than %d bytes", maxLineLen), Expected: "a signal a line"}
		}
		if i >= 0 {
			l.lines, l.line = l.lines+1, 0
		}
	}
	if l.size > maxFileSize {
		l.err = &SignalError{File: l.file, Found: fmt.Sprintf("more than %d MiB of text", maxFileSize>>20),
			Expected: "fewer signals", Remedy: "split the file"}
	}
	if err != nil && err != io.EOF && l.err == nil {
		l.err = &SignalError{File: l.file, Line: l.lines + 1, Found: "a file that can't be read on: " + err.Error(), Cause: err}
	}
	if l.err != nil {
		return 0, l.err
	}
	return n, err
}

// collector gathers the signals of one file.
type collector struct {
	file string
	only string // the miner selected; "": the only one

	signals []Signal
	rows    int
	miners  []string          // in the order of their appearance
	last    map[string]int64  // time of each miner's last signal
	names   map[string]string // pairs and miners, each kept once
}

// take adds the signal of one line.
func (c *collector) take(f *fields, line int) error {
	s, p := f.signal()
	if p != nil {
		return c.wrong(line, p)
	}
	if c.rows++; c.rows > maxSignals {
		return &SignalError{File: c.file, Line: line, Found: fmt.Sprintf("more than %d signals", maxSignals), Expected: "fewer", Remedy: "split the file"}
	}
	s.Pair, s.Miner, s.UUID = c.name(s.Pair), c.name(s.Miner), strings.Clone(s.UUID)
	s.Line = line
	last, known := c.last[s.Miner]
	switch {
	case known && s.TimeMS < last:
		return c.wrong(line, &problem{fieldTime, fmt.Sprintf("%s after %s", stamp(s.TimeMS), stamp(last)), "ascending times", "sort the file by time"})
	case !known && len(c.miners) > 0 && (s.Miner == "" || c.miners[0] == ""):
		return c.wrong(line, &problem{fieldMiner, quoted(s.Miner) + " after " + quoted(c.miners[0]), "a miner in every row or in none", ""})
	case !known && len(c.miners) == maxMiners:
		return c.wrong(line, &problem{fieldMiner, fmt.Sprintf("more than %d miners", maxMiners), "fewer", "split the file"})
	case !known:
		c.miners = append(c.miners, s.Miner)
	}
	c.last[s.Miner] = s.TimeMS
	if c.only == "" || c.only == s.Miner {
		c.signals = append(c.signals, s)
	}
	return nil
}

// name returns one copy of a name that lines repeat, so that no signal holds on
// to its line.
func (c *collector) name(text string) string {
	if kept, ok := c.names[text]; ok {
		return kept
	}
	kept := strings.Clone(text)
	c.names[kept] = kept
	return kept
}

func (c *collector) wrong(line int, p *problem) error {
	return &SignalError{File: c.file, Line: line, Field: fieldNames()[p.field], Found: p.found, Expected: p.expected, Remedy: p.remedy}
}

// finish checks what only the whole file tells.
func (c *collector) finish() ([]Signal, error) {
	e := &SignalError{File: c.file, Field: "miner"}
	switch {
	case c.rows == 0:
		return nil, &SignalError{File: c.file, Found: "no signal", Expected: "at least one"}
	case c.only == "" && len(c.miners) > 1:
		e.Found, e.Expected, e.Remedy = "the signals of "+c.listMiners(), "those of one miner", "select one with --miner"
		return nil, e
	case c.only != "" && len(c.signals) == 0 && c.miners[0] == "":
		e.Found, e.Expected, e.Remedy = "no miner in the file", "the signals of "+c.only, "leave the selection of a miner out"
		return nil, e
	case c.only != "" && len(c.signals) == 0:
		e.Found, e.Expected = "the signals of "+c.listMiners(), "those of "+c.only+suggest.DidYouMean(c.only, c.miners)
		return nil, e
	}
	return c.signals, nil
}

// listMiners names the file's miners, the first of them where there are many.
func (c *collector) listMiners() string {
	const shown = 10
	list := strings.Join(c.miners[:min(shown, len(c.miners))], ", ")
	if more := len(c.miners) - shown; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return list
}

// fieldOf returns the field of that name.
func fieldOf(name string) (field, bool) {
	i := slices.Index(fieldNames(), name)
	return field(i), i >= 0
}
