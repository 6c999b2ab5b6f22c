package ingest

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
)

// merge streams the rows of several inputs in order of time. Where inputs overlap
// their rows alternate, so that a time that two of them have comes twice, one
// after the other, the earlier input's first. An input is opened when its first
// time is reached: of months in a row one at a time is open. Rows that are out of
// order within an input stay so.
type merge struct {
	parts   []part
	open    func(*part) iter.Seq2[vendors.Chunk, error]
	ticks   bool      // the rows are trades or quotes, of which no policy finds those that two inputs share
	cursors []*cursor // of the open inputs, in the order of parts
	opened  int       // parts opened so far
	leftOut int64     // rows that the readers of the inputs left out
}

// cursor is a place in an open input.
type cursor struct {
	part  *part
	chunk vendors.Chunk
	at    int   // in chunk
	row   int64 // rows before the chunk
	next  func() (vendors.Chunk, error, bool)
	stop  func()
}

// each hands out the rows with the place of the first of them.
func (m *merge) each(ctx context.Context, take func(vendors.Chunk, audit.Place) error) error {
	defer func() {
		for _, c := range m.cursors {
			c.stop()
		}
	}()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := m.first()
		if c == nil || err != nil {
			return err
		}
		if err := m.overlap(); err != nil {
			return err
		}
		end := c.until(m.limit(c))
		rows := vendors.Chunk{Series: c.chunk.Slice(c.at, end)}
		place := audit.Place{File: c.part.in.String(), Row: c.row + int64(c.at) + 1}
		if c.chunk.Line > 0 {
			rows.Line = c.chunk.Line + int64(c.at)
			place.Line = rows.Line
		}
		c.at = end
		if err := take(rows, place); err != nil {
			return err
		}
	}
}

// first returns the cursor with the earliest row, nil at the end, after opening
// every input that begins no later.
func (m *merge) first() (*cursor, error) {
	for {
		for i := 0; i < len(m.cursors); {
			more, err := m.fill(m.cursors[i])
			if err != nil {
				return nil, err
			}
			if !more {
				m.cursors[i].stop()
				m.cursors = append(m.cursors[:i], m.cursors[i+1:]...)
				continue
			}
			i++
		}
		var best *cursor
		for _, c := range m.cursors {
			if best == nil || c.time() < best.time() {
				best = c
			}
		}
		if m.opened == len(m.parts) || best != nil && best.time() < m.parts[m.opened].firstMS {
			return best, nil
		}
		t := &m.parts[m.opened]
		if len(m.cursors) == maxOpen {
			return nil, &datasets.Refusal{File: t.in.String(), Problem: datasets.ErrUnsorted, Found: fmt.Sprintf("more than %d files that overlap in time", maxOpen),
				Expected: "files that follow each other", Remedy: "import fewer at a time, or choose them with --include"}
		}
		m.opened++
		next, stop := iter.Pull2(m.open(t))
		m.cursors = append(m.cursors, &cursor{part: t, chunk: vendors.Chunk{}, next: next, stop: stop})
	}
}

// maxOpen is how many inputs may overlap: each is an open file.
const maxOpen = 64

// overlap refuses ticks that two inputs share: each would count twice, and they
// look like any others. That one input ends in the instant in which the next
// begins is no overlap.
func (m *merge) overlap() error {
	if !m.ticks || len(m.cursors) < 2 {
		return nil
	}
	newest := m.cursors[len(m.cursors)-1]
	for _, c := range m.cursors[:len(m.cursors)-1] {
		if c.chunk.Time[c.chunk.Len()-1] > newest.part.firstMS {
			return &datasets.Refusal{File: newest.part.in.String(), Problem: datasets.ErrDuplicate,
				Found:    fmt.Sprintf("ticks from %s on, as %s has, too", time.UnixMilli(newest.part.firstMS).UTC().Format(time.RFC3339), c.part.in.Name()),
				Expected: "every tick once", Remedy: "leave one of the two out, for example with --include"}
		}
	}
	return nil
}

// limit is the time of the first row that is not c's turn any more: that of
// another open input, or of one still to be opened.
func (m *merge) limit(c *cursor) int64 {
	limit := int64(math.MaxInt64)
	for _, other := range m.cursors {
		if other != c {
			limit = min(limit, other.time())
		}
	}
	if m.opened < len(m.parts) {
		limit = min(limit, m.parts[m.opened].firstMS)
	}
	return limit
}

// fill makes sure that the cursor is at a row; more is false at the input's end.
func (m *merge) fill(c *cursor) (more bool, err error) {
	for c.chunk.Series == nil || c.at == c.chunk.Len() {
		chunk, err, ok := c.next()
		if !ok || err != nil {
			return false, err
		}
		if c.chunk.Series != nil {
			c.row += int64(c.chunk.Len())
		}
		c.chunk, c.at = chunk, 0
		m.leftOut += chunk.LeftOut
	}
	return true, nil
}

func (c *cursor) time() int64 { return c.chunk.Time[c.at] }

// until returns the end of the rows that come before a time, at least one row.
func (c *cursor) until(limit int64) int {
	if limit == math.MaxInt64 {
		return c.chunk.Len()
	}
	end := c.at + 1
	for end < c.chunk.Len() && c.chunk.Time[end] < limit {
		end++
	}
	return end
}
