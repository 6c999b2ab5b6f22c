package vendors

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// sheet is the head of a delimited text, parted into lines and fields.
type sheet struct {
	in        Input
	separator byte
	preamble  []string   // what the file says before its header or first row
	header    []string   // the columns' own names; nil = the file names none
	rows      [][]string // of one width, but for damage
	lines     []int64    // the rows' lines
	start     int64      // the line from which there are rows
	width     int        // the fields of most rows
	whole     bool       // these are all rows
}

// maxPreamble is the lines that may come before a table.
const maxPreamble = 10

type sheetKey struct {
	separator byte
	header    Header
}

// sheet parts the head into fields; nil if it is no delimited text.
func (h *head) sheet(o Options) *sheet {
	key := sheetKey{o.Separator, o.Header}
	if s, ok := h.sheets[key]; ok {
		return s
	}
	if h.sheets == nil {
		h.sheets = map[sheetKey]*sheet{}
	}
	s := h.newSheet(o)
	h.sheets[key] = s
	return s
}

func (h *head) newSheet(o Options) *sheet {
	if !textual(h.bytes) {
		return nil
	}
	lines, numbers := h.lines()
	if len(lines) == 0 {
		return nil
	}
	s := &sheet{in: h.in, separator: o.Separator, whole: h.whole}
	if s.separator == 0 {
		s.separator = separatorOf(lines)
	}
	split := splitter{separator: s.separator}
	table := make([][]string, len(lines))
	for i, line := range lines {
		fields := split.fields(line)
		table[i] = make([]string, 0, len(fields))
		for _, f := range fields {
			// The head is never written to again, so its fields need no copies.
			table[i] = append(table[i], unsafe.String(unsafe.SliceData(f), len(f)))
		}
	}
	if s.width = commonWidth(table); s.width < 2 {
		return nil
	}
	first := 0
	for first < len(table)-1 && first < maxPreamble && len(table[first]) < s.width-1 {
		s.preamble = append(s.preamble, string(lines[first]))
		first++
	}
	// A comment may be the header.
	for first < len(table)-1 && lines[first][0] == '#' && (len(table[first]) < s.width-1 || !isHeader(table[first])) {
		first++
	}
	if o.Header == WithHeader || o.Header == DetectHeader && isHeader(table[first]) {
		s.header = table[first]
		s.header[0] = strings.TrimSpace(strings.TrimPrefix(s.header[0], "#"))
		first++
	}
	s.start = numbers[len(numbers)-1] + 1
	if first < len(numbers) {
		s.start = numbers[first]
	}
	for i := first; i < len(table); i++ {
		again := s.header != nil && slices.Equal(table[i], s.header) || s.header == nil && namesColumns(table[i])
		if lines[i][0] != '#' && !again { // the reader refuses a header in the midst
			s.rows, s.lines = append(s.rows, table[i]), append(s.lines, numbers[i])
		}
	}
	s.dropEmptyEnd()
	if len(s.rows) == 0 && s.header == nil {
		return nil
	}
	return s
}

// dropEmptyEnd forgets the empty field behind a separator that ends every row.
func (s *sheet) dropEmptyEnd() {
	if len(s.rows) == 0 {
		return
	}
	for _, row := range s.rows {
		if len(row) == s.width && row[s.width-1] != "" {
			return
		}
	}
	if s.header != nil && len(s.header) >= s.width && s.header[s.width-1] != "" {
		return
	}
	s.width--
}

