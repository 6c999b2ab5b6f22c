package strategies

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets/text"
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

// SignalOptions is how signals are read. The zero value reads a file of one miner.
type SignalOptions struct {
	// Miner selects one miner's signals; with "" there must be those of one alone.
	Miner string
	// EveryMiner takes the signals of all of a file's miners: Signal.Miner tells them
	// apart. Miner is "" then.
	EveryMiner bool
	// TimesOfFiles gives signals without a time the time at which their file was
	// modified last. It is for a folder with a signal a file.
	TimesOfFiles bool
	// Stdin is what the path "-" stands for.
	Stdin io.Reader
}

// selection is whose signals of a file are taken.
type selection struct {
	only  string // a miner; "": the only one
	every bool   // all miners
}

func (o SignalOptions) selection() selection { return selection{o.Miner, o.EveryMiner} }

// ReadSignals reads the signals at a path: a CSV, JSON or table file by its name,
// texts through gzip or zstd where they are packed; a folder with a signal of the
// network's own format a file; or, for "-", a text of options.Stdin that its first
// byte tells apart. Equal times are allowed: the order of the file is the
// sequence, in a folder that of the files' names. Errors are *SignalError.
//
// The second result is the SHA-256 of the bytes that were read, in hexadecimal; of
// a folder, that of the lines that sha256sum prints of its files.
func ReadSignals(path string, options SignalOptions) (signals []Signal, sha256 string, err error) {
	if path == "-" && options.Stdin != nil {
		return readText(options.Stdin, "standard input", AnyText, options.selection())
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", &SignalError{File: path, Found: "no such file", Expected: "a file of signals", Cause: err}
	case err != nil:
		return nil, "", &SignalError{File: path, Found: err.Error(), Cause: err}
	case info.IsDir():
		return readFolder(path, options)
	case options.TimesOfFiles:
		return nil, "", &SignalError{File: path, Found: "a file", Expected: "a folder with a signal a file, whose times --signal-times files takes",
			Remedy: "leave --signal-times out"}
	}
	format, err := FormatOf(path)
	if err != nil {
		return nil, "", err
	}
	if format == Table {
		return readTable(path, options.selection())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, "", &SignalError{File: path, Found: err.Error(), Cause: err}
	}
	defer f.Close()
	return readText(f, path, format, options.selection())
}

// readText reads a text, and returns the SHA-256 of its bytes as they are.
func readText(r io.Reader, name string, format Format, of selection) ([]Signal, string, error) {
	sum := sha256.New()
	raw := io.TeeReader(r, sum)
	signals, err := parseSignals(raw, name, format, of)
	if err != nil {
		return nil, "", err
	}
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return nil, "", &SignalError{File: name, Found: "a file that can't be read on: " + err.Error(), Cause: err}
	}
	return signals, hex.EncodeToString(sum.Sum(nil)), nil
}

// ParseSignals reads signals from a text; name stands for it in errors. See
// ReadSignals.
func ParseSignals(r io.Reader, name string, format Format, miner string) ([]Signal, error) {
	return parseSignals(r, name, format, selection{only: miner})
}

func parseSignals(r io.Reader, name string, format Format, of selection) ([]Signal, error) {
	plain, err := text.Unpack(r)
	if err != nil {
		return nil, &SignalError{File: name, Found: "a damaged compressed file: " + err.Error(), Cause: err}
	}
	b := bufio.NewReader(plain)
	head, _ := b.Peek(b.Size())
	head = bytes.TrimLeft(head, " \t\r\n")
	isList := bytes.HasPrefix(head, []byte("["))
	if format == AnyText {
		if format, err = formatOfText(name, head); err != nil {
			return nil, err
		}
	}
	c := newCollector(name, of)
	limited := &limitedText{r: b, file: name, long: isList}
	switch {
	case format == CSV:
		limited.long = false
		err = c.readCSV(limited)
	case format == JSON && isList:
		err = c.readJSONList(limited)
	case format == JSON:
		err = c.readJSONLines(limited)
	default:
		panic(fmt.Sprintf("strategies: %d is no format of a text", format))
	}
	if err != nil {
		return nil, err
	}
	return c.finish()
}

func newCollector(file string, of selection) *collector {
	return &collector{file: file, selection: of, last: make(map[string]int64), names: make(map[string]string)}
}

// limitedText passes a text on until a line of it, or all of it, is too long.
type limitedText struct {
	r     io.Reader
	file  string
	long  bool  // lines may be of any length: the reader bounds what it takes
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
		if l.line > maxLineLen && !l.long {
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
	item string // what a place in it holds; "": rows
	selection

	fileMS   int64  // time of a signal that has none; 0: such a one is refused
	fileUUID string // uuid of a signal that has none

	signals []Signal
	rows    int
	miners  []string          // in the order of their appearance
	last    map[string]int64  // time of each miner's last signal
	names   map[string]string // pairs and miners, each kept once
}

// take adds the signal of one line, row or object.
func (c *collector) take(f *fields, at place) error {
	s, p := f.signal()
	if p != nil {
		return c.wrong(at, p)
	}
	s.Line, s.Row = at.line, at.row
	return c.add(s)
}

// add adds a signal that was read.
func (c *collector) add(s Signal) error {
	at := place{s.Line, s.Row}
	if c.rows++; c.rows > maxSignals {
		return &SignalError{File: c.file, Line: at.line, Row: at.row, Found: fmt.Sprintf("more than %d signals", maxSignals), Expected: "fewer", Remedy: "split the file"}
	}
	s.Pair, s.Miner, s.UUID = c.name(s.Pair), c.name(s.Miner), strings.Clone(s.UUID)
	last, known := c.last[s.Miner]
	switch {
	case known && s.TimeMS < last:
		return c.wrong(at, &problem{fieldTime, fmt.Sprintf("%s after %s", stamp(s.TimeMS), stamp(last)), "ascending times", "sort the file by time"})
	case !known && len(c.miners) > 0 && (s.Miner == "" || c.miners[0] == ""):
		return c.wrong(at, &problem{fieldMiner, quoted(s.Miner) + " after " + quoted(c.miners[0]), "a miner in every row or in none", ""})
	case !known && len(c.miners) == maxMiners:
		return c.wrong(at, &problem{fieldMiner, fmt.Sprintf("more than %d miners", maxMiners), "fewer", "split the file"})
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

func (c *collector) wrong(at place, p *problem) error {
	return &SignalError{File: c.file, Line: at.line, Row: at.row, Item: c.item, Field: fieldNames()[p.field], Found: p.found, Expected: p.expected, Remedy: p.remedy}
}

// finish checks what only the whole file tells.
func (c *collector) finish() ([]Signal, error) {
	e := &SignalError{File: c.file, Field: "miner"}
	switch {
	case c.rows == 0:
		return nil, &SignalError{File: c.file, Found: "no signal", Expected: "at least one"}
	case c.only == "" && len(c.miners) > 1 && !c.every:
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
