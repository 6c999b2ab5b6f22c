package vendors

import (
	"bytes"

	"github.com/ptnsim/ptnsim/datasets/text"
)

// quickRow reads the plain rows, nearly all there are, in one pass over their
// bytes: no quotes, no blanks, short decimals. What it does not take, the row
// reader judges field by field; what it takes, the row reader would have taken
// the same.
type quickRow struct {
	separator byte
	width     int
	steps     []quickStep
	numbers   []float64
	ok        bool // rows can be quick at all
}

// quickStep is what is done with the next field.
type quickStep uint8

const (
	skipField quickStep = iota
	timeField
	numberField
	zeroField // must be a plain 0
)

// newQuickRow lays out the fields up to the last one needed. targets are in the
// order of their fields.
func newQuickRow(p *plan, targets []target) quickRow {
	q := quickRow{separator: p.separator, width: p.width, numbers: make([]float64, len(targets))}
	last := p.time.column
	for i, t := range targets {
		if t.field == p.time.column || i > 0 && t.field == targets[i-1].field {
			return q // a field that serves twice
		}
		last = max(last, t.field)
	}
	if p.keeps || p.decimalComma || p.separator == ' ' || p.separator == '"' || p.symbolColumn >= 0 || p.both || last >= p.width || p.time.second >= 0 && p.time.second != p.time.column+1 {
		return q
	}
	if last = max(last, p.zeroColumn); last >= p.width {
		return q
	}
	q.steps = make([]quickStep, max(last, p.time.second)+1)
	if p.zeroColumn >= 0 {
		q.steps[p.zeroColumn] = zeroField
	}
	for _, t := range targets {
		q.steps[t.field] = numberField
	}
	if p.time.second >= 0 {
		if q.steps[p.time.second] != skipField {
			return q
		}
	}
	q.steps[p.time.column] = timeField
	q.ok = true
	return q
}

// read reads a row's time and its numbers; ok is false if the row is not plain.
func (q *quickRow) read(line []byte, t *stamp) (ms int64, ok bool) {
	if !q.ok || bytes.IndexByte(line, '"') >= 0 {
		return 0, false
	}
	taken, at := 0, 0
	for i := 0; i < len(q.steps); i++ {
		if at > len(line) {
			return 0, false
		}
		rest := line[at:]
		switch q.steps[i] {
		case numberField:
			x, n, plain := text.Decimal(rest, q.separator)
			if !plain {
				return 0, false
			}
			q.numbers[taken] = x
			taken++
			at += n + 1
		case zeroField:
			if len(rest) == 0 || rest[0] != '0' || len(rest) > 1 && rest[1] != q.separator {
				return 0, false
			}
			at += 2
		case timeField:
			n := bytes.IndexByte(rest, q.separator)
			if t.second >= 0 {
				i++
				if n >= 0 {
					if m := bytes.IndexByte(rest[n+1:], q.separator); m >= 0 {
						n += 1 + m
					} else {
						n = -1
					}
				}
			}
			if n < 0 {
				n = len(rest)
			}
			var problem error
			if ms, problem = t.joined(rest[:n], q.separator); problem != nil {
				return 0, false
			}
			at += n + 1
		default:
			n := bytes.IndexByte(rest, q.separator)
			if n < 0 {
				return 0, false
			}
			at += n + 1
		}
	}
	return ms, q.fits(line, at)
}

// fits reports whether what follows the fields read, which end at at-1, makes the
// row of the right width.
func (q *quickRow) fits(line []byte, at int) bool {
	left := q.width - len(q.steps)
	if at > len(line) {
		return left == 0
	}
	more := bytes.Count(line[at:], []byte{q.separator}) + 1
	return more == left || left == 0 && at == len(line)
}