// lines parts the head into lines that are not blank, without the last one if it
// may go on behind the head.
func (h *head) lines() (lines [][]byte, numbers []int64) {
	b := h.bytes
	if !h.whole {
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	for number := int64(1); len(b) > 0; number++ {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		if line = bytes.TrimRight(line, "\r"); len(bytes.TrimSpace(line)) > 0 {
			lines, numbers = append(lines, line), append(numbers, number)
		}
	}
	return lines, numbers
}

// separatorOf finds the separator that parts most lines into the same, largest
// number of fields.
func separatorOf(lines [][]byte) byte {
	sample := lines[:min(len(lines), 200)]
	best, bestWidth := byte(','), 1
	for _, separator := range []byte("\t;,| ") {
		split := splitter{separator: separator}
		table := make([][]string, len(sample))
		for i, line := range sample {
			table[i] = make([]string, len(split.fields(line)))
		}
		if w := commonWidth(table); w > bestWidth {
			best, bestWidth = separator, w
		}
	}
	return best
}

// commonWidth returns the most frequent number of fields, the larger of two that
// are equally frequent.
func commonWidth(table [][]string) int {
	counts := map[int]int{}
	best := 0
	for _, row := range table {
		w := len(row)
		counts[w]++
		if c := counts[w] - counts[best]; c > 0 || c == 0 && w > best {
			best = w
		}
	}
	return best
}

// isHeader reports whether fields name columns: none is a number or a time.
func isHeader(fields []string) bool {
	named := 0
	for _, f := range fields {
		switch {
		case f == "":
		case f[0] >= '0' && f[0] <= '9' && !strings.ContainsAny(f[:min(len(f), 3)], " ."), strings.HasPrefix(f, "-"):
			return false
		default:
			if _, number := text.Float([]byte(f)); number {
				return false
			}
			if strings.ContainsFunc(f, func(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' || r > 127 }) {
				named++
			}
		}
	}
	return named > 0
}

// agrees refuses a header that names more or fewer columns than the rows have: no
// one can tell which belongs to which.
func (s *sheet) agrees() error {
	names := len(s.header)
	for names > s.width && s.header[names-1] == "" {
		names--
	}
	if s.header == nil || names == s.width || len(s.rows) == 0 {
		return nil
	}
	return &datasets.Refusal{File: s.in.String(), Line: s.lines[0], Problem: datasets.ErrNoColumn,
		Found: fmt.Sprintf("%d fields below a header of %d", s.width, names), Expected: "a name for every field",
		Remedy: "add the missing name to the header, or remove the header and say which column is which with --columns"}
}

// column returns the sample of one column.
func (s *sheet) column(i int) []string {
	values := make([]string, 0, len(s.rows))
	for _, row := range s.rows {
		if i < len(row) {
			values = append(values, row[i])
		}
	}
	return values
}

// names returns the header's names, normalised: lower case, without brackets,
// words joined by an underscore.
func (s *sheet) names() []string {
	names := make([]string, len(s.header))
	for i, h := range s.header {
		names[i] = normal(h)
	}
	return names
}

// hasHeader reports whether the header is exactly these normalised names.
func (s *sheet) hasHeader(names ...string) bool { return slices.Equal(s.names(), names) }

// normal reduces a column's name to what it says: "<TICKVOL>", "1. open" and "Gmt
// time" are tickvol, open and gmt_time.
func normal(name string) string {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `<>[]"'`))
	if len(name) > 2 && '0' <= name[0] && name[0] <= '9' && name[1] == '.' {
		name = strings.TrimSpace(name[2:])
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.', '/', ':', '(', ')':
			return '_'
		}
		return r
	}, name), "_")
}

// numeric reports whether the sampled values of a column are numbers, nine of ten
// at least: the reader refuses the others.
func (s *sheet) numeric(i int) bool {
	return s.mostly(i, func(v string) bool { _, ok := text.Float([]byte(v)); return ok })
}

// integers reports whether a column has whole numbers, nine of ten at least.
func (s *sheet) integers(i int) bool {
	return s.mostly(i, func(v string) bool { _, ok := text.Int([]byte(v)); return ok })
}

func (s *sheet) mostly(column int, is func(string) bool) bool {
	n := 0
	for _, v := range s.column(column) {
		if is(v) {
			n++
		}
	}
	return n > len(s.rows)*9/10
}

// namesColumns reports whether fields are a header's.
func namesColumns(fields []string) bool {
	return isHeader(fields) && slices.ContainsFunc(fields, func(f string) bool { return normal(f) == "open" || normal(f) == "close" })
}

// separatorName is a separator as messages name it.
func separatorName(c byte) string {
	switch c {
	case '\t':
		return "tabs"
	case ' ':
		return "blanks"
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	}
	return fmt.Sprintf("%q", c)
}

// splitter parts lines into fields without copying them.
type splitter struct {
	separator byte
	parts     [][]byte
}

// fields parts a line, valid until the next call. Quotes around a field and
// blanks around it are dropped; runs of blanks are one separator.
func (s *splitter) fields(line []byte) [][]byte {
	parts, separator := s.parts[:0], s.separator
	if separator == ' ' {
		line = bytes.TrimSpace(line)
	}
	start := 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == '"' && i == start {
			if end := bytes.IndexByte(line[i+1:], '"'); end >= 0 {
				i += end + 1
			}
			continue
		}
		if c != separator {
			continue
		}
		if separator == ' ' && i == start {
			start = i + 1
			continue
		}
		parts = append(parts, trimmed(line[start:i]))
		start = i + 1
	}
	s.parts = append(parts, trimmed(line[start:]))
	return s.parts
}

// trimmed drops blanks and quotes around a field.
func trimmed(f []byte) []byte {
	if len(f) == 0 || f[0] > '"' && f[len(f)-1] > '"' {
		return f
	}
	f = bytes.TrimSpace(f)
	if len(f) >= 2 && f[0] == '"' && f[len(f)-1] == '"' {
		f = bytes.TrimSpace(f[1 : len(f)-1])
	}
	return f
}
